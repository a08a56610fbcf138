"""Random actions from three desks, phones and the kiosk: nobody is lost, nobody is served twice, numbers stay,
clocks hold, and what is taken back is as it was."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.apps import apps
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from queueing.models import Counter, Ticket
from queueing.workflows import desk, undo, visitor
from queueing.workflows.issue import issue
from services.accounts.models import User
from services.audit.actors import Actor
from services.guestbook.models import Visit, VisitService
from services.offices.models import Office, Service
from services.workflow import IllegalMove
from tests.conftest import load_offices

KIOSK = Actor("device")
START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
ACTIONS = [
    desk.recall, desk.arrived, desk.skip, desk.put_back, desk.hold, desk.rejoin, desk.no_show, desk.cancel,
]  # fmt: skip
DESKS = 3
WHO = st.integers(0, DESKS - 1)


class QueueMachine(RuleBasedStateMachine):
    """One office day with both services of Kolaka Timur. IllegalMove is an allowed answer, nothing else is."""

    def __init__(self):
        super().__init__()
        Ticket.objects.all().delete()
        Visit.objects.all().delete()
        self.office = Office.objects.get(code="7411")
        self.services = list(self.office.services.all())
        self.counters = list(Counter.objects.filter(office=self.office))
        people = User.objects.filter(email__startswith="acak").order_by("email")[:DESKS]
        self.officers = [Actor("officer", user_id=user.pk) for user in people]
        for counter, user in zip(self.counters, people, strict=True):
            Counter.objects.filter(pk=counter.pk).update(officer=user)
        self.now = START
        self.numbers: dict[int, str] = {}

    def tick(self) -> datetime:
        self.now += timedelta(seconds=37)
        return self.now

    def attempt(self, action, *args, **more):
        try:
            return action(*args, at=self.tick(), **more)
        except IllegalMove:
            return None

    @rule(which=st.integers(0, 1), priority=st.booleans())
    def take_a_number(self, which, priority):
        service: Service = self.services[which]
        ticket = issue(
            office=self.office, service=service, submission=f"n{len(self.numbers)}", by=KIOSK, priority=priority,
            at=self.tick(),
        )  # fmt: skip
        self.numbers[ticket.pk] = ticket.label

    @rule(who=WHO)
    def call_next(self, who):
        self.attempt(desk.call_next, self.counters[who], by=self.officers[who])

    @precondition(lambda self: self.numbers)
    @rule(who=WHO, pick=st.integers(0, 10_000))
    def call_somebody(self, who, pick):
        ticket = Ticket.objects.get(pk=sorted(self.numbers)[pick % len(self.numbers)])
        self.attempt(desk.call_chosen, self.counters[who], ticket, by=self.officers[who])

    @precondition(lambda self: self.numbers)
    @rule(who=WHO, action=st.sampled_from(ACTIONS), pick=st.integers(0, 10_000))
    def act_on_a_ticket(self, who, action, pick):
        pk = sorted(self.numbers)[pick % len(self.numbers)]
        self.attempt(action, Ticket.objects.get(pk=pk), by=self.officers[who])

    @precondition(lambda self: self.numbers)
    @rule(who=WHO, begin=st.booleans(), pick=st.integers(0, 10_000))
    def start_or_end_a_service(self, who, begin, pick):
        pk = sorted(self.numbers)[pick % len(self.numbers)]
        received = VisitService.objects.get(ticket=pk)
        self.attempt(desk.start if begin else desk.end, received, by=self.officers[who])

    @precondition(lambda self: self.numbers)
    @rule(who=WHO, pick=st.integers(0, 10_000))
    def send_home(self, who, pick):
        pk = sorted(self.numbers)[pick % len(self.numbers)]
        self.attempt(desk.close_visit, Visit.objects.get(services__ticket=pk), by=self.officers[who])

    @precondition(lambda self: self.numbers)
    @rule(who=WHO, pick=st.integers(0, 10_000))
    def go_on_with_somebody_put_aside(self, who, pick):
        ticket = Ticket.objects.get(pk=sorted(self.numbers)[pick % len(self.numbers)])
        self.attempt(desk.resume, ticket, self.counters[who], by=self.officers[who])

    @precondition(lambda self: self.numbers)
    @rule(who=WHO, to=st.integers(0, DESKS + 1), pick=st.integers(0, 10_000))
    def pass_somebody_on(self, who, to, pick):
        ticket = Ticket.objects.get(pk=sorted(self.numbers)[pick % len(self.numbers)])
        where = {"counter": self.counters[to]} if to < DESKS else {"service": self.services[to - DESKS]}
        self.attempt(desk.transfer, ticket, by=self.officers[who], **where)

    @precondition(lambda self: self.numbers)
    @rule(pick=st.integers(0, 10_000))
    def ask_for_more_time(self, pick):
        ticket = Ticket.objects.get(pk=sorted(self.numbers)[pick % len(self.numbers)])
        self.attempt(visitor.more_time, ticket, by=KIOSK)

    @rule(who=WHO)
    def take_it_back(self, who):
        at = self.now + timedelta(seconds=5)
        action = undo.last_action(self.office, self.officers[who].user_id, at)
        if action is None:
            return
        before = {(c[0], c[1]): c[2] for c in action.changes if not c[4]}
        try:
            undo.undo(action, by=self.officers[who], at=at)
        except IllegalMove:
            return
        for (label, pk), values in before.items():
            row = apps.get_model(label).objects.get(pk=pk)
            for name, value in values.items():
                now = getattr(row, name)
                assert (now.isoformat() if isinstance(now, datetime) else now) == value

    @invariant()
    def numbers_are_stable_and_nobody_is_lost(self):
        assert {t.pk: t.label for t in Ticket.objects.filter(office=self.office)} == self.numbers

    @invariant()
    def one_person_at_a_counter(self):
        for counter in self.counters:
            assert counter.tickets.at_counter().count() <= 1

    @invariant()
    def nobody_is_served_twice(self):
        for received in VisitService.objects.filter(office=self.office):
            begun = received.steps.filter(state="serving").exclude(why="undo").count()
            assert begun <= 1 + received.steps.filter(state="waiting", why="undo").count()

    @invariant()
    def whoever_is_next_has_been_promised_something(self):
        """Where the clock starts when the one before has finished: with nobody at a counter it runs for somebody."""
        for service in self.services:
            tickets = Ticket.objects.filter(service=service)
            here = [t for t in tickets.waiting() if not t.not_before or t.not_before <= self.now]
            received = [t.received for t in here if t.received.clock_start_event == "previous_finished"]
            if received and not tickets.at_counter().exists():
                assert any(r.clock_started_at for r in received), [str(t) for t in here]

    @invariant()
    def ended_visits_have_no_ticket_about_and_steps_tell_the_state(self):
        for ticket in Ticket.objects.select_related("received__visit"):
            assert ticket.steps.last().state == ticket.state
            if ticket.received.visit.ended_at:
                assert ticket.state in Ticket.OVER

    @invariant()
    def a_clock_that_started_has_an_end_and_results_agree_with_it(self):
        for received in VisitService.objects.exclude(clock_started_at=None):
            promised = timedelta(minutes=received.clock_minutes)
            aside = Ticket.objects.filter(received=received, steps__state="held").exists()
            length = received.clock_due_at - received.clock_started_at
            assert length > promised if aside and length != promised else length == promised
            if received.clock_result == "missed":
                assert received.clock_stopped_at > received.clock_due_at
            if received.clock_result == "kept" and received.clock_due_at:
                assert (
                    received.clock_stopped_at <= received.clock_due_at
                    or received.clock_started_at > received.started_at
                )

    def teardown(self):
        """Every ticket can be brought to an end: the day closes all that is left."""
        if hasattr(self, "office"):
            desk.close_day(self.office, by=self.officers[0], before=self.now + timedelta(days=1))
            assert not Ticket.objects.exclude(state__in=Ticket.OVER).exists()
            assert not Visit.objects.open().exists()


class TestQueue(TestCase):
    """Each example runs in a transaction of its own, rolled back."""

    def test_random_days(self):
        if not Office.objects.filter(code="7411").exists():
            load_offices()
        office = Office.objects.get(code="7411")
        for number in range(1, DESKS + 1):
            counter, _new = Counter.objects.get_or_create(office=office, number=number)
            counter.services.set(office.services.all())
        for n in range(DESKS):
            User.objects.get_or_create(email=f"acak{n}@example.test", defaults={"name": f"Petugas {n}"})
        run_state_machine_as_test(
            QueueMachine,
            settings=settings(
                max_examples=15,
                stateful_step_count=30,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
