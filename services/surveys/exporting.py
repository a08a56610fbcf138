"""The raw answers in columns an office can hand in, row by row. Of a respondent the month stands there, not the day, and the
rows are shuffled: who was in the office when must not be read out of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.db.models import CharField, Value
from django.db.models.functions import MD5, Cast, Concat, TruncMonth
from django.utils.translation import gettext as _

from services.guestbook.models import ReferenceItem
from services.surveys.forms import LABELS
from services.surveys.models import Answer, Instrument, Response
from services.surveys.results import Selection

LISTED = ("gender", "education", "job", "institution")
AT_ONCE = 2000


def rows(selection: Selection) -> Iterator[list[Any]]:
    """Titles first. SKM: U1–U9. SKD: importance and satisfaction of each item (A1_K, A1_P), the needs in a list of their own."""
    codes = _codes(selection)
    importance = selection.kind == Instrument.Kind.SKD
    columns = [f"{c}_{part}" for c in codes for part in ("K", "P")] if importance else codes
    yield [_("Nomor"), _("Bulan"), _("Layanan"), _("Kuesioner"), _("Saluran"), *map(str, LABELS.values()), *columns, _("Saran atau catatan")]  # fmt: skip
    words = _words()
    for number, (response, answers) in enumerate(_responses(selection), start=1):
        scores: list[Any] = []
        for code in codes:
            score, important = answers.get(code, ("", ""))
            scores += [important, score] if importance else [score]
        who = [
            response["age"] if name == "age" else words.get((name, response[name]), response[name])
            for name in LABELS
        ]
        channel = str(Response.Channel(response["channel"]).label)
        yield [
            number, f"{response['month']:%Y-%m}", response["service__name"] or "", response["instrument__key"], channel,
            *who, *scores, response["comment"],
        ]  # fmt: skip


def needs(selection: Selection) -> Iterator[list[Any]]:
    """The data people looked for (SKD block III), a row each, without who."""
    yield [_("Nomor"), _("Bulan"), _("Data apa"), _("Wilayah"), _("Tahun"), _("Hasil"), _("Mutu data (1–10)")]
    number = 0
    for response in (
        _shuffled(selection.responses().exclude(needs=[])).values("month", "needs").iterator(AT_ONCE)
    ):
        for need in response["needs"]:
            number += 1
            parts = [need.get(part, "") for part in ("data", "region", "years", "got", "quality")]
            yield [number, f"{response['month']:%Y-%m}", *parts]


def _codes(selection: Selection) -> list[str]:
    used = selection.responses().order_by().values("instrument").distinct()
    found: dict[str, None] = {}
    for instrument in Instrument.objects.filter(pk__in=used).order_by("-pk"):
        found |= dict.fromkeys(question["code"] for question in instrument.content["questions"])
    return sorted(
        found, key=lambda code: (code.rstrip("0123456789"), int("".join(filter(str.isdigit, code)) or 0))
    )


def _words() -> dict[tuple[str, str], str]:
    """Of the lists' codes, the latest words."""
    items = ReferenceItem.objects.filter(list__in=LISTED).order_by("effective_from")
    return {(item.list, item.code): str(item) for item in items}


def _shuffled(found: Any) -> Any:
    """The same order in every file of the same answers, and none that says who came first."""
    drawn = MD5(Concat(Value("survey "), Cast("at", CharField()), Cast("pk", CharField())))
    return found.annotate(month=TruncMonth("day")).order_by("month", drawn)


def _responses(selection: Selection) -> Iterator[tuple[dict[str, Any], dict[str, tuple[int, Any]]]]:
    columns = ("pk", "month", "service__name", "instrument__key", "channel", *LABELS, "comment")
    found = _shuffled(selection.responses()).values(*columns).iterator(AT_ONCE)
    while some := list(islice(found, AT_ONCE)):
        answers: dict[int, dict[str, tuple[int, Any]]] = defaultdict(dict)
        asked = Answer.objects.filter(response__in=[row["pk"] for row in some])
        for response, code, score, importance in asked.values_list("response", "code", "score", "importance"):
            answers[response][code] = (score, importance)
        for row in some:
            yield row, answers[row["pk"]]
