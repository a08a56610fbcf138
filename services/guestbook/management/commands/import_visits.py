"""`manage.py import_visits FILE --office CODE`: an earlier guest book (CSV) becomes visits (docs/import-visits.md)."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from services.audit.actors import SYSTEM
from services.guestbook.import_rows import Unreadable
from services.guestbook.importing import Imported, import_visits
from services.offices.models import Office


class Command(BaseCommand):
    help = "Imports the visits of an office's earlier guest book from a CSV file; the same file twice adds nothing."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--office", required=True, help="Office code, for instance 7411")
        parser.add_argument("--dry-run", action="store_true", help="Check and count, store nothing")
        parser.add_argument(
            "--skip-bad", action="store_true", help="Store the good rows and list the bad ones"
        )

    def handle(self, *, file: Path, office: str, dry_run: bool, skip_bad: bool, **options):
        known = Office.objects.filter(code=office).first()
        if not known:
            raise CommandError(f"No office has the code {office}.")
        try:
            # Bytes that are not UTF-8 come through as lone surrogates, so that they are told with their line.
            with file.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as text:
                done = import_visits(
                    text, office=known, by=SYSTEM, skip_bad=skip_bad, dry_run=dry_run, progress=self.say_rows
                )
        except OSError as problem:
            raise CommandError(f"{file.name}: cannot be read: {problem.strerror}") from None
        except Unreadable as problem:
            raise CommandError(f"{file.name}: {problem}\nNothing was stored.") from None
        self.report(done, dry_run=dry_run, skip_bad=skip_bad)

    def say_rows(self, rows: int) -> None:
        self.stderr.write(f"{rows} rows read …")

    def report(self, done: Imported, *, dry_run: bool, skip_bad: bool) -> None:
        """The faults, what was stored, and what is left to do."""
        for fault in done.faults:
            self.stdout.write(str(fault))
        if done.more_faults:
            self.stdout.write(f"… and {done.more_faults} more faults")
        if done.bad and not skip_bad:
            raise CommandError(
                f"Nothing was stored: {done.bad} of {done.rows} rows have faults. Correct them and run the"
                " command again, or store the others with --skip-bad."
            )
        self.stdout.write(
            f"{done.rows} rows: {done.added} visits {'would be ' if dry_run else ''}added, {done.there} are there"
            f" already, {done.bad} bad; {done.people} new people, {done.without_consent} visits without personal data"
        )
        if done.children:
            self.stdout.write(
                f"{done.children} of these are of children for whom nobody agreed (column guardian)."
            )
        if dry_run:
            self.stdout.write("Dry run: nothing was stored.")
