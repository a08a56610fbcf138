"""The situations 6 to 10 of domain.md §8, each on the screens it happens on."""

from __future__ import annotations

import io
import re
import time
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from queueing.models import Printer, PrintJob, Ticket
from queueing.printing import network, run
from services.audit.actors import SYSTEM
from services.audit.models import AuditEntry
from services.guestbook.models import Visit, Visitor, VisitService
from services.offices.models import Office
from tests.accounts.world import sign
from tests.browser.conftest import connected, said
from tests.browser.guest_book import CHOICES, ENGLISH, fill_guest_book
from tests.browser.test_daily_life import somebody
from tests.browser.test_journeys import call, serve, state, step, take_number
from tests.daytime import by_day
from tests.queueing.printer_listener import PrinterListener, text_of


@pytest.fixture
def office(offices):
    return by_day(offices["7411"])


@pytest.fixture
def listener(monkeypatch):
    monkeypatch.setattr(network, "CLOSE_SECONDS", 0.2)
    with PrinterListener() as listener:
        yield listener


def look_for(desk: Page, asked: str) -> None:
    desk.goto("/meja/")
    desk.get_by_label("Cari nomor hari ini").fill(asked)
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/meja/cari/")
    assert asked not in desk.url


def test_6_a_lost_ticket_is_found_by_name_phone_or_time_and_reprinted_with_its_number(
    screens, office, listener
):
    printer = Printer.objects.create(
        office=office, name="Printer pintu", host="127.0.0.1", port=listener.port
    )
    others = [somebody(office) for _n in range(2)]
    lost = somebody(office)
    Ticket.objects.filter(pk__in=[t.pk for t in others]).update(
        issued_at=timezone.now() - timedelta(hours=1), queued_at=timezone.now() - timedelta(hours=1)
    )
    sign(
        lost.received.visit, SYSTEM, name="Wahyu Lestari", phone="+6281234567890", email="wahyu@example.test"
    )
    sign(others[0].received.visit, SYSTEM, name="Rizal Mahmud")
    desk = screens.desk(office)
    lost.refresh_from_db()
    taken_at = f"{office.local(lost.issued_at):%H.%M}"
    for asked in ("Wahyu", "0812 3456 7890", taken_at):
        look_for(desk, asked)
        found = desk.locator("[data-found] li")
        expect(found).to_have_count(1)
        expect(found).to_contain_text(f"{lost} · {taken_at} · Perpustakaan")
        expect(found).to_contain_text("W•••u L•••i")  # enough to ask "is that you?", too little to learn
        for secret in ("Wahyu", "Lestari", "81234567890", "wahyu@example.test"):
            assert secret not in desk.locator("main").inner_text()
    assert [e.detail for e in AuditEntry.objects.filter(action="ticket.searched").order_by("pk")] == [
        {"how": "person", "found": 1}, {"how": "person", "found": 1}, {"how": "time", "found": 1},
    ]  # fmt: skip

    desk.get_by_role("link", name="Benar, nomor ini").click()
    expect(desk.locator("[data-visit]")).to_contain_text("Wahyu Lestari")
    connected(desk)
    desk.wait_for_timeout(1000)  # the refetch after connecting
    desk.get_by_text("Tindakan lain").click()
    desk.get_by_role("button", name="Cetak slip di Printer pintu").click()
    expect(desk.get_by_text(f"Slip {lost} dikirim ke Printer pintu.")).to_be_visible()
    run.print_waiting(printer.pk)
    assert f"{lost}" in text_of(listener.slips[0])
    slip = desk.request.get(desk.get_by_role("link", name="Slip sebagai PDF").get_attribute("href"))
    text = PdfReader(io.BytesIO(slip.body())).pages[0].extract_text()
    assert f"{lost}" in text
    assert "slip ulang" in text.lower()
    assert AuditEntry.objects.filter(action="ticket.reprinted", target_id=lost.pk).exists()
    assert PrintJob.objects.get().ticket == lost
    assert (Ticket.objects.count(), Ticket.objects.get(pk=lost.pk).label) == (3, lost.label)  # no new number

    # What the visitors see names nobody, and offers no search.
    kiosk = screens.kiosk(office)
    for path in ("/kios/", "/kios/buku-tamu/", "/kios/penilaian/"):
        kiosk.goto(path)
        assert not re.search("Wahyu|Lestari|Rizal|•••", kiosk.locator("body").inner_text())
        assert kiosk.locator("input[type=search], input[type=text]").count() == 0


# Words no English screen has; the office's own names and texts are not among them.
INDONESIAN = re.compile(
    r"\b(yang|untuk|tidak|anda|nomor|silakan|tamu|buku|sudah|belum|orang|dengan|pilih|isi)\b", re.I
)


def english(page: Page) -> None:
    expect(page.locator("html")).to_have_attribute("lang", "en")
    text = page.locator("body").inner_text()
    assert not INDONESIAN.findall(text), text


@pytest.mark.parametrize(
    ("typed", "stored"), [("+60 12-345 6789", "+60123456789"), ("+44 (0)20 7946 0958", "+442079460958")]
)
def test_7_a_foreign_researcher_with_a_passport_reads_english_all_the_way(screens, office, typed, stored):
    kiosk, tv, desk = screens.kiosk(office), screens.tv(office), screens.desk(office)
    connected(kiosk, tv, desk)
    kiosk.get_by_role("button", name="English").tap()
    expect(kiosk.get_by_role("button", name="Statistical consultation")).to_be_visible()
    english(kiosk)
    number = take_number(kiosk, "Library")
    english(kiosk)
    visit = Visit.objects.get()
    assert visit.language == "en"
    phone = screens.phone()  # set to Indonesian, as the ones sold here are
    phone.goto(f"/k/{visit.token}/")
    english(phone)
    connected(phone)

    kiosk.get_by_role("link", name="Fill in the guest book now").tap()
    kiosk.locator("form.is-wizard").wait_for()
    english(kiosk)
    questions = kiosk.locator("[data-guest-book]").evaluate("form => form.textContent")
    assert not INDONESIAN.findall(questions)
    fill_guest_book(kiosk, "Aisha Rahman", words=ENGLISH, phone=typed)
    expect(kiosk.get_by_role("heading", name="Thank you")).to_be_visible()
    english(kiosk)
    assert Visitor.objects.get().phone == stored

    call(desk, tv, number)
    expect(phone.locator("[data-my-state=called]")).to_contain_text("It is your turn! Please go to")
    english(phone)
    desk.get_by_role("button", name="Sudah datang").click()
    desk.get_by_label("Kartu identitas yang ditunjukkan").select_option("Paspor")
    desk.locator("#do-card-check").click()
    expect(desk.locator(".card-check")).to_have_count(0)
    state(desk, "card_deposit", "current")
    visit.refresh_from_db()
    assert visit.card_type == "passport"
    step(desk, "card_deposit").get_by_role("button", name="Kartu dititipkan").click()
    state(desk, "bag_deposit", "current")
    assert visit.deposits.get().card_type == "passport"
    serve(desk)
    phone.get_by_role("link", name="Rate with a comment").tap()
    english(phone)
    phone.locator(".star").nth(4).tap()
    phone.get_by_role("button", name="Send rating").tap()
    phone.wait_for_url(f"**/k/{visit.token}/")
    english(phone)
    phone.goto(f"/k/{visit.token}/pengaduan/")
    english(phone)

    kiosk.goto("/kios/?baru=1")  # the next visitor begins in the office's language
    expect(kiosk.locator("html")).to_have_attribute("lang", "id")


def test_8_who_never_comes_is_called_three_times_skipped_and_may_rejoin_once(screens, office):
    kiosk, tv, desk = screens.kiosk(office), screens.tv(office), screens.desk(office)
    connected(kiosk, tv, desk)
    absent, following = (somebody(office, "consultation") for _n in range(2))
    phone = screens.phone()
    phone.goto(f"/k/{absent.received.visit.token}/")
    connected(phone)

    call(desk, tv, absent.label)
    assert len(said(tv, 1)) == 1
    again = desk.get_by_role("button", name="Panggil ulang")
    for calls in (2, 3):
        again.click()
        expect(desk.locator("[data-visit]")).to_contain_text(f"{calls} dari 3 kali")
        assert len(said(tv, calls)) == calls
    expect(again).to_have_count(0)  # not a fourth time
    assert clock(following).clock_started_at is None
    desk.get_by_role("button", name="Lewati").click()
    expect(phone.locator("[data-my-state=skipped]")).to_be_visible()
    absent.refresh_from_db()
    skipped = absent.steps.get(state="skipped")
    assert (absent.state, absent.calls) == ("skipped", 3)
    assert clock(following).clock_started_at == skipped.at  # the ten minutes of the next begin at the skip
    assert clock(following).clock_due_at == skipped.at + timedelta(minutes=10)
    assert clock(following).clock_start_event == "previous_finished"

    phone.get_by_role("button", name="Saya sudah datang: kembali ke antrian").tap()
    expect(phone.locator("[data-my-state=waiting]")).to_contain_text("1 orang sebelum Anda")  # at the end
    call(desk, tv, following.label)
    desk.get_by_role("button", name="Sudah datang").click()
    serve(desk)
    expect(desk.locator(".call-next [name=seen]")).to_have_value("0")  # nobody is at the counter any more
    call(desk, tv, absent.label)
    expect(desk.locator("#do-no-show")).to_be_visible()
    expect(desk.locator("#do-skip")).to_have_count(0)
    desk.locator("#do-no-show").click()
    expect(phone.locator("[data-my-state=no_show]")).to_be_visible()
    expect(phone.get_by_role("button", name="Saya sudah datang")).to_have_count(0)  # once is once
    absent.refresh_from_db()
    assert (absent.state, absent.rejoined, absent.label) == ("no_show", True, absent.label)
    assert Visit.objects.get(pk=absent.received.visit_id).end_reason == "no_show"


def clock(ticket: Ticket) -> VisitService:
    return VisitService.objects.get(pk=ticket.received_id)


@pytest.mark.parametrize("roster", [False, True], ids=["served in turns", "nobody serves in the break"])
def test_9_one_officer_alone_at_lunch(screens, office, roster):
    now = office.local(timezone.now())
    since, until = (now + timedelta(minutes=m) for m in (-15, 20))
    office.hours_exceptions.create(
        date=now.date(), opens="00:00", closes="23:59", reason="uji", break_start=since.time().replace(second=0, microsecond=0),
        break_end=until.time().replace(second=0, microsecond=0),
    )  # fmt: skip
    boss = screens.desk(office, counter=None, role="supervisor")
    boss.goto("/panel/antrian/")
    boss.locator("[name$=break_pauses_promise]").set_checked(roster)
    boss.get_by_role("button", name="Simpan").first.click()
    expect(boss.locator("[name$=break_pauses_promise]")).to_be_checked(checked=roster)
    assert Office.objects.get(pk=office.pk).break_pauses_promise is roster

    desk, tv, kiosk = screens.desk(office), screens.tv(office), screens.kiosk(office)
    connected(desk, tv, kiosk)
    waiting = somebody(office)
    expect(desk.locator("#queue")).to_contain_text(waiting.label)
    desk.locator(".counter-chip").click()
    desk.locator("#counter-dialog").get_by_role("button", name="Istirahat").click()
    expect(desk.locator("[data-paused]")).to_contain_text("Loket 1: jeda, Istirahat")
    expect(desk.get_by_role("button", name="Panggil berikutnya")).to_have_count(0)
    expect(tv.locator("[data-place='1'].is-paused")).to_contain_text(re.compile("Istirahat.*Jeda", re.S))
    expect(tv.locator(".board-now")).to_contain_text("Istirahat")
    expect(tv.locator(".board-now")).to_contain_text(f"Buka lagi {until:%H.%M}")
    expect(kiosk.locator("#choices")).to_contain_text(
        "Petugas sedang istirahat. Anda tetap dapat mengambil nomor."
    )

    # Signed in the break: five minutes from now, or, when by the roster nobody serves, from its end.
    kiosk.goto("/kios/buku-tamu/")
    kiosk.get_by_role("link", name=waiting.label).tap()
    fill_guest_book(kiosk, "Hadi Gunawan")
    kiosk.get_by_role("heading", name="Terima kasih").wait_for()
    promised = clock(waiting)
    begins = until.replace(second=0, microsecond=0) if roster else promised.clock_started_at
    assert promised.clock_due_at == begins + timedelta(minutes=5)
    assert promised.clock_over_break is roster
    desk.goto(f"/meja/?kunjungan={waiting.received.visit_id}")
    shown = desk.locator("[data-visit] .visit-services")
    if roster:
        expect(shown).to_contain_text("jeda istirahat tidak dihitung")
    else:
        expect(shown).not_to_contain_text("jeda istirahat")
    desk.goto("/meja/")
    desk.get_by_role("button", name="Lanjutkan").click()
    call(desk, tv, waiting.label)


@pytest.mark.parametrize("asked", ["0812 3456 7890", "wahyu@example.test"], ids=["phone", "e-mail"])
def test_10_a_weekly_regular_is_recognised_confirmed_and_signed_in_within_seconds(screens, office, asked):
    last_week = timezone.now() - timedelta(days=7)
    regular = Visitor.objects.create(
        office=office, name="Wahyu Lestari", email="wahyu@example.test", phone="+6281234567890", gender="female",
        birth_year=1998, education="bachelor", job="student", institution_category="education",
    )  # fmt: skip
    Visit.objects.create(
        office=office, visitor=regular, day=office.today(last_week), arrived_at=last_week, ended_at=last_week,
        guest_book_at=last_week, end_reason="finished",
    )  # fmt: skip
    ticket = somebody(office)
    desk = screens.desk(office)
    connected(desk)
    expect(desk.locator("#queue")).to_contain_text(ticket.label)
    began, clicks = time.monotonic(), 0

    def click(place) -> None:
        nonlocal clicks
        place.click()
        clicks += 1

    click(desk.get_by_role("button", name="Panggil berikutnya"))
    click(step(desk, "guest_book").get_by_role("link", name="Isi di sini"))
    desk.get_by_label("Telepon, e-mail, atau nama").fill(asked)
    desk.keyboard.press("Enter")
    found = desk.locator("#recognised li")
    expect(found).to_have_count(1)
    expect(found).to_contain_text("W•••u L•••i")
    assert "Wahyu" not in desk.locator("main").inner_text()  # not before it is confirmed
    assert not AuditEntry.objects.filter(action="read").exists()
    click(found.get_by_role("link", name="Benar, tamu ini"))
    expect(desk.get_by_label("Nama lengkap")).to_have_value("Wahyu Lestari")
    click(desk.get_by_text("Ya, saya setuju", exact=True))  # asked anew at every visit
    click(desk.get_by_text(CHOICES["use_of_data"], exact=True))
    click(desk.locator('[data-screen="card_type"]').get_by_text("KTP", exact=True))
    click(desk.get_by_role("button", name="Simpan buku tamu"))
    expect(desk.locator("#visit-title")).to_have_text("Wahyu Lestari")
    seconds = time.monotonic() - began
    print(
        f"\n10, weekly regular: {clicks} clicks, {len(asked)} keys and Enter, {seconds:.1f} s of the machine"
    )
    assert clicks <= 7
    assert Visitor.objects.get() == regular
    assert regular.visits.count() == 2
    assert AuditEntry.objects.filter(action="read", detail={"why": "recognised"}).count() == 1
    assert AuditEntry.objects.filter(action="visitor.searched").count() == 1
