"""Every room of the set-up with its state: what is missing, what is unusual. A handful of questions, whatever the office has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from django.db.models import Count, IntegerField, Model, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pst.setup import channels
from queueing import roster
from queueing.models import Announcement, Counter, Duty, Printer
from services.accounts.models import Device, Invitation, Membership, Purpose, Role
from services.audit.models import AuditEntry
from services.lockers.models import Locker
from services.offices.calendar import OfficeCalendar
from services.offices.models import CalendarDay, HoursException, Office, Service, StandardRule

TRIAL_SEEN = "setup.trial_seen"
SOON = timedelta(days=30)
EMPTY_DAYS = 5  # service days a week below which the hours are worth a look


@dataclass(frozen=True)
class Room:
    """`level`: ok, todo (the office cannot work without it), look (unusual), or "" (as the office likes)."""

    key: str
    title: str
    icon: str
    url: str
    level: str
    text: str


def _count(model: type[Model], **having: Any) -> Coalesce:
    rows = model._default_manager.filter(office=OuterRef("pk"), **having).order_by().values("office")
    counted = rows.annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


class State:
    """What is there in one office. Questions are asked when first needed, each once."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.today = office.today()

    @cached_property
    def counts(self) -> dict[str, int]:
        """Of everything that only has to be counted, in one question."""
        pending = {
            "accepted_at": None,
            "withdrawn_at": None,
            "sent_at__gt": timezone.now() - Invitation.LIFETIME,
        }
        staff = {"user__is_active": True}
        asked = Office.objects.filter(pk=self.office.pk).values(
            n_lockers=_count(Locker),
            n_supervisors=_count(Membership, role=Role.SUPERVISOR, **staff),
            n_frontliners=_count(Membership, role=Role.FRONTLINER, **staff),
            n_invited=_count(Invitation, **pending),
            n_tablets=_count(Device, purpose=Purpose.KIOSK, revoked_at=None),
            n_displays=_count(Device, purpose=Purpose.DISPLAY, revoked_at=None),
            n_printers=_count(Printer, active=True),
            n_announcements=_count(Announcement, active=True),
            n_duties=_count(Duty, weekday__isnull=False),
            n_exceptions=_count(HoursException, date__gte=self.today, date__lte=self.today + SOON),
            n_local_days=_count(CalendarDay, date__year=self.today.year),
            n_trials=_count(AuditEntry, action=TRIAL_SEEN),
        )
        return {name.removeprefix("n_"): n for name, n in asked[0].items()}  # type: ignore[misc]

    @cached_property
    def services(self) -> list[Service]:
        return list(self.office.services.with_standard())

    @cached_property
    def offered(self) -> list[Service]:
        """Active ones, each with its standard in force or None."""
        return [service for service in self.services if service.active]

    @cached_property
    def counters(self) -> list[Counter]:
        return list(self.office.counters.filter(active=True).prefetch_related("services"))

    @cached_property
    def calendar(self) -> OfficeCalendar:
        return OfficeCalendar(self.office)

    @cached_property
    def rooms(self) -> list[Room]:
        return [_room(self, *row) for row in ROOMS]

    @property
    def missing(self) -> list[Room]:
        return [room for room in self.rooms if room.level == "todo"]

    @property
    def unusual(self) -> list[Room]:
        return [room for room in self.rooms if room.level == "look"]


Said = tuple[str, str]


def _room(state: State, key: str, title: Callable[[], str], icon: str, url: str, say: Callable) -> Room:
    level, text = say(state)
    return Room(key, title(), icon, reverse(url), level, text)


def _office(state: State) -> Said:
    office = state.office
    facts = ((_("alamat"), office.address), (_("telepon"), office.phone), (_("e-mail"), office.email))
    empty = [name for name, value in facts if not value]
    if empty:
        return "todo", _("Belum diisi: %s.") % ", ".join(empty)
    return "ok", f"{office.name} · {office.phone} · {office.zone_name}"


def _hours(state: State) -> Said:
    days = [day for day in range(7) if state.calendar.serves_on_weekday(day)]
    if not days:
        return "todo", _("Belum ada hari layanan.")
    soon = state.counts["exceptions"]
    said = ngettext("%d hari layanan seminggu", "%d hari layanan seminggu", len(days)) % len(days)
    if soon:
        said += "; " + ngettext("%d tanggal khusus sebulan ini", "%d tanggal khusus sebulan ini", soon) % soon
    return ("look" if len(days) < EMPTY_DAYS else "ok"), said + "."


def _calendar(state: State) -> Said:
    year = state.today.year
    rows = [day for day in state.calendar.days if day.date.year == year]
    provisional = [day for day in rows if day.provisional]
    if not rows:
        return "look", _("Hari libur tahun %d belum ada.") % year
    if provisional:
        text = ngettext("%d hari masih sementara", "%d hari masih sementara", len(provisional))
        return "look", text % len(provisional) + "."
    return "ok", ngettext("%d hari khusus tahun ini", "%d hari khusus tahun ini", len(rows)) % len(rows) + "."


def _services(state: State) -> Said:
    if not state.offered:
        return "todo", _("Belum ada layanan.")
    bare = [str(service) for service in state.offered if service.standard is None]
    if bare:
        return "todo", _("Belum ada standar yang berlaku: %s.") % ", ".join(bare)
    return "ok", ", ".join(f"{service.prefix} {service}" for service in state.offered)


def _standards(state: State) -> Said:
    in_force = [s for s in state.offered if s.standard]
    if not in_force:
        return "", _("Menunggu layanan dan standarnya.")
    said = []
    open_rules = StandardRule.objects.filter(standard__in=[s.standard for s in in_force], confirmed_at=None)
    waiting = set(open_rules.values_list("standard__service", flat=True))
    if unread := [str(s) for s in in_force if s.pk in waiting]:
        said.append(_("Aturan menunggu konfirmasi: %s.") % ", ".join(unread))
    if undecreed := [str(s) for s in in_force if not s.standard.decree_number]:
        said.append(_("Tanpa nomor SK: %s.") % ", ".join(undecreed))
    return ("look", " ".join(said)) if said else ("ok", _("Lengkap."))


def _counters(state: State) -> Said:
    if not state.counters:
        return "todo", _("Belum ada loket.")
    served = {service.pk for counter in state.counters for service in counter.services.all()}
    queued = [s for s in state.offered if s.rules and s.rules.queue]
    alone = [str(service) for service in queued if service.pk not in served]
    if alone:
        return "todo", _("Tidak dilayani loket mana pun: %s.") % ", ".join(alone)
    return "ok", ngettext("%d loket", "%d loket", len(state.counters)) % len(state.counters) + "."


def _lockers(state: State) -> Said:
    if not state.offered:
        return "todo", _("Menunggu layanan dan standarnya.")
    wanted = any(s.rules and s.rules.locker != "none" for s in state.offered)
    there = state.counts["lockers"]
    if wanted and not there:
        return "todo", _("Standar menyebut loker; belum ada loker.")
    if there and not wanted:
        return "look", _("%d loker, tetapi tidak ada standar yang memakainya.") % there
    return "ok", ngettext("%d loker", "%d loker", there) % there + "." if there else _("Tidak diperlukan.")


def _staff(state: State) -> Said:
    found = state.counts
    said = _("%(officers)d petugas, %(supervisors)d atasan") % {
        "officers": found["frontliners"], "supervisors": found["supervisors"],
    }  # fmt: skip
    if found["invited"]:
        said += (
            "; " + ngettext("%d undangan terbuka", "%d undangan terbuka", found["invited"]) % found["invited"]
        )
    if not found["frontliners"] and not found["invited"]:
        return "look", _("Belum ada petugas frontliner; atasan dapat melayani sendiri.")
    if found["supervisors"] < 2:
        return "look", _("%s. Hanya satu atasan: tidak ada yang menggantikannya.") % said
    return "ok", said + "."


def _roster(state: State) -> Said:
    if not state.counts["duties"]:
        return "", _("Belum ada jadwal piket.")
    plan = list(state.office.duties.exclude(weekday=None))
    alone = list(roster.without_anybody(state.calendar.week, plan))
    if alone and not state.office.break_pauses_promise:
        days = ", ".join(str(row.get_weekday_display()) for row in alone)
        return "look", _(
            "Tidak ada yang piket pada jam istirahat (%s), tetapi janji waktu tetap berjalan."
        ) % days
    return "ok", ngettext("%d piket mingguan", "%d piket mingguan", len(plan)) % len(plan) + "."


def _devices(state: State) -> Said:
    if not state.offered:
        return "todo", _("Menunggu layanan dan standarnya.")
    found = state.counts
    if not found["tablets"] and any(s.rules and s.rules.queue for s in state.offered):
        return "todo", _("Belum ada tablet untuk mengambil nomor.")
    absent = [
        name for name, key in ((_("TV"), "displays"), (_("printer tiket"), "printers")) if not found[key]
    ]
    if absent:
        return "look", _("Belum ada %s.") % _(" dan ").join(absent)
    return "ok", _("%(tablets)d tablet, %(displays)d TV, %(printers)d printer.") % found


def _trial(state: State) -> Said:
    if state.counts["trials"]:
        return "ok", _("Sudah dicetak dan dibaca.")
    return "todo", _("Belum dicetak.")


def _channels(state: State) -> Said:
    different = channels.differences(state.offered)
    if not any(service.standard for service in state.offered):
        return "", _("Menunggu standar pelayanan.")
    if different:
        return "look", _("Standar layanan menyebut saluran yang berbeda.")
    return "ok", _("Sama di semua standar.")


def _announcements(state: State) -> Said:
    there = state.counts["announcements"]
    return "", ngettext("%d pesan menyala", "%d pesan menyala", there) % there + "."


def _as_you_like(_state: State) -> Said:
    return "", ""


ROOMS: list[tuple[str, Callable[[], str], str, str, Callable[[State], Said]]] = [
    ("office", lambda: _("Data kantor"), "home", "setup:office", _office),
    ("hours", lambda: _("Jam layanan"), "clock", "setup:hours", _hours),
    ("calendar", lambda: _("Kalender kerja"), "calendar", "setup:calendar", _calendar),
    ("services", lambda: _("Layanan"), "grid", "setup:services", _services),
    ("standards", lambda: _("Standar pelayanan"), "file", "panel:standards", _standards),
    ("rules", lambda: _("Aturan antrian dan kuota"), "ticket", "queueing:rules", _as_you_like),
    ("counters", lambda: _("Loket"), "desk", "setup:counters", _counters),
    ("lockers", lambda: _("Loker"), "locker", "setup:lockers", _lockers),
    ("staff", lambda: _("Petugas"), "users", "setup:staff", _staff),
    ("roster", lambda: _("Jadwal piket"), "calendar", "setup:roster", _roster),
    ("devices", lambda: _("Tablet, TV, printer"), "tablet", "setup:devices", _devices),
    ("trial", lambda: _("Tiket uji"), "printer", "setup:trial", _trial),
    ("channels", lambda: _("Saluran pengaduan"), "flag", "setup:channels", _channels),
    ("announcements", lambda: _("Pengumuman di TV"), "tv", "queueing:announcements", _announcements),
    ("lists", lambda: _("Daftar pilihan buku tamu"), "book", "setup:lists", _as_you_like),
]
