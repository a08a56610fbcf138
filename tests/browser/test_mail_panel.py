"""Mail that goes out and comes in on the supervisor's screen: light and dark, on desk, tablet and phone, refreshed by itself."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from consultation.models import Consultation, IncomingMail
from services.audit.models import AuditEntry
from services.mail.models import Outgoing
from tests.browser.conftest import connected
from tests.browser.test_accessibility import DESK, auditor, screens
from tests.consultation.conftest import calendar_of_2026, stored
from tests.consultation.mail_support import comes

__all__ = ["auditor", "calendar_of_2026", "screens", "stored"]
SIZES = [*DESK, (820, 1180)]


@pytest.fixture
def mails(offices):
    now = timezone.now()
    common = {
        "office": offices["7411"],
        "kind": "consultation_answered",
        "language": "id",
        "created_at": now,
        "text": "Isi",
    }
    subject = "Jawaban atas konsultasi Anda – BPS Kabupaten Kolaka Timur [K7411-26-00012-n5xw4ztb]"
    dead = "550 5.1.1 <sitti.rahmawati.binti.abdurrahman@mahasiswa.universitas.example.ac.id>: Recipient address rejected"
    Outgoing.objects.create(
        message_id="a@x.id", to="sitti.rahmawati.binti.abdurrahman@mahasiswa.universitas.example.ac.id", subject=subject,
        state="dead", problem=dead, attempts=1, **common,
    )  # fmt: skip
    Outgoing.objects.create(
        message_id="b@x.id", to="b@x.id", subject=subject, state="waiting", next_try_at=now, attempts=3,
        problem="451 4.7.1 Greylisted", **common,
    )  # fmt: skip
    Outgoing.objects.create(
        message_id="c@x.id", to="c@x.id", subject=subject, state="sent", sent_at=now, **common
    )


def test_the_outbox_and_the_examples(screens, mails, offices, auditor):
    desk = screens.desk(offices["7411"], role="supervisor")
    for path in (
        "/panel/surat/", "/panel/surat/?status=menunggu", "/panel/surat/?status=terkirim",
        "/panel/surat/?status=tidak-dikirim", "/panel/surat/contoh/", "/panel/surat/contoh/consultation_answered/",
    ):  # fmt: skip
        auditor.visit(desk, path, SIZES)
    frame = desk.frame_locator("iframe").first
    expect(frame.get_by_role("link", name="Buka konsultasi Anda")).to_be_visible()
    desk.locator("iframe").last.scroll_into_view_if_needed()
    expect(desk.frame_locator("iframe").last.locator("html")).to_have_attribute("lang", "en")
    # The mail's own styles are in force: the policy of the frame lets them, the page's would not.
    assert frame.locator(".mail-button").evaluate("e => getComputedStyle(e).fontWeight") == "700"


def test_a_dead_letter_is_sent_again(screens, mails, offices):
    desk = screens.desk(offices["7411"], role="supervisor")
    desk.goto("/panel/surat/")
    desk.get_by_role("button", name="Kirim lagi").click()
    expect(desk.get_by_text("Surat dikirim lagi.")).to_be_visible()
    assert Outgoing.objects.get(message_id="a@x.id").state == "waiting"


LONG = (
    "Undangan seminar nasional statistik pembangunan berkelanjutan Kabupaten Kolaka Timur dan sekitarnya " * 2
)


@pytest.fixture
def letters(offices, calendar_of_2026, stored) -> IncomingMail:
    """One that became a consultation, one aside, one that could not be read, one dropped; returns the one aside."""
    office = offices["7411"]
    comes(office, "Berapa PDRB 2024?", Subject="PDRB")
    aside = comes(office, "Kepada Yth. " + "pelanggan " * 300, List_Id="<milis.example.test>", Subject=LONG)
    failed, dropped = (comes(office, f"x{n}", List_Id="<a.b>", Subject=f"Uji {n}") for n in range(2))
    IncomingMail.objects.filter(pk=failed.pk).update(state="failed", tries=5, problem="UnicodeDecodeError")
    IncomingMail.objects.filter(pk=dropped.pk).update(state="dropped")
    return aside


def test_mail_that_came_in(screens, letters, offices, auditor):
    desk = screens.desk(offices["7411"], role="supervisor")
    desk.goto("/panel/surat-masuk/")
    desk.get_by_text("Baca suratnya").click()
    auditor.look(desk, "a mail is read", SIZES)
    for room in ("menunggu", "selesai", "diabaikan"):
        auditor.visit(desk, f"/panel/surat-masuk/?status={room}", SIZES)


def test_the_list_follows_and_what_is_read_stays_open(screens, letters, offices, calendar_of_2026):
    office = offices["7411"]
    desk = screens.desk(office, role="supervisor")
    desk.goto("/panel/surat-masuk/")
    connected(desk)
    desk.get_by_text("Baca suratnya").click()
    desk.locator(f"#read-{letters.pk}").focus()
    take_up = desk.get_by_role("button", name="Jadikan konsultasi")
    expect(take_up).to_have_count(1)
    looked = AuditEntry.objects.filter(action="read", detail__why="mail_in").count()
    comes(office, "Satu lagi", List_Id="<c.d>", Subject="Datang barusan")
    expect(desk.get_by_role("heading", name="Datang barusan")).to_be_visible()
    expect(desk.locator("#room-periksa .badge")).to_have_text("3")
    expect(desk.locator(f"#words-{letters.pk}")).to_have_attribute("open", "")
    expect(desk.locator(f"#read-{letters.pk}")).to_be_focused()
    # What was on the page already is not read a second time by its refreshing.
    assert AuditEntry.objects.filter(action="read", detail__why="mail_in").count() == looked + 1
    desk.locator(f"#first-{letters.pk}").click()
    expect(desk.get_by_text("Surat menjadi konsultasi.")).to_be_visible()
    assert Consultation.objects.count() == 2


def test_a_question_that_stands_there_survives_the_refresh(screens, mails, offices):
    desk = screens.desk(offices["7411"], role="supervisor")
    desk.goto("/panel/surat/")
    connected(desk)
    desk.get_by_role("button", name="Jangan kirim: Jawaban atas konsultasi").click()
    expect(desk.locator("#confirm-dialog")).to_be_visible()
    from services.mail import outbox

    again = Outgoing.objects.get(message_id="c@x.id")
    outbox.bounced(again.message_id, "550 5.1.1 unknown")
    expect(desk.locator("[data-mail]")).to_have_count(2)  # it came while the question stood there
    expect(desk.locator("#confirm-dialog")).to_be_visible()
    desk.locator("#confirm-yes").click()
    expect(desk.get_by_text("Surat tidak dikirim.", exact=True)).to_be_visible()
    assert Outgoing.objects.get(message_id="a@x.id").state == "dropped"
