"""A release at the desk and reading on the PST computer, as they look: axe-clean, nothing wider than its tile."""

from __future__ import annotations

import io

import pytest
from django.core.files.base import ContentFile
from PIL import Image
from playwright.sync_api import expect

from library.models import Publication
from library.views.reader import address
from library.workflows import intake
from services.audit.actors import SYSTEM
from tests.browser.test_accessibility import DESK, PAGE, auditor, screens
from tests.library.digital import support
from tests.library.digital.conftest import stored
from tests.library.support import title

__all__ = ["auditor", "screens", "stored"]  # fixtures
SIZES = PAGE


def cover(width: int, height: int) -> ContentFile:
    drawn = io.BytesIO()
    Image.new("RGB", (width, height), "#1b5e9b").save(drawn, "JPEG")
    return ContentFile(drawn.getvalue(), "sampul.jpg")


@pytest.mark.usefixtures("stored")
def test_the_pst_computer(screens, offices, auditor):
    office = offices["7411"]
    wide = title(office, "Peta Tematik Kabupaten Kolaka Timur 2025")
    support.ready(office, wide, content=support.pdf(1, "Peta"))
    wide.refresh_from_db()
    wide.cover.save("x.jpg", cover(900, 400))
    tall = title(office, "Kolaka Timur Dalam Angka 2025")
    digital = support.ready(office, tall)
    page = screens._device(office, "reader", viewport={"width": 1366, "height": 768})
    page.goto("/komputer/")
    auditor.look(page, "PST computer", SIZES)
    for tile in page.locator(".computer-book").all():
        box = tile.bounding_box()
        for part in tile.locator("img, a").all():
            inner = part.bounding_box()
            assert inner["x"] >= box["x"] - 0.5
            assert inner["x"] + inner["width"] <= box["x"] + box["width"] + 0.5
    words = page.get_by_role("link", name="Peta Tematik").bounding_box()
    tile = page.locator(".computer-book", has_text="Peta Tematik").bounding_box()
    assert abs(words["x"] + words["width"] / 2 - tile["x"] - tile["width"] / 2) < 2
    page.get_by_role("searchbox").fill("kolaka timur")
    page.get_by_role("button", name="Cari").click()
    page.get_by_role("link", name="Kolaka Timur Dalam Angka 2025").first.click()
    page.get_by_role("heading", name="Rincian").wait_for()
    auditor.look(page, "publication at the computer", SIZES)
    page.get_by_role("link", name="Baca").click()
    page.get_by_role("link", name="Kembali ke hasil pencarian").click()
    expect(page).to_have_url(f"{screens.server.url}/cari/?q=kolaka+timur")
    page.goto(f"/pustaka/{tall.pk}.bib")
    expect(page.get_by_role("heading", name="Komputer PST hanya untuk membaca")).to_be_visible()
    auditor.look(page, "reading only", SIZES)
    intake.withdraw(digital, why="salah", by=SYSTEM)
    page.goto(address(tall))
    auditor.look(page, "withdrawn", SIZES)


def test_a_release_is_set_and_lifted(screens, offices, auditor):
    desk = screens.desk(offices["7411"], counter=None, role="supervisor")
    desk.goto("/meja/pustaka/publikasi/baru/")
    desk.get_by_label("Judul", exact=True).fill("Kolaka Timur Dalam Angka 2099")
    desk.get_by_label("Tanggal rilis").fill("2099-02-27")
    desk.get_by_role("button", name="Simpan").click()
    expect(desk.get_by_label("Belum boleh diketahui sampai tanggal")).to_have_value("2099-02-27")
    auditor.look(desk, "new publication, the hour proposed", DESK)
    desk.get_by_role("button", name="Simpan").click()
    expect(desk.get_by_text("Belum dirilis", exact=True)).to_be_visible()
    assert not Publication.objects.get().released
    desk.get_by_label("Belum boleh diketahui sampai tanggal").fill("")
    desk.get_by_label("Pukul").fill("")
    desk.get_by_role("button", name="Simpan akses").click()
    expect(desk.get_by_text("Ini membuka publikasi lebih awal")).to_be_visible()
    auditor.look(desk, "sure to open it?", DESK)
    desk.get_by_label("Alasan membuka").fill("Rilis dimajukan oleh BPS")
    desk.get_by_role("button", name="Ya, buka dengan alasan ini").click()
    expect(desk.get_by_text("Akses disimpan.")).to_be_visible()
    desk.get_by_text("Riwayat akses").click()
    expect(desk.get_by_text("Alasan: Rilis dimajukan oleh BPS")).to_be_visible()
    auditor.look(desk, "opened, with its trace", DESK)
    assert Publication.objects.get().released
