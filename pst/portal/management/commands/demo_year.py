"""`manage.py demo_year`: fills the four demonstration offices with a year (pst/demo_year)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from pst.demo_year import check, remove, run
from pst.demo_year.plan import DAYS, SEED, VISITS, Plan


class Command(BaseCommand):
    help = "Fills the demo offices with a plausible year ending yesterday. Not in production; a second run changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--visits", type=int, default=VISITS, help=f"How many visits (default {VISITS})")
        parser.add_argument("--days", type=int, default=DAYS, help=f"How many days (default {DAYS})")
        parser.add_argument(
            "--end", type=date.fromisoformat, help="The last day, YYYY-MM-DD (default yesterday)"
        )
        parser.add_argument("--seed", type=int, default=SEED, help="Another number gives another year")
        parser.add_argument(
            "--again", action="store_true", help="Take away what was made before, and make it anew"
        )
        parser.add_argument("--remove", action="store_true", help="Only take away what was made before")
        parser.add_argument(
            "--check", action="store_true", help="Afterwards look for broken rules in all rows"
        )

    def handle(self, **options: Any) -> None:
        try:
            run.refuse_unless_demo()
            end = options["end"] or run.yesterday()
            if options["days"] < 1 or options["visits"] < 1 or end > run.yesterday():
                raise CommandError("At least one visit and one day, and the last day must be over.")
            if options["again"] or options["remove"]:
                self.say("Taking away the year that is there …")
                self.say(f"  {remove.remove()} rows removed")
            if not options["remove"]:
                self.say(f"A year of {options['visits']} visits in {options['days']} days to {end} …")
                run.fill(Plan(end, options["days"], options["visits"], options["seed"]), self.say)
        except run.Refused as why:
            raise CommandError(str(why)) from None
        if options["check"]:
            faults = check.check_invariants()
            for fault in faults:
                self.say(f"  broken: {fault}")
            self.say("No broken rule." if not faults else f"{len(faults)} broken rules.")

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
