"""Where a consultation stands, in words for the visitor: whose turn it is, until when, and by which rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultation.clocks import rules_of
from consultation.models import Consultation
from services.offices.models import Standard
from services.offices.models.standard import StandardItem

State = Consultation.State


@dataclass(frozen=True)
class Told:
    title: str
    text: str
    level: str  # of the badge
    clock: str = ""  # until when, and by which rule


def told(consultation: Consultation) -> Told:
    state = consultation.state
    if state in (State.SUBMITTED, State.REOPENED):
        return Told(
            _("Sudah kami terima"),
            _("Petugas akan membacanya dan menjawab di sini."),
            "info",
            due(consultation),
        )
    if state == State.ASSIGNED:
        return Told(
            _("Sedang ditangani petugas"),
            _("Jawabannya akan tampil di halaman ini."),
            "info",
            due(consultation),
        )
    if state == State.WAITING:
        text = _("Petugas bertanya sesuatu. Balas di bawah, supaya pertanyaan Anda dapat dijawab.")
        return Told(_("Menunggu balasan Anda"), text, "warn", closing(consultation))
    if state == State.ANSWERED:
        text = _("Belum jelas? Balas di bawah. Sudah cukup? Tutup saja.")
        return Told(_("Sudah dijawab"), text, "ok", closing(consultation))
    if state == State.AUTO_CLOSED:
        text = _("Ditutup karena tidak ada balasan. Balas di bawah untuk membukanya lagi.")
        return Told(_("Ditutup otomatis"), text, "", _rule(consultation, "auto_close_working_days"))
    return Told(_("Selesai"), _("Masih ada pertanyaan? Balas di bawah untuk membukanya lagi."), "ok")


def due(consultation: Consultation) -> str:
    if consultation.due_at is None:
        return ""
    days = rules_of(consultation).clock_online
    return _("Dijawab paling lambat %(when)s: %(rule)s.") % {
        "when": moment(consultation, consultation.due_at),
        "rule": _by(consultation, "clock_online", days.working_days if days else None),
    }


def closing(consultation: Consultation) -> str:
    if consultation.closes_at is None:
        return ""
    return _("Tanpa balasan, konsultasi ini ditutup %(when)s: %(rule)s.") % {
        "when": moment(consultation, consultation.closes_at),
        "rule": _rule(consultation, "auto_close_working_days"),
    }


def moment(consultation: Consultation, at: datetime) -> str:
    """A day and an hour of the office's own clock: "Rabu, 25 Maret 2026 pukul 15.30 WITA"."""
    office = consultation.office
    there = office.local(at)
    return _("%(day)s pukul %(time)s %(zone)s") % {
        "day": date_format(there, "l, j F Y"),
        "time": date_format(there, "TIME_FORMAT"),
        "zone": office.zone_name,
    }


def _rule(consultation: Consultation, key: str) -> str:
    return _by(consultation, key, rules_of(consultation).auto_close_working_days)


def _by(consultation: Consultation, key: str, days: int | None) -> str:
    """ "3 hari kerja menurut standar pelayanan, Waktu Penyelesaian butir 2"."""
    promised = ngettext("%d hari kerja", "%d hari kerja", days or 0) % (days or 0)
    place = where(consultation.standard, key)
    words = {"days": promised, "place": place}
    if place:
        return _("%(days)s menurut standar pelayanan, %(place)s") % words
    return _("%(days)s menurut standar pelayanan") % words


def where(standard: Standard | None, key: str) -> str:
    """In which item of the published standard the rule stands; nothing for one that was not read from a sentence."""
    rule = standard.rule_set.filter(key=key).first() if standard else None
    if standard is None or rule is None or not rule.evidence:
        return ""
    section, position = rule.evidence[0]
    item = standard.items.filter(section=section, position=position).first()
    label = (item.label.strip(" .)") if item else "") or str(position)
    return _("%(section)s butir %(item)s") % {"section": StandardItem.Section(section).label, "item": label}
