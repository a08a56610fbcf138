"""What PST answers to a WhatsApp message by itself: that it was received. To a number it does not know one a day, with the
way to register. Only when a consultation was opened, so two machines never talk to each other for long.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from consultation import notices, telling
from consultation.models import Consultation
from services import channels
from services.whatsapp import contacts, outbox
from services.whatsapp.models import Contact, OutgoingWhatsApp

UNKNOWN, KNOWN = "receipt_unknown", "receipt"
DAY = timedelta(days=1)
MOST_A_DAY = {UNKNOWN: 1, KNOWN: 3}


def send(
    consultation: Consultation, contact: Contact, *, quotes: str, at: datetime
) -> OutgoingWhatsApp | None:
    """In the transaction that opened the consultation."""
    if channels.whatsapp(contact.office) is None or not contacts.is_open(contact, at):
        return None
    kind = KNOWN if consultation.visitor_id else UNKNOWN
    locked = Contact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
    today = OutgoingWhatsApp.objects.filter(contact=locked, kind=kind, created_at__gt=at - DAY)
    if today.count() >= MOST_A_DAY[kind]:
        return None
    with translation.override(consultation.language):
        text = words(consultation, kind)
    return outbox.put(
        kind=kind,
        contact=locked,
        language=consultation.language,
        text=text,
        about=consultation,
        quotes=quotes,
        at=at,
    )


def words(consultation: Consultation, kind: str) -> str:
    """In the language that is active."""
    parts = [
        _("Terima kasih, pesan Anda kami terima sebagai konsultasi %s.") % consultation.number,
        telling.due(consultation),
        _("Lihat atau tambahkan berkas: %s") % notices.thread_address(consultation),
    ]
    if kind == UNKNOWN:
        address = settings.SITE + reverse("account_signup")
        parts += [
            _(
                "Kami belum mengenal nomor ini. Dengan akun, semua pertanyaan Anda tersimpan di satu tempat: %s"
            )
            % address,
            _("Nomor dan pesan Anda kami simpan untuk menjawab pertanyaan ini."),
        ]
    parts.append(_("Balas BERHENTI bila tidak ingin menerima pesan WhatsApp dari kami."))
    return "\n\n".join(filter(None, parts))
