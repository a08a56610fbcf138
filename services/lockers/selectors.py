"""What the screens show of lockers and of what the office holds."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from services.lockers.models import Deposit, DepositQuerySet
from services.offices.calendar import OfficeCalendar
from services.offices.models import Office

# So long before the door closes the desk is told of what is still held.
BEFORE_CLOSING = timedelta(minutes=15)


def left_behind(office: Office) -> DepositQuerySet:
    """Bags and cards of visits that are over: the closing of the day passes over them, nobody may forget them."""
    return _of(office).filter(visit__ended_at__isnull=False)


def without_locker(office: Office) -> DepositQuerySet:
    """Cards held for no locker."""
    return _of(office).filter(visit__ended_at=None, locker=None)


def to_hand_back(office: Office, calendar: OfficeCalendar, now: datetime | None = None) -> int:
    """How many bags and cards of people in the house are still held shortly before closing time, and after it."""
    now = now or timezone.now()
    hours = calendar.hours_on(office.today(now))
    if hours and hours.opens - BEFORE_CLOSING <= now < hours.closes - BEFORE_CLOSING:
        return 0
    return Deposit.objects.open().filter(office=office, visit__ended_at=None).count()


def _of(office: Office) -> DepositQuerySet:
    return (
        Deposit.objects.open()
        .filter(office=office)
        .select_related("visit__office", "visit__visitor", "locker")
        .prefetch_related("visit__services")
        .order_by("deposited_at")
    )
