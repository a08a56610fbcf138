"""The five real published standards, read against tables made by hand from the originals."""

from __future__ import annotations

import pytest

from services.offices.reader import RULE_KEYS, derive_rules, read_standard

from .reader_support import SEEDS, channels, kinds, rules, seed, seed_text, shape

CARDS = ["KTP", "SIM", "Paspor", "lainnya"]
LOCKER_VISIT = [
    "ticket",
    "guest_book",
    "card_deposit",
    "bag_deposit",
    "service",
    "rating",
    "bag_return",
    "card_return",
    "finish",
]
SHORT_VISIT = ["ticket", "guest_book", "service", "rating", "finish"]

OFFICES = {
    "KL": ("7411", "BPS Kabupaten Kolaka Timur", "regency", "Kolaka Timur", "Sulawesi Tenggara"),
    "KK": ("7411", "BPS Kabupaten Kolaka Timur", "regency", "Kolaka Timur", "Sulawesi Tenggara"),
    "BT": ("1906", "BPS Kabupaten Belitung Timur", "regency", "Belitung Timur", "Kepulauan Bangka Belitung"),
    "TR": ("6571", "BPS Kota Tarakan", "city", "Tarakan", "Kalimantan Utara"),
    "SW": ("1373", "BPS Kota Sawahlunto", "city", "Sawahlunto", "Sumatera Barat"),
}
ADDRESSES = {
    "KL": (
        "Kompleks Perkantoran Pemda Desa Lalingato Kecamatan Tirawuta 93582",
        "082188887411",
        "http://koltimkab.bps.go.id/",
    ),
    "BT": (
        "Jl. Raya Manggarawan Desa Padang Manggar 33512",
        "07199220090",
        "https://belitungtimurkab.bps.go.id",
    ),
    "TR": (
        "Jl. Pulau Kalimantan No.9, Kp. Satu Skip, Tarakan Tengah, Kota Tarakan, Kalimantan Utara 77113",
        "055131715",
        "https://tarakankota.bps.go.id",
    ),
    "SW": (
        "Jl. Bagindo Aziz Chan, Aur Mulio, Kec. Lembah Segar, Kota Sawahlunto 27417",
        "075461049",
        "https://sawahluntokota.bps.go.id",
    ),
}
TITLES = {
    "KL": ("Pelayanan Perpustakaan BPS Kabupaten Kolaka Timur", "library", ""),
    "KK": ("Pelayanan Konsultasi Statistik BPS Kabupaten Kolaka Timur", "consultation", ""),
    "BT": ("Pelayanan Perpustakaan BPS Kabupaten Belitung Timur", "library", ""),
    "TR": ("Pelayanan Perpustakaan BPS Kota Tarakan", "library", "24E Tahun 2024"),
    "SW": ("Pelayanan Perpustakaan BPS Kota Sawahlunto", "library", "025A"),
}
# Items per section with their channels: o on-site, n on-line, b both.
SPLITS = {
    "KL": {
        "requirements": "oooonn",
        "procedure": "o" * 7 + "n" * 7,
        "time": "on",
        "fee": "b",
        "product": "b",
        "complaints": "onnn",
    },
    "KK": {
        "requirements": "oooonnn",
        "procedure": "o" * 5 + "n" * 7,
        "time": "on",
        "fee": "b",
        "product": "b",
        "complaints": "onnn",
    },
    "BT": {
        "requirements": "oooonn",
        "procedure": "o" * 9 + "n" * 4,
        "time": "o",
        "fee": "b",
        "product": "b",
        "complaints": "onnn",
    },
    "TR": {
        "requirements": "oooonn",
        "procedure": "o" * 7 + "n" * 7,
        "time": "on",
        "fee": "b",
        "product": "on",
        "complaints": "n" * 7,
    },
    "SW": {
        "requirements": "ooooonn",
        "procedure": "o" * 12 + "n" * 8,
        "time": "on",
        "fee": "b",
        "product": "b",
        "complaints": "onnn",
    },
}
RATING, BOTH, NEITHER = (
    {"rating": True, "complaint": False},
    {"rating": True, "complaint": True},
    {"rating": False, "complaint": False},
)
FIVE = {"start": "guest_book", "minutes": 5}
REGISTERED = {"start": "registration", "minutes": 0, "working_days": None}
NOTHING = {
    "bag_optional": False, "allowed_inside": [], "auto_close_working_days": None, "scan_request": False, "lending": False,
    "removal_permission": False, "self_copying_forbidden": False, "excerpt_percent": None, "ask_when_not_found": False,
    "consultation_channels": [], "service_request": False,
}  # fmt: skip
LIBRARY = {
    **NOTHING, "identity_card": True, "identity_card_types": CARDS, "email_onsite": True, "contact_online": "email",
    "search_online": True, "read_online": True, "read_hardcopy": True, "download": True, "watermark": True,
    "queue": True, "clock_onsite": FIVE, "clock_online": REGISTERED, "rating_onsite": BOTH, "rating_online": BOTH,
    "guest_book": {"form": "electronic"}, "fee": {"free": True, "text": "Tidak dipungut biaya"},
}  # fmt: skip
RULES = {
    "KL": LIBRARY
    | {
        "locker": "card_deposit",
        "location": "unit Pelayanan Statistik Terpadu (PST) BPS Kabupaten Kolaka Timur",
        "account_online": {"required": True, "label": "portal pst.bps.go.id", "url": "http://pst.bps.go.id"},
        "products": {c: ["Pelayanan Perpustakaan BPS (PST)"] for c in ("onsite", "online")},
    },
    "KK": LIBRARY
    | {
        "locker": "none",
        "identity_card": False,
        "identity_card_types": [],
        "contact_online": "email_or_whatsapp",
        "service_request": True,
        "location": "Perpustakaan BPS Kabupaten Kolaka Timur",
        "account_online": {"required": True, "label": "aplikasi pelayanan", "url": "http://pst.bps.go.id"},
        "clock_onsite": {"start": "previous_finished", "minutes": 10},
        "clock_online": {"start": "submitted", "minutes": None, "working_days": 3},
        "auto_close_working_days": 3,
        "read_online": False,
        "read_hardcopy": False,
        "download": False,
        "watermark": False,
        "ask_when_not_found": True,
        "consultation_channels": ["portal", "whatsapp", "email"],
        "products": {
            c: ["Jasa konsultasi informasi statistik (data/metadata/klasifikasi) statistik"]
            for c in ("onsite", "online")
        },
    },
    "BT": LIBRARY
    | {
        "queue": False,
        "locker": "free",
        "bag_optional": True,
        "allowed_inside": ["alat tulis", "barang berharga", "perangkat teknologi informasi yang diperlukan"],
        "guest_book": {"form": "electronic_or_paper"},
        "location": "unit Pelayanan Statistik Terpadu (PST) BPS Kabupaten Belitung Timur",
        "account_online": {"required": True, "label": "aplikasi pelayanan", "url": ""},
        "clock_online": None,
        "download": False,
        "lending": True,
        "removal_permission": True,
        "self_copying_forbidden": True,
        "excerpt_percent": 20,
        "rating_onsite": RATING,
        "rating_online": NEITHER,
        "products": {c: ["Akses pustaka hardcopy dan softcopy ber-watermark"] for c in ("onsite", "online")},
    },
    "TR": LIBRARY
    | {
        "locker": "none",
        "guest_book": {"form": "unspecified"},
        "location": "unit Pelayanan Statistik Terpadu (PST) BPS Kota Tarakan",
        "account_online": {"required": True, "label": "aplikasi pelayanan", "url": "https://pst.bps.go.id"},
        "products": {
            "onsite": ["Pustaka hardcopy dan softcopy berwatermark"],
            "online": ["Pustaka softcopy berwatermark"],
        },
    },
    "SW": LIBRARY
    | {
        "locker": "card_deposit",
        "location": "Lantai 1",
        "account_online": {
            "required": True,
            "label": "aplikasi perpustakaan online",
            "url": "https://pst.bps.go.id",
        },
        "service_request": True,
        "clock_online": {"start": "login", "minutes": 0, "working_days": None},
        "watermark": False,
        "scan_request": True,
        "rating_onsite": RATING,
        "rating_online": RATING,
        "ask_when_not_found": True,
        "consultation_channels": ["portal"],
        "products": {
            c: ["Koleksi perpustakaan dalam media hardcopy dan softcopy format PDF"]
            for c in ("onsite", "online")
        },
    },
}
STEPS = {
    "KL": list(zip(LOCKER_VISIT, [[1], [2], [3], [4], [5], [6], [7], [7], [7]], strict=True)),
    "KK": list(zip(SHORT_VISIT, [[1], [2], [3, 4], [5], [5]], strict=True)),
    "BT": [
        ("triage", [2]), ("guest_book", [3]), ("bag_deposit", [4]), ("service", [5, 6]),
        ("bag_return", [7]), ("rating", [8]), ("finish", [9]),
    ],
    "TR": list(zip(SHORT_VISIT, [[1], [2], [3, 4, 5], [6], [7]], strict=True)),
    "SW": list(zip(LOCKER_VISIT, [[1], [3], [3], [3], [4, 5, 6, 7, 8, 9, 10], [11], [12], [12], [12]], strict=True)),
}  # fmt: skip
KL_CHANNELS = [
    ("box", "Pengaduan Langsung", "Kotak saran dan pengaduan pada unit PST BPS Kabupaten Kolaka Timur", ""),
    ("form", "Pengaduan Online", "http://s.bps.go.id/PengaduanLayananBPS7411", ""),
    ("email", "E-mail", "bps7411@bps.go.id", ""),
    ("whatsapp", "Whatsapp", "082188887411", ""),
]
COMPLAINTS = {
    "KL": KL_CHANNELS,
    "KK": KL_CHANNELS,
    "BT": [
        (
            "box",
            "Pengaduan Langsung",
            "Kotak saran & pengaduan pada unit PST BPS Kabupaten Belitung Timur",
            "",
        ),
        ("lapor", "Website", "https://lapor.go.id", ""),
        ("email", "E-mail", "bps1906@bps.go.id", ""),
        (
            "sms_whatsapp",
            "SMS/whatsapp",
            "081278563877",
            "Syahroni, Kasubbag umum BPS Kabupaten Belitung Timur",
        ),
    ],
    "TR": [
        ("phone", "Telepon", "(0551) 31715", ""),
        ("whatsapp", "WA", "0851-8310-6571", ""),
        ("email", "Email", "bps6571@bps.go.id", ""),
        ("form", "Form Pengaduan", "https://s.bps.go.id/AduanPST6571", ""),
        ("facebook", "FB", "BPS Kota Tarakan", ""),
        ("instagram", "IG", "bpskotatarakan", ""),
    ],
    "SW": [
        ("box", "Pengaduan Langsung", "Kotak saran dan pengaduan di PST BPS Kota Sawahlunto", ""),
        ("form", "Website", "https://s.bps.go.id/pengaduan-1373", ""),
        ("email", "E-mail", "bps1373@bps.go.id", ""),
        ("phone", "Telpon", "0754-61049", ""),
    ],
}


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
