"""Tables that lost their lines: columns held apart by spaces only."""

from __future__ import annotations

import pytest

from services.offices.reader import read_standard

from .reader_support import FIXTURES, SEEDS, accounted, fixture, kinds, rules, seed, seed_text, shape, words

HEAD = "Pelayanan Perpustakaan BPS Kota Ternate\n\n"
REST = "\n\nWaktu Penyelesaian\n5 menit\n\nBiaya\nGratis\n"
ASIDE = "kolomnya tidak dapat dipisahkan"


def read(table: str):
    """The items of the first two sections; no word may be lost, whatever the table looks like."""
    parsed = read_standard(f"{HEAD}{table}{REST}")
    assert accounted(parsed) == words(parsed.source)
    items = [(i.section, i.text) for i in parsed.items if i.section in {"requirements", "procedure"}]
    return items, parsed


REQUIREMENTS = ["Membawa KTP", "Mengisi buku tamu", "Memiliki email"]
PROCEDURE = ["Mengambil nomor antrian", "Membaca buku", "Pulang"]
ITEMS = [("requirements", text) for text in REQUIREMENTS] + [("procedure", text) for text in PROCEDURE]
TABLES = {
    "numbered rows": """\
No   Persyaratan                  Prosedur
1    Membawa KTP                  Mengambil nomor antrian
2    Mengisi buku tamu            Membaca buku
3    Memiliki email               Pulang""",
    "numbers in the cells": """\
Persyaratan                  Prosedur
1. Membawa KTP               1. Mengambil nomor antrian
2. Mengisi buku tamu         2. Membaca buku
3. Memiliki email            3. Pulang""",
    "headings in the middle of their columns": """\
No           Persyaratan                     Prosedur
1.   Membawa KTP                     Mengambil nomor antrian
2.   Mengisi buku tamu               Membaca buku
3.   Memiliki email                  Pulang ke rumah""",
    "wrapped cells and blank lines": """\
No   Persyaratan           Sistem, Mekanisme dan Prosedur

1    Membawa KTP           Mengambil nomor
                           antrian

2    Mengisi buku          Membaca buku
     tamu

3    Memiliki email        Pulang""",
    "columns of different length": """\
Persyaratan                  Prosedur
1. Membawa KTP               1. Mengambil nomor antrian
2. Mengisi buku tamu         2. Membaca buku
                             3. Pulang""",
    "tabs": "No\tPersyaratan\tProsedur\n1\tMembawa KTP\tMengambil nomor antrian\n2\tMengisi buku tamu\tMembaca buku\n3\tMemiliki email\tPulang",
    "a table on two pages": """\
No   Persyaratan                  Prosedur
1    Membawa KTP                  Mengambil nomor antrian
Pelayanan Statistik Terpadu BPS Kota Ternate
Jl. Pattimura 5 Ternate 97711
No   Persyaratan                  Prosedur
2    Mengisi buku tamu            Membaca buku
3    Memiliki email               Pulang""",
}  # fmt: skip


@pytest.mark.parametrize("name", TABLES)
def test_columns_are_read_one_after_the_other(name):
    items, parsed = read(TABLES[name])
    expected = ITEMS
    if "middle" in name:
        expected = [*ITEMS[:-1], ("procedure", "Pulang ke rumah")]
    if "length" in name:
        expected = [*ITEMS[:2], *ITEMS[3:]]
    assert items == expected
    assert parsed.unplaced == ()
    assert kinds(parsed)[0] == "ticket"


@pytest.mark.parametrize(
    ("row", "kept"),
    [
        # a cell that reaches under the next heading, one under no section's heading, one that is no row number
        ("2    Mengisi buku tamu elektronik lalu membaca buku", ITEMS[:1] + ITEMS[3:4]),
        ("     Mengisi buku tamu   Pulang", ITEMS[:1] + ITEMS[3:4]),
        ("Catatan          Pulang", ITEMS[:1] + ITEMS[3:4]),
    ],
)
def test_a_row_that_cannot_be_divided_is_set_aside(row, kept):
    table = f"No   Persyaratan                  Prosedur\n1    Membawa KTP                  Mengambil nomor antrian\n{row}"
    items, parsed = read(table)
    assert items == kept
    assert [(u.line, ASIDE in u.reason) for u in parsed.unplaced] == [(5, True)]
    assert any("belum ditempatkan" in warning for warning in parsed.warnings)


def test_a_column_that_is_no_section_is_set_aside():
    table = (
        "No   Persyaratan      Prosedur          Pelaksana\n1    Membawa KTP      Membaca buku      Petugas"
    )
    items, parsed = read(table)
    assert items == []
    assert [u.line for u in parsed.unplaced] == [3, 4]


def test_rows_that_start_with_their_heading():
    table = """\
No  Komponen          Uraian
1   Persyaratan       1. Membawa KTP
                      2. Mengisi buku tamu
2   Prosedur          1. Mengambil nomor antrian
                      2. Pulang"""
    items, parsed = read(table)
    assert items == [*ITEMS[:2], ITEMS[3], ITEMS[5]]
    assert parsed.unplaced == ()


def test_an_unrecognised_table_is_warned_of():
    table = "Persyaratan\nPengguna umum           Pelajar\nMembawa KTP             Membawa kartu pelajar\nMengisi buku tamu       Mengisi buku tamu"
    _items, parsed = read(table)
    assert any("tabel berkolom (baris 4–6)" in warning for warning in parsed.warnings)


@pytest.mark.parametrize("text", [seed_text(short) for short in SEEDS])
def test_the_real_standards_are_no_tables(text):
    aligned = text.replace(" : ", "          : ")
    for version in (text, aligned):
        assert not any("tabel berkolom" in warning for warning in read_standard(version).warnings)


def test_lists_behind_spaces_are_no_tables():
    for name in sorted(path.stem for path in FIXTURES.glob("*.txt")):
        assert not any("tabel berkolom" in warning for warning in fixture(name).warnings)
    indented = "\n".join(f"      {line}" for line in seed_text("KL").split("\n"))
    assert shape(read_standard(indented)) == shape(seed("KL"))
    assert rules(read_standard(indented)) == rules(seed("KL"))
