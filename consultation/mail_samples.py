"""The mails about consultations, each with an example of invented people for those who look at them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy

from consultation import notices
from consultation.models import Channel, Consultation
from consultation.workflows import opening
from services.mail import kinds
from services.offices.models import Office

ANSWER = """Yth. Ibu Sitti,

PDRB Kabupaten atas dasar harga berlaku tahun 2024 ada di tabel 1 publikasi terlampir.
Rinciannya menurut lapangan usaha:

- pertanian, kehutanan, dan perikanan
- industri pengolahan

Salam,
Petugas PST"""
EXAMPLE = "contoh"
QUESTION = "Untuk tahun berapa data itu Ibu perlukan, dan sampai tingkat kecamatan atau kabupaten?"


def _consultation(office: Office, state: str) -> Consultation:
    """Not stored. By the office's own standard, where it has one for consultations."""
    moment = datetime(2026, 3, 25, 7, 30, tzinfo=UTC)
    service = opening.service_of(office)
    standard = service.standard if service else None
    promised = standard and standard.rules.clock_online
    return Consultation(
        office=office, number=f"K{office.code}-26-00012", token=EXAMPLE, channel=Channel.PORTAL, state=state,
        language="id", submitted_at=moment, updated_at=moment, standard=standard if promised else None,
        first_answered_at=None if state in Consultation.OURS else moment,
        due_at=moment if promised and state in Consultation.OURS else None,
        closes_at=moment if promised and state in Consultation.THEIRS else None,
    )  # fmt: skip


def _visitors(state: str, text: str = "") -> kinds.Sample:
    def sample(office: Office) -> dict[str, Any]:
        found = _consultation(office, state)
        files = [("Kabupaten Dalam Angka 2025", f"{settings.SITE}/pustaka/1/")] if text else []
        return {**notices.visitor_context(found), "text": text, "files": files}

    return sample


def _handed_over(office: Office) -> dict[str, Any]:
    return {**_visitors("submitted")(office), "there": office.name}


def _officers(office: Office) -> dict[str, Any]:
    return notices.officer_context(_consultation(office, "assigned"))


def register() -> None:
    for name, title, sample in (
        ("consultation_receipt", gettext_lazy("Tanda terima konsultasi"), _visitors("submitted")),
        ("consultation_mail_receipt", gettext_lazy("Tanda terima surat dari alamat yang belum dikenal"), _visitors("submitted")),
        ("consultation_answered", gettext_lazy("Jawaban atas konsultasi"), _visitors("answered", ANSWER)),
        ("consultation_asked_back", gettext_lazy("Petugas bertanya kembali"), _visitors("waiting", QUESTION)),
        ("consultation_reminder", gettext_lazy("Pengingat sebelum konsultasi ditutup"), _visitors("answered")),
        ("consultation_closed", gettext_lazy("Konsultasi ditutup karena tidak ada balasan"), _visitors("auto_closed")),
        ("consultation_done", gettext_lazy("Konsultasi ditutup petugas"), _visitors("closed")),
        ("consultation_handed_over", gettext_lazy("Konsultasi dialihkan"), _handed_over),
        ("consultation_new", gettext_lazy("Konsultasi baru, untuk kantor"), _officers),
        ("consultation_assigned", gettext_lazy("Konsultasi ditugaskan, untuk petugas"), _officers),
        ("consultation_overdue", gettext_lazy("Konsultasi terlambat, untuk penyelia"), _officers),
    ):  # fmt: skip
        kinds.register(name, title, sample)
