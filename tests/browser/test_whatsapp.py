"""What the officer sees of a visitor's WhatsApp window before answering, and the supervisor's page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from consultation.models import Message
from services.whatsapp.models import Contact
from tests.browser.conftest import connected
from tests.browser.test_accessibility import auditor, screens
from tests.browser.test_consultations import SIZES
from tests.consultation.support import fresh
from tests.consultation.whatsapp_support import TEMPLATES, answer, graph, only
from tests.whatsapp_server import comes, message, status, tells, work_off, write_channels

__all__ = ["auditor", "graph", "screens"]


@pytest.fixture
def whatsapp(tmp_path, settings, graph, offices):
    write_channels(tmp_path, settings, graph)
    return graph


def test_open_and_closed_as_the_officer_sees_it(screens, whatsapp, offices, auditor):
    comes(message("a", text={"body": "Berapa PDRB Kolaka Timur 2024?"}))
    asked = only()
    desk = screens.desk(offices["7411"], counter=None)
    here = f"/meja/konsultasi/utas/{asked.number}/"
    desk.goto(here)
    connected(desk)
    expect(desk.get_by_text("WhatsApp terbuka sampai")).to_be_visible()
    desk.locator("#id_body").fill("Ada di Tabel 3.")
    desk.keyboard.press("Alt+k")
    expect(desk.locator("#talk").get_by_text("Menunggu dikirim")).to_be_visible()
    work_off()
    expect(desk.locator("#talk").get_by_text("Terkirim")).to_be_visible()
    tells(status(Message.objects.get(kind="officer").outside_id, "read"))
    expect(desk.locator("#talk").get_by_text("Dibaca")).to_be_visible()
    auditor.visit(desk, here, SIZES)

    # It closes while the page is open: the page says so before anything is sent.
    Contact.objects.update(last_wrote_at=timezone.now() - timedelta(hours=25))
    answer(fresh(asked), screens_actor(offices), body="Satu lagi.")
    work_off()
    expect(desk.get_by_text("Jendela 24 jam WhatsApp sudah tertutup.").first).to_be_visible()
    expect(desk.get_by_text("hubungi pengguna lewat telepon")).to_be_visible()
    expect(desk.locator("#talk").get_by_text("Gagal terkirim")).to_be_visible()
    auditor.visit(desk, here, SIZES)


def screens_actor(offices):
    from services.accounts.models import Membership
    from services.audit.actors import Actor

    return Actor("officer", user_id=Membership.objects.filter(office=offices["7411"]).first().user_id)


def test_with_a_template(screens, whatsapp, offices, auditor, tmp_path, settings, graph):
    write_channels(tmp_path, settings, graph, templates=TEMPLATES)
    comes(message("a"))
    Contact.objects.update(last_wrote_at=timezone.now() - timedelta(hours=25))
    desk = screens.desk(offices["7411"], counter=None)
    here = f"/meja/konsultasi/utas/{only().number}/"
    desk.goto(here)
    expect(desk.get_by_text("dikirim sebagai templat")).to_be_visible()
    auditor.visit(desk, here, SIZES)


def test_by_hand_without_a_number(screens, offices, settings, make_user):
    from consultation import demo
    from consultation.models import Consultation

    settings.CHANNELS_FILE = ""
    make_user(offices["7411"])
    demo.furnish(offices["7411"])
    asked = Consultation.objects.get(channel="whatsapp")
    desk = screens.desk(offices["7411"], counter=None)
    desk.goto(f"/meja/konsultasi/utas/{asked.number}/")
    chat = desk.get_by_role("link", name="Buka percakapan WhatsApp")
    expect(chat).to_have_attribute("href", f"https://wa.me/6281200000003?text={asked.number}%3A%20")
    expect(desk.locator("[data-whatsapp]")).to_have_count(0)
    desk.locator("#id_body").fill("Harganya ada di tabel 5.")
    desk.keyboard.press("Alt+k")
    prepared = desk.get_by_role("link", name="Buka di WhatsApp dengan teks ini")
    expect(prepared).to_be_visible()
    assert "Harganya%20ada%20di%20tabel%205." in (prepared.get_attribute("href") or "")


def test_the_supervisors_page(screens, whatsapp, offices, auditor, by):
    comes(message("a"))
    whatsapp.faults = [100, "500"]
    answer(only(), by)
    answer(only(), by)
    work_off()
    desk = screens.desk(offices["7411"], role="supervisor")
    for path in ("/panel/whatsapp/", "/panel/whatsapp/?status=menunggu", "/panel/whatsapp/?status=terkirim",
                 "/panel/whatsapp/?status=dialihkan"):  # fmt: skip
        auditor.visit(desk, path, SIZES)
    desk.goto("/panel/whatsapp/")
    desk.get_by_role("button", name="Kirim lagi").click()
    expect(desk.get_by_text("Pesan dikirim lagi.")).to_be_visible()
