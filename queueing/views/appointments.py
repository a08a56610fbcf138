"""Appointments: booked by anybody without a name, checked in on the tablet or at the desk."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import time_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from queueing import slots
from queueing.appointment_forms import BookingForm, CodeForm
from queueing.ics import ics
from queueing.models import Appointment
from queueing.printing.tablet import print_automatically
from queueing.qr import qr_svg
from queueing.workflows import appointments as work
from services import days
from services.accounts import access, limits
from services.accounts.http import Request
from services.offices.current import enter
from services.offices.models import Service
from services.responses import changed, explains
from services.workflow import IllegalMove

LIST = "queueing:appointments"


@access.public
@never_cache
def book(request: Request, code: str) -> HttpResponse:
    """Service, day, time: each choice is an address of its own, so that it works without a script."""
    if not request.office.services.filter(active=True).exists():
        raise Http404  # a unit that only holds the tree together
    services = slots.bookable(request.office)
    slug = request.GET.get("layanan", "")
    service = next((s for s in services if s.slug == slug), services[0] if len(services) == 1 else None)
    context: dict[str, Any] = {"services": services, "service": service}
    if service is None:
        return _page(request, context, asked=request.method == "POST")
    days = slots.days_with_places(service)
    day = _day(request.GET.get("hari", ""))
    context |= {"days": days, "day": day if day in [d.day for d in days] else None}
    if context["day"] is None:
        return _page(request, context, asked=request.method == "POST")
    return _choose_time(request, service, context["day"], context)


def _choose_time(request: Request, service: Service, day: date, context: dict) -> HttpResponse:
    offered = slots.slots_on(service, day)
    form = BookingForm(request.POST or None, office=request.office, slots=offered)
    context |= {"form": form, "free": any(s.free for s in offered)}
    if request.method != "POST":
        return _page(request, context)
    key = request.POST.get("key", "")[:40]
    if key and (existing := work.booked(service, key)):  # a double tap: its own booking took the place
        return redirect("queueing:appointment", token=existing.token)
    if form.is_valid():
        if limits.reached(request, "booking"):
            form.add_error(None, limits.words())
            return _page(request, context, status=429)
        try:
            appointment, _new = work.book(
                service=service,
                starts_at=form.cleaned_data["starts_at"],
                submission=form.cleaned_data["key"],
                by=request.actor,
                party_size=form.cleaned_data["party_size"],
                priority=form.cleaned_data["priority"],
                language=get_language() or "id",
            )
        except work.SlotTaken as problem:
            form.add_error("starts_at", str(problem))
        else:
            limits.count(request, "booking")
            return redirect("queueing:appointment", token=appointment.token)
    if "starts_at" in form.errors and (wanted := form.wanted()):
        context["others"] = slots.next_free(service, wanted)
    return _page(request, context, status=422)


def _page(request: Request, context: dict, *, status: int = 200, asked: bool = False) -> HttpResponse:
    """`asked`: sent without a service or a day, which the page lets choose first."""
    context["problem"] = _("Pilih layanan dan hari dahulu.") if asked else ""
    return render(request, "queueing/appointment_book.html", context, status=422 if asked else status)


def _day(text: str) -> date | None:
    return days.read(text)


def _own(request: Request, token: str) -> Appointment:
    """By the unguessable address: whoever has it holds the booking."""
    rows = Appointment.objects.select_related(
        "office__parent", "service__queue_rules", "ticket__received__visit"
    )
    appointment = get_object_or_404(rows, token=token)
    enter(request, appointment.office)
    return appointment


@access.public
@never_cache
def appointment(request: Request, token: str) -> HttpResponse:
    appointment = _own(request, token)
    context = {
        "appointment": appointment,
        "opens_at": work.opens_at(appointment),
        "late_after": work.late_after(appointment),
        "may_cancel": appointment.state == Appointment.State.BOOKED,
        "qr": qr_svg(appointment.code),
    }
    return render(request, "queueing/appointment.html", context)


@access.public
@never_cache
def calendar_file(request: Request, token: str) -> HttpResponse:
    appointment = _own(request, token)
    address = request.build_absolute_uri(reverse("queueing:appointment", args=[token]))
    response = HttpResponse(ics(appointment, address), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="janji-temu.ics"'
    return response


@access.public
@require_POST
def cancel(request: Request, token: str) -> HttpResponse:
    page = reverse("queueing:appointment", args=[token])
    appointment = _own(request, token)
    if appointment.state == Appointment.State.CANCELLED:
        return redirect(page)  # a second tap
    try:
        work.cancel(appointment, by=request.actor)
    except IllegalMove as problem:
        return changed(request, page, str(problem), level="error")
    return changed(request, page, _("Janji temu Anda sudah dibatalkan."))


@access.device("kiosk")
@never_cache
def kiosk_check_in(request: Request) -> HttpResponse:
    """ "I have an appointment": the code typed, or scanned by a scanner that types."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        appointment = Appointment.objects.filter(**form.lookup()).first()
        if appointment is None:
            form.add_error(
                "code", _("Kode ini tidak kami temukan. Periksa hurufnya, atau ambil nomor biasa.")
            )
        else:
            try:
                ticket = work.check_in(appointment, office=request.office, by=request.actor)
            except IllegalMove as problem:
                form.add_error("code", str(problem))
            else:
                print_automatically(request, ticket)
                if ticket.appointment_at is None:
                    messages.info(request, _late(appointment, request))
                return redirect("queueing:kiosk_ticket", token=ticket.received.visit.token)
    return render(
        request, "queueing/appointment_kiosk.html", {"form": form}, status=422 if form.errors else 200
    )


def _late(appointment: Appointment, request: Request) -> str:
    at = request.office.local(appointment.starts_at)
    return _("Janji temu Anda pukul %s sudah lewat. Ini nomor biasa.") % time_format(at.time())


@access.staff
@never_cache
def today(request: Request) -> HttpResponse:
    """Today's appointments, and those to come that no longer fit the hours or the places."""
    office = request.office
    rows = slots.of_day(office, office.today()).select_related("service", "ticket__received__visit")
    context = {
        "appointments": rows,
        "outside": slots.outside(office),
        "offered": bool(slots.bookable(office)),
    }
    template = "queueing/appointments.html#list" if request.htmx else "queueing/appointments.html"
    return render(request, template, context)


@access.staff
@require_POST
@explains(LIST)
def desk_check_in(request: Request, pk: int) -> HttpResponse:
    appointment = get_object_or_404(request.office.appointments, pk=pk)
    ticket = work.check_in(appointment, office=request.office, by=request.actor)
    return changed(request, LIST, _("Nomor %s diberikan.") % ticket)
