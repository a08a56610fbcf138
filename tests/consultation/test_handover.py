"""Handed over: by the new office's standard and calendar, from the original submission; out of the old one's sight."""

from __future__ import annotations

from datetime import time

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse

from consultation.models import Consultation, HandOver
from consultation.workflows import assigning, ending, handover, onsite, opening, thread
from queueing.workflows.issue import issue
from services.guestbook.models import Visitor
from services.offices.calendar import OfficeCalendar
from services.offices.models import StandardRule
from services.workflow import IllegalMove
from tests.consultation.support import ask, at, day_off, fresh, local, seen
from tests.mail_server import text_of, work_off

pytestmark = pytest.mark.usefixtures("calendar_of_2026")
WHY = "Datanya ada di sana."


@pytest.fixture
def tarakan(offices):
    """Under a standard that sends people to a consultation and promises two working days; service ends at 14:00."""
    office = offices["6571"]
    rules = {
        "clock_online": {"start": "submitted", "working_days": 2, "minutes": None},
        "ask_when_not_found": True,
    }
    standard = office.services.get(slug="library").standard
    for key, value in rules.items():
        StandardRule.objects.update_or_create(standard=standard, key=key, defaults={"value": value})
    office.hours.filter(weekday__lt=5).update(closes=time(14))
    return office


@pytest.fixture
def sitti(office):
    return Visitor.objects.create(
        office=office, name="Sitti Rahma", email="sitti@example.test", job="student"
    )


def test_the_new_standard_and_calendar_decide_from_the_original_submission(office, tarakan, by):
    asked = ask(office, "2026-06-08 10:00")
    assert local(asked, asked.due_at) == "2026-06-11 15:30"
    day_off("2026-06-09", office=tarakan)
    moved = handover.hand_over(asked, office=tarakan, why=WHY, by=by, at=at(office, "2026-06-09 10:00"))
    assert moved.office == tarakan
    assert moved.number == asked.number
    assert local(moved, moved.due_at) == "2026-06-11 14:00"  # 10 and 11 June: two days, not three
    trace = moved.clock_changes.last()
    assert (trace.what, trace.why, trace.was, trace.now) == ("due", "moved", asked.due_at, moved.due_at)


def test_an_office_that_promises_nothing(office, offices, by):
    moved = handover.hand_over(ask(office, "2026-06-08 10:00"), office=offices["1373"], why=WHY, by=by)
    assert (moved.due_at, moved.rounds.get().result) == (None, "none")


def test_what_was_taken_is_nobodys_there(office, tarakan, by, frontliner):
    asked = ask(office, "2026-06-08 10:00")
    assigning.assign(asked, frontliner, by=by)
    moved = handover.hand_over(asked, office=tarakan, why=WHY, by=by)
    assert (moved.state, moved.officer) == ("submitted", None)


def test_asked_back_the_clock_stands_still_there_too(office, tarakan, by):
    asked = ask(office, "2026-06-08 10:00")
    thread.answer(
        asked, "Tahun berapa?", by=by, seen=seen(asked), ask_back=True, at=at(office, "2026-06-08 11:00")
    )
    rule = {"standard": tarakan.services.get(slug="library").standard, "key": "auto_close_working_days"}
    StandardRule.objects.update_or_create(**rule, defaults={"value": 5})
    moved = handover.hand_over(
        fresh(asked), office=tarakan, why=WHY, by=by, at=at(office, "2026-06-10 10:00")
    )
    assert (moved.state, moved.due_at, local(moved, moved.closes_at)) == ("waiting", None, "2026-06-15 14:00")
    back = thread.visitor_wrote(moved, "2024", channel="portal", by=by, at=at(office, "2026-06-10 12:00"))
    back = fresh(back.consultation)
    assert local(back, back.due_at) == "2026-06-11 14:00"  # the 9th ended while it stood still


def test_the_persons_record_goes_along_once_and_without_the_guest_books_answers(office, tarakan, by, sitti):
    one = handover.hand_over(ask(office, "2026-06-08 10:00", visitor=sitti), office=tarakan, why=WHY, by=by)
    two = handover.hand_over(ask(office, "2026-06-08 10:00", visitor=sitti), office=tarakan, why=WHY, by=by)
    assert one.visitor == two.visitor != sitti
    assert (one.visitor.office, one.visitor.name, one.visitor.email, one.visitor.job) == (
        tarakan, "Sitti Rahma", "sitti@example.test", "",
    )  # fmt: skip


def test_to_another_service_of_this_office(office, by):
    asked = ask(office, "2026-06-08 10:00")
    moved = handover.hand_over(
        asked, office=office, service=office.services.get(slug="library"), why=WHY, by=by
    )
    assert (moved.office, moved.service.slug, moved.number) == (office, "library", asked.number)
    assert HandOver.objects.get().to_service.slug == "library"


def test_one_noted_down_in_the_office_gets_a_clock_and_leaves_the_visit(office, tarakan, by):
    received = issue(
        office=office, service=office.services.get(slug="consultation"), submission="s", by=by
    ).received
    record = onsite.write(
        received, question="Peta?", answer="", seen="", by=by, at=at(office, "2026-06-08 10:00")
    )
    moved = handover.hand_over(record, office=tarakan, why=WHY, by=by)
    assert moved.received is None
    assert moved.due_at == OfficeCalendar(tarakan).deadline(moved.submitted_at, 2)
    assert moved.rounds.get().started_at == moved.submitted_at


def test_not_when_it_is_over_nor_to_where_it_is(office, tarakan, by):
    asked = ask(office, "2026-06-08 10:00")
    with pytest.raises(IllegalMove):
        handover.hand_over(asked, office=office, why=WHY, by=by)
    ending.close(asked, by=by)
    with pytest.raises(IllegalMove):
        handover.hand_over(asked, office=tarakan, why=WHY, by=by)


def test_the_old_office_has_it_no_more_and_numbers_go_on(office, tarakan, by):
    handed = handover.hand_over(ask(office, "2026-06-08 10:00"), office=tarakan, why=WHY, by=by)
    assert not office.consultations.filter(pk=handed.pk).exists()
    assert opening.next_number(office, handed.submitted_at).endswith("00002")
    assert Consultation.objects.get(number=handed.number).office == tarakan


def test_asked_from_an_account_it_goes_to_the_accounts_record_there(office, tarakan, by, sitti, make_user):
    user = make_user()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    asked = ask(office, "2026-06-08 10:00", visitor=sitti, account=user)
    moved = handover.hand_over(asked, office=tarakan, why=WHY, by=by)
    assert (moved.account, moved.visitor.account, moved.visitor.office) == (user, user, tarakan)


class TestTold:
    """The visitor is told by mail and on the page, in their language; who cannot be reached by mail on the page alone."""

    def test_by_mail_from_where_it_is_now(self, office, tarakan, by, sitti, mailbox):
        asked = ask(office, "2026-06-08 10:00", visitor=sitti)
        work_off()
        handover.hand_over(asked, office=tarakan, why=WHY, by=by, at=at(office, "2026-06-09 10:00"))
        work_off()
        [told] = [m for m in mailbox.messages if "dialihkan" in str(m["Subject"])]
        assert told["To"] == sitti.email
        assert str(told["From"]).startswith(f'"{tarakan.name}"') or tarakan.name in str(told["From"])
        words = text_of(told)
        assert f"{asked.number} sekarang ditangani {tarakan.name}" in words
        assert "Rabu, 10 Juni 2026 pukul 14.00" in words
        assert WHY not in words  # that is between the offices

    def test_to_another_service(self, office, by, sitti, mailbox):
        library = office.services.get(slug="library")
        asked = ask(office, "2026-06-08 10:00", visitor=sitti, language="en")
        work_off()
        handover.hand_over(asked, office=office, service=library, why=WHY, by=by)
        work_off()
        told = mailbox.messages[-1]
        assert (told["To"], told["Content-Language"]) == (sitti.email, "en")
        assert str(library) in text_of(told)

    def test_who_has_no_mail_reads_it_on_the_page(self, office, tarakan, by, client, mailbox):
        asked = ask(
            office, "2026-06-08 10:00", visitor=office.visitors.create(name="Amir", phone="+628120001")
        )
        work_off()
        before = len(mailbox.messages)
        handover.hand_over(asked, office=tarakan, why=WHY, by=by)
        work_off()
        assert len(mailbox.messages) == before
        page = client.get(reverse("consultation:thread", args=[asked.token])).content.decode()
        assert f"dialihkan ke {tarakan.name}" in page
        assert WHY not in page
