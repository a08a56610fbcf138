"""Every address of PST. Each app keeps its own list; the paths are Indonesian, the names English."""

from django.conf import settings
from django.contrib import admin
from django.contrib.sitemaps import views as sitemaps
from django.urls import include, path
from django.views.i18n import set_language

from pst.portal.sitemaps import SECTIONS, SITEMAPS, robots
from services.accounts import access

urlpatterns = [
    path("", include("pst.portal.urls")),
    path("akun/", include("pst.account.urls")),
    path("akun/", include("pst.account.doors")),
    path("", include("pst.panel.urls")),
    path("", include("pst.reports.urls")),
    path("", include("pst.privacy.urls")),
    path("", include("services.accounts.urls")),
    path("", include("services.lockers.urls")),
    path("", include("services.surveys.urls")),
    path("", include("complaints.urls")),
    path("", include("queueing.urls")),
    path("", include("library.urls")),
    path("", include("consultation.urls")),
    path("sitemap.xml", access.public(sitemaps.index), SECTIONS, name="sitemap"),
    path(
        "sitemap-<section>.xml",
        access.public(sitemaps.sitemap),
        {"sitemaps": SITEMAPS},
        name="sitemap_section",
    ),
    path("robots.txt", robots, name="robots"),
    path("bahasa/", access.public(set_language), name="set_language"),
    path("admin/", admin.site.urls),
]

if settings.STYLE_GUIDE:
    from pst.styleguide import style_guide

    urlpatterns.append(path("style/", style_guide, name="style"))
