"""What PostgreSQL computes and Django has no name for."""

from __future__ import annotations

from typing import Any

from django.db.models import Aggregate, CharField, Count, F, FloatField, Func, Max, Q


class Percentile(Aggregate):
    """The value below which a share of all lies, between two where it falls between them (percentile_cont)."""

    function = "percentile_cont"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()

    def __init__(self, expression: Any, share: float, **more: Any):
        super().__init__(expression, share=float(share), **more)


class Minutes(Func):
    """A difference of two instants in minutes."""

    template = "EXTRACT(EPOCH FROM (%(expressions)s)) / 60.0"
    output_field = FloatField()

    def __init__(self, since: str, until: str):
        super().__init__(F(until) - F(since))


class Month(Func):
    """The month of an instant by each office's own clock, as "2026-03". `office`: the path to the row's office."""

    template = "to_char(timezone(%(expressions)s), 'YYYY-MM')"
    output_field = CharField()

    def __init__(self, at: str, office: str = "office"):
        super().__init__(F(f"{office}__time_zone"), F(at))


def spread(since: str, until: str) -> dict[str, Any]:
    """How many, median, 90th percentile and longest of the times between two instants, in minutes; for annotate()."""
    length, there = Minutes(since, until), Q(**{f"{since}__isnull": False, f"{until}__isnull": False})
    return {
        "n": Count("pk", filter=there), "median": Percentile(length, 0.5, filter=there),
        "p90": Percentile(length, 0.9, filter=there), "most": Max(length, filter=there),
    }  # fmt: skip
