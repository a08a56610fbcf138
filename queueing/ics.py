"""An appointment as an iCalendar file (RFC 5545): CRLF, escaped text, lines of at most 75 octets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _

from queueing.models import Appointment
from queueing.models.rules import of_service


def ics(appointment: Appointment, address: str) -> str:
    """`address`: the appointment's own page."""
    minutes = of_service(appointment.service).slot_minutes
    office, cancelled = appointment.office, appointment.state == Appointment.State.CANCELLED
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//BPS//PST//ID",
        "BEGIN:VEVENT",
        f"UID:{appointment.token}@pst",
        f"DTSTAMP:{_utc(appointment.created_at)}",
        f"DTSTART:{_utc(appointment.starts_at)}",
        f"DTEND:{_utc(appointment.starts_at + timedelta(minutes=minutes))}",
        f"SUMMARY:{_text(f'{appointment.service} · {office.name}')}",
        f"LOCATION:{_text(office.address or office.name)}",
        f"DESCRIPTION:{_text(_('Kode janji temu: %s') % appointment.code)}\\n{_text(address)}",
        f"STATUS:{'CANCELLED' if cancelled else 'CONFIRMED'}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(text: str) -> str:
    for mark in ("\\", ";", ","):
        text = text.replace(mark, f"\\{mark}")
    return "\\n".join(text.splitlines())


def _folded(line: str) -> str:
    """Continuation lines begin with a space; no character is cut in two."""
    parts, current = [], ""
    for character in line:
        if len((current + character).encode()) > 75:
            parts.append(current)
            current = " "
        current += character
    return "\r\n".join([*parts, current])
