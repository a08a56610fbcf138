"""What an office promises and can be held to: each with its rule in the standard, and where its cases stand.

A new promise is one entry here and one query in cases.py; the figures, the list, the charts and the public page follow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultation.models.clocks import Round
from pst.panel.promises import cases
from pst.panel.promises.cases import Scope
from services.guestbook.clocks import REASONS
from services.offices.models import StandardItem, StandardRule

MINUTES, DAYS, NONE = "minutes", "days", ""


@dataclass(frozen=True)
class Promise:
    """`rule`: the key of the StandardRule that makes it; without one `law` says whence it comes. `unit`: of its waiting
    times. `related`: what the list of cases reads with each row; `shown`: its name and address there."""

    key: str
    title: Any
    counted: Any
    find: Callable[[Scope], QuerySet]
    rule: str
    unit: str
    related: tuple[str, ...]
    shown: Callable[[Any], tuple[str, str]]
    law: Any = ""
    by_service: bool = True
    # Whether the rule's value promises it: an on-line service "at once" promises no working days.
    makes: Callable[[Any], bool] = bool


def _visit(row: Any) -> tuple[str, str]:
    return row.number or _("Kunjungan %d") % row.visit_id, reverse("queueing:desk_visit", args=[row.visit_id])


def _consultation(row: Any) -> tuple[str, str]:
    number = row.consultation.number
    again = _(" (pertanyaan ke-%d)") % row.number if isinstance(row, Round) and row.number > 1 else ""
    return f"{number}{again}", reverse("consultation:thread_desk", args=[number])


def _loan(row: Any) -> tuple[str, str]:
    return row.copy.barcode or str(row.copy_id), reverse("library:copy", args=[row.copy_id])


def _excerpt(row: Any) -> tuple[str, str]:
    return row.serial, f"{reverse('library:marked')}?q={row.serial}"


def _complaint(row: Any) -> tuple[str, str]:
    return row.number, reverse("complaints:detail", args=[row.pk])


def _says(name: str) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, dict) and value.get(name) is not None


def _has_guest_book(value: Any) -> bool:
    return any(step.get("kind") == "guest_book" for step in value or [])


PROMISES: tuple[Promise, ...] = (
    Promise(
        "kunjungan", gettext_lazy("Dilayani tepat waktu di kantor"),
        gettext_lazy("Setiap layanan yang diterima dalam kunjungan, dari saat janji mulai berjalan sampai layanan dimulai."),
        cases.onsite, "clock_onsite", MINUTES, ("visit", "service"), _visit, makes=_says("minutes"),
    ),
    Promise(
        "online", gettext_lazy("Konsultasi dijawab tepat waktu"),
        gettext_lazy("Setiap pertanyaan, dari diajukan sampai dijawab, dalam hari kerja kantor."),
        cases.online, "clock_online", DAYS, ("consultation",), _consultation, makes=_says("working_days"),
    ),
    Promise(
        "tutup-otomatis", gettext_lazy("Tidak ditutup sebelum waktunya"),
        gettext_lazy("Setiap konsultasi yang ditutup karena pengguna diam: tidak lebih awal dari hari yang dijanjikan."),
        cases.auto_close, "auto_close_working_days", NONE, ("consultation",), _consultation,
    ),
    Promise(
        "buku-tamu", gettext_lazy("Buku tamu sebelum layanan"),
        gettext_lazy("Setiap layanan yang dimulai: buku tamu diisi lebih dahulu."),
        cases.book_first, "steps", NONE, ("visit", "service"), _visit, makes=_has_guest_book,
    ),
    Promise(
        "izin-keluar", gettext_lazy("Buku keluar dengan izin"),
        gettext_lazy("Setiap buku yang dibawa keluar ruang baca: ada petugas yang mengizinkan."),
        cases.permission, "removal_permission", NONE, ("copy",), _loan, by_service=False,
    ),
    Promise(
        "batas-salinan", gettext_lazy("Salinan dalam batas"),
        gettext_lazy("Setiap salinan sebagian yang dibuat petugas: tidak lebih banyak halaman daripada batas standar."),
        cases.excerpt, "excerpt_percent", NONE, ("digital",), _excerpt,
    ),
    Promise(
        "pengaduan-tanggapan", gettext_lazy("Pengaduan ditanggapi tepat waktu"),
        gettext_lazy("Setiap pengaduan yang ditangani kantor ini, dari diterima sampai tanggapan pertama, dalam hari kalender."),
        cases.complaint_answer, "", DAYS, (), _complaint, gettext_lazy("UU 25/2009 dan aturan pengaduan kantor ini."),
    ),
    Promise(
        "pengaduan-keputusan", gettext_lazy("Pengaduan diputus tepat waktu"),
        gettext_lazy("Setiap pengaduan yang lengkap, sampai diputuskan, dalam hari kalender."),
        cases.complaint_decision, "", DAYS, (), _complaint, gettext_lazy("UU 25/2009 dan aturan pengaduan kantor ini."),
    ),
)  # fmt: skip
BY_KEY = {promise.key: promise for promise in PROMISES}

# Why a case is not counted, beside those of visits.
MORE_REASONS = {
    cases.ALLOWED: gettext_lazy("diizinkan atasan"),
    cases.UNANSWERED: gettext_lazy("ditutup tanpa jawaban"),
    "merged": gettext_lazy("digabung dengan pertanyaan lain"),
    "withdrawn": gettext_lazy("dicabut pelapor"),
    "closed": gettext_lazy("ditutup tanpa tanggapan"),
    "auto_closed": gettext_lazy("ditutup karena tidak dilengkapi"),
    "set_aside": gettext_lazy("disisihkan karena banjir pengaduan"),
}


def reason_words(code: str) -> str:
    return str(capfirst(MORE_REASONS.get(code) or REASONS.get(code) or code))


def made(offices: Iterable[int], service: str = "") -> set[str]:
    """Keys of the promises that the standards in force of these offices make, and of those the law makes; one question."""
    rows = StandardRule.objects.filter(
        key__in={promise.rule for promise in PROMISES if promise.rule},
        standard__status="published",
        standard__service__office__in=offices,
    )
    if service:
        rows = rows.filter(standard__service__slug=service)
    values: dict[str, list[Any]] = {}
    for key, value in rows.values_list("key", "value"):
        values.setdefault(key, []).append(value)
    return {p.key for p in PROMISES if p.law or any(p.makes(value) for value in values.get(p.rule, ()))}


@dataclass(frozen=True)
class Sentence:
    """One published item that makes a promise: which standard, where, and what it says."""

    standard: StandardRule
    place: str
    text: str


def sources(promise: Promise, offices: Iterable[int]) -> list[Sentence]:
    """The sentences in force that promise it, in one office's words; two questions."""
    if not promise.rule:
        return []
    rows = StandardRule.objects.filter(
        key=promise.rule, standard__status="published", standard__service__office__in=offices
    ).select_related("standard__service")
    rules = [rule for rule in rows.defer("standard__source_text") if promise.makes(rule.value)]
    wanted = {(rule.standard_id, *found) for rule in rules for found in rule.evidence if len(found) == 2}
    items = StandardItem.objects.filter(standard__in=[rule.standard_id for rule in rules]) if wanted else []
    texts = {(i.standard_id, i.section, i.position): i for i in items}
    found = []
    for rule in rules:
        for section, position in rule.evidence:
            if item := texts.get((rule.standard_id, section, position)):
                place = _("%(section)s butir %(number)s") % {
                    "section": item.get_section_display(), "number": item.label or position,
                }  # fmt: skip
                found.append(Sentence(rule, place, item.text))
    return found
