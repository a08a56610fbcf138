"""At the tablet: somebody who was here before, by their personal QR code or a code from their mailbox."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from queueing.workflows import desk as work
from queueing.workflows.issue import issue
from services.audit.actors import SYSTEM
from services.guestbook import recognition
from services.guestbook.models import Visitor
from tests.browser.conftest import connected, scan
from tests.browser.test_accessibility import TABLET, auditor, screens
from tests.mail_server import codes_in
from tests.processes import worker

__all__ = ["auditor", "screens"]  # fixtures


@pytest.fixture
def regular(offices):
    visitor = Visitor.objects.create(
        office=offices["7411"], name="Wahyu Lestari", email="wahyu@example.test", phone="+6281234567890",
        gender="female", birth_year=1998, education="bachelor", job="student", institution_category="education",
    )  # fmt: skip
    earlier = issue(
        office=offices["7411"],
        service=offices["7411"].services.get(slug="library"),
        submission="e",
        by=SYSTEM,
    ).received.visit
    earlier.visitor, earlier.use_of_data = visitor, "education"
    earlier.save()
    work.close_visit(earlier, by=SYSTEM)
    return visitor


@pytest.fixture
def kiosk(screens, offices, regular) -> Page:
    """The tablet while somebody is called."""
    office = offices["7411"]
    issue(office=office, service=office.services.get(slug="library"), submission="b", by=SYSTEM)
    work.call_next(office.counters.get(number=1), by=SYSTEM)
    page = screens.kiosk(office)
    connected(page)
    return page


def to_known(kiosk: Page) -> int:
    """As far as the question for a code; returns the taps."""
    kiosk.get_by_role("link", name="Isi buku tamu").tap()
    kiosk.get_by_role("link", name="A002").tap()
    kiosk.get_by_role("link", name="Saya pernah berkunjung ke sini").tap()
    expect(kiosk.get_by_role("heading", name="Pernah berkunjung?")).to_be_visible()
    return 3


def sign(kiosk: Page) -> int:
    expect(kiosk.get_by_text("W•••u L•••i")).to_be_visible()
    kiosk.get_by_text("Ya, saya setuju").tap()
    kiosk.get_by_role("button", name="Simpan buku tamu").tap()
    expect(kiosk.get_by_role("heading", name="Terima kasih")).to_be_visible()
    return 2


def test_a_returning_visitor_with_a_personal_code_takes_five_taps(kiosk, regular):
    taps = to_known(kiosk)
    scan(kiosk, recognition.personal_code(regular))
    taps += sign(kiosk)
    print(f"\nreturning visitor at the tablet, personal QR code: {taps} taps, no keys")
    assert taps <= 5
    assert regular.visits.count() == 2
    assert Visitor.objects.count() == 1


def test_a_code_from_the_mailbox(kiosk, regular, mailbox, tmp_path):
    taps = to_known(kiosk)
    with worker(tmp_path / "worker.log", PST_EMAIL_URL=f"smtp://127.0.0.1:{mailbox.port}"):
        kiosk.get_by_label("E-mail Anda").fill(regular.email)
        kiosk.get_by_role("button", name="Kirim kode").tap()
        [code] = codes_in(mailbox.wait(1))
    kiosk.get_by_label("Kode dari e-mail").fill("000000" if code != "000000" else "111111")
    kiosk.get_by_role("button", name="Lanjut").tap()
    expect(kiosk.get_by_text("Kode ini salah").first).to_be_visible()
    kiosk.get_by_label("Kode dari e-mail").fill(code)
    kiosk.get_by_role("button", name="Lanjut").tap()
    taps += 2 + sign(kiosk)
    print(f"\nreturning visitor at the tablet, code by e-mail: {taps} taps, {len(regular.email) + 6} keys")
    assert regular.visits.count() == 2


def test_nothing_of_them_comes_back_for_the_next_person(kiosk, regular):
    to_known(kiosk)
    kiosk.get_by_label("Kode pribadi").fill(recognition.personal_code(regular))
    kiosk.get_by_role("button", name="Pakai kode ini").tap()
    expect(kiosk.get_by_text("W•••u L•••i")).to_be_visible()
    address = kiosk.url
    kiosk.goto("/kios/?baru=1")  # as the tablet does when nobody touches it
    for again in (
        kiosk.go_back,
        lambda: kiosk.goto(address),
        kiosk.reload,
        lambda: kiosk.context.new_page().goto(address),
    ):
        again()
        for page in kiosk.context.pages:
            expect(page.get_by_text("W•••u")).to_have_count(0)
            assert regular.personal_code not in page.content()


def test_the_pages_are_clean_in_both_schemes(kiosk, regular, auditor, settings):
    to_known(kiosk)
    auditor.look(kiosk, "been here before", TABLET)
    kiosk.get_by_label("Kode pribadi").fill("AAAA")
    kiosk.get_by_role("button", name="Pakai kode ini").tap()
    expect(kiosk.get_by_text("Kode ini tidak kami kenal").first).to_be_visible()
    auditor.look(kiosk, "wrong code", TABLET, schemes=("light",))
    kiosk.get_by_label("E-mail Anda").fill("siapa@example.test")
    kiosk.get_by_role("button", name="Kirim kode").tap()
    expect(kiosk.get_by_label("Kode dari e-mail")).to_be_visible()
    auditor.look(kiosk, "code from the mailbox", TABLET)
    kiosk.get_by_role("link", name="Kembali ke buku tamu").tap()
    kiosk.get_by_role("link", name="Saya pernah berkunjung ke sini").tap()
    kiosk.get_by_label("Kode pribadi").fill(recognition.personal_code(regular))
    kiosk.get_by_role("button", name="Pakai kode ini").tap()
    expect(kiosk.get_by_text("W•••u L•••i")).to_be_visible()
    auditor.look(kiosk, "known guest book", TABLET)
