"""What was taken home is rated once, when it is over, by whoever has its address."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from library.models import Copy, Loan, Publication
from library.workflows import rating
from services.ratings.models import Rating


@pytest.fixture
def loan(office):
    book = Publication.objects.create(title="Buku", keeper=office)
    copy = Copy.objects.create(office=office, publication=book, barcode="99001", state="shelf")
    now = timezone.now()
    return Loan.objects.create(
        office=office, copy=copy, kind="loan", out_at=now - timedelta(days=9), due_on=office.today(), state="returned",
        back_at=now - timedelta(days=2),
    )  # fmt: skip


def test_once(loan):
    url = rating.address(loan)
    assert Client().post(url, {"stars": "4", "comment": "Bagus"}).status_code == 302
    Client().post(url, {"stars": "1"})
    given = Rating.objects.get()
    assert (given.about, given.about_pk, given.stars, given.comment) == ("loan", loan.pk, 4, "Bagus")
    assert "4 dari 5" in Client().get(url).content.decode()


def test_opening_it_rates_nothing_and_tells_nobodys_name(loan):
    page = Client().get(rating.address(loan))
    assert page.status_code == 200
    assert not Rating.objects.exists()


@pytest.mark.parametrize("when", ["still out", "too long ago"])
def test_not_before_it_is_over_and_not_for_ever(loan, when):
    ended = None if when == "still out" else timezone.now() - rating.WITHIN
    Loan.objects.update(back_at=ended)
    assert 'name="stars"' not in Client().get(rating.address(loan)).content.decode()
    Client().post(rating.address(loan), {"stars": "4"})
    assert not Rating.objects.exists()


def test_without_stars_nothing_is_stored_and_the_word_stays(loan):
    answer = Client().post(rating.address(loan), {"comment": "Kurang jelas"})
    assert answer.status_code == 422
    assert "Kurang jelas" in answer.content.decode()


@pytest.mark.parametrize("forged", ["loan-1", "loan-1.abc", "download-1.x", "x"])
def test_an_address_nobody_gave_is_none(loan, forged):
    assert Client().get(f"/pustaka/nilai/{forged}/").status_code == 404


def test_addresses_are_given_for_what_can_still_be_rated(loan, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert rating.addresses([loan]) == {loan.pk: rating.address(loan)}
    Client().post(rating.address(loan), {"stars": "4"})
    assert rating.addresses([loan]) == rating.addresses([]) == {}
