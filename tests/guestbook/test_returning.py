"""Somebody who was here before: recognised at the desk, masked until confirmed, one person and not two."""

from __future__ import annotations

import re

import pytest
import time_machine
from django.urls import reverse

from pst.privacy import retention
from services.audit.models import AuditEntry
from services.guestbook import merging, returning, workflows
from services.guestbook.models import ConsentWording, Visitor
from tests.guestbook.support import FILLED, arrive


@pytest.fixture
def visit(office):
    return arrive(office)


@pytest.fixture
def regular(office):
    return Visitor.objects.create(
        office=office, name="Wahyu Lestari Ningsih", email="wahyu@example.test", phone="+6281234567890",
        gender="female", birth_year=1998, education="bachelor", job="student", institution_category="education",
    )  # fmt: skip


def book(visit) -> str:
    return reverse("queueing:desk_guest_book", args=[visit.pk])


def ask(desk, visit, asked: str) -> str:
    url = reverse("queueing:recognise", args=[visit.pk])
    return desk.post(url, {"asked": asked}, headers={"HX-Request": "true"}).content.decode()


def key_in(page: str) -> str:
    found = re.search(r"\?dikenal=([^\"]+)", page)
    assert found
    return found[1]


@pytest.mark.parametrize(
    "asked",
    [
        "0812 3456 7890",
        "+62 812-3456-7890",
        "WAHYU@example.test",
        "wahyu",
        "Lest",
        "ningsih wahyu",
        " wahyu  lestari ",
    ],
)
def test_found_by_phone_email_or_the_beginnings_of_names(office, regular, asked):
    assert [f.name for f in returning.search(office, asked)] == ["W•••u L•••i N•••h"]


@pytest.mark.parametrize(
    "asked", ["", "wa", "0812", "81234567890123456789", "wahyu@", "%%%", "hyu", "123456", "wahyu@example"]
)
def test_not_found_by_less(office, regular, asked):
    assert returning.search(office, asked) == []


def test_never_somebody_of_another_office(offices, regular):
    assert returning.search(offices["1373"], "wahyu@example.test") == []


def test_what_is_shown_tells_nothing_new(desk, visit, regular):
    page = ask(desk, visit, "wahyu")
    for secret in ("Wahyu", "Lestari", "81234567890", "wahyu@example.test", "1998"):
        assert secret not in page
    assert "W•••u L•••i N•••h" in page
    assert "••• 890" in page
    assert "w•••u@e•••e.test" in page


def test_a_short_or_odd_name_is_masked_too():
    assert returning.mask_name("Ai") == "A•"
    assert returning.mask_name("A") == "A•"
    assert returning.mask_email("a@b.c") == "a•@b•.c"
    assert returning.mask_email("kein-at") == ""
    assert returning.mask_phone("") == ""


def test_confirmed_the_form_is_filled_and_the_reading_logged(desk, visit, regular):
    page = desk.get(f"{book(visit)}?dikenal={key_in(ask(desk, visit, 'wahyu'))}").content.decode()
    assert 'value="Wahyu Lestari Ningsih"' in page
    assert re.search(r'<input[^>]*value="student"[^>]*checked', page)
    assert not re.search(r'<input[^>]*name="consent"[^>]*checked', page)
    read = AuditEntry.objects.get(action="read")
    assert (read.target_id, read.detail) == (regular.pk, {"why": "recognised"})


def test_signed_again_it_is_the_same_person_brought_up_to_date(desk, visit, regular):
    key = key_in(ask(desk, visit, "wahyu"))
    form = {**FILLED, "name": "Wahyu Lestari Ningsih", "job": "researcher", "card_type": "ktp", "known": key}
    assert desk.post(book(visit), form).status_code == 302
    visit.refresh_from_db()
    assert visit.visitor == regular
    regular.refresh_from_db()
    assert regular.job == "researcher"
    assert Visitor.objects.count() == 1


def test_one_who_refuses_today_stays_who_they_were_and_today_is_nobody(desk, visit, regular):
    key = key_in(ask(desk, visit, "wahyu"))
    desk.post(book(visit), {"consent": "no", "known": key, "name": "Terhapus"})
    visit.refresh_from_db()
    regular.refresh_from_db()
    assert visit.visitor is None
    assert regular.name == "Wahyu Lestari Ningsih"


@pytest.mark.parametrize("how", ["forged", "another office's", "old"])
def test_a_key_that_is_not_good_opens_nobody(desk, visit, offices, regular, how):
    key = returning.key_of(regular)
    if how == "forged":
        key = key[:-3] + "abc"
    elif how == "another office's":
        key = returning.key_of(Visitor.objects.create(office=offices["1373"], name="Orang Lain"))
    page = book(visit)
    if how == "old":
        with time_machine.travel("2026-01-01T01:00:00Z"):
            key = returning.key_of(regular)
    answer = desk.get(f"{page}?dikenal={key}").content.decode()
    assert "terlalu lama" in answer
    assert 'value="Wahyu' not in answer
    assert "Orang Lain" not in answer
    assert not AuditEntry.objects.filter(action="read").exists()


def test_a_key_that_grew_old_while_typing_is_told_and_nothing_typed_is_lost(desk, visit, regular):
    with time_machine.travel("2026-01-01T01:00:00Z"):
        key = returning.key_of(regular)
    answer = desk.post(book(visit), {**FILLED, "card_type": "ktp", "known": key})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "terlalu lama" in page
    assert 'value="Sitti Aminah"' in page
    assert 'name="known"' not in page  # sent again as it is, it is a new visitor's
    assert Visitor.objects.count() == 1
    assert desk.post(book(visit), {**FILLED, "card_type": "ktp"}).status_code == 302


def test_erased_while_the_form_stood_open_stays_erased(desk, visit, regular, by):
    key = key_in(ask(desk, visit, "wahyu"))
    retention.erase(regular, by=by, why="erasure")
    desk.post(book(visit), {**FILLED, "name": "Wahyu Lestari Ningsih", "card_type": "ktp", "known": key})
    regular.refresh_from_db()
    visit.refresh_from_db()
    assert regular.name == ""
    assert visit.visitor != regular


def test_what_was_typed_before_is_not_lost_by_recognising(desk, visit, regular):
    keep = reverse("queueing:keep_draft", args=[visit.pk])
    desk.post(keep, {"consent": "yes", "job": "private", "need_1_subject": "PDRB"})
    key = key_in(ask(desk, visit, "wahyu"))
    page = desk.get(f"{book(visit)}?dikenal={key}").content.decode()
    assert 'value="Wahyu Lestari Ningsih"' in page
    assert 'value="PDRB"' in page
    assert re.search(r'<input[^>]*value="private"[^>]*checked', page)
    desk.post(keep, {"consent": "yes", "known": key, "name": "Wahyu Lestari Ningsih"})
    again = desk.get(book(visit)).content.decode()
    assert f'name="known" value="{key}"' in again  # also after a crash it is the same person


def test_what_was_asked_for_is_in_no_address_and_no_log(desk, visit, regular):
    ask(desk, visit, "wahyu@example.test")
    entry = AuditEntry.objects.get(action="visitor.searched")
    assert entry.detail == {"found": 1}


def test_many_are_cut_off_and_said_so(desk, office, visit):
    Visitor.objects.bulk_create([Visitor(office=office, name=f"Andi Nomor{n}") for n in range(9)])
    page = ask(desk, visit, "andi")
    assert page.count("?dikenal=") == returning.MOST_SHOWN
    assert "Masih ada yang lain" in page


def test_a_form_filled_from_a_record_merged_since_brings_nothing_old_back(office, by):
    kept = Visitor.objects.create(
        office=office, name="Wahyu Lestari", email="new@example.test", job="private"
    )
    old = Visitor.objects.create(office=office, name="Wahyu L", email="old@example.test", job="student")
    merging.merge(kept, old, by=by)
    person = {"name": old.name, "email": old.email, "job": old.job, "institution": "BPS"}
    workflows.sign(
        visit=arrive(office), person=person, answers={}, consent=True, wording=ConsentWording.objects.first(),
        channel="desk", by=by, visitor=old,
    )  # fmt: skip
    kept.refresh_from_db()
    assert (kept.name, kept.email, kept.job) == ("Wahyu Lestari", "new@example.test", "private")
    assert kept.institution == "BPS"  # said only now
