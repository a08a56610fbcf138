"""The reports room: which there are, one on screen, its files, those that were handed in, letterhead and schedule."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from pst.reports import asked, catalogue, issuing, making, scheduling
from pst.reports.cells import shown
from pst.reports.forms import LetterheadForm, ScheduleForm
from pst.reports.models import Issued, Schedule
from pst.reports.paper import letterhead_of
from pst.reports.workflows import LETTERHEAD, save_letterhead
from services.accounts import access
from services.accounts.http import Request
from services.audit import trail
from services.audit.settings import stamp, values
from services.offices.settings import SomebodyElse
from services.responses import changed
from services.sheets import XLSX

PER_PAGE = 30
TYPES = {"pdf": "application/pdf", "xlsx": XLSX}


def _title(key: str) -> str:
    try:
        return making.title_of(key)
    except KeyError:
        raise Http404 from None


@access.supervisor
@require_safe
@never_cache
def reports(request: Request) -> HttpResponse:
    """Every report with what it is for; the month's are handed in with one click."""
    wanted = asked.read(request.GET, request.office)
    context = {
        "wanted": wanted, "form": wanted.form, "reports": catalogue.all_reports(), "all": making.ALL,
        "issued": Issued.objects.filter(office=request.office).select_related("office", "made_by")[:5],
        "schedules": Schedule.objects.filter(office=request.office, active=True).count(),
    }  # fmt: skip
    return render(request, "reports/list.html", context, status=422 if wanted.form.errors else 200)


@access.supervisor
@require_safe
@never_cache
def report(request: Request, key: str) -> HttpResponse:
    title = _title(key)
    wanted = asked.read(request.GET, request.office)
    parts = making.parts(key, wanted.scope)
    taken = [(name, [shown(table) for table in tables]) for name, tables in parts]
    context = {
        "key": key, "title": title, "wanted": wanted, "form": wanted.form, "alone": len(parts) == 1,
        "parts": taken, "nothing": bool(parts) and not any(one["rows"] for _name, tables in taken for one in tables),
    }  # fmt: skip
    return render(request, "reports/report.html", context, status=422 if wanted.form.errors else 200)


def _not_by_service(request: Request, key: str, wanted: asked.Wanted) -> HttpResponse:
    url = f"{reverse('reports:report', args=[key])}?{wanted.of_all_services}"
    said = _("Laporan ini tidak dibedakan menurut layanan. Di bawah ini laporan semua layanan.")
    return changed(request, url, said, level="error")


@access.supervisor
@require_safe
@never_cache
def preview(request: Request, key: str, form: str) -> HttpResponse:
    """What the screen shows, as a file without a number; that somebody took it is noted."""
    _title(key)
    wanted = asked.read(request.GET, request.office)
    scope = wanted.scope
    if not making.knows(key, scope):
        return _not_by_service(request, key, wanted)
    parts = making.parts(key, scope)
    if form == "pdf":
        data = making.as_pdf(key, scope, parts, day=request.office.today(timezone.now()))
    else:
        data = making.as_xlsx(key, scope, parts)
    trail.record_export(
        "report", by=request.actor, office_id=request.office.pk, report=key, form=form,
        since=str(scope.period.since), until=str(scope.period.until),
    )  # fmt: skip
    answer = HttpResponse(data, content_type=TYPES[form])
    answer["Content-Disposition"] = (
        f'attachment; filename="{key}-{request.office.code}-{scope.period.key}.{form}"'
    )
    return answer


@access.supervisor
@require_POST
def issue(request: Request, key: str) -> HttpResponse:
    """Give it a number and keep it as it is now."""
    _title(key)
    wanted = asked.read(request.POST, request.office)
    if wanted.form.errors:  # no number for days that nobody asked for
        return changed(
            request, reverse("reports:list"), _("Periode itu tidak ada. Pilih lagi."), level="error"
        )
    if not making.knows(key, wanted.scope):  # it would be a letter with a number and nothing in it
        return _not_by_service(request, key, wanted)
    row = issuing.issue(key, wanted.scope, by=request.actor)
    return changed(request, reverse("reports:issued"), _("Laporan %s diterbitkan.") % row.register_number)


@access.supervisor
@require_safe
@never_cache
def issued(request: Request) -> HttpResponse:
    rows = Issued.objects.filter(office=request.office).select_related("office", "made_by", "service")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("hal"))
    return render(request, "reports/issued.html", {"page": page})


@access.supervisor
@require_safe
@never_cache
def issued_file(request: Request, pk: int, form: str) -> FileResponse:
    row = get_object_or_404(Issued.objects.select_related("office"), pk=pk, office=request.office)
    file = row.pdf if form == "pdf" else row.xlsx
    trail.record_export("issued_report", row, by=request.actor, office_id=request.office.pk, form=form)
    name = f"{row.register_number.replace('/', '-')}.{form}"
    return FileResponse(file.open("rb"), as_attachment=True, filename=name, content_type=TYPES[form])


@access.supervisor
@never_cache
def letterhead(request: Request) -> HttpResponse:
    kept = letterhead_of(request.office)
    now = stamp(values(kept, LETTERHEAD))
    sent = request.POST if request.method == "POST" else None
    form = LetterheadForm(sent, instance=kept, initial={"seen": now})
    if sent is not None and form.is_valid():
        changed_names = [name for name in form.changed_data if name in LETTERHEAD]
        try:
            save_letterhead(form.instance, changed=changed_names, by=request.actor, seen=form.told())
        except SomebodyElse as problem:
            form.clash(problem, now)
        else:
            messages.success(request, _("Kop dan tanda tangan disimpan."))
            return redirect("reports:letterhead")
    return render(request, "reports/letterhead.html", {"form": form}, status=422 if form.errors else 200)


@access.supervisor
@never_cache
def schedules(request: Request) -> HttpResponse:
    form = ScheduleForm(
        request.POST if request.method == "POST" else None,
        office=request.office,
        instance=Schedule(office=request.office),
    )
    if request.method == "POST" and form.is_valid():
        scheduling.save(form.save(commit=False), list(form.cleaned_data["people"]), by=request.actor)
        messages.success(
            request, _("Jadwal disimpan. Laporan pertama dikirim setelah periode yang berjalan selesai.")
        )
        return redirect("reports:schedules")
    rows = (
        Schedule.objects.filter(office=request.office)
        .select_related("last__office")
        .prefetch_related("people")
    )
    found = [(row, making.title_of(row.report)) for row in rows]
    return render(
        request, "reports/schedules.html", {"form": form, "rows": found}, status=422 if form.errors else 200
    )


@access.supervisor
@require_POST
def unschedule(request: Request, pk: int) -> HttpResponse:
    scheduling.stop(get_object_or_404(Schedule, pk=pk, office=request.office), by=request.actor)
    return changed(request, reverse("reports:schedules"), _("Jadwal dihentikan."))
