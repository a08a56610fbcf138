"""The TV's picture in a real browser: announcements, what can be read from four metres, pauses."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import expect

from queueing.models import Announcement
from queueing.workflows import announcements, counters, desk
from queueing.workflows.issue import issue
from services.audit.actors import SYSTEM, Actor
from tests.browser.conftest import connected

SIZES = [(1920, 1080), (1280, 720), (1080, 1920)]


@pytest.fixture
def office(offices):
    return offices["7411"]


class TestStrip:
    def test_pages_follow_each_other_and_a_change_is_seen_at_once(self, screens, office):
        text = "Kalimat pertama yang cukup panjang untuk satu halaman. Kalimat kedua yang juga cukup panjang."
        Announcement.objects.create(office=office, text=text)
        tv = screens.tv(office)
        shown = tv.locator("#strip [data-page]:visible")
        expect(shown).to_contain_text("Kalimat pertama")
        expect(shown).to_contain_text("Kalimat kedua", timeout=15_000)
        expect(shown).to_contain_text("Kalimat pertama", timeout=15_000)
        connected(tv)
        announcements.save(Announcement(office=office, kind="pledge", text="Kami melayani."), by=SYSTEM)
        announcements.delete(Announcement.objects.get(kind="text"), by=SYSTEM)
        expect(shown).to_contain_text("Kami melayani.")
        expect(shown).to_have_count(1)
        announcements.delete(Announcement.objects.get(), by=SYSTEM)
        expect(tv.locator("#strip")).to_be_hidden()


# 43 inches, 16:9: 952 mm × 535 mm. Capital letters are 0.716 of the type size in the fonts used.
HEIGHT_MM, CAPITALS = 535, 0.716
READ, NOTE = 4000 / 200, 4000 / 300
MUST_BE_READ = [
    ".board-number", ".board-where", ".place-name", ".place .ticket-number", ".place-pause", ".service-letter",
    ".board-services strong", ".board-chips .ticket-number", ".strip-text", ".display-clock time",
]  # fmt: skip
ON_THE_WAY = [
    ".board-label",
    ".service-name",
    ".board-title",
    ".board-note",
    ".display-date",
    ".display .brand-name",
]
LONG = "Konsultasi Statistik dan Rekomendasi Kegiatan Statistik Sektoral Kabupaten"


@pytest.fixture
def busy(office, make_user):
    """Five counters, one of them resting, a service with a long name, calls before, an announcement."""
    office.services.filter(slug="consultation").update(name=LONG)
    for number in (3, 4, 5):
        office.counters.create(number=number).services.set(office.services.all())
    officers = {}
    for counter in office.counters.all():
        officers[counter.number] = Actor("officer", user_id=make_user(office).pk)
        counters.open_counter(counter, by=officers[counter.number])
    services = list(office.services.all())
    for n in range(14):
        issue(office=office, service=services[n % 2], submission=f"b{n}", by=SYSTEM)
    for turn in range(2):
        for counter in office.counters.filter(number__lte=4):
            ticket = desk.call_next(counter, by=officers[counter.number])
            if turn == 0:
                desk.no_show(ticket, by=officers[counter.number])
    counters.pause(office.counters.get(number=5), reason="task", by=officers[5])
    text = "Pertanggungjawaban penyelenggaraan pelayanan dipertanggungjawabkan sebagaimana ketentuan. " * 4
    Announcement.objects.create(office=office, kind="pledge", text=text[:400].strip())
    return office


class TestFromFourMetres:
    @pytest.mark.parametrize(("width", "height"), SIZES)
    def test_letters_are_large_enough_and_nothing_is_cut_off(self, screens, busy, width, height):
        open_all_day(busy)
        tv = screens.tv(busy, goto="")
        tv.set_viewport_size({"width": width, "height": height})
        tv.goto("/layar/")
        connected(tv)
        tv.wait_for_timeout(800)  # the refetch after connecting
        millimetres = HEIGHT_MM / min(width, height)
        for needed, selectors in ((READ, MUST_BE_READ), (NOTE, ON_THE_WAY)):
            for selector in selectors:
                sizes = tv.locator(f"{selector}:visible").evaluate_all(
                    "all => all.map((e) => parseFloat(getComputedStyle(e).fontSize))"
                )
                if height > width and selector == ".place-pause .board-note":
                    continue
                assert sizes, selector
                assert min(sizes) * millimetres * CAPITALS >= needed, (selector, min(sizes))
        cut = tv.evaluate("""() => [...document.querySelectorAll(
            '.board-now, .board-now *, .board-places, .place, .place *, .board-services, .board-waiting, .strip-page:not([hidden]), .strip-text'
        )].filter((e) => e.checkVisibility() && !e.closest('svg, .visually-hidden') && !e.matches('.visually-hidden') && (e.scrollHeight > e.clientHeight + 3 && getComputedStyle(e).display !== 'inline'
            && !/number|clamp/.test(e.className) || e.scrollWidth > e.clientWidth + 3 && e.clientWidth > 0)).map((e) => [e.className, e.scrollHeight, e.clientHeight, e.scrollWidth, e.clientWidth])""")
        assert cut == []
        boxes = [tv.locator(s).bounding_box() for s in (".board-now", ".board-side", ".strip", ".board-last")]
        for n, one in enumerate(boxes):
            assert one["height"] > 60
            assert one["y"] + one["height"] <= height + 1
            for other in boxes[n + 1 :]:
                assert not overlapping(one, other)

    def test_every_page_of_a_long_text_fits(self, screens, busy):
        tv = screens.tv(busy)
        for width, height in SIZES:
            tv.set_viewport_size({"width": width, "height": height})
            over = tv.evaluate("""() => [...document.querySelectorAll('[data-page]')].map((page) => {
                const all = [...document.querySelectorAll('[data-page]')];
                all.forEach((other) => (other.hidden = other !== page));
                return page.scrollHeight - page.clientHeight;
            })""")
            assert len(over) >= 4
            assert max(over) <= 1, (width, over)


def open_all_day(office) -> None:
    """So that the row of the last calls is there whenever the test runs."""
    day = office.today(timezone.now())
    office.hours_exceptions.create(date=day, opens="00:00", closes="23:59", reason="uji")


def overlapping(a: dict, b: dict) -> bool:
    across = a["x"] < b["x"] + b["width"] - 1 and b["x"] < a["x"] + a["width"] - 1
    return across and a["y"] < b["y"] + b["height"] - 1 and b["y"] < a["y"] + a["height"] - 1


def test_a_pause_is_told_on_the_tv_within_a_moment(screens, office):
    desk_page, tv = screens.desk(office), screens.tv(office)
    connected(desk_page, tv)
    expect(tv.locator("[data-place='1']")).to_contain_text("Siap")
    counters.pause(
        office.counters.get(number=1),
        reason="rest",
        by=Actor("officer", user_id=office.counters.get(number=1).officer_id),
    )
    expect(tv.locator("[data-place='1'].is-paused")).to_contain_text(re.compile("Istirahat.*Jeda", re.S))


def test_a_supervisor_puts_a_heavy_picture_on_the_tv(screens, office, settings, tmp_path):
    options = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": options}
    noise = tmp_path / "foto.png"
    Image.effect_noise((2400, 1800), 90).save(noise)
    assert 3_000_000 < noise.stat().st_size < 5_000_000
    (tmp_path / "besar.png").write_bytes(b"\0" * 5_300_000)
    page, tv = screens.desk(office, counter=None, role="supervisor"), screens.tv(office)
    connected(tv)
    expect(tv.locator("#strip")).to_be_hidden()
    page.goto("/panel/")
    page.get_by_role("link", name="Pengumuman di TV").click()
    page.get_by_role("link", name="Tambah pengumuman").click()
    page.get_by_role("radio", name="Gambar").check()
    page.get_by_label("Teks").fill("Poster")
    chooser = page.locator("input[type=file]")
    chooser.set_input_files(tmp_path / "besar.png")
    assert "lebih besar dari 5 MB" in chooser.evaluate("e => e.validationMessage")
    chooser.set_input_files(noise)
    page.get_by_role("button", name="Simpan").click()
    expect(page.locator(".announcement")).to_contain_text("Tampil sekarang")
    picture = tv.locator("#strip img")
    expect(picture).to_be_visible()
    for _look in range(50):
        if picture.evaluate("e => e.naturalWidth"):
            break
        tv.wait_for_timeout(100)
    assert picture.evaluate("e => [e.naturalWidth, e.naturalHeight]") == [1440, 1080]
    page.get_by_role("button", name="Matikan").click()
    expect(tv.locator("#strip")).to_be_hidden()
