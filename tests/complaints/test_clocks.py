"""How long everything may take (domain.md §6), by the office's calendar, and what follows when it passes."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from complaints import clocks, rounds
from complaints.models import Complaint, ComplaintRules
from complaints.workflows import complainant, ending, handling
from services.audit.actors import VISITOR
from services.mail.models import Outgoing
from services.offices.models import CalendarDay
from tests.complaints.support import at, fresh, local, lodge, officer

pytestmark = pytest.mark.usefixtures("calendar_of_2026")


@pytest.fixture(autouse=True)
def closes_at_half_past_three(office):
    office.hours.filter(weekday__lt=5).update(closes=time(15, 30))


def due(complaint: Complaint) -> str:
    return local(complaint.place, fresh(complaint).due_at)


def awaited(complaint: Complaint) -> str:
    return local(complaint.place, fresh(complaint).awaited_until)


class TestDue:
    @pytest.mark.parametrize(
        ("kind", "when"),
        [
            # Monday 8 June 2026; 16 June is a public holiday. Fourteen days for the first answer end on the 22nd.
            ("information", "2026-06-15 15:30"),  # five working days
            (
                "service",
                "2026-06-22 23:59",
            ),  # fourteen working days would be the 29th: the first answer comes before
            ("supervisory", "2026-06-22 23:59"),
            ("suggestion", "2026-06-22 23:59"),
        ],
    )
    def test_whichever_limit_comes_first(self, office, kind, when):
        assert due(lodge(office, kind=kind)) == when

    def test_after_the_first_answer_the_kind_decides(self, office, head):
        complaint = lodge(office)
        handling.say(complaint, "Kami periksa.", by=officer(head), at=at(office, "2026-06-09 09:00"))
        assert due(complaint) == "2026-06-29 15:30"

    def test_the_law_bounds_the_sixty_working_days(self, office, head):
        """Sixty working days would end in September: sixty days since it was complete come before."""
        complaint = lodge(office, kind="supervisory")
        handling.say(complaint, "Kami periksa.", by=officer(head), at=at(office, "2026-06-09 09:00"))
        assert due(complaint) == "2026-08-07 23:59"

    def test_an_office_may_be_stricter(self, office):
        ComplaintRules.objects.create(office=office, first_answer_days=2)
        assert due(lodge(office)) == "2026-06-10 23:59"

    def test_it_says_which_rule_it_follows(self, office):
        found = clocks.Clocks(office).due(lodge(office, kind="information"))
        assert str(found) == "penyelesaian menurut jenisnya sejak lengkap: 5 hari kerja"

    def test_forwarded_within_three_working_days(self, office):
        assert local(office, clocks.Clocks(office).forward_by(lodge(office)).at) == "2026-06-11 15:30"

    @pytest.mark.parametrize(
        ("happened", "late"), [(date(2026, 5, 9), False), (date(2026, 5, 8), True), (None, False)]
    )
    def test_more_than_thirty_days_after_the_service(self, office, happened, late):
        assert clocks.Clocks(office).lodged_late(lodge(office, happened_on=happened)) is late


class TestTheComplainantsTurn:
    def test_what_is_missing_is_awaited_thirty_days_and_the_long_clock_begins_anew(self, office, head):
        complaint = lodge(office)
        handling.ask_completion(complaint, "Kapan?", by=officer(head), at=at(office, "2026-06-10 09:00"))
        assert (due(complaint), awaited(complaint)) == ("", "2026-07-10 23:59")
        complainant.reply(complaint, "Kemarin", by=VISITOR, at=at(office, "2026-07-01 20:00"))
        # 14 working days after Wednesday 1 July.
        assert (fresh(complaint).state, due(complaint), awaited(complaint)) == (
            "received",
            "2026-07-21 15:30",
            "",
        )

    def test_never_completed_it_is_closed(self, office, head):
        complaint = lodge(office, person={"email": "ani@example.test"})
        handling.ask_completion(complaint, "Kapan?", by=officer(head), at=at(office, "2026-06-10 09:00"))
        assert rounds.close_silent(at(office, "2026-07-10 23:59")) == 0
        assert rounds.close_silent(at(office, "2026-07-11 00:01")) == 1
        assert fresh(complaint).state == "auto_closed"
        assert fresh(complaint).steps.last().why == "not completed"
        assert Outgoing.objects.filter(kind="complaint_closed", to="ani@example.test").count() == 1

    def test_ten_working_days_of_silence_after_the_answer(self, office, head):
        complaint = lodge(office)
        handling.answer(complaint, "Sudah diganti.", by=officer(head), at=at(office, "2026-06-09 09:00"))
        assert (due(complaint), awaited(complaint)) == ("", "2026-06-24 15:30")
        rounds.close_silent(at(office, "2026-06-24 15:31"))
        assert (fresh(complaint).state, awaited(complaint)) == ("auto_closed", "")

    @pytest.mark.parametrize("over", ["answered", "closed", "auto_closed"])
    def test_a_reply_opens_it_again(self, office, head, over):
        complaint = lodge(office)
        handling.answer(complaint, "Sudah.", by=officer(head), at=at(office, "2026-06-09 09:00"))
        if over == "closed":
            ending.close(complaint, "Selesai.", by=officer(head), at=at(office, "2026-06-09 10:00"))
        if over == "auto_closed":
            rounds.close_silent(at(office, "2026-07-01 00:00"))
        assert fresh(complaint).state == over
        complainant.reply(complaint, "Masih mati", by=VISITOR, at=at(office, "2026-07-01 20:00"))
        assert (fresh(complaint).state, due(complaint)) == ("handled", "2026-07-21 15:30")
        assert fresh(complaint).decided_at is None


class TestLate:
    def test_it_goes_up_once_to_supervisor_and_province(self, office, head, province):
        complaint = lodge(office, kind="information")
        assert rounds.escalate_late(at(office, "2026-06-15 15:30")) == 0
        assert [rounds.escalate_late(at(office, "2026-06-15 15:31")) for _n in range(2)] == [1, 0]
        assert fresh(complaint).escalated_to == province
        told = set(Outgoing.objects.filter(kind="complaint_late").values_list("to", flat=True))
        assert {"head@example.test", "province@example.test"} <= told

    def test_with_nobody_above_only_the_supervisor_is_told(self, office, head):
        complaint = lodge(office, kind="information")
        rounds.escalate_late(at(office, "2026-06-15 15:31"))
        assert (fresh(complaint).escalated_to, fresh(complaint).escalated_at is None) == (None, False)

    def test_another_deadline_may_be_late_again(self, office, head):
        complaint = lodge(office, kind="information")
        rounds.escalate_late(at(office, "2026-06-16 09:00"))
        handling.ask_completion(complaint, "Apa?", by=officer(head), at=at(office, "2026-06-17 09:00"))
        complainant.reply(complaint, "Ini", by=VISITOR, at=at(office, "2026-06-17 10:00"))
        assert rounds.escalate_late(at(office, "2026-06-24 15:31")) == 1


class TestAnotherCalendar:
    def test_leave_announced_later_moves_it_with_a_trace(self, office, head):
        complaint = lodge(office, kind="information")
        CalendarDay.objects.create(
            date=date(2026, 6, 12), kind=CalendarDay.Kind.COLLECTIVE_LEAVE, name="Cuti bersama"
        )
        moment = at(office, "2026-06-09 09:00")
        assert [rounds.recompute(moment), rounds.recompute(moment)] == [1, 0]
        assert due(complaint) == "2026-06-17 15:30"  # 16 June is a holiday

    def test_other_rules_count_too(self, office):
        complaint = lodge(office)
        ComplaintRules.objects.create(office=office, first_answer_days=3)
        rounds.recompute(at(office, "2026-06-09 09:00"))
        assert due(complaint) == "2026-06-11 23:59"

    def test_the_complainants_time_moves_too(self, office, head):
        complaint = lodge(office)
        handling.answer(complaint, "Sudah.", by=officer(head), at=at(office, "2026-06-09 09:00"))
        CalendarDay.objects.create(
            date=date(2026, 6, 12), kind=CalendarDay.Kind.COLLECTIVE_LEAVE, name="Cuti bersama"
        )
        rounds.recompute(at(office, "2026-06-10 09:00"))
        assert awaited(complaint) == "2026-06-25 15:30"

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        offset=st.integers(0, 60),
        lodged=st.integers(0, 30),
        kind=st.sampled_from(["service", "information", "suggestion"]),
    )
    def test_a_holiday_never_moves_a_deadline_earlier(self, office, offset, lodged, kind):
        when = datetime(2026, 7, 1, 10, tzinfo=office.zone) + timedelta(days=lodged)
        complaint = Complaint(office=office, place=office, kind=kind, created_at=when, complete_at=when)
        before = clocks.Clocks(office).due(complaint)
        off = date(2026, 7, 1) + timedelta(days=offset)
        CalendarDay.objects.filter(date=off).delete()
        CalendarDay.objects.create(date=off, kind=CalendarDay.Kind.HOLIDAY, name="Libur")
        after = clocks.Clocks(office).due(complaint)
        assert after.at >= before.at
