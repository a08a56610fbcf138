"""One consultation from a search that found nothing to its rating: by browser, real mail both ways, and the clock.

The servers are real (aiosmtpd, Dovecot, the site), and so is the worker: a process of its own whose clock stands where the
test's does, so that its minute's and five minutes' jobs do what they do every day.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
import time_machine
from playwright.sync_api import Page, expect

from consultation.models import Consultation, IncomingMail
from services.mail import tokens
from services.mail.models import Outgoing
from services.ratings.models import Rating
from tests.browser.conftest import connected
from tests.browser.test_accessibility import DESK, PAGE, auditor, screens
from tests.consultation.conftest import calendar_of_2026, stored
from tests.consultation.mail_support import BOX, write_channels
from tests.consultation.test_mail_round_trip import reply
from tests.imap_server import Dovecot, dovecot, needs_dovecot
from tests.mail_server import Mailbox, links_in, text_of
from tests.processes import worker

__all__ = ["auditor", "calendar_of_2026", "screens", "stored"]  # fixtures

MONDAY = datetime(2026, 6, 8, 2, 0, 30, tzinfo=UTC)  # 10.00 in Kolaka Timur
SITI = "siti@example.test"
SOUGHT = "xyzzyqwert inflasi kecamatan"


@pytest.fixture
def clock():
    with time_machine.travel(MONDAY) as clock:
        yield clock


@pytest.fixture
def imap() -> Iterator[Dovecot]:
    root = Path(tempfile.mkdtemp(prefix="pst-imap-"))
    with dovecot(root) as server:
        yield server
    shutil.rmtree(root, ignore_errors=True)


@pytest.fixture
def at_work(tmp_path, settings, server, imap, mailbox, stored):
    """The worker with the office's mailbox, from this instant of the test's clock on."""
    settings.SITE = server.url
    write_channels(tmp_path, settings, smtp=mailbox.port, imap=imap.port)

    @contextmanager
    def start() -> Iterator[None]:
        with worker(
            tmp_path / "worker.log", PST_CHANNELS=settings.CHANNELS_FILE, PST_SITE=server.url,
            PST_TESTS_AHEAD=str(time.time() - time_machine.escape_hatch.time.time()),
        ):  # fmt: skip
            yield

    return start


def to_siti(mailbox: Mailbox, page: Page, count: int) -> EmailMessage:
    """The last of the mails to her, once there are so many."""
    for _tenth in range(300):
        theirs = [m for m in mailbox.messages if m["To"] == SITI]
        if len(theirs) >= count:
            assert len(theirs) == count
            return theirs[-1]
        page.wait_for_timeout(100)
    raise AssertionError(f"{len(theirs)} mails, not {count}")


def ask_after_searching(phone: Page) -> None:
    phone.goto("/")
    phone.goto(f"/cari/?q={SOUGHT.replace(' ', '+')}&kantor=7411")
    phone.get_by_role("link", name="Tanya konsultan").click()
    expect(phone.get_by_label("Pertanyaan Anda")).to_have_value(SOUGHT)
    phone.get_by_label("Pertanyaan Anda").fill("Berapa inflasi per kecamatan di Kolaka Timur?")
    phone.get_by_role("button", name="Lanjutkan bertanya").click()
    expect(phone.get_by_label("Kantor yang menjawab")).to_have_value("7411")
    phone.get_by_label("Nama", exact=True).fill("Siti Rahma")
    phone.get_by_label("E-mail").fill(SITI)
    phone.get_by_label("Nama dan kontak Anda disimpan").check()
    phone.get_by_role("button", name="Kirim pertanyaan").click()
    expect(phone.get_by_text("Dijawab paling lambat")).to_be_visible()


def answer(desk: Page, words: str) -> None:
    desk.locator("#id_body").fill(words)
    desk.get_by_role("button", name="Kirim jawaban").click()
    expect(desk.get_by_text("Jawaban dikirim.")).to_be_visible()


@needs_dovecot
def test_from_a_search_that_found_nothing_to_the_rating(
    clock, screens, offices, calendar_of_2026, mailbox, imap, at_work, auditor
):
    office = offices["7411"]
    phone = screens.phone()
    ask_after_searching(phone)
    asked = Consultation.objects.get()
    assert (asked.sought, asked.office) == (SOUGHT, office)

    desk = screens.desk(office, counter=None)
    desk.get_by_role("link", name="Konsultasi").click()
    desk.get_by_role("link", name=re.compile("inflasi per kecamatan")).click()
    connected(desk)
    with at_work():
        assert asked.number in to_siti(mailbox, phone, 1)["Subject"]  # the receipt
        answer(desk, "Inflasi dihitung per kabupaten; ada di tabel 3.")
        first = to_siti(mailbox, phone, 2)
    assert "Inflasi dihitung per kabupaten; ada di tabel 3." in text_of(first)
    assert "inflasi" not in str(first["Subject"]).lower()
    assert tokens.number_in_address(str(first["Reply-To"])) == asked.number

    clock.shift(30 * 60)
    imap.deliver(reply(first, "Terima kasih, Pak. Tahun 2023 juga ada?", From=f"Siti Rahma <{SITI}>"))
    with at_work():
        expect(desk.locator("#talk").get_by_text("Tahun 2023 juga ada?")).to_be_visible(timeout=30_000)
        assert imap.unread() == 0
        said = asked.messages.get(channel="email", kind="visitor")
        assert said.body == "Terima kasih, Pak. Tahun 2023 juga ada?"
        assert "tabel 3" in said.quoted
        assert said.address == ""  # hers, as she is known
        desk.reload()
        answer(desk, "Ada, di tabel 4.")
        second = to_siti(mailbox, phone, 3)
    assert f"<{said.outside_id.partition('<')[2]}" in second["References"]
    desk.close()
    phone.reload()
    for words in ("tabel 3", "Tahun 2023 juga ada?", "Ada, di tabel 4."):
        expect(phone.locator("#thread").get_by_text(words)).to_be_visible()

    asked.refresh_from_db()
    assert asked.state == "answered"
    assert [office.local(moment).day for moment in (asked.remind_at, asked.closes_at)] == [10, 11]
    clock.move_to(asked.remind_at)
    with at_work():
        reminder = to_siti(mailbox, phone, 4)
    assert "11 Juni 2026" in text_of(reminder)
    asked.refresh_from_db()
    assert asked.state == "answered"

    clock.move_to(asked.closes_at)
    with at_work():
        closing = to_siti(mailbox, phone, 5)
    asked.refresh_from_db()
    assert asked.state == "auto_closed"
    address = next(link for link in links_in(closing) if "/nilai/" in link)
    assert f"{screens.server.url}{address}" in text_of(closing)

    phone.goto(address)
    auditor.look(phone, "rating", PAGE)
    phone.get_by_role("button", name="Kirim penilaian").click()
    expect(phone.get_by_role("heading", name="Periksa isian berikut")).to_be_visible()
    auditor.look(phone, "no stars were chosen", PAGE)
    phone.get_by_text("Baik", exact=True).click()
    phone.get_by_label("Catatan").fill("Dijawab hari itu juga")
    phone.get_by_role("button", name="Kirim penilaian").click()
    expect(phone.get_by_text("Penilaian Anda: 4 dari 5")).to_be_visible()
    auditor.look(phone, "rated", PAGE)
    phone.goto(address)
    expect(phone.get_by_role("button", name="Kirim penilaian")).to_have_count(0)
    assert asked.rating_id is None
    asked.refresh_from_db()
    assert (Rating.objects.get(), asked.rating.stars) == (asked.rating, 4)

    panel = screens.desk(office, counter=None, role="supervisor")
    panel.goto("/panel/penilaian/")
    expect(panel.get_by_text("Dijawab hari itu juga")).to_be_visible()
    auditor.look(panel, "ratings", DESK)
    panel.get_by_role("link", name=asked.number).click()
    expect(panel.get_by_text("Konsultasi ini sudah selesai")).to_be_visible()
    assert Consultation.objects.count() == 1
    assert (IncomingMail.objects.get().outcome, Outgoing.objects.filter(to=SITI).count()) == ("added", 5)
    assert set(Outgoing.objects.values_list("state", flat=True)) == {"sent"}
    assert BOX in str(closing["From"])
