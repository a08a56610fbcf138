"""Paper slips: the reserve they are printed from, and what was written on them entered with its true times."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from queueing import slips
from queueing.models import ServiceQueue, SlipBlock, Ticket
from queueing.slip_sheet import sheet_pdf
from queueing.workflows import desk as queue
from queueing.workflows import slips as work
from services.accounts.models import Role
from services.audit.actors import Actor
from services.audit.models import AuditEntry
from services.guestbook.models import Visit, VisitService
from services.offices.models import Service
from services.workflow import IllegalMove
from tests.queueing.support import KIOSK, NINE, minutes, take
from tests.together import at_once

NOON = NINE + timedelta(hours=3)
SERVED = {
    "number": "A900", "day": "2026-03-02", "people": "1", "arrived": "09.00", "began": "09.10", "ended": "09.30",
    "outcome": "served",
}  # fmt: skip
WAITING = {"began": "", "ended": "", "outcome": "waiting"}


@pytest.fixture
def block(library, by) -> SlipBlock:
    return work.print_block(library, count=24, seen=900, by=by)


@pytest.fixture
def noon():
    """Noon on that Monday; the office is WITA."""
    with time_machine.travel(NOON, tick=False):
        yield NOON


def send(client: Client, **changes):
    return client.post("/meja/slip/catat/", {**SERVED, **changes})


def wrong(response) -> set[str]:
    """The names of the fields that are not accepted."""
    assert response.status_code == 422
    return set(response.context["form"].errors)


class TestPrinting:
    def test_numbers_come_from_the_reserve_one_block_after_the_other(self, library, by):
        first = work.print_block(library, count=24, seen=900, by=by)
        second = work.print_block(library, count=8, seen=924, by=by)
        assert [str(b) for b in (first, second)] == ["A900–A923", "A924–A931"]
        assert first.printed_by_id == by.user_id

    def test_an_office_with_a_reserve_of_its_own(self, library, by):
        ServiceQueue.objects.create(service=library, last=949)
        assert str(work.print_block(library, count=50, seen=950, by=by)) == "A950–A999"

    def test_more_than_is_left_says_how_many_are_left(self, library, by):
        work.print_block(library, count=95, seen=900, by=by)
        with pytest.raises(IllegalMove, match=r"tinggal 5 \(A995–A999\)"):
            work.print_block(library, count=6, seen=995, by=by)

    @pytest.mark.parametrize("last", [999, 899])
    def test_no_reserve_or_all_of_it_printed(self, library, by, last):
        ServiceQueue.objects.create(service=library, last=last)
        if last == 899:
            work.print_block(library, count=100, seen=900, by=by)
        with pytest.raises(IllegalMove, match="sudah dicetak"):
            work.print_block(library, count=1, seen=1000, by=by)

    def test_a_double_tap_makes_one_block(self, desk, library):
        form = {"service": "library", "count": "8", "next-library": "900"}
        assert desk.post("/meja/slip/", form).status_code == 302
        again = desk.post("/meja/slip/", form)
        assert wrong(again) == {"count"}
        assert "A908" in again.content.decode()
        assert SlipBlock.objects.count() == 1

    def test_the_list_says_which_numbers_exist_and_which_the_tablet_gives_too(self, desk, block, library):
        assert "A900–A923" in desk.get("/meja/slip/").content.decode()
        assert "Jangan dipakai" not in desk.get("/meja/slip/").content.decode()
        ServiceQueue.objects.create(service=library, last=910)
        page = desk.get("/meja/slip/").content.decode()
        assert "Jangan dipakai" in page
        assert "A924–A999" in page

    def test_only_services_with_a_queue_have_slips(self, offices):
        assert [r.service.slug for r in slips.reserves(offices["7411"])] == ["library", "consultation"]
        assert slips.reserves(offices["1906"]) == []

    def test_the_sheet_has_every_number_once_and_the_office_on_each_slip(self, desk, block, office):
        response = desk.get(f"/meja/slip/{block.pk}/slip.pdf")
        assert response["Content-Type"] == "application/pdf"
        pages = [p.extract_text() for p in PdfReader(io.BytesIO(response.content)).pages]
        assert len(pages) == 3
        text = "\n".join(pages)
        assert [text.count(f"A{n}") for n in range(900, 924)] == [1] * 24
        assert text.count(office.name) == 24
        assert AuditEntry.objects.filter(action="slips.fetched", target_id=block.pk).exists()

    def test_a_block_that_does_not_fill_its_sheet(self, library, by):
        small = work.print_block(library, count=9, seen=900, by=by)
        assert len(PdfReader(io.BytesIO(sheet_pdf(small))).pages) == 2


@pytest.mark.django_db(transaction=True)
def test_two_officers_who_print_at_once_get_different_numbers(offices):
    library = offices["7411"].services.get(slug="library")
    got = at_once(*[partial(work.print_block, library, count=8, seen=900, by=KIOSK)] * 2)
    assert sorted(type(g) for g in got if not isinstance(g, SlipBlock)) == [IllegalMove]
    assert [str(b) for b in SlipBlock.objects.all()] == ["A900–A907"]


@pytest.mark.usefixtures("noon", "block")
class TestEntering:
    def test_somebody_served_is_in_the_books_with_the_true_times(self, desk, library, by, frontliner):
        assert send(desk, people="3").status_code == 302
        ticket = Ticket.objects.get()
        received, visit = ticket.received, ticket.received.visit
        assert (ticket.label, ticket.manual, ticket.state) == ("A900", True, "finished")
        assert (ticket.issued_at, ticket.called_at, ticket.ended_at) == (NINE, minutes(10), minutes(30))
        assert (received.number, received.state) == ("A900", "done")
        assert (received.started_at, received.ended_at) == (minutes(10), minutes(30))
        assert (visit.day, visit.arrived_at, visit.ended_at) == (date(2026, 3, 2), NINE, minutes(30))
        assert (visit.end_reason, visit.party_size) == ("finished", 3)
        assert [(s.kind, s.at) for s in visit.steps.all()] == [
            ("ticket", NINE), ("service", minutes(30)), ("finish", minutes(30)),
        ]  # fmt: skip

    def test_the_trace_says_when_it_was_and_who_typed_it(self, desk, frontliner):
        send(desk)
        ticket = Ticket.objects.get()
        rows = [(s.state, s.at, s.by_user_id, s.why) for s in ticket.steps.all()]
        who = frontliner.pk
        assert rows == [
            ("waiting", NINE, who, "paper slip"), ("serving", minutes(10), who, "paper slip"),
            ("finished", minutes(30), who, "paper slip"),
        ]  # fmt: skip
        assert [s.state for s in ticket.received.steps.all()] == ["waiting", "serving", "done"]
        entry = AuditEntry.objects.get(action="ticket.entered")
        assert (entry.at, entry.user_id) == (NOON, who)  # the trail has the time of typing

    def test_somebody_who_left(self, desk):
        send(desk, outcome="left", began="")
        ticket = Ticket.objects.get()
        assert (ticket.state, ticket.received.state) == ("cancelled", "cancelled")
        assert (ticket.received.visit.end_reason, ticket.ended_at) == ("left", minutes(30))

    def test_the_promise_is_not_counted_and_the_officer_reads_why(self, desk):
        send(desk)
        received = VisitService.objects.get()
        assert (received.clock_result, received.clock_reason) == ("excluded", "paper_slip")
        card = desk.get(f"/meja/kunjungan/{received.visit_id}/").content.decode()
        assert "Tidak dihitung · slip kertas saat listrik padam" in card

    def test_manual_tickets_count_as_visits_but_never_as_kept_or_missed(
        self, make_user, office, library, desk
    ):
        supervisor = Client()
        supervisor.force_login(
            make_user(office, Role.SUPERVISOR), backend="django.contrib.auth.backends.ModelBackend"
        )
        for n in range(3):
            send(desk, number=f"A90{n}")
        tally = supervisor.get("/panel/standar/").context["tally"]
        assert tally == {"kept": 0, "missed": 0, "running": 0, "excluded": 3}
        assert Visit.objects.filter(office=office, day=date(2026, 3, 2)).count() == 3

    @pytest.mark.parametrize("typed", ["a900", " A 900 ", "A-900", "A900"])
    def test_the_number_as_it_is_typed(self, desk, typed):
        send(desk, number=typed)
        assert Ticket.objects.get().label == "A900"

    @pytest.mark.parametrize("typed", ["0900", "9.00", "09:00", "09.00"])
    def test_the_time_as_it_is_typed(self, desk, typed):
        send(desk, arrived=typed)
        assert Ticket.objects.get().issued_at == NINE

    @pytest.mark.parametrize(
        ("changes", "fields"),
        [
            ({"number": "A899"}, {"number"}),  # never printed
            ({"number": "A924"}, {"number"}),
            ({"number": "B900"}, {"number"}),
            ({"number": "900"}, {"number"}),
            ({"day": "2026-03-03"}, {"day"}),  # tomorrow
            ({"day": "2026-02-22"}, {"day"}),  # eight days ago
            ({"day": "kemarin"}, {"day"}),
            ({"arrived": "25.00"}, {"arrived"}),
            ({"arrived": "9"}, {"arrived"}),
            ({"arrived": "12.01", "began": "12.02", "ended": "12.03"}, {"arrived", "began", "ended"}),
            ({"began": "08.59"}, {"began"}),
            ({"ended": "09.09"}, {"ended"}),
            ({"began": ""}, {"began"}),
            ({"ended": ""}, {"ended"}),
            ({"outcome": "left"}, {"began"}),
            ({"outcome": "waiting"}, {"began", "ended"}),
            ({**WAITING, "day": "2026-03-01"}, {"day"}),
            ({"people": "0"}, {"people"}),
            ({"people": "201"}, {"people"}),
            ({"outcome": "gone"}, {"outcome"}),
        ],
    )
    def test_what_cannot_be_is_told_at_its_field_and_stays_typed(self, desk, changes, fields):
        response = send(desk, **changes)
        assert wrong(response) == fields
        assert Ticket.objects.count() == 0
        for name, value in {**SERVED, **changes}.items():
            if name != "outcome":
                assert response.context["form"][name].value() == value

    def test_the_last_of_seven_days_is_still_taken(self, desk):
        assert send(desk, day="2026-02-23").status_code == 302
        assert Ticket.objects.get().day == date(2026, 2, 23)

    def test_a_slip_is_good_once_a_day_and_on_every_day(self, desk):
        assert send(desk).status_code == 302
        assert wrong(send(desk)) == {"number"}
        assert send(desk, day="2026-03-01").status_code == 302
        assert Ticket.objects.count() == 2

    def test_a_double_tap_is_one_slip(self, desk):
        assert send(desk, key="tap").status_code == send(desk, key="tap").status_code == 302
        assert Ticket.objects.count() == 1

    def test_another_offices_slips_are_not_ours(self, make_user, offices):
        client = Client()
        client.force_login(make_user(offices["6571"]), backend="django.contrib.auth.backends.ModelBackend")
        assert wrong(send(client)) == {"number"}

    def test_the_next_number_is_filled_in_while_there_is_one(self, desk):
        page = desk.get(send(desk)["Location"]).content.decode()
        assert 'value="A901"' in page
        last = desk.get(send(desk, number="A923")["Location"]).content.decode()
        assert 'value="A' not in last

    def test_the_day_stays_for_the_next_slip(self, desk):
        page = desk.get(send(desk, day="2026-02-27")["Location"])
        assert 'value="2026-02-27"' in page.content.decode()
        assert [t.label for t in page.context["entered"]] == ["A900"]


@pytest.mark.parametrize(("code", "utc_hour"), [("1373", 2), ("6571", 1), ("7411", 1)])  # WIB, WITA, WITA
def test_the_times_are_the_offices_own(offices, make_user, code, utc_hour):
    office = offices[code]
    service = next(s for s in office.services.all() if slips.takes_numbers(s))
    user = make_user(office)
    work.print_block(service, count=8, seen=900, by=Actor("officer", user_id=user.pk))
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    with time_machine.travel(NOON, tick=False):
        send(client, number=f"{service.prefix}900")
    assert Ticket.objects.get().issued_at == datetime(2026, 3, 2, utc_hour, 0, tzinfo=UTC)


def test_an_eastern_office_past_midnight_enters_slips_of_yesterday(desk, office, block):
    """WIT, 00:30 on Tuesday, while it is still Monday in Jakarta and in UTC."""
    office.time_zone = "Asia/Jayapura"
    office.save()
    with time_machine.travel(datetime(2026, 3, 2, 15, 30, tzinfo=UTC), tick=False):
        assert wrong(send(desk, day="2026-03-03", arrived="00.40", began="00.45", ended="00.50"))
        assert send(desk, day="2026-03-03", arrived="00.10", began="00.15", ended="00.20").status_code == 302
        assert send(desk, arrived="23.10", began="23.20", ended="23.40").status_code == 302
    late, early = Ticket.objects.order_by("issued_at")
    assert (late.issued_at, late.day) == (datetime(2026, 3, 2, 14, 10, tzinfo=UTC), date(2026, 3, 2))
    assert (early.issued_at, early.day) == (datetime(2026, 3, 2, 15, 10, tzinfo=UTC), date(2026, 3, 3))


@pytest.mark.usefixtures("noon", "block")
class TestStillWaiting:
    def test_takes_the_place_of_the_true_arrival_and_keeps_the_number(self, desk, library, counter, by):
        before, behind = take(library, minutes(-5)), take(library, minutes(30))
        send(desk, **WAITING)
        slip = Ticket.objects.get(manual=True)
        called = [queue.call_next(counter, by=by, at=NOON) for _n in range(3)]
        assert called == [before, slip, behind]
        assert slip.label == "A900"

    def test_is_served_like_everybody_and_the_promise_stays_uncounted(self, desk, library, counter, by):
        send(desk, **WAITING)
        slip = Ticket.objects.get()
        queue.call_next(counter, by=by, at=NOON)
        desk.post(f"/meja/kunjungan/{slip.received.visit_id}/buku-tamu/", {"consent": "no"})
        queue.start(slip.received, by=by, at=NOON + timedelta(hours=1))
        received = VisitService.objects.get()
        assert received.visit.guest_book_at
        assert (received.state, received.clock_result, received.clock_reason) == (
            "serving", "excluded", "paper_slip",
        )  # fmt: skip
        assert received.clock_due_at is None

    def test_the_next_persons_promise_begins_when_the_slip_gives_up(self, desk, office, consultation, by):
        work.print_block(consultation, count=8, seen=900, by=by)
        send(desk, number="B900", **WAITING)
        behind = take(consultation, NOON)
        assert behind.received.clock_started_at is None
        queue.cancel(Ticket.objects.get(manual=True), by=by, at=NOON + timedelta(minutes=2))
        received = VisitService.objects.get(pk=behind.received_id)
        assert received.clock_started_at == NOON + timedelta(minutes=2)

    def test_it_does_not_begin_while_somebody_is_at_the_counter(self, desk, consultation, counter, by):
        work.print_block(consultation, count=8, seen=900, by=by)
        take(consultation, minutes(0))
        queue.call_next(counter, by=by, at=NOON)
        send(desk, number="B900", **WAITING)
        behind = take(consultation, NOON)
        queue.cancel(Ticket.objects.get(manual=True), by=by, at=NOON)
        assert VisitService.objects.get(pk=behind.received_id).clock_started_at is None


@pytest.mark.usefixtures("noon")
def test_a_page_gone_back_to_takes_the_next_slip(library, by):
    """The same key with other words is another slip; the same words again are the same."""
    slips = [
        work.Slip(service=library, day=NINE.date(), number=n, arrived=NINE, outcome="waiting")
        for n in (900, 901)
    ]
    first, second = (work.enter(slip, submission="key", by=by) for slip in slips)
    assert (first.number, second.number) == (900, 901)
    assert work.enter(slips[1], submission="key", by=by) == second


@pytest.mark.django_db(transaction=True)
def test_the_same_slip_entered_at_two_desks_at_once_is_one(offices):
    service = Service.objects.get(office=offices["7411"], slug="library")
    now = timezone.now() - timedelta(minutes=1)
    slip = work.Slip(
        service=service, day=service.office.today(now), number=900, arrived=now, outcome="waiting"
    )
    got = at_once(*(partial(work.enter, slip, submission=f"desk {n}", by=KIOSK) for n in range(2)))
    assert sorted(isinstance(g, work.AlreadyEntered) for g in got) == [False, True]
    assert Ticket.objects.count() == Visit.objects.count() == 1


@pytest.mark.usefixtures("noon")
class TestPaperGuestBook:
    def test_what_was_written_on_paper_is_entered_after_the_slip(self, desk, block):
        from tests.guestbook.support import FILLED

        send(desk)
        visit = Visit.objects.get()
        page = desk.get("/meja/slip/catat/?hari=2026-03-02").content.decode()
        assert f"/meja/kunjungan/{visit.pk}/buku-tamu/" in page
        book = {
            **FILLED,
            "card_type": "ktp",
            "also": "consultation",
        }  # a further service nobody can wait for any more
        answer = desk.post(f"/meja/kunjungan/{visit.pk}/buku-tamu/", book)
        assert answer.status_code == 302
        visit.refresh_from_db()
        assert (visit.visitor.name, visit.guest_book_channel, visit.card_type) == (
            "Sitti Aminah",
            "paper",
            "ktp",
        )
        assert visit.guest_book_at == visit.arrived_at  # written when they came, typed after they left
        step = visit.steps.get(kind="guest_book")
        assert visit.arrived_at <= step.at <= visit.ended_at
        assert visit.entered_at == NOON
        assert visit.main.clock_result == "excluded"
        assert (
            "buku-tamu"
            not in desk.get("/meja/slip/catat/?hari=2026-03-02").content.decode().split("data-entered")[1]
        )

    def test_not_for_a_visit_that_ended_without_a_slip(self, desk, library, by):
        ticket = take(library, timezone.now())
        queue.cancel(ticket, by=by)
        page = desk.post(
            f"/meja/kunjungan/{ticket.received.visit_id}/buku-tamu/", {"consent": "no"}, follow=True
        ).content.decode()
        assert "sudah berakhir" in page
        assert not Visit.objects.get().guest_book_at
