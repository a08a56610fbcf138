"""A result's plain values in the reader's words, for panel, public page and report alike."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from services import periods
from services.guestbook.models import ReferenceItem
from services.surveys.charts import chart_of
from services.surveys.exporting import LISTED
from services.surveys.figures import FEWEST, GRADE_WORDS, HIDDEN, name_of
from services.surveys.models import Response

HEADINGS = {
    "gender": gettext_lazy("Jenis kelamin"),
    "age_band": gettext_lazy("Umur"),
    "education": gettext_lazy("Pendidikan terakhir"),
    "job": gettext_lazy("Pekerjaan"),
    "institution": gettext_lazy("Instansi"),
    "channel": gettext_lazy("Cara mengisi"),
}
NUMBERS = ("nrr", "index", "satisfaction", "importance", "gap")


def said(number: str) -> str:
    """ "78.24" as the reader's language writes it."""
    return localize(Decimal(number)) if number else ""


def show(figures: dict[str, Any], since: date, until: date) -> dict[str, Any]:
    """What templates/surveys/_result.html and report.html draw."""
    elements = [
        {**e, **{key: said(e[key]) for key in NUMBERS if key in e}, "name": name_of(e["code"], e.get("texts", ()))}
        for e in figures["elements"]
    ]  # fmt: skip
    by_code = {e["code"]: e for e in elements}
    return {
        **figures,
        "ikm": said(figures["ikm"]),
        "elements": elements,
        "lowest": [
            {**by_code[code], "name": by_code[code]["name"].rstrip(".")}
            for code in figures["lowest"]
            if code in by_code
        ],
        "period": periods.label(since, until),
        "since": since,
        "until": until,
        "grade_words": GRADE_WORDS.get(figures["grade"], ""),
        "profile": _profile(figures["profile"]),
        "chart": chart_of(figures),
        "missing": max(0, figures["wanted"] - figures["respondents"]),
        "fewest": FEWEST,
        "importance": any(e.get("importance") for e in elements),
        "is_skm": bool(elements) and "nrr" in elements[0],
    }


def _profile(lists: dict[str, list[Any]]) -> list[dict[str, Any]]:
    if not lists:
        return []
    words = {(item.list, item.code): str(item) for item in ReferenceItem.objects.filter(list__in=LISTED).order_by("effective_from")}  # fmt: skip
    words |= {("channel", channel.value): str(channel.label) for channel in Response.Channel}
    return [
        {
            "name": str(HEADINGS[name]),
            "rows": [
                {
                    "text": words.get((name, code), code) if code else _("Tidak diisi"),
                    "count": "–" if n == HIDDEN else n,
                }
                for code, n in rows
            ],
        }
        for name in HEADINGS  # what is stored has an order of its own
        if (rows := lists.get(name))
    ]
