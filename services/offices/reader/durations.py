"""Durations in Indonesian text: "5 (lima) menit", "satu jam", "3 hari kerja", "1x24 jam"."""

from __future__ import annotations

import re
from dataclasses import dataclass

_UNITS = {
    "nol": 0, "satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5,
    "enam": 6, "tujuh": 7, "delapan": 8, "sembilan": 9, "sepuluh": 10, "sebelas": 11,
}  # fmt: skip
_WORD = "|".join(_UNITS)
WORDS = rf"(?:(?:{_WORD}|seratus|setengah)(?: (?:belas|puluh|ratus))?(?: (?:{_WORD})(?: puluh)?)?)"
NUMBER = rf"(?:\d{{1,4}}(?:[.,]\d{{1,2}})?|{WORDS})"
_UNIT = r"(?P<unit>detik|menit|mnt|minutes?|jam|hari(?: kerja)?|minggu)"
_DURATION = re.compile(
    rf"(?<![\w,.])(?:{NUMBER}\s?(?:\([^()]{{1,30}}\)\s?)?(?:-|–|s/d|s\.d\.?|sampai(?: dengan)?|hingga)\s?)?"
    rf"(?P<number>{NUMBER})\s?(?:\([^()]{{1,30}}\)\s?)?(?:[x×]\s?(?P<times>24)\s?(?:\([^()]{{1,40}}\)\s?)?)?{_UNIT}\b"
    r"|\b(?P<one>sejam|semenit|sehari|seminggu)\b"
)
_MINUTES = {"detik": 1 / 60, "menit": 1, "mnt": 1, "minute": 1, "minutes": 1, "jam": 60}
_SINGLE = {"sejam": ("jam", 1), "semenit": ("menit", 1), "sehari": ("hari", 1), "seminggu": ("minggu", 1)}


@dataclass(frozen=True)
class Duration:
    """An amount of minutes or of working days, and where in the text it stands."""

    minutes: int | None
    days: int | None
    start: int
    end: int


def number(text: str) -> float:
    """'5', '1,5', 'lima', 'dua puluh lima', 'setengah' as a number."""
    text = text.strip().casefold()
    if text[:1].isdigit():
        return float(text.replace(",", "."))
    total, current = 0.0, 0.0
    for word in text.split():
        if word == "setengah":
            current += 0.5
        elif word == "belas":
            current += 10
        elif word == "puluh":
            total, current = total + current * 10, 0
        elif word in {"ratus", "seratus"}:
            total, current = total + (current or 1) * 100, 0
        else:
            current += _UNITS.get(word, 0)
    return total + current


def durations(text: str) -> list[Duration]:
    """Every duration of a lower-case text; hours with the minutes right behind them are one duration."""
    found: list[Duration] = []
    for match in _DURATION.finditer(text):
        unit, amount = _SINGLE[match["one"]] if match["one"] else (match["unit"], number(match["number"]))
        amount *= 24 if match["times"] else 1
        duration = _of(unit, amount, match)
        before = found[-1] if found else None
        joins = (
            before
            and text[before.end : match.start()].strip() in {"", "dan"}
            and match.start() - before.end < 6
        )
        if (
            before
            and joins
            and before.minutes
            and duration.minutes
            and duration.minutes < 60 <= before.minutes
        ):
            found[-1] = Duration(before.minutes + duration.minutes, None, before.start, match.end())
        else:
            found.append(duration)
    return found


def _of(unit: str, amount: float, match: re.Match[str]) -> Duration:
    if unit in _MINUTES:
        return Duration(
            max(1, round(amount * _MINUTES[unit])) if amount else 0, None, match.start(), match.end()
        )
    return Duration(None, round(amount * (5 if unit == "minggu" else 1)), match.start(), match.end())
