"""A report from its page to what is handed in: on screen, on paper, in Excel, with its number in the register, by mail."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from pst.reports import scheduling
from pst.reports.models import Issued, Letterhead, Schedule
from services.accounts.models import Membership
from services.audit.actors import SYSTEM
from services.mail.models import Outgoing
from services.periods import Period, of_kind
from tests.browser.test_accessibility import DESK, auditor, screens
from tests.mail_server import work_off
from tests.panel.worlds import KEPT, received

__all__ = ["auditor", "screens"]
TITLE = "Kunjungan"


@pytest.fixture
def office(offices):
    office = offices["7411"]
    Letterhead.objects.create(
        office=office, lines="BADAN PUSAT STATISTIK\nKABUPATEN KOLAKA TIMUR", place="Tirawuta", signer_name="Sitti Hartati"
    )  # fmt: skip
    return office


@pytest.fixture
def month(office) -> Period:
    """The last one that is over: nine visits to the library on three of its days, four to another service."""
    month = of_kind("m", of_kind("m", office.today()).since - timedelta(days=1))
    library, other = office.services.get(slug="library"), office.services.exclude(slug="library")[0]
    first = datetime.combine(month.since, time(9), office.zone)
    for n in range(13):
        received(other if n > 8 else library, KEPT, 60, first + timedelta(days=n % 3, hours=n % 4))
    return month


def taken(page: Page, link: str) -> BytesIO:
    with page.expect_download() as found:
        page.get_by_role("link", name=link).click()
    return BytesIO(Path(found.value.path()).read_bytes())


def on_page(page: Page, table: str) -> list[int]:
    """The sums under a table."""
    cells = page.locator(".report-table").filter(has_text=table).first.locator("tfoot td").all_inner_texts()
    return [int(text.replace(".", "")) for text in cells]


def sums(sheet: Worksheet) -> list[int]:
    """The same in Excel: the row that begins with the word, numbers as numbers."""
    row = next(row for row in sheet.iter_rows() if row[0].value == "Jumlah")
    cells = [cell for cell in row[1:] if cell.value is not None]
    assert all(cell.data_type == "n" for cell in cells)
    return [int(cell.value) for cell in cells]


def on_paper(data: BytesIO, month: Period, number: str) -> None:
    """One could hand it in: letterhead, number, period, who signs; and it can be read aloud."""
    pdf = PdfReader(data)
    text = "".join(page.extract_text() for page in pdf.pages)
    for said in (
        "KABUPATEN KOLAKA TIMUR",
        TITLE,
        month.label,
        "Menurut hari",
        "Tirawuta,",
        "Sitti Hartati",
        number,
    ):
        assert said in text, (said, text)
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]
    assert root["/Lang"] == "id"


def test_a_report_from_its_page_to_file_number_register_and_mail(screens, office, month, mailbox, auditor):
    desk = screens.desk(office, counter=None, role="supervisor")
    desk.goto("/panel/laporan/visits/")
    desk.get_by_label("Periode").select_option(month.key)
    desk.get_by_label("Layanan").select_option("library")
    desk.get_by_role("button", name="Tampilkan").click()
    expect(desk.locator("main h2").first).to_contain_text(month.label)
    days = desk.locator(".report-table").filter(has_text="Menurut hari").first
    expect(days.locator("tbody tr")).to_have_count(3)
    expect(days.locator("svg[role=img]")).to_be_visible()
    assert on_page(desk, "Menurut hari") == [9, 9]
    auditor.look(desk, "a report", DESK, schemes=("light",))

    on_paper(taken(desk, "PDF pratinjau"), month, "Pratinjau, tanpa nomor")
    book = load_workbook(taken(desk, "Excel"))
    for name in ("Menurut layanan", "Menurut hari"):
        assert sums(book[name]) == on_page(desk, name), name
    assert [cell.is_date for cell in book["Menurut hari"]["A"][3:6]] == [True] * 3

    desk.get_by_role("button", name="Terbitkan bernomor").dblclick()
    desk.wait_for_url("**/terbit/")
    expect(desk.locator("tbody tr")).to_have_count(1)
    row = Issued.objects.get()
    expect(desk.locator("tbody tr")).to_contain_text(row.register_number)
    on_paper(taken(desk, f"PDF {row.register_number}"), month, row.register_number)

    person = Membership.objects.filter(office=office, role="supervisor").latest("pk").user
    at = datetime.combine(month.until + timedelta(days=2), time(9), office.zone)
    scheduling.save(Schedule(office=office, report="visits"), [person], by=SYSTEM, at=at - timedelta(days=20))
    assert scheduling.send_due(at) == 1
    by_mail = Issued.objects.latest("pk")
    assert work_off() > 0, Outgoing.objects.values("kind", "state")
    message = mailbox.wait(1)
    assert message["To"] == person.email
    files = {
        part.get_filename().rpartition(".")[2]: part.get_content() for part in message.iter_attachments()
    }
    on_paper(BytesIO(files["pdf"]), month, by_mail.register_number)
    assert sums(load_workbook(BytesIO(files["xlsx"]))["Menurut hari"]) == [13, 13]
    desk.reload()
    expect(desk.locator("tbody tr").first).to_contain_text("berkala")
