"""The desk's form is kept while it is typed: only after a yes, and no longer than the visit."""

from __future__ import annotations

import pytest
from django.urls import reverse

from services.audit.models import AuditEntry
from services.guestbook.models import GuestBookDraft
from services.guestbook.workflows import close
from tests.guestbook.support import DEVICE, FILLED, arrive


@pytest.fixture
def visit(office):
    return arrive(office)


def keep(desk, visit, **typed):
    return desk.post(reverse("queueing:keep_draft", args=[visit.pk]), typed)


def book(visit) -> str:
    return reverse("queueing:desk_guest_book", args=[visit.pk])


def test_what_was_typed_is_there_again_also_for_a_colleague(desk, visit):
    answer = keep(
        desk, visit, consent="yes", name="Sitti", birth_year="19", job="student", need_2_subject="PDRB"
    )
    assert answer.headers["X-Kept"] == "1"
    page = desk.get(book(visit)).content.decode()
    for text in ('value="Sitti"', 'value="19"', 'value="PDRB"', "Isian yang belum disimpan"):
        assert text in page
    assert AuditEntry.objects.filter(action="read", detail={"why": "draft"}).count() == 1


@pytest.mark.parametrize("consent", ["", "no", "maybe"])
def test_without_a_yes_nothing_is_kept_and_what_was_is_gone(desk, visit, consent):
    keep(desk, visit, consent="yes", name="Sitti")
    assert keep(desk, visit, consent=consent, name="Sitti").headers["X-Kept"] == "0"
    assert not GuestBookDraft.objects.exists()


@pytest.mark.parametrize("year", ["2020", "2020 ", " 2020", "٢٠٢٠", "02020"])
def test_nothing_is_kept_of_a_child_alone_however_the_year_is_typed(desk, visit, year):
    keep(desk, visit, consent="yes", name="Anak", birth_year=year, guardian="none")
    assert not GuestBookDraft.objects.exists()


def test_gone_with_the_signature(desk, visit):
    keep(desk, visit, consent="yes", name="Sitti")
    desk.post(book(visit), {**FILLED, "card_type": "ktp"})
    assert not GuestBookDraft.objects.exists()
    keep(desk, visit, consent="yes", name="Sitti")  # a tab left open
    assert not GuestBookDraft.objects.exists()


def test_gone_with_the_end_of_the_visit(desk, visit):
    keep(desk, visit, consent="yes", name="Sitti")
    close(visit, by=DEVICE)
    assert not GuestBookDraft.objects.exists()


def test_odd_values_are_kept_out(desk, visit):
    keep(desk, visit, consent="yes", name="a\0b" + "x" * 9_000, unknown="field", also=["a"] * 99)
    values = GuestBookDraft.objects.get().values
    assert len(values["name"]) <= 5_000
    assert "\0" not in values["name"]
    assert "unknown" not in values
