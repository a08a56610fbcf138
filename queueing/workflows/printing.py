"""Slips: asked for, printed, given up. Each function is one transaction; none is part of giving out the number."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from queueing.models import Printer, PrinterGap, PrintJob, Ticket
from queueing.printing.faults import MILD, UNCERTAIN, Fault
from services.audit import trail
from services.audit.actors import SYSTEM, Actor
from services.live.publish import DEVICES, publish
from services.workflow import add_step, move

TASK = "print_slips"  # by name: the task calls these functions
TOPICS = (DEVICES,)
SENDING = "sending"  # the step just before the first byte; the last one only if the worker died then
DOUBLE_CLICK = timedelta(seconds=5)


@transaction.atomic
def first_slip(
    ticket: Ticket, printer: Printer, *, by: Actor, site: str = "", at: datetime | None = None
) -> PrintJob:
    """The ticket's own slip. A second tap gets the same job; a slip that certainly never came out is tried again."""
    at = at or timezone.now()
    _one_at_a_time(ticket)
    job = PrintJob.objects.filter(ticket=ticket, copy=False).first()
    if job is None:
        return _new(printer, ticket=ticket, copy=False, by=by, site=site, at=at)
    if job.state == PrintJob.State.FAILED and job.error not in UNCERTAIN:
        job = move(
            job, "queued", by=by, at=at, topics=TOPICS, why="again",
            printer=printer, site=site, created_at=at, done_at=None, error="",
        )  # fmt: skip
        wake(job.printer_id)
    return job


@transaction.atomic
def copy_slip(
    ticket: Ticket, printer: Printer, *, by: Actor, site: str = "", at: datetime | None = None
) -> PrintJob:
    """The same number once more, audited. A double click is one copy."""
    at = at or timezone.now()
    _one_at_a_time(ticket)
    just_now = PrintJob.objects.filter(
        ticket=ticket, printer=printer, copy=True, created_at__gt=at - DOUBLE_CLICK
    )
    if job := just_now.first():
        return job
    note_copy(ticket, by=by, on=printer.name, at=at)
    return _new(printer, ticket=ticket, copy=True, by=by, site=site, at=at)


def note_copy(ticket: Ticket, *, by: Actor, on: str, at: datetime | None = None) -> None:
    trail.record("ticket.reprinted", ticket, by=by, office_id=ticket.office_id, at=at, on=on)


@transaction.atomic
def trial(printer: Printer, *, by: Actor, site: str = "", at: datetime | None = None) -> PrintJob:
    """A test slip, by the way of every slip."""
    return _new(printer, ticket=None, copy=True, by=by, site=site, at=at or timezone.now())


def _one_at_a_time(ticket: Ticket) -> None:
    Ticket.objects.select_for_update(of=("self",), no_key=True).get(pk=ticket.pk)


def _new(
    printer: Printer, *, ticket: Ticket | None, copy: bool, by: Actor, site: str, at: datetime
) -> PrintJob:
    job = PrintJob.objects.create(
        office_id=printer.office_id, printer=printer, ticket=ticket, copy=copy, site=site, created_at=at
    )
    add_step(job, by=by, at=at)
    trail.record("printjob.queued", job, by=by, office_id=job.office_id, at=at)
    publish(printer.office.code, *TOPICS)
    if printer.kind == Printer.Kind.NETWORK:
        wake(printer.pk)
    return job


def wake(printer_id: int) -> None:
    """The worker prints what waits there, once this transaction is through."""
    app.configure_task(TASK).defer(printer_id=printer_id)


def sending(job: PrintJob) -> PrintJob:
    """Committed before the first byte goes out, so that a killed worker never prints a slip twice."""
    return move(job, "queued", by=SYSTEM, topics=(), why=SENDING, attempts=job.attempts + 1)


def was_sending(job: PrintJob) -> bool:
    step = job.steps.last()
    return step is not None and step.why == SENDING


def waits(job: PrintJob, fault: Fault) -> PrintJob:
    """Not now. The same fault again is not told again."""
    if job.error == fault:
        return job
    return move(job, "queued", by=SYSTEM, topics=TOPICS, why=fault.value, error=fault.value)


def printed(job: PrintJob, *, by: Actor = SYSTEM, at: datetime | None = None) -> PrintJob:
    at = at or timezone.now()
    return move(job, "printed", by=by, at=at, topics=TOPICS, done_at=at, error="")


def failed(job: PrintJob, fault: Fault, at: datetime | None = None) -> PrintJob:
    at = at or timezone.now()
    return move(
        job, "failed", by=SYSTEM, at=at, topics=TOPICS, why=fault.value, done_at=at, error=fault.value
    )


def note_state(printer: Printer, fault: Fault | None, *, reached: bool, at: datetime | None = None) -> None:
    """What the printer is like now. Screens are woken when that is news, not every minute."""
    at = at or timezone.now()
    code = fault.value if fault else ""
    news: dict = {"fault": code, "fault_at": at if code else None} if code != printer.fault else {}
    if reached:
        news["last_ok_at"] = at
    if not news:
        return
    if "fault" in news:
        _end_gap(printer, at)
    Printer.objects.filter(pk=printer.pk).update(**news)
    changed = "fault" in news or printer.last_ok_at is None
    for name, value in news.items():
        setattr(printer, name, value)
    if changed:
        publish(printer.office.code, *TOPICS)


def _end_gap(printer: Printer, at: datetime) -> None:
    """What its fault was until now, where it stopped the printer."""
    if printer.fault and printer.fault not in MILD and printer.fault_at and printer.fault_at < at:
        row = PrinterGap(printer=printer, since=printer.fault_at, until=at, reason=printer.fault)
        PrinterGap.objects.bulk_create([row], ignore_conflicts=True)


@transaction.atomic
def switch(printer: Printer, *, active: bool, by: Actor) -> None:
    """Switched off, it takes no slips; what waits for it fails at the next try."""
    if printer.active == active:
        return
    now = timezone.now()
    if active:
        printer.gaps.filter(reason=PrinterGap.OFF, until=None).update(until=now)
    else:
        _end_gap(printer, now)
        PrinterGap.objects.create(printer=printer, since=now, reason=PrinterGap.OFF)
    Printer.objects.filter(pk=printer.pk).update(active=active, fault="", fault_at=None)
    trail.record("printer.on" if active else "printer.off", printer, by=by, office_id=printer.office_id)
    publish(printer.office.code, *TOPICS)
    if printer.kind == Printer.Kind.NETWORK:
        wake(printer.pk)
