"""The supervisor's screens of imports: a file is chosen, its columns, what would change, and what was wrong."""

from __future__ import annotations

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from library.importing.words import kept, said, told
from library.models import CatalogueSource, Import, Publication
from library.workflows import imports as work
from library.workflows import imports_nightly
from tests.library.import_support import applied, fresh, load, problem

HERE = reverse("library:imports")
TEXT = "Judul,Tahun,Barcode\nSurvei A 2020,2020,B1\n,2021,B2\n@SUM(A1) 2022,abc,B3\n"


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        }
    }


@pytest.fixture
def panel(office, make_user) -> Client:
    client = Client()
    client.force_login(make_user(office, "supervisor"), backend="django.contrib.auth.backends.ModelBackend")
    return client


def send(panel, text: str | bytes, name: str = "daftar.csv"):
    raw = text.encode() if isinstance(text, str) else text
    return panel.post(HERE, {"file": SimpleUploadedFile(name, raw)})


def page(answer) -> str:
    return answer.content.decode()


def test_from_the_file_to_the_catalogue_and_back(panel, office):
    answer = send(panel, TEXT)
    batch = Import.objects.get()
    assert answer.url == reverse("library:import", args=[batch.pk])
    shown = page(panel.get(answer.url))
    assert "Survei A 2020" in shown
    assert '<option value="title" selected>' in shown
    columns = {"encoding": "utf-8", "separator": ",", "headed": "on"}
    columns |= {"column_0": "title", "column_1": "year", "column_2": "barcode"}
    assert panel.post(answer.url, columns).status_code == 302
    assert "sedang dibaca" in page(panel.get(answer.url))
    assert "sedang dibaca" in page(panel.get(answer.url, headers={"HX-Request": "true"}))
    work.work(batch.pk)
    assert panel.get(answer.url, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    shown = page(panel.get(answer.url))
    assert "2 baris akan masuk ke katalog" in shown
    assert "Judul wajib ada." in shown
    act = reverse("library:import_act", args=[batch.pk, "terapkan"])
    assert panel.post(act).status_code == 302
    work.work(batch.pk)
    assert "Ambil kembali seluruh impor" in page(panel.get(answer.url))
    assert Publication.objects.count() == 2
    panel.post(reverse("library:import_act", args=[batch.pk, "ambil-kembali"]))
    work.work(batch.pk)
    assert not Publication.objects.exists()
    assert "Diambil kembali" in page(panel.get(answer.url))
    assert "daftar.csv" in page(panel.get(HERE))


def test_a_row_that_is_taken_without_one_of_its_values_is_pointed_out(panel, office, by):
    batch = load(office, by, "Judul,Tahun\nSurvei A 2020,2020\nSurvei B 2021,dua ribu\n")
    where = reverse("library:import", args=[batch.pk])
    assert "Pada 1 baris di antaranya ada nilai yang tidak terbaca" in page(panel.get(where))
    shown = page(panel.get(where, {"hasil": "sebagian"}))
    assert "Survei B 2021" in shown
    assert "Survei A 2020" not in shown


def errors(panel, batch: Import) -> tuple[str, list[list[str]]]:
    answer = panel.get(reverse("library:import_errors", args=[batch.pk]))
    raw = b"".join(answer.streaming_content).decode("utf-8-sig")
    return raw, list(csv.reader(io.StringIO(raw)))


def test_the_errors_as_a_table_that_a_spreadsheet_cannot_run(panel, office, by):
    _raw, (head, *rows) = errors(panel, load(office, by, TEXT))
    assert head == ["baris", "hasil", "kolom", "keterangan", "Judul", "Tahun", "Barcode"]
    assert rows[0][:3] == ["3", "Dilewati", "Judul"]
    assert rows[1] == [
        "4", "Baru", "Tahun", "Tulis tahun dengan empat angka, misalnya 2023 atau 2019-2023.",
        "'@SUM(A1) 2022", "abc", "B3",
    ]  # fmt: skip


def test_the_table_of_errors_is_corrected_and_imported_again(panel, office, by):
    text = "Judul,Tahun,Halaman,Barcode\nSurvei A,2020,80,B1\nSurvei B,dua,x,B2\nSurvei C,2021,90,B1\n"
    raw, (_head, *rows) = errors(panel, load(office, by, text))
    assert [row[0] for row in rows] == ["3", "4"]  # once, however much is wrong with it
    assert rows[0][2] == "Tahun; Halaman"
    assert rows[1][4:] == [
        "Survei C",
        "2021",
        "90",
        "B1",
    ]  # what only the whole file showed has its cells too
    again = load(office, by, raw.replace("Survei B,dua,x", "Survei B,2022,70").replace("90,B1", "90,B3"))
    found = [(row.title, row.data.get("year"), row.copies) for row in again.rows.order_by("pk")]
    assert found == [("Survei B", 2022, [["B2", ""]]), ("Survei C", 2021, [["B3", ""]])]
    assert not again.rows.exclude(notes=[]).exists()


def test_errors_of_a_table_without_titles_stand_under_the_chosen_ones(panel, office, by):
    batch = load(office, by, "A,dua\nB,2020\n", headed=False, columns=["title", "year"])
    assert errors(panel, batch)[1][0][4:] == ["Judul", "Tahun"]


@pytest.mark.parametrize(
    ("start", "words"),
    [
        (b"%PDF-1.7\n1,2\n", "Ini bukan berkas CSV, Excel (.xlsx), atau MARC21."),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "Ini bukan berkas CSV, Excel (.xlsx), atau MARC21."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Ini berkas Excel lama (.xls)."),
    ],
)
def test_what_is_no_table_is_told_so(panel, start, words):
    answer = send(panel, start, "daftar.xlsx")
    assert answer.status_code == 422
    assert words in page(answer)
    assert not Import.objects.exists()


def test_titles_of_columns_below_a_heading(panel):
    where = send(panel, "DAFTAR BUKU 2024\n\nJudul;Tahun\nSurvei A, B;2020\n").url
    shown = page(panel.get(where))
    assert "Nama kolom ada di baris 3; yang di atasnya tidak dibaca" in shown
    columns = {"encoding": "utf-8", "separator": ";", "headed": "on", "column_0": "title", "column_1": "year"}
    panel.post(where, columns)
    batch = Import.objects.get()
    work.work(batch.pk)
    assert [(row.number, row.title) for row in batch.rows.all()] == [(4, "Survei A, B")]


def test_unsaying_the_titles_reads_every_row(panel):
    where = send(panel, "DAFTAR BUKU 2024\nJudul,Tahun\nSurvei A,2020\n").url
    panel.post(where, {"encoding": "utf-8", "separator": ","})
    assert "DAFTAR BUKU 2024" in page(panel.get(where))
    assert Import.objects.get().options["top"] == 0


def test_without_a_title_nothing_is_read(panel):
    where = send(panel, TEXT).url
    answer = panel.post(where, {"encoding": "utf-8", "separator": ",", "headed": "on", "column_1": "year"})
    assert answer.status_code == 422
    assert "Pilih kolom mana yang berisi judul." in page(answer)
    answer = panel.post(
        where,
        {"encoding": "utf-8", "separator": ",", "headed": "on", "column_0": "title", "column_1": "title"},
    )
    assert "Kolom lain sudah dipilih untuk ini." in page(answer)


def test_another_encoding_shows_the_samples_anew(panel):
    where = send(panel, "Judul;Tahun\nCafé 2020;2020\n".encode("cp1252")).url
    assert "Café 2020" in page(panel.get(where))
    assert panel.post(where, {"encoding": "utf-8", "separator": ",", "headed": "on"}).status_code == 302
    assert Import.objects.get().options["columns"] == ["title"] or Import.objects.get().state == "mapping"
    panel.post(where, {"encoding": "cp1252", "separator": ";", "headed": "on"})
    assert "Café 2020" in page(panel.get(where))
    assert Import.objects.get().options["columns"] == ["title", "year"]
    assert panel.post(where, {"encoding": "martian", "separator": ";"}).status_code == 404


@pytest.mark.parametrize(
    ("raw", "name", "words"),
    [
        (b"", "kosong.csv", "kosong"),
        (b"PK\x03\x04kaputt", "rusak.xlsx", "rusak atau terkunci"),
        (b"x" * 2_000_000, "panjang.csv", "terlalu panjang"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_beside_the_field(panel, raw, name, words):
    answer = send(panel, raw, name)
    assert answer.status_code == 422
    assert words in page(answer)
    assert not Import.objects.exists()


def test_a_file_that_is_too_large(panel, settings):
    settings.IMPORT_MOST_BYTES = 2_000_000
    answer = send(panel, b"judul\n" + b"a 2020\n" * 300_000)
    assert answer.status_code == 422
    assert "lebih besar dari 2 MB" in page(answer)


def test_sources(panel, office):
    new = reverse("library:import_sources")
    assert "empat angka" in page(panel.post(new, {"kind": "webapi", "address": "Kolaka"}))
    assert "memakai PST juga" in page(panel.post(new, {"kind": "webapi", "address": "1906"}))
    assert "jaringan dalam" in page(panel.post(new, {"kind": "oai", "address": "http://127.0.0.1/oai"}))
    assert panel.post(new, {"kind": "webapi", "address": "7411"}).status_code == 302
    assert "sudah ada di daftar" in page(panel.post(new, {"kind": "webapi", "address": "7411"}))
    source = CatalogueSource.objects.get()
    assert panel.post(reverse("library:import_source", args=[source.pk, "malam"])).status_code == 302
    assert fresh(source).nightly
    read = panel.post(reverse("library:import_source", args=[source.pk, "baca"]))
    work.work(Import.objects.get().pk)
    assert "PST_BPS_KEY" in page(panel.get(read.url))  # no key in the tests
    panel.post(reverse("library:import_source", args=[source.pk, "hapus"]))
    assert not CatalogueSource.objects.exists()
    assert Import.objects.get().state == "failed"


def test_a_button_pressed_twice(panel, office, by):
    batch = applied(load(office, by, TEXT), by)
    answer = panel.post(reverse("library:import_act", args=[batch.pk, "terapkan"]), follow=True)
    assert "tindakan ini tidak dapat dilakukan lagi" in page(answer)
    assert fresh(batch).state == "done"


def test_pages_ask_the_same_however_many_rows(panel, office, by, django_assert_max_num_queries):
    batch = load(office, by, "judul\n" + "".join(f"Survei Nomor {n} 2020\n" for n in range(60)))
    for where in (HERE, reverse("library:import", args=[batch.pk])):
        with django_assert_max_num_queries(10):
            panel.get(where)
    assert (
        page(panel.get(reverse("library:import", args=[batch.pk]) + "?hasil=new&page=3")).count(
            "Survei Nomor"
        )
        == 20
    )


def test_a_file_that_is_gone_is_told(panel, office):
    where = send(panel, TEXT).url
    batch = Import.objects.get()
    batch.file.storage.delete(batch.file.name)
    assert panel.post(where, {"encoding": "cp1252", "separator": ",", "headed": "on"}).status_code == 302
    assert "Berkasnya tidak ada lagi" in page(panel.get(where, follow=True))
    assert fresh(batch).state == "failed"


def test_what_a_worker_left_is_taken_up_at_night(office, by, panel, monkeypatch):
    send(panel, TEXT)
    batch = Import.objects.get()
    work.choose(batch, work.reading.shape_of(batch.options), by=by)
    assert imports_nightly.take_up() == 1
    work.work(batch.pk)
    assert fresh(batch).state == "ready"
    assert imports_nightly.take_up() == 0


def test_words_of_another_server_are_stored_whatever_they_are(office, by):
    batch = work._make(office, "webapi", "reading", by, name="x", options={"address": "7411"})
    work.fail(batch, "so\0 \ud800 no", by=by)
    assert problem(fresh(batch)) == "so? ? no"


def test_what_was_wrong_is_said_in_the_reader_s_language(panel, office, by):
    batch = load(office, by, "Judul,Tahun,Barcode\nSurvei A 2020,2020,B1\nSurvei A 2020,2020,B1\n,2021,B2\n")
    [old] = batch.rows.filter(number=2)
    old.notes = [["year", "Catatan 100% lama."]]  # as an earlier version kept them
    old.save()
    shown = page(panel.get(reverse("library:import", args=[batch.pk])))
    assert "Judul wajib ada." in shown
    assert "Barcode B1 sudah dipakai di baris 2." in shown
    panel.cookies["django_language"] = "en"
    shown = page(panel.get(reverse("library:import", args=[batch.pk])))
    assert "Judul wajib ada." not in shown
    assert "Barcode B1 sudah dipakai di baris 2." not in shown
    told = panel.get(reverse("library:import_errors", args=[batch.pk])).streaming_content
    told = b"".join(told).decode("utf-8-sig")
    assert "Judul wajib ada." not in told
    assert "Catatan 100% lama." in told
    assert not told.startswith("baris")


def test_why_an_import_failed_is_said_in_the_reader_s_language(panel, office, by):
    batch = work.from_file(office, SimpleUploadedFile("a.csv", TEXT.encode()), by=by)
    why = "Baris %d terlalu panjang. Ini bukan tabel CSV, atau tanda kutipnya tidak ditutup."
    work.fail(batch, told(why) % 11, by=by)
    address = reverse("library:import", args=[batch.pk])
    assert "Baris 11 terlalu panjang." in page(panel.get(address))
    panel.cookies["django_language"] = "en"
    assert "terlalu panjang" not in page(panel.get(address))


def test_a_sentence_that_changed_since_is_still_shown():
    assert said("Baris %d dan %s", [3]) == "Baris %d dan %s"
    assert said(*kept(told("Baris %d: %s") % (3, "a\0b"))) == "Baris 3: a?b"
    assert kept("Teks 100% biasa") == ["Teks 100% biasa"]
    assert said("Teks 100% biasa") == "Teks 100% biasa"
