"""How many people came together with one number."""

from __future__ import annotations

MOST_PEOPLE = 60


def party_size(text: str) -> int:
    """What was typed or chosen; whatever is not a sensible number is one person."""
    number = int(text) if text.isdecimal() and len(text) < 4 else 1
    return min(max(number, 1), MOST_PEOPLE)
