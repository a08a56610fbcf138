"""The reader of softcopies in a real browser: phone, tablet, desk and the PST computer, with and without its script."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from library.digital import files
from library.models import Publication
from library.pdf import pool
from library.views.reader import address
from tests.browser.books import PAGES, TITLE, book, book_file, stored
from tests.browser.test_accessibility import auditor, screens

__all__ = ["auditor", "book", "book_file", "screens", "stored"]  # fixtures
READER = [(390, 844), (820, 1180), (1366, 768), (320, 640)]


@pytest.fixture
def place(book) -> str:
    return address(book.publication)


def desk(screens, **more) -> Page:
    return screens._context(**({"viewport": {"width": 1366, "height": 768}} | more)).new_page()


def opened(page: Page, place: str) -> Page:
    page.goto(place)
    expect(page.locator(".reader.is-live")).to_be_visible()
    return page


def number(page: Page):
    return page.get_by_label("Nomor halaman")


def shown(page: Page, sheet: int):
    """This page's picture, loaded."""
    picture = page.locator(f"#hal-{sheet} img")
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("complete", True)
    return picture


def pictures(page: Page) -> list[tuple[int, int]]:
    """What is asked for from now on: (page, width)."""
    asked: list[tuple[int, int]] = []

    def note(request) -> None:
        if found := re.search(r"/hal/(\d+)-(\d+)\.webp", request.url):
            asked.append((int(found[1]), int(found[2])))

    page.on("request", note)
    return asked


def query(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def test_by_keyboard(screens, place):
    page = opened(desk(screens), place)
    expect(page.get_by_role("main")).to_be_focused()
    for key, arrives in (("ArrowRight", 2), ("ArrowRight", 3), ("ArrowLeft", 2), ("End", PAGES), ("Home", 1)):
        page.keyboard.press(key)
        expect(number(page)).to_have_value(str(arrives))
    shown(page, 1)
    for key in ("PageDown", "PageDown"):
        page.keyboard.press(key)
    expect(number(page)).to_have_value("2")
    expect(page).to_have_url(re.compile(r"hal=2$"))
    page.keyboard.press("t")
    contents = page.get_by_role("complementary", name="Daftar isi")
    expect(contents.get_by_role("link", name="Bab 1")).to_be_focused()
    contents.get_by_role("link", name="Bab 2").press("Enter")
    expect(number(page)).to_have_value("11")
    page.keyboard.press("Escape")
    expect(contents).to_be_hidden()
    expect(page.get_by_role("link", name="Daftar isi")).to_be_focused()
    number(page).fill("29")
    number(page).press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    shown(page, 29)
    page.keyboard.press("/")
    expect(page.get_by_label("Kata yang dicari")).to_be_focused()
    page.keyboard.type("t0+-")  # in a field they are letters
    expect(page.get_by_label("Kata yang dicari")).to_have_value("t0+-")
    expect(number(page)).to_have_value("29")


def test_searching_inside_and_the_marks_on_the_page(screens, place):
    page = opened(desk(screens), place)
    page.keyboard.press("/")
    page.keyboard.type("gizi buruk")
    page.keyboard.press("Enter")
    hits = page.locator("[data-hits] a")
    expect(hits).to_have_count(2)
    expect(hits.first.locator("mark").first).to_have_text("gizi")
    hits.nth(1).click()
    expect(number(page)).to_have_value("19")
    shown(page, 19)
    marks = page.locator("#hal-19 .hit-box")
    expect(marks).to_have_count(2)
    sheet, mark = page.locator("#hal-19").bounding_box(), marks.first.bounding_box()
    assert sheet
    assert mark
    assert sheet["x"] < mark["x"] < sheet["x"] + sheet["width"]
    assert sheet["y"] < mark["y"] < sheet["y"] + sheet["height"] / 2
    expect(page).to_have_url(re.compile(r"hal=19&q=gizi%20buruk"))
    expect(page.locator("#hal-19 figcaption")).to_contain_text("Angka gizi buruk balita turun.")
    page.get_by_label("Kata yang dicari").fill("xyzzy")
    page.keyboard.press("Enter")
    expect(page.locator("[data-hits]")).to_contain_text("Tidak ada halaman")
    expect(marks).to_have_count(0)


def test_a_hit_of_the_general_search_leads_to_its_page(screens, place):
    page = desk(screens)
    page.goto("/cari/?q=gizi+buruk")
    page.locator("[aria-labelledby=inside-title]").get_by_role("link", name="19", exact=True).click()
    expect(number(page)).to_have_value("19")
    expect(page.locator("[data-hits] a")).to_have_count(2)
    assert "q=gizi" in (shown(page, 19).get_attribute("src") or "")  # coloured in the picture already
    expect(page.locator("#hal-19 .hit-box")).to_have_count(0)
    page.locator("[data-hits] a").first.click()
    expect(page.locator("#hal-7 .hit-box")).to_have_count(2)


def test_only_what_is_near_is_asked_for_and_nothing_jumps(screens, place):
    page = desk(screens)
    asked = pictures(page)
    opened(page, place)
    shown(page, 2)
    page.wait_for_load_state("networkidle")
    assert {sheet for sheet, _width in asked} <= {1, 2, 3}
    assert len(asked) == len(set(asked))
    top = "document.getElementById('hal-25').offsetTop"
    before = page.evaluate(top)
    page.keyboard.press("End")
    shown(page, PAGES)
    page.wait_for_load_state("networkidle")
    assert page.evaluate(top) == before
    assert {sheet for sheet, _width in asked} <= {1, 2, 3, PAGES - 2, PAGES - 1, PAGES}
    asked.clear()
    page.get_by_role("button", name="Gambar mini").click()
    expect(page.locator(".mini img").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert {width for _sheet, width in asked} == {160}
    assert len(asked) < PAGES


def test_zoom_asks_for_a_sharper_picture_and_keeps_the_place(screens, place):
    page = desk(screens)
    asked = pictures(page)
    opened(page, f"{place}?hal=12")
    shown(page, 12)
    was = page.locator("#hal-12").bounding_box()
    for _press in range(2):
        page.keyboard.press("+")
    expect(page.locator("[data-scale]")).to_have_text("150%")
    now = page.locator("#hal-12").bounding_box()
    assert was
    assert now
    assert now["width"] == pytest.approx(1.5 * was["width"], abs=2)
    assert now["width"] > now["height"]  # the wide one
    expect(page.locator("#hal-12 img")).to_have_attribute("src", re.compile("12-1400"))
    expect(number(page)).to_have_value("12")
    assert (12, 1400) in asked
    page.keyboard.press("0")
    expect(page.locator("[data-scale]")).to_have_text("100%")
    for _press in range(9):
        page.keyboard.press("-")
    expect(page.get_by_role("button", name="Perkecil")).to_be_disabled()


def test_it_remembers_the_page_and_a_link_to_a_page_wins(screens, place):
    page = opened(desk(screens), place)
    for _press in range(4):
        page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile("hal=5$"))
    opened(page, place)
    expect(number(page)).to_have_value("5")
    expect(page.locator(".toast")).to_contain_text("Dilanjutkan dari halaman 5")
    opened(page, f"{place}?hal=9")
    expect(number(page)).to_have_value("9")


def swipe(page: Page, across: int, down: int = 0) -> None:
    touch = page.context.new_cdp_session(page)
    x, y = 200, 400
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in (0.5, 1):
        point = {"x": x + across * step, "y": y + down * step}
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_on_the_phone(screens, place):
    page = screens.phone(device_scale_factor=3)
    asked = pictures(page)
    opened(page, place)
    shown(page, 1)
    assert asked[0][1] <= 900  # three points to a pixel of CSS, and yet no 1,400
    swipe(page, -150)
    expect(number(page)).to_have_value("2")
    swipe(page, 150)
    expect(number(page)).to_have_value("1")
    page.get_by_role("link", name="Cari").click()
    page.get_by_label("Kata yang dicari").fill("gizi")
    page.get_by_label("Kata yang dicari").press("Enter")
    page.locator("[data-hits] a").nth(1).click()
    expect(page.locator("#panel-cari")).to_be_hidden()
    expect(number(page)).to_have_value("19")
    expect(page.locator("#hal-19 .hit-box")).to_have_count(1)
    opened(page, f"{place}?hal=7&q=gizi")
    expect(page.locator("#panel-cari")).to_be_hidden()  # the page was asked for, not the list
    shown(page, 7)


def test_without_a_script(screens, place):
    page = desk(screens, java_script_enabled=False)
    asked = pictures(page)
    page.goto(place)
    expect(page.locator(".sheet")).to_have_count(1)
    page.get_by_role("link", name="Halaman berikutnya").click()
    expect(page).to_have_url(re.compile("hal=2$"))
    number(page).fill("30")
    number(page).press("Enter")
    expect(page.get_by_role("img", name="Halaman 30")).to_be_visible()
    expect(page.get_by_role("button", name="Perbesar")).to_be_hidden()
    page.get_by_role("link", name="Daftar isi").click()
    page.get_by_role("complementary").get_by_role("link", name="Bab 2").click()
    expect(page).to_have_url(re.compile("hal=11"))
    page.get_by_role("link", name="Cari").click()
    page.get_by_label("Kata yang dicari").fill("gizi")
    page.get_by_label("Kata yang dicari").press("Enter")
    page.locator("[data-hits] a").nth(1).click()
    assert query(page) == {"hal": ["19"], "q": ["gizi"]}
    assert "q=gizi" in (page.get_by_role("img", name="Halaman 19").get_attribute("src") or "")
    assert [sheet for sheet, _width in asked[:2]] == [1, 2]


def test_a_page_that_cannot_be_shown_says_so_and_comes_when_it_can(screens, place, book):
    page = opened(desk(screens), place)
    shown(page, 2)
    page.wait_for_load_state("networkidle")
    path = files.path_of(book.prepared)
    content = path.read_bytes()
    path.unlink()
    page.keyboard.press("End")
    fault = page.locator(f"#hal-{PAGES} .sheet-fault")
    expect(fault).to_contain_text(f"Halaman {PAGES}: Berkas publikasi ini sedang tidak dapat dibuka.")
    page.keyboard.press("Home")
    shown(page, 1)
    path.write_bytes(content)
    page.keyboard.press("End")
    fault.get_by_role("button", name="Coba lagi").click()
    shown(page, PAGES)
    expect(fault).to_have_count(0)


def test_while_all_draw_it_waits_and_asks_again(screens, place, monkeypatch):
    small = pool.Pool(pool.Limits(workers=1, waiting=0))
    worker = small._take(20)
    monkeypatch.setattr(pool, "_pool", small)
    try:
        page = desk(screens)
        with page.expect_response(lambda answer: answer.status == 503):
            opened(page, place)
        small._give_back(worker)
        shown(page, 1)
        expect(page.locator(".sheet-fault")).to_have_count(0)
    finally:
        small.close()


def test_the_computer_forgets(screens, place, offices):
    page = screens._device(offices["1906"], "reader", viewport={"width": 1366, "height": 768})
    page.clock.install()
    page.goto("/komputer/")
    page.get_by_role("searchbox").fill("kesejahteraan rakyat")
    page.get_by_role("button", name="Cari").click()
    page.get_by_role("link", name=TITLE).first.click()
    page.get_by_role("link", name="Baca").click()
    expect(page.locator(".reader.is-live")).to_be_visible()
    shown(page, 1)
    page.keyboard.press("End")
    expect(number(page)).to_have_value(str(PAGES))
    page.clock.run_for(1000)
    assert page.evaluate("Object.keys(localStorage).filter(key => key.includes('reader')).length") == 0
    assert page.evaluate("document.querySelector('.sheet').dispatchEvent(new Event('contextmenu', {bubbles: true, cancelable: true}))") is False  # fmt: skip
    page.emulate_media(media="print")
    expect(page.locator(".reader-roll")).to_be_hidden()
    page.emulate_media(media="screen")
    page.clock.run_for(245_000)
    expect(page.get_by_role("dialog", name="Masih di sini?")).to_be_visible()
    page.clock.run_for(20_000)
    expect(page).to_have_url(re.compile(r"/komputer/$"))
    page.go_back()
    expect(page.locator(".reader")).to_have_count(0)


def test_looks_and_reads_well(screens, place, offices, auditor):
    page = desk(screens)
    opened(page, place)
    auditor.look(page, "reader", READER)
    opened(page, f"{place}?hal=7&q=gizi+buruk&panel=cari")
    expect(page.locator("[data-hits] a")).to_have_count(2)
    auditor.look(page, "reader, search", READER)
    for name in ("isi", "mini"):
        page.locator(f"[data-panel={name}]").click()
        auditor.look(page, f"reader, {name}", READER)
    for path in ("/cari/?q=gizi+buruk", "/cari/?q=gizi+kesejahteraan", place.replace("/baca/", "/pustaka/")):
        auditor.visit(page, path, READER)
    Publication.objects.update(access="in_house")
    auditor.visit(page, place, READER)
    computer = screens._device(offices["1906"], "reader", viewport={"width": 1366, "height": 768})
    auditor.visit(computer, "/komputer/", READER)
    opened(computer, place)
    auditor.look(computer, "reader on the computer", READER, schemes=("light",))
