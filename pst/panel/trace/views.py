"""The trace: who did or read what, which data left the house, which settings were changed and can be put back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from pst.panel.offices import scope as overseen
from pst.panel.trace import search, showing, undoing, words
from pst.panel.trace.forms import TakeForm, TraceForm
from pst.panel.trace.hidden import readable
from services.accounts import access
from services.accounts.http import Request
from services.audit import trail
from services.audit.models import AuditEntry
from services.offices.models import Office
from services.sheets import csv_stream, xlsx_answer

MOST_ROWS = 50_000  # of a file
AT_ONCE = 2_000


def _asked(request: Request, data: Any) -> tuple[TraceForm, Office]:
    """The form, and the office whose lines are shown: one's own, or one of those overseen (docs/decisions/041)."""
    offices = list(overseen.overseen(request.memberships))
    form = TraceForm(data, office=request.office, offices=offices)
    code = form.cleaned_data.get("kantor", "") if form.is_valid() else ""
    return form, next((office for office in offices if office.code == code), request.office)


@access.supervisor
@never_cache
def trace(request: Request) -> HttpResponse:
    """Looking at it is a line itself: with which fields, not what was typed into them. Asked for by POST, because a person's name may be
    typed: the answer's address has the key of the record instead."""
    if request.method == "POST":
        return _asked_for(request)
    form, office = _asked(request, request.GET)
    return _page(request, form, office, request.GET.get("sesudah", ""))


def _asked_for(request: Request) -> HttpResponse:
    """At another office overseen nobody is found by a name: that they were there is what it would tell (docs/decisions/041)."""
    form, office = _asked(request, request.POST)
    record = form.asked().record
    if record and not search.is_known(record):
        found = search.of_person(office, record) if office == request.office else ""
        trail.record("trace.searched", None, by=request.actor, office_id=office.pk, found=bool(found))
        record = found
        if not found:  # what was typed stays on the page, and goes into no address
            return _page(request, form, office)
    if form.errors:
        return _page(request, form, office)
    return redirect(f"{reverse('panel:trace')}?{form.query(catatan=record)}")


def _page(
    request: Request, form: TraceForm, office: Office, since: str = "", take: TakeForm | None = None
) -> HttpResponse:
    own = office == request.office
    entries, after = search.page(search.find(office, form.asked(), request.user), since)
    trail.record("trace.viewed", None, by=request.actor, office_id=office.pk, fields=form.used())
    context = {
        "form": form, "lines": [showing.line(entry, own=own) for entry in entries], "own": own, "take": take or TakeForm(),
        "query": form.query(), "next": form.query(sesudah=after) if after else "", "place": office, "later": bool(since),
    }  # fmt: skip
    return render(
        request, "panel/trace.html", context, status=422 if form.errors or take is not None else 200
    )


@access.supervisor
@require_POST
def trace_file(request: Request) -> HttpResponseBase:
    """The search as a table, newest first; with a reason, which the register of exports keeps."""
    form, office = _asked(request, request.GET)
    take = TakeForm(request.POST)
    if not take.is_valid():
        return _page(request, form, office, take=take)
    found = search.find(office, form.asked(), request.user)
    rows = found.order_by("-at", "-pk").select_related("user", "device")
    kind = take.cleaned_data["bentuk"]
    trail.record_export(
        "trace", by=request.actor, office_id=office.pk, rows=rows[:MOST_ROWS].count(), form=kind, reason=take.cleaned_data["alasan"]
    )  # fmt: skip
    table = _table(rows, office)
    name = f"jejak-{office.code}-{office.today()}.{kind}"
    return xlsx_answer(name, table) if kind == "xlsx" else csv_stream(name, table)


def _table(rows: Any, office: Office) -> Iterator[list[Any]]:
    yield [
        f"{_('Waktu')} ({office.zone_name})",
        _("Siapa"),
        _("Tindakan"),
        _("Kode"),
        _("Catatan"),
        _("Rincian"),
    ]
    for entry in rows[:MOST_ROWS].iterator(AT_ONCE):
        line = showing.line(entry)
        yield [
            f"{office.local(entry.at):%Y-%m-%d %H:%M:%S}",
            line.who,
            line.what,
            entry.action,
            line.target,
            line.detail,
        ]


@access.supervisor
@require_safe
@never_cache
def exports(request: Request) -> HttpResponse:
    """Who took which data along: how many rows, in which form, and why where that was asked."""
    taken = Q(action__startswith="export.") | Q(action__in=list(words.OLD_EXPORTS))
    found = readable(AuditEntry.objects.filter(taken, office=request.office), request.user)
    entries, after = search.page(found, request.GET.get("sesudah", ""))
    rows = [
        {
            "line": showing.line(entry), "rows": entry.detail.get("rows"), "form": entry.detail.get("form", ""),
            "reason": entry.detail.get("reason", ""),
        }
        for entry in entries
    ]  # fmt: skip
    return render(request, "panel/exports.html", {"rows": rows, "next": f"sesudah={after}" if after else ""})


@access.supervisor
@require_safe
@never_cache
def changes(request: Request) -> HttpResponse:
    """What was set, with before and after; with a button where it can be put back, else with the reason why not."""
    changed = Q(action__startswith="setting.") | Q(action__in=words.OLD_SETTINGS)
    entries, after = search.page(
        AuditEntry.objects.filter(changed, office=request.office), request.GET.get("sesudah", "")
    )
    kept = undoing.rows_of(request.office, entries)
    rows = [
        (showing.line(entry), undoing.why_not(entry, kept.get((entry.target_type, entry.target_id or 0)))) for entry in entries
    ]  # fmt: skip
    return render(request, "panel/changes.html", {"rows": rows, "next": f"sesudah={after}" if after else ""})


@access.supervisor
@require_POST
def change_undo(request: Request, pk: int) -> HttpResponse:
    entry = get_object_or_404(AuditEntry, pk=pk, office=request.office, action__startswith="setting.")
    try:
        undoing.undo(request.office, entry, by=request.actor)
    except undoing.CannotUndo as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("Pengaturan dikembalikan."))
    return redirect("panel:changes")
