"""A paper guest book typed in afterwards: visits without a number, with their true times."""

from __future__ import annotations

import importlib
from datetime import date, timedelta
from functools import partial

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from pst.privacy import retention
from queueing.workflows import desk as queue
from queueing.workflows import slips as slip_work
from services.audit.models import AuditEntry
from services.guestbook import interruptions, paper
from services.guestbook.models import Visit, Visitor, VisitService
from services.offices.models import Service, Standard
from tests.guestbook.support import FILLED as BOOK
from tests.queueing.support import KIOSK, NINE, fresh, minutes, take
from tests.together import at_once

PAGE = "queueing:paper_entry"
NOON = NINE + timedelta(hours=3)
SERVED = {
    "service": "library", "day": "2026-03-02", "people": "1", "arrived": "0900", "began": "0910", "ended": "0930",
    "outcome": "served",
}  # fmt: skip
HERE = {"ended": "", "outcome": "here"}


@pytest.fixture(autouse=True)
def noon(request):
    """Noon on that Monday; the office is WITA."""
    if "at_once" in request.node.name:
        yield
        return
    with time_machine.travel(NOON, tick=False):
        yield


def send(client: Client, **changes):
    return client.post(reverse(PAGE), {**SERVED, **changes})


def book_of(visit: Visit) -> str:
    return reverse("queueing:desk_guest_book", args=[visit.pk])


def test_somebody_served_is_in_the_books_with_the_true_times(desk, frontliner):
    answer = send(desk, people="3")
    visit = Visit.objects.get()
    received = visit.main
    assert answer["Location"] == book_of(visit)
    assert (visit.day, visit.arrived_at, visit.ended_at) == (date(2026, 3, 2), NINE, minutes(30))
    assert (visit.end_reason, visit.party_size, visit.entered_at) == ("finished", 3, NOON)
    assert (received.number, received.state) == ("", "done")
    assert (received.started_at, received.ended_at) == (minutes(10), minutes(30))
    assert [(s.state, s.at, s.by_user_id, s.why) for s in received.steps.all()] == [
        ("waiting", NINE, frontliner.pk, "paper"), ("serving", minutes(10), frontliner.pk, "paper"),
        ("done", minutes(30), frontliner.pk, "paper"),
    ]  # fmt: skip
    assert [(s.kind, s.at) for s in visit.steps.all()] == [("service", minutes(30)), ("finish", minutes(30))]
    entry = AuditEntry.objects.get(action="visit.entered")
    assert (entry.at, entry.user_id, entry.target_id) == (NOON, frontliner.pk, visit.pk)


def test_it_has_the_standard_of_its_own_day(desk, library):
    """Typed in at noon, when another version is in force since this morning, of a visit on Friday and one at nine."""
    old = library.standard
    Standard.objects.filter(pk=old.pk).update(
        status="retired", published_at=NINE - timedelta(days=90), effective_on="2025-12-02"
    )
    new = Standard.objects.create(
        service=library, version=90, status="published", title="Baru", source_text="", source_hash="",
        published_at=NINE + timedelta(minutes=30), effective_on="2026-03-02",
    )  # fmt: skip
    for changes in ({"day": "2026-02-27"}, {}, {"arrived": "0940", "began": "0945", "ended": "1000"}):
        send(desk, **changes)
    found = Visit.objects.order_by("arrived_at").values_list("services__standard", flat=True)
    assert list(found) == [old.pk, old.pk, new.pk]


def test_somebody_who_left(desk):
    send(desk, outcome="left", began="")
    visit = Visit.objects.get()
    assert (visit.main.state, visit.end_reason, visit.ended_at) == ("cancelled", "left", minutes(30))
    assert [s.state for s in visit.main.steps.all()] == ["waiting", "cancelled"]


def test_the_promise_is_not_counted_and_the_officer_reads_why(desk, office, by):
    send(desk)
    received = VisitService.objects.get()
    assert (received.clock_result, received.clock_reason) == ("excluded", "manual_entry")
    card = desk.get(reverse("queueing:desk_visit", args=[received.visit_id])).content.decode()
    assert "Tidak dihitung · dicatat belakangan dari kertas" in card
    outage = interruptions.record(
        office=office, kind="power_cut", started_at=NINE, ended_at=minutes(60), by=by
    )
    interruptions.withdraw(outage, by=by)
    assert fresh(received).clock_reason == "manual_entry"


def test_its_guest_book_comes_next_and_then_the_next_line(desk):
    answer = desk.get(send(desk)["Location"])
    visit = Visit.objects.get()
    assert "Tercatat. Sekarang isi buku tamunya." in answer.content.decode()
    answer = desk.post(book_of(visit), {**BOOK, "card_type": "ktp"})
    assert answer["Location"] == reverse(PAGE) + "?hari=2026-03-02&layanan=library"
    visit = fresh(visit)
    assert (visit.visitor.name, visit.guest_book_channel) == ("Sitti Aminah", "paper")
    assert visit.guest_book_at == visit.consents.get().at == NINE
    assert visit.steps.get(kind="guest_book").at == NINE
    assert visit.main.clock_result == "excluded"
    page = desk.get(answer["Location"])
    assert [v.pk for v in page.context["entered"]] == [visit.pk]
    html = page.content.decode()
    assert 'value="2026-03-02"' in html
    assert "Isi buku tamu<" not in html.split("data-entered")[1]
    assert page.context["form"]["service"].value() == "library"


def test_a_book_not_filled_in_yet_stands_in_the_list(desk):
    send(desk, day="2026-02-27")
    page = desk.get(reverse(PAGE) + "?hari=2026-02-27").content.decode()
    assert book_of(Visit.objects.get()) in page
    assert "09.00–09.10–09.30 · " in page.replace('<span class="strong">', "").replace("</span>", "")


class TestStillHere:
    def test_waiting_appears_at_the_desk_and_goes_on_like_everybody(self, desk, by):
        send(desk, **HERE, began="")
        visit = Visit.objects.get()
        assert (visit.ended_at, visit.main.state) == (None, "waiting")
        page = desk.get(reverse("queueing:desk_present")).content.decode()
        assert visit.public_label in page
        assert "Tidak dihitung: dicatat belakangan dari kertas" in page
        answer = desk.post(book_of(visit), {"consent": "no"})
        assert answer["Location"].startswith(reverse(PAGE))
        queue.start(visit.main, by=by, at=NOON)
        received = queue.end(visit.main, by=by, at=NOON + timedelta(minutes=5))
        assert (received.clock_result, received.clock_reason) == ("excluded", "manual_entry")
        visit = queue.close_visit(visit, by=by, at=NOON + timedelta(minutes=10))
        assert (visit.end_reason, visit.guest_book_channel) == ("finished", "paper")

    def test_being_served(self, desk):
        send(desk, **HERE)
        received = VisitService.objects.get()
        assert (received.state, received.started_at, received.ended_at) == ("serving", minutes(10), None)
        assert [s.state for s in received.steps.all()] == ["waiting", "serving"]

    def test_an_ordinary_guest_at_the_desk_is_not_on_paper(self, desk, library, by):
        ticket = take(library, NOON)
        desk.post(book_of(ticket.received.visit), {"consent": "no"})
        visit = fresh(ticket.received.visit)
        assert (visit.guest_book_channel, visit.guest_book_at, visit.entered_at) == ("desk", NOON, None)


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"service": ""}, {"service"}),
        ({"service": "cafe"}, {"service"}),
        ({"day": "2026-03-03"}, {"day"}),
        ({"day": "2026-02-22"}, {"day"}),
        ({"arrived": "25.00"}, {"arrived"}),
        ({"arrived": "12.01", "began": "12.02", "ended": "12.03"}, {"arrived", "began", "ended"}),
        ({"began": "08.59"}, {"began"}),
        ({"ended": "09.09"}, {"ended"}),
        ({"began": ""}, {"began"}),
        ({"ended": ""}, {"ended"}),
        ({"outcome": "left"}, {"began"}),
        ({"outcome": "here"}, {"ended"}),
        ({**HERE, "day": "2026-03-01"}, {"day"}),
        ({"outcome": "waiting"}, {"outcome"}),  # that is said of slips
        ({"people": "0"}, {"people"}),
        ({"people": "9" * 30}, {"people"}),
        ({"key": "k" * 41}, {"key"}),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_stays_typed(desk, changes, fields):
    answer = send(desk, **changes)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == fields
    assert not Visit.objects.exists()
    assert answer.context["form"]["arrived"].value() == {**SERVED, **changes}["arrived"]


def test_a_service_without_numbers_and_only_the_offices_own(make_user, offices):
    """Belitung Timur has no queue, so it has no slips either."""
    client = Client()
    office = offices["1906"]
    client.force_login(make_user(office), backend="django.contrib.auth.backends.ModelBackend")
    service = office.services.first()
    assert send(client, service=service.slug).status_code == 302
    assert Visit.objects.get().main.service == service
    assert reverse(PAGE) in client.get(reverse("queueing:desk")).content.decode()


def test_a_double_submit_is_one_visit(desk):
    first, second = send(desk, key="tap"), send(desk, key="tap")
    assert first["Location"] == second["Location"]
    assert Visit.objects.count() == 1
    send(desk, key="another")
    assert Visit.objects.count() == 2


def test_a_page_gone_back_to_takes_the_next_line(desk):
    send(desk, key="tap")
    send(desk, key="tap", people="4")
    assert list(Visit.objects.order_by("pk").values_list("party_size", flat=True)) == [1, 4]


def test_a_further_service_from_a_paper_guest_book_is_not_measured(desk, consultation):
    consultation.standard.rule_set.filter(key="clock_onsite").update(
        value={"start": "guest_book", "minutes": 10}
    )
    send(desk, **HERE)
    visit = Visit.objects.get()
    desk.post(book_of(visit), {**BOOK, "also": "consultation", "card_type": "ktp"})
    received = visit.services.get(service=consultation)
    assert (received.clock_result, received.clock_reason) == ("excluded", "manual_entry")


def test_sent_again_after_its_visitor_was_erased_it_is_still_one_visit(desk, office, by):
    send(desk, key="tap")
    visitor = Visitor.objects.create(office=office, name="Wahyu Lestari")
    Visit.objects.update(visitor=visitor)
    retention.erase(visitor, by=by, why="erasure")
    send(desk, key="tap")
    assert Visit.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_at_once_from_two_taps_it_is_one(offices):
    service = Service.objects.get(office=offices["7411"], slug="library")
    now = timezone.now() - timedelta(minutes=1)
    line = paper.Written(service=service, day=service.office.today(now), arrived=now, outcome="here")
    got = at_once(*[partial(paper.enter, line, submission="paper-x", by=KIOSK)] * 2)
    assert {v.pk for v in got} == {Visit.objects.get().pk}


def test_the_list_asks_a_fixed_number_of_questions(desk):
    def questions(entries: range) -> int:
        for n in entries:
            send(desk, key=f"k{n}", service=["library", "consultation"][n % 2])
        with CaptureQueriesContext(connection) as queries:
            desk.get(reverse(PAGE) + "?hari=2026-03-02")
        return len(queries)

    questions(range(2))
    assert questions(range(2, 4)) == questions(range(4, 12))


def test_slips_of_before_are_marked_by_the_migration(desk, library, by):
    slip_work.print_block(library, count=8, seen=900, by=by)
    slip = {k: v for k, v in SERVED.items() if k != "service"}
    for n in (900, 901):
        desk.post(reverse("queueing:slip_entry"), {**slip, "number": f"A{n}"})
    take(library, NOON)
    AuditEntry.objects.filter(action="ticket.entered", detail__number="A901").update(action="lost")
    Visit.objects.update(entered_at=None)
    migration = importlib.import_module("queueing.migrations.0009_slips_were_entered")
    with connection.cursor() as cursor:
        cursor.execute(migration.ENTERED)
    marked = dict(Visit.objects.values_list("services__number", "entered_at"))
    assert marked == {"A900": NOON, "A901": minutes(30), "A001": None}
