"""Numbers: atomic, without gaps or duplicates, one per submission, anew each office day."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

import pytest
from django.utils import timezone

from queueing.models import NumberSequence, Ticket
from queueing.workflows.issue import issue
from services.audit.actors import Actor
from services.audit.models import AuditEntry
from services.guestbook.models import Visit
from services.guestbook.workflows import arrive
from tests.together import at_once

KIOSK = Actor("device")


def take(office, service, key, **more):
    return issue(office=office, service=service, submission=key, by=KIOSK, **more)


def test_first_number_of_the_day_is_a001_and_each_service_counts_by_itself(office, library, consultation):
    assert [take(office, library, f"l{i}").label for i in range(3)] == ["A001", "A002", "A003"]
    assert take(office, consultation, "c").label == "B001"


def test_the_same_submission_gives_the_same_ticket(office, library):
    first, again = take(office, library, "tap"), take(office, library, "tap")
    assert first.pk == again.pk
    assert Visit.objects.filter(office=office).count() == 1


def test_the_ticket_opens_an_anonymous_visit_that_knows_its_number(office, library):
    ticket = take(office, library, "x")
    visit = ticket.received.visit
    assert visit.visitor is None
    assert visit.number == ticket.label
    assert [s.state for s in ticket.steps.all()] == ["waiting"]


@pytest.mark.parametrize(
    ("code", "before", "after"),
    [
        ("1373", datetime(2026, 3, 2, 16, 59, tzinfo=UTC), datetime(2026, 3, 2, 17, 0, tzinfo=UTC)),  # WIB
        ("6571", datetime(2026, 3, 2, 15, 59, tzinfo=UTC), datetime(2026, 3, 2, 16, 0, tzinfo=UTC)),  # WITA
    ],
)
def test_numbers_start_anew_at_the_offices_own_midnight(offices, code, before, after):
    office = offices[code]
    service = office.services.get()
    assert take(office, service, "a", at=before).label == "A001"
    assert take(office, service, "b", at=before).label == "A002"
    assert take(office, service, "c", at=after).label == "A001"


@pytest.mark.django_db(transaction=True)
def test_fifty_clients_at_once_get_fifty_numbers_without_gap_or_duplicate(offices):
    office = offices["7411"]
    service = office.services.get(slug="library")

    def client(number: int) -> None:
        for round_ in range(2):
            take(office, service, f"client{number}-{round_}")

    assert at_once(*(partial(client, n) for n in range(50))) == [None] * 50
    assert sorted(Ticket.objects.values_list("number", flat=True)) == list(range(1, 101))
    assert NumberSequence.objects.get().last == 100


@pytest.mark.django_db(transaction=True)
def test_a_double_tap_at_the_same_instant_is_one_ticket(offices):
    office = offices["7411"]
    service = office.services.get(slug="library")
    tickets = at_once(*[lambda: take(office, service, "one tap").pk] * 8)
    assert tickets == [Ticket.objects.get().pk] * 8
    assert Visit.objects.count() == 1
    assert NumberSequence.objects.get().last == 1


def test_the_statement_writes_what_the_workflow_writes(library):
    """A number is issued by one statement; a visit without a number by the workflow. Same rows, same traces."""
    at = timezone.now()
    by = KIOSK
    ticket = issue(office=library.office, service=library, submission="sql", by=by, party_size=3, at=at)
    visit = arrive(office=library.office, service=library, by=by, party_size=3, at=at)

    def rows(visit):
        own = {"id", "pk", "token", "visit_id", "subject_id", "target_id", "number"}
        received = visit.services.get()
        entries = AuditEntry.objects.filter(target_type="guestbook.visit", target_id=visit.pk)
        found = [Visit.objects.get(pk=visit.pk), received, *received.steps.all(), *entries]
        return [
            {k: v for k, v in vars(row).items() if k not in own and not k.startswith("_")} for row in found
        ]

    assert rows(ticket.received.visit) == rows(visit)
    assert ticket.received.visit.token != visit.token
    stored = Ticket.objects.get(pk=ticket.pk)
    fields = [f.attname for f in Ticket._meta.concrete_fields]
    assert {f: getattr(stored, f) for f in fields} == {f: getattr(ticket, f) for f in fields}
