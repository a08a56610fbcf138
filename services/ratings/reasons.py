"""Why it was good or not: chips to tap beside the stars, each about an element of the service (PermenPANRB 14/2017).

The same thing can be praised and complained of: the stars say which. Codes are stored and never reused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Reason:
    """`good` is said for four stars or five, `bad` for fewer."""

    code: str
    element: str
    good: Any
    bad: Any


REASONS = (
    Reason("time", "U3", _("Cepat"), _("Menunggu lama")),
    Reason("conduct", "U7", _("Ramah"), _("Kurang ramah")),
    Reason("competence", "U6", _("Jelas dan membantu"), _("Kurang jelas")),
    Reason("product", "U5", _("Datanya ada"), _("Datanya tidak ada")),
    Reason("procedure", "U2", _("Mudah"), _("Membingungkan")),
    Reason("facilities", "U8", _("Nyaman"), _("Kurang nyaman")),
)
GOOD = 4
CODES = frozenset(reason.code for reason in REASONS)


def offered(stars: int) -> list[tuple[str, Any]]:
    """What can be tapped beside so many stars."""
    return [(reason.code, reason.good if stars >= GOOD else reason.bad) for reason in REASONS]


def words(stars: int, codes: list[str]) -> list[Any]:
    """What was meant by them."""
    return [word for code, word in offered(stars) if code in codes]
