"""Writing the audit trail: one function for changes, one for reads of a person's record."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.utils import timezone

from services.audit.actors import Actor
from services.audit.models import AuditEntry


def record(
    action: str,
    target: models.Model | None,
    *,
    by: Actor,
    office_id: int | None = None,
    at: datetime | None = None,
    **detail: Any,
) -> None:
    """Add one line. Never put personal data into `detail`: name what changed, not to what."""
    _entry(action, target, by=by, office_id=office_id, at=at, detail=detail).save(force_insert=True)


def _entry(
    action: str,
    target: models.Model | None,
    *,
    by: Actor,
    office_id: int | None,
    detail: dict[str, Any],
    at: datetime | None = None,
) -> AuditEntry:
    return AuditEntry(
        at=at or timezone.now(),
        office_id=office_id,
        user_id=by.user_id,
        device_id=by.device_id,
        actor=by.kind,
        action=action,
        target_type=target._meta.label_lower if target is not None else "",
        target_id=target.pk if target is not None else None,
        detail=detail,
    )


def record_read(target: models.Model, *, by: Actor, office_id: int | None, why: str = "") -> None:
    """Somebody looked at a person's record."""
    record("read", target, by=by, office_id=office_id, why=why)


def record_export(
    what: str,
    target: models.Model | None = None,
    *,
    by: Actor,
    office_id: int | None,
    rows: int | None = None,
    form: str,
    reason: str = "",
    **detail: Any,
) -> None:
    """Data leaves the house as a file: what (words: pst/panel/trace/words.py), how many rows, in which form, and why where
    that was asked. The register of exports is made of these lines."""
    detail |= {"rows": rows, "form": form} | ({"reason": reason} if reason else {})
    record(f"export.{what}", target, by=by, office_id=office_id, **detail)


def record_many(
    action: str,
    targets: Iterable[models.Model],
    *,
    by: Actor,
    office_id: int | None,
    at: datetime | None = None,
    **detail: Any,
) -> None:
    """The same done to several things: a line for each, written at once."""
    AuditEntry.objects.bulk_create(
        _entry(action, target, by=by, office_id=office_id, at=at, detail=detail) for target in targets
    )


def record_reads(
    targets: Iterable[models.Model],
    *,
    by: Actor,
    office_id: int | None,
    why: str = "",
    unless_within: timedelta | None = None,
) -> None:
    """Somebody looked at a page of several people's records. `unless_within`: for a page that refetches itself; who read a
    row so short a time ago is still reading it."""
    targets = list(targets)
    if unless_within and targets:
        same = AuditEntry.objects.filter(
            action="read", target_type=targets[0]._meta.label_lower, target_id__in=[row.pk for row in targets],
            user_id=by.user_id or 0, at__gt=timezone.now() - unless_within,
        )  # fmt: skip
        known = set(same.values_list("target_id", flat=True))
        targets = [row for row in targets if row.pk not in known]
    record_many("read", targets, by=by, office_id=office_id, why=why)
