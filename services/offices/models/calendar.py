"""When an office serves, and which days count as working days."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.formats import time_format
from django.utils.translation import gettext_lazy as _

from services.offices.models.office import Office


class Weekday(models.IntegerChoices):
    """Numbered as `date.weekday()` does: Monday is 0."""

    MONDAY = 0, _("Senin")
    TUESDAY = 1, _("Selasa")
    WEDNESDAY = 2, _("Rabu")
    THURSDAY = 3, _("Kamis")
    FRIDAY = 4, _("Jumat")
    SATURDAY = 5, _("Sabtu")
    SUNDAY = 6, _("Minggu")


class Hours(models.Model):
    """Opening and break, as local times of the office. The break may be absent, the rest may not."""

    opens = models.TimeField(_("buka"), null=True, blank=True)
    closes = models.TimeField(_("tutup"), null=True, blank=True)
    break_start = models.TimeField(_("istirahat mulai"), null=True, blank=True)
    break_end = models.TimeField(_("istirahat selesai"), null=True, blank=True)

    class Meta:
        abstract = True


def _both_or_none(first: str, last: str) -> Q:
    """Half a pair would make a bare comparison NULL, which a CHECK lets pass."""
    none = Q(**{f"{first}__isnull": True, f"{last}__isnull": True})
    return none | Q(**{f"{first}__isnull": False, f"{last}__isnull": False, f"{last}__gt": F(first)})


def _hours_constraints(name: str) -> list[models.CheckConstraint]:
    return [
        models.CheckConstraint(
            condition=_both_or_none("opens", "closes"),
            name=f"{name}_order",
        ),
        models.CheckConstraint(
            condition=_both_or_none("break_start", "break_end"),
            name=f"{name}_break_order",
        ),
    ]


class ServiceHours(Hours):
    """Service hours of one weekday; a weekday without a row is closed (Perpres 21/2023 for the default)."""

    office = models.ForeignKey(Office, models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField(_("hari"), choices=Weekday)

    class Meta:
        ordering = ["office", "weekday"]
        constraints = [
            models.UniqueConstraint(fields=["office", "weekday"], name="hours_per_weekday"),
            *_hours_constraints("service_hours"),
        ]

    def __str__(self) -> str:
        if self.opens is None or self.closes is None:
            return str(self.get_weekday_display())
        return f"{self.get_weekday_display()} {time_format(self.opens)}–{time_format(self.closes)}"


class HoursException(Hours):
    """One date on which the office keeps other hours; without hours it is closed that day."""

    office = models.ForeignKey(Office, models.CASCADE, related_name="hours_exceptions")
    date = models.DateField(_("tanggal"))
    reason = models.CharField(_("alasan"), max_length=200)

    class Meta:
        ordering = ["office", "date"]
        constraints = [
            models.UniqueConstraint(fields=["office", "date"], name="hours_exception_per_date"),
            *_hours_constraints("hours_exception"),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.reason}"


class CalendarDay(models.Model):
    """A day that differs from its weekday: holiday, collective leave, or a working day after all.

    `office` empty means the whole country; an office's own row beats the national one (domain.md §4).
    """

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", _("Libur nasional")
        COLLECTIVE_LEAVE = "leave", _("Cuti bersama")
        LOCAL_HOLIDAY = "local", _("Libur setempat")
        WORKING = "working", _("Hari kerja")

    office = models.ForeignKey(Office, models.CASCADE, null=True, blank=True, related_name="calendar_days")
    date = models.DateField(_("tanggal"))
    kind = models.CharField(_("jenis"), max_length=10, choices=Kind)
    name = models.CharField(_("nama"), max_length=200)
    decree = models.CharField(_("nomor keputusan"), max_length=200, blank=True)
    provisional = models.BooleanField(_("sementara"), default=False)

    class Meta:
        ordering = ["date"]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "date"], name="calendar_day_per_office", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"
