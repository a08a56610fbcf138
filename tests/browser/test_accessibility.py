"""Every screen with live data: WCAG 2.2 AA (axe) light and dark, no sideways scrolling, everything by Tab."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import axe_playwright_python
import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from complaints.workflows import lodging
from queueing.models import Announcement, Ticket
from queueing.workflows import announcements, counters
from queueing.workflows import desk as work
from queueing.workflows.issue import issue
from services.audit.actors import SYSTEM, Actor
from services.guestbook import workflows as visits
from services.guestbook.models import ConsentWording
from services.lockers import workflows as lockers
from services.lockers.models import Locker
from tests.accounts.world import sign
from tests.browser.conftest import connected
from tests.browser.guest_book import each_screen
from tests.daytime import by_day

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# The dark scheme differs in its colours only.
RULES = {"light": {"type": "tag", "values": TAGS}, "dark": {"type": "rule", "values": ["color-contrast"]}}
LONG_NAME = "Dra. Hj. Siti Nurhaliza Binti Abdurrahman Wahid Ar-Rasyid, M.Si."
LONG_OFFICE = "BPS Kabupaten Pangkajene dan Kepulauan Bagian Utara Selat Makassar"

TABLET = [(1280, 800), (800, 1280)]
TV = [(1920, 1080), (1280, 720), (1080, 1920)]
DESK = [(1366, 768), (1440, 900), (390, 844)]
PAGE = [(390, 844), (1366, 768), (320, 640)]


@pytest.fixture
def world(offices, make_user):
    """Kolaka Timur on a busy day: called, served, inside with bag and card, waiting, skipped; complaints."""
    office = by_day(offices["7411"])
    office.name = LONG_OFFICE
    office.save(update_fields=["name"])
    library, consultation = office.services.get(slug="library"), office.services.get(slug="consultation")
    colleague = Actor("officer", user_id=make_user(office).pk)
    one, two = office.counters.order_by("number")[:2]
    now = timezone.now()

    def ago(minutes: float):
        return now - timedelta(minutes=minutes)

    def take(service, minutes: float, **more) -> Ticket:
        key = f"a{Ticket.objects.count()}"
        return issue(office=office, service=service, submission=key, by=SYSTEM, at=ago(minutes), **more)

    def fresh(thing):
        return type(thing).objects.get(pk=thing.pk)

    def sign(visit, minutes: float) -> None:
        visits.sign(
            visit=visit, person={"name": LONG_NAME, "email": "tamu@example.test"}, answers={"party_size": 15},
            consent=True, wording=ConsentWording.objects.first(), channel="desk", by=colleague, at=ago(minutes),
        )  # fmt: skip

    inside = take(library, 60)
    work.call_next(two, by=colleague, at=ago(58))
    work.arrived(fresh(inside), by=colleague, at=ago(57))
    visit = inside.received.visit
    sign(visit, 56)
    locker = Locker.objects.filter(office=office).first()
    lockers.deposit_card(visit=visit, card_type="ktp", locker=locker, by=colleague, at=ago(55))
    lockers.deposit_bag(visit=visit, locker=locker, by=colleague, at=ago(54))
    work.start(fresh(inside).received, by=colleague, at=ago(53))
    reading = fresh(inside).received
    served = take(library, 50)
    work.call_next(two, by=colleague, at=ago(48))
    sign(served.received.visit, 47)
    work.arrived(fresh(served), by=colleague, at=ago(47))
    work.start(fresh(served).received, by=colleague, at=ago(46))
    work.end(fresh(served).received, by=colleague, at=ago(40))
    skipped = take(library, 38)
    work.call_next(two, by=colleague, at=ago(37))
    work.skip(fresh(skipped), by=colleague, at=ago(36))
    asking = take(consultation, 35)
    work.call_next(two, by=colleague, at=ago(30))
    sign(asking.received.visit, 29)
    work.arrived(fresh(asking), by=colleague, at=ago(29))
    work.start(fresh(asking).received, by=colleague, at=ago(28))
    waiting = [take(library if n % 2 else consultation, 20 - n, priority=n == 2) for n in range(6)]
    sign(waiting[1].received.visit, 15)
    complaint, _secret = lodging.lodge(
        office=office, text="Ruang konsultasi terlalu panas. " * 5, channel="online", by=SYSTEM,
        received=asking.received, person={"name": "Rizal", "email": "rizal@example.test"},
    )  # fmt: skip
    return SimpleNamespace(
        office=office, inside=visit, served=served.received, skipped=skipped.received.visit, asking=asking.received,
        waiting=waiting[3].received.visit, reading=reading, complaint=complaint, one=one, two=two, colleague=colleague,
        standard=library.standard, ago=ago,
    )  # fmt: skip


@pytest.fixture
def screens(screens):
    """The screens of conftest, in contexts into which axe may be injected, without animations."""
    plain = screens._context
    screens._context = lambda **options: plain(**({"bypass_csp": True, "reduced_motion": "reduce"} | options))
    return screens


class Auditor:
    def __init__(self) -> None:
        self.findings: list[str] = []

    def look(self, page: Page, name: str, sizes: list[tuple[int, int]], *, schemes=("light", "dark")) -> None:
        for width, height in sizes[1:] + sizes[:1]:
            page.set_viewport_size({"width": width, "height": height})
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                self.findings.append(f"{name}: scrolls sideways at {width}x{height} ({wide})")
        page.evaluate(AXE + "\n;0")
        for scheme in schemes:
            page.emulate_media(color_scheme=scheme)
            result = page.evaluate(
                "o => axe.run(document, o)", {"runOnly": RULES[scheme], "resultTypes": ["violations"]}
            )
            for rule in result["violations"]:
                self.findings += [
                    f"{name} {scheme}: {rule['id']} {n['target']} {n['html'][:150]}" for n in rule["nodes"]
                ]
        page.emulate_media(color_scheme="light")

    def visit(self, page: Page, path: str, sizes: list[tuple[int, int]], ready: str = "h1", **more) -> None:
        page.goto(path)
        page.locator(ready).first.wait_for(state="attached")
        self.look(page, path, sizes, **more)


@pytest.fixture
def auditor():
    auditor = Auditor()
    yield auditor
    assert not auditor.findings, "\n".join(auditor.findings)


def test_the_tablet(screens, world, auditor):
    kiosk = screens.kiosk(world.office)
    auditor.look(kiosk, "kiosk", TABLET)
    for path in (
        f"/kios/tiket/{world.waiting.token}/",
        "/kios/buku-tamu/",
        "/kios/penilaian/",
        f"/kios/penilaian/{world.served.visit.token}/{world.served.pk}/",
        "/kios/pengaduan/",
        "/kios/terima-kasih/",
    ):
        auditor.visit(kiosk, path, TABLET)
    kiosk.goto(f"/kios/buku-tamu/{world.waiting.token}/")
    auditor.look(kiosk, "guest book, consent", TABLET, schemes=("light",))
    for name, look in each_screen(kiosk, LONG_NAME):
        if look:
            auditor.look(kiosk, f"guest book, {name}", TABLET[:1], schemes=("light",))
    kiosk.goto(f"/kios/buku-tamu/{world.waiting.token}/")
    kiosk.get_by_text("Ya, saya setuju").click()
    kiosk.evaluate("document.querySelector('[data-guest-book]').submit()")
    expect(kiosk.get_by_text("Periksa isian berikut")).to_be_visible()
    auditor.look(kiosk, "guest book with errors", TABLET)
    kiosk.context.clear_cookies()
    auditor.visit(kiosk, "/perangkat/", TABLET)
    kiosk.get_by_role("button", name="Tablet").click()
    expect(kiosk.locator("[data-pairing-code]")).to_be_visible()
    auditor.look(kiosk, "pairing code", [(1280, 800), (800, 1280)])


def test_the_tablet_speaks_indonesian_to_the_next_visitor(screens, offices):
    kiosk = screens.kiosk(offices["7411"])
    kiosk.get_by_role("button", name="English").click()
    expect(kiosk.locator("html")).to_have_attribute("lang", "en")
    expect(kiosk.locator("body")).to_have_attribute("data-idle-url", "/kios/?baru=1")
    expect(kiosk.locator("body")).to_have_attribute("data-idle-seconds", "60")
    kiosk.goto("/kios/?baru=1")
    expect(kiosk.locator("html")).to_have_attribute("lang", "id")
    expect(kiosk).to_have_url(f"{screens.server.url}/kios/")


def test_the_tv(screens, world, offices, make_user, auditor):
    for code, name in (("7411", "TV"), ("1906", "TV without a queue"), ("6571", "TV idle")):
        auditor.look(screens.tv(offices[code]), name, TV, schemes=("light",))
    counters.open_counter(world.one, by=world.colleague)
    counters.pause(world.one, reason="rest", by=world.colleague)
    pledge = {"kind": "pledge", "text": "Kami melayani sesuai standar yang kami umumkan."}
    announcements.save(Announcement(office=world.office, **pledge), by=SYSTEM)
    work.call_next(world.two, by=SYSTEM)
    tv = screens.tv(world.office)
    expect(tv.locator(".strip-text")).to_be_visible()
    auditor.look(tv, "TV calling, with a pause and an announcement", TV, schemes=("light",))


def test_public_pages_and_the_visitors_phone(screens, world, auditor):
    phone = screens.phone()
    code = world.office.code
    for path in (
        "/",
        f"/{code}/",
        f"/{code}/standar/library/",
        f"/{code}/pengaduan/",
        f"/{code}/pengaduan/status/",
        "/masuk/",
        "/tidak-ada/",
        f"/k/{world.waiting.token}/buku-tamu/",
        f"/k/{world.served.visit.token}/penilaian/",
    ):
        auditor.visit(phone, path, PAGE)
    for visit in (world.waiting, world.skipped, world.served.visit, world.asking.visit, world.inside):
        auditor.visit(phone, f"/k/{visit.token}/", PAGE)
    called = work.call_next(world.one, by=SYSTEM)
    auditor.visit(phone, f"/k/{called.received.visit.token}/", PAGE)
    work.cancel(called, by=SYSTEM)
    auditor.visit(phone, f"/k/{called.received.visit.token}/", PAGE)
    phone.goto(f"/{code}/pengaduan/")
    phone.get_by_label("Apa yang ingin Anda sampaikan?").fill("Kursi kurang.")
    phone.get_by_role("button", name="Kirim pengaduan").tap()
    expect(phone.locator("[data-complaint-number]")).to_be_visible()
    auditor.look(phone, "complaint received", PAGE)


def ready(desk: Page) -> None:
    expect(desk.locator("#present h2")).to_be_visible()
    desk.wait_for_timeout(150)


def test_the_desk_in_every_state(screens, world, auditor):
    desk = screens.desk(world.office, counter=None)
    ready(desk)
    auditor.look(desk, "desk without a counter", DESK)
    desk.get_by_role("button", name="Loket 1").first.click()
    ready(desk)
    auditor.look(desk, "desk with a counter", DESK)
    desk.get_by_role("button", name="Panggil berikutnya").click()
    expect(desk.locator("#do-arrived")).to_be_visible()
    auditor.look(desk, "desk, called", DESK)
    desk.locator("#do-arrived").click()
    expect(desk.locator("#do-arrived")).to_have_count(0)
    auditor.look(desk, "desk, arrived", DESK)
    for name, visit in (("inside with deposits", world.inside), ("to rate", world.served.visit)):
        desk.goto(f"/meja/?kunjungan={visit.pk}")
        expect(desk.locator("[data-visit]")).to_contain_text(LONG_NAME)
        ready(desk)
        auditor.look(desk, f"desk, {name}", DESK)
    desk.get_by_text("Tindakan lain").click()
    auditor.look(desk, "desk, more actions", DESK, schemes=("light",))
    desk.locator("[data-keys-help]").click()
    auditor.look(desk, "shortcuts", [(1440, 900)])


def test_the_officers_pages(screens, world, auditor):
    desk = screens.desk(world.office, counter=None, role="supervisor")
    world.announcement = Announcement(office=world.office, text=LONG_NAME * 4, starts=world.office.today())
    announcements.save(world.announcement, by=SYSTEM)
    for path in (
        f"/meja/kunjungan/{world.waiting.pk}/buku-tamu/",
        f"/meja/perpustakaan/{world.reading.pk}/",
        f"/meja/konsultasi/{world.asking.pk}/",
        "/meja/pengaduan/",
        f"/meja/pengaduan/{world.complaint.pk}/",
        f"/meja/pengaduan/{world.complaint.pk}/kelola/",
        "/meja/pengaduan/catat/",
        "/panel/pengaduan/",
        "/meja/perangkat/",
        "/panel/",
        "/panel/standar/",
        f"/panel/standar/{world.standard.pk}/",
        "/panel/laporan/all/",
        "/panel/pengumuman/",
        "/panel/pengumuman/baru/",
        f"/panel/pengumuman/{world.announcement.pk}/",
    ):
        auditor.visit(desk, path, DESK)


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.dataset.seen ?? document.activeElement.id")


def test_every_action_of_the_desk_is_reached_by_tab(screens, world):
    desk = screens.desk(world.office)
    desk.goto(f"/meja/?kunjungan={world.inside.pk}")
    connected(desk)
    expect(desk.locator("#do-bag")).to_be_visible()
    desk.wait_for_timeout(1500)  # the refetching after the connection is over
    count = desk.evaluate("""() => {
        const all = [...document.querySelectorAll('main :is(button, a[href], select, summary, input:not([type=hidden]))')];
        const seen = all.filter((e) => e.checkVisibility() && !e.disabled);
        seen.forEach((e, n) => (e.dataset.seen = `n${n}`));
        return seen.length;
    }""")
    assert count > 15
    desk.locator("main").focus()
    reached = []
    for _n in range(count):
        desk.keyboard.press("Tab")
        reached.append(focused(desk))
    # in the source order: the visit, the queue, the tools
    assert reached == [f"n{n}" for n in range(count)]


def test_the_focus_is_not_lost_when_the_desk_refetches_itself(screens, world):
    desk = screens.desk(world.office)
    connected(desk)
    ready(desk)

    def expect_focus(id_: str) -> None:
        expect(desk.locator(f"#{id_}")).to_be_focused()

    desk.locator("#call-next").focus()
    desk.keyboard.press("Enter")
    expect(desk.locator("#do-arrived")).to_be_visible()
    expect_focus("call-next")
    desk.keyboard.press("Alt+u")
    expect(desk.locator(".call-panel")).to_contain_text("2 dari 3 kali")
    expect_focus("do-recall")
    desk.keyboard.press("Alt+d")
    expect_focus("do-guest-book")  # the action is done and gone: on to the next one


def test_a_visit_by_keyboard_never_loses_its_place(screens, offices):
    office = by_day(offices["7411"])
    ticket = issue(office=office, service=office.services.get(slug="library"), submission="keys", by=SYSTEM)
    visit, locker = ticket.received.visit, office.lockers.first()
    desk = screens.desk(office)
    desk.locator("#call-next").click()
    expect(desk.locator("#do-arrived")).to_be_visible()
    desk.keyboard.press("Alt+d")
    expect(desk.locator("#do-guest-book")).to_be_focused()
    desk.keyboard.press("Alt+b")
    expect(desk.get_by_label("Telepon, e-mail, atau nama")).to_be_focused()
    desk.keyboard.press("Alt+s")
    expect(desk.locator(".form-errors")).to_be_focused()  # our words, not the browser's
    sign(visit, SYSTEM)
    lockers.deposit_card(visit=visit, card_type="ktp", locker=locker, by=SYSTEM)
    desk.goto("/meja/")
    desk.locator("#do-bag-in").focus()
    desk.keyboard.press("Enter")
    expect(
        desk.locator(f"#do-start-{ticket.received_id}")
    ).to_be_focused()  # not in the closed "Tambah loker"
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("button", name="Layanan selesai")).to_be_visible()
    desk.keyboard.press("Alt+s")
    expect(desk.locator("#do-finish")).to_be_focused()
