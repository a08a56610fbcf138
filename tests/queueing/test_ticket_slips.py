"""The slip from the tablet and from the desk, and as a PDF; the printer is a TCP listener."""

from __future__ import annotations

import io
import re
import time
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from queueing.models import Printer, PrintJob, Ticket
from queueing.printing import run
from queueing.printing.paper import slip_pdf
from queueing.printing.slip import slip_of
from queueing.views import printing as printing_views
from queueing.workflows import printing as work
from services.accounts.models import Device
from services.audit.models import AuditEntry
from tests.queueing.printer_listener import qr_data, text_of
from tests.queueing.printing_support import SITE, fresh, listener, printer, quick, take, wait_for

__all__ = ["listener", "printer", "quick"]  # fixtures


def tap(kiosk, service: str = "library"):
    """A tap on the tablet's tile."""
    token = re.search(r'name="token" value="([^"]+)"', kiosk.get("/kios/").content.decode())[1]
    return kiosk.post(reverse("queueing:take_number"), {"token": token, "service": service}, follow=True)


def serve_tablet(printer, **more) -> None:
    for name, value in more.items():
        setattr(printer, name, value)
    printer.save()
    printer.tablets.set(Device.objects.filter(purpose="kiosk"))


class TestTheTablet:
    def test_a_number_is_given_at_once_while_the_printer_hangs(self, kiosk, printer, listener):
        listener.hangs = True
        serve_tablet(printer, automatic=True)
        began = time.monotonic()
        page = tap(kiosk).content.decode()
        assert time.monotonic() - began < 2
        assert "A001" in page
        assert 'data-slip="printing"' in page
        assert listener.lines == 0  # the worker's matter

    def test_a_failure_on_the_way_to_the_printer_costs_nobody_the_number(
        self, kiosk, printer, monkeypatch, caplog
    ):
        serve_tablet(printer, automatic=True)
        monkeypatch.setattr(work, "wake", lambda pk: 1 / 0)
        page = tap(kiosk).content.decode()
        assert "A001" in page
        assert "was not sent to a printer" in caplog.text
        assert PrintJob.objects.count() == 0

    def test_the_button_asks_once_and_the_page_tells_what_became_of_it(self, kiosk, printer, listener):
        serve_tablet(printer)
        page = tap(kiosk)
        token = Ticket.objects.get().received.visit.token
        address = reverse("queueing:kiosk_print", args=[token])
        assert "Cetak nomor" in page.content.decode()
        for _tap in range(2):
            page = kiosk.post(address, follow=True)
        assert 'data-slip="printing"' in page.content.decode()
        assert "Cetak nomor" not in page.content.decode()
        job = PrintJob.objects.get()
        listener.paper = "out"
        run.print_waiting(printer.pk)
        state = kiosk.get(address, headers={"HX-Request": "true"}).content.decode()
        assert "Printer sedang bermasalah; pindai kode atau foto nomor ini" in state
        listener.paper = "ok"
        run.print_waiting(printer.pk)
        assert 'data-slip="printed"' in kiosk.get(address, headers={"HX-Request": "true"}).content.decode()
        wait_for(lambda: listener.slips)
        assert qr_data(listener.slips[0]) == f"http://testserver/k/{token}/"
        assert fresh(job).state == "printed"

    def test_without_a_worker_the_visitor_is_told_soon(self, kiosk, printer):
        serve_tablet(printer, automatic=True)
        tap(kiosk)
        token = Ticket.objects.get().received.visit.token
        PrintJob.objects.update(created_at=timezone.now() - timedelta(seconds=30))
        assert 'data-slip="trouble"' in kiosk.get(f"/kios/tiket/{token}/").content.decode()

    def test_a_tablet_without_a_printer_offers_none(self, kiosk, printer):
        page = tap(kiosk).content.decode()
        assert "Cetak nomor" not in page
        token = Ticket.objects.get().received.visit.token
        assert kiosk.post(reverse("queueing:kiosk_print", args=[token])).status_code == 302
        assert PrintJob.objects.count() == 0

    def test_a_slip_the_tablet_never_printed_is_not_printed_a_quarter_of_an_hour_later(self, kiosk, printer):
        serve_tablet(printer, automatic=True, kind="browser", host="")
        assert "data-slip-job" in tap(kiosk).content.decode()
        PrintJob.objects.update(created_at=timezone.now() - timedelta(minutes=15))
        token = Ticket.objects.get().received.visit.token
        assert "data-slip-job" not in kiosk.get(f"/kios/tiket/{token}/").content.decode()

    def test_the_tablets_own_printer_gets_the_slip_in_the_page_once(self, kiosk, printer):
        serve_tablet(printer, automatic=True, kind="browser", host="")
        page = tap(kiosk).content.decode()
        assert "<template data-slip-job" in page
        token = Ticket.objects.get().received.visit.token
        kiosk.post(reverse("queueing:kiosk_print", args=[token]), {"done": "1"})
        assert PrintJob.objects.get().state == "printed"
        again = kiosk.get(f"/kios/tiket/{token}/").content.decode()
        assert "data-slip-job" not in again
        assert 'data-slip="printed"' in again


class TestTheDesk:
    def test_the_first_slip_then_the_same_number_again_with_who_and_when(
        self, desk, frontliner, library, printer, listener
    ):
        ticket = take(library)
        card = desk.get(reverse("queueing:desk_visit_more", args=[ticket.received.visit_id])).content.decode()
        assert "Cetak slip di Printer pintu" in card
        address = reverse("queueing:desk_print", args=[ticket.pk])
        with time_machine.travel(timezone.now(), tick=True):
            for _press in range(2):
                assert desk.post(address, {"printer": printer.pk}).status_code == 302
        assert [j.copy for j in PrintJob.objects.all()] == [False, True]
        entry = AuditEntry.objects.get(action="ticket.reprinted")
        assert (entry.user, entry.target_id, entry.detail) == (frontliner, ticket.pk, {"on": "Printer pintu"})
        run.print_waiting(printer.pk)
        wait_for(lambda: len(listener.slips) == 2)
        assert all(ticket.label in text_of(slip) for slip in listener.slips)
        assert Ticket.objects.count() == 1

    def test_a_printer_known_to_be_out_of_order_is_said_at_once(self, desk, kiosk, library, printer):
        serve_tablet(printer, fault="paper")
        ticket = take(library)
        answer = desk.post(
            reverse("queueing:desk_print", args=[ticket.pk]), {"printer": printer.pk}, follow=True
        )
        assert "keluar setelah printer pulih" in answer.content.decode()
        PrintJob.objects.all().delete()
        page = kiosk.get(
            reverse("queueing:kiosk_ticket", args=[ticket.received.visit.token])
        ).content.decode()
        assert 'data-slip="trouble"' in page
        assert "Cetak nomor" in page  # somebody may just have put paper in

    @pytest.mark.parametrize("chosen", ["", "x", "0", "9" * 30])
    def test_a_printer_that_is_none_is_told(self, desk, library, printer, chosen):
        ticket = take(library)
        answer = desk.post(reverse("queueing:desk_print", args=[ticket.pk]), {"printer": chosen}, follow=True)
        assert "Pilih printer yang menyala." in answer.content.decode()

    def test_another_offices_printer_prints_nothing_of_ours(self, desk, library, offices):
        theirs = Printer.objects.create(office=offices["6571"], name="Lain", host="127.0.0.1")
        ticket = take(library)
        desk.post(reverse("queueing:desk_print", args=[ticket.pk]), {"printer": theirs.pk})
        assert PrintJob.objects.count() == 0

    @pytest.mark.parametrize("typed", ["A001", "a1", " a 001 ", "A-1"])
    def test_a_visit_is_found_by_its_number(self, desk, library, typed):
        ticket = take(library)
        found = desk.get(reverse("queueing:find_number"), {"nomor": typed})
        assert found.headers["Location"] == f"/meja/?kunjungan={ticket.received.visit_id}"

    @pytest.mark.parametrize("typed", ["", "A", "Z9", "A0000000000009", "<b>", "٣"])
    def test_a_number_that_is_none_is_told(self, desk, library, typed):
        take(library)
        answer = desk.get(reverse("queueing:find_number"), {"nomor": typed}, follow=True).content.decode()
        assert "tidak ada hari ini" in answer
        assert "<b>” tidak" not in answer


def pages_of(response) -> PdfReader:
    return PdfReader(io.BytesIO(b"".join(response.streaming_content)))


class TestThePdf:
    def test_one_page_as_wide_as_the_roll_with_the_number(self, desk, library):
        ticket = take(library, priority=True)
        response = desk.get(reverse("queueing:desk_slip", args=[ticket.pk]))
        assert response.headers["Content-Type"] == "application/pdf"
        (page,) = pages_of(response).pages
        assert float(page.mediabox.width) == pytest.approx(80 / 25.4 * 72, abs=0.5)
        assert 80 < float(page.mediabox.height) / 72 * 25.4 < 150
        text = page.extract_text()
        assert ticket.label in text
        assert "slip ulang" in text.lower()
        assert "prioritas" in text.lower()
        assert AuditEntry.objects.get(action="ticket.reprinted").detail == {"on": "pdf"}

    def test_a_longer_text_makes_a_longer_page_and_never_a_second(self, library):
        heights = []
        for name in ("Perpustakaan", "Layanan perpustakaan dan data mikro " * 3):
            library.name = name
            ticket = take(library, name[:20])
            ticket.service = library
            reader = PdfReader(slip_pdf(slip_of(ticket, site=SITE), 58))
            assert len(reader.pages) == 1
            assert float(reader.pages[0].mediabox.width) == pytest.approx(58 / 25.4 * 72, abs=0.5)
            assert "Pindai kode" in " ".join(reader.pages[0].extract_text().split())
            heights.append(float(reader.pages[0].mediabox.height))
        assert heights[0] < heights[1]

    def test_the_visitors_own_in_the_visits_language(self, client, library):
        ticket = take(library, language="en")
        (page,) = pages_of(
            client.get(reverse("queueing:visit_slip", args=[ticket.received.visit.token]))
        ).pages
        assert ticket.label in page.extract_text()
        assert not AuditEntry.objects.filter(action="ticket.reprinted").exists()

    def test_a_number_is_drawn_only_so_often_an_hour(self, client, library, monkeypatch):
        """Another port is another address in the code, so another drawing."""
        cache.clear()
        monkeypatch.setattr(printing_views, "SLIPS_AN_HOUR", 2)
        address = reverse("queueing:visit_slip", args=[take(library).received.visit.token])
        answers = [
            client.get(address, HTTP_HOST=f"localhost:{port}").status_code for port in (4001, 4002, 4003)
        ]
        assert answers == [200, 200, 302]
        assert "sudah sering disimpan" in client.get(address, follow=True).content.decode()
