"""Appointments for tests: Monday 2 March 2026, an office whose hours are 08.00–15.30 with a break from 12 to 13."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from queueing.models import Appointment, ServiceQueue
from queueing.workflows import appointments
from services.audit.actors import VISITOR
from services.offices.models import Office, Service, ServiceHours

MONDAY_NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # 09:00 WITA


def hours(office: Office) -> None:
    """Monday to Friday; what the office had before is forgotten."""
    office.hours.all().delete()
    office.hours_exceptions.all().delete()
    for weekday in range(5):
        ServiceHours.objects.create(
            office=office, weekday=weekday, opens=time(8), closes=time(15, 30), break_start=time(12),
            break_end=time(13),
        )  # fmt: skip


def slots_of(service: Service, **rules) -> Service:
    """The service takes two people in each half hour, or as `rules` say."""
    hours(service.office)
    ServiceQueue.objects.update_or_create(
        service=service, defaults={"slot_people": 2, "slot_minutes": 30, "days_ahead": 14} | rules
    )
    return Service.objects.select_related("office", "queue_rules").get(pk=service.pk)


def later(hours: float) -> datetime:
    """So long after nine o'clock on that Monday."""
    return MONDAY_NINE + timedelta(hours=hours)


def book(service: Service, starts_at: datetime, key: str = "", **more) -> Appointment:
    key = key or f"key {Appointment.objects.count()}"
    at = more.pop("at", MONDAY_NINE)
    return appointments.book(service=service, starts_at=starts_at, submission=key, by=VISITOR, at=at, **more)[
        0
    ]
