"""Service hours: the week, and the dates that are not like it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from pst.setup import seen, steps
from pst.setup.hours_forms import ExceptionForm, WeekForm
from queueing import slots
from services.accounts import access
from services.accounts.http import Request
from services.offices import settings
from services.offices.calendar import OfficeCalendar
from services.offices.hours import in_words, special_day
from services.offices.models import HoursException

HERE = "setup:hours"


@access.supervisor
@never_cache
def hours(request: Request) -> HttpResponse:
    office, now = request.office, settings.week_stamp(request.office)
    initial: dict[str, Any] = {"seen": now}
    for day, row in settings.week_of(office).items():
        initial |= {f"d{day}_{name}": value for name, value in row.items()}
    form = WeekForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            changed = settings.save_week(office, form.week(), by=request.actor, seen=form.told())
        except settings.SomebodyElse as problem:
            form.clash(problem, now)
        else:
            messages.success(request, _("Jam layanan disimpan.") if changed else _("Tidak ada yang berubah."))
            _tell_outside(request)
            return steps.back(request, HERE)
    calendar = OfficeCalendar(office)
    rows = office.hours_exceptions.filter(date__gte=office.today()).order_by("date")
    context = {
        "form": form,
        "stored": calendar.week,
        "exceptions": [(row, in_words(calendar.hours_on(row.date))) for row in rows],
    }
    return steps.page(request, "setup/hours.html", context, status=422 if form.errors else 200)


def _tell_outside(request: Request) -> None:
    """Bookings that no longer lie within the hours stay; somebody has to speak with those people."""
    if outside := len(slots.outside(request.office)):
        text = ngettext(
            "%d janji temu sekarang di luar jam layanan. Lihat di Janji temu pada meja.",
            "%d janji temu sekarang di luar jam layanan. Lihat di Janji temu pada meja.",
            outside,
        )
        messages.warning(request, text % outside)


@access.supervisor
@never_cache
def exception_new(request: Request) -> HttpResponse:
    return _edit(request, HoursException(office=request.office))


@access.supervisor
@never_cache
def exception(request: Request, pk: int) -> HttpResponse:
    """POST: `do=delete` takes it off the list."""
    row = get_object_or_404(HoursException.objects.select_related("office"), pk=pk, office=request.office)
    if request.method == "POST" and request.POST.get("do") == "delete":
        settings.drop_exception(row, by=request.actor)
        messages.success(request, _("Tanggal khusus dihapus; hari itu seperti biasa."))
        _tell_outside(request)
        return steps.back(request, HERE)
    return _edit(request, row)


def _edit(request: Request, row: HoursException) -> HttpResponse:
    """Sent once it is shown what the public will read, and whose appointments are in the way; `do=save` stores it when `shown`
    says that this day with these hours was in sight."""
    now = seen.stamp_of(row, settings.EXCEPTION)
    form = ExceptionForm(
        request.POST if request.method == "POST" else None, instance=row, initial={"seen": now}
    )
    context: dict[str, Any] = {"form": form, "row": row if row.pk else None}
    if request.method == "POST" and form.is_valid():
        saves, seen_so = request.POST.get("do") == "save", request.POST.get("shown") == form.mark
        if saves and not seen_so:
            messages.warning(
                request, _("Belum disimpan: tanggal atau jamnya berubah. Baca akibatnya, lalu simpan.")
            )
        if saves and seen_so:
            try:
                settings.save_exception(form.save(commit=False), by=request.actor, seen=form.told())
            except settings.SomebodyElse as problem:
                form.clash(problem, now)
            except settings.DayTaken as problem:
                form.add_error("date", str(problem))
            else:
                messages.success(request, _("Tanggal khusus disimpan."))
                _tell_outside(request)
                return steps.back(request, HERE)
        context |= _preview(request, form)
    return steps.page(request, "setup/exception.html", context, status=422 if form.errors else 200)


def _preview(request: Request, form: ExceptionForm) -> dict[str, Any]:
    if form.errors:
        return {}
    office, row = request.office, form.row()
    calendar = OfficeCalendar(office).suppose(row)
    day = special_day(calendar, row.date)
    booked = slots.of_day(office, row.date).filter(state="booked").select_related("service__queue_rules")
    left = [a for a in booked if not slots.fits(a, calendar.hours_on(row.date))]
    return {"preview": True, "said": str(day) if day else "", "in_the_way": left}
