"""Number and secret are not to be guessed: how long they are, what is told of a wrong one, and how often one may try."""

from __future__ import annotations

import math
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import crypto

from complaints.workflows import lodging
from services.accounts import limits
from services.audit.actors import VISITOR
from services.codes import READABLE
from tests.complaints.support import lodge

URL = "/7411/pengaduan/status/"
UNKNOWN = "P7411-AAAAAA"
WRONG = "AAAA-BBBB-CCCC"


def ask(number: str, secret: str, **client):
    return Client(**client).post(URL, {"number": number, "secret": secret})


def test_every_letter_of_the_secret_is_a_matter_of_chance():
    """Twelve of 31 letters are 59 bits. Of 2,000 secrets no place favours a letter by more than chance does."""
    assert 12 * math.log2(len(READABLE)) > 59
    made = [lodging.secret_of(f"7411\x1fkey {n}\x1fKipas").replace("-", "") for n in range(2_000)]
    assert len(set(made)) == len(made)
    for place in range(12):
        counts = [sum(one[place] == letter for one in made) for letter in READABLE]
        expected = len(made) / len(READABLE)
        chi2 = sum((count - expected) ** 2 / expected for count in counts)
        assert (
            chi2 < 90
        )  # 30 degrees of freedom: once in 10 million; a letter twice as often would give 65 and more, with 8 in 256 too many 110


def test_without_the_servers_own_secret_it_is_another(settings):
    mine = lodging.secret_of("7411\x1fkey\x1fKipas")
    settings.SECRET_KEY = "somebody else's"
    assert lodging.secret_of("7411\x1fkey\x1fKipas") != mine


def test_an_unknown_number_and_a_wrong_secret_are_told_and_treated_alike(office, monkeypatch):
    """The same words, status and headers, after the same questions to the database, hashes and comparisons: there is no way
    out before they are all done, so that no clock tells the two apart."""
    real = lodge(office).number
    asked, compared, hashed = [], [], []
    compare, hash_secret = crypto.constant_time_compare, lodging.hash_secret
    monkeypatch.setattr(
        lodging, "constant_time_compare", lambda a, b: compared.append((len(a), len(b))) or compare(a, b)
    )
    monkeypatch.setattr(lodging, "hash_secret", lambda s: hashed.append(1) or hash_secret(s))
    told = []
    for number in (UNKNOWN, real):
        with CaptureQueriesContext(connection) as queries:
            response = ask(number, WRONG)
        asked.append([re.sub(r"'[^']*'|\d+", "?", q["sql"]) for q in queries])
        page = response.content.decode().replace(number, "NOMOR")
        page = re.sub(r'<meta name="server-time"[^>]*>', "", page)
        page = re.sub(r'(name="csrfmiddlewaretoken" value="|"X-CSRFToken": ")[^"]+"', "", page)
        told.append((response.status_code, re.sub(r'nonce="[^"]+"', "", page), sorted(response.headers)))
    assert told[0] == told[1]
    assert asked[0] == asked[1]
    assert compared == [(64, 64), (64, 64)]
    assert len(hashed) - 1 == 2  # the stored one of nobody is hashed too


def test_one_address_may_try_so_often(office, monkeypatch):
    monkeypatch.setitem(limits.LIMITS, "complaint status", 3)
    complaint, secret = lodging.lodge(office=office, text="A", channel="online", by=VISITOR)
    assert [ask(UNKNOWN, WRONG).status_code for _n in range(4)] == [422, 422, 422, 429]
    assert ask(complaint.number, secret).status_code == 429
    assert ask(complaint.number, secret, REMOTE_ADDR="198.51.100.9").status_code == 200


@pytest.mark.parametrize("known", [True, False])
def test_wrong_tries_of_a_number_close_it_where_they_come_from_and_nowhere_else(office, monkeypatch, known):
    monkeypatch.setitem(limits.LIMITS, "complaint number", 3)
    complaint, secret = lodging.lodge(office=office, text="A", channel="online", by=VISITOR)
    number = complaint.number if known else UNKNOWN
    told = [ask(number.lower() if n % 2 else number, WRONG) for n in range(5)]
    assert [one.status_code for one in told] == [422, 422, 422, 429, 429]
    elsewhere = ask(number, secret, REMOTE_ADDR="198.51.100.77")
    assert elsewhere.status_code == (200 if known else 422)
    other, theirs = lodging.lodge(office=office, text="B", channel="online", by=VISITOR)
    assert ask(other.number, theirs).status_code == 200


def test_tries_from_everywhere_are_slowed_and_the_right_secret_opens_at_once(office, monkeypatch):
    waited = []
    monkeypatch.setattr(limits, "sleep", waited.append)
    monkeypatch.setitem(limits.LIMITS, "complaint number all", 3)
    complaint, secret = lodging.lodge(office=office, text="A", channel="online", by=VISITOR)
    told = [ask(complaint.number, WRONG, REMOTE_ADDR=f"198.51.100.{n}").status_code for n in range(5)]
    assert (told, waited) == ([422] * 5, [limits.WAIT] * 2)
    assert ask(complaint.number, secret, REMOTE_ADDR="198.51.100.77").status_code == 200
    assert len(waited) == 2


def test_a_million_addresses_do_not_guess_a_secret():
    """What docs/decisions/038 says: all of them, all year, at the limit of each."""
    tries = 1_000_000 * limits.LIMITS["complaint number"] * 24 * 365
    assert tries / len(READABLE) ** 12 < 1e-6


def test_the_right_one_is_not_counted(office, monkeypatch):
    monkeypatch.setitem(limits.LIMITS, "complaint number", 2)
    complaint, secret = lodging.lodge(office=office, text="A", channel="online", by=VISITOR)
    assert {ask(complaint.number, secret).status_code for _n in range(4)} == {200}
