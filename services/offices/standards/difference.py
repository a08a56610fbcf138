"""Two versions side by side: which words came and went, item by item, and which rules changed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from services.offices.models import Standard, StandardItem
from services.offices.rule_names import RULE_NAMES, show_value
from services.offices.standards import reading

WORD = re.compile(r"\s+|[^\s\w]|\w+")
ALIKE = 0.45  # two items with this share of words in common are one item that was reworded


@dataclass(frozen=True)
class Piece:
    """`kind`: same, out (only in the old one) or in (only in the new one)."""

    kind: str
    text: str


@dataclass(frozen=True)
class Row:
    """`kind`: same, changed, out or in. `old` and `new` are empty where the version has no such thing."""

    name: str
    kind: str
    old: tuple[Piece, ...]
    new: tuple[Piece, ...]


@dataclass(frozen=True)
class Part:
    title: str
    rows: list[Row]

    @property
    def changes(self) -> int:
        return sum(row.kind != "same" for row in self.rows)


def compare(old: Standard, new: Standard) -> list[Part]:
    """Facts, sections and rules; a part without anything in either is left out."""
    parts = [Part(_("Keterangan"), _facts(old, new))]
    for section in StandardItem.Section:
        before, after = (_items(version, section) for version in (old, new))
        if before or after:
            parts.append(Part(str(section.label), _rows(before, after)))
    parts.append(Part(_("Aturan"), _rules(old, new)))
    return [part for part in parts if part.rows]


def _facts(old: Standard, new: Standard) -> list[Row]:
    def facts(version: Standard) -> dict[str, str]:
        return {
            _("Judul"): version.title,
            _("Nomor SK"): version.decree_number,
            _("Tanggal SK"): _day(version.decree_date),
            _("Berlaku mulai"): _day(version.effective_on),
            _("Maklumat pelayanan"): version.pledge,
        }

    before, after = facts(old), facts(new)
    return [_row(name, before[name], after[name]) for name in before if before[name] or after[name]]


def _day(day) -> str:
    return date_format(day, "DATE_FORMAT") if day else ""


def _rules(old: Standard, new: Standard) -> list[Row]:
    """Those that changed; all others stand in the table of the version."""
    before, after = ({r.key: r.value for r in version.rule_set.all()} for version in (old, new))
    return [
        _row(str(name), show_value(key, before.get(key)), show_value(key, after.get(key)))
        for key, name in RULE_NAMES.items()
        if (key in before or key in after) and not reading.same(key, before.get(key), after.get(key))
    ]


def _items(version: Standard, section: str) -> list[tuple[str, str, str]]:
    """Label (its place where it has none), channel and text of each."""
    return [
        (i.label or str(i.position), i.get_channel_display(), i.text)
        for i in version.items.all()
        if i.section == section
    ]


def _rows(old: list[tuple[str, str, str]], new: list[tuple[str, str, str]]) -> list[Row]:
    matcher = SequenceMatcher(None, [item[1:] for item in old], [item[1:] for item in new], autojunk=False)
    rows = []
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            rows += [_item(one, other) for one, other in zip(old[a:b], new[c:d], strict=True)]
        else:
            rows += [_item(one, other) for one, other in _pairs(old[a:b], new[c:d])]
    return rows


def _pairs(old: list, new: list):
    """Reworded items beside each other, in both their orders; what has no match stands alone."""
    if len(old) == len(new) == 1:
        return zip_longest(old, new)
    found, c = [], 0
    for one in old:
        match = next((n for n in range(c, len(new)) if _alike(one[2], new[n][2])), None)
        if match is None:
            found.append((one, None))
            continue
        found += [(None, other) for other in new[c:match]]
        found.append((one, new[match]))
        c = match + 1
    return [*found, *((None, other) for other in new[c:])]


def _alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, one.split(), other.split(), autojunk=False).ratio() >= ALIKE


def _item(old, new) -> Row:
    label = (new or old)[0]
    channels = {item[1] for item in (old, new) if item}
    if len(channels) > 1:  # moved to the other channel: said in words, not only by its place
        return _row(label, f"{old[1]}: {old[2]}", f"{new[1]}: {new[2]}")
    return _row(label, old[2] if old else None, new[2] if new else None)


def _row(name: str, old: str | None, new: str | None) -> Row:
    if old == new:
        return Row(name, "same", (Piece("same", old or ""),), (Piece("same", new or ""),))
    if not old:
        return Row(name, "in", (), (Piece("in", new or ""),))
    if not new:
        return Row(name, "out", (Piece("out", old),), ())
    return Row(name, "changed", *_words(old, new))


def _words(old: str, new: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Word by word; a blank between two changed words belongs to the change."""
    a, b = WORD.findall(old), WORD.findall(new)
    left: list[Piece] = []
    right: list[Piece] = []
    for tag, i, j, k, n in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag == "equal" and not "".join(a[i:j]).strip() and left and right:
            _add(left, left[-1].kind, "".join(a[i:j]))
            _add(right, right[-1].kind, "".join(b[k:n]))
            continue
        _add(left, "same" if tag == "equal" else "out", "".join(a[i:j]))
        _add(right, "same" if tag == "equal" else "in", "".join(b[k:n]))
    return tuple(left), tuple(right)


def _add(pieces: list[Piece], kind: str, text: str) -> None:
    if not text:
        return
    if pieces and pieces[-1].kind == kind:
        pieces[-1] = Piece(kind, pieces[-1].text + text)
    else:
        pieces.append(Piece(kind, text))
