"""What the TV says: number words of both languages, the segments of a call, and the recordings behind them."""

from __future__ import annotations

import json
import re

import pytest
from django.conf import settings
from django.test import Client

from queueing import speech
from services.accounts.devices import cookie_name

AUDIO = settings.BASE_DIR / "static" / "audio"
# Examples written down by hand, not made by the code they check.
INDONESIAN = {
    0: "nol", 7: "tujuh", 10: "sepuluh", 11: "sebelas", 12: "dua belas", 19: "sembilan belas", 20: "dua puluh",
    21: "dua puluh satu", 99: "sembilan puluh sembilan", 100: "seratus", 101: "seratus satu", 110: "seratus sepuluh",
    111: "seratus sebelas", 115: "seratus lima belas", 200: "dua ratus", 342: "tiga ratus empat puluh dua",
    999: "sembilan ratus sembilan puluh sembilan",
}  # fmt: skip
ENGLISH = {
    0: "zero", 7: "seven", 12: "twelve", 13: "thirteen", 20: "twenty", 21: "twenty one", 40: "forty",
    99: "ninety nine", 100: "one hundred", 101: "one hundred one", 115: "one hundred fifteen", 342: "three hundred forty two",
    999: "nine hundred ninety nine",
}  # fmt: skip
VALUE_ID = {
    "satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "delapan": 8, "sembilan": 9,
}  # fmt: skip


def value(words: list[str]) -> int:
    """Indonesian number words read back, by another way than they were made."""
    total = 0
    for word in words:
        if word == "belas":
            total += 10
        elif word == "puluh":
            total += 9 * (total % 10)
        elif word == "ratus":
            total *= 100
        else:
            total += {"sepuluh": 10, "sebelas": 11, "seratus": 100}.get(word) or VALUE_ID.get(word, 0)
    return total


@pytest.mark.parametrize(("language", "examples"), [("id", INDONESIAN), ("en", ENGLISH)])
def test_number_words(language, examples):
    assert {n: " ".join(speech.words(n, language)) for n in examples} == examples


def test_every_indonesian_number_reads_back_as_itself():
    assert [value(speech.words(n)) for n in range(1000)] == list(range(1000))


def test_no_two_numbers_sound_alike():
    for language in speech.PHRASES:
        assert len({tuple(speech.words(n, language)) for n in range(1000)}) == 1000


@pytest.mark.parametrize("number", [-1, 1000])
def test_beyond_the_words_there_are_none(number):
    with pytest.raises(ValueError, match="0 to 999"):
        speech.words(number)


@pytest.mark.parametrize(
    ("label", "counter", "text"),
    [
        ("A012", 1, "Nomor antrian, A, nol dua belas, silakan ke loket satu"),
        ("B007", 12, "Nomor antrian, B, nol nol tujuh, silakan ke loket dua belas"),
        ("A000", 2, "Nomor antrian, A, nol nol nol, silakan ke loket dua"),
        ("KS105", 3, "Nomor antrian, K S, seratus lima, silakan ke loket tiga"),
        ("A1000", 1, "Nomor antrian, A, satu nol nol nol, silakan ke loket satu"),
    ],
)
def test_a_call_in_words(label, counter, text):
    assert speech.call(label, counter).text == text


def test_a_call_in_english():
    assert (
        speech.call("A012", 21, "en").text == "Queue number, A, zero twelve, please go to counter twenty one"
    )


def test_a_call_in_segments():
    assert speech.call("A012", 1).segments == (
        "id/nomor-antrian , id/a , id/nol id/dua id/belas , id/silakan-ke-loket id/satu"
    )


@pytest.mark.parametrize("language", ["id", "en"])
def test_everything_that_can_be_said_has_a_recording(language):
    needed = set()
    for letter in speech.LETTERS:
        for number in range(1000):
            needed |= set(speech.call(f"{letter}{number:03d}", number, language).segments.split())
    needed.discard(speech.PAUSE)
    assert [name for name in sorted(needed) if not (AUDIO / f"{name}.mp3").is_file()] == []
    assert needed == {speech.segment(language, word) for word in speech.vocabulary(language)}


def test_no_recording_is_left_over_and_together_they_are_small():
    files = list(AUDIO.rglob("*.mp3"))
    assert {str(f.relative_to(AUDIO).with_suffix("")) for f in files} == set(speech.recordings())
    assert sum(f.stat().st_size for f in files) < 600_000


@pytest.fixture
def tv(make_device, office) -> Client:
    client = Client()
    client.cookies[cookie_name("display")] = make_device(office, "display")[1]
    return client


def test_each_recording_is_served_as_sound(tv):
    page = tv.get("/layar/").content.decode()
    found = re.search(r'data-recordings="([^"]+)"', page)
    addresses = json.loads(found.group(1).replace("&quot;", '"'))
    assert set(addresses) == set(speech.recordings())
    for address in addresses.values():
        answer = Client().get(address)
        assert (answer.status_code, answer["Content-Type"]) == (200, "audio/mpeg")
