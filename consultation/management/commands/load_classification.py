"""Load KBLI or KBJI from a CSV file: columns kode, judul, uraian, versi (or code, title, description, version)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from consultation import classifications
from consultation.models import Classification

SHOWN = 10  # of each in the preview
FAULTS = 50


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--kind", choices=Classification.Kind.values, required=True)
        parser.add_argument("--edition", default="", help="for rows without a version, for instance 2020")
        parser.add_argument("--preview", action="store_true", help="only say what would change")

    def handle(self, *args: Any, file: Path, kind: str, edition: str, preview: bool, **options: Any) -> None:
        """All of the file or nothing: a row that is wrong is named with its line, and nothing is loaded."""
        try:
            table = classifications.read(file.read_bytes(), edition)
        except (OSError, classifications.Unreadable) as problem:
            raise CommandError(f"{file}: {problem}") from problem
        for line, fault in table.faults[:FAULTS]:
            self.stderr.write(f"line {line}: {fault}")
        if table.faults:
            more = len(table.faults) - FAULTS
            raise CommandError(
                f"{file}: {len(table.faults)} faults{f' ({more} not shown)' if more > 0 else ''}; nothing was loaded"
            )
        if not table.rows:
            raise CommandError(f"{file}: no row with a code and a title")
        change = (classifications.compare if preview else classifications.load)(kind, table)
        if preview:
            self._show(change)
        self.stdout.write(
            f"{kind} {', '.join(table.editions)}: {len(change.new)} new, {len(change.changed)} changed, "
            f"{len(change.gone)} gone, {change.same} as before"
            + (" (preview: nothing was loaded)" if preview else "")
        )

    def _show(self, change: classifications.Change) -> None:
        for sign, rows in (("+", change.new), ("~", change.changed)):
            for row in rows[:SHOWN]:
                self.stdout.write(f"{sign} {row.edition} {row.code} {row.title}")
            if len(rows) > SHOWN:
                self.stdout.write(f"{sign} … {len(rows) - SHOWN} more")
        for code in change.gone[:SHOWN]:
            self.stdout.write(f"- {code}")
