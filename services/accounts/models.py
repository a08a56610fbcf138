"""People who log in, their role in each office, and the devices that stand in an office."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import ClassVar

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields):
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username):
        return self.get(email=username.strip().lower())


class User(AbstractUser):
    """An officer, supervisor or system administrator; logs in with e-mail and password."""

    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("nama"), max_length=120)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name"]
    objects = UserManager()  # type: ignore[assignment,misc]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_case_insensitive")]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class Role(models.TextChoices):
    FRONTLINER = "frontliner", _("Petugas frontliner")
    SUPERVISOR = "supervisor", _("Atasan")


class Membership(models.Model):
    """A role in one office. Somebody who serves two offices has two rows."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    office = models.ForeignKey("offices.Office", models.CASCADE, related_name="memberships")
    role = models.CharField(_("peran"), max_length=12, choices=Role)

    class Meta:
        ordering = ["office__code"]
        constraints = [models.UniqueConstraint(fields=["user", "office"], name="one_role_per_office")]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()} {self.office}"


class Invitation(models.Model):
    """Somebody is asked by mail to work in an office; the link in the mail is good once, and for a week. Their role begins
    when they open it, because only then has somebody shown that the address is theirs."""

    LIFETIME = timedelta(days=7)

    office = models.ForeignKey("offices.Office", models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail"))
    name = models.CharField(_("nama"), max_length=120)
    role = models.CharField(_("peran"), max_length=12, choices=Role)
    secret_hash = models.CharField(max_length=64, unique=True)
    sent_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-sent_at"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                "office",
                condition=models.Q(accepted_at=None, withdrawn_at=None),
                name="invited_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.office}"

    @property
    def expired(self) -> bool:
        return timezone.now() > self.sent_at + self.LIFETIME


class Purpose(models.TextChoices):
    KIOSK = "kiosk", _("Tablet pengunjung")
    DISPLAY = "display", _("Layar antrian (TV)")
    READER = "reader", _("Komputer PST (ruang baca)")


def hash_secret(secret: str) -> str:
    """Only this is stored; the secret itself lives in the device's cookie. It is 256 random bits: no salt needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


class DeviceQuerySet(models.QuerySet):
    def active(self) -> DeviceQuerySet:
        return self.filter(revoked_at=None)


class Device(models.Model):
    """A paired tablet or TV: bound to one office and one purpose, without a user."""

    ONLINE_WITHIN = timedelta(minutes=2)

    office = models.ForeignKey("offices.Office", models.CASCADE, related_name="devices")
    purpose = models.CharField(_("kegunaan"), max_length=10, choices=Purpose)
    name = models.CharField(_("nama"), max_length=60)
    secret_hash = models.CharField(max_length=64, unique=True)
    paired_at = models.DateTimeField(default=timezone.now)
    watched_since = models.DateTimeField(default=timezone.now)  # when its gaps began to be written down
    paired_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    last_seen_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    # What the device itself reports as wrong (no sound, no paper), and since when.
    fault = models.CharField(max_length=200, blank=True)
    fault_at = models.DateTimeField(null=True)

    objects = DeviceQuerySet.as_manager()

    class Meta:
        ordering = ["purpose", "name"]

    def __str__(self) -> str:
        return self.name

    @property
    def online(self) -> bool:
        return bool(self.last_seen_at and timezone.now() - self.last_seen_at < self.ONLINE_WITHIN)


class Gap(models.Model):
    """A time in which something that stands in the office did not do its work (docs/decisions/046).

    Written once it is over: what still lasts the thing itself says (`last_seen_at`, `fault_at`). Only what nothing else remembers
    stands open, without `until`: that it was switched off. `reason` is SILENT, OFF, or the code of a fault.
    """

    SILENT = "silent"  # not heard of
    OFF = "off"  # switched off by the office: nobody counts on it

    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200)

    class Meta:
        abstract = True
        ordering = ["since"]

    def __str__(self) -> str:
        return f"{self.reason} {self.since}"


class DeviceGap(Gap):
    device = models.ForeignKey(Device, models.CASCADE, related_name="gaps")

    class Meta(Gap.Meta):
        constraints = [
            models.UniqueConstraint(fields=["device", "since", "reason"], name="device_gap_once"),
            models.CheckConstraint(
                condition=models.Q(until__isnull=False, until__gt=models.F("since")),
                name="device_gap_is_over",
            ),
        ]


class Pairing(models.Model):
    """A device that asks to be let in: shows `code` on its screen until an officer approves it."""

    LIFETIME = timedelta(minutes=15)

    code = models.CharField(max_length=6, unique=True)
    purpose = models.CharField(max_length=10, choices=Purpose)
    secret_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.code[:3]} {self.code[3:]}"

    @property
    def expired(self) -> bool:
        return timezone.now() > self.created_at + self.LIFETIME


class Attempt(models.Model):
    """One use of something that anybody may use so often an hour (services.accounts.limits)."""

    what = models.CharField(max_length=20)
    address = models.CharField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["what", "address", "at"], name="attempt_of_address")]

    def __str__(self) -> str:
        return f"{self.what} {self.at}"
