"""Power cuts and the like: everything that ran meanwhile is not counted, and comes back when the record is withdrawn."""

from __future__ import annotations

from functools import partial

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from queueing.models import DeskAction
from queueing.workflows import counters
from queueing.workflows import desk as work
from queueing.workflows.undo import undo
from services.accounts.models import Role
from services.audit.actors import Actor
from services.audit.models import AuditEntry
from services.guestbook import clocks, interruptions, workflows
from services.guestbook.models import Interruption, Visit, VisitService
from services.workflow import IllegalMove
from tests.queueing.support import NINE, fresh, minutes, take
from tests.together import at_once

PAGE = "queueing:interruptions"
LIMIT = 10  # minutes


def clock(office, started: float, stopped: float | None = None, why: str = "") -> VisitService:
    """A promise of ten minutes as it may stand in the books; minutes after nine."""
    service = office.services.first()
    visit = Visit.objects.create(office=office, day=office.today(NINE), arrived_at=NINE)
    received = VisitService(
        visit=visit, office=office, service=service, clock_minutes=LIMIT, clock_start_event="arrival",
        clock_started_at=minutes(started), clock_due_at=minutes(started + LIMIT), clock_result="running",
    )  # fmt: skip
    if stopped is not None:
        for name, value in clocks.stopped(received, minutes(stopped)).items():
            setattr(received, name, value)
    if why:
        clocks.exclude(received, why)
    received.save()
    return received


def result(received) -> tuple[str, str]:
    received = fresh(received)
    return received.clock_result, received.clock_reason


def record(office, by, since: float, until: float, kind="power_cut") -> Interruption:
    return interruptions.record(
        office=office, kind=kind, started_at=minutes(since), ended_at=minutes(until), by=by
    )


OUT = ("excluded", "power_cut")


@pytest.mark.parametrize(
    ("started", "stopped", "after"),
    [
        (0, None, OUT),  # running
        (0, 5, OUT),  # kept
        (0, 30, OUT),  # missed, and it was still in time when the power went
        (6, 9, OUT),  # wholly inside
        (4, 6, OUT),
        (9.5, 40, OUT),
        (10, 15, ("kept", "")),  # began with the end
        (-4, 4, ("kept", "")),  # over when it began
        (-1, 4, ("kept", "")),
        (-6, 30, ("missed", "")),  # broken at four minutes past, before the power went
        (-5, 30, OUT),  # due one minute into it
        (10, None, ("running", "")),
        (-6, None, ("running", "")),  # long late
    ],
)
def test_what_ran_between_four_and_ten_past_is_not_counted(office, by, started, stopped, after):
    received = clock(office, started, stopped)
    record(office, by, 4, 10)
    assert result(received) == after


def test_another_offices_promises_are_not_ours(offices, by):
    theirs = clock(offices["6571"], 0)
    record(offices["7411"], by, 4, 10)
    assert result(theirs) == ("running", "")


def test_what_was_excluded_for_another_reason_keeps_it(office, by):
    paper = clock(office, 0, 5, why=clocks.PAPER_SLIP)
    record(office, by, 4, 10)
    assert result(paper) == ("excluded", "paper_slip")


def test_two_that_overlap_must_both_be_withdrawn(office, by):
    received = clock(office, 0, 12)
    first, second = record(office, by, 1, 3), record(office, by, 2, 5, kind="network")
    assert result(received) == OUT
    interruptions.withdraw(first, by=by)
    assert result(received) == ("excluded", "network")
    interruptions.withdraw(second, by=by)
    assert result(received) == ("missed", "")


@pytest.mark.parametrize(
    ("tapped", "after"), [(0, OUT), (2, OUT), (3, ("running", "")), (-10, ("running", ""))]
)
def test_a_form_that_lay_open_meanwhile(office, library, by, tapped, after):
    """The tablet's guest book counts from the tap, and was signed after the power cut was recorded."""
    library.standard.rule_set.filter(key="clock_onsite").update(value={"start": "arrival", "minutes": LIMIT})
    record(office, by, 1, 3)
    visit = workflows.arrive_once(office=office, service=library, submission="tap", by=by, at=minutes(tapped))
    assert result(visit.main) == after


def test_both_are_in_the_trail(office, by):
    clock(office, 0)
    one = record(office, by, 4, 10)
    interruptions.withdraw(one, by=by)
    interruptions.withdraw(one, by=by)
    lines = AuditEntry.objects.filter(action__startswith="interruption.").order_by("id")
    assert [(e.action, e.target_id, e.detail["promises"]) for e in lines] == [
        ("interruption.recorded", one.pk, 1), ("interruption.withdrawn", one.pk, 1),
    ]  # fmt: skip


CLOCKS = st.lists(
    st.tuples(st.integers(-20, 60), st.none() | st.integers(0, 30), st.sampled_from(["", "", "", "left"])),
    min_size=1,
    max_size=6,
)
OUTAGES = st.lists(
    st.tuples(st.integers(-30, 60), st.integers(1, 40), st.sampled_from(Interruption.Kind.values)),
    min_size=1,
    max_size=4,
    unique=True,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CLOCKS, OUTAGES, st.randoms(use_true_random=False))
def test_recorded_and_withdrawn_gives_the_results_as_before(office, by, promises, outages, chance):
    VisitService.objects.all().delete()
    Interruption.objects.all().delete()
    rows = [clock(office, s, None if n is None else s + n, why) for s, n, why in promises]
    before = [result(r) for r in rows]
    standing = [record(office, by, since, since + length, kind) for since, length, kind in outages]
    chance.shuffle(standing)
    while standing:
        for received, was in zip(rows, before, strict=True):
            covered = [i.kind for i in standing if interruptions._overlap(i, *interruptions._span(received))]
            now = result(received)
            assert (
                now == was
                if not covered or was[0] == "excluded"
                else now[0] == "excluded" and now[1] in covered
            )
        interruptions.withdraw(standing.pop(), by=by)
    assert [result(r) for r in rows] == before


class TestGoesOnUnderneath:
    """A promise excluded while its visitor still waits: what happens to them counts when the record is withdrawn."""

    @pytest.fixture
    def waiting(self, consultation, counter, office, by):
        counters.open_counter(counter, by=by)
        ticket = take(consultation, NINE)
        self.outage = record(office, by, 1, 3)
        assert result(ticket.received) == OUT
        return ticket

    def call(self, counter, by, at):
        return work.arrived(work.call_next(counter, by=by, at=at), by=by, at=at)

    @pytest.mark.parametrize(("served", "after"), [(10, "kept"), (10.5, "missed")])
    def test_served(self, waiting, counter, by, served, after):
        self.call(counter, by, minutes(5))
        work.start(fresh(waiting).received, by=by, at=minutes(served))
        assert result(waiting.received) == OUT
        interruptions.withdraw(self.outage, by=by)
        assert result(waiting.received) == (after, "")

    def test_put_aside(self, waiting, counter, by):
        self.call(counter, by, minutes(5))
        work.hold(fresh(waiting), by=by, at=minutes(6))
        work.resume(fresh(waiting), counter, by=by, at=minutes(26))
        interruptions.withdraw(self.outage, by=by)
        assert fresh(waiting.received).clock_due_at == minutes(30)

    @pytest.mark.parametrize("recorded_first", [True, False])
    def test_put_aside_over_a_later_one(self, office, consultation, counter, by, recorded_first):
        """Whether it was recorded before the visitor went on or after makes no difference."""
        counters.open_counter(counter, by=by)
        ticket = take(consultation, NINE)
        self.call(counter, by, minutes(5))
        work.hold(fresh(ticket), by=by, at=minutes(6))
        if recorded_first:
            record(office, by, 12, 14)
            assert result(ticket.received) == ("running", "")
        work.resume(fresh(ticket), counter, by=by, at=minutes(26))
        if not recorded_first:
            record(office, by, 12, 14)
        assert result(ticket.received) == OUT

    def test_left(self, waiting, by):
        work.cancel(fresh(waiting), by=by, at=minutes(5))
        interruptions.withdraw(self.outage, by=by)
        assert result(waiting.received) == ("excluded", "left")

    def test_skipped_and_back_has_a_new_promise_that_is_counted(self, waiting, counter, by):
        work.call_next(counter, by=by, at=minutes(5))
        work.skip(fresh(waiting), by=by, at=minutes(6))
        assert result(waiting.received) == ("", "")
        work.rejoin(fresh(waiting), by=by, at=minutes(8))
        assert fresh(waiting.received).clock_due_at == minutes(18)
        assert result(waiting.received) == ("running", "")

    def test_still_waiting_and_withdrawn(self, waiting, by):
        interruptions.withdraw(self.outage, by=by)
        assert result(waiting.received) == ("running", "")

    def test_a_start_is_not_taken_back_over_its_withdrawal(self, waiting, counter, by):
        self.call(counter, by, minutes(5))
        work.start(fresh(waiting).received, by=by, at=minutes(6))
        interruptions.withdraw(self.outage, by=by)
        with pytest.raises(IllegalMove):
            undo(DeskAction.objects.latest("id"), by=by, at=minutes(6.2))
        assert (fresh(waiting.received).state, *result(waiting.received)) == ("serving", "kept", "")

    def test_a_start_is_taken_back_while_it_stands(self, waiting, counter, by):
        self.call(counter, by, minutes(5))
        work.start(fresh(waiting).received, by=by, at=minutes(6))
        undo(DeskAction.objects.latest("id"), by=by, at=minutes(6.2))
        assert result(waiting.received) == OUT
        interruptions.withdraw(self.outage, by=by)
        assert result(waiting.received) == ("running", "")

    def test_recorded_while_somebody_was_gone_by_mistake(self, office, consultation, counter, by):
        counters.open_counter(counter, by=by)
        ticket = take(consultation, NINE)
        work.cancel(ticket, by=by, at=minutes(5))
        record(office, by, 1, 3)
        undo(DeskAction.objects.latest("id"), by=by, at=minutes(5.2))
        assert result(ticket.received) == OUT

    def test_withdrawn_while_somebody_was_gone_by_mistake(self, waiting, by):
        work.cancel(fresh(waiting), by=by, at=minutes(5))
        interruptions.withdraw(self.outage, by=by)
        undo(DeskAction.objects.latest("id"), by=by, at=minutes(5.2))
        assert result(waiting.received) == ("running", "")

    def test_what_was_done_just_before_cannot_be_taken_back_over_it(self, office, consultation, counter, by):
        counters.open_counter(counter, by=by)
        ticket = take(consultation, NINE)
        self.call(counter, by, minutes(2))
        work.start(fresh(ticket).received, by=by, at=minutes(3))
        record(office, by, 1, 4)
        with pytest.raises(IllegalMove):
            undo(DeskAction.objects.latest("id"), by=by, at=minutes(3.2))
        assert result(ticket.received) == OUT


@pytest.fixture
def supervisor(make_user, office) -> Client:
    client = Client()
    user = make_user(office, Role.SUPERVISOR)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def ten():
    """Ten o'clock on that Monday; the office is WITA."""
    with time_machine.travel(minutes(60), tick=False):
        yield


FILLED = {"kind": "power_cut", "day": "2026-03-02", "began": "0904", "ended": "09.10", "note": "Gardu rusak"}


@pytest.mark.usefixtures("ten")
class TestPage:
    def test_recorded_listed_and_withdrawn(self, supervisor, office):
        rows = [clock(office, 0), clock(office, 0, 5), clock(office, 20)]
        answer = supervisor.post(reverse(PAGE), FILLED, follow=True)
        page = answer.content.decode()
        assert "Gangguan dicatat. 2 janji waktu tidak dihitung." in page
        one = Interruption.objects.get()
        assert (one.started_at, one.ended_at, one.note) == (minutes(4), minutes(10), "Gardu rusak")
        assert "09.04–09.10" in page
        assert [row.promises for row in answer.context["listed"]] == [2]
        page = supervisor.post(
            reverse("queueing:interruption_withdraw", args=[one.pk]), follow=True
        ).content.decode()
        assert "dibatalkan" in page
        assert [result(r)[0] for r in rows] == ["running", "kept", "running"]

    def test_a_double_tap_is_one(self, supervisor):
        for _n in range(2):
            assert supervisor.post(reverse(PAGE), FILLED).status_code == 302
        assert Interruption.objects.count() == 1

    @pytest.mark.parametrize(
        ("changes", "fields"),
        [
            ({"kind": ""}, {"kind"}),
            ({"kind": "cats"}, {"kind"}),
            ({"day": "2026-03-03"}, {"day"}),
            ({"day": "2026-02-22"}, {"day"}),
            ({"day": "٢٠٢٦"}, {"day"}),
            ({"began": "09.10"}, {"ended"}),
            ({"began": "09.11"}, {"ended"}),
            ({"ended": "10.01"}, {"ended"}),
            ({"began": "11.00", "ended": "12.00"}, {"began", "ended"}),
            ({"began": "9"}, {"began"}),
            ({"ended": ""}, {"ended"}),
            ({"note": "x" * 201}, {"note"}),
        ],
    )
    def test_what_cannot_be_is_told_at_its_field(self, supervisor, changes, fields):
        answer = supervisor.post(reverse(PAGE), {**FILLED, **changes})
        assert answer.status_code == 422
        assert set(answer.context["form"].errors) == fields
        assert not Interruption.objects.exists()

    def test_it_is_in_the_panels_navigation(self, supervisor):
        assert reverse(PAGE) in supervisor.get("/panel/").content.decode()

    def test_the_list_asks_a_fixed_number_of_questions(
        self, supervisor, office, by, django_assert_max_num_queries
    ):
        for n in range(5):
            clock(office, n)
            record(office, by, n, n + 1)
        with django_assert_max_num_queries(9):
            supervisor.get(reverse(PAGE))

    def test_the_desk_and_the_phone_of_somebody_who_waits(self, desk, consultation, office, by):
        ticket = take(consultation, minutes(55))
        phone = reverse("queueing:visit", args=[ticket.received.visit.token])
        assert "paling lambat pukul" in Client().get(phone).content.decode()
        record(office, by, 56, 58)
        assert "Tidak dihitung: listrik padam" in desk.get(reverse("queueing:desk_queue")).content.decode()
        card = desk.get(reverse("queueing:desk_visit", args=[ticket.received.visit_id])).content.decode()
        assert "Tidak dihitung · listrik padam" in card
        assert "paling lambat pukul" not in Client().get(phone).content.decode()


@pytest.mark.django_db(transaction=True)
def test_recorded_on_two_screens_at_once_it_is_one(offices, make_user):
    office, by = offices["7411"], Actor("officer", user_id=make_user(offices["7411"]).pk)
    received = clock(office, 0)
    got = at_once(*[partial(record, office, by, 4, 10)] * 2)
    assert len({i.pk for i in got}) == Interruption.objects.count() == 1
    assert result(received) == OUT
