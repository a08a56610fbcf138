"""Surveys as people fill them in: on the phone in under a minute, on the tablet by nine taps; the office's screens."""

from __future__ import annotations

import os

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from services import periods
from services.surveys import workflows
from services.surveys.models import FollowUp, Response, SurveyRule
from services.surveys.results import Selection
from services.surveys.skm import ELEMENTS
from tests.browser.guest_book import Motion
from tests.browser.test_accessibility import DESK, LONG_OFFICE, PAGE, TABLET, auditor, screens
from tests.surveys.support import fill, served, skd
from tests.surveys.test_panel import fill_needs
from tests.surveys.test_results import thirty

__all__ = ["auditor", "screens"]
PICTURES = os.environ.get("SURVEY_PICTURES", "")


def shoot(page: Page, name: str, **more) -> None:
    """Only when somebody wants to look: SURVEY_PICTURES=folder."""
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}.png", **more)


@pytest.fixture
def received(offices):
    office = offices["7411"]
    office.name = LONG_OFFICE
    office.save(update_fields=["name"])
    received = served(office)
    type(received).objects.filter(pk=received.pk).update(ended_at=timezone.now())
    return received


class Finger:
    """Taps, and counts them."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps = page, 0

    def tap(self, place) -> None:
        place.tap()
        self.taps += 1


def test_on_the_phone_in_under_a_minute(screens, received):
    phone = screens.phone()
    phone.goto(f"/k/{received.visit.token}/")
    phone.locator("#to-survey").tap()
    finger = Finger(phone)
    for n, code in enumerate(ELEMENTS):
        question = phone.locator(f"[data-question={code}]")
        finger.tap(question.locator(".choice").nth(3 if n % 2 else 2))
        expect(phone.locator("[data-survey-count]")).to_have_text(f"Terjawab {n + 1} dari 9")
    assert finger.taps == 9
    for name in ("gender", "education", "job", "institution"):
        finger.tap(phone.locator(f"#id_{name} .choice").first)
    finger.tap(phone.locator("#id_age"))
    phone.keyboard.type("31")
    finger.tap(phone.get_by_role("button", name="Kirim survei"))
    phone.wait_for_url("**/survei/?selesai=1")
    assert finger.taps <= 9 + 5 + 1
    assert Motion(taps=finger.taps, keys=2).seconds <= 60
    expect(phone.get_by_role("heading", name="Terima kasih")).to_be_visible()
    row = Response.objects.get()
    assert (row.channel, row.age, row.answers.count()) == ("phone", 31, 9)


def test_nine_taps_and_send_on_the_tablet(screens, received, offices):
    kiosk = screens.kiosk(offices["7411"])
    kiosk.goto(f"/kios/penilaian/{received.visit.token}/{received.pk}/")
    kiosk.locator(".star").last.tap()
    kiosk.get_by_role("button", name="Kirim penilaian").tap()
    kiosk.locator("#to-survey").tap()
    expect(kiosk.locator("[data-survey-step]:visible")).to_have_count(1)
    expect(kiosk.get_by_role("button", name="Kirim survei")).to_be_hidden()
    shoot(kiosk, "tablet-question")
    for code in ELEMENTS:
        kiosk.locator(f"[data-question={code}] .choice").last.tap()
        expect(kiosk.locator(f"[data-question={code}]")).to_be_hidden()
    shoot(kiosk, "tablet-profile")
    kiosk.get_by_role("button", name="Sebelumnya").tap()
    expect(kiosk.locator("[data-question=U9] input").last).to_be_checked()
    kiosk.get_by_role("button", name="Kirim survei").tap()
    kiosk.wait_for_url("**/kios/terima-kasih/**")
    assert Response.objects.get().answers.filter(score=4).count() == 9


def test_by_keys_the_page_does_not_run_away(screens, received):
    page = screens.phone()
    page.goto(f"/k/{received.visit.token}/survei/")
    page.locator("[name=U1]").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.wait_for_timeout(400)
    assert page.evaluate("document.activeElement.name") == "U1"
    expect(page.locator("[name=U1]").nth(2)).to_be_checked()


def test_without_script_one_form(browser, server, received):
    context = browser.new_context(base_url=server.url, java_script_enabled=False, locale="id-ID")
    page = context.new_page()
    page.goto(f"/k/{received.visit.token}/survei/")
    for code in ELEMENTS[:8]:
        page.locator(f"[data-question={code}] .choice").first.click()
    page.get_by_role("button", name="Kirim survei").click()
    expect(page.get_by_role("heading", name="Ada yang belum dijawab")).to_be_visible()
    expect(page.locator("input[type=radio][name^=U]:checked")).to_have_count(8)
    page.locator("[data-question=U9] .choice").first.click()
    page.get_by_role("button", name="Kirim survei").click()
    expect(page.get_by_role("heading", name="Terima kasih")).to_be_visible()
    context.close()


def test_typed_from_paper_by_digits_alone(screens, offices):
    desk = screens.desk(offices["7411"], counter=None)
    desk.goto("/meja/survei/kertas/")
    for _n in range(2):
        expect(desk.locator("#id_U1")).to_be_focused()
        desk.keyboard.type("9343212344")  # a nine is none of the answers
        expect(desk.locator("#id_gender")).to_be_focused()
        desk.keyboard.press("Alt+s")
        expect(desk.get_by_text("Tersimpan. Formulir berikutnya.")).to_be_visible()
    expect(desk.locator("[data-count='2']")).to_be_visible()
    stored = [dict(row.answers.values_list("code", "score")) for row in Response.objects.all()]
    assert stored == [dict(zip(ELEMENTS, (3, 4, 3, 2, 1, 2, 3, 4, 4), strict=True))] * 2


def test_the_visitors_screens_are_accessible(screens, received, offices, auditor):
    office = offices["7411"]
    SurveyRule.objects.create(office=office, kind="skd", instrument=skd(), offer="always")
    phone = screens.phone()
    here = f"/k/{received.visit.token}/survei/"
    auditor.visit(phone, here, PAGE)
    shoot(phone, "phone", full_page=True)
    phone.get_by_role("button", name="Kirim survei").tap()
    expect(phone.get_by_role("heading", name="Ada yang belum dijawab")).to_be_visible()
    phone.wait_for_load_state("load")
    auditor.look(phone, "survey with errors", PAGE)
    shoot(phone, "phone-errors", full_page=True)
    auditor.visit(phone, f"{here}?jenis=skd", PAGE)
    shoot(phone, "phone-long", full_page=True)
    phone.set_viewport_size({"width": 1366, "height": 768})
    shoot(phone, "desk-long", full_page=True)
    kiosk = screens.kiosk(office)
    auditor.visit(kiosk, "/kios/survei/", TABLET)
    auditor.visit(kiosk, f"/kios/survei/{received.visit.token}/{received.pk}/", TABLET)
    fill(office, 4, received=received)
    auditor.visit(phone, f"{here}?selesai=1", PAGE)
    assert auditor.findings == []


def test_the_offices_screens_are_accessible(screens, received, offices, auditor):
    office = offices["7411"]
    thirty(office)
    for n in range(6):
        fill(office, 3, profile={"gender": "female", "age": 20 + n, "job": "student"})
        fill_needs(
            office, score=3 + n, needs=[{"data": "PDRB menurut lapangan usaha " * 5, "years": "2020–2024"}]
        )
    period = periods.of_kind("q", office.today())
    FollowUp.objects.create(
        office=office, since=period.since, until=period.until, element="U1", plan="Sederhanakan syarat. " * 15,
        owner_name="Kepala Subbagian Umum", due_on=office.today(),
    )  # fmt: skip
    workflows.publish(office, Selection([office], "skm", period.since, period.until), by=_system())
    panel = screens.desk(office, counter=None, role="supervisor")
    fill(office, 4, channel="paper", by=_officer())
    for path in (
        "/panel/survei/", "/panel/survei/?jenis=skd", "/panel/survei/?periode=2020-y", "/panel/survei/aturan/",
        "/panel/survei/tindak-lanjut/", "/meja/survei/kertas/", "/meja/survei/kertas/?jenis=skd",
    ):  # fmt: skip
        auditor.visit(panel, path, DESK)
        shoot(panel, path.strip("/").replace("/", "-").replace("?", "-"), full_page=True)
    panel.goto("/panel/survei/")
    with panel.expect_download() as taken:
        panel.get_by_role("link", name="Laporan PDF").click()
        expect(panel.locator("[data-slow] progress")).to_be_visible()
    assert taken.value.suggested_filename.endswith(".pdf")
    expect(panel.locator("[data-slow-words]")).to_have_text("Berkas sudah diunduh.")
    panel.get_by_role(
        "link", name="Isian Excel"
    ).click()  # refused: no month is over, which the page itself says
    expect(
        panel.locator(".message, .notice, [role=alert], [role=status]")
        .filter(has_text="Data diunduh mulai")
        .first
    ).to_be_visible()
    panel.set_viewport_size({"width": 390, "height": 844})
    panel.goto("/panel/survei/?jenis=skd")
    shoot(panel, "panel-phone", full_page=True)
    public = screens.phone()
    auditor.visit(public, "/7411/survei/", PAGE)
    public.emulate_media(color_scheme="dark")
    shoot(public, "public-dark", full_page=True)
    assert auditor.findings == []


def _system():
    from services.audit.actors import SYSTEM

    return SYSTEM


def _officer():
    from services.accounts.models import User
    from services.audit.actors import Actor

    return Actor("officer", user_id=User.objects.order_by("-pk").first().pk)
