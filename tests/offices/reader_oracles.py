"""Hand-made tables of what the five published standards say; the reader is measured against them."""

from __future__ import annotations

from typing import Any

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
RULES: dict[str, dict[str, Any]] = {
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
