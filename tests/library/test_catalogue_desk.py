"""Entering and changing the catalogue: who may, what is alike, what is wrong, and two officers at once."""

from __future__ import annotations

from functools import partial
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from library import lookup, reference
from library.models import Copy, Hold, Loan, Publication, Region, Series
from library.search import engine, index
from library.workflows import catalogue as work
from library.workflows import circulation, holds, shelves
from library.workflows import copies as copies_work
from services.audit.actors import Actor
from services.audit.models import AuditEntry
from services.guestbook.models import Visitor
from services.offices.models import Office
from tests.library.support import client_of
from tests.test_bad_input import NASTY
from tests.together import at_once

NEW, LIST = "/meja/pustaka/publikasi/baru/", "/meja/pustaka/koleksi/"
FILLED = {
    "title": "Kolaka Timur Dalam Angka 2024",
    "year": "2024",
    "region": "7411",
    "series": "Kolaka Timur Dalam Angka",
    "catalogue_number": "1102001.7411",
    "publication_number": "74110.2401",
    "isbn": "9786024381233",
    "issn": "2085-4072",
    "language": "id",
    "pages": "320",
    "abstract": "Gambaran umum.",
    "frequency": "yearly",
    "released_on": "2024-02-28",
    "web_address": "koltimkab.bps.go.id/publikasi",
}


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    """Uploads go to a folder of the test."""
    options = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": options}
    return tmp_path


@pytest.fixture
def region(office) -> Region:
    return reference.region_of(office)


@pytest.fixture
def book(office) -> Publication:
    series = Series.objects.create(title="Tirawuta Dalam Angka")
    publication = Publication.objects.create(
        title="Tirawuta Dalam Angka 2023", year=2023, keeper=office, series=series
    )
    index.write([publication])
    return publication


@pytest.fixture
def elsewhere(offices, make_user) -> Client:
    """The desk of Tarakan."""
    return signed(make_user(offices["6571"]))


def signed(user) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page_of(row: Publication) -> str:
    return reverse("library:publication_edit", args=[row.pk])


def typed(publication: Publication, **more) -> dict:
    """The form of a record as the page shows it."""
    facts = {"title": publication.title, "year": publication.year or "", "language": publication.language}
    return {
        **facts,
        "series": lookup.series_words(publication.series),
        "version": work.version(publication),
        **more,
    }


def errors(answer) -> dict:
    assert answer.status_code == 422
    return dict(answer.context["form"].errors)


@pytest.mark.usefixtures("region")
class TestNew:
    def test_all_its_facts(self, desk, office, region):
        answer = desk.post(NEW, FILLED)
        stored = Publication.objects.get()
        assert answer.url == f"{page_of(stored)}#eksemplar"
        assert (stored.keeper, stored.region, stored.isbn) == (office, region, "978-602-438-123-3")
        assert (stored.year, stored.pages, str(stored.released_on)) == (2024, 320, "2024-02-28")
        assert stored.web_address == "https://koltimkab.bps.go.id/publikasi"
        assert (stored.series.title, stored.series.region) == ("Kolaka Timur Dalam Angka", region)
        assert AuditEntry.objects.filter(action="publication.added", target_id=stored.pk).exists()

    def test_it_is_found_at_once(self, desk):
        desk.post(NEW, FILLED)
        assert [p.title for p in engine.search("angka kolaka 2024", engine.Filters()).page] == [
            FILLED["title"]
        ]
        assert engine.search("9786024381233", engine.Filters()).count == 1

    def test_a_series_there_is_is_used_and_not_made_again(self, desk, region):
        desk.post(NEW, FILLED)
        desk.post(
            NEW,
            {
                **FILLED,
                "title": "KOLTIM 2025",
                "year": "2025",
                "isbn": "",
                "series": "kolaka timur dalam ANGKA [7411]",
            },
        )
        assert Series.objects.count() == 1
        assert Series.objects.get().publications.count() == 2

    @pytest.mark.parametrize(
        ("field", "value", "words"),
        [
            ("title", " ", "tidak boleh kosong"),
            ("title", "x" * 501, "500"),
            ("isbn", "978-602-438-123-4", "ISBN ini tidak benar"),
            ("isbn", "٩٧٨٦٠٢٤٣٨١٢٣٣", "ISBN ini tidak benar"),
            ("issn", "1234-5678", "ISSN ini tidak benar"),
            ("year", "9" * 60, ""),
            ("year", "1492", ""),
            ("year_end", "2020", "Tahun akhir"),
            ("pages", "-1", ""),
            ("pages", "70000", ""),
            ("released_on", "31-31-2024", ""),
            ("region", "9999", "kode 9999"),
            ("region", "Atlantis", "tidak dikenal"),
            ("series", "y" * 310, "300"),
            ("series", "Judul [9999]", "kode 9999"),
            ("web_address", "javascript:alert(1)", ""),
            ("language", "tlh", ""),
        ],
    )
    def test_a_mistake_is_told_at_its_field_and_nothing_typed_is_lost(
        self, desk, region, field, value, words
    ):
        answer = desk.post(NEW, {**FILLED, field: value})
        told = errors(answer)
        assert list(told) == [field]
        assert words in " ".join(told[field])
        assert "Gambaran umum." in answer.content.decode()
        assert not Publication.objects.exists()
        assert not Series.objects.exists()

    @pytest.mark.parametrize(
        "again",
        [
            {"title": "Buku lain", "catalogue_number": ""},  # ISBN
            {"title": "Buku lain", "isbn": ""},  # catalogue number and year
            {"title": "kolaka timur – dalam  ANGKA, 2024", "isbn": "", "catalogue_number": ""},
        ],
    )
    def test_what_is_alike_is_shown_first(self, desk, again):
        desk.post(NEW, FILLED)
        answer = desk.post(NEW, {**FILLED, **again})
        assert answer.status_code == 422
        page = answer.content.decode()
        assert "Mirip dengan yang sudah ada" in page
        assert f"{page_of(Publication.objects.get())}#eksemplar" in page
        assert 'value="74110.2401"' in page
        desk.post(NEW, {**FILLED, **again, "anyway": "1"})
        assert Publication.objects.count() == 2

    @pytest.mark.parametrize("other", [{"year": "2023"}, {"title": "Kolaka Timur Dalam Angka 2024 Jilid 2"}])
    def test_another_year_or_title_is_another_book(self, desk, other):
        bare = {**FILLED, "isbn": "", "catalogue_number": ""}
        desk.post(NEW, bare)
        assert desk.post(NEW, {**bare, **other}).status_code == 302

    def test_a_title_in_letters_the_index_does_not_know(self, desk):
        given = {"title": "印度尼西亚统计", "language": "other"}
        assert desk.post(NEW, given).status_code == 302
        assert "Mirip" in desk.post(NEW, given).content.decode()

    @pytest.mark.parametrize("kind", NASTY)
    def test_odd_words_are_stored_and_found_again(self, desk, kind):
        for name in ("title", "series", "catalogue_number", "abstract"):
            given = {"title": "Buku", "language": "id", "anyway": "1", name: NASTY[kind]}
            answer = desk.post(NEW, given, follow=True)
            assert answer.status_code in (200, 422), name
            assert "<script>alert" not in answer.content.decode()
        assert Client().get("/oai/?verb=ListRecords&metadataPrefix=oai_dc").status_code == 200

    def test_what_was_sought_is_in_the_title(self, desk):
        assert ">Potensi Desa</textarea>" in desk.get(f"{NEW}?judul=Potensi+Desa").content.decode().replace(
            "\n", ""
        )


class TestRegions:
    @pytest.fixture(autouse=True)
    def bima(self, db):
        Region.objects.create(code="5206", name="Kabupaten Bima")
        Region.objects.create(code="5272", name="Kota Bima")
        Region.objects.get_or_create(code="7411", defaults={"name": "Kolaka Timur"})
        Region.objects.filter(code="7411").update(aliases=["koltim"])

    @pytest.mark.parametrize(
        ("typed", "code"),
        [
            ("7411", "7411"), (" 7411  Kolaka Timur ", "7411"), ("74", "7400"), ("kolaka timur", "7411"),
            ("Kabupaten Kolaka Timur", "7411"), ("KOLTIM", "7411"), ("kota bima", "5272"), ("sultra", "7400"), ("", None),
        ],
    )  # fmt: skip
    def test_by_code_name_or_alias(self, typed, code):
        found = lookup.region(typed)
        assert (found.code if found else None) == code

    @pytest.mark.parametrize(
        ("typed", "told"),
        [
            ("Bima", "5206 Kabupaten Bima, 5272 Kota Bima"),
            ("kolaka", "Maksud Anda: 7411"),
            ("(.*", "tidak dikenal"),
        ],
    )
    def test_several_or_none_are_told(self, typed, told):
        with pytest.raises(ValidationError) as problem:
            lookup.region(typed)
        assert told in problem.value.messages[0]

    def test_two_series_of_one_title(self, office):
        for code in ("5206", "5272"):
            Series.objects.create(title="Statistik Daerah", region=Region.objects.get(code=code))
        with pytest.raises(ValidationError, match=r"Statistik Daerah \[5206\]; Statistik Daerah \[5272\]"):
            lookup.series("statistik daerah", None)
        assert lookup.series("statistik daerah", Region.objects.get(code="5272")).region.code == "5272"
        assert lookup.series("statistik daerah [5206]", None).region.code == "5206"

    def test_suggestions_are_few_and_of_the_own_region_first(self, desk, region):
        Series.objects.bulk_create(Series(title=f"Aneka Statistik {n:03d}") for n in range(300))
        Series.objects.create(title="Statistik Terakhir", region=region)
        asked = reverse("library:suggest_options", args=["seri"])
        options = desk.get(asked, {"series": "statistik"}).content.decode()
        assert options.count("<option") == lookup.SHOWN
        assert options.index("Statistik Terakhir [7411]") < options.index("Aneka")
        assert "<option" not in desk.get(asked, {"series": "\0"}).content.decode()
        asked = reverse("library:suggest_options", args=["wilayah"])
        assert "5206 Kabupaten Bima" in desk.get(asked, {"region": "bim"}).content.decode()
        assert desk.get(reverse("library:suggest_options", args=["lain"])).status_code == 404


class TestChange:
    def test_a_fact_and_the_search_with_it(self, desk, book):
        desk.post(page_of(book), typed(book, title="Loea Dalam Angka 2023"))
        book.refresh_from_db()
        assert book.title == "Loea Dalam Angka 2023"
        assert engine.search("loea", engine.Filters()).count == 1
        line = AuditEntry.objects.get(action="publication.changed")
        assert line.detail["changed"] == "title"

    def test_nothing_changed_leaves_no_trace(self, desk, book):
        desk.post(page_of(book), typed(book))
        assert not AuditEntry.objects.filter(action="publication.changed").exists()

    def test_another_office_reads_only_and_adds_its_copies(self, elsewhere, offices, book):
        page = elsewhere.get(page_of(book)).content.decode()
        assert "hanya kantor itu yang dapat mengubahnya" in page
        assert 'name="version"' not in page
        assert elsewhere.post(page_of(book), typed(book, title="Milik kami")).status_code == 404
        elsewhere.post(reverse("library:copies_add", args=[book.pk]), {"count": "1"})
        assert offices["6571"].copies.get().publication == book

    def test_an_administrator_may_change_any(self, make_user, offices, book):
        boss = signed(make_user(offices["6571"], is_superuser=True))
        assert boss.post(page_of(book), typed(book, title="Loea")).status_code == 302

    def test_the_later_of_two_officers_is_told_and_overwrites_nothing(self, desk, make_user, office, book):
        before = typed(book, pages="77")
        signed(make_user(office)).post(page_of(book), typed(book, producer="BPS Kolaka Timur"))
        answer = desk.post(page_of(book), before)
        assert answer.status_code == 422
        page = answer.content.decode()
        assert "Petugas lain baru saja mengubah" in page
        assert "BPS Kolaka Timur" in page
        assert 'value="77"' in page
        book.refresh_from_db()
        assert (book.pages, book.producer) == (None, "BPS Kolaka Timur")
        again = {**before, "version": answer.context["version"], "producer": "BPS Kolaka Timur"}
        assert desk.post(page_of(book), again).status_code == 302
        book.refresh_from_db()
        assert (book.pages, book.producer) == (77, "BPS Kolaka Timur")

    def test_a_mistake_keeps_the_version_of_when_it_was_opened(self, desk, book):
        answer = desk.post(page_of(book), typed(book, isbn="1", version="dahulu"))
        assert list(errors(answer)) == ["isbn"]
        assert answer.context["version"] == "dahulu"

    def test_there_is_none(self, desk):
        assert desk.get(reverse("library:publication_edit", args=[10**12])).status_code == 404


def picture(format_="PNG", size=(1200, 2000), mode="RGB", **more) -> SimpleUploadedFile:
    content = BytesIO()
    Image.new(mode, size, "orange").save(content, format_, **more)
    return SimpleUploadedFile(f"sampul.{format_.lower()}", content.getvalue())


class TestCover:
    def put(self, client, book, upload, action="pasang"):
        return client.post(
            reverse("library:cover", args=[book.pk, action]), {"cover": upload} if upload else {}
        )

    @pytest.mark.parametrize("format_", ["PNG", "JPEG", "WEBP"])
    def test_it_is_drawn_anew_and_shown_to_everybody(self, desk, book, format_):
        exif = Image.Exif()
        exif[0x010E] = "Rahasia"
        self.put(desk, book, picture(format_, exif=exif))
        book.refresh_from_db()
        stored = Image.open(default_storage.open(book.cover.name))
        assert (stored.format, stored.size) == ("JPEG", (540, 900))
        assert not stored.getexif()
        public = Client()
        for page in (book.get_absolute_url(), "/cari/?q=tirawuta"):
            assert book.cover_url in public.get(page).content.decode()
        answer = public.get(book.cover_url)
        assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
        assert "immutable" in answer["Cache-Control"]

    def test_what_is_see_through_lies_on_white(self, desk, book):
        content = BytesIO()
        Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(content, "PNG")
        self.put(desk, book, SimpleUploadedFile("a.png", content.getvalue()))
        book.refresh_from_db()
        assert min(Image.open(default_storage.open(book.cover.name)).getpixel((20, 20))) > 250

    @pytest.mark.parametrize(
        "upload", [None, SimpleUploadedFile("a.jpg", b"GIF89a"), SimpleUploadedFile("a.svg", b"<svg/>")]
    )
    def test_no_picture_is_told_at_the_field(self, desk, book, upload):
        answer = self.put(desk, book, upload)
        assert answer.status_code == 422
        assert "cover" in answer.context["cover_form"].errors

    def test_replaced_and_removed_the_file_goes(self, desk, book, files, django_capture_on_commit_callbacks):
        self.put(desk, book, picture())
        for upload, action, left in ((picture("JPEG"), "pasang", 1), (None, "hapus", 0)):
            with django_capture_on_commit_callbacks(execute=True):
                self.put(desk, book, upload, action)
            assert len(list((files / "covers").iterdir())) == left

    def test_it_outdates_no_form(self, desk, book):
        before = typed(book, pages="9")
        self.put(desk, book, picture())
        assert desk.post(page_of(book), before).status_code == 302
        book.refresh_from_db()
        assert book.cover

    def test_only_who_keeps_the_record(self, elsewhere, book):
        assert self.put(elsewhere, book, picture()).status_code == 404

    @pytest.mark.parametrize("name", ["tidak-ada.jpg", "..%2f..%2fetc%2fpasswd", "a%00b"])
    def test_other_files_are_not_served(self, db, name):
        assert Client().get(f"/sampul/{name}").status_code == 404


class TestCopies:
    def add(self, client, book, **given):
        return client.post(reverse("library:copies_add", args=[book.pk]), given)

    def test_numbered_by_the_office_s_next_free_number(self, desk, office, book):
        Copy.objects.create(office=office, publication=book, barcode="741100041")
        Copy.objects.create(
            office=office, publication=book, barcode="7411000420009"
        )  # somebody else's numbering
        self.add(desk, book, count="3", shelf=" R1 ", in_house_only="on")
        made = office.copies.filter(shelf="R1")
        assert sorted(c.barcode for c in made) == ["741100042", "741100043", "741100044"]
        assert all(c.in_house_only and c.state == "shelf" for c in made)
        assert AuditEntry.objects.filter(action="copy.added").count() == 3

    def test_scanned_one_after_the_other(self, desk, office, book):
        self.add(desk, book, barcodes="KT-1\r\n KT-2 \n\nkt-3\r", count="1")
        assert [c.barcode for c in office.copies.order_by("barcode")] == ["KT-1", "KT-2", "kt-3"]

    @pytest.mark.parametrize(
        ("given", "field", "words"),
        [
            ({"barcodes": "KT-9\nkt-1"}, "barcodes", "KT-1 sudah dipakai: Tirawuta"),
            ({"barcodes": "A\na"}, "barcodes", "tertulis dua kali"),
            ({"barcodes": "é1"}, "barcodes", "latin"),
            ({"barcodes": "x" * 41}, "barcodes", "paling panjang 40"),
            ({"barcodes": "\n".join(str(n) for n in range(201))}, "barcodes", "200"),
            ({"barcodes": "A\nB\nC", "count": "5"}, "count", "3 barcode untuk 5"),
            ({"count": "0"}, "count", ""),
            ({"count": "9" * 30}, "count", ""),
            ({"count": "1", "shelf": "r" * 41}, "shelf", ""),
        ],
    )
    def test_a_mistake_is_told_at_its_field_and_nothing_is_half_done(
        self, desk, office, book, given, field, words
    ):
        Copy.objects.create(office=office, publication=book, barcode="KT-1")
        answer = self.add(desk, book, **given)
        assert answer.status_code == 422
        told = answer.context["copies_form"].errors
        assert list(told) == [field]
        assert words in " ".join(told[field])
        assert office.copies.count() == 1

    def test_another_office_may_have_the_same_barcode(self, desk, offices, book):
        Copy.objects.create(office=offices["6571"], publication=book, barcode="X1")
        assert self.add(desk, book, barcodes="X1").status_code == 302

    def test_whoever_waits_gets_the_new_one(self, offices, make_user, book, by):
        office = offices["1906"]  # the one whose standard lends
        desk = signed(make_user(office))
        copy = Copy.objects.create(office=office, publication=book, barcode="X1", state="out")
        visitor = Visitor.objects.create(office=office, name="Wahyu", phone="+6281234567890")
        hold = holds.ask(book, office, visitor, by=by)
        self.add(desk, book, barcodes="X2")
        hold.refresh_from_db()
        assert (hold.state, hold.copy.barcode, copy.barcode) == ("ready", "X2", "X1")

    def test_another_shelf_and_barcode(self, desk, office, book):
        copy = Copy.objects.create(office=office, publication=book, barcode="X1")
        Copy.objects.create(office=office, publication=book, barcode="X2")
        page = reverse("library:copy", args=[copy.pk])
        told = errors(desk.post(page, {"barcode": "x2", "shelf": "R7"}))
        assert "sudah dipakai" in told["barcode"][0]
        desk.post(page, {"barcode": "X3", "shelf": "R7", "in_house_only": "on"})
        copy.refresh_from_db()
        assert (copy.barcode, copy.shelf, copy.in_house_only) == ("X3", "R7", True)
        assert (
            AuditEntry.objects.get(action="copy.changed").detail["changed"] == "barcode, shelf, in_house_only"
        )

    def test_made_in_house_it_is_kept_for_nobody(self, offices, make_user, book, by):
        office = offices["1906"]  # the one whose standard lends
        desk = signed(make_user(office))
        copy = Copy.objects.create(office=office, publication=book, barcode="X1")
        visitor = Visitor.objects.create(office=office, name="Wahyu", phone="+6281234567890")
        hold = holds.ask(book, office, visitor, by=by)
        page = reverse("library:copy", args=[copy.pk])
        desk.post(page, {"barcode": "X1", "in_house_only": "on"})
        hold.refresh_from_db()
        assert hold.state == Hold.State.WAITING
        desk.post(page, {"barcode": "X1"})
        hold.refresh_from_db()
        assert hold.state == Hold.State.READY

    def test_withdrawn_and_put_back(self, desk, office, book, by):
        copy = Copy.objects.create(office=office, publication=book, barcode="X1")
        act = partial(reverse, "library:copy_act")
        circulation.read_here(copy, by=by)
        page = desk.post(act(args=[copy.pk, "tarik"]), follow=True).content.decode()
        assert "masih tercatat di tangan pembaca" in page
        circulation.bring_back(copy, by=by)
        states = []
        for action in ("tarik", "kembali"):
            desk.post(act(args=[copy.pk, action]))
            copy.refresh_from_db()
            states.append(copy.state)
        assert states == ["withdrawn", "shelf"]
        assert "sudah ada di rak" in desk.post(act(args=[copy.pk, "kembali"]), follow=True).content.decode()
        assert desk.post(act(args=[copy.pk, "bakar"])).status_code == 404

    @pytest.mark.parametrize("state", ["damaged", "lost"])
    def test_a_damaged_or_lost_one_is_the_supervisors_to_decide_about(
        self, desk, office, book, make_user, state
    ):
        copy = Copy.objects.create(office=office, publication=book, barcode="X1", state=state)
        assert "diputuskan atasan" in desk.get(reverse("library:copy", args=[copy.pk])).content.decode()
        for action in ("tarik", "kembali"):
            assert desk.post(reverse("library:copy_act", args=[copy.pk, action])).status_code == 403
        boss = client_of(make_user(office, "supervisor"))
        assert "Kembalikan ke rak" in boss.get(reverse("library:copy", args=[copy.pk])).content.decode()
        boss.post(reverse("library:copy_act", args=[copy.pk, "tarik"]))
        assert Copy.objects.get().state == "withdrawn"

    def test_one_a_reader_lost_comes_back_with_its_loan(self, office, book, by):
        copy = Copy.objects.create(office=office, publication=book, barcode="X1")
        circulation.lose(circulation.read_here(copy, by=by), by=by)
        shelves.back(copy, by=by)
        assert (Copy.objects.get().state, Loan.objects.get().state) == ("shelf", "returned")

    def test_from_one_withdrawn_since(self, office, book, by):
        """Whoever lost it is free of it."""
        copy = Copy.objects.create(office=office, publication=book, barcode="X1")
        circulation.lose(circulation.read_here(copy, by=by), by=by)
        shelves.withdraw(copy, by=by)
        shelves.back(copy, by=by)
        assert (Copy.objects.get().state, Loan.objects.get().state) == ("shelf", "returned")

    def test_numbers_that_are_used_up_begin_again(self, desk, office, book):
        """One barcode typed wrong must not end the office's own numbers for ever."""
        Copy.objects.create(office=office, publication=book, barcode=f"{office.code}999999")
        Copy.objects.create(office=office, publication=book, barcode=f"{office.code}00002")
        address = reverse("library:copies_add", args=[book.pk])
        for _n in range(2):
            assert desk.post(address, {"count": "2"}).status_code == 302
        found = set(office.copies.values_list("barcode", flat=True))
        assert {f"{office.code}0000{n}" for n in (1, 3, 4, 5)} < found

    @pytest.mark.django_db(transaction=True)
    def test_two_desks_never_take_one_number(self, office, make_user):
        book = Publication.objects.create(title="Ramai", keeper=office)
        by = Actor("officer", user_id=make_user(office).pk)

        def take():
            copies_work.add(book, office, barcodes=[], count=5, shelf="", in_house_only=False, by=by)

        at_once(*[take] * 4)
        assert office.copies.count() == len({c.barcode for c in office.copies.all()}) == 20


class TestSeries:
    @pytest.fixture
    def older(self, db) -> Series:
        return Series.objects.create(title="Monografi Tirawuta")

    def page(self, series):
        return reverse("library:series", args=[series.pk])

    def test_its_new_title_is_found(self, desk, book):
        desk.post(
            self.page(book.series), {"title": "Loea Dalam Angka", "issn": "20854072", "frequency": "yearly"}
        )
        book.series.refresh_from_db()
        assert (book.series.title, book.series.issn) == ("Loea Dalam Angka", "2085-4072")
        assert engine.search("loea", engine.Filters()).count == 1
        assert AuditEntry.objects.filter(action="series.changed").exists()

    def test_a_circle_is_told_at_the_field(self, desk, book, older):
        older.continues = book.series
        older.save()
        answer = desk.post(self.page(book.series), {"title": book.series.title, "continues": older.title})
        assert list(errors(answer)) == ["continues"]
        assert "dirinya sendiri" in answer.content.decode()
        assert list(
            errors(desk.post(self.page(book.series), {"title": "Y", "continues": book.series.title}))
        ) == ["continues"]

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"title": ""}, "title"),
            ({"title": "monografi TIRAWUTA"}, "title"),
            ({"issn": "1"}, "issn"),
            ({"continues": "Belum ada"}, "continues"),
            ({"region": "Atlantis"}, "region"),
            ({"frequency": "kadang"}, "frequency"),
        ],
    )
    def test_mistakes_are_told_at_their_fields(self, desk, book, older, given, field):
        answer = desk.post(self.page(book.series), {"title": "Tirawuta", **given})
        assert list(errors(answer)) == [field]

    def test_changed_meanwhile(self, desk, book):
        answer = desk.post(self.page(book.series), {"title": "Loea", "version": "lama"})
        assert "Petugas lain baru saja" in answer.content.decode()
        assert Series.objects.get(pk=book.series_id).title == "Tirawuta Dalam Angka"
        again = {"title": "Loea", "version": answer.context["version"]}
        assert desk.post(self.page(book.series), again).status_code == 302

    def test_only_who_keeps_all_of_it(self, desk, elsewhere, offices, book):
        assert elsewhere.post(self.page(book.series), {"title": "Y"}).status_code == 404
        assert 'name="title"' not in elsewhere.get(self.page(book.series)).content.decode()
        Publication.objects.create(title="Edisi lain", series=book.series, keeper=offices["6571"])
        assert desk.post(self.page(book.series), {"title": "Y"}).status_code == 404

    @pytest.mark.django_db(transaction=True)
    def test_two_officers_cannot_close_a_circle_together(self, office, make_user):
        """Each sees no circle; together they would make one."""
        by = Actor("officer", user_id=make_user(office).pk)
        one, two = (Series.objects.create(title=title) for title in ("Satu", "Dua"))

        def continue_(series, other):
            row = Series.objects.get(pk=series.pk)
            seen, row.continues = work.version(row), Series.objects.get(pk=other.pk)
            try:
                work.change_series(row, seen=seen, office=Office.objects.get(pk=office.pk), by=by)
            except ValidationError:
                return

        at_once(partial(continue_, one, two), partial(continue_, two, one))
        assert Series.objects.exclude(continues=None).count() == 1


class TestCollection:
    @pytest.fixture
    def stock(self, office, offices, book):
        for n in range(60):
            Copy.objects.create(office=office, publication=book, barcode=f"KT-{n:03d}", shelf=f"R{n % 3}")
        Copy.objects.create(office=offices["6571"], publication=book, barcode="TRK-1")

    def test_pages_filters_and_order(self, desk, stock):
        first = desk.get(LIST)
        assert "60 eksemplar" in first.content.decode()
        assert "TRK-1" not in first.content.decode()
        assert "KT-059" in desk.get(LIST, {"page": 2}).content.decode()
        assert desk.get(LIST, {"q": "tirawuta r2"}).context["page"].paginator.count == 20
        assert desk.get(LIST, {"q": "kt-007"}).context["page"].paginator.count == 1
        Copy.objects.filter(barcode="KT-003").update(state="withdrawn")
        assert desk.get(LIST, {"status": "withdrawn"}).context["page"].paginator.count == 1
        assert str(desk.get(LIST, {"urut": "terbaru"}).context["page"][0]) == "KT-059"

    def test_what_has_no_copy(self, desk, stock, office, offices):
        Publication.objects.create(title="Hanya softcopy", keeper=office)
        Publication.objects.create(title="Bukan kami", keeper=offices["6571"])
        page = desk.get(LIST, {"lihat": "tanpa"}).content.decode()
        assert "Hanya softcopy" in page
        assert "Bukan kami" not in page
        assert "Tirawuta" not in page

    def test_the_whole_catalogue_leads_to_the_record(self, elsewhere, book):
        assert page_of(book) in elsewhere.get(LIST, {"lihat": "semua", "q": "tirawuta"}).content.decode()
        page = elsewhere.get(LIST, {"lihat": "semua", "q": "zzz qqq"}).content.decode()
        assert "?judul=zzz%20qqq" in page

    @pytest.mark.parametrize(
        "asked", [{"q": "\0"}, {"page": "x"}, {"page": "٣"}, {"urut": "x", "lihat": "y", "status": "z"}]
    )
    def test_odd_addresses(self, desk, stock, asked):
        assert desk.get(LIST, asked).status_code == 200

    def test_as_many_questions_for_many_as_for_few(self, desk, stock, django_assert_max_num_queries):
        desk.get(LIST)
        with django_assert_max_num_queries(8):
            desk.get(LIST)
