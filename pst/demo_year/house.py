"""What belongs to the house: devices, printed slips, interruptions, appointments, requests about one's own data, exports."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from typing import Any

from pst.demo_year.people import Pool
from pst.demo_year.place import VISITOR, By, Offered, Place
from pst.privacy.models import ANSWERED_WITHIN, PrivacyRequest, PrivacyRequestStep
from queueing import slots
from queueing.models import Appointment, AppointmentStep, Printer, ServiceQueue, SlipBlock
from queueing.models.appointments import new_code
from queueing.models.rules import of_service
from queueing.workflows.appointments import KEEP_DAYS
from services.accounts.models import Device, DeviceGap, hash_secret
from services.codes import new_key
from services.guestbook.models import Interruption, Visitor
from services.guestbook.models.visits import new_token

SLIPS = 30
DEVICES = (
    ("kiosk", "Tablet pintu masuk (contoh)"),
    ("display", "Layar ruang tunggu (contoh)"),
    ("reader", "Komputer ruang baca (contoh)"),
)
FAULTS = {"6571": ("display", "sound"), "1373": ("kiosk", "storage")}
CUTS = (
    ("power_cut", 40, 170),
    ("network", 25, 120),
    ("power_cut", 30, 90),
    ("network", 20, 70),
    ("emergency", 20, 45),
)


def furnish(place: Place) -> None:
    """Devices and slips, from the first day on."""
    first = place.open_at(place.plan.first, 7.5)
    last = place.open_at(place.plan.end, 15.6)
    for purpose, name in DEVICES:
        broken = FAULTS.get(place.code, ("", ""))
        place.devices[purpose] = place.store.add(
            Device, office_id=place.office.pk, purpose=purpose, name=name, secret_hash=hash_secret(new_key()), paired_at=first,
            watched_since=first, paired_by_id=place.supervisor, last_seen_at=last, fault=broken[1] if broken[0] == purpose else "",
            fault_at=last - timedelta(hours=3) if broken[0] == purpose else None,
        )  # fmt: skip
    # Of the kind that the tablet's browser prints to: nothing on the network is looked for.
    place.devices["printer"] = place.store.add(
        Printer, office_id=place.office.pk, name="Printer tiket (contoh)", kind="browser", last_ok_at=last
    )
    for offered in place.offered:
        if offered.rules.queue:
            number = of_service(offered.service).last + 1
            key = place.store.add(
                SlipBlock, office_id=place.office.pk, service_id=offered.service.pk, first=number, last=number + SLIPS - 1,
                printed_at=first, printed_by_id=place.supervisor,
            )  # fmt: skip
            numbers = f"{offered.service.prefix}{number:03d}–{offered.service.prefix}{number + SLIPS - 1:03d}"
            place.note(first, "slips.printed", SlipBlock, key, place.head, numbers=numbers)


def interruptions(place: Place) -> None:
    """Some hours in the year without power or network, written down by the supervisor the same afternoon."""
    chance = place.plan.chance(place.code, "interruptions")
    days = [day for day in place.plan.dates() if place.calendar.hours_on(day)]
    wanted = CUTS if len(days) > 120 else CUTS[:2]
    for (kind, least, most), day in zip(
        wanted, sorted(chance.sample(days, min(len(days), len(wanted)))), strict=False
    ):
        since = place.open_at(day, chance.uniform(8.6, 11.2)).replace(second=0)
        until = since + timedelta(minutes=chance.randrange(least, most))
        place.spans.append((since, until, kind))
        at = place.open_at(day, 15.2)
        key = place.store.add(
            Interruption, office_id=place.office.pk, kind=kind, started_at=since, ended_at=until, note="Data contoh",
            recorded_by_id=place.supervisor, recorded_at=at,
        )  # fmt: skip
        place.note(at, "interruption.recorded", Interruption, key, place.head, kind=kind)
    _silences(place, days)


def _silences(place: Place, days: list[date]) -> None:
    """Every device while the power or network was away, and each on some mornings when nobody had switched it on."""
    for purpose, key in place.devices.items():
        if purpose == "printer":
            continue
        chance = place.plan.chance(place.code, "silences", purpose)
        gone = [(since, until) for since, until, kind in place.spans if kind != "emergency"]
        for day in chance.sample(days, min(len(days) // 8, 12)):
            since = place.open_at(day, 7.5)
            gone.append((since, since + timedelta(minutes=chance.randrange(35, 190))))
        for since, until in sorted(set(gone)):
            place.store.add(DeviceGap, device_id=key, since=since, until=until, reason=DeviceGap.SILENT)


# -- appointments --------------------------------------------------------------------------------------------


class Bookings:
    """Of the consultation, where an office has one: the last ninety days (older ones are deleted every night) and some ahead."""

    def __init__(self, place: Place):
        self.place, self.offered = place, place.consultation
        if self.offered is None:
            return
        rules = ServiceQueue.objects.filter(service=self.offered.service).first()
        if rules is None:
            rules = ServiceQueue.objects.create(service=self.offered.service, slot_people=1, slot_minutes=30)
            place.store.note(rules)
        self.rules = rules

    def of_day(self, day: date) -> tuple[list[int], list[dict[str, Any]]]:
        """Seconds since midnight of those who come, and all rows of the day."""
        place, offered = self.place, self.offered
        if (
            offered is None
            or day < place.plan.end - timedelta(days=KEEP_DAYS - 1)
            or not self.rules.slot_people
        ):
            return [], []
        chance, base = place.plan.chance(place.code, "bookings", day), place.midnight(day)
        times = [
            since for since, _until in slots.grid(place.calendar.hours_on(day), self.rules.slot_minutes)
        ][1:]
        rows, coming = [], []
        for since in sorted(chance.sample(times, min(len(times), chance.choice((1, 2, 2, 3, 4))))):
            state = chance.choices(("checked_in", "missed", "cancelled"), (78, 10, 12))[0]
            if day > place.plan.end:
                state = "cancelled" if chance.random() < 0.1 else "booked"
            booked = place.midnight(day) - timedelta(
                days=chance.randrange(1, 9), seconds=-chance.randrange(28_000, 70_000)
            )
            if booked > place.now:
                booked = place.now - timedelta(hours=chance.randrange(1, 60))
            rows.append({"starts_at": since, "state": state, "created_at": booked})
            if state == "checked_in":
                coming.append(int((since - base).total_seconds()))
        return coming, rows

    def store(self, rows: list[dict[str, Any]], tickets: dict[datetime, tuple[int, datetime]]) -> None:
        """`tickets`: by the start of the slot, the number given to its holder, and when."""
        place, offered = self.place, self.offered
        for row in rows:
            ticket, came = tickets.get(row["starts_at"], (None, None))
            if row["state"] == "checked_in" and ticket is None:
                row["state"] = "missed"
            key = place.store.add(
                Appointment, office_id=place.office.pk, service_id=offered.service.pk if offered else None, token=new_token(),
                code=new_code(), place=1, ticket_id=ticket, **row,
            )  # fmt: skip
            place.moved(Appointment, AppointmentStep, key, "booked", row["created_at"], VISITOR)
            place.note(row["created_at"], "appointment.booked", Appointment, key, VISITOR)
            self._ended(key, row, came)

    def _ended(self, key: int, row: dict[str, Any], came: datetime | None) -> None:
        place, state = self.place, row["state"]
        if state == "booked":
            return
        late = row["starts_at"] + timedelta(minutes=self.rules.late_minutes + 4)
        at, by = (
            (came, place.kiosk)
            if came
            else (late, By("system"))
            if state == "missed"
            else (row["created_at"] + timedelta(hours=1), VISITOR)
        )
        place.moved(Appointment, AppointmentStep, key, state, min(at, place.now), by, was="booked")


# -- requests about one's own data ---------------------------------------------------------------------------


def requests(place: Place, pool: Pool, day: date, expected: float) -> None:
    """Access, correction, withdrawal, erasure: answered within 72 hours but for a few; those of the last days are open."""
    chance = place.plan.chance(place.code, "requests", day)
    last = (place.plan.end - day).days == 1
    if not pool.people or (chance.random() > expected and not last):
        return
    at = place.working_hour(chance, place.midnight(day))
    kind = chance.choices(("access", "correction", "withdrawal", "erasure"), (42, 33, 10, 15))[0]
    channel = chance.choices(("desk", "phone", "mail", "own"), (48, 16, 12, 24))[0]
    hours = chance.uniform(80, 130) if chance.random() < 0.07 else chance.uniform(1, 44)
    answered = place.working_hour(chance, at + timedelta(hours=hours))
    state = "refused" if chance.random() < 0.08 else "done"
    if answered > place.now or last:
        state, answered = "open", None  # type: ignore[assignment]
    if at > place.now:
        return
    erased = state == "done" and kind in ("withdrawal", "erasure")
    person = _erased(place, at, chance) if erased else chance.choice(pool.people).pk
    key = place.store.add(
        PrivacyRequest, office_id=place.office.pk, visitor_id=person, kind=kind, channel=channel, state=state, received_at=at,
        due_at=at + ANSWERED_WITHIN, answered_at=answered,
        answer="Masih ada pinjaman yang belum kembali." if state == "refused" else "",
    )  # fmt: skip
    by = VISITOR if channel == "own" else place.desk
    place.moved(PrivacyRequest, PrivacyRequestStep, key, "open", at, by)
    place.note(at, "privacy.received", PrivacyRequest, key, by, kind=kind)
    if answered:
        place.moved(PrivacyRequest, PrivacyRequestStep, key, state, answered, place.head, was="open")
        why = "export" if kind == "access" and state == "done" else "request"
        place.note(answered - timedelta(seconds=90), "read", Visitor, person, place.head, why=why)


def _erased(place: Place, at: datetime, chance: random.Random) -> int:
    """Somebody whose record is empty now: what stays is for the statistics."""
    return place.store.add(
        Visitor, office_id=place.office.pk, name="", gender=chance.choice(("female", "male")), education="bachelor", job="other",
        institution_category="other", birth_year=at.year - chance.randrange(20, 60), created_at=at - timedelta(days=30),
    )  # fmt: skip


def exports(place: Place, day: date) -> None:
    """On the first working day of a month the supervisor takes the list of marked copies and last month's report."""
    first = next(
        (d for n in range(10) if place.calendar.hours_on(d := day.replace(day=1) + timedelta(days=n))), None
    )
    if first == day and place.library:
        chance = place.plan.chance(place.code, "exports", day)
        at = place.open_at(day, 9.5)
        before = day.replace(day=1) - timedelta(days=1)
        month = {"since": str(before.replace(day=1)), "until": str(before)}
        taken: list[tuple[str, dict[str, Any]]] = [
            ("softcopy.copies_exported", {"rows": chance.randrange(20, 90)})
        ]
        taken += [("export.report", {"report": "visits", "form": form, **month}) for form in ("pdf", "xlsx")]
        for n, (action, detail) in enumerate(taken):
            place.later[day].append(
                {
                    "at": at + timedelta(minutes=4 * n), "office_id": place.office.pk, "user_id": place.supervisor,
                    "actor": "officer", "action": action, "target_type": "", "detail": detail,
                }
            )  # fmt: skip


__all__ = ["Bookings", "Offered", "exports", "furnish", "interruptions", "requests"]
