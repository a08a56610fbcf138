"""From the published texts to offices, services, standards and rules in the database."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from pst.portal.demo import TEXTS
from services.audit.actors import SYSTEM
from services.guestbook.clocks import wind
from services.guestbook.models import VisitService
from services.offices.loading import load
from services.offices.models import Office, Service, Standard

SEEDS = sorted(TEXTS.glob("*.txt"))


def standard(offices, code, slug="library") -> Standard:
    return offices[code].services.get(slug=slug).standard


def test_five_texts_make_four_offices_under_their_provinces(offices):
    assert {o.code: o.time_zone for o in offices.values()} == {
        "7411": "Asia/Makassar",
        "6571": "Asia/Makassar",
        "1906": "Asia/Jakarta",
        "1373": "Asia/Jakarta",
    }
    assert [o.name for o in offices["7411"].breadcrumb] == [
        "Badan Pusat Statistik",
        "BPS Provinsi Sulawesi Tenggara",
        "BPS Kabupaten Kolaka Timur",
    ]
    assert offices["1906"].parent.area == "Kepulauan Bangka Belitung"
    assert offices["6571"].parent.area == "Kalimantan Utara"
    assert Standard.objects.filter(status="published").count() == 5


@pytest.mark.parametrize(
    ("code", "phone", "email", "website"),
    [
        ("7411", "082188887411", "bps7411@bps.go.id", "http://koltimkab.bps.go.id/"),
        ("1906", "07199220090", "bps1906@bps.go.id", "http://belitungtimurkab.bps.go.id"),
        ("6571", "055131715", "bps6571@bps.go.id", "http://tarakankota.bps.go.id"),
        ("1373", "075461049", "bps1373@bps.go.id", "http://sawahluntokota.bps.go.id"),
    ],
)
def test_office_facts_as_published(offices, code, phone, email, website):
    office = offices[code]
    assert (office.phone, office.email) == (phone, email)
    assert office.website.split("//")[1].rstrip("/") == website.split("//")[1].rstrip("/")
    assert office.address


def test_decree_numbers_as_published_or_blank(offices):
    numbers = {code: standard(offices, code).decree_number for code in offices}
    assert numbers == {"7411": "", "1906": "", "6571": "24E Tahun 2024", "1373": "025A"}


def test_rules_that_drive_the_visit(offices):
    rules = {code: standard(offices, code).rules for code in offices}
    assert {c: r.queue for c, r in rules.items()} == {"7411": True, "1906": False, "6571": True, "1373": True}
    assert {c: r.locker for c, r in rules.items()} == {
        "7411": "card_deposit",
        "1906": "free",
        "6571": "none",
        "1373": "card_deposit",
    }
    assert {(r.clock_onsite.start, r.clock_onsite.minutes) for r in rules.values()} == {("guest_book", 5)}
    consultation = standard(offices, "7411", "consultation").rules
    assert (consultation.clock_onsite.start, consultation.clock_onsite.minutes) == ("previous_finished", 10)
    assert consultation.clock_online.working_days == 3
    assert consultation.auto_close_working_days == 3
    assert rules["1906"].excerpt_percent == 20
    assert {c: (r.download, r.watermark) for c, r in rules.items()} == {
        "7411": (True, True),
        "1906": (False, True),
        "6571": (True, True),
        "1373": (True, False),
    }


def test_every_rule_rests_on_text_or_says_it_does_not(offices):
    for code in offices:
        for rule in standard(offices, code).rule_set.all():
            assert rule.certainty != "stated" or rule.evidence, rule.key
            assert rule.note, rule.key


def test_the_source_text_is_kept_word_for_word(offices):
    for path in SEEDS:
        stored = Standard.objects.get(source_name=path.name)
        assert stored.source_text == path.read_text()
        assert all(i.source.strip() for i in stored.items.all())


def test_loading_again_changes_nothing(offices):
    before = Standard.objects.count(), Service.objects.count(), Office.objects.count()
    for path in SEEDS:
        assert not load(path.read_bytes(), source_name=path.name, by=SYSTEM).created
    assert (Standard.objects.count(), Service.objects.count(), Office.objects.count()) == before


def test_a_changed_text_becomes_a_new_version_and_the_old_one_is_kept(offices):
    text = SEEDS[0].read_text().replace("maksimal 5 (lima) menit", "maksimal 7 (tujuh) menit")
    loaded = load(text, source_name="baru.txt", by=SYSTEM).standard
    assert loaded.version == 2
    assert loaded.rules.clock_onsite.minutes == 7
    assert Standard.objects.get(service=loaded.service, version=1).status == "retired"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("empty.txt", b""),
        ("binary.txt", b"%PDF-1.7\x00\x01\x02" * 50),
        ("letter.txt", b"Yth. Bapak Kepala, mohon izin tidak masuk hari ini."),
    ],
)
def test_the_command_names_what_is_wrong_with_a_file_and_stores_nothing(
    offices, tmp_path, capsys, name, data
):
    path = tmp_path / name
    path.write_bytes(data)
    before = Standard.objects.count()
    with pytest.raises(CommandError, match="1 of 1"):
        call_command("load_standard", path)
    assert name in capsys.readouterr().err
    assert Standard.objects.count() == before


def test_a_file_of_fifty_megabytes_is_refused_without_reading_it_all(offices, tmp_path, capsys):
    path = tmp_path / "big.txt"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    with pytest.raises(CommandError):
        call_command("load_standard", path)
    assert "big.txt" in capsys.readouterr().err


def test_a_latin_1_file_is_read(offices, tmp_path, capsys):
    path = tmp_path / "latin.txt"
    path.write_bytes(SEEDS[4].read_text().replace("hardcopy", "hardcopy édition").encode("latin-1"))
    call_command("load_standard", path)
    assert "Sawahlunto" in capsys.readouterr().out
    assert Standard.objects.get(source_name="latin.txt").items.filter(text__contains="édition").exists()


def test_an_office_that_does_not_name_its_province_is_hung_under_it_by_its_code(offices):
    text = (
        "Pelayanan Statistik Terpadu BPS Kota Tual\nJl. Jenderal Sudirman, Tual 97611\nbps8172@bps.go.id\n"
        "Layanan Perpustakaan\nPersyaratan: 1) Mengisi buku tamu elektronik Prosedur: 1) Mengambil nomor antrian "
        "2) Mengisi buku tamu 3) Membaca publikasi Waktu Penyelesaian: 1 jam setelah mengisi buku tamu "
        "Biaya: Tidak dipungut biaya Produk: Publikasi tercetak Pengaduan: Email bps8172@bps.go.id"
    )
    office = load(text, source_name="tual.txt", by=SYSTEM).standard.service.office
    assert (office.parent.name, office.zone_name) == ("BPS Provinsi Maluku", "WIT")
    assert office.services.get().standard.rules.clock_onsite.minutes == 60


def told(capsys, path, *options) -> dict[str, str]:
    """What the command says about one file: its facts by name, and the first line as ""."""
    call_command("load_standard", path, *options)
    first, *lines = capsys.readouterr().out.splitlines()
    return {"": first} | {line.split()[0]: line.split(maxsplit=1)[1] for line in lines}


def test_the_command_shows_what_it_found_and_what_comes_next(offices, tmp_path, capsys):
    path = tmp_path / "new.txt"
    path.write_text(SEEDS[0].read_text().replace("maksimal 5 (lima) menit", "maksimal 7 (tujuh) menit"))
    shown = told(capsys, path)
    assert "0 unplaced" in shown[""]
    assert shown["office"] == "BPS Kabupaten Kolaka Timur, code 7411, time zone WITA (Asia/Makassar)"
    assert shown["address"] == "Kompleks Perkantoran Pemda Desa Lalingato Kecamatan Tirawuta 93582"
    assert "bps7411@bps.go.id" in shown["contact"]
    assert shown["promise"] == "7 menit setelah buku tamu diisi"
    assert shown["online"] == "langsung setelah registrasi"
    assert shown["steps"].startswith("ticket → guest_book")
    loaded = Standard.objects.get(source_name="new.txt")
    assert "/panel/" in shown["next"]
    assert f"/panel/standar/{loaded.pk}/" in shown["next"]
    assert f"{loaded.rule_set.count()} rules" in shown["next"]


def test_the_command_says_on_which_lines_the_unplaced_pieces_stand(offices, tmp_path, capsys):
    path = tmp_path / "strange.txt"
    body = "Persyaratan\n1. Mengisi buku tamu\nProsedur\n1. Pengguna membaca buku\nBiaya\nGratis\nPengaduan\nbps8271@bps.go.id"
    path.write_text(
        f"Layanan Perpustakaan BPS Kota Ternate\nSatu\nDua\n\nTiga\n{body}\nDitetapkan di Ternate\n",
    )
    shown = told(capsys, path)
    assert "4 unplaced (lines 2–3, 5, 14)" in shown[""]
    assert shown["address"].startswith("not found")
    assert shown["promise"] == shown["online"] == "no time found in the text"
    assert "WIT (Asia/Jayapura)" in shown["office"]
    assert "marked ! and ?" in shown["next"]


def test_the_command_has_nothing_left_to_do_once_all_rules_are_confirmed(offices, capsys):
    standard(offices, "1373").rule_set.update(confirmed_at=datetime(2026, 3, 2, tzinfo=UTC))
    shown = told(capsys, SEEDS[4])
    assert "already loaded" in shown[""]
    assert shown["next"].startswith("nothing")


def test_a_promise_for_visits_in_working_days_is_stored_and_starts_no_clock(offices):
    text = SEEDS[4].read_text().replace("maksimal 5 menit", "maksimal 1 (satu) hari kerja")
    loaded = load(text, source_name="hari.txt", by=SYSTEM).standard
    assert (loaded.rules.clock_onsite.minutes, loaded.rules.clock_onsite.working_days) == (None, 1)
    received = VisitService(standard=loaded)
    wind(received, timezone.now())
    assert received.clock_minutes is None
    assert any("hitung mundur" in warning for warning in loaded.warnings)
