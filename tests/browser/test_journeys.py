"""The on-site journeys of the five published standards, with tablet, TV, desk and phone open at once."""

from __future__ import annotations

import statistics

import pytest
from playwright.sync_api import Page, expect

from complaints.models import Complaint
from queueing.models import Ticket
from queueing.workflows.issue import issue
from services.audit.actors import SYSTEM
from services.guestbook.models import Visit
from services.guestbook.steps import procedure
from services.lockers.models import Deposit
from services.ratings.models import Rating
from tests.browser.conftest import connected, said
from tests.browser.guest_book import fill_guest_book


def take_number(kiosk: Page, service: str) -> str:
    """One tap; returns the number on the screen."""
    kiosk.get_by_role("button", name=service).tap()
    kiosk.wait_for_url("**/kios/tiket/**")
    return kiosk.locator(".ticket-slip .ticket-number").inner_text().split()[-1]


def step(desk: Page, kind: str):
    return desk.locator(f"[data-step={kind}]")


def state(desk: Page, kind: str, value: str) -> None:
    expect(step(desk, kind)).to_have_attribute("data-state", value)


def serve(desk: Page) -> None:
    for name in ("Mulai layanan", "Layanan selesai"):
        step(desk, "service").get_by_role("button", name=name).click()


def check_out(desk: Page, text: str = "Akhiri kunjungan") -> None:
    desk.locator(".checkout").get_by_role("button", name=text).click()


def finish(desk: Page) -> None:
    check_out(desk)
    expect(desk.locator("#present")).to_contain_text("Tidak ada tamu di dalam")


def call(desk: Page, tv: Page, number: str) -> None:
    """Call the next number; the TV shows it."""
    desk.get_by_role("button", name="Panggil berikutnya").click()
    expect(tv.locator(f"[data-now={number}]")).to_be_visible()


def open_present(desk: Page, label: str) -> None:
    desk.locator("#present").get_by_role("link", name=label).click()
    expect(desk.locator("[data-visit]")).to_contain_text(label)
    connected(desk)


def rate_on_tablet(kiosk: Page, label: str, stars: int) -> None:
    kiosk.goto("/kios/")
    kiosk.get_by_role("link", name="Beri penilaian").tap()
    kiosk.get_by_role("button", name=f"{label}, {stars} bintang").tap()
    expect(kiosk.get_by_role("heading", name="Terima kasih")).to_be_visible()


def the_visit() -> Visit:
    return Visit.objects.prefetch_related("steps", "services__standard__rule_set").get()


def happened(visit: Visit) -> list[str]:
    return [s.kind for s in visit.steps.all() if s.kind != "ticket"]


def published(visit: Visit) -> list[str]:
    return [s.kind for s in procedure(visit) if s.kind != "ticket"]


@pytest.mark.parametrize("code", ["7411", "1373"], ids=["KL", "SW"])
def test_library_with_queue_and_card_for_the_locker(screens, offices, code):
    """KL and SW: number, guest book, card for the key, bag, library, rating before the bag, bag and card back."""
    office = offices[code]
    kiosk, tv, desk = screens.kiosk(office), screens.tv(office), screens.desk(office)
    connected(kiosk, tv, desk)

    number = take_number(kiosk, "Perpustakaan")
    address = the_visit().token
    phone = screens.phone()
    phone.goto(f"/k/{address}/")
    expect(phone.locator("[data-my-state=waiting]")).to_be_visible()
    expect(desk.locator("#queue")).to_contain_text(number)
    connected(phone)

    call(desk, tv, number)
    expect(phone.locator("[data-my-state=called]")).to_contain_text("Loket 1")
    assert said(tv, 1) == ["Nomor antrian, A, nol nol satu, silakan ke loket satu"]

    desk.get_by_role("button", name="Sudah datang").click()
    kiosk.goto("/kios/")
    kiosk.get_by_role("link", name="Isi buku tamu").tap()
    kiosk.get_by_role("link", name=number).tap()
    fill_guest_book(kiosk, "Wahyu Lestari")
    expect(kiosk.get_by_role("heading", name="Terima kasih")).to_be_visible()
    state(desk, "card_deposit", "current")
    expect(desk.locator("[data-visit]")).to_contain_text("Wahyu Lestari")

    step(desk, "card_deposit").get_by_label("Loker").select_option("7")
    step(desk, "card_deposit").get_by_role("button", name="Kartu dititipkan").click()
    state(desk, "bag_deposit", "current")
    expect(step(desk, "bag_deposit").get_by_label("Loker")).to_have_value("7")
    step(desk, "bag_deposit").get_by_role("button", name="Tas disimpan").click()
    state(desk, "service", "current")
    step(desk, "service").get_by_role("button", name="Mulai layanan").click()
    expect(desk.locator("[data-visit]")).to_contain_text("Tepat waktu")
    assert Ticket.objects.get().state == "finished"  # the reader is inside, the counter is free

    step(desk, "service").get_by_role("link", name="Catat layanan").click()
    desk.get_by_text("Membaca buku tercetak").click()
    desk.get_by_role("button", name="Catat penggunaan").click()
    desk.get_by_role("link", name="Kembali ke meja").click()
    connected(desk)
    step(desk, "service").get_by_role("button", name="Layanan selesai").click()
    state(desk, "rating", "current")
    rate_on_tablet(kiosk, number, 5)
    state(desk, "bag_return", "current")
    expect(desk.locator("#do-finish")).to_contain_text("Tas dan kartu kembali, akhiri kunjungan")
    step(desk, "bag_return").get_by_role("button", name="Tas sudah diambil").click()
    state(desk, "card_return", "current")
    expect(desk.locator("#do-finish")).to_contain_text("Kartu kembali, akhiri kunjungan")
    step(desk, "card_return").get_by_role("button", name="Kartu sudah dikembalikan").click()
    check_out(desk)
    expect(phone.locator("[data-my-state=ended]")).to_be_visible()

    visit = the_visit()
    assert visit.end_reason == "finished"
    assert happened(visit) == published(visit)
    assert visit.main.clock_result == "kept"
    assert visit.main.clock_start_event == "guest_book"
    assert Deposit.objects.filter(visit=visit, returned_at=None).count() == 0
    assert {d.what for d in visit.deposits.all()} == {"bag", "card"}
    assert Rating.objects.get(received=visit.main).stars == 5


def test_the_officers_clicks_for_the_whole_journey_of_kl(screens, offices):
    """From the call to the closed visit; the visitor signs and rates on the tablet. Printed; eight at most."""
    office = offices["7411"]
    kiosk, desk = screens.kiosk(office), screens.desk(office)
    connected(kiosk, desk)
    number = take_number(kiosk, "Perpustakaan")
    expect(desk.locator("#queue")).to_contain_text(number)
    clicks = []

    def click(place, name: str) -> None:
        place.get_by_role("button", name=name).click()
        clicks.append(name)

    click(desk, "Panggil berikutnya")
    kiosk.goto("/kios/")
    kiosk.get_by_role("link", name="Isi buku tamu").tap()
    kiosk.get_by_role("link", name=number).tap()
    fill_guest_book(kiosk, "Wahyu Lestari")
    state(desk, "card_deposit", "current")
    click(step(desk, "card_deposit"), "Kartu dititipkan")
    state(desk, "bag_deposit", "current")
    click(step(desk, "bag_deposit"), "Tas disimpan")
    state(desk, "service", "current")
    click(step(desk, "service"), "Mulai layanan")
    click(step(desk, "service"), "Layanan selesai")
    rate_on_tablet(kiosk, number, 5)
    state(desk, "bag_return", "current")
    click(desk.locator(".checkout"), "Tas dan kartu kembali, akhiri kunjungan")
    expect(desk.locator("#present")).to_contain_text("Tidak ada tamu di dalam")
    visit = the_visit()
    assert happened(visit) == published(visit)
    assert visit.held_items == 0
    print(f"\nKL, officer from call to closed visit: {len(clicks)} clicks on one screen")
    assert len(clicks) <= 8


def test_consultation_with_the_ten_minute_clock_from_the_previous_finish(screens, offices):
    """KK: the second person's clock starts when the first has finished; rated on the phone, complaint too."""
    office = offices["7411"]
    kiosk, tv, desk = screens.kiosk(office), screens.tv(office), screens.desk(office)
    connected(kiosk, tv, desk)
    first = take_number(kiosk, "Konsultasi Statistik")
    kiosk.goto("/kios/")
    second = take_number(kiosk, "Konsultasi Statistik")
    assert (first, second) == ("B001", "B002")
    clocks = {t.label: t.received for t in Ticket.objects.select_related("received")}
    assert clocks[first].clock_started_at is not None
    assert clocks[second].clock_started_at is None

    call(desk, tv, first)
    step(desk, "guest_book").get_by_role("link", name="Isi di sini").click()
    fill_guest_book(desk, "Rizal Mahmud")
    state(desk, "service", "current")
    step(desk, "service").get_by_role("button", name="Mulai layanan").click()
    step(desk, "service").get_by_role("link", name="Catat layanan").click()
    desk.get_by_label("Pertanyaan").fill("Bagaimana cara membaca PDRB menurut lapangan usaha?")
    desk.get_by_label("Informasi yang diberikan").fill("Dijelaskan dengan tabel 2020–2024.")
    desk.get_by_role("button", name="Simpan").click()
    expect(desk.get_by_text("Konsultasi disimpan")).to_be_visible()
    desk.get_by_role("link", name="Kembali ke meja").click()
    connected(desk)
    step(desk, "service").get_by_role("button", name="Layanan selesai").click()
    state(desk, "rating", "current")
    done = Ticket.objects.get(prefix="B", number=1).received
    assert done.clock_result == "kept"
    waiting = Ticket.objects.get(prefix="B", number=2).received
    assert waiting.clock_started_at == done.ended_at

    phone = screens.phone()
    phone.goto(f"/k/{done.visit.token}/")
    phone.get_by_role("link", name="Beri penilaian").tap()
    phone.locator(".star").nth(3).tap()
    phone.get_by_role("button", name="Kirim penilaian").tap()
    phone.get_by_role("link", name="Sampaikan pengaduan").tap()
    phone.get_by_label("Apa yang ingin Anda sampaikan?").fill("Ruang konsultasi terlalu panas.")
    phone.get_by_role("button", name="Kirim pengaduan").tap()
    expect(phone.locator("[data-complaint-number]")).to_be_visible()
    state(desk, "finish", "current")
    finish(desk)

    visit = Visit.objects.prefetch_related("steps", "services__standard__rule_set").get(pk=done.visit_id)
    assert happened(visit) == published(visit)
    assert Complaint.objects.get().received_id == done.pk
    assert Rating.objects.get().stars == 4


def test_library_without_a_queue_and_the_bag_back_before_the_rating(screens, offices):
    """BT: greeted, guest book, bag (free locker, no card), library, bag back, rating, end."""
    office = offices["1906"]
    kiosk, tv, desk = screens.kiosk(office), screens.tv(office), screens.desk(office, counter=None)
    connected(kiosk, tv, desk)
    kiosk.get_by_role("button", name="Perpustakaan").tap()
    kiosk.wait_for_url("**/kios/tamu/**")
    fill_guest_book(kiosk, "Siti Rahma")
    kiosk.wait_for_url("**/kios/selamat-datang/**")
    label = the_visit().public_label
    assert Ticket.objects.count() == 0
    open_present(desk, label)
    state(desk, "triage", "current")
    step(desk, "triage").get_by_role("button", name="Sudah disambut").click()
    state(desk, "bag_deposit", "current")
    expect(step(desk, "bag_deposit")).to_contain_text("alat tulis")
    expect(desk.locator("[data-step=card_deposit]")).to_have_count(0)
    step(desk, "bag_deposit").get_by_role("button", name="Tas disimpan").click()
    serve(desk)
    state(desk, "bag_return", "current")
    state(desk, "rating", "todo")
    step(desk, "bag_return").get_by_role("button", name="Tas sudah diambil").click()
    state(desk, "rating", "current")
    rate_on_tablet(kiosk, label, 4)
    state(desk, "finish", "current")
    finish(desk)
    visit = the_visit()
    assert visit.main.clock_result == "kept"
    assert sorted(happened(visit)) == sorted(published(visit))
    order = happened(visit)
    assert order.index("bag_return") < order.index("rating") < order.index("finish")


def test_library_with_queue_and_no_locker(screens, offices):
    """TR: number, guest book on the phone, library, the rating passed over, end."""
    office = offices["6571"]
    kiosk, tv, desk = screens.kiosk(office), screens.tv(office), screens.desk(office)
    connected(kiosk, tv, desk)
    number = take_number(kiosk, "Perpustakaan")
    phone = screens.phone()
    phone.goto(f"/k/{the_visit().token}/")
    phone.get_by_role("link", name="Isi buku tamu di ponsel").tap()
    fill_guest_book(phone, "Hadi Gunawan")
    expect(phone.locator("[data-my-state=waiting]")).to_be_visible()
    call(desk, tv, number)
    state(desk, "service", "current")
    for absent in ("card_deposit", "bag_deposit", "bag_return", "card_return"):
        expect(desk.locator(f"[data-step={absent}]")).to_have_count(0)
    serve(desk)
    step(desk, "rating").get_by_role("button", name="Lewati langkah ini").click()
    state(desk, "rating", "skipped")
    check_out(desk)
    expect(phone.locator("[data-my-state=ended]")).to_be_visible()
    visit = the_visit()
    assert visit.end_reason == "finished"
    assert happened(visit) == published(visit)


def test_a_call_is_on_the_tv_without_waiting_for_the_next_poll(screens, offices):
    """From the officer's click to the changed text, by the clocks of the two pages; the median of five calls.

    How fast is measured by `make bench NAME=calls`; without the event it would be the poll of a minute."""
    office = offices["6571"]
    tv, desk = screens.tv(office), screens.desk(office)
    service = office.services.get()
    for n in range(5):
        issue(office=office, service=service, submission=f"n{n}", by=SYSTEM)
    connected(tv, desk)
    tv.evaluate("""() => {
        window.__shown = {};
        const look = () => {
            const now = document.querySelector('[data-now]')?.dataset.now;
            if (now) window.__shown[now] ??= Date.now();
        };
        new MutationObserver(look).observe(document.body, {childList: true, subtree: true, attributes: true});
    }""")
    desk.evaluate("""() => {
        window.__clicked = [];
        const note = (e) => { if (e.target.closest('[data-key="Alt+N"]')) window.__clicked.push(Date.now()); };
        document.addEventListener('click', note, true);
    }""")
    for n in range(1, 6):
        expect(desk.locator("#queue [data-key='Alt+N']")).to_be_enabled()
        desk.locator("#queue [data-key='Alt+N']").click()
        expect(tv.locator(f"[data-now=A{n:03d}]")).to_be_visible()
    shown, clicked = tv.evaluate("window.__shown"), desk.evaluate("window.__clicked")
    waits = [shown[f"A{n:03d}"] - at for n, at in enumerate(clicked, start=1)]
    assert len(waits) == 5
    assert statistics.median(waits) < 10_000, waits
