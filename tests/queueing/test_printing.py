"""Slips on a network printer: a TCP listener acts as the printer, the worker's functions print to it."""

from __future__ import annotations

import socket
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from queueing import tasks
from queueing.models import Printer, PrintJob
from queueing.printing import network, run
from queueing.printing.faults import Fault, PrinterFault
from queueing.printing.receipt import plain, receipt
from queueing.printing.slip import slip_of
from queueing.workflows import printing as work
from services.audit.actors import SYSTEM
from services.audit.models import AuditEntry
from tests.queueing.printer_listener import CUT, PrinterListener, qr_data, text_of
from tests.queueing.printing_support import SITE, ask, fresh, listener, printer, quick, take, wait_for
from tests.queueing.test_tasks import worker

NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)

__all__ = ["listener", "printer", "quick"]  # fixtures


class TestTheSlip:
    def test_number_address_and_cut_reach_the_paper(self, library, printer, listener):
        ticket = take(library)
        job = ask(ticket, printer)
        assert run.print_waiting(printer.pk) is None
        wait_for(lambda: listener.slips)
        (slip,) = listener.slips
        paper = text_of(slip)
        for words in (ticket.label, "Perpustakaan", "BPS", "WITA", "Anda berikutnya"):
            assert words in paper
        assert qr_data(slip) == SITE + reverse("queueing:visit", args=[ticket.received.visit.token])
        assert slip.rstrip().endswith(CUT + b"\x00") or CUT in slip[-6:]
        assert slip.index(b"\x1d!") < slip.index(ticket.label.encode())  # in large type
        job = fresh(job)
        assert (job.state, job.error, job.attempts) == ("printed", "", 1)
        assert fresh(printer).last_ok_at
        assert fresh(printer).fault == ""

    def test_people_before_priority_and_english(self, library):
        take(library, "a")
        take(library, "b")
        ticket = take(library, "c", language="en")
        slip = slip_of(ticket, site=SITE)
        assert (slip.language, "WITA" in slip.when, slip.priority, slip.copy) == ("en", True, "", "")
        assert slip.before.startswith("2 ")
        assert slip_of(take(library, "d", priority=True), site=SITE).priority == "Prioritas"

    def test_people_before_are_left_out_when_they_would_no_longer_be_true(self, library):
        take(library, "a")
        ticket = take(library, "b")
        later = timezone.now() + timedelta(minutes=5)
        assert slip_of(ticket, site=SITE, now=later).before == ""
        assert slip_of(ticket, site=SITE, copy=True).before == ""

    def test_a_copy_says_so_and_has_the_same_number(self, library, printer, listener):
        ticket = take(library)
        work.copy_slip(ticket, printer, by=SYSTEM, site=SITE)
        run.print_waiting(printer.pk)
        wait_for(lambda: listener.slips)
        assert "SLIP ULANG" in text_of(listener.slips[0])
        assert ticket.label in text_of(listener.slips[0])

    @pytest.mark.parametrize(("width", "columns"), [(58, 32), (80, 48)])
    def test_no_line_is_wider_than_the_roll(self, library, width, columns):
        library.name = "Layanan perpustakaan dan penjualan publikasi, data mikro serta peta digital wilayah"
        ticket = take(library)
        ticket.service = library
        for line in text_of(receipt(slip_of(ticket, site=SITE), width)).splitlines():
            assert len(line) <= columns

    def test_what_the_code_page_lacks_becomes_plain_letters(self):
        assert plain("“Café” – Ñandú…") == '"Café" - Ñandú...'
        assert plain("Łódź → ☕") == "?ódz -> ?"
        assert plain("a\x1b\x10b") == "a  b"


class TestFaults:
    @pytest.mark.parametrize(
        ("state", "fault"),
        [
            ({"paper": "out"}, "paper"),
            ({"cover_open": True}, "cover"),
            ({"offline": True}, "offline"),
            ({"defect": True}, "defect"),
        ],
    )
    def test_what_the_printer_needs_is_told_and_the_slip_waits_for_it(
        self, library, printer, listener, state, fault
    ):
        for name, value in state.items():
            setattr(listener, name, value)
        job = ask(take(library), printer)
        assert run.print_waiting(printer.pk) == 5
        assert (fresh(job).state, fresh(job).error, fresh(job).attempts) == ("queued", fault, 0)
        assert fresh(printer).fault == fault
        for name in state:
            setattr(listener, name, PrinterListener.__dataclass_fields__[name].default)
        assert run.print_waiting(printer.pk) is None
        wait_for(lambda: len(listener.slips) == 1)
        assert fresh(job).state == "printed"
        assert (fresh(printer).fault, fresh(printer).fault_at) == ("", None)

    def test_little_paper_prints_and_is_noted(self, library, printer, listener):
        listener.paper = "low"
        job = ask(take(library), printer)
        run.print_waiting(printer.pk)
        assert (fresh(job).state, fresh(printer).fault) == ("printed", "paper_low")

    def test_paper_that_ends_with_this_slip_is_noted_and_nothing_is_printed_twice(
        self, library, printer, listener
    ):
        listener.runs_out_after = 1
        job = ask(take(library), printer)
        run.print_waiting(printer.pk)
        assert (fresh(job).state, fresh(printer).fault) == ("printed", "paper")
        listener.paper, listener.runs_out_after = "ok", None
        run.print_waiting(printer.pk)
        wait_for(lambda: listener.slips)
        assert len(listener.slips) == 1

    def test_nobody_listens_there(self, library, printer, listener):
        listener.__exit__()
        job = ask(take(library), printer)
        assert run.print_waiting(printer.pk) == 5
        assert (fresh(job).error, fresh(printer).fault) == ("refused", "refused")
        later = timezone.now() + run.PATIENCE + timedelta(seconds=1)
        with time_machine.travel(later, tick=False):
            assert run.print_waiting(printer.pk) is None
        assert (fresh(job).state, fresh(job).error) == ("failed", "refused")

    def test_a_slip_older_than_ten_minutes_is_not_printed_any_more(self, library, printer, listener):
        listener.paper = "out"
        job = ask(take(library), printer)
        run.print_waiting(printer.pk)
        listener.paper = "ok"
        with time_machine.travel(timezone.now() + run.TOO_OLD + timedelta(seconds=1), tick=False):
            run.print_waiting(printer.pk)
        assert (fresh(job).state, fresh(job).error, listener.slips) == ("failed", "late", [])

    def test_silence_is_no_fault(self, library, printer, listener):
        listener.silent = True
        job = ask(take(library), printer)
        run.print_waiting(printer.pk)
        wait_for(lambda: listener.slips)
        assert (fresh(job).state, fresh(printer).fault) == ("printed", "")

    def test_a_slow_printer_gets_its_slip_whole(self, library, printer, listener):
        listener.slow = 0.2
        job = ask(take(library), printer)
        run.print_waiting(printer.pk)
        wait_for(lambda: listener.slips)
        assert fresh(job).state == "printed"
        assert CUT in listener.slips[0]

    def test_a_line_cut_in_the_middle_is_never_printed_again_by_itself(self, library, printer, listener):
        listener.cuts_after = 20
        job = ask(take(library), printer)
        assert run.print_waiting(printer.pk) is None
        assert (fresh(job).state, fresh(job).error) == ("failed", "broken")
        assert fresh(printer).fault == "unreachable"
        listener.cuts_after = None
        assert ask(fresh(job).ticket, printer).state == "failed"  # nor by another tap: an officer decides
        run.print_waiting(printer.pk)
        assert listener.slips == []

    def test_a_worker_killed_while_sending_prints_nothing_twice(self, library, printer, listener):
        job = ask(take(library), printer)
        work.sending(job)
        run.print_waiting(printer.pk)
        assert (fresh(job).state, fresh(job).error, listener.slips) == ("failed", "stopped", [])

    def test_what_the_printer_sends_is_never_shown(self, library, printer, listener, monkeypatch):
        monkeypatch.setattr(PrinterListener, "_status", lambda self, kind: ord("<"))
        job = ask(take(library), printer)
        run.print_waiting(printer.pk)
        assert (fresh(job).state, fresh(printer).fault) == ("printed", "")

    def test_a_slip_that_cannot_be_made_does_not_hold_up_the_others(
        self, library, printer, listener, monkeypatch
    ):
        first, second = ask(take(library, "a"), printer), ask(take(library, "b"), printer)
        made = run.slip_for

        def fails_for_the_first(job):
            if job.pk == first.pk:
                raise ValueError("something about this one")
            return made(job)

        monkeypatch.setattr(run, "slip_for", fails_for_the_first)
        run.print_waiting(printer.pk)
        assert (fresh(first).error, fresh(second).state) == ("drawing", "printed")

    def test_a_printer_switched_off_takes_nothing(self, library, printer, listener):
        job = ask(take(library), printer)
        work.switch(printer, active=False, by=SYSTEM)
        run.print_waiting(printer.pk)
        assert (fresh(job).error, listener.slips) == ("off", [])


class TestTheOrder:
    def test_slips_come_out_in_order_one_at_a_time(self, library, printer, listener):
        tickets = [take(library, f"n{n}") for n in range(4)]
        for ticket in tickets:
            ask(ticket, printer)
        run.print_waiting(printer.pk)
        wait_for(lambda: len(listener.slips) == 4)
        for slip, ticket in zip(listener.slips, tickets, strict=True):
            assert ticket.label in text_of(slip)
        assert listener.most_at_once == 1

    def test_the_same_fault_again_leaves_one_trace(self, library, printer, listener):
        listener.paper = "out"
        job = ask(take(library), printer)
        for _n in range(3):
            run.print_waiting(printer.pk)
        assert [s.why for s in job.steps.all()] == ["", "paper"]

    def test_tries_become_rarer(self, printer):
        pauses = []
        for seconds in (0, 45, 300, 900):
            printer.fault_at = timezone.now() - timedelta(seconds=seconds)
            pauses.append(run._pause(printer))
        assert pauses == [5, 10, 20, 30]

    def test_the_task_comes_back_by_itself_once(self, library, printer, listener):
        listener.paper = "out"
        for key in "ab":
            ask(take(library, key), printer)
        for _n in range(3):
            tasks.print_slips(printer_id=printer.pk)
        again = ProcrastinateJob.objects.filter(queueing_lock=f"print-{printer.pk}", status="todo")
        assert again.count() == 1
        assert again.get().scheduled_at > timezone.now()


class TestOnce:
    def test_a_second_tap_makes_no_second_slip(self, library, printer):
        ticket = take(library)
        assert ask(ticket, printer) == ask(ticket, printer)
        assert PrintJob.objects.count() == 1

    def test_a_slip_that_never_came_out_is_tried_again_when_asked_for(self, library, printer, listener):
        ticket = take(library)
        job = ask(ticket, printer)
        work.failed(job, Fault.UNREACHABLE)
        again = ask(ticket, printer)
        assert (again.pk, again.state) == (job.pk, "queued")
        run.print_waiting(printer.pk)
        wait_for(lambda: len(listener.slips) == 1)

    def test_a_double_click_is_one_copy_and_a_later_one_another(self, library, printer):
        ticket = take(library)
        with time_machine.travel(NINE, tick=False) as clock:
            one, two = (work.copy_slip(ticket, printer, by=SYSTEM) for _n in range(2))
            clock.shift(timedelta(seconds=10))
            three = work.copy_slip(ticket, printer, by=SYSTEM)
        assert one == two != three
        assert AuditEntry.objects.filter(action="ticket.reprinted").count() == 2


class TestWhereTo:
    @pytest.mark.parametrize(
        "address", ["10.1.2.3", "192.168.1.50", "172.16.0.9", "127.0.0.1", "::1", "fd00::5"]
    )
    def test_inside(self, address):
        assert network.in_the_office(address)

    @pytest.mark.parametrize(
        "address",
        [
            "8.8.8.8", "169.254.169.254", "0.0.0.0", "0.0.0.1", "224.0.0.1", "255.255.255.255", "100.100.100.200",
            "192.0.0.192", "198.18.0.1", "::", "::127.0.0.1", "fe80::1", "fe80::1%eth0", "::ffff:8.8.8.8",
            "::ffff:169.254.169.254", "::ffff:0.0.0.0", "64:ff9b::a9fe:a9fe", "64:ff9b:1::a9fe:a9fe", "2002:a9fe:a9fe::1",
            "2001:0:a9fe:a9fe::1", "2001:4860::8888", "fd00:ec2::254", "x",
        ],
    )  # fmt: skip
    def test_outside(self, address):
        assert not network.in_the_office(address)

    def test_this_machine_only_where_the_offices_own_pc_is_the_server(self, settings):
        settings.LOCAL = False
        assert not network.in_the_office("127.0.0.1")

    def test_a_name_that_leads_outside_is_refused_and_nothing_is_sent(self, monkeypatch):
        monkeypatch.setattr(
            socket, "getaddrinfo", lambda *a, **k: [(2, 1, 6, "", ("127.0.0.1", 0)), (2, 1, 6, "", ("8.8.8.8", 0))]
        )  # fmt: skip
        with pytest.raises(PrinterFault) as refused:
            network.resolve("printer.example")
        assert refused.value.fault == Fault.ADDRESS


class TestLookingAtPrinters:
    def test_an_idle_printer_is_asked_and_its_fault_comes_and_goes(
        self, office, printer, listener, counter, by
    ):
        from queueing.workflows import counters

        counters.open_counter(counter, by=by)
        assert run.to_look_at() == [printer.pk]
        run.look_at(printer.pk)
        assert fresh(printer).last_ok_at
        assert run.to_look_at() == []  # just heard of
        Printer.objects.update(last_ok_at=timezone.now() - timedelta(minutes=2))
        listener.paper = "out"
        run.look_at(printer.pk)
        assert fresh(printer).fault == "paper"
        listener.paper = "ok"
        run.look_at(printer.pk)
        assert fresh(printer).fault == ""
        assert listener.slips == []

    def test_the_minutes_task_asks_each_printer_once(self, printer):
        with time_machine.travel(NINE + timedelta(hours=2), tick=False):  # Monday 11.00 WITA
            for _minute in range(2):
                tasks.look_at_printers(timestamp=0)
        asked = ProcrastinateJob.objects.filter(queueing_lock=f"look-{printer.pk}")
        assert [job.args for job in asked] == [{"printer_id": printer.pk}]

    def test_a_printer_that_is_away_is_asked_and_told(self, printer, listener):
        listener.__exit__()
        tasks.look_at_printer(printer_id=printer.pk)
        assert (fresh(printer).fault, fresh(printer).last_ok_at) == ("refused", None)

    def test_nobody_asks_at_night(self, printer):
        with time_machine.travel(datetime(2026, 3, 1, 17, 0, tzinfo=UTC), tick=False):
            assert run.to_look_at() == []


@pytest.mark.django_db(transaction=True)
def test_a_real_worker_prints_and_waits_for_paper(offices, tmp_path):
    """`manage.py procrastinate worker`, a printer without paper that gets some."""
    log = tmp_path / "worker.log"
    service = offices["7411"].services.get(slug="library")
    with PrinterListener(paper="out") as listener, worker(log):
        printer = Printer.objects.create(
            office=offices["7411"], name="Printer pintu", host="127.0.0.1", port=listener.port
        )
        job = ask(take(service), printer)
        wait_for(lambda: fresh(job).error == "paper", 20)
        listener.paper = "ok"
        wait_for(lambda: fresh(job).state == "printed", 20)
        wait_for(lambda: listener.slips)
        assert len(listener.slips) == 1
