"""The figures of today in words, each with the address of the list behind it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format, number_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pst.panel import levels
from pst.panel.today.figures import Figures
from queueing.models import Ticket
from services.guestbook.models import VisitService
from services.offices.calendar import OpenState
from services.offices.models import Office


@dataclass(frozen=True)
class Tile:
    """`level`: "" (calm), ok, warn or danger; `note` says in words what the colour says."""

    key: str
    label: str
    value: str
    url: str
    note: str = ""
    level: str = ""
    icon: str = ""


@dataclass(frozen=True)
class Group:
    title: str
    tiles: list[Tile]


def nearest(office: Office, now: datetime) -> VisitService | None:
    """Of those who wait, the one whose promise is (or was) due first."""
    waiting = VisitService.objects.filter(
        office=office, visit__day=office.today(now), visit__ended_at=None, clock_result=VisitService.Result.RUNNING,
        state=VisitService.State.WAITING, clock_due_at__isnull=False,
    ).exclude(ticket__state__in=(Ticket.State.CALLED, Ticket.State.ARRIVED, Ticket.State.HELD, Ticket.State.SKIPPED))  # fmt: skip
    return waiting.select_related("service").order_by("clock_due_at", "pk").first()


def groups(office: Office, found: Figures, door: OpenState, now: datetime) -> list[Group]:
    """Calm outside service hours: what nobody can do anything about now is no alarm."""
    first = nearest(office, now) if found.waiting else None
    return [
        Group(_("Di kantor sekarang"), [*_queue(office, found, first, now), *_place(office, found, door)]),
        Group(_("Batas waktu"), list(_due(office, found))),
        Group(_("Hari ini"), list(_day(office, found))),
    ]


def _queue(office: Office, found: Figures, first: VisitService | None, now: datetime) -> Iterable[Tile]:
    visits = reverse("queueing:visits")
    late = (
        ngettext("%d lewat janji", "%d lewat janji", found.late) % found.late
        if found.late
        else _("tidak ada yang lewat janji")
    )
    yield Tile(
        "waiting", _("Menunggu"), _n(found.waiting), f"{visits}?hasil=waiting", late if found.waiting else _("tidak ada antrian"),
        "danger" if found.late else "ok", "users",
    )  # fmt: skip
    yield Tile(
        "serving",
        _("Sedang dilayani"),
        _n(found.serving),
        f"{visits}?hasil=serving",
        _("termasuk yang membaca di ruang baca") if found.serving else "",
        icon="desk",
    )
    yield _longest(found, first, now, f"{visits}?hasil=waiting")


def _longest(found: Figures, first: VisitService | None, now: datetime, url: str) -> Tile:
    """The longest wait beside the promise, and who is next to be late."""
    label = _("Menunggu paling lama")
    if found.oldest_start is None:
        return Tile("longest", label, "–", url, _("tidak ada janji yang sedang berjalan"), icon="clock")
    value = _("%d mnt") % (max(0, int((now - found.oldest_start).total_seconds())) // 60)
    if first is None or first.clock_due_at is None:
        return Tile("longest", label, value, url, icon="clock")
    who = _("%(number)s, janji %(minutes)d menit") % {
        "number": first.number or first.service, "minutes": first.clock_minutes or 0,
    }  # fmt: skip
    left = int((first.clock_due_at - now).total_seconds())
    if left < 0:
        note = _("%(who)s: terlambat %(minutes)d menit") % {"who": who, "minutes": -left // 60}
        return Tile("longest", label, value, url, note, "danger", "clock")
    note = _("%(who)s: harus dipanggil dalam %(minutes)d menit") % {"who": who, "minutes": left // 60}
    soon = left <= (first.clock_minutes or 0) * 12
    return Tile("longest", label, value, url, note, "warn" if soon else "ok", "clock")


def _place(office: Office, found: Figures, door: OpenState) -> Iterable[Tile]:
    at_work = door.state != "closed" or found.counters_open
    nobody = door.is_open and found.counters and not found.counters_open
    paused = ngettext("%d dijeda", "%d dijeda", found.counters_paused) % found.counters_paused
    yield Tile(
        "counters", _("Loket buka"), _of(found.counters_open, found.counters), reverse("queueing:desk"),
        _("kantor buka, belum ada petugas di loket") if nobody else paused if found.counters_paused else "",
        "danger" if nobody and found.waiting else "warn" if nobody else "", "desk",
    )  # fmt: skip
    left = ngettext("%d titipan tertinggal", "%d titipan tertinggal", found.left_behind) % found.left_behind
    still = _("kantor tutup, titipan belum diambil") if door.state == "closed" and found.lockers_used else ""
    if found.lockers or found.lockers_used:
        yield Tile(
            "lockers", _("Loker terpakai"), _of(found.lockers_used, found.lockers), reverse("lockers:lockers"),
            left if found.left_behind else still, "warn" if found.left_behind or still else "", "locker",
        )  # fmt: skip
    trouble = bool(found.devices and at_work)
    yield Tile(
        "devices", _("Perangkat terganggu"), _n(found.devices), reverse("queueing:devices"),
        _("periksa sambungannya") if trouble else _("di luar jam kerja, bukan gangguan") if found.devices else _("semua terhubung"),
        "warn" if trouble else "ok" if not found.devices else "", "tablet",
    )  # fmt: skip


def _due(office: Office, found: Figures) -> Iterable[Tile]:
    """Each leads to the list of all it counts, the late ones first in it."""
    consultations, complaints = reverse("consultation:list"), reverse("complaints:list")
    yield Tile(
        "consultations", _("Konsultasi perlu dijawab"), _n(found.consultations), consultations,
        _late(found.consultations_late) or (_("%d jatuh tempo hari ini") % found.consultations_today if found.consultations_today else ""),
        "danger" if found.consultations_late else "warn" if found.consultations_today else "", "chat",
    )  # fmt: skip
    yield Tile(
        "complaints", _("Pengaduan perlu tindakan"), _n(found.complaints), complaints,
        _late(found.complaints_late), "danger" if found.complaints_late else "", "flag",
    )  # fmt: skip
    if found.actions_unowned:
        yield Tile(
            "actions", _("Pengaduan dengan tindakan tanpa penanggung jawab"), _n(found.actions_unowned),
            f"{complaints}?lihat=tindakan", _("serahkan kepada petugas lain"), "warn", "user",
        )  # fmt: skip
    failed = found.mails + found.messages
    url = reverse("panel:whatsapp") if found.messages and not found.mails else reverse("panel:mail")
    yield Tile(
        "mails", _("Surat gagal terkirim"), _n(failed), f"{url}?status=gagal",
        _("%d di antaranya WhatsApp") % found.messages if found.messages and found.mails else "", "warn" if failed else "ok", "mail",
    )  # fmt: skip


def _rated(found: Figures) -> str:
    mean = number_format(round(found.mean or 0, 1), 1)
    return _("rata-rata %(mean)s dari 5 (%(n)d penilaian pertama)") % {"mean": mean, "n": found.rated}


def _day(office: Office, found: Figures) -> Iterable[Tile]:
    today = office.today().isoformat()
    yield Tile("visits", _("Kunjungan"), _n(found.visits), reverse("queueing:visits"), icon="users")
    share = found.share
    yield Tile(
        "promise", _("Janji waktu ditepati"), _of(found.kept, found.kept + found.missed) if found.kept + found.missed else "–",
        f"{reverse('panel:promises')}?{urlencode({'dari': today, 'sampai': today})}",
        _share(found, share), levels.of_share(share), "check",
    )  # fmt: skip
    few = _("rata-rata belum ditampilkan (kurang dari 5)")
    yield Tile(
        "ratings", _("Penilaian"), _n(found.ratings), f"{reverse('panel:ratings')}?untuk={_room(found)}&hari={today}",
        _rated(found) if found.mean is not None else few if found.ratings else "",
        "warn" if found.mean is not None and found.mean < 3 else "", "star",
    )  # fmt: skip
    ahead = found.appointments_ahead
    yield Tile(
        "appointments", _("Janji temu"), _n(found.appointments), reverse("queueing:appointments"),
        ngettext("%d belum datang", "%d belum datang", ahead) % ahead if ahead else "", icon="calendar",
    )  # fmt: skip


def _room(found: Figures) -> str:
    """Where the ratings of today are: those of visits have a list of their own."""
    return "kunjungan" if found.ratings_of_visits or not found.ratings else "konsultasi"


def _share(found: Figures, share: float | None) -> str:
    parts = [] if share is None else [_("%s %%") % number_format(round(share))]
    if found.missed:
        parts.append(ngettext("%d terlambat", "%d terlambat", found.missed) % found.missed)
    if found.excluded:
        parts.append(ngettext("%d tidak dihitung", "%d tidak dihitung", found.excluded) % found.excluded)
    return " · ".join(parts)


def _late(n: int) -> str:
    return ngettext("%d lewat batas", "%d lewat batas", n) % n if n else ""


def _n(value: int) -> str:
    return number_format(value, use_l10n=True, force_grouping=True)


def _of(part: int, whole: int) -> str:
    return _("%(part)s dari %(whole)s") % {"part": _n(part), "whole": _n(whole)}


def door_words(office: Office, door: OpenState) -> dict[str, Any]:
    """What the door says, for the line above the tiles."""
    if door.state == "open":
        return {
            "text": _("Buka sampai pukul %s") % _clock(office, door.until),
            "level": "ok",
            "icon": "clock",
        }
    if door.state == "break":
        return {
            "text": _("Istirahat sampai pukul %s") % _clock(office, door.until),
            "level": "warn",
            "icon": "pause",
        }
    text = _("Tutup hari ini: %s") % door.reason if door.reason else _("Di luar jam layanan")
    if door.next_open:
        opens = office.local(door.next_open)
        text = _("%(state)s. Buka lagi %(day)s pukul %(time)s.") % {
            "state": text, "day": date_format(opens.date(), "l, j F"), "time": time_format(opens.time()),
        }  # fmt: skip
    return {"text": text, "level": "info", "icon": "moon"}


def _clock(office: Office, at: datetime | None) -> str:
    return time_format(office.local(at).time()) if at else ""
