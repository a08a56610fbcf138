"""A promise that the text takes back is no promise: "tanpa nomor antrian", "tidak dapat diunduh"."""

from __future__ import annotations

import pytest

from services.offices.reader import derive_rules, read_standard

HEAD = "Pelayanan Perpustakaan BPS Kota Ternate\n\n"
DENIED = [
    ("procedure", "Pengguna layanan langsung menemui petugas tanpa mengambil nomor antrian", "queue", False),
    ("procedure", "Pengguna layanan datang; nomor antrian tidak diperlukan", "queue", False),
    ("procedure", "Softcopy tidak dapat diunduh; pengguna hanya membaca di layar", "download", False),
    ("procedure", "Pengguna layanan memperoleh softcopy tanpa tanda air", "watermark", False),
    ("procedure", "Perpustakaan tidak melayani peminjaman buku", "lending", False),
    ("procedure", "Pengguna layanan tidak perlu menitipkan tas di loker", "locker", "none"),
    ("requirements", "Pengguna layanan tidak perlu memiliki alamat email", "email_onsite", False),
    ("requirements", "Pengguna layanan tidak wajib membawa kartu identitas (KTP)", "identity_card", False),
    ("requirements", "Kartu identitas tidak diperlukan", "identity_card", False),
]
KEPT = [
    ("procedure", "Jika tidak membawa tas, pengguna mengambil nomor antrian", "queue", True),
    ("procedure", "Pengguna yang tidak memiliki akun dapat mengunduh softcopy", "download", True),
    ("procedure", "Pengguna tidak hanya membaca tetapi juga mengunduh softcopy", "download", True),
    ("procedure", "Pengguna menyimpan tas di loker dan memastikan tidak ada barang tertinggal", "locker", "free"),
    ("requirements", "Pengguna layanan tanpa KTP dapat menunjukkan kartu tanda pengenal lain", "identity_card", True),
    ("requirements", "Memiliki kartu identitas; kartu identitas tidak perlu difotokopi", "identity_card", True),
    ("requirements", "Memiliki alamat email, bukan nomor telepon", "email_onsite", True),
]  # fmt: skip


def derived(section: str, sentence: str):
    need = sentence if section == "requirements" else "Membawa alat tulis"
    step = sentence if section == "procedure" else "Pengguna dilayani petugas"
    text = f"{HEAD}Persyaratan\n1. {need}\n\nSistem, Mekanisme dan Prosedur\n1. Mengisi buku tamu\n2. {step}\n\nBiaya\nGratis\n"
    return {rule.key: rule for rule in derive_rules(read_standard(text))}


@pytest.mark.parametrize(("section", "sentence", "key", "value"), DENIED)
def test_what_the_text_denies_is_read_as_no_and_rests_on_its_sentence(section, sentence, key, value):
    rule = derived(section, sentence)[key]
    assert rule.value == value
    assert rule.certainty == "stated"
    assert rule.evidence == ((section, 1 if section == "requirements" else 2),)


@pytest.mark.parametrize(("section", "sentence", "key", "value"), KEPT)
def test_a_condition_or_another_clause_takes_nothing_back(section, sentence, key, value):
    assert derived(section, sentence)[key].value == value


def test_a_figure_and_a_word_that_differ_are_told():
    text = f"{HEAD}Persyaratan\n1. KTP\n\nWaktu\n1. Maksimal 15 (lima) menit; 3 (tiga) hari kerja; 25 (dua puluh lima) menit; 5 (menit)\n\nBiaya\nGratis\n"
    told = [line for line in read_standard(text).warnings if "Angka dan kata" in line]
    assert len(told) == 1
    assert "15 (lima)" in told[0]
