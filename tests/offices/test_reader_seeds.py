"""The five real published standards, read against tables made by hand from the originals."""

from __future__ import annotations

import pytest

from services.offices.reader import RULE_KEYS, derive_rules, read_standard

from .reader_oracles import ADDRESSES, COMPLAINTS, OFFICES, RULES, SPLITS, STEPS, TITLES
from .reader_support import SEEDS, channels, kinds, rules, seed, seed_text, shape


@pytest.mark.parametrize("short", SEEDS)
def test_office_facts(short):
    office = seed(short).office
    assert (office.code, office.name, office.level, office.area, office.province) == OFFICES[short]
    assert (office.address, office.phone, office.website) == ADDRESSES["KL" if short == "KK" else short]
    assert office.email == f"bps{office.code}@bps.go.id"
    unit = "Pelayanan Statistik Terpadu BPS"
    assert office.breadcrumb == (
        "Badan Pusat Statistik", "Sekretariat Utama", f"{unit} Provinsi {office.province}", f"{unit} {office.name[4:]}",
    )  # fmt: skip


@pytest.mark.parametrize("short", SEEDS)
def test_title_kind_and_decree(short):
    parsed = seed(short)
    assert (parsed.title, parsed.service_kind, parsed.decree_number) == TITLES[short]


@pytest.mark.parametrize("short", SEEDS)
def test_items_and_their_channels(short):
    parsed = seed(short)
    assert {section: channels(parsed, section) for section in SPLITS[short]} == SPLITS[short]
    assert parsed.unplaced == ()


@pytest.mark.parametrize("short", SEEDS)
def test_positions_count_from_one_in_each_section(short):
    for section in SPLITS[short]:
        positions = [i.position for i in seed(short).items if i.section == section]
        assert positions == list(range(1, len(positions) + 1))


@pytest.mark.parametrize("short", SEEDS)
def test_steps_follow_the_published_order(short):
    assert [(s["kind"], s["items"]) for s in rules(seed(short))["steps"]] == STEPS[short]


@pytest.mark.parametrize("short", SEEDS)
def test_every_other_rule(short):
    found = rules(seed(short))
    expected = RULES[short]
    assert set(expected) | {"steps", "complaint_channels"} == set(RULE_KEYS)
    assert {key: found[key] for key in expected} == expected


@pytest.mark.parametrize("short", SEEDS)
def test_complaint_channels_in_published_order(short):
    found = rules(seed(short))["complaint_channels"]
    assert [(c["kind"], c["label"], c["value"], c["person"]) for c in found] == COMPLAINTS[short]


@pytest.mark.parametrize("short", SEEDS)
def test_evidence_points_at_items_and_every_rule_explains_itself(short):
    parsed = seed(short)
    there = {(i.section, i.position) for i in parsed.items}
    for rule in derive_rules(parsed):
        assert set(rule.evidence) <= there
        assert rule.note.endswith(".")
        assert bool(rule.evidence) == (rule.certainty != "default")


@pytest.mark.parametrize("short", SEEDS)
def test_sources_are_verbatim(short):
    parsed = seed(short)
    assert all(line in parsed.source for item in parsed.items for line in item.source.split("\n"))
    assert all(c.before in parsed.source for c in parsed.corrections if not c.after)


def certainty(short: str, key: str) -> str:
    return next(r.certainty for r in derive_rules(seed(short)) if r.key == key)


def test_what_is_inferred_says_so():
    assert certainty("KL", "steps") == "inferred"  # nobody is told to hand the card back
    assert certainty("SW", "steps") == "stated"
    assert certainty("BT", "clock_onsite") == "inferred"  # the bare "5 Menit"
    assert certainty("BT", "watermark") == "inferred"  # only the product promises it
    assert certainty("BT", "download") == "default"


def test_kk_header_split_over_a_lone_word_and_a_stray_zero_leave_no_item():
    for short in ("KL", "KK", "SW"):
        times = [i.text for i in seed(short).items if i.section == "time"]
        assert len(times) == 2
        assert not any(text in {"Timur", "0"} for text in times)
    dropped = [c.before for c in seed("KL").corrections if not c.after]
    assert {"Timur", "0"} <= set(dropped)


def test_kk_struck_through_word_stays_in_the_title():
    parsed = seed("KK")
    assert parsed.title_source == "## Pelayanan ~~Konsultasi~~ Statistik BPS Kabupaten Kolaka Timur"
    assert any(c.before == "~~Konsultasi~~" and c.after == "Konsultasi" for c in parsed.corrections)


def test_tr_overprinted_breadcrumb_is_mended_from_the_clean_copy():
    mended = [c for c in seed("TR").corrections if "ovinsi" in c.before and c.after]
    assert [c.after for c in mended] == ["Pelayanan Statistik Terpadu BPS Provinsi Kalimantan Utara"]


def test_tr_overprint_without_a_clean_copy_is_still_freed():
    text = seed_text("TR").replace("BPS Provinsi Kalimantan", "BPS **Perpustaka**ovinsi Kalimantan")
    assert read_standard(text).office.province == "Kalimantan Utara"


def test_tr_doubled_number_becomes_two_products():
    products = [i for i in seed("TR").items if i.section == "product"]
    assert [i.label for i in products] == ["1", "2"]
    assert products[0].source.startswith("1. 1. Layanan")


def test_sw_nested_list_in_one_line_becomes_children():
    steps = [(i.label, i.depth, i.parent) for i in seed("SW").items if i.section == "procedure"][3:10]
    assert steps == [
        ("4", 0, None), ("4.a", 1, 4), ("4.a.1", 2, 5), ("4.a.2", 2, 5), ("4.b", 1, 4), ("4.b.1", 2, 8), ("4.b.2", 2, 8),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("short", "section", "position", "text"),
    [
        ("KK", "product", 1, "Jasa konsultasi informasi statistik (data/metadata/klasifikasi) statistik"),
        ("TR", "complaints", 5, "Direct Message pada media sosial:"),
        ("SW", "procedure", 2, "Pengguna layanan menemui petugas frontline unit PST BPS Kota Sawahlunto"),
        (
            "BT",
            "requirements",
            1,
            "Pengguna layanan berkunjung ke Unit Pelayanan Statistik Terpadu (PST) BPS Kabupaten Belitung Timur",
        ),
        ("KL", "requirements", 6, "Pengguna layanan memiliki akun pada portal pst.bps.go.id"),
    ],
)
def test_typos_are_mended_in_the_display_and_kept_in_the_source(short, section, position, text):
    item = next(i for i in seed(short).items if (i.section, i.position) == (section, position))
    assert item.text == text
    assert item.source.removeprefix(f"{item.label}. ") != text or item.section == "requirements"


@pytest.mark.parametrize(
    ("short", "part"),
    [
        ("KL", "Nomor SK"),
        ("KL", "pengembaliannya tidak disebut"),
        ("KK", "diminta lebih dari sekali (persyaratan 2 dan 5)"),
        ("BT", "Judul layanan tidak tercantum"),
        ("BT", "tidak ada langkah yang memakainya"),
        ("BT", "menyebut nama petugas"),
        ("BT", "konsultasi"),
        ("TR", "tidak ada langkah yang memakainya"),
    ],
)
def test_warnings(short, part):
    assert any(part in warning for warning in seed(short).warnings)


def test_sw_has_nothing_to_warn_of_but_the_repeated_email():
    assert len(seed("SW").warnings) == 1


@pytest.mark.parametrize("short", SEEDS)
def test_a_whole_standard_on_one_line_gives_the_same_rules(short):
    text = seed_text(short)
    flat = read_standard(" ".join(text.split()))
    normal = rules(read_standard(text))
    found = rules(flat)
    assert {k for k in normal if k != "products" and found[k] != normal[k]} == set()
    assert kinds(flat) == [kind for kind, _ in STEPS[short]]


@pytest.mark.parametrize("short", ["KL", "TR", "SW"])
def test_a_page_header_may_break_in_anywhere(short):
    """Put the document's own header between any two lines: the items stay what they are."""
    lines = seed_text(short).split("\n")
    begin, end = {"KL": (4, 15), "TR": (0, 7), "SW": (4, 13)}[short]
    expected = shape(seed(short))
    for at in range(end, len(lines) + 1, 3):
        assert shape(read_standard("\n".join(lines[:at] + lines[begin:end] + lines[at:]))) == expected
