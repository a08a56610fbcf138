"""Looking things up in a parsed standard, and writing down what a rule rests on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from .denial import promised
from .facts import SECTION_NAMES, Certainty, DerivedRule, Item, ParsedStandard
from .text import key

LONGEST = 4000


class Reading:
    """The items of a standard with the comparison form of their texts."""

    def __init__(self, parsed: ParsedStandard) -> None:
        self.parsed = parsed
        self._keys = {id(item): key(item.text[:LONGEST]) for item in parsed.items}

    def key(self, item: Item) -> str:
        """Lower-case display text without markup."""
        return self._keys[id(item)]

    def items(self, section: str, channel: str | None = None) -> list[Item]:
        """The items of a section that hold for a channel (those for both hold for each)."""
        return [
            item
            for item in self.parsed.items
            if item.section == section and (channel is None or item.channel in (channel, "both"))
        ]

    def hits(self, pattern: re.Pattern[str], section: str, channel: str | None = None) -> list[Item]:
        """The items in which the pattern occurs."""
        return [item for item in self.items(section, channel) if pattern.search(self.key(item))]

    def promises(self, pattern: re.Pattern[str], section: str, channel: str | None = None) -> list[Item]:
        """The items in which it occurs without being denied."""
        return [item for item in self.items(section, channel) if promised(pattern, self.key(item))]

    def denials(self, pattern: re.Pattern[str], section: str, channel: str | None = None) -> list[Item]:
        """The items in which it occurs, but only denied."""
        kept = self.promises(pattern, section, channel)
        return [item for item in self.hits(pattern, section, channel) if item not in kept]

    def first(self, pattern: re.Pattern[str], section: str, channel: str | None = None) -> Item | None:
        """The first such item."""
        return next(iter(self.hits(pattern, section, channel)), None)


def sentences(text: str) -> list[str]:
    """Sentences of a key; links and numbers keep their dots."""
    return [part for part in re.split(r"(?<=[a-z)%])[.;]\s+|(?<=\d)[.;]\s+(?=[a-z])", text) if part.strip()]


def cite(items: Iterable[Item]) -> str:
    """'Persyaratan butir 3 dan 5; Waktu Penyelesaian butir 1'."""
    by_section: dict[str, list[str]] = {}
    for item in items:
        by_section.setdefault(SECTION_NAMES[item.section], []).append(item.label or str(item.position))
    return "; ".join(
        f"{name} butir {', '.join(dict.fromkeys(labels))}" for name, labels in by_section.items()
    )


def rule(
    name: str, value: Any, items: Iterable[Item], note: str, *, certainty: Certainty | None = None
) -> DerivedRule:
    """A rule with its evidence. Without evidence it is a default, with evidence it counts as stated."""
    used = list(dict.fromkeys(items))
    sure: Certainty = certainty or ("stated" if used else "default")
    text = f"{note} ({cite(used)})." if used else f"{note}."
    return DerivedRule(name, value, tuple((item.section, item.position) for item in used), sure, text)


def flag(name: str, items: list[Item], yes: str, no: str, denied: Iterable[Item] = ()) -> DerivedRule:
    """A yes-or-no rule: true when some item says so, false when the text denies it, else a default of false."""
    if not items and (against := list(denied)):
        return rule(name, False, against, f"{no}, menurut naskah")
    return rule(name, bool(items), items, yes if items else f"{no}; naskah tidak menyebutnya")


def told(
    reading: Reading, name: str, pattern: re.Pattern[str], place: tuple[str, str | None], yes: str, no: str
) -> DerivedRule:
    """A yes-or-no rule about one word in one place (section, channel)."""
    return flag(name, reading.promises(pattern, *place), yes, no, reading.denials(pattern, *place))
