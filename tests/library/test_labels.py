"""Labels for books: the bars are read back from the PDF, every label lies on its place, nothing hangs over its edge."""

from __future__ import annotations

import time
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from library import demo
from library.labels import bars, printing
from library.labels.sheets import SHEETS
from library.models import Copy, Publication, Region, Subject
from services.offices.models import Office
from tests.library import code128

PAGE = "/meja/pustaka/label/"
LONG = (
    "Produk Domestik Regional Bruto Kabupaten Kolaka Timur Menurut Lapangan Usaha Triwulanan " * 4
    + "2020–2024"
)
OFFICE = Office(code="7411", name="Badan Pusat Statistik Kabupaten Kolaka Timur Provinsi Sulawesi Tenggara")
PRINT = {"kind": "barcode", "sheet": "3x8", "first": "1", "which": "all"}


def book(barcode: str, title: str = "Kolaka Timur Dalam Angka 2024", **more) -> Copy:
    publication = Publication(
        title=title, year=2024, catalogue_number="1102001.7411", region=Region(code="7411", name="Kolaka Timur"),
        subject=Subject(code="1", name="Sosial dan Kependudukan"),
    )  # fmt: skip
    return Copy(office=OFFICE, publication=publication, barcode=barcode, shelf="R2", **more)


def printed(copies, sheet="3x8", kind="barcode", first=1) -> bytes:
    return printing.pdf(copies, office=OFFICE, sheet=SHEETS[sheet], kind=kind, first=first)


def as_drawn(text: str) -> list[code128.Bar]:
    """The bars as rectangles, without a PDF around."""
    return [(at, at + width) for at, width in bars.drawn(text, width=10_000)[0]]


class TestBars:
    @given(st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=40))
    @settings(max_examples=300, deadline=None)
    def test_what_is_written_is_read(self, text):
        assert code128.read(as_drawn(text)) == text

    @pytest.mark.parametrize("text", ["9912345", "1299", "99", "9", "BT-0001", "99A", "A9912B", "741100001"])
    def test_numbers_that_look_like_a_change_of_the_code_set(self, text):
        assert code128.read(as_drawn(text)) == text

    def test_there_is_white_on_both_sides_and_no_bar_thinner_than_a_printer_draws(self):
        black, width = bars.drawn("741100001", width=62)
        first = black[0][0]
        module = width / (len(bars.modules("741100001")) + 2 * bars.QUIET)
        assert first == pytest.approx(10 * module, abs=0.001)
        assert bars.THINNEST <= module <= bars.THICKEST
        with pytest.raises(bars.TooLong):
            bars.drawn("X" * 40, width=35)


class TestSheets:
    @pytest.mark.parametrize("sheet", SHEETS.values(), ids=str)
    def test_all_labels_are_on_the_paper(self, sheet):
        right, bottom = sheet.corner(sheet.labels - 1)
        assert right + sheet.width <= 210.001
        assert bottom + sheet.height <= 297.001
        assert sheet.right_step >= sheet.width
        assert sheet.down_step >= sheet.height

    @pytest.mark.parametrize("key", SHEETS)
    def test_every_barcode_is_read_inside_its_own_label(self, key):
        sheet = SHEETS[key]
        copies = [book(f"7411{n:05d}", LONG if n % 2 else "Pendek") for n in range(1, sheet.labels + 3)]
        found = sorted(
            code128.drawn(printed(copies, key, first=3)), key=lambda g: (g[0], round(g[1]), g[3][0])
        )
        assert [code128.read(group[3]) for group in found] == [copy.barcode for copy in copies]
        for place, (page, top, bottom, drawn) in enumerate(found, start=2):
            assert page == place // sheet.labels
            left, upper = sheet.corner(place % sheet.labels)
            assert left + sheet.inner - 0.05 <= drawn[0][0]
            assert drawn[-1][1] <= left + sheet.width - sheet.inner + 0.05
            assert upper + sheet.inner - 0.05 <= top
            assert bottom <= upper + sheet.height - sheet.inner + 0.05

    @pytest.mark.parametrize("kind", ["barcode", "spine"])
    @pytest.mark.parametrize("key", ["3x8", "5x13"])
    def test_long_words_stay_on_the_label(self, key, kind):
        """Where the text of a label begins and ends on the paper, by the PDF itself."""
        sheet = SHEETS[key]
        copy = book("741100001", LONG)
        copy.publication.catalogue_number = "1102001.7411/1102002.7411-2024"
        copy.shelf = "Lemari kaca lantai dua rak sebelah kanan"
        lines = text_lines(printed([copy], key, kind))
        assert lines
        for x, y in lines:
            assert sheet.left <= x <= sheet.left + sheet.width
            assert sheet.top <= y <= sheet.top + sheet.height

    def test_pages_and_a_partly_used_sheet(self):
        copies = [book(f"7411{n:05d}") for n in range(1, 50)]
        assert pages(printed(copies[:24])) == 1
        assert pages(printed(copies[:24], first=2)) == 2
        assert pages(printed(copies)) == 3
        assert pages(printed(copies[:1], "5x13", "spine", first=65)) == 1

    def test_what_stands_on_them(self):
        label = PdfReader(BytesIO(printed([book("741100001")]))).pages[0].extract_text()
        assert "741100001" in label
        assert "Kolaka Timur Dalam Angka 2024" in label
        spine = PdfReader(BytesIO(printed([book("741100001")], kind="spine"))).pages[0].extract_text()
        assert spine.split() == ["1102001.7411", "7411", "2024", "R2"]

    def test_a_shortened_title_keeps_its_year(self):
        short = printing.shortened(LONG, SHEETS["5x13"])
        assert short.startswith("Produk Domestik")
        assert short.endswith("… 2020–2024")
        assert len(short) < 40
        assert len(printing.shortened("x" * 500, SHEETS["5x13"])) < 40

    def test_a_book_without_facts_has_its_barcode_on_its_back(self):
        assert printing.call_number(Copy(publication=Publication(title="x"), barcode="B1")) == ["B1"]

    def test_control_characters_and_html(self):
        pdf = printed([book("A&B<1>", "<script>\x01\x0b&amp;")])
        assert [code128.read(group[3]) for group in code128.drawn(pdf)] == ["A&B<1>"]


def pages(pdf: bytes) -> int:
    return len(PdfReader(BytesIO(pdf)).pages)


def text_lines(pdf: bytes) -> list[tuple[float, float]]:
    """Where every piece of text begins, in mm from the left upper corner of the paper."""
    page = PdfReader(BytesIO(pdf)).pages[0]
    high, found = float(page.mediabox.height), []

    def note(text, cm, tm, _font, _size):
        if text.strip():
            x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
            y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
            found.append((x * code128.MM, (high - y) * code128.MM))

    page.extract_text(visitor_text=note)
    return found


class TestPage:
    @pytest.fixture
    def stock(self, office):
        demo.furnish(office)
        return list(office.copies.order_by("barcode"))

    def test_a_shelf_a_day_and_a_range(self, desk, office, stock):
        assert desk.get(PAGE).context["page"].paginator.count == len(stock)
        of_shelf = desk.get(PAGE, {"rak": "r2"}).context["page"].paginator.count
        assert of_shelf == office.copies.filter(shelf="R2").count()
        some = desk.get(PAGE, {"dari": stock[3].barcode, "sampai": stock[7].barcode})
        assert some.context["page"].paginator.count == 5
        of_book = desk.get(PAGE, {"publikasi": stock[3].publication_id})
        assert list(of_book.context["page"]) == [stock[3]]
        assert desk.get(PAGE, {"sejak": "2099-01-01"}).context["page"].paginator.count == 0
        assert desk.get(PAGE, {"sejak": "bukan", "q": "\0", "publikasi": "9" * 30}).status_code == 200

    def test_the_chosen_ones(self, desk, stock):
        answer = desk.post(PAGE, {**PRINT, "which": "chosen", "copy": [stock[4].pk, stock[1].pk]})
        assert answer["Content-Type"] == "application/pdf"
        read = [code128.read(group[3]) for group in code128.drawn(answer.content)]
        assert read == [stock[1].barcode, stock[4].barcode]

    def test_all_that_were_found(self, desk, office, stock):
        answer = desk.post(PAGE, {**PRINT, "rak": "R3", "sheet": "5x13"})
        assert len(list(code128.drawn(answer.content))) == office.copies.filter(shelf="R3").count()

    def test_withdrawn_books_and_other_offices_have_none(self, desk, offices, stock):
        Copy.objects.filter(pk=stock[0].pk).update(state="withdrawn")
        theirs = Copy.objects.create(office=offices["6571"], publication=stock[0].publication, barcode="T1")
        told = desk.post(PAGE, {**PRINT, "which": "chosen", "copy": [stock[0].pk, theirs.pk]})
        assert told.status_code == 422
        assert "paling sedikit satu" in told.content.decode()

    @pytest.mark.parametrize(
        ("more", "field"),
        [
            ({"which": "chosen", "copy": []}, "which"),
            ({"which": "chosen", "copy": ["x", "²", "9" * 40]}, "which"),
            ({"first": "25"}, "first"),
            ({"first": "0"}, "first"),
            ({"first": "9" * 50}, "first"),
            ({"sheet": "9x9"}, "sheet"),
            ({"kind": "\0"}, "kind"),
        ],
    )
    def test_what_is_wrong_is_told_at_its_field_and_the_choice_stays(self, desk, stock, more, field):
        answer = desk.post(PAGE, {**PRINT, "rak": "R2", "copy": [stock[1].pk], "first": "3", **more})
        assert answer.status_code == 422
        assert field in answer.context["form"].errors
        assert answer.context["asked"]["rak"] == "R2"

    def test_a_barcode_too_long_for_the_label_is_named(self, desk, office, stock):
        Copy.objects.create(
            office=office, publication=stock[0].publication, barcode="SANGAT-PANJANG-SEKALI-0001", shelf="Z"
        )
        Copy.objects.create(office=office, publication=stock[0].publication, barcode="é1", shelf="Z")
        answer = desk.post(PAGE, {**PRINT, "rak": "Z", "sheet": "5x13"})
        assert answer.status_code == 422
        assert "SANGAT-PANJANG-SEKALI-0001" in answer.content.decode()
        assert "é1" in answer.content.decode()
        assert desk.post(PAGE, {**PRINT, "rak": "Z", "kind": "spine"}).status_code == 200

    def test_as_many_questions_for_many_as_for_few(self, desk, stock, django_assert_max_num_queries):
        desk.get(PAGE)
        with django_assert_max_num_queries(10):
            desk.get(PAGE)


@pytest.mark.parametrize(("kind", "sheet", "sheets"), [("barcode", "3x8", 42), ("spine", "5x13", 16)])
def test_a_thousand_labels_at_once(kind, sheet, sheets):
    """Measured: 3.6 and 2 s of a slow core, so that they are drawn in the request. More than these are refused."""
    copies = [book(f"7411{n:05d}") for n in range(1, printing.MOST + 1)]
    began = time.process_time()
    pdf = printed(copies, sheet, kind)
    assert time.process_time() - began < 15
    assert pages(pdf) == sheets


def test_the_bars_stand_free_between_title_and_number():
    for key in SHEETS:
        pdf = printed([book("741100001", "WWWW MMMM " * 30)], key)
        [(_page, top, bottom, _bars)] = list(code128.drawn(pdf))
        *above, number = sorted(y for _x, y in text_lines(pdf))
        assert above[-1] < top < bottom < number
        assert number - bottom > 1.0


def test_the_office_s_name_is_shortened_to_one_line():
    assert printing.office_line(Office(name="BPS Kolaka Timur"), SHEETS["3x8"]) == "BPS Kolaka Timur"
    assert printing.office_line(OFFICE, SHEETS["3x8"]) == "BPS Kab. Kolaka Timur Prov. Sula…"
    for key in SHEETS:
        lines = text_lines(printed([book("741100001", "Judul")], key))
        assert len(lines) == 3
