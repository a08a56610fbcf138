"""The officer's list of consultations: what is due next first, refreshed while it is open."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from consultation import finding, promise
from consultation.desk_forms import ListForm
from services.accounts import access
from services.accounts.http import Request
from services.audit import trail


class Capped(Paginator):
    """Counts no further than anybody pages by hand."""

    object_list: Any

    @cached_property
    def count(self) -> int:
        return self.object_list[: finding.MOST_COUNTED].count()


@access.staff
@require_safe
@never_cache
def consultations(request: Request) -> HttpResponse:
    """No names: the screen faces the room. Who asked is on the consultation's own page."""
    asked = ListForm(request.GET).asked()
    at = timezone.now()
    query = urlencode({name: value for name, value in asked.items() if value})
    context: dict[str, Any] = {"asked": asked, "query": query, "at": at, "lists": _lists(asked)}
    context["nothing"] = words_for_nothing(asked["lihat"])
    if asked["lihat"] == "dialihkan":
        context["page"] = Capped(finding.handed_over(request.office), finding.PAGE).get_page(
            request.GET.get("page")
        )
    else:
        context |= _rows(request, asked, at)
    if not request.htmx:
        context["form"] = ListForm(initial=asked)
    template = "consultation/list.html#rows" if request.htmx else "consultation/list.html"
    return render(request, template, context)


def _rows(request: Request, asked: dict[str, str], at: Any) -> dict[str, Any]:
    wanted = finding.Asked(
        asked["lihat"] or ("semua" if asked["q"] else ""), asked["saluran"], asked["tag"], asked["q"]
    )
    found = finding.find(request.office, wanted, request.user, at).select_related("officer").only(
        "number", "subject", "channel", "state", "tags", "due_at", "closes_at", "escalated_at", "submitted_at",
        "standard_id", "officer__name", "officer__email",
    )  # fmt: skip
    page = Capped(found, finding.PAGE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    rules = promise.of(row.standard_id for row in rows)
    if asked["q"] and not request.htmx:
        trail.record(
            "consultation.searched", None, by=request.actor, office_id=request.office.pk, found=len(rows)
        )
    page.object_list = [(row, rules[row.standard_id]) for row in rows]
    return {"page": page, "many": page.paginator.count >= finding.MOST_COUNTED}


def _lists(asked: dict[str, str]) -> list[tuple[str, str, bool]]:
    """Address, words, whether it is the one shown; what else was asked stays."""
    others = {name: asked[name] for name in ("saluran", "tag") if asked[name]}
    return [
        (f"?{urlencode({'lihat': key} | others if key else others)}", str(label), key == asked["lihat"])
        for key, label in finding.LISTS.items()
    ]


def words_for_nothing(which: str) -> str:
    """What an empty list says."""
    return {
        "": _("Tidak ada yang menunggu jawaban"),
        "lewat": _("Tidak ada yang lewat batas"),
        "bebas": _("Semua sudah diambil"),
    }.get(which, _("Tidak ada konsultasi di sini"))
