"""Numbers of copies, and pages as people write them."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from library.digital import ranges, serials
from services.codes import READABLE

DAY = date(2026, 11, 22)


def test_a_serial_names_office_and_year_and_fits_its_column():
    serial = serials.new("7411", DAY)
    assert serial.startswith("PST-7411-26-")
    assert len(serial) == 24
    assert serials.read(serial) == serial
    assert len({serials.new("7411", DAY) for _n in range(500)}) == 500


@pytest.mark.parametrize(
    "as_typed",
    [
        str.lower,
        lambda s: s.replace("-", " "),
        lambda s: s.replace("-", ""),
        lambda s: s.replace("-", "–"),
        lambda s: s.removeprefix("PST-"),
        lambda s: f"  https://pst.example.test/periksa/{s}/ ",
        lambda s: s.replace("7411", "74ll").replace("PST", "pst"),
        lambda s: "".join(chr(ord(c) + 0xFEE0) for c in s),  # full width
    ],
)
def test_what_people_type_is_understood(as_typed):
    serial = serials.new("7411", DAY)
    assert serials.read(as_typed(serial)) == serial


@given(st.integers(4, 23), st.sampled_from(READABLE + "0123456789"))
def test_one_wrong_sign_is_noticed(place, sign):
    serial = serials.new("7411", DAY)
    if serial[place] == "-":
        return
    other = serial[:place] + sign + serial[place + 1 :]
    assert (serials.read(other) == serial) == (other == serial)
    if other != serial:
        assert serials.read(other) is None


@given(st.text(max_size=60))
def test_no_text_is_too_odd(text):
    found = serials.read(text)
    assert found is None or serials.read(found) == found


@pytest.mark.parametrize(
    ("typed", "pages"),
    [
        ("1-3, 7, 12–15", [1, 2, 3, 7, 12, 13, 14, 15]),
        ("hal. 3 s/d 5 dan 9", [3, 4, 5, 9]),
        ("5 sampai 3; 4", [3, 4, 5]),
        ("halaman 2,2,2-2", [2]),
        ("1 — 2 & 4", [1, 2, 4]),
        ("1\n2 3", [1, 2, 3]),
        ("", []),
        (" , ;", []),
    ],
)
def test_ranges(typed, pages):
    assert ranges.parse(typed, 20) == pages


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ("1, abc", "abc"), ("0", "0"), ("21", "21"), ("3-99", "3-99"), ("1--", "1-"), ("12-", "12-"),
        ("1-2-3", "1-2-3"), ("1.5", "1.5"), ("1-999999999", "1-999999999"), ("١", "١"),
    ],
)  # fmt: skip
def test_the_bad_part_is_named(typed, named):
    with pytest.raises(ValidationError) as refused:
        ranges.parse(typed, 20)
    assert f"“{named}”" in refused.value.messages[0]


@given(st.sets(st.integers(1, 400), max_size=60))
def test_words_say_the_same_pages(pages):
    assert ranges.parse(ranges.words(pages), 400) == sorted(pages)


@given(st.text(alphabet="0123456789-–, ;sd./halmndnto", max_size=40))
def test_any_text_is_pages_or_named(text):
    try:
        found = ranges.parse(text, 50)
    except ValidationError:
        return
    assert all(1 <= page <= 50 for page in found)
