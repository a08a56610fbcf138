"""Who serves when (piket): the supervisor's plan for the desk. It opens no counter by itself."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from queueing.models.counter import Counter
from services.offices.models import Office, Service
from services.offices.models.calendar import Weekday


class Duty(models.Model):
    """One officer, from and until, every week on a weekday or once on a date. What is said of a date replaces, for that
    officer, what is said of its weekday."""

    office = models.ForeignKey(Office, models.CASCADE, related_name="duties")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="duties")
    weekday = models.PositiveSmallIntegerField(_("hari"), choices=Weekday, null=True, blank=True)
    date = models.DateField(_("tanggal"), null=True, blank=True)
    starts = models.TimeField(_("mulai"))
    ends = models.TimeField(_("selesai"))
    counter = models.ForeignKey(Counter, models.SET_NULL, null=True, blank=True, related_name="+")
    service = models.ForeignKey(Service, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["date", "weekday", "starts", "pk"]
        indexes = [models.Index(fields=["office", "date"], name="duty_of_date")]
        constraints = [
            models.CheckConstraint(
                condition=Q(weekday=None, date__isnull=False) | Q(weekday__isnull=False, date=None),
                name="duty_is_weekly_or_once",
            ),
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="duty_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.user}"
