"""The supervisor's results: index and elements of a period, what follows from them, what everybody may see."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from services.accounts import access
from services.accounts.http import Request
from services.audit import trail
from services.offices.models import Office
from services.responses import changed
from services.sheets import csv_stream, xlsx_answer
from services.surveys import asked, exporting, figures, results, skm, withheld, workflows
from services.surveys.asked import Wanted
from services.surveys.models import FollowUp, Published
from services.surveys.report import report
from services.surveys.showing import said, show
from services.workflow import IllegalMove

NEEDS_SHOWN = 100
HERE = "surveys:panel"


def plans_of(office: Office, since: date, until: date, kind: str) -> QuerySet[FollowUp]:
    """What is planned after the result of this period; by the codes of its questionnaire."""
    rows = FollowUp.objects.filter(office=office, since=since, until=until).select_related("owner")
    return rows.filter(element__in=skm.ELEMENTS) if kind == "skm" else rows.exclude(element__in=skm.ELEMENTS)


def _plans(request: Request, wanted: Wanted) -> QuerySet[FollowUp]:
    return plans_of(request.office, wanted.period.since, wanted.period.until, wanted.selection.kind)


@access.supervisor
@never_cache
def panel(request: Request) -> HttpResponse:
    wanted = asked.read(request.GET, request.office)
    found = figures.of(wanted.selection)
    out = Published.objects.filter(
        office=request.office, instrument__kind=wanted.selection.kind, service=wanted.selection.service,
        since=wanted.period.since, until=wanted.period.until, withdrawn_at=None,
    ).first()  # fmt: skip
    context = {
        "wanted": wanted,
        "form": wanted.form,
        "shown": show(found, wanted.period.since, wanted.period.until),
        "before": _before(wanted, found),
        "plans": _plans(request, wanted),
        "published": out,
        "published_ikm": said(out.figures["ikm"]) if out else "",
        "needs": [] if wanted.is_skm else _needs(wanted),
    }  # fmt: skip
    return render(request, "surveys/panel.html", context)


def _before(wanted: Wanted, found: dict[str, Any]) -> dict[str, Any] | None:
    """The index of the period before, where enough answered in both."""
    if not found["ikm"]:
        return None
    before = wanted.before()
    sums = results.scores(before)
    last = skm.compute(sums)
    if last is None or min(each.count for each in sums.values()) < figures.FEWEST:
        return None
    if not withheld.may_be_shown(before):
        return None
    difference = Decimal(found["ikm"]) - last.ikm
    return {
        "label": wanted.period.before.label,
        "ikm": last.ikm,
        "grade": last.grade,
        "difference": difference,
        "nrr": last.nrr,
    }


def _needs(wanted: Wanted) -> list[dict[str, Any]]:
    """The latest data people looked for, whoever they were."""
    rows = wanted.selection.responses().exclude(needs=[]).order_by("-day", "-pk")
    found = [need for needs in rows.values_list("needs", flat=True)[:NEEDS_SHOWN] for need in needs]
    return found[:NEEDS_SHOWN]


@access.supervisor
@require_safe
def report_pdf(request: Request) -> HttpResponse:
    """The report of what the panel shows, published or not."""
    wanted = asked.read(request.GET, request.office)
    trail.record_export(
        "survey_report", by=request.actor, office_id=request.office.pk, form="pdf", kind=wanted.selection.kind
    )
    data = report(
        request.office, figures.of(wanted.selection), since=wanted.period.since, until=wanted.period.until,
        service=wanted.selection.service, plans=_plans(request, wanted), kind=wanted.selection.kind,
        day=request.office.today(timezone.now()),
    )  # fmt: skip
    return pdf_answer(data, f"{wanted.selection.kind}-{request.office.code}-{wanted.period.since}.pdf")


def pdf_answer(data: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(data, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@access.supervisor
@never_cache
@require_safe
def export(request: Request, what: str, form: str) -> HttpResponseBase:
    """The raw answers or the data needs as a file; that somebody took them, and how many, is noted."""
    wanted = asked.read(request.GET, request.office)
    selection = withheld.over(wanted.selection, request.office.today(timezone.now()))
    if what == "kebutuhan" and wanted.is_skm:
        raise Http404
    count = selection.responses().count() if selection else 0
    if selection is None or count < figures.FEWEST or not withheld.may_be_shown(selection):
        text = _(
            "Dari bulan yang sudah selesai ada %(n)d isian. Data diunduh mulai %(least)d isian, dan bila selisih dengan hasil lain "
            "juga paling sedikit %(least)d, agar tidak ada yang dikenali."
        )
        back = f"{reverse(HERE)}?{wanted.query}"
        return changed(request, back, text % {"n": count, "least": figures.FEWEST}, level="error")
    trail.record_export(
        "survey", by=request.actor, office_id=request.office.pk, rows=count, form=form, kind=selection.kind,
        since=str(selection.since), until=str(selection.until),
    )  # fmt: skip
    rows = exporting.needs(selection) if what == "kebutuhan" else exporting.rows(selection)
    name = f"{selection.kind}-{what}-{request.office.code}-{selection.since}.{form}"
    return xlsx_answer(name, rows) if form == "xlsx" else csv_stream(name, rows)


@access.supervisor
@require_POST
def publish(request: Request) -> HttpResponse:
    wanted = asked.read(request.POST, request.office)
    back = f"{reverse(HERE)}?{wanted.query}"
    try:
        workflows.publish(request.office, wanted.selection, by=request.actor)
    except IllegalMove as problem:
        return changed(request, back, str(problem), level="error")
    return changed(request, back, _("Hasil diterbitkan di halaman publik kantor."))


@access.supervisor
@require_POST
def withdraw(request: Request, pk: int) -> HttpResponse:
    row = get_object_or_404(Published, pk=pk, office=request.office)
    back = request.POST.get("back", "")
    page = f"{reverse(HERE)}?{asked.read(request.POST, request.office).query}" if back else reverse(HERE)
    try:
        workflows.withdraw(row, by=request.actor)
    except IllegalMove as problem:
        return changed(request, page, str(problem), level="error")
    return changed(request, page, _("Hasil tidak lagi terlihat oleh umum."))
