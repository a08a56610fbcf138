"""The clocks of a consultation by domain.md §4: three working days, pauses, silence, and a calendar that changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consultation import rounds
from consultation.models import Consultation
from consultation.workflows import assigning, ending, thread
from services.offices.calendar import OfficeCalendar
from services.offices.models import CalendarDay, HoursException, Office, ServiceHours
from tests.consultation.support import ask, at, day_off, fresh, local, say, seen

pytestmark = pytest.mark.usefixtures("calendar_of_2026")


@pytest.fixture
def office(offices) -> Office:
    """Kolaka Timur (WITA), whose standard for consultations promises three working days."""
    office = offices["7411"]
    office.hours.filter(weekday__lt=5).update(closes=time(15, 30))
    return office


def answer(consultation: Consultation, by, when: str, **more) -> Consultation:
    thread.answer(
        consultation,
        "Ini jawabannya.",
        by=by,
        seen=seen(consultation),
        at=at(consultation.office, when),
        **more,
    )
    return fresh(consultation)


def due(consultation: Consultation) -> str:
    return local(consultation, consultation.due_at)


class TestDue:
    def test_the_worked_example(self, office):
        asked = ask(office, "2026-03-13 16:30")
        assert asked.due_at == datetime(2026, 3, 25, 7, 30, tzinfo=UTC)
        assert local(asked, asked.due_at) == "2026-03-25 15:30"

    def test_without_collective_leave_it_would_be_wrong(self, office):
        CalendarDay.objects.filter(kind=CalendarDay.Kind.COLLECTIVE_LEAVE).delete()
        CalendarDay.objects.filter(date__range=("2026-03-18", "2026-03-24")).delete()
        assert due(ask(office, "2026-03-13 16:30")) == "2026-03-18 15:30"

    def test_ramadan_hours_end_the_day_earlier(self, office):
        HoursException.objects.create(
            office=office, date="2026-03-05", opens=time(8), closes=time(15), reason="Ramadan"
        )
        assert due(ask(office, "2026-03-02 09:00")) == "2026-03-05 15:00"

    @pytest.mark.parametrize(("code", "utc"), [("1906", 8), ("7411", 7), ("9999", 6)])
    def test_three_zones(self, offices, code, utc):
        """The end of service hours is the office's own: 15:30 WIB, WITA and WIT."""
        office = offices["7411"]
        Office.objects.filter(pk=office.pk).update(
            time_zone={"1906": "Asia/Jakarta", "7411": "Asia/Makassar", "9999": "Asia/Jayapura"}[code]
        )
        office = Office.objects.get(pk=office.pk)
        office.hours.filter(weekday__lt=5).update(closes=time(15, 30))
        assert ask(office, "2026-06-08 10:00").due_at == datetime(2026, 6, 11, utc, 30, tzinfo=UTC)

    def test_asked_just_before_midnight_is_still_that_day(self, office):
        assert due(ask(office, "2026-06-08 23:59")) == "2026-06-11 15:30"
        assert due(ask(office, "2026-06-09 00:00")) == "2026-06-12 15:30"

    def test_nothing_promised_nothing_due(self, offices):
        asked = ask(offices["1373"], "2026-06-08 10:00")  # SW publishes no standard for consultations
        assert asked.due_at is None
        assert asked.rounds.get().result == "none"

    def test_kept_and_missed(self, office, by):
        kept = answer(ask(office, "2026-06-08 10:00"), by, "2026-06-11 15:30")
        late = answer(ask(office, "2026-06-08 10:00"), by, "2026-06-11 15:31")
        assert [c.rounds.get().result for c in (kept, late)] == ["kept", "missed"]
        assert kept.due_at is None


class TestEveryState:
    """Nothing is due from the office but where it is its turn."""

    def test_asked_back_the_clock_stands_still(self, office, by):
        asked = answer(ask(office, "2026-06-08 10:00"), by, "2026-06-09 11:00", ask_back=True)
        assert (asked.state, asked.due_at) == ("waiting", None)
        back = say(asked, "2026-06-12 09:00")
        # 9, 10 and 11 June ended while it stood still; 12, 15 and 17 June count (16 June is a holiday).
        assert (back.state, local(back, back.due_at)) == ("assigned", "2026-06-17 15:30")

    def test_a_pause_within_one_day_costs_nothing(self, office, by):
        asked = answer(ask(office, "2026-06-08 10:00"), by, "2026-06-09 11:00", ask_back=True)
        back = say(asked, "2026-06-09 14:00")
        assert local(back, back.due_at) == "2026-06-11 15:30"

    def test_two_pauses_add_up(self, office, by):
        asked = answer(ask(office, "2026-06-08 10:00"), by, "2026-06-09 11:00", ask_back=True)
        asked = say(asked, "2026-06-10 09:00")
        assert local(asked, asked.due_at) == "2026-06-12 15:30"
        asked = answer(asked, by, "2026-06-10 10:00", ask_back=True)
        asked = say(asked, "2026-06-11 08:00")
        assert local(asked, asked.due_at) == "2026-06-15 15:30"

    def test_taken_and_let_go_changes_nothing(self, office, by, frontliner):
        asked = ask(office, "2026-06-08 10:00")
        due = asked.due_at
        taken = assigning.assign(asked, frontliner, by=by, at=at(office, "2026-06-09 10:00"))
        assert (taken.state, taken.due_at) == ("assigned", due)
        free = assigning.release(taken, by=by, at=at(office, "2026-06-09 11:00"))
        assert (free.state, free.due_at, free.officer) == ("submitted", due, None)

    def test_the_visitor_writes_more_before_the_answer(self, office):
        asked = ask(office, "2026-06-08 10:00")
        assert say(asked, "2026-06-10 10:00").due_at == asked.due_at

    def test_reopened_by_the_visitors_answer_with_a_clock_of_its_own(self, office, by):
        asked = answer(ask(office, "2026-06-08 10:00"), by, "2026-06-09 10:00")
        again = say(asked, "2026-06-10 10:00")
        assert (again.state, local(again, again.due_at)) == ("reopened", "2026-06-15 15:30")
        done = answer(again, by, "2026-06-17 10:00")
        assert [r.result for r in done.rounds.all()] == ["kept", "missed"]

    @pytest.mark.parametrize("how", ["close", "auto_close"])
    def test_closed_and_opened_again(self, office, by, how):
        asked = answer(ask(office, "2026-06-08 10:00"), by, "2026-06-09 10:00")
        if how == "close":
            ending.close(asked, by=by, at=at(office, "2026-06-10 10:00"))
        else:
            rounds.close_silent(at(office, "2026-06-12 15:30"))
        over = fresh(asked)
        assert over.is_over
        assert (over.due_at, over.closes_at, over.remind_at) == (None, None, None)
        again = say(over, "2026-06-22 10:00")
        assert (again.state, again.ended_at, local(again, again.due_at)) == (
            "reopened",
            None,
            "2026-06-25 15:30",
        )

    def test_closed_without_an_answer_is_neither_kept_nor_missed(self, office, by):
        asked = ask(office, "2026-06-08 10:00")
        ending.close(asked, by=by, at=at(office, "2026-06-30 10:00"))
        assert asked.rounds.get().result == "excluded"


class TestSilence:
    def test_closed_at_the_end_of_the_third_working_day(self, office, by):
        asked = answer(ask(office, "2026-06-08 10:00"), by, "2026-06-09 10:00")
        assert local(asked, asked.closes_at) == "2026-06-12 15:30"
        assert local(asked, asked.remind_at) == "2026-06-11 15:30"  # one working day before
        assert rounds.close_silent(at(office, "2026-06-12 15:29")) == 0
        assert rounds.close_silent(at(office, "2026-06-12 15:30")) == 1
        assert fresh(asked).state == "auto_closed"
        assert rounds.close_silent(at(office, "2026-06-12 15:31")) == 0

    def test_also_where_it_was_asked_back(self, office, by):
        asked = answer(ask(office, "2026-06-08 10:00"), by, "2026-06-09 10:00", ask_back=True)
        assert rounds.close_silent(at(office, "2026-06-12 15:30")) == 1
        assert fresh(asked).rounds.get().result == "excluded"

    def test_a_word_in_time_keeps_it_open(self, office, by):
        asked = answer(ask(office, "2026-06-08 10:00"), by, "2026-06-09 10:00")
        say(asked, "2026-06-12 15:29")
        assert rounds.close_silent(at(office, "2026-06-20 10:00")) == 0

    def test_a_second_answer_begins_the_visitors_time_anew(self, office, by):
        asked = answer(ask(office, "2026-06-08 10:00"), by, "2026-06-09 10:00")
        again = answer(asked, by, "2026-06-11 10:00")
        assert local(again, again.closes_at) == "2026-06-17 15:30"
        assert [r.result for r in again.rounds.all()] == ["kept"]


class TestCalendar:
    def test_collective_leave_announced_later(self, office):
        asked = ask(office, "2026-06-08 10:00")
        assert rounds.follow_calendar(at(office, "2026-06-08 10:05")) == 0
        day_off("2026-06-10", kind=CalendarDay.Kind.COLLECTIVE_LEAVE)
        assert rounds.follow_calendar(at(office, "2026-06-09 09:00")) == 1
        moved = fresh(asked)
        assert local(moved, moved.due_at) == "2026-06-12 15:30"
        trace = moved.clock_changes.last()
        assert (trace.what, trace.why, local(moved, trace.was), local(moved, trace.now)) == (
            "due", "calendar", "2026-06-11 15:30", "2026-06-12 15:30",
        )  # fmt: skip
        assert rounds.follow_calendar(at(office, "2026-06-09 09:05")) == 0

    def test_an_offices_own_holiday_moves_only_its_own(self, office, offices):
        ours, theirs = ask(office, "2026-06-08 10:00"), ask(offices["1906"], "2026-06-08 10:00")
        rounds.follow_calendar(at(office, "2026-06-08 10:05"))
        day_off("2026-06-10", office=office)
        rounds.follow_calendar(at(office, "2026-06-08 11:00"))
        assert fresh(ours).due_at != ours.due_at
        assert fresh(theirs).due_at == theirs.due_at

    def test_the_end_by_silence_moves_too_and_before_it_would_close(self, office, by):
        asked = answer(ask(office, "2026-06-08 10:00"), by, "2026-06-09 10:00")
        rounds.follow_calendar(at(office, "2026-06-09 10:05"))
        day_off("2026-06-12")
        rounds.follow_calendar(at(office, "2026-06-12 15:30"))
        assert rounds.close_silent(at(office, "2026-06-12 15:30")) == 0
        moved = fresh(asked)
        assert local(moved, moved.closes_at) == "2026-06-15 15:30"
        assert moved.clock_changes.filter(what="closes", why="calendar").count() == 1

    def test_a_pause_is_reckoned_with_the_new_calendar(self, office, by):
        asked = answer(ask(office, "2026-06-08 10:00"), by, "2026-06-09 11:00", ask_back=True)
        back = say(asked, "2026-06-10 09:00")
        assert local(back, back.due_at) == "2026-06-12 15:30"
        rounds.follow_calendar(at(office, "2026-06-10 09:05"))
        day_off("2026-06-09")  # it was no working day after all, so the pause cost nothing
        rounds.follow_calendar(at(office, "2026-06-10 10:00"))
        assert fresh(back).due_at == back.due_at


class TestLate:
    def test_what_is_overdue_goes_up_once(self, office):
        asked = ask(office, "2026-06-08 10:00")
        assert rounds.escalate_late(at(office, "2026-06-11 15:30")) == 0
        assert rounds.escalate_late(at(office, "2026-06-11 15:31")) == 1
        assert rounds.escalate_late(at(office, "2026-06-11 15:32")) == 0
        assert fresh(asked).escalated_at == at(office, "2026-06-11 15:31")

    def test_what_is_due_next_stands_first(self, office):
        later, first = ask(office, "2026-06-09 10:00"), ask(office, "2026-06-08 10:00")
        never = ask(office, "2026-06-01 10:00")
        Consultation.objects.filter(pk=never.pk).update(due_at=None)
        assert list(Consultation.objects.filter(office=office).to_answer()) == [first, later, never]


@st.composite
def months(draw):
    """A received instant, pauses in order, and days off on top of those that are known."""
    start = datetime(2026, 1, 2, 3, tzinfo=UTC) + timedelta(minutes=draw(st.integers(0, 300 * 24 * 60)))
    cuts = sorted(draw(st.lists(st.integers(0, 20 * 24 * 60), max_size=6)))
    pauses = [
        (start + timedelta(minutes=a), start + timedelta(minutes=b))
        for a, b in zip(cuts[::2], cuts[1::2], strict=False)
    ]
    off = draw(st.sets(st.integers(0, 40), max_size=8))
    return (
        start,
        pauses,
        {date(2026, 1, 1) + timedelta(days=(start - datetime(2026, 1, 1, tzinfo=UTC)).days + n) for n in off},
    )


@pytest.mark.django_db
@settings(max_examples=150, deadline=None)
@given(months(), st.integers(1, 10), st.integers(0, 60))
def test_adding_a_holiday_never_moves_a_deadline_earlier(month, days, extra):
    start, pauses, off = month
    office = Office(code="7499", name="Uji", time_zone="Asia/Makassar")
    calendar = OfficeCalendar.__new__(OfficeCalendar)
    calendar.office = office
    calendar._week = {
        n: ServiceHours(weekday=n, opens=time(8), closes=time(15, 30) if n < 4 else time(14))
        for n in range(5)
    }
    calendar._exceptions = {}
    calendar._days = {day: CalendarDay(date=day, kind=CalendarDay.Kind.HOLIDAY) for day in off}
    saturday = start.date() + timedelta(days=(5 - start.weekday()) % 7)
    calendar._days[saturday] = CalendarDay(date=saturday, kind=CalendarDay.Kind.WORKING)
    before = calendar.deadline(start, days, pauses)
    added = office.today(start) + timedelta(days=extra)
    calendar._days[added] = CalendarDay(date=added, kind=CalendarDay.Kind.HOLIDAY)
    assert calendar.deadline(start, days, pauses) >= before
