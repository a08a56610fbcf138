"""What the answers of a period amount to. Days are the offices' own."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Avg, Case, Count, IntegerField, QuerySet, Sum, Value, When

from services.guestbook.models import VisitService
from services.offices.models import Office, Service
from services.surveys import skm
from services.surveys.models import Answer, Instrument, Response
from services.surveys.skm import Scores

PROFILE = ("gender", "age_band", "education", "job", "institution", "channel")
# The bands of a respondent's age, in whole years.
AGES = ((0, 24, "≤24"), (25, 34, "25–34"), (35, 44, "35–44"), (45, 54, "45–54"), (55, 200, "≥55"))


def last_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


@dataclass(frozen=True)
class Selection:
    """Of which offices, which questionnaire's kind, which months, and perhaps one service. Whatever days are asked for, the months
    with them are meant, whole: two periods that differ by a day would tell who answered on it."""

    offices: Sequence[Office]
    kind: str
    since: date
    until: date
    service: Service | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "since", self.since.replace(day=1))
        object.__setattr__(self, "until", last_of_month(self.until))

    def responses(self) -> QuerySet[Response]:
        rows = Response.objects.filter(
            office__in=self.offices, instrument__kind=self.kind, day__range=(self.since, self.until)
        )
        return rows.filter(service=self.service) if self.service else rows

    def served(self) -> int:
        """How many services were received: whom a sample is drawn from."""
        rows = VisitService.objects.filter(
            office__in=self.offices, state=VisitService.State.DONE, visit__day__range=(self.since, self.until)
        )
        rows = rows.filter(service=self.service) if self.service else rows
        return rows.aggregate(n=Sum("visit__party_size"))["n"] or 0


@dataclass(frozen=True)
class Element:
    """A question's mean satisfaction and, where it is asked, mean importance."""

    code: str
    satisfaction: float
    importance: float | None
    count: int

    @property
    def gap(self) -> float | None:
        """How far satisfaction lies below importance (SKD)."""
        return None if self.importance is None else self.importance - self.satisfaction


@dataclass(frozen=True)
class Summary:
    """`result` is None while an element has no answer; `wanted`: the sample that the number of people served demands."""

    result: skm.Result | None
    respondents: int
    served: int
    wanted: int

    @property
    def enough(self) -> bool:
        return self.respondents >= self.wanted


def summary(selection: Selection) -> Summary:
    served, found = selection.served(), scores(selection)
    # Every questionnaire is whole, so each question has as many answers as people were asked it.
    respondents = max((each.count for each in found.values()), default=0)
    return Summary(skm.compute(found), respondents, served, skm.sample_size(served))


def scores(selection: Selection) -> dict[str, Scores]:
    """Of each question the sum of its scores and their number."""
    rows = Answer.objects.filter(response__in=selection.responses()).values("code")
    return {
        row["code"]: Scores(row["total"], row["n"])
        for row in rows.annotate(total=Sum("score"), n=Count("pk"))
    }


def elements(selection: Selection) -> list[Element]:
    """In the order of the newest questionnaire that was answered."""
    rows = Answer.objects.filter(response__in=selection.responses()).values("code")
    found = {
        row["code"]: Element(
            row["code"], float(row["s"]), None if row["i"] is None else float(row["i"]), row["n"]
        )
        for row in rows.annotate(s=Avg("score"), i=Avg("importance"), n=Count("pk"))
    }
    last = newest(selection)
    order = [question["code"] for question in last.content["questions"]] if last else []
    return [found.pop(code) for code in order if code in found] + sorted(found.values(), key=lambda e: e.code)


def newest(selection: Selection) -> Instrument | None:
    """The newest questionnaire that was answered."""
    keys = selection.responses().order_by().values_list("instrument", flat=True).distinct()
    return Instrument.objects.filter(pk__in=keys).order_by("-pk").first()


def profile(selection: Selection) -> dict[str, list[tuple[str, int]]]:
    """Of the respondents: (code, how many) for each list, the most frequent first; nothing said is an empty code."""
    band = Case(
        *(When(age__range=(least, most), then=Value(n)) for n, (least, most, _words) in enumerate(AGES)),
        output_field=IntegerField(),
    )
    found: dict[str, Counter[str]] = {name: Counter() for name in PROFILE}
    # One question for all lists: what people say of themselves repeats.
    rows = selection.responses().order_by().annotate(age_band=band)
    for *values, n in rows.values_list(*PROFILE).annotate(n=Count("pk")):
        for name, value in zip(PROFILE, values, strict=True):
            found[name][_words(name, value)] += n
    return {name: sorted(rows.items(), key=lambda row: (-row[1], row[0])) for name, rows in found.items()}


def _words(name: str, value: Any) -> str:
    if value is None:
        return ""
    return AGES[value][2] if name == "age_band" else str(value)
