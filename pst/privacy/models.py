"""What people ask about their own data, with the clock of the law."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from services.guestbook.models import Visitor
from services.offices.models import Office
from services.workflow import Step

# Elapsed hours, not working time (UU 27/2022 art. 27 to 43; domain.md §7).
ANSWERED_WITHIN = timedelta(hours=72)


class PrivacyRequest(models.Model):
    """A visitor asks to see, correct, withdraw or erase what the office keeps about them."""

    class Kind(models.TextChoices):
        ACCESS = "access", _("Melihat data")
        CORRECTION = "correction", _("Memperbaiki data")
        WITHDRAWAL = "withdrawal", _("Menarik persetujuan")
        ERASURE = "erasure", _("Menghapus data")

    class Channel(models.TextChoices):
        DESK = "desk", _("Di kantor")
        PHONE = "phone", _("Telepon/WhatsApp")
        MAIL = "mail", _("E-mail atau surat")
        ONLINE = "own", _("Halaman “Data saya”")

    class State(models.TextChoices):
        OPEN = "open", _("Belum dijawab")
        DONE = "done", _("Dipenuhi")
        REFUSED = "refused", _("Ditolak dengan alasan")

    MOVES = {"open": {"done", "refused"}, "done": set(), "refused": set()}
    # Both mean that nothing may be processed any more, so both empty the record.
    ERASING = (Kind.WITHDRAWAL, Kind.ERASURE)

    office = models.ForeignKey(Office, models.PROTECT, related_name="privacy_requests")
    visitor = models.ForeignKey(Visitor, models.PROTECT, related_name="privacy_requests")
    kind = models.CharField(_("permintaan"), max_length=10, choices=Kind)
    channel = models.CharField(_("disampaikan lewat"), max_length=5, choices=Channel)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    received_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(_("jawaban"), max_length=300, blank=True)

    class Meta:
        ordering = ["due_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["visitor", "kind"], condition=Q(state="open"), name="one_open_request_of_a_kind"
            ),
            models.CheckConstraint(
                condition=Q(state="open") | Q(answered_at__isnull=False), name="answered_request_has_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{_('Permintaan')} {self.pk}"

    @property
    def proven(self) -> bool:
        """Asked through the person's own mailbox: it concerns only what that mailbox shows to be theirs."""
        return self.channel == self.Channel.ONLINE

    def late(self, now: datetime) -> bool:
        """Answered, or still open, after its time."""
        return (self.answered_at or now) > self.due_at


class PrivacyRequestStep(Step):
    """Trace of a PrivacyRequest's states."""

    subject = models.ForeignKey(PrivacyRequest, models.CASCADE, related_name="steps")
