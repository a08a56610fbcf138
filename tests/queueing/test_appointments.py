"""Appointments: booked once a place, checked in once, called first at their time; the promise not before it."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
import time_machine

from queueing import tasks
from queueing.models import Appointment, ServiceQueue, Ticket
from queueing.workflows import appointments, desk
from queueing.workflows.issue import issue
from services.audit.actors import SYSTEM, VISITOR, Actor
from services.guestbook import clocks
from services.guestbook import workflows as visits
from services.guestbook.models import ConsentWording, Visit, VisitService
from services.offices.models import Service
from services.workflow import IllegalMove
from tests.queueing.ahead import MONDAY_NINE, book, later, slots_of
from tests.together import at_once

KIOSK = Actor("device")
TEN = later(1)


@pytest.fixture
def bookable(library) -> Service:
    return slots_of(library)


@pytest.fixture
def nine():
    with time_machine.travel(MONDAY_NINE, tick=False):
        yield MONDAY_NINE


def come(appointment: Appointment, at, office=None) -> Ticket:
    return appointments.check_in(appointment, office=office or appointment.office, by=KIOSK, at=at)


def fresh(thing):
    return type(thing).objects.get(pk=thing.pk)


class TestBooking:
    def test_places_of_a_slot_until_it_is_full(self, bookable):
        assert [book(bookable, TEN).place for _n in range(2)] == [1, 2]
        with pytest.raises(appointments.SlotTaken, match="penuh"):
            book(bookable, TEN)

    def test_a_cancelled_place_is_given_again(self, bookable):
        first, _second = book(bookable, TEN), book(bookable, TEN)
        appointments.cancel(first, by=VISITOR)
        assert book(bookable, TEN).place == 1

    def test_fewer_places_than_are_booked_give_none(self, bookable):
        book(bookable, TEN)
        second = book(bookable, TEN)
        ServiceQueue.objects.update(slot_people=1)
        appointments.cancel(Appointment.objects.exclude(pk=second.pk).get(), by=VISITOR)
        with pytest.raises(appointments.SlotTaken):
            book(fresh(bookable), TEN)

    @pytest.mark.parametrize("hours", [-0.5, 0, 0.25, 3, 7, 24 * 5, 24 * 20])
    def test_a_time_that_is_no_slot(self, bookable, hours):
        """Past, begun, beside the grid, in the break, after closing, on Saturday, too far ahead."""
        with pytest.raises(appointments.SlotTaken, match="tidak lagi ditawarkan"):
            book(bookable, later(hours))

    def test_the_same_key_is_the_same_booking_and_its_address_is_not_the_key(self, bookable):
        one, two = book(bookable, TEN, "tap"), book(bookable, TEN, "tap")
        assert one == two
        assert "tap" not in one.token

    def test_the_trace_begins_with_booked(self, bookable):
        assert [(s.state, s.actor) for s in book(bookable, TEN).steps.all()] == [("booked", "visitor")]


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_two_people_for_the_last_place(self, offices):
        service = slots_of(Service.objects.get(office=offices["7411"], slug="library"), slot_people=1)
        got = at_once(*(partial(book, service, TEN, f"person {n}") for n in range(4)))
        assert [isinstance(g, appointments.SlotTaken) for g in got].count(True) == 3
        assert Appointment.objects.count() == 1

    def test_a_double_tap(self, offices):
        service = slots_of(Service.objects.get(office=offices["7411"], slug="library"), slot_people=1)
        got = at_once(*[partial(book, service, TEN, "tap")] * 4)
        assert got == [Appointment.objects.get()] * 4

    def test_eight_people_get_the_two_places(self, offices):
        service = slots_of(Service.objects.get(office=offices["7411"], slug="library"))
        at_once(*(partial(book, service, TEN, f"person {n}") for n in range(8)))
        assert sorted(Appointment.objects.values_list("place", flat=True)) == [1, 2]

    def test_scanned_on_the_tablet_and_tapped_at_the_desk(self, offices):
        service = slots_of(Service.objects.get(office=offices["7411"], slug="library"))
        appointment = book(service, TEN)
        got = at_once(*[partial(come, appointment, TEN)] * 4)
        assert got == [Ticket.objects.get()] * 4
        assert Visit.objects.count() == 1


class TestCheckIn:
    def test_a_number_tied_to_the_appointment(self, bookable):
        appointment = book(bookable, TEN, party_size=4, language="en")
        ticket = fresh(come(appointment, later(0.75)))
        appointment.refresh_from_db()
        assert (appointment.state, appointment.ticket) == ("checked_in", ticket)
        assert ticket.appointment_at == TEN
        visit = ticket.received.visit
        assert (visit.party_size, visit.language, visit.arrived_at) == (4, "en", later(0.75))

    def test_a_second_scan_gives_the_same_number(self, bookable):
        appointment = book(bookable, TEN)
        assert come(appointment, TEN) == come(appointment, later(1.1))
        assert Ticket.objects.count() == 1

    @pytest.mark.parametrize(("minutes", "allowed"), [(-30.1, False), (-30, True), (0, True), (15, True)])
    def test_from_half_an_hour_before(self, bookable, minutes, allowed):
        appointment = book(bookable, TEN)
        at = TEN + timedelta(minutes=minutes)
        if allowed:
            assert come(appointment, at).appointment_at == TEN
        else:
            with pytest.raises(IllegalMove, match=r"mulai pukul 09\.30 WITA"):
                come(appointment, at)

    def test_too_late_is_an_ordinary_number_and_missed(self, bookable):
        appointment = book(bookable, TEN)
        ticket = come(appointment, TEN + timedelta(minutes=15, seconds=1))
        assert (fresh(ticket).appointment_at, fresh(appointment).state) == (None, "missed")
        assert come(appointment, later(2)) == ticket

    def test_marked_as_missed_before_they_came(self, bookable):
        appointment = book(bookable, TEN)
        appointments.mark_missed(bookable.office, at=later(2), by=SYSTEM)
        ticket = come(appointment, later(2))
        assert ticket.appointment_at is None
        assert fresh(appointment).ticket == ticket

    def test_cancelled_another_day_another_office(self, bookable, offices):
        cancelled, tomorrow, yesterday = (book(bookable, later(h)) for h in (1, 25, 2))
        appointments.cancel(cancelled, by=VISITOR)
        Appointment.objects.filter(pk=yesterday.pk).update(starts_at=later(-23))
        for appointment, words in (
            (cancelled, "sudah dibatalkan"),
            (tomorrow, r"untuk Selasa, 3 Maret 2026 pukul 10\.00 WITA"),
            (yesterday, r"sudah lewat \(Minggu, 1 Maret 2026\)"),
        ):
            with pytest.raises(IllegalMove, match=words):
                come(appointment, TEN)
        with pytest.raises(IllegalMove, match=bookable.office.name):
            come(tomorrow, TEN, office=offices["6571"])
        assert Ticket.objects.count() == 0

    def test_a_day_is_the_offices_own(self, bookable):
        """23:30 UTC on Sunday is Monday 08:30 in Jayapura: its appointment of 08:30 is today's."""
        office = bookable.office
        office.time_zone = "Asia/Jayapura"
        office.save()
        service = Service.objects.select_related("office", "queue_rules").get(pk=bookable.pk)
        half_past_eight = MONDAY_NINE - timedelta(hours=1.5)
        appointment = book(service, half_past_eight, at=MONDAY_NINE - timedelta(hours=6))
        assert come(appointment, half_past_eight).day == half_past_eight.date() + timedelta(days=1)


class TestClock:
    """The promise begins at the later of the standard's event and the appointment (docs/decisions/012)."""

    def sign(self, ticket, by, at):
        visits.sign(
            visit=ticket.received.visit, person={"name": "Tamu"}, answers={}, consent=True,
            wording=ConsentWording.objects.first(), channel="desk", by=by, at=at,
        )  # fmt: skip
        return fresh(ticket.received)

    @pytest.mark.parametrize(("signed", "starts"), [(0.75, 1), (1.1, 1.1)])
    def test_from_the_guest_book_but_not_before_the_time(self, bookable, by, signed, starts):
        ticket = come(book(bookable, TEN), later(0.6))
        received = self.sign(ticket, by, later(signed))
        assert received.clock_started_at == later(starts)
        assert received.clock_due_at == later(starts) + timedelta(minutes=5)

    @pytest.mark.parametrize(("came", "starts"), [(0.75, 1), (1.1, 1.1)])
    def test_first_in_line_from_the_number_but_not_before_the_time(self, consultation, came, starts):
        ticket = come(book(slots_of(consultation), TEN), later(came))
        assert fresh(ticket.received).clock_started_at == later(starts)

    def test_after_the_person_before_but_not_before_the_time(self, consultation, counter, by):
        service = slots_of(consultation)
        issue(office=service.office, service=service, submission="first", by=KIOSK, at=later(0.5))
        ticket = come(book(service, TEN), later(0.6))
        before = desk.call_next(counter, by=by, at=later(0.6))
        desk.start(before.received, by=by, at=later(0.6))
        desk.end(before.received, by=by, at=later(0.7))
        assert fresh(ticket.received).clock_started_at == TEN

    def test_an_arrival_clock_is_set_to_the_time(self, bookable):
        ticket = come(book(bookable, TEN), later(0.75))
        received = fresh(ticket.received)
        received.clock_start_event, received.clock_not_before = "arrival", None
        assert clocks.start(received, "arrival", later(0.75))
        clocks.not_before(received, TEN, later(0.75))
        assert fresh(received).clock_started_at == TEN

    def test_served_before_the_time_is_kept(self, bookable, counter, by):
        ticket = come(book(bookable, TEN), later(0.6))
        desk.call_next(counter, by=by, at=later(0.7))
        self.sign(ticket, by, later(0.7))
        desk.start(fresh(ticket.received), by=by, at=later(0.8))
        assert VisitService.objects.get().clock_result == "kept"


def test_in_order_of_arrival_before_the_time_and_first_from_then_on(bookable, counter, by):
    def walk_in(at):
        key = f"walk in {at}"
        return issue(office=bookable.office, service=bookable, submission=key, by=KIOSK, at=at)

    early = walk_in(later(0.5))
    appointment = come(book(bookable, TEN), later(0.6))
    walk_in(later(0.7))
    assert desk.call_next(counter, by=by, at=later(0.9)) == early
    another = walk_in(later(0.4))  # came before the appointment, who checked in at 9:36
    assert desk.call_next(counter, by=by, at=TEN - timedelta(seconds=1)) == another
    assert desk.call_next(counter, by=by, at=TEN) == appointment


class TestHousekeeping:
    def test_only_the_late_are_marked_as_missed_each_by_its_services_rule(self, bookable, consultation):
        slots_of(consultation, late_minutes=90)
        late, patient, coming = book(bookable, TEN), book(fresh(consultation), TEN), book(bookable, later(2))
        came = book(bookable, TEN)
        come(came, TEN)
        assert appointments.mark_missed(bookable.office, at=later(1.5), by=SYSTEM) == 1
        states = [fresh(a).state for a in (late, patient, coming, came)]
        assert states == ["missed", "booked", "booked", "checked_in"]

    def test_the_worker_marks_yesterdays_of_every_office(self, offices):
        for code in ("7411", "6571"):
            book(slots_of(offices[code].services.get(slug="library")), TEN)
        with time_machine.travel(later(24), tick=False):
            tasks.mark_missed_appointments(0)
        assert list(Appointment.objects.values_list("state", flat=True)) == ["missed"] * 2

    def test_forgotten_after_ninety_days_and_the_visit_stays(self, bookable):
        old, young = book(bookable, TEN), book(bookable, later(2))
        ticket = come(old, TEN)
        with time_machine.travel(TEN + timedelta(days=90, seconds=1), tick=False):
            tasks.forget_old_appointments(0)
        assert list(Appointment.objects.all()) == [young]
        assert fresh(ticket).received.visit
