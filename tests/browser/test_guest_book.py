"""The guest book on the tablet: one question a screen, quick, kind, and forgotten by the next visitor."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from queueing.workflows import desk as work
from queueing.workflows.issue import issue
from services.audit.actors import SYSTEM
from services.guestbook.models import Visit, Visitor
from tests.browser.conftest import connected
from tests.browser.guest_book import VISIBLE, fill_guest_book

SECRET = "Zubaidah Rahasiawati"


@pytest.fixture
def book(screens, offices):
    """The tablet with the guest book of somebody who is being called."""
    office = offices["7411"]
    ticket = issue(office=office, service=office.services.get(slug="library"), submission="b", by=SYSTEM)
    work.call_next(office.counters.get(number=1), by=SYSTEM)
    kiosk = screens.kiosk(office)
    connected(kiosk)
    kiosk.goto(f"/kios/buku-tamu/{ticket.received.visit.token}/")
    kiosk.locator("form.is-wizard").wait_for()
    return kiosk


def screen(page: Page, name: str) -> None:
    expect(page.locator(VISIBLE)).to_have_count(1)
    expect(page.locator(VISIBLE)).to_have_attribute("data-screen", name)


def to(page: Page, name: str, birth_year: str = "2003") -> None:
    """Answer until this question stands there."""
    page.get_by_text("Ya, saya setuju").click()
    for step, answer in (("name", SECRET), ("gender", "Perempuan"), ("birth_year", birth_year)):
        screen(page, step)
        if step == name:
            return
        if step == "gender":
            page.get_by_text(answer, exact=True).click()
        else:
            page.locator(f"[name={step}]").fill(answer)
            page.locator("[data-wizard-next]").click()


def test_a_first_visit_takes_few_taps(book):
    motion = fill_guest_book(book, "Wahyu Lestari")
    expect(book.get_by_role("heading", name="Terima kasih")).to_be_visible()
    print(
        f"\nfirst visit on the tablet: {motion.screens} questions, {motion.taps} taps, {motion.keys} keys",
        end="",
    )
    print(f", about {motion.seconds:.0f} s by the keystroke-level model")
    assert motion.screens <= 17
    assert motion.taps <= 18
    assert motion.seconds <= 60


def test_next_tapped_after_an_answer_that_led_on_by_itself_passes_nothing_over(book):
    book.get_by_text("Ya, saya setuju").click()
    screen(book, "name")
    book.locator("[data-wizard-next]").click()
    screen(book, "name")
    expect(book.locator("[data-wizard-fault]")).to_have_count(0)


def test_a_year_that_cannot_be_is_said_at_its_own_question(book):
    to(book, "birth_year")
    book.locator("[name=birth_year]").fill("98")
    book.locator("[data-wizard-next]").click()
    screen(book, "birth_year")
    expect(book.locator("[data-wizard-fault]")).to_be_visible()


def test_who_refuses_answers_one_more_question(book):
    book.get_by_text("Tidak; layani saya").click()
    screen(book, "party_size")
    book.locator("[data-wizard-next]").click()
    screen(book, "also")
    book.get_by_role("button", name="Simpan buku tamu").click()
    expect(book.get_by_role("heading", name="Terima kasih")).to_be_visible()
    assert not Visitor.objects.exists()


def test_a_child_is_asked_who_agrees_and_nothing_else_shows_up(book):
    to(book, "", birth_year="2015")
    screen(book, "guardian")
    book.locator("[data-wizard-next]").click()
    expect(book.get_by_role("alert")).to_have_text("Jawab dahulu pertanyaan ini.")
    screen(book, "guardian")
    book.get_by_text("Guru pendamping", exact=True).click()
    screen(book, "education")
    book.locator("[data-wizard-next]").click()  # unanswered
    screen(book, "education")


def test_a_child_nobody_agrees_for_is_asked_nothing_more(book):
    to(book, "", birth_year="2015")
    screen(book, "guardian")
    book.get_by_text("Tidak ada; layani tanpa mencatat data pribadi", exact=True).click()
    screen(book, "party_size")
    book.locator("[data-wizard-next]").click()
    book.get_by_role("button", name="Simpan buku tamu").click()
    expect(book.get_by_role("heading", name="Terima kasih")).to_be_visible()
    assert not Visitor.objects.exists()


def test_back_keeps_what_was_answered(book):
    to(book, "birth_year")
    book.locator("[data-wizard-back]").click()
    screen(book, "gender")
    expect(book.get_by_label("Perempuan")).to_be_checked()
    book.locator("[data-wizard-back]").click()
    expect(book.locator("[name=name]")).to_have_value(SECRET)


def test_with_the_keyboard_alone(book):
    book.get_by_label("Ya, saya setuju").focus()
    book.keyboard.press("Space")
    book.keyboard.press("Enter")
    screen(book, "name")
    expect(book.locator("[name=name]")).to_be_focused()
    book.keyboard.type("Wahyu")
    book.keyboard.press("Enter")
    screen(book, "gender")
    book.keyboard.press("Tab")
    book.keyboard.press("Space")
    screen(book, "gender")  # moving through the answers chooses none for good
    book.keyboard.press("Enter")
    screen(book, "birth_year")


def test_the_keyboard_on_the_screen_hides_no_field(book):
    to(book, "name")
    book.set_viewport_size({"width": 1280, "height": 380})  # what is left above it
    field = book.locator("[name=name]")
    expect(field).to_be_focused()
    box = field.bounding_box()
    assert box
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= 380


def test_a_fault_the_server_finds_opens_its_question(book):
    to(book, "birth_year")
    book.locator("[name=birth_year]").fill("1800")
    book.evaluate("document.querySelector('[data-guest-book]').submit()")
    book.locator("form.is-wizard").wait_for()
    screen(book, "birth_year")
    expect(book.locator("[name=birth_year]")).to_have_value("1800")
    book.get_by_role("link", name="Pendidikan").click()
    screen(book, "education")


@pytest.mark.parametrize("how", ["finished", "cancelled", "reloaded", "back", "new tab"])
def test_the_next_visitor_sees_nothing_of_the_one_before(book, how):
    address = book.url
    if how == "finished":
        fill_guest_book(book, SECRET)
        book.get_by_role("heading", name="Terima kasih").wait_for()
        book.goto(address)
    else:
        to(book, "gender")
        if how == "cancelled":
            book.goto("/kios/?baru=1")
            book.goto(address)
        elif how == "reloaded":
            book.reload()
        elif how == "back":
            book.goto("/kios/?baru=1")
            book.go_back()
        else:
            book = book.context.new_page()
            book.goto(address)
    book.locator("body").wait_for()
    assert SECRET not in book.content()
    assert not [
        v for v in book.locator("input").evaluate_all("fields => fields.map(f => f.value)") if SECRET in v
    ]


@pytest.fixture
def phone_book(screens, offices):
    """The guest book on the phone of somebody who waits: (page, what calls the number)."""
    office = offices["7411"]
    ticket = issue(office=office, service=office.services.get(slug="library"), submission="p", by=SYSTEM)
    phone = screens.phone()
    phone.goto(f"/k/{ticket.received.visit.token}/buku-tamu/")
    phone.locator("form.is-wizard").wait_for()
    connected(phone)
    return phone, lambda: work.call_next(office.counters.get(number=1), by=SYSTEM)


def kept(page: Page) -> str:
    """All that the browser itself remembers of this page."""
    return page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}])")


def test_called_while_typing_on_the_phone(phone_book):
    phone, call = phone_book
    phone.evaluate("() => { navigator.vibrate = (pattern) => (window.__vibrated = pattern.length); }")
    phone.get_by_role("button", name="Aktifkan bunyi").tap()
    to(phone, "name")
    field = phone.locator("[name=name]")
    field.press_sequentially("Wah")
    call()
    expect(phone.get_by_role("status").filter(has_text="Giliran Anda! Silakan ke Loket 1")).to_be_visible()
    expect(phone).to_have_title("\U0001f514 Giliran Anda! Silakan ke Loket 1.")
    assert phone.evaluate("window.__vibrated") == 5
    expect(field).to_be_focused()
    phone.keyboard.type("yu")
    expect(field).to_have_value("Wahyu")


def test_called_while_typing_at_the_tablet(screens, offices):
    office = offices["7411"]
    ticket = issue(office=office, service=office.services.get(slug="library"), submission="t", by=SYSTEM)
    kiosk = screens.kiosk(office)
    kiosk.goto(f"/kios/buku-tamu/{ticket.received.visit.token}/")
    connected(kiosk)
    to(kiosk, "name")
    kiosk.locator("[name=name]").press_sequentially("Wah")
    kiosk.get_by_role("heading", name="Buku tamu").click()  # what a tap puts off comes after it
    kiosk.locator("[name=name]").focus()
    work.call_next(office.counters.get(number=1), by=SYSTEM)
    expect(kiosk.get_by_role("status").filter(has_text="Giliran Anda! Silakan ke Loket 1")).to_be_visible()
    kiosk.keyboard.type("yu")
    expect(kiosk.locator("[name=name]")).to_have_value("Wahyu")
    assert "Wah" not in kept(kiosk)  # the tablet is everybody's
    assert "guest-book" not in kept(kiosk)
    desk = screens.desk(office, counter=None)
    desk.goto(f"/meja/?kunjungan={ticket.received.visit_id}")
    expect(desk.locator("#visit [data-filling]")).to_have_text("Sedang mengisi buku tamu di tablet.")


def test_a_reload_on_the_phone_loses_nothing_and_saving_leaves_nothing(phone_book):
    phone, _call = phone_book
    phone.reload()
    assert SECRET not in kept(phone)
    to(phone, "birth_year")
    phone.reload()
    screen(phone, "birth_year")
    phone.locator("[data-wizard-back]").tap()
    expect(phone.get_by_label("Perempuan")).to_be_checked()
    phone.locator("[data-wizard-back]").tap()
    expect(phone.locator("[name=name]")).to_have_value(SECRET)
    assert SECRET in kept(phone)
    while phone.locator("[data-wizard-back]").is_visible():
        phone.locator("[data-wizard-back]").tap()
    fill_guest_book(phone, SECRET)
    expect(phone.locator("[data-my-state]")).to_be_visible()
    assert SECRET not in kept(phone)
    assert Visitor.objects.get().name == SECRET


@pytest.mark.parametrize("end", ["refused", "over"])
def test_without_consent_or_after_the_visit_the_phone_keeps_nothing(phone_book, end):
    phone, _call = phone_book
    to(phone, "name")
    phone.locator("[name=name]").fill(SECRET)
    assert SECRET in kept(phone)
    if end == "refused":
        phone.locator("[data-wizard-back]").tap()
        phone.get_by_text("Tidak; layani saya").tap()
        screen(phone, "party_size")
    else:
        [visit] = Visit.objects.all()
        work.cancel(visit.services.get().ticket, by=SYSTEM)
        expect(phone.locator("[data-forget]")).to_be_attached()
    assert SECRET not in kept(phone)


def test_without_an_email_a_tap_is_the_reason(book):
    for name in ("consent", "name", "gender", "birth_year", "education", "job"):
        screen(book, name)
        if name in ("name", "birth_year"):
            book.locator(f"[name={name}]").fill({"name": "Wahyu"}.get(name, "2003"))
            book.locator("[data-wizard-next]").click()
        else:
            book.locator(f"{VISIBLE} .choice").first.click()
    screen(book, "email")
    book.wait_for_timeout(950)  # not a double tap
    book.locator("[data-wizard-next]").click()
    fault = book.locator("[data-wizard-fault]").bounding_box()
    email, why = (book.locator(f"[name={name}]").bounding_box() for name in ("email", "email_waiver"))
    assert fault
    assert email
    assert why
    assert email["y"] == why["y"]
    assert fault["x"] == email["x"]
    assert 0 < fault["y"] - email["y"] - email["height"] < 40
    book.get_by_role("button", name="Tidak punya e-mail", exact=True).click()
    expect(book.locator("[name=email_waiver]")).to_have_value("Tidak punya e-mail")
    book.locator("[data-wizard-next]").click()
    screen(book, "phone")
