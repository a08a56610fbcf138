"""Midnight is the office's own: in WIB, WITA and WIT, whatever zone the server keeps and whatever its clock says."""

from __future__ import annotations

import re
import time as clock
from collections import Counter as Multiset
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from queueing import selectors, tasks
from queueing.board import board
from queueing.models import NumberSequence, Ticket
from queueing.workflows import desk as desk_work
from queueing.workflows.issue import issue
from services.audit.actors import Actor
from services.guestbook.models import Visit
from services.offices.calendar import OfficeCalendar
from services.offices.models import Office
from services.workflow import IllegalMove

KIOSK = Actor("device")
HOURS_AHEAD = {"Asia/Jakarta": 7, "Asia/Makassar": 8, "Asia/Jayapura": 9}  # of UTC, all year
SECOND = timedelta(seconds=1)


def take(office: Office, key: str, at: datetime) -> Ticket:
    return issue(office=office, service=office.services.first(), submission=key, by=KIOSK, at=at)


def fresh(thing):
    return type(thing).objects.get(pk=thing.pk)


def the_worker_closes_days() -> None:
    """In a process that no request has moved into an office's zone."""
    timezone.deactivate()
    tasks.close_day(timestamp=0)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.fixture
def three(offices) -> dict[str, Office]:
    """An office in each zone, by its name."""
    Office.objects.filter(code="7411").update(time_zone="Asia/Jayapura")
    codes = {"WIB": "1373", "WITA": "6571", "WIT": "7411"}
    return {zone: Office.objects.get(code=code) for zone, code in codes.items()}


@pytest.fixture
def eastern(office) -> Office:
    """Kolaka Timur moved to WIT, open from 08:00 to 15:30: from 23:00 UTC of the day before to 06:30 UTC."""
    Office.objects.filter(pk=office.pk).update(time_zone="Asia/Jayapura")
    office.hours.filter(weekday__lt=5).update(opens=time(8), closes=time(15, 30))
    return Office.objects.get(pk=office.pk)


@pytest.fixture(params=["UTC", "Asia/Jakarta", "Pacific/Kiritimati", "America/Los_Angeles"])
def server_zone(request, settings, monkeypatch):
    """Both the application's default zone and the process's: from 8 hours behind UTC to 14 ahead."""
    settings.TIME_ZONE = request.param
    monkeypatch.setenv("TZ", request.param)
    clock.tzset()
    yield request.param
    monkeypatch.undo()
    clock.tzset()


def tap(kiosk, service: str = "library") -> str:
    """A visitor at the tablet: from the choices to the page of the number."""
    page = kiosk.get(reverse("queueing:kiosk")).content.decode()
    token = re.search(r'name="token" value="([^"]+)"', page)[1]
    answer = kiosk.post(reverse("queueing:take_number"), {"token": token, "service": service}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


# -- the number and its day ------------------------------------------------------------------------------


def test_at_the_same_instants_each_zone_starts_anew_at_its_own_midnight_only(three):
    instants = [
        (utc(2026, 3, 2, 14, 59, 59), {"WIT": 1, "WITA": 1, "WIB": 1}),
        (utc(2026, 3, 2, 15), {"WIT": 1, "WITA": 2, "WIB": 2}),
        (utc(2026, 3, 2, 15, 59, 59), {"WIT": 2, "WITA": 3, "WIB": 3}),
        (utc(2026, 3, 2, 16), {"WIT": 3, "WITA": 1, "WIB": 4}),
        (utc(2026, 3, 2, 17), {"WIT": 4, "WITA": 2, "WIB": 1}),
        (utc(2026, 3, 2, 23, 59, 59), {"WIT": 5, "WITA": 3, "WIB": 2}),
        (utc(2026, 3, 3), {"WIT": 6, "WITA": 4, "WIB": 3}),
    ]
    for at, expected in instants:
        assert {z: take(o, f"{z} {at}", at).number for z, o in three.items()} == expected, at


def test_offices_in_different_zones_have_different_service_days_at_one_moment(three):
    """00:30 WITA on the third is 23:30 WIB on the second and 01:30 WIT on the third."""
    before, now = utc(2026, 3, 2, 14), utc(2026, 3, 2, 16, 30)
    for zone, office in three.items():
        take(office, zone, before)
    assert {z: o.today(now) for z, o in three.items()} == {
        "WIB": date(2026, 3, 2),
        "WITA": date(2026, 3, 3),
        "WIT": date(2026, 3, 3),
    }
    still = {"WIB": 1, "WITA": 0, "WIT": 0}
    for zone, office in three.items():
        assert len(selectors.queue(office, None, now).waiting) == still[zone]
        assert sum(offer.waiting for offer in selectors.offers(office, now)) == still[zone]
        assert sum(n for _service, n in board(office, now).waiting) == still[zone]
        assert selectors.waiting_for_guest_book(office, now).count() == still[zone]
    with time_machine.travel(now, tick=False):
        the_worker_closes_days()
    assert {z: o.visits.open().count() for z, o in three.items()} == still


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ((date(2028, 2, 28), date(2028, 2, 29), date(2028, 3, 1)), [1, 2, 1, 2, 1, 2]),
        ((date(2027, 2, 28), date(2027, 3, 1)), [1, 2, 1, 2]),
        ((date(2026, 12, 31), date(2027, 1, 1)), [1, 2, 1, 2]),
    ],
    ids=["leap day", "no leap day", "new year"],
)
@pytest.mark.parametrize("zone", list(HOURS_AHEAD))
def test_the_days_of_a_leap_year_and_of_new_year(office, zone, days, expected):
    Office.objects.filter(pk=office.pk).update(time_zone=zone)
    office = Office.objects.get(pk=office.pk)
    given = []
    for day in days:
        midnight = datetime.combine(day, time(0), tzinfo=UTC) - timedelta(hours=HOURS_AHEAD[zone])
        for at in (midnight, midnight + timedelta(days=1) - SECOND):
            ticket = take(office, str(at), at)
            assert ticket.day == day
            given.append(ticket.number)
    assert given == expected
    assert NumberSequence.objects.filter(office=office).count() == len(days)


# Minutes and seconds around a midnight somewhere in Indonesia, or anywhere in a few days.
INSTANTS = st.lists(
    st.one_of(
        st.builds(
            lambda day, hour, seconds: utc(2028, 2, 27) + timedelta(days=day, hours=hour, seconds=seconds),
            st.integers(0, 4),
            st.sampled_from([0, 15, 16, 17]),
            st.integers(-2, 2),
        ),
        st.datetimes(datetime(2028, 2, 27), datetime(2028, 3, 3)).map(lambda at: at.replace(tzinfo=UTC)),
    ),
    min_size=1,
    max_size=10,
).map(sorted)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(zone="Asia/Jayapura", instants=[utc(2028, 2, 28, 14, 59, 59), utc(2028, 2, 28, 15)])
@given(zone=st.sampled_from(list(HOURS_AHEAD)), instants=INSTANTS)
def test_the_day_of_a_number_is_the_offices_date_and_its_sequence_starts_once_a_day(office, zone, instants):
    with transaction.atomic():
        Office.objects.filter(pk=office.pk).update(time_zone=zone)
        here = Office.objects.get(pk=office.pk)
        given_before: Multiset[date] = Multiset()
        for n, at in enumerate(instants):
            local = (at + timedelta(hours=HOURS_AHEAD[zone])).date()
            ticket = take(here, f"n{n}", at)
            given_before[local] += 1
            assert (ticket.day, ticket.received.visit.day) == (local, local)
            assert ticket.number == given_before[local]
            assert fresh(ticket).day == local
        firsts = Ticket.objects.filter(office=here, number=1).values_list("day", flat=True)
        assert sorted(firsts) == sorted(given_before)
        transaction.set_rollback(True)


# -- an office that is open while the server's date changes ------------------------------------------------


def test_an_office_open_at_the_servers_midnight_has_one_day(eastern, server_zone, kiosk, desk, make_device):
    """Monday the 2nd of March in WIT; the server's own date changes at 09:00 WIT, at 02:00 or in the afternoon."""
    tv = type(kiosk)()
    tv.cookies["pst_device_display"] = make_device(eastern, "display")[1]
    with time_machine.travel(utc(2026, 3, 1, 22, 59), tick=False) as now:
        assert OfficeCalendar(eastern).state().state == "closed"
        now.move_to(utc(2026, 3, 1, 23))
        assert OfficeCalendar(eastern).state().is_open
        now.move_to(utc(2026, 3, 1, 23, 30))
        slip = tap(kiosk)
        assert "A001" in slip
        assert "08.30 WIT" in slip

        now.move_to(utc(2026, 3, 2, 0, 30))
        assert OfficeCalendar(eastern).state().is_open
        assert "1 orang sebelum Anda" in kiosk.get(reverse("queueing:kiosk")).content.decode()
        the_worker_closes_days()
        slip = tap(kiosk)
        assert "A002" in slip
        assert "09.30 WIT" in slip
        assert "1 orang sebelum Anda" in slip

        desk.post(reverse("queueing:open_counter"), {"counter": 1})
        queue = desk.get(reverse("queueing:desk_queue")).content.decode()
        assert queue.index("A001") < queue.index("A002")
        desk.post(reverse("queueing:call_next"), {"seen": 0})
        board = tv.get(reverse("queueing:display")).content.decode()
        assert 'data-now="A001"' in board
        sign = kiosk.get(reverse("queueing:kiosk_sign")).content.decode()
        assert "A001" in sign
        assert "A002" in sign

        now.move_to(utc(2026, 3, 2, 10))  # every server's midnight but the last is over
        assert "A003" in tap(kiosk)
        assert NumberSequence.objects.filter(office=eastern).values_list("day", "last").get() == (
            date(2026, 3, 2),
            3,
        )
        the_worker_closes_days()
        assert eastern.visits.open().count() == 3

        now.move_to(utc(2026, 3, 2, 15))  # midnight in WIT
        assert "A002" not in desk.get(reverse("queueing:desk_queue")).content.decode()
        assert "data-now" not in tv.get(reverse("queueing:display")).content.decode()
        assert "A001" in tap(kiosk)
        the_worker_closes_days()
        assert [v.number for v in eastern.visits.open()] == ["A001"]
    assert Visit.objects.filter(end_reason="day_end").count() == 3


# -- across the office's own midnight --------------------------------------------------------------------

MIDNIGHT = utc(2026, 3, 2, 16)  # in WITA, the zone of Kolaka Timur


def test_a_number_of_yesterday_is_called_no_more(office, library, counter, by):
    """Taken at 23:59:59, called at 00:00:01: nobody is there any more, and the closing of the day ends it."""
    late = take(office, "late", MIDNIGHT - SECOND)
    assert selectors.people_before(late, MIDNIGHT - SECOND) == 0
    assert desk_work.call_next(counter, by=by, at=MIDNIGHT + SECOND) is None
    with pytest.raises(IllegalMove):
        desk_work.call_chosen(counter, late, by=by, at=MIDNIGHT + SECOND)
    early = take(office, "early", MIDNIGHT + SECOND)
    assert (late.number, early.number) == (1, 1)
    assert selectors.people_before(early, MIDNIGHT + SECOND) == 0
    assert [w.ticket for w in selectors.queue(office, counter, MIDNIGHT + SECOND).waiting] == [early]
    assert desk_work.call_next(counter, by=by, at=MIDNIGHT + SECOND) == early
    assert desk_work.close_day(office, by=by, before=MIDNIGHT + SECOND) == 1
    assert (fresh(late).state, fresh(early).state) == ("cancelled", "called")
    assert fresh(late.received).clock_result == "excluded"


def test_who_is_called_before_midnight_is_served_to_the_end(office, library, counter, by):
    first, second = (take(office, key, MIDNIGHT - timedelta(minutes=2)) for key in ("a", "b"))
    desk_work.call_next(counter, by=by, at=MIDNIGHT - SECOND)
    desk_work.arrived(fresh(first), by=by, at=MIDNIGHT + SECOND)
    desk_work.start(fresh(first).received, by=by, at=MIDNIGHT + 2 * SECOND)
    if fresh(first.received).state == "serving":
        desk_work.end(fresh(first.received), by=by, at=MIDNIGHT + timedelta(minutes=5))
    assert (fresh(first).state, fresh(first.received).state) == ("finished", "done")
    assert fresh(second.received).clock_started_at is None, "nobody of yesterday waits for a turn today"
    assert desk_work.call_next(counter, by=by, at=MIDNIGHT + timedelta(minutes=6)) is None


def test_a_page_opened_before_midnight_takes_a_number_of_the_new_day(office, kiosk):
    with time_machine.travel(MIDNIGHT - SECOND, tick=False) as now:
        take(office, "yesterday", MIDNIGHT - SECOND)
        page = kiosk.get(reverse("queueing:kiosk")).content.decode()
        form = {"token": re.search(r'name="token" value="([^"]+)"', page)[1], "service": "library"}
        now.move_to(MIDNIGHT + SECOND)
        answer = kiosk.post(reverse("queueing:take_number"), form, follow=True)
        assert "A001" in answer.content.decode()
        assert Ticket.objects.get(day=date(2026, 3, 3)).number == 1


def test_a_submission_repeated_after_midnight_is_still_one_ticket(office, kiosk):
    """The answer was lost at 23:59:59; the tablet asks again at 00:00:01."""
    with time_machine.travel(MIDNIGHT - SECOND, tick=False) as now:
        page = kiosk.get(reverse("queueing:kiosk")).content.decode()
        form = {"token": re.search(r'name="token" value="([^"]+)"', page)[1], "service": "library"}
        kiosk.post(reverse("queueing:take_number"), form)
        now.move_to(MIDNIGHT + SECOND)
        answer = kiosk.post(reverse("queueing:take_number"), form)
        assert answer.status_code == 302
        assert Ticket.objects.get().day == date(2026, 3, 2)
