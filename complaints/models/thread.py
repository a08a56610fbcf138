"""What complainant and office said to each other, notes among officers, and the files."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models.record import Channel, Complaint
from services.files.models import StoredFile


class Message(models.Model):
    """Never changed once said; a note is for those who handle it."""

    class Reach(models.TextChoices):
        """How a word of the office goes to the complainant (complaints.reaching)."""

        PAGE = "", _("Halaman status")
        EMAIL = "email", _("E-mail")
        WHATSAPP = "whatsapp", "WhatsApp"
        HAND = "hand", _("Disampaikan petugas")

    class Who(models.TextChoices):
        COMPLAINANT = "complainant", _("Pelapor")
        OFFICE = "office", _("Kantor")
        NOTE = "note", _("Catatan internal")

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="messages")
    who = models.CharField(max_length=11, choices=Who)
    channel = models.CharField(max_length=8, choices=Channel)
    body = models.TextField(_("isi"), max_length=5000)
    at = models.DateTimeField()
    by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # The channel's own name for it: a mail comes in once.
    outside_id = models.CharField(max_length=255, blank=True)
    reach = models.CharField(max_length=8, choices=Reach, blank=True)
    # By hand: that an officer told them, when, and who it was.
    told_at = models.DateTimeField(null=True, blank=True)
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["id"]  # `at` of an anonymous one is a day
        indexes = [
            models.Index(
                fields=["complaint"], condition=Q(reach="hand", told_at=None), name="complaint_untold"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "outside_id"], condition=~Q(outside_id=""), name="complaint_message_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.who} {self.pk}"

    @property
    def is_untold(self) -> bool:
        """Whether somebody still has to tell the complainant."""
        return self.reach == self.Reach.HAND and self.told_at is None


def attachment_name(attachment: Attachment, filename: str) -> str:
    """Nothing of the sender's own name for it, and not guessable."""
    return f"complaints/{secrets.token_hex(2)}/{secrets.token_urlsafe(24)}"


class Attachment(StoredFile):
    """A file of a message, or the proof of an action (complaints.models.actions)."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="attachments")
    message = models.ForeignKey(Message, models.CASCADE, null=True, blank=True, related_name="attachments")
    # The proof of an action, which the complainant does not see.
    proves = models.ForeignKey(
        "complaints.Action", models.CASCADE, null=True, blank=True, related_name="proofs"
    )
    file = models.FileField(upload_to=attachment_name, blank=True, max_length=200)
