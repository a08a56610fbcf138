"""The desk's list of complaints, refreshed while it is open."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from complaints import finding, flood
from complaints.desk_forms import ListForm
from complaints.models import Flood
from complaints.views.desk_common import may_decide, seen
from services.accounts import access
from services.accounts.http import Request

COLUMNS = (
    "number", "kind", "element", "channel", "privacy", "reference", "state", "created_at", "due_at", "awaited_until",
    "escalated_at", "office__name", "office__code", "handler__name", "handler__email", "service__name",
)  # fmt: skip


@access.staff
@require_safe
@never_cache
def complaint_list(request: Request) -> HttpResponse:
    """No name and none of the words: the screen faces the room."""
    form = ListForm(request.GET, office=request.office)
    asked = form.asked()
    wanted = finding.Asked(
        asked["lihat"] or ("semua" if asked["q"] else ""), asked["jenis"], asked["unsur"], asked["layanan"], asked["q"]
    )  # fmt: skip
    rows = finding.find(seen(request), wanted, request.user)
    rows = rows.select_related("office", "handler", "service").only(*COLUMNS)
    context: dict[str, Any] = {
        "page": Paginator(rows, finding.PAGE).get_page(request.GET.get("page")),
        "asked": asked,
        "query": urlencode({name: value for name, value in asked.items() if value}),
        "at": timezone.now(),
        "lists": _lists(asked, may_decide(request)),
        "nothing": _nothing(asked["lihat"]),
        "others": finding.others(request.user, request.office, request.role or ""),
        "flood": flood.told(request.office),
        "floods": _floods(request),
        "decides": may_decide(request),
    }
    if not request.htmx:
        context["form"] = ListForm(initial=asked, office=request.office)
    template = "complaints/list.html#rows" if request.htmx else "complaints/list.html"
    return render(request, template, context)


def _lists(asked: dict[str, str], decides: bool) -> list[tuple[str, str, bool]]:
    """Address, words, whether it is the one shown; what else was asked stays."""
    others = {name: asked[name] for name in ("jenis", "unsur", "layanan") if asked[name]}
    return [
        (f"?{urlencode({'lihat': key} | others if key else others)}", str(label), key == asked["lihat"])
        for key, label in finding.LISTS.items()
        if decides or key not in finding.FOR_SUPERVISORS
    ]


def _floods(request: Request) -> list[Flood]:
    """For those who may set aside; nothing is asked where nothing happened."""
    return list(flood.shown(request.office)[:5]) if may_decide(request) else []


def _nothing(which: str) -> str:
    return {
        "": _("Tidak ada yang perlu ditindaklanjuti"),
        "saya": _("Tidak ada tugas Anda"),
        "tindakan": _("Setiap tindakan perbaikan ada penanggung jawabnya"),
    }.get(which, _("Tidak ada pengaduan di sini"))
