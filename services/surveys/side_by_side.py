"""The results of several offices beside each other, each as its own panel tells it, in four questions for all of them.

They are not summed: whoever knows the sum and the offices that are told could reckon the one that is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, Count, Sum

from services.few import FEWEST
from services.guestbook.models import VisitService
from services.offices.models import Office
from services.surveys import skm, withheld
from services.surveys.models import Answer
from services.surveys.results import Element, Selection
from services.surveys.skm import Scores


@dataclass(frozen=True)
class OfficeResult:
    """`elements` and `result` are empty where the office's own panel would not show them."""

    office: Office
    respondents: int
    served: int
    result: skm.Result | None
    elements: tuple[Element, ...]

    @property
    def wanted(self) -> int:
        return skm.sample_size(self.served)

    @property
    def widest(self) -> Element | None:
        """The item whose satisfaction lies furthest below its importance (SKD); of two the first by its code."""
        gaps = [e for e in self.elements if e.gap is not None and e.gap > 0]
        return max(gaps, key=lambda e: e.gap or 0, default=None)


def side_by_side(selection: Selection) -> list[OfficeResult]:
    """In the order of the selection's offices, also those nobody answered at."""
    told, served = withheld.each_may_be_shown(selection), _served(selection)
    found: dict[int, list[Any]] = {}
    rows = Answer.objects.filter(response__in=selection.responses()).values("response__office", "code")
    for row in rows.annotate(total=Sum("score"), s=Avg("score"), i=Avg("importance"), n=Count("pk")):
        found.setdefault(row["response__office"], []).append(row)
    return [
        _result(office, found.get(office.pk, []), served.get(office.pk, 0), told=office.pk in told)
        for office in selection.offices
    ]


def _result(office: Office, rows: list[Any], served: int, *, told: bool) -> OfficeResult:
    respondents = max((row["n"] for row in rows), default=0)
    if respondents < FEWEST or not told:
        return OfficeResult(office, respondents, served, None, ())
    scores = {row["code"]: Scores(row["total"], row["n"]) for row in rows}
    elements = [
        Element(row["code"], float(row["s"]), None if row["i"] is None else float(row["i"]), row["n"])
        for row in sorted(rows, key=lambda row: row["code"])
        if row["n"] >= FEWEST
    ]
    result = skm.compute(scores) if set(scores) <= set(skm.ELEMENTS) else None  # SKD's 1–10 make no index
    return OfficeResult(office, respondents, served, result, tuple(elements))


def _served(selection: Selection) -> dict[int, int]:
    rows = VisitService.objects.filter(
        office__in=selection.offices, state=VisitService.State.DONE,
        visit__day__range=(selection.since, selection.until),
    )  # fmt: skip
    return dict(rows.order_by().values_list("office").annotate(n=Sum("visit__party_size")))
