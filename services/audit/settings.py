"""Changes of settings, with the values before and after, so that they can be looked at and put back.

    before = values(row, ["name", "phone"])        # under the row's lock
    ... row is changed and saved ...
    record_setting(row, before, action="setting.office", by=by, office_id=office.pk)

The line's target is the row; its detail is {"changed": {field: [before, after]}}. A row that was added has None before, one
that was deleted None after, and "added" or "deleted" beside it. Only for rows that hold no personal data: an office's facts,
hours, counters, rules.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db import models

from services.audit import trail
from services.audit.actors import Actor

Values = dict[str, Any]


def values(row: models.Model, fields: Iterable[str]) -> Values:
    """Of these fields, fit for JSON. Of a relation the keys."""
    return {name: _value(row, name) for name in fields}


def _value(row: models.Model, name: str) -> Any:
    field: Any = row._meta.get_field(name)
    if field.many_to_many:
        return sorted(getattr(row, name).values_list("pk", flat=True)) if row.pk else []
    return plain(getattr(row, field.attname))


def plain(value: Any) -> Any:
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    return str(value) if isinstance(value, Decimal) else value


def stamp(found: Values) -> str:
    """What a form carries to see whether somebody else changed the same since it was opened."""
    return hashlib.sha256(json.dumps(found, sort_keys=True, default=str).encode()).hexdigest()[:16]


def record_setting(
    row: models.Model,
    before: Values,
    *,
    action: str,
    by: Actor,
    office_id: int | None,
    after: Values | None = None,
    at: datetime | None = None,
    reason: str = "",
) -> list[str]:
    """Write down what became of the row; nothing when nothing changed. Returns the names of what changed. `before` empty:
    the row is new, and `after` says with what; `after` empty: it is about to be deleted. `reason`: where one was asked for."""
    if before and after is None:
        after = values(row, before)
    after = after or {}
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    if not names:
        return []
    kind: dict[str, Any] = {"added": True} if not before else {"deleted": True} if not after else {}
    kind |= {"reason": reason} if reason else {}
    changed = {name: [before.get(name), after.get(name)] for name in names}
    trail.record(action, row, by=by, office_id=office_id, at=at, changed=changed, **kind)
    return names
