"""The WhatsApp messages that came in, as they came: kept before anything is done with them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consultation.models.thread import Attachment, Message
from services.offices.models import Office
from services.whatsapp.models import Contact


class IncomingWhatsApp(models.Model):
    """One message of a visitor. `wamid` is WhatsApp's name for it: the same one comes once, however often Meta sends it.

    `written_at` is WhatsApp's own clock, in UTC. `problem` and `media_problem` are codes, never words of the message. A file
    that goes with it lies at Meta until it is fetched: `media_id` names it, `attachment` is its place in the thread.
    """

    class State(models.TextChoices):
        NEW = "new", _("Baru")
        DONE = "done", _("Selesai")
        FAILED = "failed", _("Gagal diolah")

    class Outcome(models.TextChoices):
        NONE = "", ""
        OPENED = "opened", _("Menjadi konsultasi baru")
        ADDED = "added", _("Masuk ke percakapan")
        NOTED = "noted", _("Dicatat di percakapan")
        STOPPED = "stopped", _("Permintaan berhenti")
        NOTHING = "nothing", _("Tidak ada isinya")

    class Media(models.TextChoices):
        NONE = "", ""
        WAITING = "waiting", _("Menunggu diambil")
        FETCHED = "fetched", _("Sudah diambil")
        FAILED = "failed", _("Gagal diambil")

    office = models.ForeignKey(Office, models.PROTECT, related_name="incoming_whatsapp")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="incoming")
    wamid = models.CharField(_("tanda pengenal pesan"), max_length=255, unique=True)
    quoted = models.CharField(_("pesan yang dikutip"), max_length=255, blank=True)
    kind = models.CharField(_("jenis"), max_length=20)
    said = models.JSONField(_("isi seperti diterima"), default=dict)
    written_at = models.DateTimeField(_("ditulis"))
    stored_at = models.DateTimeField(_("disimpan"))
    state = models.CharField(max_length=6, choices=State, default=State.NEW)
    outcome = models.CharField(_("menjadi apa"), max_length=7, choices=Outcome, blank=True)
    tries = models.PositiveSmallIntegerField(_("percobaan"), default=0)
    next_try_at = models.DateTimeField(_("dicoba lagi"), null=True, blank=True)
    problem = models.CharField(_("gangguan"), max_length=100, blank=True)
    done_at = models.DateTimeField(_("selesai"), null=True, blank=True)
    message = models.ForeignKey(
        Message, models.SET_NULL, null=True, blank=True, related_name="incoming_whatsapp"
    )
    media = models.CharField(_("berkas"), max_length=7, choices=Media, blank=True)
    media_id = models.CharField(_("tanda pengenal berkas"), max_length=100, blank=True)
    media_tries = models.PositiveSmallIntegerField(_("percobaan mengambil berkas"), default=0)
    media_next_at = models.DateTimeField(_("berkas dicoba lagi"), null=True, blank=True)
    media_problem = models.CharField(_("gangguan berkas"), max_length=100, blank=True)
    attachment = models.ForeignKey(Attachment, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-written_at", "-id"]
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(state="new"), name="incoming_whatsapp_new"),
            models.Index(fields=["media_next_at"], condition=Q(media="waiting"), name="incoming_whatsapp_media"),
            models.Index(fields=["contact", "-written_at"], name="incoming_whatsapp_of"),
            models.Index(fields=["office", "-written_at"], condition=Q(state="failed"), name="incoming_whatsapp_bad"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
