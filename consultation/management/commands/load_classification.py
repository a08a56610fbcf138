"""Load KBLI or KBJI from a CSV file: columns kode, judul, uraian (or code, title, description)."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from consultation import matching
from consultation.models import Classification

NAMES = {"kode": "code", "judul": "title", "uraian": "description"}
AT_ONCE = 500


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--kind", choices=Classification.Kind.values, required=True)
        parser.add_argument("--edition", required=True, help="for instance 2020")

    @transaction.atomic
    def handle(self, *args: Any, file: Path, kind: str, edition: str, **options: Any) -> None:
        """The whole edition anew: a code that is not in the file any more is gone."""
        try:
            rows = list(_rows(file))
        except (OSError, UnicodeDecodeError, csv.Error) as problem:
            raise CommandError(f"{file}: {problem}") from problem
        made = {row["code"]: _made(row, kind, edition) for row in rows if row["code"] and row["title"]}
        if not made:
            raise CommandError(f"{file}: no row with a code and a title")
        Classification.objects.filter(kind=kind, edition=edition).delete()
        Classification.objects.bulk_create(made.values(), batch_size=AT_ONCE)
        self.stdout.write(f"{kind} {edition}: {len(made)} codes")


def _rows(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        first = opened.readline()
        opened.seek(0)
        reader = csv.DictReader(opened, delimiter=";" if first.count(";") > first.count(",") else ",")
        for row in reader:
            named = {
                NAMES.get((k or "").strip().lower(), (k or "").strip().lower()): v for k, v in row.items()
            }
            yield {name: str(named.get(name) or "").strip() for name in NAMES.values()}


def _made(row: dict[str, str], kind: str, edition: str) -> Classification:
    code, title = row["code"][:12], row["title"][:300]
    vector = matching.vector((f"{code} {title}", "A"), (row["description"], "C"))
    return Classification(
        kind=kind, edition=edition[:10], code=code, title=title, description=row["description"], search=vector
    )
