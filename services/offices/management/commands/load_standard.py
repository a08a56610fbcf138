"""`manage.py load_standard FILE…`: read published standards into offices, services and rules."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from services.audit.actors import SYSTEM
from services.offices.loading import Loaded, OfficeUnknown, load
from services.offices.models import Office, Standard
from services.offices.reader import MAX_BYTES, UnreadableStandard
from services.offices.rule_names import show_value


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
        """What was understood, what was not, and what is left to do, for one file."""
        standard = loaded.standard
        office, rules = standard.service.office, standard.rules
        lines = sorted({piece["line"] for piece in standard.unplaced})
        self.stdout.write(
            f"{path.name}: {office} · {standard.service}"
            f" · {standard.items.count()} items, {len(standard.unplaced)} unplaced"
            f"{f' ({_lines(lines)})' if lines else ''}{'' if loaded.created else ' (already loaded)'}"
        )
        contact = " · ".join(filter(None, [office.phone, office.email, office.website]))
        self._fact(
            "office", f"{office.name}, code {office.code}, time zone {office.zone_name} ({office.time_zone})"
        )
        self._fact("address", office.address or "not found in the text; fill it in under /panel/atur/kantor/")
        self._fact("contact", contact or "not found in the text; fill it in under /panel/atur/kantor/")
        for key, name in (("clock_onsite", "promise"), ("clock_online", "online")):
            value = rules.values.get(key)
            self._fact(name, show_value(key, value) if value else "no time found in the text")
        self._fact("steps", " → ".join(step.kind for step in rules.steps))
        for warning in standard.warnings:
            self.stdout.write(f"    ! {warning}")
        for piece in standard.unplaced:
            self.stdout.write(f"    ? line {piece['line']}: {piece['text'][:80]} — {piece['reason']}")
        self._fact("next", _next_step(standard))

    def _fact(self, name: str, text: str) -> None:
        self.stdout.write(f"    {name:<8} {text}")


def _lines(numbers: list[int]) -> str:
    """'line 4', 'lines 4, 7–9': runs of numbers shortened."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    shown = ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
    return f"{'line' if len(numbers) == 1 else 'lines'} {shown}"


def _next_step(standard: Standard) -> str:
    """Where a person takes over from the reader."""
    open_rules = standard.rule_set.filter(confirmed_at=None).count()
    if not open_rules:
        return "nothing: every rule has been confirmed"
    page = reverse("panel:standard", args=[standard.pk])
    doubts = (
        " Look first at the lines marked ! and ? above." if standard.warnings or standard.unplaced else ""
    )
    return (
        f"a supervisor of this office logs in, opens {reverse('panel:standards')} ({page}) and confirms"
        f" {open_rules} rules beside the sentences they were read from.{doubts}"
    )
