"""The situations 1 to 5 of domain.md §8, each on the screens it happens on; 6 to 10 are in test_daily_life_more."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.utils import timezone
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from queueing.models import Ticket
from queueing.workflows import desk as work
from queueing.workflows.issue import issue
from services.audit.actors import SYSTEM
from services.audit.models import AuditEntry
from services.guestbook.models import Visit, VisitService
from services.lockers import workflows as lockers
from services.lockers.models import Deposit
from services.ratings.models import Rating
from tests.accounts.world import sign
from tests.browser.conftest import connected
from tests.browser.guest_book import fill_guest_book
from tests.browser.test_journeys import call, check_out, serve, state, step, take_number, the_visit
from tests.daytime import by_day

STUDENT_CARD = "Kartu lain (mis. kartu pelajar)"


@pytest.fixture
def office(offices):
    """Kolaka Timur: queue, card for the key of a locker."""
    return by_day(offices["7411"])


def somebody(office, service: str = "library", **more) -> Ticket:
    number = Ticket.objects.count()
    slug = office.services.get(slug=service)
    return issue(office=office, service=slug, submission=f"somebody-{number}", by=SYSTEM, **more)


def fields(page: Page) -> set[str]:
    """The names of everything that can be filled in or sent on this page."""
    return set(page.locator("input, select, textarea").evaluate_all("all => all.map((e) => e.name)"))


def confirm(page: Page) -> None:
    page.locator("#confirm-yes").click()


def test_1_a_student_without_ktp_shows_a_student_card_and_only_its_kind_is_noted(screens, office):
    kiosk, tv, desk = screens.kiosk(office), screens.tv(office), screens.desk(office)
    connected(kiosk, tv, desk)
    number = take_number(kiosk, "Perpustakaan")
    kiosk.goto("/kios/")
    kiosk.get_by_role("link", name="Isi buku tamu").tap()
    kiosk.get_by_role("link", name=number).tap()
    kiosk.locator("form.is-wizard").wait_for()
    on_the_tablet = fields(kiosk)
    motion = fill_guest_book(kiosk, "Wahyu Lestari")
    assert "card_type" not in on_the_tablet  # the officer looks at it
    call(desk, tv, number)
    desk.get_by_role("button", name="Sudah datang").click()

    desk.get_by_label("Kartu identitas yang ditunjukkan").select_option(STUDENT_CARD)
    at_the_desk = fields(desk)
    desk.locator("#do-card-check").click()
    expect(desk.locator(".card-check")).to_have_count(0)
    assert the_visit().card_type == "other"
    noted = AuditEntry.objects.get(action="visit.card_checked")
    assert (noted.detail, noted.target_id) == ({"card_type": "other"}, the_visit().pk)
    assert noted.user_id

    # The same card for the key of the locker.
    state(desk, "card_deposit", "current")
    expect(step(desk, "card_deposit").get_by_label("Jenis kartu")).to_have_value("other")
    at_the_desk |= fields(desk)
    step(desk, "card_deposit").get_by_role("button", name="Kartu dititipkan").click()
    state(desk, "bag_deposit", "current")
    assert Deposit.objects.get().card_type == "other"

    # No number of a card, and no picture: neither a field to type it in nor a column to keep it in.
    desk.goto(f"/meja/kunjungan/{somebody(office).received.visit_id}/buku-tamu/")
    desk.locator("[data-guest-book]").wait_for()
    about_cards = re.compile("nik|ktp|card|kartu|passport|photo|foto|identity", re.I)
    asked = on_the_tablet | at_the_desk | fields(desk)
    assert {name for name in asked if about_cards.search(name)} == {"card_type"}
    assert desk.locator("input[type=file]").count() == 0
    columns = {
        f.name for label in ("guestbook", "lockers") for m in apps.get_app_config(label).get_models()
        for f in m._meta.fields if about_cards.search(f.name)
    }  # fmt: skip
    assert columns == {"card_type"}
    print(f"\n1, student card: {motion.taps} taps on the tablet")


def closes_in(office, minutes: int) -> None:
    """The door opened at midnight and closes that soon."""
    closes = office.local(timezone.now() + timedelta(minutes=minutes)).time()
    office.hours_exceptions.update_or_create(
        date=office.today(), defaults={"opens": "00:00", "closes": closes, "reason": "uji"}
    )


def test_2_somebody_leaves_with_the_locker_key(screens, office):
    closes_in(office, 25)
    ticket = somebody(office)
    visit, locker = ticket.received.visit, office.lockers.get(number=7)
    desk = screens.desk(office)
    work.call_next(office.counters.get(number=1), by=SYSTEM)
    sign(visit, SYSTEM)
    lockers.deposit_card(visit=visit, card_type="ktp", locker=locker, by=SYSTEM)
    lockers.deposit_bag(visit=visit, locker=locker, by=SYSTEM)
    work.start(ticket.received, by=SYSTEM)
    work.end(VisitService.objects.get(pk=ticket.received_id), by=SYSTEM)
    lockers.give_back(visit.deposits.get(what="bag"), by=SYSTEM)  # the bag is out; the key went with it
    desk.reload()
    connected(desk)
    expect(desk.locator("#present")).to_contain_text("Kartu identitas Loker 7")
    expect(desk.locator("#door")).not_to_contain_text("belum diambil")

    closes_in(office, 10)
    desk.reload()
    expect(desk.locator("#door")).to_contain_text("1 titipan belum diambil menjelang tutup.")
    closes_in(office, -1)
    desk.reload()
    expect(desk.locator("#door")).to_contain_text("1 titipan belum diambil. Lihat loker")
    assert work.close_day(office, by=SYSTEM, before=timezone.now() + timedelta(days=1)) == 1
    assert Visit.objects.get().end_reason == "day_end"
    assert Deposit.objects.open().get().locker == locker
    desk.reload()
    expect(desk.locator("[data-left-behind='1']")).to_be_visible()

    desk.goto("/meja/loker/")
    place = desk.locator("[data-locker='7']")
    expect(place).to_have_attribute("data-state", "taken")
    place.locator("summary").click()
    place.get_by_role("button", name="Kunci tidak kembali").click()
    confirm(desk)
    expect(place).to_have_attribute("data-state", "key_lost")
    expect(desk.locator("[data-incident=key_lost]")).to_contain_text(visit.public_label)

    # Somebody else comes: locker 7 is not offered.
    someone = somebody(office).received.visit
    work.call_next(office.counters.get(number=1), by=SYSTEM)
    sign(someone, SYSTEM)
    desk.goto(f"/meja/?kunjungan={someone.pk}")
    choice = step(desk, "card_deposit").get_by_label("Loker")
    desk.get_by_role("button", name="Sudah datang").click()
    expect(choice.locator("option[value='6']")).to_have_count(1)
    expect(choice.locator("option[value='7']")).to_have_count(0)

    desk.goto("/meja/loker/")
    incident = desk.locator("[data-incident=key_lost]")
    incident.get_by_label("Hasil").select_option("Kunci diganti")
    incident.get_by_label("Catatan").fill("Anak kunci baru dari koperasi")
    incident.get_by_role("button", name="Selesai").click()
    expect(desk.locator("[data-incident]")).to_have_count(0)
    expect(place).to_have_attribute("data-state", "taken")  # their card is still with us
    desk.locator("[data-late]").get_by_role("link").click()
    desk.get_by_role("button", name="Kartu sudah dikembalikan").click()
    expect(desk.locator("[data-left-behind]")).to_have_count(0)
    desk.goto("/meja/loker/")
    expect(place).to_have_attribute("data-state", "free")
    desk.goto(f"/meja/?kunjungan={someone.pk}")
    expect(choice.locator("option[value='7']")).to_have_count(1)


def test_3_a_wheelchair_or_deaf_visitor_goes_first_and_nobody_asks_for_proof(screens, office):
    kiosk, tv, desk = screens.kiosk(office), screens.tv(office), screens.desk(office)
    connected(kiosk, tv, desk)
    earlier = [somebody(office).label for _n in range(2)]
    expect(kiosk.locator("#choices")).to_contain_text("2 orang sebelum Anda")
    kiosk.get_by_label("Saya memerlukan prioritas").check()
    number = take_number(kiosk, "Perpustakaan")  # at once: no screen between the tap and the number
    expect(kiosk.locator(".ticket-slip")).to_contain_text("Prioritas")
    expect(kiosk.locator("[data-place]")).to_contain_text("Anda berikutnya")
    assert Ticket.objects.get(priority=True).label == number

    phone = screens.phone()
    phone.goto(f"/k/{Ticket.objects.get(priority=True).received.visit.token}/")
    expect(phone.locator("[data-my-state=waiting]")).to_contain_text("Anda berikutnya")
    connected(phone)
    waiting = desk.locator("#queue .queue-item")
    expect(waiting.first).to_contain_text(number)
    expect(waiting.first).to_contain_text("Prioritas")
    assert [Ticket.objects.order_by("pk")[n].label for n in (0, 1)] == earlier

    # Seen, not only heard: the TV's big place, the row of the counter, and the phone in the hand.
    call(desk, tv, number)
    expect(tv.locator(".board-where")).to_contain_text("Loket 1")
    expect(tv.locator("[data-place='1']")).to_contain_text(number)
    expect(phone.locator("[data-my-state=called]")).to_have_text(
        re.compile(r"Giliran Anda! Silakan ke\s+Loket 1")
    )
    desk.get_by_role("button", name="Sudah datang").click()
    state(desk, "guest_book", "current")

    proof = re.compile(
        r"\b(bukti|buktikan|surat|keterangan|dokter|unggah|lampir\w*|kartu disabilitas)\b", re.I
    )
    kiosk.goto("/kios/")
    for page in (kiosk, desk, phone):
        assert not proof.search(page.locator("body").inner_text())
    phone.get_by_role("link", name="Isi buku tamu di ponsel").tap()
    phone.locator("form.is-wizard").wait_for()
    every_question = phone.locator("[data-guest-book]").evaluate("form => form.textContent")
    assert not proof.search(every_question)
    assert phone.locator("input[type=file]").count() == 0
    expect(phone.locator("[name=assistance]")).not_to_have_attribute("required", "")  # voluntary


def test_4_fifteen_students_one_number_several_lockers_and_each_their_own_rating(screens, office):
    kiosk, tv, desk = screens.kiosk(office), screens.tv(office), screens.desk(office)
    connected(kiosk, tv, desk)
    kiosk.get_by_label("Berapa orang?").select_option("15")
    number = take_number(kiosk, "Perpustakaan")
    expect(kiosk.locator(".ticket-slip")).to_contain_text("15 orang")
    assert Ticket.objects.count() == Visit.objects.count() == 1
    expect(desk.locator("[data-waiting='15']")).to_be_visible()
    call(desk, tv, number)
    step(desk, "guest_book").get_by_role("link", name="Isi di sini").click()
    expect(desk.locator("[name=party_size]")).to_have_value("15")
    fill_guest_book(desk, "Ibu Guru Ratna")  # the representative signs for all
    assert (the_visit().party_size, the_visit().visitor.name) == (15, "Ibu Guru Ratna")

    step(desk, "card_deposit").get_by_role("button", name="Kartu dititipkan").click()
    step(desk, "bag_deposit").get_by_role("button", name="Tas disimpan").click()
    state(desk, "service", "current")
    more = step(desk, "bag_deposit")
    more.get_by_text("Tambah loker").click()
    for locker in ("8", "9"):
        more.get_by_label("Loker").select_option(locker)
        more.get_by_role("button", name="Tas disimpan").click()
        expect(desk.locator(".visit-held")).to_contain_text(f"Loker {locker}")
    assert Deposit.objects.open().filter(what="bag").values("locker").distinct().count() == 3
    serve(desk)
    state(desk, "rating", "current")

    # The code is the same for all; each phone rates once, and is not asked again.
    address = f"/k/{the_visit().token}/"
    for given, stars in enumerate((5, 4, 2), start=1):
        phone = screens.phone()
        phone.goto(address)
        phone.get_by_role("link", name="Beri penilaian").tap()
        phone.locator(".star").nth(stars - 1).tap()
        phone.get_by_role("button", name="Kirim penilaian").tap()
        phone.wait_for_url(f"**{address}")
        expect(phone.get_by_role("link", name="Beri penilaian")).to_have_count(0)
        expect(desk.locator("[data-party-ratings]")).to_contain_text(f"{given} dari 15 orang sudah menilai")
    assert sorted(Rating.objects.values_list("stars", flat=True)) == [2, 4, 5]
    desk.locator("[data-party-ratings] summary").click()  # for those who have no code in the hand
    expect(desk.locator("[data-party-ratings] svg").last).to_be_visible()
    check_out(desk, "Tas dan kartu kembali, akhiri kunjungan")
    expect(desk.locator("#present")).to_contain_text("Tidak ada tamu di dalam")
    assert not Deposit.objects.open().exists()
    assert the_visit().end_reason == "finished"

    late = screens.phone()  # on the way home
    late.goto(address)
    late.get_by_role("link", name="Beri penilaian").tap()
    late.locator(".star").nth(4).tap()
    late.get_by_role("button", name="Kirim penilaian").tap()
    late.wait_for_url(f"**{address}")
    assert Rating.objects.filter(received=the_visit().main).count() == 4


def written(desk: Page, arrived: str, began: str, ended: str) -> None:
    for label, clock in (("Datang", arrived), ("Mulai dilayani", began), ("Selesai atau pulang", ended)):
        desk.get_by_label(f"{label} pukul").fill(clock)


def test_5_a_power_cut_is_bridged_on_paper_and_typed_in_afterwards(screens, office):
    desk = screens.desk(office, counter=None)
    desk.goto("/meja/slip/")
    desk.get_by_text("Perpustakaan · A900–A999").click()
    desk.get_by_label("Jumlah slip").fill("8")
    desk.get_by_role("button", name="Buat blok").click()
    expect(desk.get_by_text("Slip A900–A907 siap dicetak.")).to_be_visible()
    sheet = desk.request.get(desk.get_by_role("link", name="Buka PDF A900–A907").get_attribute("href"))
    (paper,) = PdfReader(io.BytesIO(sheet.body())).pages
    text = paper.extract_text()
    assert all(f"A90{n}" in text for n in range(8))  # numbered before anything happens

    # The light is back: the slip with its true times, then the paper guest book that lay beside it.
    yesterday = office.today() - timedelta(days=1)
    desk.get_by_role("link", name="Catat slip").click()
    desk.get_by_label("Tanggal").fill(str(yesterday))
    desk.get_by_label("Nomor slip").fill("a900")
    written(desk, "0905", "0931", "0940")
    desk.get_by_role("button", name="Simpan").click()
    expect(desk.get_by_text("A900 tercatat.")).to_be_visible()
    expect(desk.locator("[data-entered] li")).to_contain_text("A900 · 09.05–09.31–09.40")
    ticket = Ticket.objects.select_related("received").get()
    clock = [
        f"{office.local(t):%F %H:%M}" for t in (ticket.issued_at, ticket.received.started_at, ticket.ended_at)
    ]
    assert clock == [f"{yesterday} 09:05", f"{yesterday} 09:31", f"{yesterday} 09:40"]
    assert ticket.manual
    assert (ticket.received.clock_result, ticket.received.clock_reason) == ("excluded", "paper_slip")
    desk.get_by_role("link", name="Isi buku tamu A900").click()
    fill_guest_book(desk, "Hadi Gunawan")
    desk.wait_for_url("**/meja/slip/catat/**")
    assert the_visit().guest_book_channel == "paper"
    desk.goto(f"/meja/?kunjungan={the_visit().pk}")
    expect(desk.locator("[data-visit]")).to_contain_text("Tidak dihitung · slip kertas saat listrik padam")

    # A line of the paper guest book without a slip.
    desk.goto(f"/meja/kertas/?hari={yesterday}")
    desk.get_by_label("Perpustakaan").check()
    desk.get_by_label("Tanggal").fill(str(yesterday))
    written(desk, "1000", "1004", "1020")
    desk.get_by_role("button", name="Simpan").first.click()
    fill_guest_book(desk, "Siti Rahma", email="siti@example.test")
    desk.wait_for_url("**/meja/kertas/**")
    from_book = VisitService.objects.get(ticket=None)
    assert (from_book.clock_result, from_book.clock_reason) == ("excluded", "manual_entry")

    # Somebody waited when the light went out; the supervisor writes it down, and the promise is shown as not counted.
    waiting = somebody(office)
    sign(waiting.received.visit, SYSTEM)
    since = timezone.now() - timedelta(minutes=3)
    VisitService.objects.filter(pk=waiting.received_id).update(
        clock_started_at=since, clock_due_at=since + timedelta(minutes=5)
    )
    boss = screens.desk(office, counter=None, role="supervisor")
    boss.goto("/panel/gangguan/")
    boss.get_by_label("Listrik padam").check()
    began, ended = (office.local(timezone.now() - timedelta(minutes=m)) for m in (6, 0))
    boss.get_by_label("Dari pukul").fill(f"{began:%H%M}")
    boss.get_by_label("Sampai pukul").fill(f"{ended:%H%M}")
    boss.get_by_role("button", name="Catat gangguan").click()
    expect(boss.get_by_text("Gangguan dicatat. 1 janji waktu tidak dihitung.")).to_be_visible()
    desk.goto("/meja/")
    expect(desk.locator("#queue")).to_contain_text("Tidak dihitung: listrik padam")
    expect(desk.locator("#queue .queue-item")).to_contain_text(waiting.label)
