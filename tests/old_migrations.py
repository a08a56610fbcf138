"""The migrations as they were before each app's were gathered into one (docs/decisions/047): for tests of what they
carried over."""

from __future__ import annotations

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader


class Loader(MigrationLoader):
    """Sees the single steps only, never what replaces them."""

    def load_disk(self) -> None:
        super().load_disk()
        gathered = {key: m.replaces[-1] for key, m in self.disk_migrations.items() if m.replaces}
        self.disk_migrations = {key: m for key, m in self.disk_migrations.items() if key not in gathered}
        for migration in self.disk_migrations.values():
            migration.dependencies = [gathered.get(tuple(d), d) for d in migration.dependencies]


def executor() -> MigrationExecutor:
    """Migrates this test's database along the single steps."""
    made = MigrationExecutor(connection)
    made.loader = Loader(connection)
    return made


def to_the_newest() -> None:
    """Every step there is."""
    made = executor()
    made.migrate(made.loader.graph.leaf_nodes())
