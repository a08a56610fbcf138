"""What goes to a complainant by WhatsApp, and what becomes of it: where it cannot go, a mail goes, or an officer tells them."""

from __future__ import annotations

from datetime import datetime

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
        tail = _("Pengaduan %(number)s. Balas di %(link)s, bukan di sini.") % {
            "number": complaint.number,
            "link": link,
        }
        return f"{message.body[: outbox.LONGEST - len(tail) - 60].rstrip()}\n\n{tail}"
    if complaint.is_over:
        return _("Pengaduan %(number)s ditutup. Belum selesai? Buka %(link)s") % {
            "number": complaint.number,
            "link": link,
        }
    told = _(
        "Pengaduan Anda kami terima dengan nomor %(number)s. Buka tautan ini sekali untuk mendapat kode rahasianya: %(link)s"
    )
    return told % {"number": complaint.number, "link": link}


class Watcher:
    """Of both: messages, and receipts."""

    def told(self, row: OutgoingWhatsApp) -> None:
        return

    def instead(self, row: OutgoingWhatsApp, why: str) -> bool:
        """A mail where there is an address; else the desk is told to tell them. A receipt that reaches nobody is let go."""
        from complaints import notices

        if row.about_type == Complaint._meta.label_lower:
            complaint = (
                Complaint.objects.select_related("office", "place").filter(pk=row.about_id or 0).first()
            )
            return complaint is not None and notices.receipt_by_mail(complaint, at=row.created_at) is not None
        rows = Message.objects.select_related("complaint__office", "complaint__place")
        message = rows.filter(pk=row.about_id or 0).first()
        if message is None:
            return True  # erased meanwhile; nobody waits for it
        sent = notices.by_mail_instead(message, at=row.created_at) is not None
        Message.objects.filter(pk=message.pk).update(
            reach=Message.Reach.EMAIL if sent else Message.Reach.HAND
        )
        publish(message.complaint.place.code, *topics(message.complaint))
        return sent
