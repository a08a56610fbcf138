"""What was said, by whom, through which channel; the files that went with it; who is looking right now."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consultation.models.record import Channel, Consultation
from services.files.models import StoredFile


def attachment_name(attachment: Attachment, filename: str) -> str:
    """Nothing of the sender's own name for it, and not guessable."""
    import secrets

    return f"consultation/{secrets.token_hex(2)}/{secrets.token_urlsafe(24)}"


class Message(models.Model):
    """One contribution to the thread. Never changed once sent; a note is for officers only.

    `outside_id` is the channel's own name for it (an e-mail's Message-ID, WhatsApp's wamid): the same message never comes
    in, or goes out, twice. Of an e-mail `quoted` is what was cut off as quotation.
    """

    class Kind(models.TextChoices):
        VISITOR = "visitor", _("Pengguna")
        OFFICER = "officer", _("Petugas")
        NOTE = "note", _("Catatan internal")
        SYSTEM = "system", _("Pemberitahuan")

    class Delivery(models.TextChoices):
        NONE = "", _("Tidak dikirim")
        WAITING = "waiting", _("Menunggu dikirim")
        SENT = "sent", _("Terkirim")
        DELIVERED = "delivered", _("Sampai")
        READ = "read", _("Dibaca")
        FAILED = "failed", _("Gagal terkirim")

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="messages")
    kind = models.CharField(max_length=8, choices=Kind)
    channel = models.CharField(max_length=8, choices=Channel)
    body = models.TextField(_("isi"), max_length=20_000)
    quoted = models.TextField(blank=True)
    at = models.DateTimeField()
    by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # The address or number it came from, or went to, where it is not the visitor's own as recorded.
    address = models.CharField(max_length=254, blank=True)
    outside_id = models.CharField(max_length=255, blank=True)
    delivery = models.CharField(max_length=9, choices=Delivery, blank=True)
    delivery_at = models.DateTimeField(null=True, blank=True)
    delivery_problem = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["at", "id"]
        indexes = [
            GinIndex(
                SearchVector("body", config="simple"), condition=Q(kind="visitor"), name="message_question"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "outside_id"], condition=~Q(outside_id=""), name="message_comes_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Attachment(StoredFile):
    """A file of a message, or a publication of the catalogue named in it.

    A file is opened to nobody before it was checked (`consultation.files`). `publication` is the catalogue's key, not a
    foreign key: the two apps do not know each other (docs/decisions/029).
    """

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="attachments")
    message = models.ForeignKey(
        Message, models.CASCADE, null=True, blank=True, related_name="attachments"
    )  # empty: of a draft
    file = models.FileField(upload_to=attachment_name, blank=True, max_length=200)
    publication = models.PositiveBigIntegerField(null=True, blank=True)
    address = models.CharField(max_length=300, blank=True)  # of the publication's page


class Presence(models.Model):
    """An officer who has this thread open now, and whether an answer is being written."""

    FRESH = timedelta(seconds=45)

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField()
    writing = models.BooleanField(default=False)
    # What was typed so far, so that nothing is lost by a closed window.
    draft = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["consultation", "user"], name="one_presence_each")]

    def __str__(self) -> str:
        return f"{self.user_id}"
