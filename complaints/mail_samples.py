"""The mails about complaints, each with an example of invented people for those who look at them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext_lazy

from complaints import notices
from complaints.models import Channel, Complaint, Kind
from services.mail import kinds
from services.offices.models import Office

ANSWER = """Terima kasih atas laporan Anda.

Pendingin ruang baca sudah diperbaiki pada 23 Maret 2026. Selama menunggu, pengunjung dilayani di ruang konsultasi."""
QUESTION = "Pada hari apa kejadiannya, dan di layanan mana?"


def _complaint(office: Office, state: str) -> Complaint:
    """Not stored."""
    moment = datetime(2026, 3, 25, 7, 30, tzinfo=UTC)
    return Complaint(
        pk=1, office=office, place=office, number=f"P{office.code}-K7MWQ2", kind=Kind.SERVICE, channel=Channel.ONLINE,
        state=state, created_at=moment, updated_at=moment, due_at=moment if state in Complaint.OURS else None,
        awaited_until=moment if state in Complaint.THEIRS else None,
    )  # fmt: skip


def _complainants(state: str, text: str = "") -> kinds.Sample:
    def sample(office: Office) -> dict[str, Any]:
        return {**notices.complainant_context(_complaint(office, state)), "text": text}

    return sample


def _officers(office: Office) -> dict[str, Any]:
    return notices.officer_context(_complaint(office, "handled"))


def _flood(office: Office) -> dict[str, Any]:
    return notices.flood_context(office)


def register() -> None:
    for name, title, sample in (
        ("complaint_receipt", gettext_lazy("Tanda terima pengaduan"), _complainants("received")),
        ("complaint_said", gettext_lazy("Kabar tentang pengaduan"), _complainants("handled", ANSWER)),
        ("complaint_incomplete", gettext_lazy("Pengaduan perlu dilengkapi"), _complainants("incomplete", QUESTION)),
        ("complaint_answered", gettext_lazy("Tanggapan atas pengaduan"), _complainants("answered", ANSWER)),
        ("complaint_closed", gettext_lazy("Pengaduan ditutup"), _complainants("closed", ANSWER)),
        ("complaint_kept", gettext_lazy("Data dihapus, pengaduan tetap disimpan"), _complainants("handled")),
        ("complaint_new", gettext_lazy("Pengaduan baru, untuk penyelia"), _officers),
        ("complaint_flood", gettext_lazy("Terlalu banyak pengaduan dari satu tempat, untuk penyelia"), _flood),
        ("complaint_wrote", gettext_lazy("Pelapor menulis, untuk penangan"), _officers),
        ("complaint_assigned", gettext_lazy("Pengaduan ditugaskan, untuk petugas"), _officers),
        ("complaint_late", gettext_lazy("Pengaduan terlambat, untuk penyelia"), _officers),
    ):  # fmt: skip
        kinds.register(name, title, sample)
