"""A few consultations for a demonstration office, one in each state: what `make run` shows at the desk. Invented people."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from consultation.models import CannedAnswer, Channel, Consultation
from consultation.workflows import assigning, ending, filing, opening, thread
from services.accounts.models import User
from services.audit.actors import Actor
from services.guestbook.models import Visitor
from services.offices.models import Office

PEOPLE = [
    ("Sitti Rahmawati (contoh)", "sitti.rahmawati@example.test", "+6281200000001"),
    ("La Ode Hasan (contoh)", "laode.hasan@example.test", "+6281200000002"),
    ("Wahyu Pratama (contoh)", "wahyu.pratama@example.test", "+6281200000003"),
]
CANNED = {
    "Sudah kami terima": "Yth. {nama},\n\nTerima kasih. Pertanyaan Anda kami catat dengan nomor {nomor} dan sedang kami siapkan.\n\n{petugas}\n{kantor}",
    "Minta keterangan": "Yth. {nama},\n\nAgar jawabannya tepat, mohon sebutkan tahun, wilayah, dan tingkat rincian yang dibutuhkan.\n\n{petugas}\n{kantor}",
    "Data di publikasi": "Yth. {nama},\n\nData tersebut ada di publikasi yang kami lampirkan pada {nomor}. Silakan bertanya lagi bila belum cukup.\n\n{petugas}\n{kantor}",
}


@transaction.atomic
def furnish(office: Office, *, at: datetime | None = None) -> int:
    """Consultations of the last days for this office; returns how many are new. A second call adds nothing, nor does one
    before the office has an officer."""
    members = User.objects.filter(memberships__office=office, memberships__role="frontliner")
    officer = members.order_by("pk").first()
    if officer is None or office.consultations.exists():
        return 0
    now = at or timezone.now()
    people = [
        Visitor.objects.create(
            office=office, name=name, email=email, phone=phone, created_at=now - timedelta(days=9)
        )
        for name, email, phone in PEOPLE
    ]
    for title, body in CANNED.items():
        CannedAnswer.objects.get_or_create(
            office=office, title=title, defaults={"body": body, "updated_at": now}
        )
    _talks(office, people, officer, now)
    return office.consultations.count()


def _talks(office: Office, people: list[Visitor], officer: User, now: datetime) -> None:
    place, by = office.area, Actor("officer", user_id=officer.pk)

    def ask(who: int, days: float, channel: str, subject: str, question: str, **more) -> Consultation:
        when = now - timedelta(days=days)
        return opening.submit(
            office=office, channel=channel, subject=subject, question=question, by=by, at=when,
            visitor=people[who], **more,
        )  # fmt: skip

    def answer(asked: Consultation, days: float, body: str, *, ask_back: bool = False) -> None:
        last = asked.messages.order_by("-pk").values_list("pk", flat=True).first() or 0
        when = now - timedelta(days=days)
        thread.answer(asked, body, by=by, seen=last, ask_back=ask_back, at=when, carried=False)

    ask(
        0, 0.05, Channel.PORTAL, f"Penduduk {place} menurut kecamatan",
        f"Selamat pagi. Saya mencari jumlah penduduk {place} menurut kecamatan dan jenis kelamin, lima tahun terakhir.",
        sought=f"penduduk {place} kecamatan", wanted=[{"topic": "Jumlah penduduk", "region": place, "years": "2020–2024"}],
    )  # fmt: skip
    taken = ask(
        1, 1, Channel.EMAIL, "PDRB menurut pengeluaran",
        f"Apakah sudah ada PDRB {place} tahun 2024 menurut pengeluaran atas dasar harga konstan?",
    )  # fmt: skip
    assigning.assign(taken, officer, by=by, at=now - timedelta(hours=20))
    filing.file(taken, tags=["PDRB"], reference="", by=by, at=now - timedelta(hours=20))
    thread.note(taken, "Tabelnya sudah diminta ke neraca wilayah.", by=by, at=now - timedelta(hours=19))
    ask(
        2, 9, Channel.WHATSAPP, "Harga eceran beras", "Minta data harga eceran beras per bulan tahun ini, ada?",
    )  # fmt: skip
    waiting = ask(0, 2, Channel.PORTAL, "Kode KBLI usaha warung", "Kode KBLI apa untuk usaha saya?")
    answer(
        waiting, 1, "Apakah warungnya menjual makanan siap saji, atau kebutuhan sehari-hari?", ask_back=True
    )
    filing.file(waiting, tags=["KBLI"], reference="", by=by, at=now - timedelta(hours=20))
    answered = ask(
        1, 3, Channel.PHONE, "Angka kemiskinan", f"Berapa persentase penduduk miskin {place} tahun lalu?"
    )
    answer(answered, 2.9, "Angkanya ada di Profil Kemiskinan; tautannya kami sebutkan di telepon.")
    closed = ask(2, 8, Channel.EMAIL, "Peta desa", f"Apakah BPS menyediakan peta desa {place} untuk skripsi?")
    answer(
        closed,
        7,
        "Peta wilayah kerja statistik dapat diminta dengan surat; contohnya terlampir di halaman kami.",
    )
    ending.close(closed, by=by, at=now - timedelta(days=6))
