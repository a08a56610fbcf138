"""A table comes into the catalogue: looked at first, applied whole or not at all, taken back whole."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from django.utils.html import strip_tags
from openpyxl import Workbook

from library import demo
from library.importing import applying, reading, table
from library.importing.words import said
from library.models import Copy, Import, ImportRow, Loan, Publication, Series, SourceRecord
from library.workflows import circulation, imports_nightly, stock
from library.workflows import imports as work
from services.workflow import IllegalMove
from tests.library.import_support import applied, fresh, load, notes, outcomes, problem, undone

HEAD = "Judul,Tahun,No. Katalog,ISBN,Wilayah,Barcode,Rak\n"
ROWS = (
    "Kolaka Timur Dalam Angka 2024,2024,1102001.7411,978-602-438-123-3,7411,K1,R1\n"
    '"Statistik Daerah, Kolaka Timur 2023",,1101002.7411,,,K2,R2\n'
)


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        }
    }


def whole_catalogue() -> list:
    """Everything an import may change, as plain data."""
    records = list(
        Publication.objects.order_by("pk").values("pk", "title", "year", "abstract", "region", "series")
    )
    copies = list(Copy.objects.order_by("pk").values("pk", "barcode", "publication"))
    said = list(SourceRecord.objects.order_by("key").values("key", "said"))
    return [records, copies, said, list(Series.objects.order_by("pk").values("pk", "title"))]


class TestColumns:
    def test_titles_are_recognised_as_offices_write_them(self, office, by):
        batch = load(office, by, HEAD + ROWS)
        assert batch.options["columns"] == [
            "title", "year", "catalogue_number", "isbn", "region", "barcode", "shelf",
        ]  # fmt: skip
        assert batch.state == "ready"
        assert outcomes(batch) == ["new", "new"]
        assert not Publication.objects.filter(keeper=office).exists()  # nothing counts yet

    def test_what_is_not_said_is_read_from_title_and_catalogue_number(self, office, by):
        demo.furnish(office)
        batch = applied(load(office, by, "judul;katalog\nSurvei Baru Kolaka Timur 2019–2021;3301.7411\n"), by)
        made = batch.rows.get().publication
        assert (made.year, made.year_end, made.region.code) == (2019, 2021, "7411")

    @pytest.mark.parametrize(
        "typed", ["Kab Kolaka Timur", "kab. kolaka timur", "KABUPATEN KOLAKA TIMUR", "7411.0"]
    )
    def test_a_region_as_people_write_it(self, office, by, typed):
        demo.furnish(office)
        batch = load(office, by, f"judul;wilayah\nSurvei Baru 2020;{typed}\n")
        assert notes(batch) == []

    @pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
    def test_separators_and_encodings(self, office, by, separator, encoding):
        text = HEAD.replace(",", separator) + f"Café – Kopi Rakyat{separator * 6}\r\n"
        batch = load(office, by, text.encode(encoding))
        assert batch.rows.get().title == "Café – Kopi Rakyat"

    def test_a_file_without_titles_of_columns(self, office, by):
        batch = load(office, by, "Survei A 2020,x\nSurvei B 2021,y\n", headed=False, columns=["title", ""])
        assert [row.title for row in batch.rows.all()] == ["Survei A 2020", "Survei B 2021"]

    def test_a_workbook(self, office, by):
        book = Workbook()
        book.active.append(["Judul", "Tahun", "Halaman"])
        book.active.append(["Padi dan Palawija 2022", 2022.0, "xii + 96 hlm."])
        file = io.BytesIO()
        book.save(file)
        batch = applied(load(office, by, file.getvalue(), "daftar.xlsx"), by)
        made = batch.rows.get().publication
        assert (made.title, made.year, made.pages) == ("Padi dan Palawija 2022", 2022, 96)


class TestApplied:
    def test_records_and_copies_are_there_and_found(self, office, by, client):
        batch = applied(load(office, by, HEAD + ROWS), by)
        assert (batch.state, batch.counts) == ("done", {"new": 2})
        first = Publication.objects.get(title="Kolaka Timur Dalam Angka 2024")
        assert (first.keeper, first.source, first.isbn) == (office, "table", "978-602-438-123-3")
        assert [copy.barcode for copy in first.copies.all()] == ["K1"]
        found = strip_tags(client.get("/cari/?q=dalam+angka+kolaka").content.decode())
        assert "Kolaka Timur Dalam Angka 2024" in found

    def test_the_same_file_again_changes_nothing(self, office, by):
        applied(load(office, by, HEAD + ROWS), by)
        before = whole_catalogue()
        again = load(office, by, HEAD + ROWS)
        assert outcomes(again) == ["same", "same"]
        assert applied(again, by).counts == {"same": 2}
        assert whole_catalogue() == before

    def test_what_the_file_says_anew_is_changed_and_what_an_officer_corrected_stays(self, office, by):
        head = "id,judul,abstrak,penerbit\n"
        applied(load(office, by, head + "7,Survei Harga 2023,lama,BPS\n"), by)
        Publication.objects.filter(title="Survei Harga 2023").update(producer="BPS Kolaka Timur")
        again = load(office, by, head + "7,Survei Harga 2023,baru,BPS\n")
        assert again.rows.get().before == {"abstract": "lama"}
        applied(again, by)
        record = Publication.objects.get(title="Survei Harga 2023")
        assert (record.abstract, record.producer) == ("baru", "BPS Kolaka Timur")

    def test_a_record_of_the_desk_is_only_completed(self, office, by):
        mine = Publication.objects.create(
            title="Kolaka Timur Dalam Angka 2024", year=2024, keeper=office, catalogue_number="1"
        )
        batch = applied(load(office, by, HEAD + ROWS), by)
        mine.refresh_from_db()
        assert (batch.rows.first().publication, mine.catalogue_number) == (mine, "1")
        assert mine.isbn == "978-602-438-123-3"

    def test_another_offices_record_is_not_changed_but_gets_our_copies(self, office, by, offices):
        theirs = Publication.objects.create(
            title="Kolaka Timur Dalam Angka 2024", year=2024, keeper=offices["6571"]
        )
        batch = load(office, by, HEAD + ROWS)
        assert outcomes(batch) == ["copy", "new"]
        applied(batch, by)
        theirs.refresh_from_db()
        assert theirs.isbn == ""
        assert [copy.office for copy in theirs.copies.all()] == [office]

    def test_several_copies_of_one_edition_are_rows_of_their_own(self, office, by):
        rows = "".join(f"Sensus 2020,2020,,,,S{n},R1\n" for n in range(1, 4))
        batch = applied(load(office, by, HEAD + rows), by)
        record = Publication.objects.get(title="Sensus 2020")
        assert record.copies.count() == 3
        assert batch.counts == {"new": 1, "copy": 2}

    def test_more_rows_than_one_batch(self, office, by):
        rows = "".join(f"Survei Nomor {n} 2020,2020,,,,B{n},R1\n" for n in range(1234))
        batch = applied(load(office, by, HEAD + rows), by)
        assert batch.counts == {"new": 1234}
        assert Copy.objects.filter(office=office).count() == 1234

    def test_what_fails_in_the_middle_leaves_nothing(self, office, by, monkeypatch):
        rows = "".join(f"Survei Nomor {n} 2020,2020,,,,B{n},R1\n" for n in range(700))
        batch = load(office, by, HEAD + rows)
        real = applying._Store.add

        def fails_late(self, rows):
            real(self, rows)
            if rows[0].number > 500:
                raise RuntimeError("the disk is full")

        monkeypatch.setattr(applying._Store, "add", fails_late)
        batch = applied(batch, by)
        assert (batch.state, Publication.objects.count(), Copy.objects.count()) == ("ready", 0, 0)
        assert "Tidak ada yang diterapkan" in problem(batch)
        monkeypatch.undo()
        assert applied(batch, by).counts == {"new": 700}

    def test_reading_goes_on_where_a_killed_worker_was(self, office, by, monkeypatch):
        rows = "".join(f"Survei Nomor {n} 2020,2020,,,,,\n" for n in range(1100))
        real, calls = reading._store, []

        def killed(*args):
            if calls:
                raise KeyboardInterrupt
            calls.append(1)
            real(*args)

        monkeypatch.setattr(reading, "_store", killed)
        with pytest.raises(KeyboardInterrupt):
            load(office, by, HEAD + rows)
        monkeypatch.undo()
        half = Import.objects.get()
        assert (half.state, half.rows.count()) == ("reading", 500)
        work.work(half.pk)
        assert (fresh(half).state, half.rows.count()) == ("ready", 1100)
        assert len(set(half.rows.values_list("number", flat=True))) == 1100


class TestTakenBack:
    def test_as_if_it_had_not_been(self, office, by):
        demo.furnish(office)
        applied(load(office, by, "id,judul,abstrak,seri\n1,Survei A 2020,satu,Survei A\n"), by)
        before = whole_catalogue()
        text = (
            "id,judul,abstrak,seri,barcode\n1,Survei A 2020,dua,Survei A,X1\n2,Survei B 2021,,Survei B,X2\n"
        )
        batch = applied(load(office, by, text), by)
        assert whole_catalogue() != before
        assert undone(batch, by).state == "undone"
        assert whole_catalogue() == before
        assert outcomes(load(office, by, text)) == ["changed", "new"]

    def test_what_was_lent_or_worked_on_since_stays(self, office, by):
        batch = applied(
            load(office, by, HEAD + ROWS + "Survei C 2021,2021,,,,,\nSurvei D 2022,2022,,,,,\n"), by
        )
        circulation.read_here(Copy.objects.get(barcode="K1"), by=by)
        edited = Publication.objects.get(title="Survei C 2021")
        edited.abstract = "ditulis petugas"
        edited.save()
        batch = undone(batch, by)
        assert set(Publication.objects.filter(keeper=office).values_list("title", flat=True)) == {
            "Kolaka Timur Dalam Angka 2024", "Survei C 2021",
        }  # fmt: skip
        assert problem(batch).startswith("2 publikasi tetap ada")
        assert Loan.objects.count() == 1

    def test_a_copy_that_an_officer_touched_stays(self, office, by):
        """Moved to another shelf, given a new barcode, kept in house, seen at a stock-taking."""
        rows = "".join(f"{n},Survei {n} 2020,K{n},R1\n" for n in range(5))
        batch = applied(load(office, by, "id,judul,barcode,rak\n" + rows), by)
        Copy.objects.filter(barcode="K0").update(shelf="R2")
        Copy.objects.filter(barcode="K1").update(barcode="X1")
        Copy.objects.filter(barcode="K2").update(in_house_only=True)
        take = stock.start(office, [], by=by)
        stock.scan(take, [stock.Scanned("a", "K3", "", take.started_at)], by=by)
        assert problem(undone(batch, by)).startswith("4 publikasi tetap ada")
        assert set(Copy.objects.values_list("barcode", flat=True)) == {"K0", "X1", "K2", "K3"}

    def test_a_correction_after_the_import_is_kept(self, office, by):
        head = "id,judul,abstrak,penerbit\n"
        applied(load(office, by, head + "1,Survei A 2020,satu,BPS\n"), by)
        batch = applied(load(office, by, head + "1,Survei A 2020,dua,BPS RI\n"), by)
        Publication.objects.filter(title="Survei A 2020").update(abstract="tiga")
        undone(batch, by)
        record = Publication.objects.get(title="Survei A 2020")
        assert (record.abstract, record.producer) == ("tiga", "BPS")

    def test_only_what_was_applied(self, office, by):
        with pytest.raises(IllegalMove):
            work.undo(load(office, by, HEAD + ROWS), by=by)

    def test_rows_are_let_go_after_half_a_year(self, office, by, time_machine):
        batch = applied(load(office, by, HEAD + ROWS), by)
        time_machine.move_to(batch.applied_at + work.REMEMBERED * 1.01)
        assert imports_nightly.forget_old() == 2
        assert not ImportRow.objects.exists()
        with pytest.raises(IllegalMove, match="180 hari"):
            work.undo(fresh(batch), by=by)


class TestBad:
    def test_rows_that_cannot_be_are_left_out_and_the_others_come(self, office, by):
        text = (
            "judul,tahun,isbn,halaman,wilayah,barcode\n"
            ",2020,,,,\n"
            "=HYPERLINK(1),2020,,,,\n"
            "Survei Baik 2020,dua ribu,978-602-438-123-1,banyak,Atlantis,\n"
            f"{'x' * 501},2020,,,,\n"
        )
        batch = load(office, by, text)
        assert outcomes(batch) == ["faulty", "faulty", "new", "faulty"]
        assert [name for name, _why in notes(batch)] == [
            "title", "title", "year", "isbn", "pages", "region", "title",
        ]  # fmt: skip
        applied(batch, by)
        record = Publication.objects.get()
        assert (record.title, record.year, record.isbn) == ("Survei Baik 2020", 2020, "")

    def test_barcodes_given_twice(self, office, by):
        other = Publication.objects.create(title="Yang Lain", keeper=office)
        Copy.objects.create(office=office, publication=other, barcode="k9")
        text = HEAD + "Survei A,2020,,,,K8,\nSurvei B,2020,,,,k8,\nSurvei C,2020,,,,K9,\n"
        batch = load(office, by, text)
        assert outcomes(batch) == ["new", "faulty", "faulty"]
        assert [why for _name, why in notes(batch)] == [
            "Barcode k8 sudah dipakai di baris 2.",
            "Barcode ini sudah dipakai: K9: Yang Lain",
        ]
        assert applied(batch, by).counts == {"new": 1, "faulty": 2}

    def test_a_barcode_taken_while_somebody_looked(self, office, by):
        batch = load(office, by, HEAD + ROWS)
        other = Publication.objects.create(title="Yang Lain", keeper=office)
        Copy.objects.create(office=office, publication=other, barcode="K1")
        assert applied(batch, by).counts == {"new": 1, "faulty": 1}

    def test_bytes_that_are_not_what_they_seem(self, office, by):
        with pytest.raises(table.Unreadable, match="terlalu panjang"):
            load(office, by, HEAD.encode() + b"A" * 2_000_000 + b"\n")
        batch = load(office, by, HEAD.encode() + b"Survei Baik 2020,,,,,,\n" * 600 + b"A" * 2_000_000)
        assert (batch.state, Publication.objects.count()) == ("failed", 0)
        assert "terlalu panjang" in problem(batch)
        # Broken further on than encodings are guessed from.
        sound = f"Survei Baik 2020,{'a' * 1_000}\n" * (table.LOOKED_AT // 1_000)
        latin = f"judul,abstrak\n{sound}".encode() + "Café 2020,\n".encode("cp1252")
        batch = load(office, by, latin)
        last = batch.rows.order_by("-pk").first()
        assert (batch.state, last.outcome) == ("ready", "faulty")
        assert "huruf yang rusak" in said(*last.notes[0][1:])

    def test_a_quotation_mark_that_never_ends(self, office, by):
        batch = load(office, by, "judul\n" + "Survei A\n" * 600 + '"Survei B\n' + "baris\n" * 40_000)
        assert (batch.state, Publication.objects.count()) == ("failed", 0)
        assert "tanda kutip" in problem(batch)

    def test_formulas_in_a_workbook(self, office, by):
        book = Workbook()
        book.active.append(["Judul"])
        book.active.append(['=CONCATENATE("a","b")'])
        file = io.BytesIO()
        book.save(file)
        batch = load(office, by, file.getvalue(), "daftar.xlsx")
        assert "rumus" in notes(batch)[0][1]

    def test_a_workbook_that_is_a_bomb_or_broken(self, office, by):
        bomb = io.BytesIO()
        with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("xl/sharedStrings.xml", b"0" * 160_000_000)
        with pytest.raises(table.Unreadable, match="terlalu besar"):
            load(office, by, bomb.getvalue(), "bom.xlsx")
        with pytest.raises(table.Unreadable, match="rusak"):
            load(office, by, b"PK\x03\x04" + b"\0" * 100, "rusak.xlsx")
        with pytest.raises(table.Unreadable, match="kosong"):
            load(office, by, b"", "kosong.csv")

    def test_a_row_very_far_down(self, office, by):
        """A workbook may claim a last row in the thousands of millions, with nothing in between."""
        book, file, far = Workbook(), io.BytesIO(), io.BytesIO()
        book.active.append(["Judul"])
        book.active.append(["Survei A 2020"])
        book.save(file)
        with zipfile.ZipFile(file) as packed, zipfile.ZipFile(far, "w") as again:
            for name in packed.namelist():
                part = (
                    re.sub(
                        rb'<dimension[^>]*>|(?<=r=")A?2(?=")',
                        lambda m: b"" if b"dim" in m[0] else m[0][:-1] + b"2000000000",
                        packed.read(name),
                    )
                    if name.endswith("sheet1.xml")
                    else packed.read(name)
                )
                again.writestr(name, part)
        assert load(office, by, far.getvalue(), "jauh.xlsx").rows.count() == 0

    def test_a_picture_is_no_table(self, office, by):
        with pytest.raises(table.Unreadable, match="bukan berkas CSV"):
            load(office, by, b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "foto.csv")

    def test_titles_that_postgres_and_python_write_in_different_capitals(self, office, by):
        rows = "".join(
            f"{title},,\n" for title in ("Straße 2020", "STRASSE 2020", "ǆ ŉ ﬁ 2020", "É 2020", "é 2020")
        )
        batch = applied(load(office, by, "judul,seri,x\n" + rows.replace(",,", ",Straße ﬁ é,")), by)
        assert batch.state == "done"
        assert (
            applied(load(office, by, "judul,seri,x\n" + rows.replace(",,", ",STRASSE ﬁ É,")), by).state
            == "done"
        )


def test_two_offices_are_apart(offices, by, make_user):
    from services.audit.actors import Actor

    here, there = offices["7411"], offices["6571"]
    officer = Actor("officer", user_id=make_user(there).pk)
    applied(load(here, by, HEAD + ROWS), by)
    batch = load(there, officer, HEAD + ROWS)
    assert outcomes(batch) == ["copy", "copy"]  # records are national, copies and barcodes an office's own
    applied(batch, officer)
    assert Publication.objects.count() == 2
    assert Copy.objects.filter(barcode="K1").count() == 2
