from django.urls import path, re_path

from pst.portal.views import health, public

app_name = "portal"
urlpatterns = [
    path("", public.home, name="home"),
    path("sehat/", health.health, name="health"),
    re_path(r"^(?P<code>[0-9]{4})/$", public.office, name="office"),
    re_path(r"^(?P<code>[0-9]{4})/standar/(?P<slug>[-a-z0-9]{1,40})/$", public.standard, name="standard"),
    re_path(
        r"^(?P<code>[0-9]{4})/standar/(?P<slug>[-a-z0-9]{1,40})/poster\.pdf$", public.poster, name="poster"
    ),
]
