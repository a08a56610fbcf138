"""Numbers we talk with by WhatsApp, whether their owners allowed it, and what is to be said to them."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from services.guestbook.models import Visitor
from services.offices.models import Office


def new_key() -> str:
    return uuid.uuid4().hex


class Contact(models.Model):
    """A number that wrote to an office by WhatsApp, or whose owner asked to be answered there.

    `phone_name` is what the profile calls itself: anybody may write there what they like. `visitor`: the person of the
    guest book, where that is certain (docs/decisions/022). `last_wrote_at`: their last message, by WhatsApp's own clock;
    `shut_at`: since then WhatsApp has said that the window is closed. All instants in UTC.
    """

    office = models.ForeignKey(Office, models.PROTECT, related_name="whatsapp_contacts")
    phone = models.CharField(_("nomor WhatsApp"), max_length=30)
    phone_name = models.CharField(_("nama di WhatsApp"), max_length=120, blank=True)
    visitor = models.ForeignKey(
        Visitor, models.SET_NULL, null=True, blank=True, related_name="whatsapp_contacts"
    )
    last_wrote_at = models.DateTimeField(_("terakhir menulis"), null=True, blank=True)
    shut_at = models.DateTimeField(_("jendela dinyatakan tertutup"), null=True, blank=True)
    touched_at = models.DateTimeField(_("terakhir dipakai"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "phone"], name="whatsapp_number_once")]

    def __str__(self) -> str:
        return f"{self.office_id} {self.pk}"


class OptIn(models.Model):
    """That, when and how the owner of a number allowed us to write to it. Without a running one nothing is sent."""

    class How(models.TextChoices):
        WROTE = "wrote", _("Menulis lebih dahulu")
        ASKED = "asked", _("Mencentang saat bertanya")

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="opt_ins")
    how = models.CharField(_("caranya"), max_length=5, choices=How)
    at = models.DateTimeField(_("waktu"))
    withdrawn_at = models.DateTimeField(_("dicabut"), null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["contact"], condition=Q(withdrawn_at=None), name="whatsapp_allowed_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.how} {self.pk}"


class OutgoingWhatsAppQuerySet(models.QuerySet):
    def failed(self) -> OutgoingWhatsAppQuerySet:
        return self.filter(state=OutgoingWhatsApp.State.DEAD)


class OutgoingWhatsApp(models.Model):
    """One message to one number.

    `key` goes along and comes back with each status, so that a message whose answer was lost is still recognised; `wamid` is
    WhatsApp's own name for it. `form`: what it went as, decided when it is sent. `status`: the furthest that is known of it.
    `text` is there until it has arrived.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Menunggu dikirim")
        SENDING = "sending", _("Sedang dikirim")
        SENT = "sent", _("Terkirim")
        DEAD = "dead", _("Gagal terkirim")
        DIVERTED = "diverted", _("Dialihkan ke e-mail")
        DROPPED = "dropped", _("Tidak dikirim")

    class Form(models.TextChoices):
        NONE = "", ""
        TEXT = "text", _("Pesan")
        TEMPLATE = "template", _("Templat")

    class Status(models.TextChoices):
        NONE = "", ""
        SENT = "sent", _("Terkirim")
        DELIVERED = "delivered", _("Sampai")
        READ = "read", _("Dibaca")
        FAILED = "failed", _("Gagal terkirim")

    QUEUED = ("waiting", "sending")
    # From waiting or dead to sent: its answer was lost, a status tells. From sent: WhatsApp gave up later.
    MOVES = {
        "waiting": {"sending", "sent", "dead", "diverted", "dropped"},
        "sending": {"sent", "waiting", "dead", "diverted"},
        "sent": {"waiting", "dead", "diverted"},
        "dead": {"waiting", "sent", "dropped"},
        "diverted": set(),
        "dropped": set(),
    }

    office = models.ForeignKey(Office, models.PROTECT, related_name="outgoing_whatsapp")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="outgoing")
    kind = models.CharField(_("jenis"), max_length=40)
    language = models.CharField(_("bahasa"), max_length=2)
    text = models.TextField(_("isi"), blank=True)
    # What a template's places are filled with, in their order.
    places = models.JSONField(_("isian templat"), default=list, blank=True)
    quotes = models.CharField(_("pesan yang dikutip"), max_length=255, blank=True)
    key = models.CharField(_("kunci"), max_length=32, unique=True, default=new_key)
    wamid = models.CharField(_("tanda pengenal pesan"), max_length=255, blank=True, db_index=True)
    form = models.CharField(_("bentuk"), max_length=8, choices=Form, blank=True)
    about_type = models.CharField(_("tentang"), max_length=60, blank=True)
    about_id = models.PositiveBigIntegerField(_("nomor catatan"), null=True, blank=True)
    state = models.CharField(_("status"), max_length=8, choices=State, default=State.WAITING)
    status = models.CharField(_("keadaan di WhatsApp"), max_length=9, choices=Status, blank=True)
    status_at = models.DateTimeField(_("keadaan sejak"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("percobaan"), default=0)
    lost = models.PositiveSmallIntegerField(_("percobaan terputus"), default=0)
    next_try_at = models.DateTimeField(_("percobaan berikutnya"), null=True, blank=True)
    problem = models.CharField(_("gangguan"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("ditulis"))
    sent_at = models.DateTimeField(_("dikirim"), null=True, blank=True)

    objects = OutgoingWhatsAppQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(
                fields=["next_try_at"], condition=Q(state__in=("waiting", "sending")), name="whatsapp_queue"
            ),
            models.Index(fields=["office", "state", "-created_at"], name="whatsapp_of_office"),
            models.Index(fields=["about_type", "about_id"], name="whatsapp_about"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="waiting") | Q(next_try_at__isnull=False), name="whatsapp_waits_for_a_moment"
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class StatusSeen(models.Model):
    """What WhatsApp said of a message of ours. They come twice, in any order, and before the answer to our own call; so
    each is kept once, and what follows is worked out from all of them."""

    office = models.ForeignKey(Office, models.CASCADE, related_name="+")
    wamid = models.CharField(max_length=255)
    status = models.CharField(max_length=12)
    key = models.CharField(max_length=32, blank=True, db_index=True)
    at = models.DateTimeField()
    code = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["wamid", "status"], name="whatsapp_status_once")]

    def __str__(self) -> str:
        return f"{self.status} {self.pk}"
