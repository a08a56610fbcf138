"""The reports there are. A new one is a module in `kinds` with a REPORT, and its name here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pst.reports.drawing import with_chart
from pst.reports.scope import Scope
from pst.reports.tables import Table, hide_few

Build = Callable[[Scope], Iterable[Table]]


@dataclass(frozen=True)
class Report:
    """`about`: what it is for, one sentence. `by_service`: whether it can be asked of one service. `of_officers`: it says what
    single officers did, so it goes to supervisors alone."""

    key: str
    title: Any  # lazy
    about: Any  # lazy
    build: Build
    by_service: bool = False
    of_officers: bool = False

    def tables(self, scope: Scope) -> list[Table]:
        """Every table with its chart, without the numbers that could name somebody. The only way to a report's figures."""
        return [with_chart(hide_few(table), f"chart-{self.key}-{table.key}") for table in self.build(scope)]


def all_reports() -> Sequence[Report]:
    """In the order in which the panel lists them."""
    from pst.reports.kinds import REPORTS

    return REPORTS


def get(key: str) -> Report:
    """Raises KeyError."""
    return {report.key: report for report in all_reports()}[key]
