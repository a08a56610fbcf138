"""What the worker does: the complainant's silence, what is late, another calendar."""

from __future__ import annotations

import logging

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from complaints import files, flood, rounds

log = logging.getLogger(__name__)


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="complaints.clocks")
def watch_clocks(timestamp: int) -> None:
    """Every five minutes. The calendar first, so that nothing is closed by an old one."""
    at = timezone.now()
    if moved := rounds.recompute(at):
        log.info("%d complaints got other deadlines", moved)
    rounds.close_silent(at)
    rounds.escalate_late(at)
    flood.forget(at)


# A scanner that is away for some hours delays a file; the last try is about six hours after the first.
@app.task(name=files.TASK, retry=RetryStrategy(max_attempts=8, exponential_wait=4))
def check_attachment(pk: int) -> None:
    files.SHELF.check(pk)


@app.periodic(cron="55 18 * * *")
@app.task
def tidy_files(timestamp: int) -> None:
    """Every night: files that still wait for the scanner, and those that nothing leads to."""
    files.SHELF.take_up()
    files.SHELF.forget_orphans()
