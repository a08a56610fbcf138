"""Rows as they were, put back at once: reading the standards anew after each test that commits takes seconds."""

from __future__ import annotations

from django.apps import apps
from django.db import connection, models, transaction

KEPT_BY_DJANGO = ("contenttypes", "auth")  # made anew after every flush


class Snapshot:
    """The rows of all our tables at one moment, in PostgreSQL's own copy format."""

    def __init__(self) -> None:
        self.rows: dict[str, bytes] = {}

    def take(self) -> None:
        self.rows = {}
        with connection.cursor() as cursor:
            for model in _models():
                with cursor.copy(f'COPY "{model._meta.db_table}" TO STDOUT') as copy:
                    if rows := b"".join(copy):
                        self.rows[model._meta.label] = rows

    @transaction.atomic
    def put_back(self) -> None:
        """Into empty tables, in any order: foreign keys are looked at in the end. Numbers given from now on follow.
        The lists that every migration fills (post_migrate) are there already; nothing points to them."""
        with connection.cursor() as cursor:
            for label, rows in self.rows.items():
                model = apps.get_model(label)
                meta = model._meta
                if model._base_manager.exists():
                    continue
                with cursor.copy(f'COPY "{meta.db_table}" FROM STDIN') as copy:
                    copy.write(rows)
                if isinstance(meta.pk, models.AutoField | models.BigAutoField):
                    cursor.execute(
                        f"SELECT setval(pg_get_serial_sequence(%s, 'id'), (SELECT max(id) FROM \"{meta.db_table}\"))",
                        [meta.db_table],
                    )


def _models() -> list[type[models.Model]]:
    found = apps.get_models(include_auto_created=True)
    return [m for m in found if m._meta.managed and m._meta.app_label not in KEPT_BY_DJANGO]


loaded = Snapshot()
