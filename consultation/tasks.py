"""What the worker does: the calendar's changes, the visitor's silence, what is late."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import timedelta

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from consultation import files, rounds
from consultation.mail_in import fetching
from consultation.models import Presence
from consultation.whatsapp_in import keeping as whatsapp_in
from consultation.whatsapp_in import media
from services.offices.models import Office

log = logging.getLogger(__name__)
# A scanner that is away for some hours delays a file; the last try is about six hours after the first.
LATER = RetryStrategy(max_attempts=8, exponential_wait=4)


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="consultation.clocks")
def watch_clocks(timestamp: int) -> None:
    """Every five minutes. The calendar first, so that nothing is closed by an old one."""
    at = timezone.now()
    if moved := rounds.follow_calendar(at):
        log.info("%d consultations got other deadlines", moved)
    rounds.remind(at)
    rounds.close_silent(at)
    rounds.escalate_late(at)


@app.periodic(cron="40 18 * * *")
@app.task
def forget_drafts(timestamp: int) -> None:
    """Every night: what officers typed and did not send the day before."""
    Presence.objects.filter(at__lt=timezone.now() - timedelta(days=1)).delete()


@app.task(name=files.TASK, retry=LATER)
def check_attachment(pk: int) -> None:
    files.check(pk)


@app.periodic(cron="50 18 * * *")
@app.task
def tidy_files(timestamp: int) -> None:
    """Every night: files that still wait for the scanner, and those that nothing leads to."""
    files.take_up()
    files.forget_orphans()


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="consultation.mail_in")
def read_mailboxes(timestamp: int) -> None:
    """Every minute: a job for each office, so that one whose server does not answer holds up no other."""
    for office in fetching.offices():
        lock = f"consultation.mail_in.{office.code}"
        with suppress(AlreadyEnqueued):
            app.configure_task(fetching.TASK, lock=lock, queueing_lock=lock).defer(office=office.code)


@app.task(name=fetching.TASK)
def read_mailbox(office: str) -> None:
    if found := Office.objects.filter(code=office).first():
        fetching.run(found)


@app.task(name=whatsapp_in.TASK)
def place_whatsapp(contact: int) -> None:
    """As soon as it came; one job after the other for each number."""
    whatsapp_in.process(contact)


@app.task(name=media.TASK)
def fetch_whatsapp_file(pk: int) -> None:
    media.fetch(pk)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="consultation.whatsapp")
def sweep_whatsapp(timestamp: int) -> None:
    """Every minute: what could not be placed or fetched before."""
    whatsapp_in.process()
    media.sweep()
