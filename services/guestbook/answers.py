"""The answers of the guest book's lists, changed by the system administrator for all offices: each function is one transaction
with its line in the trail. What a visitor chose keeps the words it had (ReferenceItem).

`seen` is the mark of the whole list as it stood on the page; SomebodyElse is raised when it is not so any more. Empty: the
caller does not mind.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from services.audit.actors import Actor
from services.audit.settings import Values, record_setting, stamp, values
from services.guestbook import reference
from services.guestbook.models import ReferenceItem
from services.offices.settings import as_seen
from services.workflow import IllegalMove

FIELDS = ("list", "code", "label", "label_en", "position", "effective_from", "until")
FEWEST = 2  # with one answer nothing is asked
# Pages of the software know these by their code.
NEEDED = {("card", "none")}
TAKEN = {("card", "token")}  # a token instead of a card, at the lockers


class Taken(ValueError):
    """`field`: another answer of the list has these words."""

    def __init__(self, field: str) -> None:
        super().__init__(_("Jawaban lain di daftar ini sudah berbunyi begini."))
        self.field = field


def rows_of(name: str) -> list[ReferenceItem]:
    """Every row of a list, past ones too, in its order."""
    return list(ReferenceItem.objects.filter(list=name).order_by("position", "effective_from", "pk"))


def offered(rows: Iterable[ReferenceItem], day: date) -> list[ReferenceItem]:
    """Those in force on the day or from a later one on."""
    return [row for row in rows if row.until is None or row.until > max(day, row.effective_from)]


def latest(rows: Iterable[ReferenceItem]) -> dict[str, ReferenceItem]:
    """The last words of every answer, by its code."""
    return {row.code: row for row in sorted(rows, key=lambda row: (row.effective_from, row.pk))}


def mark(rows: Iterable[ReferenceItem]) -> str:
    return stamp({str(row.pk): values(row, FIELDS) for row in rows})


def _held(name: str, seen: str) -> list[ReferenceItem]:
    """The list, held: one change at a time. Read once more under the lock, for what was added while it was waited for."""
    list(ReferenceItem.objects.select_for_update().filter(list=name).order_by("pk").values_list("pk"))
    rows = rows_of(name)
    as_seen(seen, {str(row.pk): values(row, FIELDS) for row in rows})
    reference.forget()
    return rows


def _record(row: ReferenceItem, before: Values, *, by: Actor, after: Values | None = None) -> None:
    record_setting(row, before, after=after, action="setting.reference", by=by, office_id=None)


def _refuse_same(rows: Iterable[ReferenceItem], code: str, **words: str) -> None:
    for field, typed in words.items():
        others = (getattr(row, field).casefold() for row in rows if row.code != code)
        if typed.casefold() in others:
            raise Taken(field)


def _now(rows: Iterable[ReferenceItem], item: ReferenceItem) -> ReferenceItem:
    """Raises IllegalMove for one that another change has ended."""
    row = next((row for row in rows if row.pk == item.pk), None)
    if row is None:
        raise IllegalMove(_("Jawaban ini sudah tidak berlaku."))
    return row


@transaction.atomic
def add(name: str, *, label: str, label_en: str, day: date, by: Actor, seen: str = "") -> ReferenceItem:
    """At the end of the list, from `day` on. Raises Taken, SomebodyElse."""
    rows = _held(name, seen)
    here = offered(rows, day)
    _refuse_same(here, "", label=label, label_en=label_en)
    row = ReferenceItem.objects.create(
        list=name, code=_code(name, label_en, {row.code for row in rows}), label=label, label_en=label_en,
        position=max((row.position for row in rows), default=0) + 1, effective_from=day,
    )  # fmt: skip
    _record(row, {}, after=values(row, FIELDS), by=by)
    return row


def _code(name: str, words: str, known: set[str]) -> str:
    """What visits store; never one that meant something else."""
    known = known | {code for list_, code in TAKEN if list_ == name}
    base = slugify(words)[:26].strip("-") or "answer"
    return next(code for code in (base, *(f"{base}-{n}" for n in range(2, 999))) if code not in known)


@transaction.atomic
def reword(
    item: ReferenceItem, *, label: str, label_en: str, day: date, by: Actor, seen: str = ""
) -> ReferenceItem:
    """Other words from `day` on. Raises Taken, SomebodyElse, IllegalMove."""
    rows = offered(_held(item.list, seen), day)
    row = _now(rows, item)
    _refuse_same(rows, row.code, label=label, label_en=label_en)
    if (label, label_en) == (row.label, row.label_en):
        return row
    before = values(row, FIELDS)
    new = reference.reword(row, label=label, label_en=label_en, day=day)
    _record(new, before, after=values(new, FIELDS), by=by)
    return new


@transaction.atomic
def retire(item: ReferenceItem, *, day: date, today: date, by: Actor, seen: str = "") -> None:
    """Not offered any more from `day` on; another day than it was decided before is possible while it is offered. Raises
    SomebodyElse, and IllegalMove where the list or the software needs it."""
    rows = offered(_held(item.list, seen), today)
    row = _now(rows, item)
    if (row.list, row.code) in NEEDED:
        raise IllegalMove(_("Jawaban ini dipakai aplikasi; ubah kata-katanya saja."))
    stay = [o for o in rows if o.until is None and o.effective_from <= day and o.code != row.code]
    if len(stay) < FEWEST:
        raise IllegalMove(_("Daftar ini harus menyisakan paling sedikit dua jawaban."))
    before = values(row, FIELDS)
    reference.retire(row, day=day)
    row.refresh_from_db()
    _record(row, before, by=by)


@transaction.atomic
def offer_again(item: ReferenceItem, *, day: date, by: Actor, seen: str = "") -> None:
    """One that was retired, or will be, is offered after all, in the words it had last. Raises Taken, SomebodyElse, IllegalMove
    where it is offered already."""
    rows = _held(item.list, seen)
    row = latest(rows)[item.code]
    if row.until is None:
        raise IllegalMove(_("Jawaban ini sudah ditawarkan."))
    _refuse_same(offered(rows, day), row.code, label=row.label, label_en=row.label_en)
    if row.until >= day:
        before, row.until = values(row, FIELDS), None
        row.save(update_fields=["until"])
        _record(row, before, by=by)
        return
    last = max(other.position for other in rows)
    row.pk, row.effective_from, row.until, row.position = None, day, None, last + 1
    row.save(force_insert=True)
    _record(row, {}, after=values(row, FIELDS), by=by)


@transaction.atomic
def step(item: ReferenceItem, by_places: int, *, day: date, by: Actor, seen: str = "") -> None:
    """One place up (-1) or down (1) among those that are offered. Raises SomebodyElse, IllegalMove."""
    rows = offered(_held(item.list, seen), day)
    here = rows.index(_now(rows, item))
    there = min(max(here + by_places, 0), len(rows) - 1)
    rows.insert(there, rows.pop(here))
    for place, row in enumerate(rows, start=1):
        if row.position != place:
            before, row.position = values(row, FIELDS), place
            row.save(update_fields=["position"])
            _record(row, before, by=by)
