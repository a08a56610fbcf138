"""Lockers, the bags and cards the office holds for a visitor, and what went wrong with them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from services.guestbook.models import Visit
from services.offices.models import Office
from services.workflow import Step


class LockerQuerySet(models.QuerySet):
    def free(self, visit: Visit | None = None) -> LockerQuerySet:
        """In service, nothing in it and its key here; `visit` may also use its own."""
        taken = Deposit.objects.filter(locker=models.OuterRef("pk"), returned_at=None)
        if visit:
            taken = taken.exclude(visit=visit)
        return self.filter(out_of_service="", key_lost_at=None).exclude(models.Exists(taken))

    def with_held(self) -> LockerQuerySet:
        """Each with what is in it or held for its key now, as `held`; two more queries for all."""
        held = Deposit.objects.open().select_related("visit__office").prefetch_related("visit__services")
        return self.prefetch_related(models.Prefetch("deposits", held, to_attr="held"))


class Locker(models.Model):
    """One locker. Whether it is free is never stored: it follows from what is held (Deposit), its key and its state."""

    class Size(models.TextChoices):
        SMALL = "S", _("Kecil")
        MEDIUM = "M", _("Sedang")
        LARGE = "L", _("Besar")

    class State(models.TextChoices):
        FREE = "free", _("Kosong")
        TAKEN = "taken", _("Terpakai")
        BROKEN = "broken", _("Tidak dipakai")
        KEY_LOST = "key_lost", _("Kunci hilang")

    office = models.ForeignKey(Office, models.CASCADE, related_name="lockers")
    number = models.PositiveSmallIntegerField(_("nomor loker"))
    size = models.CharField(_("ukuran"), max_length=1, choices=Size, default=Size.MEDIUM)
    key_number = models.CharField(
        _("nomor kunci"), max_length=12, blank=True, help_text=_("Kosong: sama dengan nomor loker.")
    )
    out_of_service = models.CharField(_("tidak dipakai karena"), max_length=200, blank=True)
    key_lost_at = models.DateTimeField(_("kunci hilang sejak"), null=True, blank=True, editable=False)

    objects = LockerQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["office", "number"], name="locker_number_per_office")]

    def __str__(self) -> str:
        return f"{_('Loker')} {self.number}"

    @property
    def key(self) -> str:
        """What stands on the key's tag."""
        return self.key_number or str(self.number)

    @property
    def state(self) -> str:
        """One of `State`. Asks the database unless read by `with_held`."""
        if self.key_lost_at:
            return self.State.KEY_LOST
        held = self.held if hasattr(self, "held") else self.deposits.open().exists()
        if held:
            return self.State.TAKEN
        return self.State.BROKEN if self.out_of_service else self.State.FREE

    def get_state_display(self) -> str:
        return str(self.State(self.state).label)


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

    class Outcome(models.TextChoices):
        RETURNED = "returned", _("Dikembalikan")
        LEFT = "left", _("Tertinggal, disimpan sebagai barang temuan")

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="deposits")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    what = models.CharField(max_length=5, choices=What)
    locker = models.ForeignKey(Locker, models.PROTECT, null=True, blank=True, related_name="deposits")
    card_type = models.CharField(_("jenis kartu"), max_length=30, blank=True)
    deposited_at = models.DateTimeField()
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True)

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


class Incident(models.Model):
    """A key that did not come back, or a thing left behind: open until somebody wrote what became of it.

    `what` and `place` describe the thing, never its owner; whose it may be is the visit.
    """

    class Kind(models.TextChoices):
        KEY_LOST = "key_lost", _("Kunci hilang")
        LEFT_ITEM = "left_item", _("Barang tertinggal")

    class State(models.TextChoices):
        OPEN = "open", _("Belum selesai")
        RESOLVED = "resolved", _("Selesai")

    class Outcome(models.TextChoices):
        KEY_BACK = "key_back", _("Kunci ditemukan")
        KEY_REPLACED = "replaced", _("Kunci diganti")
        OWNER = "owner", _("Diambil pemilik")
        HANDED_ON = "handed_on", _("Diserahkan ke pihak lain")
        DISPOSED = "disposed", _("Dibuang menurut aturan kantor")

    MOVES = {"open": {"resolved"}, "resolved": set()}
    OUTCOMES = {"key_lost": ("key_back", "replaced"), "left_item": ("owner", "handed_on", "disposed")}

    office = models.ForeignKey(Office, models.PROTECT, related_name="incidents")
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    locker = models.ForeignKey(Locker, models.SET_NULL, null=True, blank=True, related_name="incidents")
    visit = models.ForeignKey(Visit, models.SET_NULL, null=True, blank=True, related_name="incidents")
    what = models.CharField(_("barang"), max_length=120, blank=True)
    place = models.CharField(_("ditemukan di"), max_length=120, blank=True)
    at = models.DateTimeField()
    outcome = models.CharField(_("hasil"), max_length=10, choices=Outcome, blank=True)
    note = models.CharField(_("catatan"), max_length=200, blank=True)
    # The form's key: sent again, a thing found is the same record. Empty for what no form told of.
    submission = models.CharField(max_length=40, blank=True, editable=False)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["office"], condition=Q(state="open"), name="incident_open")]
        constraints = [
            models.UniqueConstraint(
                fields=["locker"], condition=Q(state="open", kind="key_lost"), name="a_key_is_lost_once"
            ),
            models.UniqueConstraint(
                fields=["office", "submission"], condition=~Q(submission=""), name="a_thing_is_found_once"
            ),
            models.CheckConstraint(
                condition=Q(state="open") | ~Q(outcome=""), name="resolved_incident_has_an_outcome"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.what or self.locker}"

    @property
    def outcomes(self) -> list[tuple[str, str]]:
        """What may become of it."""
        return [(code, str(self.Outcome(code).label)) for code in self.OUTCOMES[self.kind]]


class IncidentStep(Step):
    """Trace of an Incident's states."""

    subject = models.ForeignKey(Incident, models.CASCADE, related_name="steps")
