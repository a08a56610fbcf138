"""The one thing PST answers by itself: a polite receipt to an address it does not know, once a day."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from consultation.models import Consultation
from services.mail import kinds, outbox
from services.mail.models import Outgoing
from services.mail.reading.incoming import Incoming, Kind
from services.offices.models import Office

KIND = "consultation_mail_receipt"
ONCE_IN = timedelta(days=1)
LOCK = 0x7057  # advisory, with a number made of the address: two mails at once get one receipt


def register() -> None:
    kinds.register(KIND, _("Tanda terima surat dari alamat yang belum dikenal"), sample)


def sample(office: Office) -> dict[str, object]:
    return {"number": f"K{office.code}-26-00012", **_paths()}


def _paths() -> dict[str, str]:
    try:
        return {"register_path": reverse("account_signup")}
    except NoReverseMatch:  # accounts are an app of their own
        return {"register_path": reverse("portal:home")}


def send(consultation: Consultation, mail: Incoming, at: datetime) -> Outgoing | None:
    """To a person whose address belongs to nobody this office knows. In the transaction that opened the consultation."""
    address = mail.sender.email
    if (
        consultation.visitor_id
        or mail.kind != Kind.PERSON
        or mail.wants_no_answer
        or mail.doubtful
        or not address
    ):
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [LOCK, address])
    if Outgoing.objects.filter(kind=KIND, to__iexact=address, created_at__gt=at - ONCE_IN).exists():
        return None
    return outbox.put(
        kind=KIND, to=address, office=consultation.office, language=consultation.language,
        context={"number": consultation.number, **_paths()}, about=consultation, thread=consultation.number,
        in_reply_to=f"<{mail.message_id}>" if mail.own_id else "", at=at,
    )  # fmt: skip
