"""What the supervisor sets up in their office: facts, hours, days. Each function is one transaction, and leaves before and after
in the trail.

`seen` is the stamp of what stood on the form's page (services/audit/settings.py); SomebodyElse is raised when it is not so any
more. Empty: the caller does not mind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, time, timedelta
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from services.audit.actors import Actor
from services.audit.settings import Values, record_setting, stamp, values
from services.live.publish import QUEUE, publish
from services.offices.models import CalendarDay, HoursException, Office, ServiceHours

FACTS = ("name", "address", "phone", "email", "website", "time_zone")
CLOCKS = ("opens", "closes", "break_start", "break_end")
EXCEPTION = ("date", *CLOCKS, "reason")
DAYS_BACK = timedelta(days=31)
DAY = ("date", "kind", "name", "decree", "provisional")


class SomebodyElse(Exception):
    """Changed by somebody else since the page was opened; `str()` says so."""

    def __str__(self) -> str:
        return _(
            "Baru saja diubah orang lain. Isian Anda masih ada di sini; lihat yang tersimpan sekarang, lalu simpan lagi."
        )


def as_seen(seen: str, now: Values) -> None:
    """Raises SomebodyElse."""
    if seen and seen != stamp(now):
        raise SomebodyElse


@transaction.atomic
def save_facts(office: Office, said: Mapping[str, Any], *, by: Actor, seen: str = "") -> list[str]:
    """Returns the names of the facts that changed."""
    row = Office.objects.select_for_update(no_key=True).get(pk=office.pk)
    before = values(row, FACTS)
    as_seen(seen, before)
    for name in FACTS:
        setattr(row, name, said[name])
    row.save(update_fields=FACTS)
    return record_setting(row, before, action="setting.office", by=by, office_id=row.pk)


def week_of(office: Office) -> dict[int, dict[str, time | None]]:
    """By weekday, of the days that have hours."""
    return {h.weekday: {name: getattr(h, name) for name in CLOCKS} for h in office.hours.all()}


def week_stamp(office: Office) -> str:
    return stamp({str(h.weekday): values(h, CLOCKS) for h in office.hours.all()})


@transaction.atomic
def save_week(
    office: Office, week: Mapping[int, Mapping[str, time | None]], *, by: Actor, seen: str = ""
) -> list[int]:
    """The whole week at once; a weekday that is not in it is closed. Returns the weekdays that changed."""
    Office.objects.select_for_update(no_key=True).get(pk=office.pk)
    rows = {row.weekday: row for row in office.hours.all()}
    as_seen(seen, {str(day): values(row, CLOCKS) for day, row in rows.items()})
    changed = []
    publish(office.code, QUEUE)
    for day in range(7):
        row, wanted = rows.get(day), week.get(day)
        if row and not wanted:
            record_setting(
                row,
                values(row, ("weekday", *CLOCKS)),
                after={},
                action="setting.hours",
                by=by,
                office_id=office.pk,
            )
            row.delete()
            changed.append(day)
        elif wanted and _hours(row, office, day, wanted, by=by):
            changed.append(day)
    return changed


def _hours(
    row: ServiceHours | None, office: Office, day: int, wanted: Mapping[str, time | None], *, by: Actor
) -> bool:
    before = values(row, CLOCKS) if row else {}
    row = row or ServiceHours(office=office, weekday=day)
    for name in CLOCKS:
        setattr(row, name, wanted.get(name))
    row.full_clean(validate_unique=False)
    row.save()
    after = values(row, CLOCKS if before else ("weekday", *CLOCKS))
    return bool(record_setting(row, before, after=after, action="setting.hours", by=by, office_id=office.pk))


@transaction.atomic
def save_exception(row: HoursException, *, by: Actor, seen: str = "") -> list[str]:
    """A date with other hours, or none. Raises DayTaken when the office has said something about that date already."""
    before = _before(row, EXCEPTION, seen)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise DayTaken from None
    return record_setting(
        row,
        before,
        after=values(row, EXCEPTION),
        action="setting.hours_exception",
        by=by,
        office_id=row.office_id,
    )


class DayTaken(Exception):
    """There is a row of this date already."""

    def __str__(self) -> str:
        return _("Tanggal ini sudah ada di daftar. Ubah yang ada itu.")


def _before(row: models.Model, fields: Iterable[str], seen: str) -> Values:
    """What stands in the database of a row that is about to be saved, under its lock. Raises SomebodyElse."""
    if row.pk is None:
        return {}
    stored = type(row)._default_manager.select_for_update(of=("self",)).filter(pk=row.pk).first()
    if stored is None:
        raise SomebodyElse
    before = values(stored, fields)
    as_seen(seen, before)
    return before


@transaction.atomic
def drop(
    row: models.Model,
    fields: Iterable[str],
    *,
    action: str,
    by: Actor,
    office_id: int | None,
    reason: str = "",
) -> None:
    """The row goes; the trail has what it said."""
    found = type(row)._default_manager.select_for_update(of=("self",)).filter(pk=row.pk).first()
    if found is None:
        return
    record_setting(
        found, values(found, fields), after={}, action=action, by=by, office_id=office_id, reason=reason
    )
    found.delete()


def drop_exception(row: HoursException, *, by: Actor) -> None:
    drop(row, EXCEPTION, action="setting.hours_exception", by=by, office_id=row.office_id)


@transaction.atomic
def save_day(row: CalendarDay, *, by: Actor, seen: str = "", reason: str = "") -> list[str]:
    """A day of the office, or (without an office) of the country. `reason`: why an office's day that is over is another one now.
    Raises DayTaken, SomebodyElse, DayOver."""
    _not_long_ago(row, reason)
    before = _before(row, DAY, seen)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise DayTaken from None
    return record_setting(
        row, before, after=values(row, DAY), action="setting.calendar", by=by, office_id=row.office_id,
        reason=reason,
    )  # fmt: skip


def drop_day(row: CalendarDay, *, by: Actor, reason: str = "") -> None:
    """Raises DayOver."""
    _not_long_ago(row, reason)
    drop(row, DAY, action="setting.calendar", by=by, office_id=row.office_id, reason=reason)


class DayOver(Exception):
    """A day that is over decided deadlines already; `str()` says what is missing."""


def earliest(office: Office) -> date:
    """Before it, the office's calendar is closed like its books."""
    return office.today() - DAYS_BACK


def _not_long_ago(row: CalendarDay, reason: str) -> None:
    if row.office is None or row.date >= row.office.today():
        return
    if row.date < earliest(row.office):
        raise DayOver(
            _("Paling lama %d hari ke belakang; batas waktu sebelum itu sudah diputuskan.") % DAYS_BACK.days
        )
    if not reason.strip():
        raise DayOver(_("Tulis mengapa hari yang sudah lewat ini diubah."))


@transaction.atomic
def save_national(days: Iterable[CalendarDay], *, by: Actor) -> int:
    """The country's days as a decree has them: those of the same date get its words, the others are added. Returns how many
    rows changed. What stood there and is not in the list stays."""
    wanted = {day.date: day for day in days}
    rows = CalendarDay.objects.select_for_update().filter(office=None, date__in=wanted)
    there = {row.date: row for row in rows}
    changed = 0
    for at, new in sorted(wanted.items()):
        row = there.get(at)
        before = values(row, DAY) if row else {}
        row = row or CalendarDay(office=None, date=at)
        row.kind, row.name, row.decree, row.provisional = new.kind, new.name, new.decree, False
        row.save()
        changed += bool(
            record_setting(
                row, before, after=values(row, DAY), action="setting.calendar", by=by, office_id=None
            )
        )
    return changed


def years_of(days: Iterable[date]) -> list[int]:
    return sorted({day.year for day in days})
