"""What happens to consultations by itself: deadlines follow the calendar, silence closes, lateness goes up.

Each consultation is a transaction of its own, so that one that fails holds up no other; every step asks again under the
lock, so that two workers at once do nothing twice.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction

from consultation import clocks, notices, whatsapp_out
from consultation.models import CalendarSeen, Consultation
from consultation.workflows import ending
from consultation.workflows.changing import locked, topics
from services.audit import trail
from services.audit.actors import SYSTEM
from services.live.publish import publish
from services.offices.calendar import OfficeCalendar, held
from services.offices.models import CalendarDay, Office

log = logging.getLogger(__name__)


def follow_calendar(at: datetime) -> int:
    """Recompute every running deadline of the offices whose calendar is another than the one they stand by. Returns how
    many consultations got other deadlines."""
    moved = 0
    for office in Office.objects.filter(pk__in=Consultation.objects.open().values("office")):
        digest = calendar_digest(office)
        seen = CalendarSeen.objects.filter(office=office).first()
        if seen and seen.digest == digest:
            continue
        calendar = OfficeCalendar(office)
        rows = Consultation.objects.open().filter(office=office)
        moved += _each(rows, partial(_recompute, at=at, calendar=calendar))
        CalendarSeen.objects.update_or_create(office=office, defaults={"digest": digest})
    return moved


def reach(office: Office, calendar: OfficeCalendar, at: datetime) -> tuple[int, int]:
    """What this calendar would do to the office's open questions: how many get another deadline; how many would, were theirs not
    over already."""
    moving = kept = 0
    for one in Consultation.objects.open().filter(office=office).select_related("standard", "office"):
        before = (one.due_at, one.closes_at)
        now = clocks.foreseen(one, calendar)
        stored = tuple(held(was, then, at) for was, then in zip(before, now, strict=True))
        moving += stored != before
        kept += stored == before != now
    return moving, kept


def calendar_digest(office: Office) -> str:
    """Of everything a deadline of this office depends on."""
    rows = CalendarDay.objects.filter(office=office) | CalendarDay.objects.filter(office=None)
    said: list[Any] = [
        office.time_zone,
        list(rows.order_by("date", "office").values_list("date", "office", "kind")),
        list(office.hours.order_by("weekday").values_list("weekday", "opens", "closes")),
        list(office.hours_exceptions.order_by("date").values_list("date", "opens", "closes")),
    ]
    return hashlib.sha256(json.dumps(said, default=str).encode()).hexdigest()


@transaction.atomic
def _recompute(consultation: Consultation, at: datetime, calendar: OfficeCalendar) -> bool:
    found = locked(consultation)
    if not clocks.recompute(found, at, calendar):
        return False
    found.save(update_fields=clocks.FIELDS)
    trail.record("consultation.deadline", found, by=SYSTEM, office_id=found.office_id, at=at, why="calendar")
    publish(found.office.code, *topics(found))
    return True


def close_silent(at: datetime) -> int:
    """Those whose visitor said nothing for as long as the standard gives (requirement row 39)."""
    return _each(Consultation.objects.filter(closes_at__lte=at), lambda c: ending.auto_close(c, at=at))


def remind(at: datetime) -> int:
    """One working day before their silence closes it, once (domain.md §4)."""
    return _each(Consultation.objects.filter(remind_at__lte=at), lambda c: _remind(c, at))


@transaction.atomic
def _remind(consultation: Consultation, at: datetime) -> bool:
    found = locked(consultation)
    if found.remind_at is None or found.remind_at > at:
        return False
    Consultation.objects.filter(pk=found.pk).update(remind_at=None)
    if found.closes_at is None or found.closes_at <= at:
        return False  # too late for that: it is closed in this very round
    if notices.remind(found, at=at) is None:
        whatsapp_out.remind(found, whatsapp_out.REMINDER, at=at)
    trail.record("consultation.reminded", found, by=SYSTEM, office_id=found.office_id, at=at)
    return True


def escalate_late(at: datetime) -> int:
    """What is overdue goes up to the supervisor, once for each deadline."""
    late = Consultation.objects.overdue(at).filter(escalated_at=None)
    return _each(late, lambda c: _escalate(c, at))


@transaction.atomic
def _escalate(consultation: Consultation, at: datetime) -> bool:
    found = locked(consultation)
    if found.escalated_at or not found.is_ours or not found.due_at or found.due_at >= at:
        return False
    Consultation.objects.filter(pk=found.pk).update(escalated_at=at)
    trail.record("consultation.escalated", found, by=SYSTEM, office_id=found.office_id, at=at)
    notices.overdue(found, at=at)
    publish(found.office.code, *topics(found))
    return True


def _each(rows: Any, do: Callable[[Consultation], bool]) -> int:
    done = 0
    for pk in list(rows.order_by("pk").values_list("pk", flat=True)):
        try:
            done += do(Consultation(pk=pk))
        except Exception:
            log.exception("Consultation %s", pk)
    return done
