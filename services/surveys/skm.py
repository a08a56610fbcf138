"""The index of public satisfaction (SKM, PermenPANRB 14/2017; domain.md §5), computed exactly.

Nine elements are scored 1–4. The mean of each (NRR) weighs one ninth, exactly: published reports round it to 0.11 or
0.111, and so get 99.0 or 99.9 where everybody gave a four. The sum times 25 is the index (IKM), rounded to two decimals,
halves up; the grade is read from the rounded figure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

# Some offices' forms swap U8 and U9: the code counts, never the position.
ELEMENTS = ("U1", "U2", "U3", "U4", "U5", "U6", "U7", "U8", "U9")
LOWEST, HIGHEST = 1, 4
TIMES = 25
# The least index of each grade, after rounding.
GRADES = (("A", Decimal("88.31")), ("B", Decimal("76.61")), ("C", Decimal("65.00")), ("D", Decimal("25.00")))

# Krejcie & Morgan (1970): chi square for one degree of freedom at 95 %, the share and the error that are assumed.
CHI_SQUARE, SHARE, ERROR = Fraction("3.841"), Fraction("0.5"), Fraction("0.05")


@dataclass(frozen=True)
class Scores:
    """What was answered about one element: the sum of its scores and how many answered."""

    total: int
    count: int


@dataclass(frozen=True)
class Result:
    """`nrr`: the mean of each element, to three decimals; `ikm` and `grade` of all nine."""

    nrr: dict[str, Decimal]
    indexes: dict[str, Decimal]  # NRR × 25: each element on the scale of the index
    ikm: Decimal
    grade: str
    lowest: str  # the element to work on first


def compute(scores: Mapping[str, Scores]) -> Result | None:
    """None where an element has no answer: an index of fewer than nine elements is not comparable with any other.

    Raises ValueError for sums that no answers of 1–4 can give.
    """
    if any(code not in scores or not scores[code].count for code in ELEMENTS):
        return None
    means: dict[str, Fraction] = {}
    for code in ELEMENTS:
        total, count = scores[code].total, scores[code].count
        if not LOWEST * count <= total <= HIGHEST * count:
            raise ValueError(f"{code}: {count} answers of {LOWEST}–{HIGHEST} cannot add up to {total}")
        means[code] = Fraction(total, count)
    ikm = rounded(sum(means.values(), Fraction(0)) / len(ELEMENTS) * TIMES)
    return Result(
        nrr={code: rounded(mean, 3) for code, mean in means.items()},
        indexes={code: rounded(mean * TIMES) for code, mean in means.items()},
        ikm=ikm,
        grade=grade(ikm),
        lowest=min(ELEMENTS, key=lambda code: means[code]),
    )


def grade(index: Decimal) -> str:
    """Of an index of two decimals. Raises ValueError below 25, which no answers give."""
    for letter, least in GRADES:
        if index >= least:
            return letter
    raise ValueError(f"no grade for {index}")


def sample_size(population: int) -> int:
    """How many of so many people served are to be asked (Krejcie–Morgan), to the nearest whole person."""
    if population <= 0:
        return 0
    spread = CHI_SQUARE * SHARE * (1 - SHARE)
    wanted = spread * population / (ERROR**2 * (population - 1) + spread)
    return min(population, int(rounded(wanted, 0)))


def rounded(value: Fraction, places: int = 2) -> Decimal:
    """Halves up, from the exact value: a decimal quotient would be rounded twice."""
    scale = 10**places
    whole, rest = divmod(abs(value.numerator) * scale, value.denominator)
    whole += 2 * rest >= value.denominator
    return (Decimal(whole) / scale * (1 if value >= 0 else -1)).quantize(
        Decimal(1).scaleb(-places), ROUND_HALF_UP
    )
