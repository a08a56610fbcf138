"""What PST answers to a mail by itself: a receipt. To an address it does not know one a day, with the way to register.

To nobody who might answer by machine: a sender in doubt, one who says so, one who has had enough of them today.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection

from consultation import notices
from consultation.models import Consultation
from services.mail.models import Outgoing
from services.mail.reading.incoming import Incoming, Kind

UNKNOWN, KNOWN = "consultation_mail_receipt", "consultation_receipt"
DAY = timedelta(days=1)
MOST_A_DAY = {UNKNOWN: 1, KNOWN: 3}
LOCK = 0x7057  # advisory, with a number made of the address: two mails at once get one receipt


def send(consultation: Consultation, mail: Incoming, at: datetime) -> Outgoing | None:
    """In the transaction that opened the consultation."""
    address = mail.sender.email
    if mail.kind != Kind.PERSON or mail.wants_no_answer or mail.doubtful or not address:
        return None
    kind = KNOWN if consultation.visitor_id else UNKNOWN
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [LOCK, address])
    today = Outgoing.objects.filter(kind=kind, to__iexact=address, created_at__gt=at - DAY)
    if today.count() >= MOST_A_DAY[kind]:
        return None
    return notices.give_receipt(consultation, at=at, kind=kind)
