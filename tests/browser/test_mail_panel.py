"""Outgoing mail on the supervisor's screen: seen in a browser, light and dark, on three widths."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from services.mail.models import Outgoing
from tests.browser.test_accessibility import DESK, auditor, screens

__all__ = ["auditor", "screens"]


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
        auditor.visit(desk, path, DESK)
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
