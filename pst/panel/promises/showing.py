"""Figures of a promise in words and pictures: the charts with their tables, and how it went before."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pst.panel.promises.figures import SECONDS, Tally, Waits
from services.charts import Target, heat_map, histogram, round_top, stacked_chart

WEEKDAYS = range(1, 8)
FORMS = {"hari": "j M", "minggu": "j M", "bulan": "M Y"}


def said(seconds: float | None, unit: str) -> str:
    """ "4,5 menit", "2 hari"; a dash where nothing is told."""
    if seconds is None or not unit:
        return "–"
    value = round(seconds / SECONDS[unit], 1)
    number = number_format(int(value) if value == int(value) else value)
    return _("%s menit") % number if unit == "minutes" else _("%s hari") % number


def waits(found: Waits, unit: str) -> list[tuple[str, str]]:
    if not unit:
        return []
    return [
        (_("Separuhnya paling lama"), said(found.median, unit)),
        (_("Sembilan dari sepuluh paling lama"), said(found.most, unit)),
        (_("Paling lama"), said(found.worst, unit)),
    ]


def beside(now: Tally, before: Tally) -> dict[str, str]:
    """How the share differs from that of the same number of days before: words, an arrow, and which way is good."""
    if now.share is None or before.share is None:
        return {
            "text": _("Belum dapat dibandingkan: kurang dari 5 janji pada salah satu masa."),
            "arrow": "", "level": "", "short": "–",
        }  # fmt: skip
    points = round(now.share) - round(before.share)
    then = number_format(round(before.share))
    if not points:
        return {
            "text": _("Sama dengan masa sebelumnya (%s %%).") % then,
            "arrow": "→",
            "level": "",
            "short": "0",
        }
    words = {"n": number_format(abs(points)), "then": then}
    if points > 0:
        return {
            "text": _("Naik %(n)s poin dari masa sebelumnya (%(then)s %%).") % words,
            "arrow": "↑", "level": "ok", "short": f"+{words['n']}",
        }  # fmt: skip
    return {
        "text": _("Turun %(n)s poin dari masa sebelumnya (%(then)s %%).") % words,
        "arrow": "↓", "level": "warn", "short": f"−{words['n']}",
    }  # fmt: skip


def counted(one: Tally) -> str:
    text = _("%(kept)s ditepati, %(missed)s terlewat, %(excluded)s tidak dihitung") % {
        "kept": number_format(one.kept), "missed": number_format(one.missed), "excluded": number_format(one.excluded),
    }  # fmt: skip
    if one.running:
        text += ", " + ngettext("%d masih berjalan", "%d masih berjalan", one.running) % one.running
    return text


def over_time(rows: Iterable[tuple[date, Tally]], step: str) -> dict[str, Any] | None:
    rows = list(rows)
    if not rows:
        return None
    tallies = [one for _start, one in rows]
    whole = sum(tallies, Tally())
    parts = {
        _("Ditepati"): [t.kept for t in tallies],
        _("Terlewat"): [t.missed for t in tallies],
        _("Tidak dihitung"): [t.excluded for t in tallies],
    }
    if whole.running:
        parts[_("Masih berjalan")] = [t.running for t in tallies]
    return stacked_chart(
        "promise-time", _("Janji %s") % {"hari": _("per hari"), "minggu": _("per minggu"), "bulan": _("per bulan")}[step], counted(whole),
        [date_format(start, FORMS[step]) for start, _one in rows],
        parts,
        round_top(max(t.whole for t in tallies)),
        colours=(2, 3, 1, 4),
    )  # fmt: skip


def distribution(
    buckets: list[tuple[float, float | None, int]], unit: str, limit: int | None
) -> dict[str, Any] | None:
    """`limit`: of one standard alone, its minutes or days."""
    if not buckets:
        return None
    name = _("menit") if unit == "minutes" else _("hari")
    target = Target(limit, _("Janji: %(n)d %(unit)s") % {"n": limit, "unit": name}) if limit else None
    most = max(buckets, key=lambda bucket: bucket[2])
    desc = _("Paling banyak dari %(from)s %(unit)s: %(n)s kali.") % {
        "from": number_format(most[0]), "unit": name, "n": number_format(most[2]),
    }  # fmt: skip
    return histogram("promise-spread", _("Sebaran lamanya"), desc, buckets, name, target=target)


def clock_field(found: dict[tuple[int, int], Tally]) -> dict[str, Any] | None:
    """Where the missed ones are, by hour and weekday; only hours and days in which anything happened."""
    if not found:
        return None
    hours = range(min(h for h, _d in found), max(h for h, _d in found) + 1)
    days = [d for d in WEEKDAYS if any(day == d for _h, day in found)]
    rows = [(f"{hour:02d}.00", [_missed(found.get((hour, day))) for day in days]) for hour in hours]
    worst = max(found.items(), key=lambda item: item[1].missed)
    names = [str(date_format(date(2024, 1, day), "l")) for day in WEEKDAYS]  # 2024 began on a Monday
    desc = _("Tidak ada yang terlewat.")
    if worst[1].missed:
        desc = _("Paling banyak terlewat: %(day)s pukul %(hour)02d, %(n)d kali.") % {
            "day": names[worst[0][1] - 1], "hour": worst[0][0], "n": worst[1].missed,
        }  # fmt: skip
    return heat_map(
        "promise-clock",
        _("Terlewat menurut jam dan hari"),
        desc,
        [names[d - 1] for d in days],
        rows,
        corner=_("Jam"),
    )


def _missed(one: Tally | None) -> int | None:
    return one.missed if one and one.whole else None
