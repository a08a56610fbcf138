"""Somebody lost the slip: the desk finds today's number by name, phone, e-mail or time, masked (domain.md §8.6)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from queueing import finding
from queueing.workflows import desk as work
from services.audit.models import AuditEntry
from services.guestbook import merging
from services.guestbook.models import Visitor
from services.lockers import workflows as lockers
from tests.accounts.world import sign
from tests.queueing.support import minutes, take
from tests.queueing.test_query_counts import count

URL = reverse("queueing:find_number")


@pytest.fixture
def morning(library, by):
    """Three numbers from nine o'clock on; who has the second signed the guest book."""
    tickets = [take(library, minutes(n)) for n in (0, 20, 40)]
    sign(tickets[1].received.visit, by, name="Wahyu Lestari", phone="+6281234567890", email="w@example.test")
    return tickets


def found(office, asked: str) -> list[str]:
    return [row.ticket.label for row in finding.search(office, asked, minutes(60))]


@pytest.mark.parametrize(
    "asked", ["0812 3456 7890", "+62 812-3456-7890", "W@example.test", "wahyu", " lest "]
)
def test_by_name_phone_or_email(office, morning, asked):
    assert found(office, asked) == ["A002"]


@pytest.mark.parametrize(
    ("asked", "labels"),
    [("09.15", ["A002"]), ("910", ["A001", "A002"]), ("0930", ["A002", "A003"]), ("9:00", ["A001"]), ("15.00", [])],
)  # fmt: skip
def test_by_the_time_the_number_was_taken(office, morning, asked, labels):
    assert found(office, asked) == labels


def test_by_the_name_somebody_signed_with_before_their_records_were_merged(office, morning, by):
    kept = Visitor.objects.get(name="Wahyu Lestari")
    for name in ("Dewi", "Ratna"):
        other, kept = kept, Visitor.objects.create(office=office, name=name)
        merging.merge(kept, other, by=by)
    assert found(office, "wahyu") == found(office, "dewi") == found(office, "ratna") == ["A002"]


@pytest.mark.parametrize("asked", ["", "wa", "0812", "%%%", "25.00", "٠٩١٥", "wahyu@", "'; DROP", "9" * 254])
def test_not_by_less(office, morning, asked):
    assert found(office, asked) == []


def test_only_of_today_and_of_this_office(office, offices, morning):
    assert finding.search(office, "wahyu", minutes(60) + timedelta(days=1)) == []
    assert finding.search(offices["6571"], "wahyu", minutes(60)) == []


def test_the_page_masks_the_name_and_the_log_knows_only_that_somebody_asked(desk, library, by):
    ticket = take(library, timezone.now())
    sign(ticket.received.visit, by, name="Wahyu Lestari", phone="+6281234567890")
    answer = desk.post(URL, {"nomor": "wahyu"})
    page = answer.content.decode()
    assert "W•••u L•••i" in page
    assert f"?kunjungan={ticket.received.visit_id}" in page
    for secret in ("Wahyu", "wahyu", "81234567890"):
        assert secret not in page
    entry = AuditEntry.objects.get(action="ticket.searched")
    assert (entry.detail, entry.office_id) == ({"how": "person", "found": 1}, library.office_id)


def test_the_page_says_who_is_still_in_the_house_and_what_is_held(desk, office, library, consultation, by):
    counter, now = office.counters.first(), timezone.now()
    reading, talked, gone, waits = (take(s, now) for s in (library, consultation, library, library))
    for ticket in (reading, talked, gone):
        called = work.call_chosen(counter, ticket, by=by, at=now)
        work.arrived(called, by=by, at=now)
        work.start(called.received, by=by, at=now)
    work.end(gone.received, by=by, at=now)
    work.close_visit(gone.received.visit, by=by)
    for number in (1, 2):
        lockers.deposit_bag(visit=reading.received.visit, locker=office.lockers.get(number=number), by=by)
    page = desk.post(URL, {"nomor": office.local(now).strftime("%H.%M")}).content.decode()
    rows = dict(re.findall(r"<li .*?<strong>(\w+)</strong>(.*?)</li>", page, re.S))
    assert "· Dilayani, belum pulang" in rows[reading.label]
    assert "Harus kembali: Tas Loker 1, Tas Loker 2" in rows[reading.label]
    assert "· Selesai dilayani, belum pulang" in rows[talked.label]
    assert f"· Selesai {office.local(now):%H.%M}" in rows[gone.label]
    assert "· Menunggu" in rows[waits.label]
    assert "Harus kembali" not in rows[talked.label] + rows[gone.label] + rows[waits.label]


def test_the_page_asks_a_fixed_number_of_questions(desk, office, library, by):
    now = timezone.now()

    def asked() -> int:
        return count(desk, URL, {"nomor": office.local(now).strftime("%H.%M")})

    def come(numbers: range) -> None:
        for number in numbers:
            ticket = take(library, now)
            lockers.deposit_bag(
                visit=ticket.received.visit, locker=office.lockers.get(number=number), by=by, at=now
            )

    come(range(1, 3))
    asked()
    few = asked()
    come(range(3, 9))
    assert asked() == few


def test_a_number_typed_leads_straight_to_its_card(desk, library):
    ticket = take(library, timezone.now())
    answer = desk.post(URL, {"nomor": "a 1"})
    assert answer.headers["Location"] == f"/meja/?kunjungan={ticket.received.visit_id}"
    assert "A099" in desk.post(URL, {"nomor": "A099"}, follow=True).content.decode()
    assert not AuditEntry.objects.filter(action="ticket.searched").exists()


def test_a_name_in_the_address_finds_nobody(desk, library, by):
    sign(take(library, timezone.now()).received.visit, by, name="Wahyu Lestari")
    answer = desk.get(URL, {"nomor": "wahyu"})
    assert answer.headers["Location"] == "/meja/"


@pytest.mark.parametrize("asked", ["\0", "a\0b", "<script>", "٣٣٣٣٣٣٣", "+" * 300, "9" * 300, "😀😀😀"])
def test_whatever_is_typed_the_page_answers(desk, library, asked):
    assert desk.post(URL, {"nomor": asked}).status_code == 200


def test_many_are_cut_off_and_it_is_said(desk, library, office, by):
    person = Visitor.objects.create(office=office, name="Wahyu Lestari")
    for _n in range(finding.MOST_SHOWN + 1):
        visit = take(library, timezone.now()).received.visit
        type(visit).objects.filter(pk=visit.pk).update(visitor=person)
    page = desk.post(URL, {"nomor": "wahyu"}).content.decode()
    assert page.count("W•••u") == finding.MOST_SHOWN
    assert "Masih ada yang lain" in page
