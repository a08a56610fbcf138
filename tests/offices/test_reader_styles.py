"""Standards of other offices, in other styles (invented texts; the offices exist)."""

from __future__ import annotations

import pytest

from services.offices.reader import derive_rules, read_standard

from .reader_support import channels, fixture, kinds, rules

HEAD = "Pelayanan Perpustakaan BPS Kota Ternate\n\n"


@pytest.mark.parametrize(
    ("name", "office", "level", "code", "counts"),
    [
        ("maluku_heading_numbers", "BPS Provinsi Maluku", "province", "8100", (4, 9, 2, 1, 2, 4)),
        ("tual_one_line", "BPS Kota Tual", "city", "8172", (3, 7, 2, 1, 1, 1)),
        ("maluku_tengah_table", "BPS Kabupaten Maluku Tengah", "regency", "8103", (3, 7, 1, 1, 1, 3)),
        ("dki_no_headings", "BPS Provinsi DKI Jakarta", "province", "3100", (3, 4, 1, 1, 0, 2)),
        ("ambon_bullets", "BPS Kota Ambon", "city", "8171", (4, 10, 2, 1, 1, 1)),
        ("papua_wrapped", "BPS Provinsi Papua Barat Daya", "province", "9200", (2, 3, 1, 1, 1, 2)),
        ("national", "Badan Pusat Statistik", "national", "", (3, 10, 1, 1, 1, 2)),
        ("online_first", "BPS Kabupaten Kepulauan Aru", "regency", "8107", (4, 6, 2, 0, 1, 4)),
    ],
)
def test_office_and_items(name, office, level, code, counts):
    parsed = fixture(name)
    sections = ("requirements", "procedure", "time", "fee", "product", "complaints")
    assert (parsed.office.name, parsed.office.level, parsed.office.code) == (office, level, code)
    assert tuple(sum(i.section == s for i in parsed.items) for s in sections) == counts


@pytest.mark.parametrize(
    ("name", "requirements", "procedure"),
    [
        ("maluku_heading_numbers", "ooon", "o" * 6 + "nnn"),
        ("tual_one_line", "oon", "oooonnn"),
        ("maluku_tengah_table", "ooo", "oooonnn"),
        ("ambon_bullets", "oonn", "o" * 7 + "nnn"),
        ("papua_wrapped", "oo", "ooo"),
        ("online_first", "nnoo", "nnnooo"),
    ],
)
def test_channels(name, requirements, procedure):
    parsed = fixture(name)
    assert (channels(parsed, "requirements"), channels(parsed, "procedure")) == (requirements, procedure)


@pytest.mark.parametrize(
    ("name", "steps"),
    [
        ("maluku_heading_numbers", "ticket guest_book bag_deposit service rating bag_return finish"),
        ("maluku_tengah_table", "triage guest_book service rating finish"),
        (
            "ambon_bullets",
            "ticket card_deposit bag_deposit guest_book service bag_return card_return rating finish",
        ),
        ("national", "ticket guest_book card_deposit bag_deposit service bag_return card_return finish"),
        ("dki_no_headings", "ticket guest_book service finish"),
    ],
)
def test_steps(name, steps):
    assert kinds(fixture(name)) == steps.split()


@pytest.mark.parametrize(
    ("name", "onsite", "online"),
    [
        ("maluku_heading_numbers", ("ticket", 15), ("submitted", 1440, None)),
        ("tual_one_line", ("guest_book", 30), ("submitted", None, 2)),
        ("maluku_tengah_table", ("guest_book", 10), None),
        ("ambon_bullets", ("arrival", 90), ("submitted", None, 5)),
        ("papua_wrapped", ("guest_book", 10), None),
        ("online_first", ("guest_book", 5), ("login", 0, None)),
    ],
)
def test_clocks(name, onsite, online):
    found = rules(fixture(name))
    assert tuple(found["clock_onsite"].values()) == onsite
    assert (found["clock_online"] and tuple(found["clock_online"].values())) == online


def test_details_of_the_styles():
    maluku, ambon, aru = (
        rules(fixture(n)) for n in ("maluku_heading_numbers", "ambon_bullets", "online_first")
    )
    assert maluku["location"] == "lantai 2"
    assert maluku["identity_card_types"] == ["KTP", "SIM", "Kartu pelajar", "Paspor"]
    assert maluku["account_online"] == {
        "required": True,
        "label": "portal pst.bps.go.id",
        "url": "https://pst.bps.go.id",
    }
    assert ambon["locker"] == "card_deposit"
    assert ambon["auto_close_working_days"] == 7
    assert [c["kind"] for c in ambon["complaint_channels"]] == ["box", "email", "phone", "whatsapp", "lapor"]
    assert [(c["kind"], c["person"]) for c in aru["complaint_channels"]] == [
        ("instagram", ""), ("facebook", ""), ("sms_whatsapp", "Budi, Kasubbag Umum"), ("form", ""),
    ]  # fmt: skip
    assert fixture("maluku_heading_numbers").decree_number == "112 Tahun 2024"
    assert fixture("tual_one_line").decree_number == "7 Tahun 2023"


def test_an_item_interrupted_by_a_page_header_is_put_together():
    steps = [i.text for i in fixture("papua_wrapped").items if i.section == "procedure"]
    assert steps[1] == "Pengguna layanan membaca pustaka hardcopy di ruang baca"


def test_sections_the_software_does_not_use_and_signatures_are_shown_as_unplaced():
    assert [u.line for u in fixture("maluku_heading_numbers").unplaced] == [48]
    assert [u.line for u in fixture("papua_wrapped").unplaced] == [45, 46, 47]
    assert all(u.reason for u in fixture("papua_wrapped").unplaced)


@pytest.mark.parametrize(
    "marks",
    [
        "1. 2. 3.",
        "1) 2) 3)",
        "(1) (2) (3)",
        "a. b. c.",
        "a) b) c)",
        "i. ii. iii.",
        "- - -",
        "• • •",
        "– – –",
        "* * *",
        "A. B. C.",
    ],
)
def test_list_styles(marks):
    texts = ["Pengguna datang ke PST", "Pengguna membawa KTP", "Pengguna mengisi buku tamu"]
    lines = [f"{mark} {text}" for mark, text in zip(marks.split(), texts, strict=True)]
    parsed = read_standard(HEAD + "Persyaratan\n\n" + "\n".join(lines) + "\n\nBiaya\nGratis\n")
    assert [i.text for i in parsed.items if i.section == "requirements"] == texts
    assert {i.depth for i in parsed.items} == {0}


@pytest.mark.parametrize(
    ("section", "heading"),
    [
        ("requirements", "Persyaratan"), ("requirements", "PERSYARATAN PELAYANAN:"), ("requirements", "1. Persyaratan"),
        ("requirements", "**A. Persyaratan**"), ("procedure", "II. SISTEM, MEKANISME, DAN PROSEDUR"),
        ("procedure", "Sistem, Mekanisme dan Prosedur"), ("procedure", "### Prosedur Pelayanan"),
        ("time", "Jangka Waktu Penyelesaian"), ("time", "Jangka Waktu Pelayanan"), ("time", "3) Waktu Penyelesaian :"),
        ("fee", "Biaya/Tarif"), ("fee", "BIAYA / TARIF"), ("product", "Produk Layanan"), ("product", "V. Produk Pelayanan"),
        ("complaints", "Penanganan Pengaduan, Saran dan Masukan"), ("complaints", "Pengaduan Layanan"),
        ("complaints", "PENANGANAN PENGADUAN, SARAN, DAN MASUKAN:"),
    ],
)  # fmt: skip
def test_heading_styles(section, heading):
    other = "Biaya\n\nGratis\n\n" if section != "fee" else "Persyaratan\n\n1. KTP\n\n"
    parsed = read_standard(f"{HEAD}{other}{heading}\n\nIsi bagian ini\n")
    assert [i.text for i in parsed.items if i.section == section] == ["Isi bagian ini"]


def test_headings_run_into_their_content():
    text = "Persyaratan: 1. Pengguna membawa KTP 2. Pengguna mengisi buku tamu\nWaktu Penyelesaian: 5 menit\nBiaya/Tarif: gratis"
    parsed = read_standard(HEAD + text)
    assert [(i.section, i.label) for i in parsed.items] == [
        ("requirements", "1"), ("requirements", "2"), ("time", ""), ("fee", ""),
    ]  # fmt: skip


def test_a_floor_number_is_no_list_marker():
    text = (
        HEAD
        + "Persyaratan\n1. Datang ke Kantor BPS Lantai 1. Pengguna mengisi buku tamu\n2. Membawa KTP\n\nBiaya\nGratis"
    )
    assert [i.label for i in read_standard(text).items] == ["1", "2", ""]


def test_the_waiver_of_a_percentage_in_words():
    text = (
        HEAD
        + "Prosedur\n1. Pengguna mengisi buku tamu\n2. Petugas menyalin maksimal dua puluh lima persen dari publikasi\n\nBiaya\nGratis"
    )
    assert rules(read_standard(text))["excerpt_percent"] == 25


def test_subheadings_in_every_section():
    parsed = fixture("bulukumba_subheadings")
    found = rules(parsed)
    assert channels(parsed, "requirements") + channels(parsed, "procedure") == "oon" + "ooooonnn"
    assert kinds(parsed) == ["ticket", "guest_book", "service", "rating", "finish"]
    assert found["clock_online"] == {"start": "submitted", "minutes": None, "working_days": 1}
    assert found["auto_close_working_days"] == 2
    assert [c["kind"] for c in found["complaint_channels"]] == [
        "other", "box", "whatsapp", "email", "lapor", "instagram",
    ]  # fmt: skip


def test_another_kind_of_service_without_an_on_site_part():
    parsed = fixture("jawa_barat_recommendation")
    assert (parsed.service_kind, parsed.title) == (
        "other",
        "Pelayanan Rekomendasi Kegiatan Statistik BPS Provinsi Jawa Barat",
    )
    assert (parsed.decree_number, parsed.office.code, parsed.office.address) == (
        "B-123/32000/2024",
        "3200",
        "",
    )
    assert channels(parsed, "procedure") == "nnnn"
    assert kinds(parsed) == ["guest_book", "service", "finish"]
    assert rules(parsed)["account_online"]["url"] == "https://romantik.web.bps.go.id"


def test_everything_in_capitals_and_run_together():
    parsed = fixture("baubau_capitals")
    assert parsed.office.name == "BPS Kota Bau-Bau"
    assert channels(parsed, "requirements") == "ooo"
    assert kinds(parsed) == (
        ["guest_book", "card_deposit", "bag_deposit", "service", "bag_return", "card_return", "finish"]
    )


def timed(sentence: str, procedure: str = "1. Pengguna mengisi buku tamu\n2. Petugas memberikan data"):
    return read_standard(
        f"{HEAD}Prosedur\n{procedure}\n\nWaktu Penyelesaian\n{sentence}\n\nBiaya\nGratis\nbps8271@bps.go.id"
    )


@pytest.mark.parametrize(
    ("sentence", "start", "days", "certainty"),
    [
        ("Kunjungan langsung: paling lama 1 (satu) hari kerja", "guest_book", 1, "inferred"),
        ("Paling lama 1 (satu) hari kerja", "guest_book", 1, "inferred"),
        ("Layanan offline selesai dalam 2 hari kerja setelah mengisi buku tamu", "guest_book", 2, "stated"),
        ("Kunjungan langsung: 3 hari kerja sejak permintaan diterima", "submitted", 3, "stated"),
        ("Layanan langsung: seminggu sejak pengunjung datang", "arrival", 5, "stated"),
    ],
)
def test_a_promise_for_visits_in_working_days(sentence, start, days, certainty):
    parsed = timed(sentence)
    rule = next(r for r in derive_rules(parsed) if r.key == "clock_onsite")
    assert rule.value == {"start": start, "minutes": None, "working_days": days}
    assert (rule.certainty, rule.evidence) == (certainty, (("time", 1),))
    assert any("hitung mundur" in warning for warning in parsed.warnings)


def test_minutes_come_before_days_and_need_no_warning():
    parsed = timed(
        "1. Kunjungan langsung: 10 menit setelah mengisi buku tamu\n2. Kunjungan langsung: 1 hari kerja"
    )
    assert rules(parsed)["clock_onsite"] == {"start": "guest_book", "minutes": 10}
    assert not any("hitung mundur" in warning for warning in parsed.warnings)


def test_days_of_a_service_without_visits_are_no_promise_for_visits():
    parsed = timed("3 hari kerja", "1. Pengguna mengakses portal pst.bps.go.id\n2. Pengguna mengunduh data")
    assert rules(parsed)["clock_onsite"] is None
    assert rules(parsed)["clock_online"]["working_days"] == 3
    assert not any("hitung mundur" in warning for warning in parsed.warnings)
