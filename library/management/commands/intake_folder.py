"""manage.py intake_folder FOLDER --office 7411: bring in the PDFs that lie there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from library.digital import folder
from services.offices.models import Office


class Command(BaseCommand):
    help = "Brings in the PDFs of a folder as softcopies; the worker checks them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--office", required=True, help="BPS domain code, for instance 7411")

    def handle(self, *args: Any, **options: Any) -> None:
        office = Office.objects.serving().filter(code=options["office"]).first()
        if office is None:
            raise CommandError(f"No office {options['office']} is served here.")
        if not options["folder"].is_dir():
            raise CommandError(f"{options['folder']} is not a folder.")
        taken = refused = 0
        for outcome in folder.take(office, options["folder"], quiet=0):
            if outcome.problem:
                refused += 1
                self.stderr.write(f"  refused  {outcome.path.name}: {outcome.problem}")
            else:
                taken += 1
                linked = outcome.digital.publication if outcome.digital else None
                self.stdout.write(f"  taken    {outcome.path.name}{f' → {linked}' if linked else ''}")
        self.stdout.write(f"{taken} taken, {refused} refused. The worker checks them now.")
