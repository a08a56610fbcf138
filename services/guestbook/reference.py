"""The guest book's lists (source: SKD Block I, as in domain.md §3) and the wordings of consent.

Filled in after every migrate, so that a new installation has them; rows that exist are never changed, so
that what an administrator edited stays.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.db import transaction

if TYPE_CHECKING:
    from services.guestbook.models import ReferenceItem

LISTS = {
    "gender": [("male", "Laki-laki", "Male"), ("female", "Perempuan", "Female")],
    "education": [
        ("upper-secondary", "SLTA/sederajat atau di bawahnya", "Upper secondary school or below"),
        ("diploma", "D1/D2/D3", "Diploma (D1–D3)"),
        ("bachelor", "D4/S1", "Bachelor (D4/S1)"),
        ("master", "S2", "Master (S2)"),
        ("doctor", "S3", "Doctorate (S3)"),
    ],
    "job": [
        ("student", "Pelajar/mahasiswa", "Student"),
        ("researcher", "Peneliti/dosen", "Researcher or lecturer"),
        ("civil-servant", "ASN/TNI/Polri", "Civil servant, army or police"),
        ("state-enterprise", "Pegawai BUMN/BUMD", "State enterprise employee"),
        ("private", "Pegawai swasta", "Private sector employee"),
        ("self-employed", "Wiraswasta", "Self-employed"),
        ("other", "Lainnya", "Other"),
    ],
    "institution": [
        ("state-body", "Lembaga negara", "State body"),
        ("ministry", "Kementerian/lembaga pemerintah", "Ministry or agency"),
        ("security", "TNI/Polri/BIN/Kejaksaan", "Army, police, intelligence or prosecution"),
        ("regional", "Pemerintah daerah", "Regional government"),
        ("international", "Lembaga internasional", "International organisation"),
        ("education", "Lembaga penelitian dan pendidikan", "Research or education"),
        ("state-enterprise", "BUMN/BUMD", "State enterprise"),
        ("private", "Swasta", "Private company"),
        ("other", "Lainnya", "Other"),
    ],
    "use": [
        ("education", "Tugas sekolah/kuliah/skripsi", "School or university task"),
        ("government", "Pemerintahan", "Government"),
        ("commercial", "Komersial", "Commercial"),
        ("research", "Penelitian", "Research"),
        ("other", "Lainnya", "Other"),
    ],
    "card": [
        ("ktp", "KTP", "National identity card (KTP)"),
        ("sim", "SIM", "Driving licence (SIM)"),
        ("passport", "Paspor", "Passport"),
        ("other", "Kartu lain (mis. kartu pelajar)", "Other card (e.g. student card)"),
        ("none", "Tidak membawa kartu", "No card"),
    ],
}

CACHED, LISTS_SECONDS = "guestbook.lists", 60

# Versions of the wording, each with its first day. A consent keeps the version it was given to.
FIRST = (
    "Kami mencatat isian buku tamu ini untuk melayani kunjungan Anda dan menyusun laporan statistik pelayanan. "
    "Data disimpan oleh kantor BPS ini, dan setiap pembacaan oleh petugas dicatat. Untuk melihat, memperbaiki, atau "
    "menarik kembali data Anda, hubungi petugas di kantor ini. Apakah Anda setuju?"
)
FIRST_EN = (
    "We record this guest book entry to serve your visit and to report on our service. The data are kept by this "
    "BPS office, and every reading by an officer is logged. To see, correct or withdraw your data, ask an officer "
    "of this office. Do you agree?"
)
# Names how long (pst/privacy/retention.toml) and the visitor's own way to the data.
SECOND = (
    "Kami mencatat isian buku tamu ini untuk melayani kunjungan Anda, mengenali Anda bila datang lagi, dan menyusun "
    "laporan statistik pelayanan. Nama dan kontak disimpan oleh kantor BPS ini paling lama dua tahun sesudah "
    "kunjungan terakhir, lalu dihapus; setiap pembacaan oleh petugas dicatat. Anda dapat melihat, memperbaiki, "
    "menarik, atau menghapus data Anda kapan saja di halaman “Data saya” kantor ini atau melalui petugas. Bila tidak "
    "setuju, Anda tetap dilayani. Apakah Anda setuju?"
)
SECOND_EN = (
    "We record this guest book entry to serve your visit, to recognise you when you come again and to report on our "
    "service. This BPS office keeps your name and contact for at most two years after your last visit and then "
    "deletes them; every reading by an officer is logged. You may see, correct, withdraw or delete your data at any "
    "time on this office's page “My data” or through an officer. If you do not agree, you are served all the same. "
    "Do you agree?"
)
# Names the one mail that asks for a rating (services/ratings/asking.py).
THIRD = SECOND.replace(
    "laporan statistik pelayanan. Nama",
    "laporan statistik pelayanan. Sesudah kunjungan kami boleh menanyakan penilaian Anda lewat satu e-mail, yang dapat "
    "Anda hentikan dengan sekali sentuh. Nama",
)
THIRD_EN = SECOND_EN.replace(
    "service. This",
    "service. After the visit we may ask for your rating by one e-mail, which you can stop with a single tap. This",
)
# For an account on the portal (pst/account).
ACCOUNT = (
    "Kami menyimpan nama dan alamat e-mail Anda untuk mengenali Anda, menjawab konsultasi Anda, dan menunjukkan kepada "
    "Anda kunjungan, pinjaman, unduhan, konsultasi, pengaduan, dan penilaian Anda di kantor BPS mana pun. Setiap "
    "pembacaan oleh petugas dicatat. Akun yang tidak dipakai dua tahun ditutup. Anda dapat melihat, memperbaiki, "
    "mengunduh, atau menghapus data Anda dan menutup akun kapan saja di “Akun saya”. Tanpa akun Anda tetap dilayani."
)
ACCOUNT_EN = (
    "We keep your name and e-mail address to recognise you, to answer your consultations and to show you your visits, "
    "loans, downloads, consultations, complaints and ratings at any BPS office. Every reading by an officer is logged. "
    "An account that is not used for two years is closed. You may see, correct, download or delete your data and close "
    "the account at any time under “My account”. Without an account you are served all the same."
)
ACCOUNT_2 = ACCOUNT.replace(
    "BPS mana pun. Setiap",
    "BPS mana pun. Sesudah unduhan kami boleh menanyakan penilaian Anda lewat satu e-mail, yang dapat Anda hentikan dengan "
    "sekali sentuh. Setiap",
)
ACCOUNT_2_EN = ACCOUNT_EN.replace(
    "any BPS office. Every",
    "any BPS office. After a download we may ask for your rating by one e-mail, which you can stop with a single tap. Every",
)
GUEST_BOOK, AN_ACCOUNT = "guest_book", "account"
WORDINGS = [
    (1, date(2020, 1, 1), FIRST, FIRST_EN, GUEST_BOOK),
    (2, date(2026, 11, 21), SECOND, SECOND_EN, GUEST_BOOK),
    (3, date(2026, 11, 23), THIRD, THIRD_EN, GUEST_BOOK),
    (1, date(2026, 11, 1), ACCOUNT, ACCOUNT_EN, AN_ACCOUNT),
    (2, date(2026, 11, 23), ACCOUNT_2, ACCOUNT_2_EN, AN_ACCOUNT),
]
NAME_RATING_MAIL = {(GUEST_BOOK, 3), (AN_ACCOUNT, 2)}


def ensure(**_signal) -> None:
    """Add what is missing. Runs after migrate (see apps.py)."""
    from services.guestbook.models import ConsentWording, ReferenceItem

    known = set(ReferenceItem.objects.values_list("list", "code"))
    ReferenceItem.objects.bulk_create(
        [
            ReferenceItem(list=name, code=code, label=label, label_en=english, position=position)
            for name, rows in LISTS.items()
            for position, (code, label, english) in enumerate(rows, start=1)
            if (name, code) not in known
        ],
        ignore_conflicts=True,
    )
    for version, day, text, english, purpose in WORDINGS:
        ConsentWording.objects.get_or_create(
            purpose=purpose,
            version=version,
            defaults={
                "text": text, "text_en": english, "effective_from": day,
                "names_rating_mail": (purpose, version) in NAME_RATING_MAIL,
            },
        )  # fmt: skip


def _all() -> list[ReferenceItem]:
    from services.guestbook.models import ReferenceItem

    return cache.get_or_set(CACHED, lambda: list(ReferenceItem.objects.all()), LISTS_SECONDS) or []


def words(name: str, until: date) -> dict[str, str]:
    """By code, as they last read on this day or before: also of answers that had ended by then."""
    known = [item for item in _all() if item.list == name and item.effective_from <= until]
    return {item.code: str(item) for item in sorted(known, key=lambda item: (item.effective_from, item.pk))}


def on(day: date) -> dict[str, list[ReferenceItem]]:
    """The lists as they stood on a day, each in its order: asked for by every form and card, changed once in years.
    A change is seen within a minute."""
    lists: dict[str, list[ReferenceItem]] = {}
    for item in _all():
        if item.effective_from <= day and (not item.until or item.until > day):
            lists.setdefault(item.list, []).append(item)
    return lists


def forget() -> None:
    """Once this transaction is stored the process reads the lists anew; others do within a minute."""
    transaction.on_commit(lambda: cache.delete(CACHED))


@transaction.atomic
def reword(item: ReferenceItem, *, label: str, label_en: str, day: date) -> ReferenceItem:
    """The answer has other words from `day` on, until it ends, where that is decided already. Changed within its first day, it
    never had others."""
    from services.guestbook.models import ReferenceItem

    old = ReferenceItem.objects.select_for_update().get(pk=item.pk)
    forget()
    if old.effective_from >= day:
        ReferenceItem.objects.filter(pk=old.pk).update(label=label, label_en=label_en)
        return ReferenceItem.objects.get(pk=old.pk)
    ReferenceItem.objects.filter(pk=old.pk).update(until=day)
    return ReferenceItem.objects.create(
        until=old.until,
        list=old.list,
        code=old.code,
        label=label,
        label_en=label_en,
        position=old.position,
        effective_from=day,
    )


def retire(item: ReferenceItem, *, day: date) -> None:
    """The answer is not offered any more from `day` on."""
    forget()
    type(item).objects.filter(pk=item.pk).update(until=max(day, item.effective_from))
