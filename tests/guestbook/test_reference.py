"""The lists of the guest book have versions: what somebody chose keeps its words."""

from __future__ import annotations

from datetime import date

import pytest

from services.guestbook.models import ReferenceItem
from services.guestbook.reference import ensure, retire, reword

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)


def item(code: str = "student", day: date = TODAY) -> ReferenceItem:
    return ReferenceItem.objects.on(day).get(list="job", code=code)


def test_other_words_are_another_row_from_that_day_on():
    reword(item(), label="Mahasiswa", label_en="Student", day=TODAY)
    assert item(day=date(2026, 3, 1)).label == "Pelajar/mahasiswa"
    assert item().label == "Mahasiswa"
    assert item().position == item(day=date(2026, 3, 1)).position


def test_changed_twice_in_a_day_is_one_version():
    for label in ("Mahasiswa", "Pelajar dan mahasiswa"):
        reword(item(), label=label, label_en="Student", day=TODAY)
    assert ReferenceItem.objects.filter(list="job", code="student").count() == 2
    assert item().label == "Pelajar dan mahasiswa"


def test_a_retired_answer_is_not_offered_and_does_not_come_back():
    retire(item(), day=TODAY)
    ensure()
    assert not ReferenceItem.objects.on(TODAY).filter(list="job", code="student").exists()
    assert item(day=date(2026, 3, 1)).label == "Pelajar/mahasiswa"
