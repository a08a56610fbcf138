"""Noting what an action changes, so that it can be taken back while nothing else has happened.

with recording() as changes:
    …                              # move(), clocks and visits note what they are about to change
after = finished(changes)          # JSON for a row of its own
...
put_back(after)                    # under the rows' locks; False when anything is not as the action left it
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from django.apps import apps
from django.db import models


class Change(NamedTuple):
    """One row: the fields an action changed, as they were before and after. Plain values, fit for JSON.

    `added`: the action wrote the row; what becomes of it is for whoever takes the action back.
    """

    model: str
    pk: int
    before: dict[str, Any]
    after: dict[str, Any]
    added: bool = False


@dataclass
class Noted:
    """What is known of one row while an action runs."""

    before: dict[str, Any] = field(default_factory=dict)
    added: bool = False


Notes = dict[tuple[str, int], Noted]

_notes: ContextVar[Notes | None] = ContextVar("notes", default=None)


def active() -> bool:
    """Whether an action further out is being recorded."""
    return _notes.get() is not None


@contextmanager
def recording() -> Iterator[Notes]:
    """Collects what is noted inside; the earliest value of a field is what counts as before."""
    notes: Notes = {}
    token = _notes.set(notes)
    try:
        yield notes
    finally:
        _notes.reset(token)


def about_to_change(row: models.Model, *fields: str) -> None:
    """Call before setting these fields on a row that was read under its lock."""
    notes = _notes.get()
    if notes is None:
        return
    noted = notes.setdefault((row._meta.label_lower, row.pk), Noted())
    for name in fields:
        attname = row._meta.get_field(name).attname  # type: ignore[union-attr]
        noted.before.setdefault(attname, _plain(getattr(row, attname)))


def was_added(row: models.Model, *watched: str) -> None:
    """Call after writing a new row; a change of the watched fields later means that somebody has gone on."""
    notes = _notes.get()
    if notes is not None:
        about_to_change(row, *watched)
        notes[row._meta.label_lower, row.pk].added = True


def finished(notes: Notes) -> list[Change]:
    """The changes with the values the action left behind; one query for each model."""
    rows = _rows(list(notes))
    return [
        Change(
            label, pk, n.before, {name: _plain(getattr(rows[label, pk], name)) for name in n.before}, n.added
        )
        for (label, pk), n in notes.items()
    ]


def _rows(keys: list[tuple[str, int]], *, lock: bool = False) -> dict[tuple[str, int], Any]:
    found: dict[tuple[str, int], Any] = {}
    for label in sorted({label for label, _pk in keys}):
        query = apps.get_model(label)._default_manager.order_by("pk")
        query = query.select_for_update(of=("self",)) if lock else query
        for row in query.filter(pk__in=[pk for other, pk in keys if other == label]):
            found[label, row.pk] = row
    return found


def put_back(changes: list[Change]) -> dict[tuple[str, int], Any] | None:
    """Lock the rows and give them their earlier values; the rows, or None (nothing changed) when one of them is
    gone or is not as the action left it. Inside a transaction."""
    rows = _rows([(c.model, c.pk) for c in changes], lock=True)
    for change in changes:
        row = rows.get((change.model, change.pk))
        if row is None or any(_plain(getattr(row, name)) != value for name, value in change.after.items()):
            return None
    for change in reversed(changes):  # who came to a place last leaves it first
        row = rows[change.model, change.pk]
        for name, value in ({} if change.added else change.before).items():
            setattr(row, name, row._meta.get_field(name).to_python(value))
        if change.before and not change.added:
            row.save(update_fields=list(change.before))
    return rows


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (datetime, date)) else value
