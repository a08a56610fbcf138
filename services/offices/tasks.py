"""What the worker does for all offices."""

from __future__ import annotations

import logging

from django.utils import timezone
from procrastinate.contrib.django import app

from services.offices.calendar import seed_national_days
from services.offices.standards.states import switch_due

log = logging.getLogger(__name__)


@app.periodic(cron="30 2 * * *")
@app.task
def keep_calendar(timestamp: int) -> None:
    """National holidays of this year and the next are always there; what an administrator changed stays."""
    this_year = timezone.now().year
    if added := seed_national_days([this_year, this_year + 1]):
        log.info("%d national holidays added", added)


@app.periodic(cron="*/5 * * * *")
@app.task
def standards_come_into_force(timestamp: int) -> None:
    """A version that was published for a later day is in force from that day's midnight at its office."""
    if switched := switch_due():
        log.info("%d standards came into force", switched)
