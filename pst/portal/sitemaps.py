"""What search engines may read, and where it is."""

from __future__ import annotations

from django.contrib.sitemaps import Sitemap
from django.http import HttpResponse
from django.urls import reverse

from consultation import knowledge
from consultation.models import KnowledgeAnswer
from library.models import Publication
from services.accounts import access
from services.accounts.http import Request
from services.offices.models import Office

NOT_FOR_ROBOTS = (
    "/meja/",
    "/panel/",
    "/kios/",
    "/layar/",
    "/k/",
    "/j/",
    "/cari/",
    "/baca/",
    "/konsultasi/",
    "/akun/",
    "/komputer/",
    "/live/",
    "/admin/",
)


class Offices(Sitemap):
    def items(self):
        return Office.objects.serving().order_by("code")


class Publications(Sitemap):
    """In pages of this many, which the index names."""

    limit = 5000

    def items(self):
        return Publication.objects.released().only("pk", "title", "updated_at").order_by("pk")

    def lastmod(self, publication: Publication):
        return publication.updated_at


class Answers(Sitemap):
    """What is published in the knowledge base."""

    limit = 5000

    def items(self):
        return knowledge.published().order_by("pk")

    def lastmod(self, answer: KnowledgeAnswer):
        return answer.updated_at

    def location(self, answer: KnowledgeAnswer) -> str:
        return knowledge.address(answer)


SITEMAPS = {"kantor": Offices, "pustaka": Publications, "tanya-jawab": Answers}
SECTIONS = {"sitemaps": SITEMAPS, "sitemap_url_name": "sitemap_section"}


@access.public
def robots(request: Request) -> HttpResponse:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in NOT_FOR_ROBOTS)]
    lines.append(f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}")
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")
