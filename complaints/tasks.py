"""What the worker does: the complainant's silence, what is late, another calendar."""

from __future__ import annotations

import logging

from django.utils import timezone
from procrastinate.contrib.django import app

from complaints import rounds

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
