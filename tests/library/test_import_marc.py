"""MARC21 of other libraries: two ways to write letters, and whatever can be wrong with a record."""

from __future__ import annotations

import pytest
from django.urls import reverse
from pymarc import Field, Indicators, Record, Subfield

from library import demo
from library.importing import table
from library.models import Copy, Publication
from tests.library.import_support import applied, load, notes, outcomes, problem


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        }
    }


def field(tag: str, **parts: str) -> Field:
    return Field(
        tag=tag, indicators=Indicators(" ", " "), subfields=[Subfield(c, v) for c, v in parts.items()]
    )


def made(title: str, number: int = 1, *more: Field) -> Record:
    record = Record(force_utf8=True)
    record.add_field(Field(tag="001", data=str(number)), field("245", a=title), *more)
    return record


def one(title: str, number: int = 1, *more: Field) -> bytes:
    return made(title, number, *more).as_marc()


def in_marc8(title: bytes) -> bytes:
    """A record as older software writes it: leader 9 blank, letters of MARC-8."""
    fields = [(b"001", b"77"), (b"245", b"10\x1fa" + title)]
    directory, data = b"", b""
    for tag, body in fields:
        directory += tag + b"%04d%05d" % (len(body) + 1, len(data))
        data += body + b"\x1e"
    directory += b"\x1e"
    base = 24 + len(directory)
    length = base + len(data) + 1
    return b"%05dnam  22%05d   4500" % (length, base) + directory + data + b"\x1d"


def test_a_record_of_another_library(office, by):
    demo.furnish(office)
    raw = one(
        "Statistik daerah : Kolaka Timur /", 5,
        field("020", a="978-602-438-123-3 (jil. 1)"), field("264", b="BPS Kolaka Timur,", c="2024."),
        field("300", a="xiv, 210 hlm. :"), field("490", a="Statistik daerah ;"), field("037", a="1101999.7411"),
        field("651", a="Kolaka Timur"), field("650", a="Ekonomi"), field("041", a="ind"),
        field("520", a="Isi ringkas."), field("952", p="MRC1", o="310 STA"), field("952", p="MRC2"),
    )  # fmt: skip
    batch = applied(load(office, by, raw, "koleksi.mrc"), by)
    record = batch.rows.get().publication
    assert (record.title, record.year, record.pages) == ("Statistik daerah : Kolaka Timur", 2024, 210)
    assert (record.isbn, record.producer, record.series.title) == (
        "978-602-438-123-3", "BPS Kolaka Timur", "Statistik daerah",
    )  # fmt: skip
    assert (record.region.code, record.subject.code, record.language) == ("7411", "2", "id")
    assert {(c.barcode, c.shelf) for c in record.copies.all()} == {("MRC1", "310 STA"), ("MRC2", "")}
    assert notes(batch) == []


def test_our_own_export_is_read_back_as_the_same(office, by, client):
    demo.furnish(office)
    mine = Publication.objects.filter(keeper=office)
    raw = b"".join(client.get(reverse("library:export", args=[p.pk, "mrc"])).content for p in mine)
    batch = load(office, by, raw, "balik.mrc")
    assert set(outcomes(batch)) <= {"same", "changed"}
    assert Publication.objects.filter(keeper=office).count() == batch.rows.count()
    applied(batch, by)
    assert set(outcomes(load(office, by, raw, "balik.mrc"))) == {"same"}


@pytest.mark.parametrize(
    ("raw", "title"),
    [
        (in_marc8(b"Caf\xe2e rakyat 2020"), "Café rakyat 2020"),
        (in_marc8("Café rakyat 2020".encode()), "Café rakyat 2020"),  # UTF-8 that does not say so
        (one("Café rakyat 2020"), "Café rakyat 2020"),
    ],
    ids=["marc-8", "utf-8 unsaid", "utf-8"],
)
def test_letters(office, by, raw, title):
    assert load(office, by, raw, "a.mrc").rows.get().title == title


def test_damaged_records_are_skipped_and_the_next_is_found(office, by):
    good = [one(f"Survei Baik {n} 2020", n) for n in range(4)]
    wrong_length = b"00099" + one("Panjang Salah", 7)[5:]
    wrong_directory = one("Direktori Salah", 8)
    wrong_directory = wrong_directory[:30] + b"x" * 6 + wrong_directory[36:]
    wrong_base = one("Alamat Salah", 9)
    wrong_base = wrong_base[:12] + b"99999" + wrong_base[17:]
    bad_letters = in_marc8(b"Huruf \xfd\xff\xc9 aneh")
    no_title = made("", 10)
    no_title.remove_fields("245")
    raw = b"".join([
        good[0], wrong_length, good[1], wrong_directory, b"\r\n", good[2], wrong_base, b"sampah\x1d", bad_letters,
        no_title.as_marc(), good[3], good[0][:60],
    ])  # fmt: skip
    batch = load(office, by, raw, "rusak.mrc")
    assert outcomes(batch) == [
        "new", "faulty", "new", "faulty", "new", "faulty", "faulty", "faulty", "faulty", "new", "faulty",
    ]  # fmt: skip
    assert "Panjang rekaman salah: tertulis 99" in notes(batch)[0][1]
    assert notes(batch)[-1] == ["", "Rekaman ini terpotong."]
    assert applied(batch, by).counts == {"new": 4, "faulty": 7}


def test_no_record_of_any_length_fills_the_memory(office, by):
    batch = load(office, by, one("Survei Baik 2020") + b"00500nam a22000970" + b"x" * 3_000_000, "besar.mrc")
    assert outcomes(batch)[0] == "new"
    assert set(outcomes(batch)[1:]) == {"faulty"}
    assert applied(batch, by).counts["new"] == 1


def test_what_is_no_marc_at_all(office, by):
    batch = load(office, by, b"%PDF-1.7 " + b"x" * 500_000, "salah.mrc")
    assert (batch.state, problem(batch)) == ("failed", "Ini bukan berkas MARC21 (ISO 2709).")


def test_a_barcode_in_two_records(office, by):
    raw = one("Survei A 2020", 1, field("952", p="X1")) + one("Survei B 2020", 2, field("952", p="x1"))
    assert applied(load(office, by, raw, "a.mrc"), by).counts == {"new": 1, "faulty": 1}
    assert Copy.objects.get(barcode="X1").publication.title == "Survei A 2020"


def test_an_empty_file(office, by):
    with pytest.raises(table.Unreadable, match="kosong"):
        load(office, by, b"", "a.mrc")


def test_a_long_abstract_and_odd_signs_come_through_our_own_export(office, by, client):
    """A field of MARC has room for 9,999 bytes, and its own signs may stand in no text."""
    words = " ".join(f"kalimat-{n} é" for n in range(1100))
    book = Publication.objects.create(
        title="Survei Panjang 2020",
        year=2020,
        abstract=words,
        publication_number="74110\x1e.25",
        keeper=office,
    )
    raw = client.get(reverse("library:export", args=[book.pk, "mrc"])).content
    batch = load(office, by, raw, "a.mrc")
    row = batch.rows.get()
    assert (row.publication, row.data["abstract"], row.data["publication_number"]) == (
        book,
        words,
        "74110.25",
    )


def test_the_longest_record_still_has_an_end(office, by, desk):
    """Every record fits its five digits of length, with any number of copies."""
    book = Publication.objects.create(
        title="Survei Panjang 2020", year=2020, abstract="𐍈" * 20_000, keeper=office
    )
    Copy.objects.bulk_create(Copy(office=office, publication=book, barcode=f"K{n:038d}") for n in range(450))
    answer = desk.get(reverse("library:collection_file", args=["mrc"]))
    raw = b"".join(answer.streaming_content)
    batch = load(office, by, raw, "a.mrc")
    assert "faulty" not in outcomes(batch), notes(batch)
    assert sum(len(row.copies) for row in batch.rows.all()) == 450
