"""How long everything may take: the law's and SP4N's figures, which an office may tighten (domain.md §6)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from services.offices.models import Office


class ComplaintRules(models.Model):
    """Of one office; an office without a row goes by the defaults. `_days` are calendar days, `_working_days` days the
    office's calendar counts. UU 25/2009 Articles 44–50; Perpres 76/2013; SP4N practice.

    The defaults are what law and practice allow at most: an office may be faster itself (OFFICES), and may give the
    complainant more time, never less (COMPLAINANTS).
    """

    OFFICES = (
        "first_answer_days", "forward_working_days", "information_working_days", "service_working_days",
        "supervisory_working_days", "suggestion_working_days", "decision_days",
    )  # fmt: skip
    COMPLAINANTS = ("lodge_days", "completion_days", "close_working_days")

    office = models.OneToOneField(Office, models.CASCADE, related_name="complaint_rules")
    lodge_days = models.PositiveSmallIntegerField(
        _("diajukan paling lambat (hari sejak pelayanan)"), default=30
    )
    first_answer_days = models.PositiveSmallIntegerField(_("tanggapan pertama (hari)"), default=14)
    completion_days = models.PositiveSmallIntegerField(_("dilengkapi pelapor (hari)"), default=30)
    decision_days = models.PositiveSmallIntegerField(_("diputuskan (hari sejak lengkap)"), default=60)
    forward_working_days = models.PositiveSmallIntegerField(_("diteruskan (hari kerja)"), default=3)
    information_working_days = models.PositiveSmallIntegerField(
        _("permintaan informasi (hari kerja)"), default=5
    )
    service_working_days = models.PositiveSmallIntegerField(_("pengaduan pelayanan (hari kerja)"), default=14)
    supervisory_working_days = models.PositiveSmallIntegerField(
        _("pengaduan berkadar pengawasan (hari kerja)"), default=60
    )
    suggestion_working_days = models.PositiveSmallIntegerField(_("saran (hari kerja)"), default=14)
    close_working_days = models.PositiveSmallIntegerField(
        _("ditutup tanpa tanggapan pelapor (hari kerja)"), default=10
    )

    class Meta:
        verbose_name_plural = "complaint rules"

    def __str__(self) -> str:
        return f"{self.office}"

    @classmethod
    def law(cls, name: str) -> int:
        """The figure of law and practice for one of the fields."""
        field: Any = cls._meta.get_field(name)
        return field.default

    def clean(self) -> None:
        """Raises ValidationError, by field."""
        wrong: dict[str, Any] = {}
        for name in (*self.OFFICES, *self.COMPLAINANTS):
            law, days = self.law(name), getattr(self, name)
            if days is None:
                continue
            if name in self.OFFICES and not 1 <= days <= law:
                wrong[name] = gettext("Antara 1 dan %d: lebih lama tidak diperbolehkan.") % law
            if name in self.COMPLAINANTS and not law <= days <= 365:
                wrong[name] = gettext("Antara %d dan 365: waktu pelapor tidak boleh lebih singkat.") % law
        if wrong:
            raise ValidationError(wrong)
