"""The five real standards with their lists numbered in other ways: what is read must stay the same."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.offices.reader import ParsedStandard, read_standard

from .reader_support import SEEDS, channels, kinds, rules, seed, seed_text

BULLETS = ["-", "•", "- 1.", "- a)"]
NUMBERS = ["1.", "1)", "(1)", "a.", "a)", "(a)", "A.", "A)", "i."]
# The styles of the two lists inside SW's fourth step (TR's third step has the second one only).
INNER = [
    ("a.", "1)"),
    ("a.", "1."),
    ("a)", "(1)"),
    ("A.", "i."),
    ("1.", "a."),
    ("1)", "a)"),
    ("a.", "•"),
    ("1)", "1)"),
]
# "**1. Layanan …**" and "- 1) **Layanan …**": the marker of a main list, wherever the asterisks stand.
_ENTRY = re.compile(r"^(?P<bold>\*\*)?(?:- )?(?P<number>\d{1,2})[.)] ")
_INSIDE = re.compile(r"(?<= )(?:(?P<letter>[ab])\.|(?P<digit>[12])\)) ")
_ROMAN = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv"]


def marker(style: str, number: int) -> str:
    """marker("(1)", 3) is "(3)", marker("A.", 3) is "C."."""
    letter = chr(96 + number)
    shapes = {"1": str(number), "a": letter, "A": letter.upper(), "i": _ROMAN[number - 1]}
    return re.sub(r"[1aAi]", lambda shape: shapes[shape[0]], style)


def renumber(text: str, style: str, inner: tuple[str, str] | None = None) -> str:
    """Every main list in another style, and with ``inner`` also the lists inside its entries."""
    return "\n".join(_renumber_line(line, style, inner) for line in text.split("\n"))


def _renumber_line(line: str, style: str, inner: tuple[str, str] | None) -> str:
    entry = _ENTRY.match(line)
    if not entry:
        return line
    # A bullet stands outside of the asterisks, as markdown wants it.
    bullet, number = re.fullmatch(r"([-•] ?)?(.*)", style).groups("")  # type: ignore[union-attr]
    mark = f"{bullet.strip()} {entry['bold'] or ''}{marker(number, int(entry['number']))} ".replace("  ", " ")
    rest = line[entry.end() :]
    if inner and re.search(r": (?:a\.|1\)) ", rest):
        rest = _INSIDE.sub(lambda m: _inner_marker(m, inner), rest)
    return mark.lstrip(" ") + rest


def _inner_marker(match: re.Match[str], styles: tuple[str, str]) -> str:
    letter = match["letter"]
    return (marker(styles[0], ord(letter) - 96) if letter else marker(styles[1], int(match["digit"]))) + " "


def meaning(parsed: ParsedStandard) -> dict[str, Any]:
    """What must not depend on numbering: items, channels, nesting, what is unplaced, warnings, every rule."""
    return {
        "items": [(i.section, i.channel, i.depth, i.parent, i.text) for i in parsed.items],
        "unplaced": [u.text for u in parsed.unplaced],
        "warnings": [re.sub(r"\(.*?\)", "", warning) for warning in parsed.warnings],  # they cite labels
        **rules(parsed),
    }


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("style", [*NUMBERS, *BULLETS])
@pytest.mark.parametrize("short", SEEDS)
def test_main_lists_in_another_style(short, style):
    assert meaning(read_standard(renumber(seed_text(short), style))) == meaning(seed(short))


@pytest.mark.parametrize("style", NUMBERS)
@pytest.mark.parametrize("short", SEEDS)
def test_main_lists_in_another_style_all_on_one_line(short, style):
    """Without "-": in running text a dash is no marker."""
    found = meaning(read_standard(flat(renumber(seed_text(short), style))))
    assert found == meaning(read_standard(flat(seed_text(short))))


@pytest.mark.parametrize("inner", INNER, ids="+".join)
@pytest.mark.parametrize("style", [*NUMBERS, *BULLETS])
def test_lists_inside_an_entry_in_any_style(style, inner):
    for short in ("TR", "SW"):
        assert meaning(read_standard(renumber(seed_text(short), style, inner))) == meaning(seed(short))


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from([*NUMBERS, *BULLETS]), st.sampled_from(INNER), st.integers(45, 120))
def test_lists_inside_an_entry_that_is_wrapped(style, inner, width):
    """A wrapped line may start or end with an inner marker. Left out: two styles that are the same, because a line
    that starts with one of them may then go on with either list, and bullets, for the same reason."""
    if inner[0] == inner[1] or "•" in inner:
        return
    text = seed_text("SW")
    both = zip(text.split("\n"), renumber(text, style, inner).split("\n"), strict=True)
    wrapped = "\n".join(_wrap(line, width) if _ENTRY.match(before) else line for before, line in both)
    assert meaning(read_standard(wrapped)) == meaning(seed("SW"))


def _wrap(text: str, width: int) -> str:
    """Lines of that width. None ends with a full stop: what stands behind that is a sentence of its own."""
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width and lines[-1][-1] not in ".:":
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)


def test_two_nested_lists_of_the_same_bullets_cannot_be_told_apart():
    """ "• Layanan Tercetak • membaca • memperoleh • Layanan Digital • …": not even a person sees what is inside what
    without knowing the service. No item and no channel may get lost; the nesting is left flat."""
    found = read_standard(renumber(seed_text("SW"), "1.", ("•", "•")))
    expected = seed("SW")
    assert [(i.section, i.channel, i.text) for i in found.items] == [
        (i.section, i.channel, i.text) for i in expected.items
    ]
    assert {i.depth for i in found.items} == {0, 1}
    assert kinds(found) == kinds(expected)


HEAD = "Pelayanan Perpustakaan BPS Kota Ternate\n\nProsedur\n\n"


def outline(procedure: str) -> list[str]:
    """Labels and texts of a procedure: ["1 Datang", "2 Membaca:", "2.a Buku"]."""
    parsed = read_standard(f"{HEAD}{procedure}\n\nBiaya\nGratis\n")
    return [f"{i.label} {i.text}".strip() for i in parsed.items if i.section == "procedure"]


@pytest.mark.parametrize(
    ("procedure", "expected"),
    [
        # as many inner entries as the main list has so far: the line goes on with the list of lines
        ("1) Datang\n2) Membaca: 1) Buku 2) Majalah\n3) Pulang", ["1 Datang", "2 Membaca:", "2.1 Buku", "2.2 Majalah", "3 Pulang"]),
        ("1) Membaca: 1) Buku 2) Majalah\n2) Pulang", ["1 Membaca:", "1.1 Buku", "1.2 Majalah", "2 Pulang"]),
        # the same on one line, where only the numbers tell
        ("1) Membaca: 1) Buku 2) Majalah 2) Pulang 3) Menilai", ["1 Membaca:", "1.1 Buku", "1.2 Majalah", "2 Pulang", "3 Menilai"]),
        # nobody announces the inner list, but the main list goes on behind it
        ("1. Datang\n2. Membaca buku 1. Umum 2. Langka\n3. Pulang", ["1 Datang", "2 Membaca buku", "2.1 Umum", "2.2 Langka", "3 Pulang"]),
        # numbers in a sentence that look like the next entry
        ("1. Datang ke gedung blok 2. Menunggu\n2. Membaca", ["1 Datang ke gedung blok 2. Menunggu", "2 Membaca"]),
        ("A. Datang ke Jalan Jend. A. Yani lalu masuk\nB. Membaca", ["A Datang ke Jalan Jend. A. Yani lalu masuk", "B Membaca"]),
        # an inner list that is wrapped, its marker at the end or the start of a line
        ("1. Membaca: a. Buku b.\nMajalah lama\nc. Koran\n2. Pulang", ["1 Membaca:", "1.a Buku", "1.b Majalah lama", "1.c Koran", "2 Pulang"]),
        # doubled markers do not end the list they stand in
        ("1. 1. Datang\n2. 1. Membaca\n3. 1. Pulang", ["1 Datang", "2.1 Membaca", "3.1 Pulang"]),
    ],
)  # fmt: skip
def test_which_list_a_marker_belongs_to(procedure, expected):
    assert outline(procedure) == expected


@pytest.mark.parametrize("glue", ["\n", " "])
def test_a_channel_named_inside_an_entry_holds_to_its_end_only(glue):
    procedure = glue.join(
        [
            "1. Pengguna datang dan mengisi buku tamu", "2. Layanan yang tersedia:",
            "a. Layanan langsung", "1) Membaca buku di ruang baca", "2) Meminjam buku",
            "b. Layanan online", "1) Mencari pustaka", "2) Membaca softcopy",
            "3. Pengguna memberikan penilaian", "4. Pengguna pulang",
        ]
    )  # fmt: skip
    parsed = read_standard(f"{HEAD}{procedure}\n\nBiaya\nGratis\n")
    assert channels(parsed, "procedure") == "oo" + "oo" + "nn" + "oo"
    assert kinds(parsed) == ["guest_book", "service", "rating", "finish"]
