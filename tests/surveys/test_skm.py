"""The index of public satisfaction against the worked examples of domain.md §5."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.surveys import skm
from services.surveys.skm import ELEMENTS, Scores

RESPONDENT = st.lists(st.integers(1, 4), min_size=9, max_size=9)


def scores(respondents: list[list[int]]) -> dict[str, Scores]:
    return {
        code: Scores(sum(answers[n] for answers in respondents), len(respondents))
        for n, code in enumerate(ELEMENTS)
    }


def test_the_worked_example():
    sums = (83, 84, 93, 105, 97, 99, 98, 89, 97)
    result = skm.compute({code: Scores(total, 30) for code, total in zip(ELEMENTS, sums, strict=True)})
    assert result is not None
    assert (result.ikm, result.grade, result.lowest) == (Decimal("78.24"), "B", "U1")
    assert result.nrr["U1"] == Decimal("2.767")
    assert result.indexes["U4"] == Decimal("87.50")


@pytest.mark.parametrize(
    ("given_by_all", "ikm", "letter"), [(4, "100.00", "A"), (3, "75.00", "C"), (1, "25.00", "D")]
)
def test_everybody_says_the_same(given_by_all, ikm, letter):
    """All fours are exactly one hundred: a ninth is not 0.111."""
    result = skm.compute(scores([[given_by_all] * 9] * 7))
    assert result is not None
    assert (result.ikm, result.grade) == (Decimal(ikm), letter)


@pytest.mark.parametrize(
    ("index", "letter"),
    [
        ("100.00", "A"), ("88.31", "A"), ("88.30", "B"), ("76.61", "B"), ("76.60", "C"), ("65.00", "C"), ("64.99", "D"),
        ("25.00", "D"),
    ],
)  # fmt: skip
def test_grade_limits(index, letter):
    assert skm.grade(Decimal(index)) == letter


@pytest.mark.parametrize(
    ("all_answers", "ikm", "letter"),
    [
        (12715, "88.30", "B"), (12716, "88.31", "A"), (11030, "76.60", "C"), (11032, "76.61", "B"),
        (9360, "65.00", "C"), (9359, "64.99", "D"),
    ],
)  # fmt: skip
def test_grade_limits_from_answers(all_answers, ikm, letter):
    """Four hundred people whose 3600 answers add up to so much; a point is 1/144 of the index."""
    each, more = divmod(all_answers, 3600)
    answers = [each + (n < more) for n in range(3600)]
    result = skm.compute(scores([answers[n : n + 9] for n in range(0, 3600, 9)]))
    assert result is not None
    assert (result.ikm, result.grade) == (Decimal(ikm), letter)


def test_the_grade_is_read_after_rounding():
    """88.305 is 88.31 on paper, and so an A; the exact figure would be none of the four grades."""
    total = Fraction("88.305") / 25 * 9  # the sum of nine means
    count = total.denominator
    rest, sums = total.numerator, []
    for n in range(9):
        sums.append(min(4 * count, rest - (8 - n) * count))
        rest -= sums[-1]
    result = skm.compute({code: Scores(s, count) for code, s in zip(ELEMENTS, sums, strict=True)})
    assert result is not None
    assert (result.ikm, result.grade) == (Decimal("88.31"), "A")


def test_an_element_nobody_answered_gives_no_index():
    some = scores([[4] * 9])
    assert skm.compute(some | {"U9": Scores(0, 0)}) is None
    assert skm.compute({code: some[code] for code in ELEMENTS[:8]}) is None


# Drawing forty respondents takes a second where tests share two cores.
SLOW_MACHINE = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)


@pytest.mark.parametrize("total", [6, 29])
def test_sums_that_cannot_be(total):
    with pytest.raises(ValueError, match="U3"):
        skm.compute(scores([[2] * 9] * 7) | {"U3": Scores(total, 7)})


@SLOW_MACHINE
@given(st.lists(RESPONDENT, min_size=1, max_size=40), st.randoms())
def test_bounds_and_order(respondents, chance):
    result = skm.compute(scores(respondents))
    assert result is not None
    assert Decimal(25) <= result.ikm <= Decimal(100)
    assert skm.grade(result.ikm) == result.grade
    mixed = [*respondents]
    chance.shuffle(mixed)
    assert skm.compute(scores(mixed)) == result


@SLOW_MACHINE
@given(st.lists(RESPONDENT, min_size=1, max_size=20), st.integers(0, 19), st.integers(0, 8))
def test_a_better_answer_never_lowers_the_index(respondents, who, element):
    who %= len(respondents)
    better = [list(answers) for answers in respondents]
    better[who][element] = 4
    before, after = skm.compute(scores(respondents)), skm.compute(scores(better))
    assert before is not None
    assert after is not None
    assert after.ikm >= before.ikm


@pytest.mark.parametrize(
    ("population", "sample"), [(0, 0), (1, 1), (10, 10), (50, 44), (220, 140), (1200, 291), (1_000_000, 384)]
)
def test_sample_size(population, sample):
    assert skm.sample_size(population) == sample


@given(st.integers(1, 10**7))
def test_more_people_never_need_fewer_asked(population):
    assert skm.sample_size(population) <= skm.sample_size(population + 1) <= population + 1


@pytest.mark.parametrize(
    ("value", "text"), [(Fraction(1, 200), "0.01"), (Fraction(1, 201), "0.00"), (Fraction(-1, 8), "-0.13")]
)
def test_rounding_halves_up(value, text):
    assert str(skm.rounded(value)) == text
