"""What the worker does for the queue, and the worker's own housekeeping.

No locks on these jobs: each may run twice or side by side without harm, and a lock held by a killed worker would
stop them until somebody noticed.
"""

from __future__ import annotations

import logging

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued, ProcrastinateException
from procrastinate.jobs import Status
from procrastinate.tasks import Task

from queueing.models import Appointment
from queueing.printing import run
from queueing.workflows import appointments, desk, tablet, undo
from queueing.workflows.printing import TASK
from services.audit.actors import SYSTEM
from services.guestbook.models import Visit
from services.offices.models import Office

log = logging.getLogger(__name__)

STALLED_SECONDS = 30  # a living worker gives a sign every 10
MOST_ATTEMPTS = 5  # a job that kills its worker each time must not do so for ever
KEEP_JOBS_HOURS = 7 * 24


@app.periodic(cron="*/15 * * * *")
@app.task
def close_day(timestamp: int) -> None:
    """Close what stayed open on an earlier day of each office; offices in three zones, hence every quarter hour."""
    undo.forget_old_actions()
    tablet.forget_withdrawn()
    still_open = Visit.objects.open().filter(office=OuterRef("pk"))
    for office in Office.objects.filter(Exists(still_open)):
        if closed := desk.close_day(office, by=SYSTEM):
            log.info("%s: %d visits of earlier days closed", office, closed)


@app.periodic(cron="*/5 * * * *")
@app.task
def mark_missed_appointments(timestamp: int) -> None:
    """Who did not check in in time; the place in the queue they had booked is nobody's."""
    late = Appointment.objects.filter(state=Appointment.State.BOOKED, starts_at__lt=timezone.now())
    for office in Office.objects.filter(Exists(late.filter(office=OuterRef("pk")))):
        if missed := appointments.mark_missed(office, by=SYSTEM):
            log.info("%s: %d appointments missed", office, missed)


@app.periodic(cron="40 3 * * *")
@app.task
def forget_old_appointments(timestamp: int) -> None:
    """Appointments are deleted 90 days after their day."""
    if gone := appointments.forget_old():
        log.info("%d old appointments deleted", gone)


@app.periodic(cron="* * * * *")
@app.task(pass_context=True)
async def retry_stalled_jobs(context: JobContext, timestamp: int) -> None:
    """A killed worker leaves its job in `doing`; give it to another one."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
        try:
            if job.attempts < MOST_ATTEMPTS:
                await manager.retry_job(job)
                log.warning("job %s (%s) was left by its worker, it starts again", job.id, job.task_name)
            else:
                await manager.finish_job(job, status=Status.FAILED, delete_job=False)
                log.error(
                    "job %s (%s) was left by its worker %d times, given up",
                    job.id,
                    job.task_name,
                    job.attempts,
                )
        except ProcrastinateException as problem:  # another worker was faster
            log.info("job %s (%s) was not started again: %s", job.id, job.task_name, problem)


@app.periodic(cron="20 3 * * *")
@app.task(pass_context=True)
async def forget_old_jobs(context: JobContext, timestamp: int) -> None:
    """Finished jobs are kept for a week."""
    await context.app.job_manager.delete_old_jobs(
        nb_hours=KEEP_JOBS_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
    )


@app.task(name=TASK)
def print_slips(printer_id: int) -> None:
    """Print what waits for this printer; it waits by itself for a printer that is away or has no paper."""
    _again(printer_id, run.print_waiting(printer_id))


@app.periodic(cron="* * * * *")
@app.task
def look_at_printers(timestamp: int) -> None:
    """How each printer is, while somebody works there: so the desk hears of an empty roll before a visitor does."""
    for printer_id in run.to_look_at():
        _once(f"look-{printer_id}", look_at_printer, printer_id)


@app.task
def look_at_printer(printer_id: int) -> None:
    _again(printer_id, run.look_at(printer_id))


def _again(printer_id: int, seconds: int | None) -> None:
    if seconds is not None:
        _once(f"print-{printer_id}", print_slips, printer_id, seconds)


def _once(name: str, task: Task, printer_id: int, seconds: int = 0) -> None:
    """One such job waits at a time, however many slips wait for it."""
    later = task.configure(queueing_lock=name, schedule_in={"seconds": seconds} if seconds else None)
    try:
        with transaction.atomic():
            later.defer(printer_id=printer_id)
    except AlreadyEnqueued:
        log.debug("%s is enqueued already", name)
