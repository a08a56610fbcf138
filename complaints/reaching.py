"""How word gets to a complainant: by WhatsApp or mail, else by an officer's own voice or letter, which is then written down.

WhatsApp only where the complaint came that way, to a number the office knows and whose owner allows it, while the window of
24 hours is open or there is a template; else mail, where there is an address; else by hand. What is answered at lapor.go.id
is put there by an officer, also when a mail goes. To somebody without a name nothing goes: they read the status page.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.models import Channel, Complaint, Identity, Message, Privacy
from services import channels
from services.guestbook.fields import clean_phone
from services.whatsapp import outbox
from services.whatsapp.models import Contact

KIND = "complaint"  # the name of the template for what is said after the window has closed
LONGEST_PREPARED = 1_500  # characters in the address of a prepared chat
Reach = Message.Reach


@dataclass(frozen=True)
class Way:
    """How a word would go now. `email`, `contact`: to where; `form`: of a WhatsApp message; `why`: it does not go by WhatsApp."""

    how: str
    email: str = ""
    contact: Contact | None = None
    form: str = ""
    why: str = ""


def way(complaint: Complaint, at: datetime | None = None) -> Way:
    """Asked by the officer's page, and again when something is said."""
    at_lapor = complaint.channel == Channel.LAPOR
    identity = None if complaint.privacy == Privacy.ANONYMOUS else identity_of(complaint)
    if identity is None:
        return Way(Reach.HAND if at_lapor else Reach.PAGE)
    email = identity.email or (identity.account.email if identity.account else "")
    why = ""
    if complaint.channel == Channel.WHATSAPP:
        contact = contact_of(complaint, identity)
        planned = outbox.plan(contact, KIND, channels.whatsapp(complaint.office), at or timezone.now())
        if planned.form:
            return Way(Reach.WHATSAPP, email, contact, planned.form)
        why = planned.why
    if at_lapor:
        return Way(Reach.HAND, email)
    if email:
        return Way(Reach.EMAIL, email, why=why)
    return Way(Reach.HAND if identity.phone or identity.contact else Reach.PAGE, why=why)


def identity_of(complaint: Complaint) -> Identity | None:
    """For sending only; pages ask `visibility.identity`, which writes it down."""
    return Identity.objects.filter(complaint=complaint).select_related("account").first()


def contact_of(complaint: Complaint, identity: Identity) -> Contact | None:
    """Their number, where it is known to this office's WhatsApp."""
    phone = whole_number(identity.phone)
    if not phone:
        return None
    rows = Contact.objects.filter(office=complaint.office_id, phone=phone)
    return rows.select_related("office").first()


def whole_number(typed: str) -> str:
    """+62…; "" for what is none."""
    try:
        return clean_phone(typed.strip())
    except ValidationError:
        return ""


# ---- by hand ----


@dataclass(frozen=True)
class Hand:
    """What an officer does on their screen or telephone. `where`: the number or address, where it may be shown; `href`: opens it."""

    words: str
    where: str = ""
    href: str = ""


def by_hand(complaint: Complaint, identity: Identity | None, text: str = "") -> Hand:
    """`identity`: as far as whoever looks may see it; `text`: what is to be said, for a prepared chat."""
    phone = identity.phone if identity else ""
    other = identity.contact if identity else ""
    if complaint.channel == Channel.LAPOR:
        return Hand(
            _("Tulis tanggapan ini pada laporannya di lapor.go.id."),
            complaint.reference,
            "https://www.lapor.go.id/",
        )
    if complaint.privacy == Privacy.ANONYMOUS:
        return Hand(_("Pelapor membacanya sendiri di halaman status; tidak ada yang perlu dihubungi."))
    if complaint.channel == Channel.SOCIAL:
        return Hand(
            _("Balas lewat pesan pribadi di media sosial itu, bukan di kolom komentar."),
            other,
            _link_in(other),
        )
    if complaint.channel == Channel.WHATSAPP:
        return Hand(_("Kirim lewat WhatsApp kantor, atau telepon."), phone, prepared_chat(phone, text))
    if complaint.channel == Channel.BOX and not phone:
        return Hand(_("Balas dengan surat, atau temui pelapor."), other)
    number = whole_number(phone)
    return Hand(
        _("Telepon pelapor dan bacakan; bila tidak terjawab, kirim surat."),
        phone or other,
        f"tel:{number}" if number else "",
    )


def prepared_chat(phone: str, text: str) -> str:
    """Opens a chat in the officer's own WhatsApp with a text that they still send themselves; "" for what is no number."""
    number = whole_number(phone).removeprefix("+")
    if not number:
        return ""
    return f"https://wa.me/{number}?{urlencode({'text': text[:LONGEST_PREPARED]}, quote_via=quote)}"


def _link_in(words: str) -> str:
    """An address that stands in them, only of the web."""
    return next((word for word in words.split() if word.startswith(("https://", "http://"))), "")


def answering(complaint: Complaint, identity: Identity | None) -> dict[str, Any]:
    """For the officer, before anything is said: the way it would go, and what is to be done by hand."""
    found = way(complaint)
    return {"way": found, "hand": by_hand(complaint, identity) if found.how == Reach.HAND else None}
