"""A morning in Kolaka Timur, for the tests of the queue."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from queueing.models import Ticket
from queueing.workflows.issue import issue
from services.audit.actors import Actor

KIOSK = Actor("device")
NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # 09:00 in Kolaka Timur (WITA), a Monday


def minutes(n: float) -> datetime:
    return NINE + timedelta(minutes=n)


def take(service, at, **more) -> Ticket:
    key = f"{service.pk}-{Ticket.objects.count()}"
    return issue(office=service.office, service=service, submission=key, by=KIOSK, at=at, **more)


def fresh(thing):
    return type(thing).objects.get(pk=thing.pk)
