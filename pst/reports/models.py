"""Reports that were handed in, how they look on paper, and those that go out by themselves."""

from __future__ import annotations

import secrets
from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from services.offices.models import Office, Service
from services.periods import Period, of_kind, read

MOST_MISSED = 12  # periods that are made up for, of each schedule


class Letterhead(models.Model):
    """What stands above and below an office's reports; without a row the office's own facts and an empty line to sign on."""

    office = models.OneToOneField(Office, models.CASCADE, related_name="letterhead")
    lines = models.TextField(
        _("kop surat"), max_length=500, blank=True, help_text=_("Satu baris tiap baris, paling banyak lima. Kosong: nama dan alamat kantor."),
    )  # fmt: skip
    place = models.CharField(_("tempat penandatanganan"), max_length=80, blank=True)
    signer_title = models.CharField(_("jabatan penanda tangan"), max_length=120, blank=True)
    signer_name = models.CharField(_("nama penanda tangan"), max_length=120, blank=True)
    signer_number = models.CharField(_("NIP"), max_length=30, blank=True)

    def __str__(self) -> str:
        return f"{self.office_id}"


def file_name(issued: Issued, name: str) -> str:
    """Not to be guessed, and without anything of the report."""
    return f"reports/{issued.made_at:%Y}/{secrets.token_hex(16)}.{name.rpartition('.')[2]}"


class Issued(models.Model):
    """A report as it was handed in: numbered per office and year, its files never made anew."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="issued_reports")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField(_("nomor"))
    report = models.CharField(max_length=20)  # its key, or "all"
    title = models.CharField(_("judul"), max_length=200)
    since, until = models.DateField(), models.DateField()
    service = models.ForeignKey(Service, models.PROTECT, null=True, blank=True, related_name="+")
    offices = models.PositiveSmallIntegerField(default=1)  # how many are counted in it
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    pdf = models.FileField(upload_to=file_name, max_length=120)
    xlsx = models.FileField(upload_to=file_name, max_length=120)
    sha256 = models.CharField(max_length=64)  # of the PDF

    class Meta:
        ordering = ["-year", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["office", "year", "number"], name="one_report_per_number"),
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="report_of_some_days"),
        ]

    def __str__(self) -> str:
        return self.register_number

    @property
    def register_number(self) -> str:
        return f"{self.number:03d}/{self.office.code}/PST/{self.year}"


class Schedule(models.Model):
    """A report that goes by e-mail to officers of the office after each period has ended."""

    class Every(models.TextChoices):
        WEEK = "w", _("Setiap minggu")
        MONTH = "m", _("Setiap bulan")
        QUARTER = "q", _("Setiap triwulan")
        YEAR = "y", _("Setiap tahun")

    office = models.ForeignKey(Office, models.CASCADE, related_name="report_schedules")
    report = models.CharField(_("laporan"), max_length=20)  # its key, or "all"
    every = models.CharField(_("kapan"), max_length=1, choices=Every, default=Every.MONTH)
    # Of the offices below as well, for those who oversee them.
    below = models.BooleanField(_("bersama kantor di bawahnya"), default=False)
    people = models.ManyToManyField(settings.AUTH_USER_MODEL, verbose_name=_("penerima"), related_name="+")
    active = models.BooleanField(_("aktif"), default=True)
    last = models.ForeignKey(Issued, models.SET_NULL, null=True, blank=True, related_name="+")
    # The last period it was made for, by its key: made once for each, one after the other.
    done = models.CharField(max_length=12, blank=True)

    class Meta:
        ordering = ["report", "every", "pk"]

    def __str__(self) -> str:
        return f"{self.report} {self.every}"

    def due(self, today: date) -> list[Period]:
        """The periods that ended and were not made yet, the oldest first; after a long standstill the last MOST_MISSED of them.
        Of one that was made for none yet the last alone."""
        last = of_kind(self.every, of_kind(self.every, today).since - timedelta(days=1))
        if not self.done:
            return [last]
        found, made = [last], read(self.done, today)
        while len(found) <= MOST_MISSED and found[-1].since > made.since:
            found.append(found[-1].before)
        return found[-2::-1]
