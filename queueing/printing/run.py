"""The worker's part: the slips of one printer, in order, one at a time, each at most once.

A slip counts as printed when the printer has taken its bytes. From the first byte on it is never sent again by
itself: where the line broke in between, the job fails and says that something may lie in the tray.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from queueing.models import Counter, Printer, PrintJob
from queueing.printing.faults import WAITS, BrokenOff, Fault, PrinterFault
from queueing.printing.network import ask_status, connect, status_before
from queueing.printing.receipt import receipt
from queueing.printing.slip import slip_for
from queueing.workflows import printing as work
from services.offices.calendar import OfficeCalendar

log = logging.getLogger(__name__)

LOCK = 7411_9100  # first half of an advisory lock; the second is the printer
# A printer that is away may be a wrong address; one that says "no paper" will have some soon.
PATIENCE = timedelta(minutes=4)
TOO_OLD = timedelta(minutes=10)  # the visitor has gone on without it
BUSY_SECONDS = 2  # another worker is at this printer
# Seconds until the next try, by how long the printer has had its fault.
BACKOFF = ((30, 5), (120, 10), (600, 20))
LOOK_EVERY = timedelta(seconds=50)


@contextmanager
def alone(printer_id: int) -> Iterator[bool]:
    """Whether this worker has the printer to itself. PostgreSQL gives the lock back when a worker dies."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK, printer_id % 2**31])
        mine = bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK, printer_id % 2**31])


def print_waiting(printer_id: int) -> int | None:
    """Print what waits for this printer; after how many seconds to try again, None when nothing waits."""
    with alone(printer_id) as mine:
        if not mine:
            return BUSY_SECONDS
        while job := _first(printer_id):
            if not _settle(job):
                return _pause(job.printer)
    # One asked for between the last look and the release found the printer taken, and comes again by itself.
    return None


def _first(printer_id: int) -> PrintJob | None:
    jobs = PrintJob.objects.filter(printer_id=printer_id, state=PrintJob.State.QUEUED)
    return jobs.select_related(
        "printer__office", "ticket__office", "ticket__service", "ticket__received__visit"
    ).first()


def _pause(printer: Printer) -> int:
    for_seconds = (timezone.now() - (printer.fault_at or timezone.now())).total_seconds()
    return next((pause for until, pause in BACKOFF if for_seconds < until), 30)


def _settle(job: PrintJob) -> bool:
    """Print this one or give it up; False when it waits, and with it all behind it."""
    printer, age = job.printer, timezone.now() - job.created_at
    if work.was_sending(job):
        work.failed(job, Fault.STOPPED)
    elif not printer.active:
        work.failed(job, Fault.OFF)
    elif age > TOO_OLD:
        work.failed(job, Fault.LATE)
    else:
        try:
            _print(job)
        except PrinterFault as problem:
            work.note_state(printer, problem.fault, reached=problem.fault in WAITS)
            if problem.fault in WAITS or age <= PATIENCE:
                work.waits(job, problem.fault)
                return False
            work.failed(job, problem.fault)
    return True


def _print(job: PrintJob) -> None:
    """Raises PrinterFault when nothing was printed."""
    printer = job.printer
    try:
        data = receipt(slip_for(job), printer.width)
    except Exception:
        log.exception("the slip of print job %s could not be made", job.pk)
        work.failed(job, Fault.DRAWING)
        return
    try:
        with connect(printer.host, printer.port) as line:
            before = status_before(line)
            if before.fault and before.stops:
                raise PrinterFault(before.fault)
            job = work.sending(job)
            line.send(data)
            after = line.status_after()
    except BrokenOff:
        work.failed(job, Fault.BROKEN)
        work.note_state(printer, Fault.UNREACHABLE, reached=False)
        return
    work.printed(job)
    work.note_state(printer, after.fault or (None if after.answered else before.fault), reached=True)


def to_look_at() -> list[int]:
    """Network printers that were not heard of for a minute, in offices where somebody works, or with slips waiting."""
    since = timezone.now() - LOOK_EVERY
    found = []
    printers = Printer.objects.filter(active=True, kind=Printer.Kind.NETWORK).select_related("office")
    waiting = set(PrintJob.objects.filter(state="queued").values_list("printer_id", flat=True))
    working: dict[int, bool] = {}
    for printer in printers:
        if printer.pk in waiting:
            found.append(printer.pk)
        elif printer.fault or not printer.last_ok_at or printer.last_ok_at < since:
            office = printer.office
            if office.pk not in working:
                working[office.pk] = at_work(office)
            if working[office.pk]:
                found.append(printer.pk)
    return found


def at_work(office) -> bool:
    """Service hours (the break among them), or an officer at a counter."""
    return (
        OfficeCalendar(office).state().state != "closed"
        or Counter.objects.filter(office=office, officer__isnull=False).exists()
    )


def look_at(printer_id: int) -> int | None:
    """Print what waits; with nothing to print ask how the printer is."""
    again = print_waiting(printer_id)
    if again is not None:
        return again
    printer = Printer.objects.filter(pk=printer_id, active=True).select_related("office").first()
    if printer is None or (printer.last_ok_at and not printer.fault and _heard(printer)):
        return None
    with alone(printer_id) as mine:
        if not mine:
            return None
        try:
            status = ask_status(printer.host, printer.port)
        except PrinterFault as problem:
            work.note_state(printer, problem.fault, reached=False)
        else:
            work.note_state(printer, status.fault, reached=True)
    return None


def _heard(printer: Printer) -> bool:
    return bool(printer.last_ok_at and timezone.now() - printer.last_ok_at < LOOK_EVERY)
