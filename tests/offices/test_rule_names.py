"""Rules in words, as the supervisor and the public read them."""

from __future__ import annotations

import pytest

from services.offices.rule_names import promises, show_value
from services.offices.rules import Clock, Rules


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"onsite": ["Buku"], "online": ["Buku"]}, "Buku"),
        ({"onsite": ["Buku", "Peta"], "online": ["Softcopy"]}, "di kantor: Buku, Peta; online: Softcopy"),
        ({"onsite": [], "online": ["Softcopy"]}, "Softcopy"),
        ({"onsite": [], "online": []}, "tidak ada"),
    ],
)
def test_products_are_said_once(value, words):
    assert show_value("products", value) == words


def test_promises_in_words():
    rules = Rules(clock_onsite=Clock("guest_book", 5), clock_online=Clock("submitted", None, 3))
    assert [tuple(p) for p in promises(rules)] == [
        ("di kantor", "5 menit", "setelah buku tamu diisi"),
        ("online", "3 hari kerja", "sejak permintaan diajukan"),
    ]


@pytest.mark.parametrize("start", ["arrival", "ticket", "previous_finished", "guest_book"])
def test_every_start_of_a_clock_has_words_of_its_own(start):
    (promise,) = promises(Rules(clock_onsite=Clock(start, 10)))
    assert promise.start not in ("", start)


def test_no_clock_is_no_promise():
    assert promises(Rules()) == promises(Rules(clock_onsite=Clock("arrival"))) == []
