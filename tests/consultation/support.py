"""A consultation on line at one of the demo offices, and the clock moved to where it is needed."""

from __future__ import annotations

from datetime import datetime

from consultation.models import Consultation
from consultation.workflows import opening, thread
from services.audit.actors import VISITOR
from services.offices.models import CalendarDay, Office


def at(office: Office, text: str) -> datetime:
    """ "2026-03-13 16:30" of the office's own clock."""
    return datetime.fromisoformat(text).replace(tzinfo=office.zone)


def ask(office: Office, when: str | datetime, **more) -> Consultation:
    moment = at(office, when) if isinstance(when, str) else when
    given = {"subject": "PDRB", "question": "Berapa PDRB 2024?", "channel": "portal", "by": VISITOR, **more}
    return fresh(opening.submit(office=office, at=moment, **given))


def fresh(consultation: Consultation) -> Consultation:
    return Consultation.objects.select_related("office", "standard").get(pk=consultation.pk)


def seen(consultation: Consultation) -> int:
    """The last message, as an officer who looks now has seen it."""
    last = consultation.messages.order_by("-pk").first()
    return last.pk if last else 0


def say(consultation: Consultation, when: str, body: str = "Terima kasih, satu hal lagi.") -> Consultation:
    thread.visitor_wrote(consultation, body, channel="portal", by=VISITOR, at=at(consultation.office, when))
    return fresh(consultation)


def local(consultation: Consultation, moment: datetime | None) -> str:
    return consultation.office.local(moment).strftime("%Y-%m-%d %H:%M") if moment else ""


def day_off(day: str, office: Office | None = None, kind: str = CalendarDay.Kind.HOLIDAY) -> CalendarDay:
    row, _new = CalendarDay.objects.update_or_create(
        date=day, office=office, defaults={"kind": kind, "name": "Libur uji"}
    )
    return row
