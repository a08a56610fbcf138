"""The outbox: every mail the installation owes somebody, from the moment it is written until it is out of the house."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from services.offices.models import Office


class OutgoingQuerySet(models.QuerySet):
    def queued(self) -> OutgoingQuerySet:
        """What is still to go out, what is tried next at the top."""
        return self.filter(state__in=Outgoing.QUEUED).order_by("next_try_at", "pk")

    def failed(self) -> OutgoingQuerySet:
        """What reached nobody and waits for somebody to decide."""
        return self.filter(state=Outgoing.State.DEAD).order_by("-created_at", "-pk")


class Outgoing(models.Model):
    """One mail to one address.

    `message_id` (without angle brackets) is made once, so that a mail that had to be sent a second time is recognised as the same by who receives
    it. The text is there until the mail is out; what it said stands in the record it is `about`. `attempts` counts the
    tries, `lost` those from which the worker did not come back. All instants in UTC.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Menunggu dikirim")
        SENDING = "sending", _("Sedang dikirim")
        SENT = "sent", _("Terkirim")
        DEAD = "dead", _("Gagal terkirim")
        DROPPED = "dropped", _("Tidak dikirim")

    QUEUED = ("waiting", "sending")
    # From sent to dead: it came back. From dead to waiting: somebody tries again.
    MOVES = {
        "waiting": {"sending", "dropped"},
        "sending": {"sent", "waiting", "dead"},
        "sent": {"dead"},
        "dead": {"waiting", "dropped"},
        "dropped": set(),
    }

    office = models.ForeignKey(Office, models.PROTECT, null=True, blank=True, related_name="outgoing_mail")
    kind = models.CharField(_("jenis"), max_length=40)
    to = models.CharField(_("kepada"), max_length=254)
    language = models.CharField(_("bahasa"), max_length=2)
    subject = models.CharField(_("perihal"), max_length=250)
    text = models.TextField(_("isi"), blank=True)
    html = models.TextField(_("isi berformat"), blank=True)
    headers = models.JSONField(_("kepala surat"), default=dict)
    message_id = models.CharField(_("tanda pengenal surat"), max_length=255, unique=True)
    # [{"file": name in the storage, "name": as the visitor sees it, "type": content type}]
    attachments = models.JSONField(_("lampiran"), default=list, blank=True)
    about_type = models.CharField(_("tentang"), max_length=60, blank=True)
    about_id = models.PositiveBigIntegerField(_("nomor catatan"), null=True, blank=True)
    state = models.CharField(_("status"), max_length=8, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("percobaan"), default=0)
    lost = models.PositiveSmallIntegerField(_("percobaan terputus"), default=0)
    next_try_at = models.DateTimeField(_("percobaan berikutnya"), null=True, blank=True)
    problem = models.CharField(_("gangguan"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("ditulis"))
    sent_at = models.DateTimeField(_("dikirim"), null=True, blank=True)

    objects = OutgoingQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(
                fields=["next_try_at"], condition=Q(state__in=("waiting", "sending")), name="outgoing_queue"
            ),
            models.Index(fields=["office", "state", "-created_at"], name="outgoing_of_office"),
            models.Index(fields=["about_type", "about_id"], name="outgoing_about"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="waiting") | Q(next_try_at__isnull=False),
                name="outgoing_waits_for_a_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False), name="outgoing_sent_has_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @cached_property
    def can_be_sent_again(self) -> bool:
        """A mail that came back has no text any more: what it said is written anew, by who wrote it."""
        return self.state == self.State.DEAD and bool(self.text)
