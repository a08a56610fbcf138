"""The mails that came in, as they came: kept before anything is done with them, so that nothing is lost half-way."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consultation.models.thread import Message
from services.offices.models import Office


class IncomingMailQuerySet(models.QuerySet):
    def to_look_at(self) -> IncomingMailQuerySet:
        """What no consultation got, and a person has to decide about."""
        return self.filter(state__in=IncomingMail.OPEN).order_by("-received_at", "-pk")


class IncomingMail(models.Model):
    """One mail of an office's mailbox. `mail_id`, its Message-ID, is unique in the office: the same mail comes once, however often the
    server gives it. `uidvalidity` and `uid` are the mailbox's own numbers for it. `received_at`: when the mail server
    got it, in UTC. `problem` is a code, never words of the mail.

    `about_type`, `about_id`: another app's record that it answers (services/mail/replies.py). Who may read that may see the mail, nobody
    else; once it is done with, nothing of it is left here.
    """

    class State(models.TextChoices):
        NEW = "new", _("Baru")
        DONE = "done", _("Selesai")
        ASIDE = "aside", _("Disisihkan")
        FAILED = "failed", _("Gagal diolah")
        DROPPED = "dropped", _("Diabaikan")

    OPEN = ("aside", "failed")

    class Outcome(models.TextChoices):
        NONE = "", ""
        OPENED = "opened", _("Menjadi konsultasi baru")
        ADDED = "added", _("Masuk ke percakapan")
        NOTED = "noted", _("Dicatat di percakapan")
        BOUNCED = "bounced", _("Surat kita tidak sampai")
        KNOWN = "known", _("Sudah pernah masuk")
        AUTO = "auto", _("Balasan otomatis")
        LIST = "list", _("Surat edaran atau milis")
        LOOP = "loop", _("Surat kita sendiri")
        FLOOD = "flood", _("Terlalu banyak dari satu alamat")
        TAKEN = "taken", _("Masuk ke pengaduan")
        UNSURE = "unsure", _("Balasan yang belum pasti dari siapa")

    office = models.ForeignKey(Office, models.PROTECT, related_name="incoming_mail")
    mail_id = models.CharField(_("tanda pengenal surat"), max_length=255)
    uidvalidity = models.PositiveBigIntegerField(_("tanda kotak surat"), null=True, blank=True)
    uid = models.PositiveBigIntegerField(_("nomor di kotak surat"), null=True, blank=True)
    raw = models.BinaryField(_("surat utuh"))
    size = (
        models.PositiveBigIntegerField()
    )  # bytes of the mail; of one that is too large only the header is kept
    sender = models.CharField(_("alamat pengirim"), max_length=254, blank=True)
    sender_name = models.CharField(_("nama pengirim"), max_length=120, blank=True)
    subject = models.CharField(_("perihal"), max_length=200, blank=True)
    received_at = models.DateTimeField()
    stored_at = models.DateTimeField(_("disimpan"))
    state = models.CharField(max_length=7, choices=State, default=State.NEW)
    outcome = models.CharField(_("menjadi apa"), max_length=7, choices=Outcome, blank=True)
    tries = models.PositiveSmallIntegerField(_("percobaan"), default=0)
    next_try_at = models.DateTimeField(_("dicoba lagi"), null=True, blank=True)
    problem = models.CharField(_("gangguan"), max_length=100, blank=True)
    done_at = models.DateTimeField(_("selesai"), null=True, blank=True)
    message = models.ForeignKey(
        Message, models.SET_NULL, null=True, blank=True, related_name="incoming_mail"
    )  # what it became
    about_type = models.CharField(_("tentang"), max_length=60, blank=True)
    about_id = models.PositiveBigIntegerField(_("nomor catatan"), null=True, blank=True)

    objects = IncomingMailQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["office", "mail_id"], name="incoming_mail_comes_once"),
        ]
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(state="new"), name="incoming_mail_new"),
            models.Index(fields=["office", "-received_at"], condition=Q(state__in=("aside", "failed")),
                         name="incoming_mail_to_look_at"),
            models.Index(fields=["office", "uidvalidity", "uid"], name="incoming_mail_uid"),
            models.Index(fields=["office", "sender", "-received_at"], name="incoming_mail_sender"),
            models.Index(fields=["about_type", "about_id"], condition=~Q(about_id=None), name="incoming_mail_about"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.office_id} {self.pk}"

    @property
    def is_of_another(self) -> bool:
        """Whether it answers what another app sent."""
        return self.about_id is not None
