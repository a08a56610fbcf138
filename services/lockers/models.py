"""Lockers, and the bags and cards the office holds for a visitor."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from services.guestbook.models import Visit
from services.offices.models import Office


class LockerQuerySet(models.QuerySet):
    def free(self, visit: Visit | None = None) -> LockerQuerySet:
        """In service, nothing in it and its key not given out; `visit` may also use its own."""
        taken = Deposit.objects.filter(locker=models.OuterRef("pk"), returned_at=None)
        if visit:
            taken = taken.exclude(visit=visit)
        return self.filter(out_of_service="").exclude(models.Exists(taken))


class Locker(models.Model):
    office = models.ForeignKey(Office, models.CASCADE, related_name="lockers")
    number = models.PositiveSmallIntegerField(_("nomor loker"))
    out_of_service = models.CharField(_("tidak dipakai karena"), max_length=200, blank=True)

    objects = LockerQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["office", "number"], name="locker_number_per_office")]

    def __str__(self) -> str:
        return f"{_('Loker')} {self.number}"


class DepositQuerySet(models.QuerySet):
    def open(self) -> DepositQuerySet:
        return self.filter(returned_at=None)


class Deposit(models.Model):
    """A bag in a locker, or a card (or another token) held for its key.

    Of a card only the type is kept, never a number or a picture: holding a KTP is a known legal risk
    (domain.md §7), so another token is always allowed.
    """

    class What(models.TextChoices):
        BAG = "bag", _("Tas")
        CARD = "card", _("Kartu identitas")
        TOKEN = "token", _("Jaminan lain")

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="deposits")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    what = models.CharField(max_length=5, choices=What)
    locker = models.ForeignKey(Locker, models.PROTECT, null=True, blank=True, related_name="deposits")
    card_type = models.CharField(_("jenis kartu"), max_length=30, blank=True)
    deposited_at = models.DateTimeField()
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = DepositQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["locker"], condition=Q(returned_at=None, what="bag"), name="a_locker_is_given_once"
            ),
            models.UniqueConstraint(
                fields=["locker"], condition=Q(returned_at=None) & ~Q(what="bag"), name="a_key_is_given_once"
            ),
            models.UniqueConstraint(
                fields=["visit"],
                condition=Q(returned_at=None) & ~Q(what="bag"),
                name="one_card_held_per_visit",
            ),
            models.CheckConstraint(
                condition=~Q(what="bag") | Q(locker__isnull=False), name="a_bag_has_a_locker"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_what_display()} {self.locker or ''}".strip()
