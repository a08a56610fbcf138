"""`manage.py load_standard FILE…`: read published standards into offices, services and rules."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from services.audit.actors import SYSTEM
from services.offices.loading import Loaded, OfficeUnknown, load
from services.offices.models import Office
from services.offices.reader import MAX_BYTES, UnreadableStandard


class Command(BaseCommand):
    help = "Reads published service standards (text files) and shows what was understood."

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="+", type=Path)
        parser.add_argument("--office", help="Office code, when the text itself does not say it")

    def handle(self, *, files: list[Path], office: str | None = None, **options):
        known = Office.objects.filter(code=office).first() if office else None
        if office and not known:
            raise CommandError(f"No office has the code {office}.")
        failed = 0
        for path in files:
            try:
                with path.open("rb") as file:
                    data = file.read(MAX_BYTES + 1)
                self.report(path, load(data, source_name=path.name, by=SYSTEM, office=known))
            except OSError as problem:
                failed += 1
                self.stderr.write(f"{path.name}: cannot be read: {problem.strerror}")
            except (UnreadableStandard, OfficeUnknown) as problem:
                failed += 1
                self.stderr.write(f"{path.name}: {problem}")
        if failed:
            raise CommandError(f"{failed} of {len(files)} files could not be loaded.")

    def report(self, path: Path, loaded: Loaded) -> None:
        standard = loaded.standard
        steps = " → ".join(s.kind for s in standard.rules.steps)
        self.stdout.write(
            f"{path.name}: {standard.service.office} · {standard.service}"
            f" · {standard.items.count()} items, {len(standard.unplaced)} unplaced"
            f"{'' if loaded.created else ' (already loaded)'}\n    {steps}"
        )
        for warning in standard.warnings:
            self.stdout.write(f"    ! {warning}")
        for line in standard.unplaced:
            self.stdout.write(f"    ? line {line['line']}: {line['text'][:80]} — {line['reason']}")
