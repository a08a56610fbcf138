"""Lines without a marker: the rest of a wrapped sentence, or a sentence of its own."""

from __future__ import annotations

import pytest

from services.offices.reader import read_standard

from .reader_support import FIXTURES, accounted, channels, words

HEAD = "Pelayanan Perpustakaan BPS Kota Ternate\n\n"
STRAY = "Petugas melayani dengan ramah."


def requirements(body: str) -> list[str]:
    """The texts of the requirements; nothing of the document may be lost."""
    parsed = read_standard(f"{HEAD}Persyaratan\n{body}\n\nBiaya\nGratis\n")
    assert accounted(parsed) == words(parsed.source)
    return [i.text for i in parsed.items if i.section == "requirements"]


@pytest.mark.parametrize(
    "entry",
    [
        "2. Mengisi buku tamu.", "2. Mengisi buku tamu (aplikasi).", '2. Mengisi "buku tamu."', "2. Mengisi buku tamu (manual.)",
        "2. **Mengisi buku tamu.**", "2. Mengisi buku tamu!", "2. Sudah mengisi buku tamu?", "2. Mengisi buku tamu;",
        "2. Mengisi buku tamu.\t", "2. Mengisi buku tamu…",
    ],
)  # fmt: skip
def test_after_an_entry_that_has_ended_a_sentence_stands_alone(entry):
    found = requirements(f"1. Membawa KTP\n{entry}\n{STRAY}")
    assert len(found) == 3
    assert found[2] == STRAY


@pytest.mark.parametrize("entry", ["2. Mengisi buku tamu", "2. Mengisi buku tamu,", "- Mengisi buku tamu"])
def test_after_a_blank_line_a_sentence_stands_alone(entry):
    assert requirements(f"1. Membawa KTP\n{entry}\n\n{STRAY}")[-1] == STRAY


def test_after_a_line_that_had_room_left_a_sentence_stands_alone():
    """A line is wrapped where the next word does not fit; this break was made on purpose."""
    wide = "1. Membawa kartu identitas yang masih berlaku, misalnya KTP, SIM, paspor atau kartu pelajar"
    assert requirements(f"{wide}\n2. Mengisi buku tamu\n{STRAY}")[1:] == ["Mengisi buku tamu", STRAY]


def test_a_wrapped_sentence_is_put_together_although_a_line_starts_with_a_name():
    body = "1. Pengguna datang ke Unit\nPelayanan Statistik Terpadu\nBPS Kota Ternate\n2. Membawa KTP"
    assert requirements(body) == [
        "Pengguna datang ke Unit Pelayanan Statistik Terpadu BPS Kota Ternate",
        "Membawa KTP",
    ]
    ragged = "1. Pengguna layanan datang langsung ke unit pelayanan pada\nBPS Kota Ternate yang terletak di jalan protokol kota\n2. Membawa KTP"
    assert len(requirements(ragged)) == 2


@pytest.mark.parametrize(
    "label", ["Online", "Layanan daring:", "**Layanan online**", "b) Layanan online", "- Online"]
)
def test_a_sentence_under_the_name_of_a_channel_never_joins_the_entry_above_it(label):
    body = f"Offline\n1. Pengguna mengisi buku tamu\n{label}\nPengguna memiliki akun"
    parsed = read_standard(f"{HEAD}Persyaratan\n{body}\n\nBiaya\nGratis\n")
    found = [i.text for i in parsed.items if i.section == "requirements"]
    assert found == ["Pengguna mengisi buku tamu", "Pengguna memiliki akun"]
    assert channels(parsed, "requirements") == "on"


def test_a_sentence_under_a_second_heading_never_joins_the_first_part():
    body = "### Persyaratan Layanan Langsung\n1. Mengisi buku tamu\n### Persyaratan Layanan Online\nMemiliki akun"
    parsed = read_standard(f"{HEAD}{body}\n### Biaya\nGratis\n")
    assert [i.text for i in parsed.items] == ["Mengisi buku tamu", "Memiliki akun", "Gratis"]
    assert channels(parsed, "requirements") == "on"


def test_the_end_of_a_wrapped_sentence_is_no_subheading():
    body = "1. Pengguna memiliki akun pada aplikasi\nperpustakaan online\n2. Pengguna memiliki surel"
    assert requirements(body) == [
        "Pengguna memiliki akun pada aplikasi perpustakaan online",
        "Pengguna memiliki surel",
    ]


def test_the_wrapped_fixture_is_still_read():
    parsed = read_standard((FIXTURES / "papua_wrapped.txt").read_bytes())
    assert sum(i.section == "requirements" for i in parsed.items) == 2
