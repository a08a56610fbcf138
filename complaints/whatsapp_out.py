"""What goes to a complainant by WhatsApp, and what becomes of it: where it cannot go, a mail goes, or an officer tells them."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils import translation
from django.utils.translation import gettext as _

from complaints import reaching
from complaints.models import Complaint, Message
from complaints.workflows.changing import topics
from services.live.publish import publish
from services.whatsapp import outbox
from services.whatsapp.models import Contact, OutgoingWhatsApp


def put(
    complaint: Complaint, message: Message | None, contact: Contact, *, link: str, at: datetime
) -> OutgoingWhatsApp:
    """`link`: where they read and reply. A template gets number and link alone."""
    with translation.override(complaint.language):
        text = words(complaint, message, link)
    return outbox.put(
        kind=reaching.KIND, contact=contact, language=complaint.language, text=text, about=message or complaint,
        places=[complaint.number, link], at=at,
    )  # fmt: skip


def words(complaint: Complaint, message: Message | None, link: str) -> str:
    """What was said; without a message, that it was received (or closed), and how it is followed."""
    if message:
        tail = _("Pengaduan %(number)s. Balas di %(link)s, bukan di sini.") % {"number": complaint.number, "link": link}
        return f"{message.body[: outbox.LONGEST - len(tail) - 60].rstrip()}\n\n{tail}"
    if complaint.is_over:
        return _("Pengaduan %(number)s ditutup. Belum selesai? Buka %(link)s") % {"number": complaint.number, "link": link}
    told = _("Pengaduan Anda kami terima dengan nomor %(number)s. Buka tautan ini sekali untuk mendapat kode rahasianya: %(link)s")
    return told % {"number": complaint.number, "link": link}


class Watcher:
    """Of both: messages, and receipts."""

    def told(self, row: OutgoingWhatsApp) -> None:
        return

    def instead(self, row: OutgoingWhatsApp, why: str) -> bool:
        """A mail where there is an address; else the desk is told to tell them. A receipt that reaches nobody is let go."""
        from complaints import notices

        found = _about(row)
        if not isinstance(found, Message):
            return bool(found) and notices.receipt_by_mail(found, at=row.created_at) is not None
        way = reaching.way(found.complaint)
        sent = way.email and notices.by_mail_instead(found, at=row.created_at)
        Message.objects.filter(pk=found.pk).update(reach=Message.Reach.EMAIL if sent else Message.Reach.HAND)
        publish(found.complaint.place.code, *topics(found.complaint))
        return bool(sent)


def _about(row: OutgoingWhatsApp) -> Message | Complaint | None:
    """What it was about; None once it is erased."""
    model: type[models.Model] = Message if row.about_type == Message._meta.label_lower else Complaint
    related = ["complaint__office", "complaint__place"] if model is Message else ["office", "place"]
    found: Message | Complaint | None = model._default_manager.select_related(*related).filter(pk=row.about_id or 0).first()  # type: ignore[assignment]
    return found
