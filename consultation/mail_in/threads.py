"""To which consultation a mail belongs, and whether its sender is the one whose consultation it is.

First the signed address or subject token, then the message ids of what was sent and received, of the same office. A token says
where a message is put, never who wrote it: whoever is not the consultation's visitor is marked with their address.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from consultation.models import Channel, Consultation, Message
from services.guestbook.models import Visitor
from services.guestbook.one_person import everyone
from services.mail import tokens
from services.mail.models import Outgoing
from services.mail.reading.incoming import Incoming
from services.offices.models import Office

log = logging.getLogger(__name__)
LONGEST_OUTSIDE_ID = 255


@dataclass(frozen=True)
class Found:
    """`forged`: it bears something that looks like our token and is not."""

    consultation: Consultation | None = None
    forged: bool = False


def outside_id(office: Office, message_id: str) -> str:
    """What `Message.outside_id` holds for a mail that came in: one mail may come to two offices. The brackets set its own
    name off from the office."""
    return f"{office.code}:<{message_id}>"[:LONGEST_OUTSIDE_ID]


def find(office: Office, mail: Incoming) -> Found:
    try:
        number = _signed_number(mail)
    except tokens.ForgedToken:
        return Found(forged=True)
    if number:
        return Found(_kept(Consultation.objects.filter(number=number).first(), office))
    return Found(_kept(_by_ids(office, [*mail.in_reply_to, *reversed(mail.references)]), office))


def _signed_number(mail: Incoming) -> str | None:
    for address in mail.to:
        if number := tokens.number_in_address(address.email):
            return number
    return tokens.number_in_subject(mail.subject)


def _by_ids(office: Office, message_ids: list[str]) -> Consultation | None:
    """The nearest of the mails it answers that is known here."""
    wanted = list(dict.fromkeys(message_ids))[:60]
    if not wanted:
        return None
    theirs = [outside_id(office, name) for name in wanted]
    messages = Message.objects.filter(
        channel__in=[Channel.EMAIL, Channel.PORTAL], outside_id__in=[*wanted, *theirs]
    ).only("outside_id", "consultation")
    of = {m.outside_id.removeprefix(f"{office.code}:").strip("<>"): m.consultation_id for m in messages}
    for row in Outgoing.objects.filter(message_id__in=wanted, office=office).exclude(about_id=None):
        if about := _about(row):
            of.setdefault(row.message_id, about)
    known = next((of[name] for name in wanted if name in of), None)
    return Consultation.objects.filter(pk=known).first() if known else None


def _about(row: Outgoing) -> int | None:
    """The consultation a mail of ours is about, itself or one of its messages."""
    if row.about_type == Consultation._meta.label_lower:
        return row.about_id
    if row.about_type == Message._meta.label_lower and row.about_id:
        return Message.objects.filter(pk=row.about_id).values_list("consultation_id", flat=True).first()
    return None


def _kept(found: Consultation | None, office: Office) -> Consultation | None:
    """Where two were made one, the one that is left; of this office, or handed over by it."""
    seen = set()
    while found and found.merged_into_id and found.pk not in seen:
        seen.add(found.pk)
        found = Consultation.objects.filter(pk=found.merged_into_id).first()
    ours = found and (found.office_id == office.pk or found.hand_overs.filter(from_office=office).exists())
    return found if ours else None


def is_theirs(consultation: Consultation, mail: Incoming) -> bool:
    """Whether the address is one this consultation's visitor is known by. From addresses can be invented, so this only
    decides how a message is marked, never what somebody is shown."""
    if mail.doubtful or not mail.sender.email:
        return False
    known = set()
    if consultation.visitor:
        known.add(consultation.visitor.email.lower())
    if consultation.account:
        known.add(consultation.account.email.lower())
    first = consultation.messages.filter(kind=Message.Kind.VISITOR).order_by("at", "pk").first()
    if first and first.channel == Channel.EMAIL and first.address:
        known.add(first.address.lower())
    return mail.sender.email in known - {""}


def visitor_of(office: Office, mail: Incoming) -> Visitor | None:
    """The one person of this office with that mailbox; None where nobody has it, or several people share it."""
    if mail.doubtful or not mail.sender.email:
        return None
    same = office.visitors.filter(email__iexact=mail.sender.email, merged_into=None).exclude(name="")
    rows = list(same.order_by("-pk")[:20])
    if not rows:
        return None
    together = {person.pk for person in everyone(rows[0])} if len(rows) > 1 else {rows[0].pk}
    return rows[0] if {row.pk for row in rows} <= together else None
