"""What was made is remembered in one line of the trail, as ranges of keys by table; taking it away goes by these alone.

What people did on top of it in the meantime (an answer to one of its consultations) goes with it, as far as the tables demand.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connection, models, transaction
from django.utils import timezone

from consultation.models import Consultation, ConsultationCounter
from pst.demo_year.bulk import Store
from pst.demo_year.plan import Plan
from services.audit.models import AuditEntry

TARGET, MADE, REMOVED = "demo.year", "demo_year.made", "demo_year.removed"


def manifest() -> dict[str, Any] | None:
    """What the year that is there says of itself."""
    last = AuditEntry.objects.filter(target_type=TARGET).order_by("-pk").first()
    return last.detail if last and last.action == MADE else None


def remember(plan: Plan, store: Store, done: dict[str, Any]) -> None:
    AuditEntry.objects.create(
        at=timezone.now(), actor="system", action=MADE, target_type=TARGET,
        detail={**done, "wanted": plan.visits, "ranges": {label: _joined(r) for label, r in store.ranges().items()}},
    )  # fmt: skip


def _joined(ranges: list[list[int]]) -> list[list[int]]:
    found: list[list[int]] = []
    for first, last in sorted(ranges):
        if found and found[-1][1] + 1 >= first:
            found[-1][1] = max(found[-1][1], last)
        else:
            found.append([first, last])
    return found


@transaction.atomic
def remove() -> int:
    """Rows deleted; 0 where there is no year."""
    there = manifest()
    if there is None:
        return 0
    made = {apps.get_model(label): ranges for label, ranges in there["ranges"].items()}
    goes = _goes(made)
    count = 0
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        _let_go(goes, made)
        for model, where in goes.items():
            cursor.execute(f"DELETE FROM {_quoted(model)} WHERE {where}")  # noqa: S608 (keys of our own)
            count += cursor.rowcount
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    _count_back()
    AuditEntry.objects.create(
        at=timezone.now(), actor="system", action=REMOVED, target_type=TARGET, detail={"rows": count}
    )
    return count


def _quoted(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _between(column: str, ranges: list[list[int]]) -> str:
    name = connection.ops.quote_name(column)
    return "(" + " OR ".join(f"{name} BETWEEN {int(a)} AND {int(b)}" for a, b in ranges) + ")"


def _goes(made: dict[type[models.Model], list[list[int]]]) -> dict[type[models.Model], str]:
    """By model, the rows that go: what was made, and what points to it and cannot stand without."""
    goes = {model: _between("id", ranges) for model, ranges in made.items()}
    everything = [m for m in apps.get_models(include_auto_created=True) if m._meta.managed]
    for _round in range(4):  # what hangs on what hangs on it
        for model in everything:
            more = [
                _between(field.column, made[field.related_model])
                for field in _links(model)
                if field.related_model in made and field.remote_field.on_delete is not models.SET_NULL
            ]
            if more and model not in made:
                keys = _keys(model, " OR ".join(more))
                if keys:
                    made[model] = [[key, key] for key in keys]
                    goes[model] = _between("id", made[model])
            elif more:
                own = goes[model]
                keys = _keys(model, f"({' OR '.join(more)}) AND NOT {own}")
                if keys:
                    made[model] = [*made[model], *([key, key] for key in keys)]
                    goes[model] = _between("id", made[model])
    return goes


def _links(model: type[models.Model]) -> list[Any]:
    return [f for f in model._meta.concrete_fields if isinstance(f, models.ForeignKey)]


def _keys(model: type[models.Model], where: str) -> list[int]:
    if model._meta.pk.column != "id":
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {_quoted(model)} WHERE {where}")  # noqa: S608 (keys of our own)
        return [row[0] for row in cursor.fetchall()]


def _let_go(goes: dict[type[models.Model], str], made: dict[type[models.Model], list[list[int]]]) -> None:
    """Rows of others that may stand without what goes: their link is emptied."""
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            for field in _links(model) if model._meta.managed else []:
                if field.related_model not in made or field.remote_field.on_delete is not models.SET_NULL:
                    continue
                where = _between(field.column, made[field.related_model])
                if model in goes:
                    where = f"{where} AND NOT {goes[model]}"
                name = connection.ops.quote_name(field.column)
                cursor.execute(f"UPDATE {_quoted(model)} SET {name} = NULL WHERE {where}")  # noqa: S608 (keys of our own)


def _count_back() -> None:
    """Numbers go on after the last consultation that is still there."""
    for counter in ConsultationCounter.objects.all():
        start = f"-{counter.year % 100:02d}-"
        rows = Consultation.objects.filter(office=counter.office_id, number__contains=start)
        last = rows.order_by("-number").values_list("number", flat=True).first()
        ConsultationCounter.objects.filter(pk=counter.pk).update(
            last=int(last.rpartition("-")[2]) if last else 0
        )
