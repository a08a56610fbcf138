"""Mail that answers what we wrote about a complaint: the complainant's own becomes their message, other waits for an officer.

It comes through the mailbox of consultations (services/mail/replies.py). Theirs is what comes from the address this complaint
has, by somebody who holds a mail of ours: the name of one, or its signed address, which nobody guesses. Of a complaint
without a name no address is its own. Who may read the complaint may see what waits, nobody else (pst/panel/mail_in.py).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from complaints import files as keeping
from complaints import reaching
from complaints.models import Channel, Complaint, Message
from complaints.workflows import complainant, handling
from services.audit.actors import SYSTEM, VISITOR, Actor
from services.files.shelf import FileRefused
from services.mail import replies
from services.mail.models import Outgoing
from services.mail.reading.incoming import Incoming, Kind
from services.mail.replies import AUTO, KNOWN, NOTED, TAKEN, UNSURE, Came
from services.workflow import IllegalMove

WHOLE, SAID = Complaint._meta.label_lower, Message._meta.label_lower
MOST_A_DAY = 20  # that one complaint takes by itself
SAME_WITHIN = timedelta(hours=1)
Who = Message.Who


def whose(about_type: str, about_id: int) -> int | None:
    """The complaint that a mail of ours is about, itself or one of its messages."""
    if about_type == WHOLE:
        return about_id
    if about_type == SAID:
        return Message.objects.filter(pk=about_id).values_list("complaint_id", flat=True).first()
    return None


def numbered(number: str) -> int | None:
    return Complaint.objects.filter(number=number).values_list("pk", flat=True).first()


@transaction.atomic
def take(pk: int, came: Came, at: datetime) -> str:
    """What can be done by itself: the complainant's own words, or a note of what their machine sent."""
    complaint = Complaint.objects.select_related("office", "place").filter(pk=pk).first()
    if complaint is None:
        return UNSURE
    if Message.objects.filter(channel=Channel.EMAIL, outside_id=_name(came)).exists():
        return KNOWN
    machine = came.mail.kind != Kind.PERSON
    if not is_theirs(complaint, came.mail):
        return AUTO if machine else UNSURE
    if machine or _said_by_a_machine(complaint, came, at):
        words = _("Balasan otomatis pelapor:")
        handling.note(complaint, f"{words}\n\n{came.body}", by=SYSTEM, at=at)
        return NOTED
    if _today(complaint, came) >= MOST_A_DAY:
        return UNSURE
    try:
        _said(complaint, came, by=VISITOR, at=max(came.received_at, complaint.updated_at))
    except IllegalMove:  # withdrawn
        return UNSURE
    return TAKEN


@transaction.atomic
def put(pk: int, came: Came, by: Actor, at: datetime) -> None:
    """An officer who may read the complaint says that this is from the complainant. Raises IllegalMove."""
    _said(Complaint.objects.select_related("office", "place").get(pk=pk), came, by=by, at=at)


def is_theirs(complaint: Complaint, mail: Incoming) -> bool:
    """Whether it comes from the address that we write to."""
    if complaint.is_nobodys or mail.doubtful or not mail.sender.email:
        return False
    identity = reaching.identity_of(complaint)
    known = {identity.email, identity.account.email if identity.account else ""} if identity else set()
    return mail.sender.email.casefold() in {address.casefold() for address in known if address}


def _said(complaint: Complaint, came: Came, *, by: Actor, at: datetime) -> None:
    """Of a complaint without a name nothing of the mail is kept but its words."""
    nobodys = complaint.is_nobodys
    last = complaint.messages.exclude(who=Who.COMPLAINANT).order_by("-pk").first()
    written = complainant.reply(
        complaint, came.body, by=by, seen=last.pk if last else 0, channel=Channel.EMAIL, at=at,
        outside_id="" if nobodys else _name(came),
    )  # fmt: skip
    if not nobodys:
        keeping.SHELF.take_what_came(came.files, by=VISITOR, at=at, complaint=complaint, message=written)
        return
    for name, file in came.files:
        try:
            keeping.take(complaint, written, file, name=name, by=VISITOR, at=written.at)
        except FileRefused:
            continue


def _name(came: Came) -> str:
    """One mail may come to two offices."""
    return f"{came.office.code}:<{came.name}>"


def _today(complaint: Complaint, came: Came) -> int:
    theirs: Any = complaint.messages.filter(who=Who.COMPLAINANT, channel=Channel.EMAIL)
    return int(theirs.filter(at__gt=came.received_at - timedelta(days=1)).count())


def _said_by_a_machine(complaint: Complaint, came: Came, at: datetime) -> bool:
    """One that bears no mark says the same each time: the third time, or at once after our mail, it is taken for one."""
    before = complaint.messages.filter(channel=Channel.EMAIL, body__endswith=came.body).exclude(
        who=Who.OFFICE
    )
    ours = Outgoing.objects.filter(to__iexact=came.mail.sender.email or "-", sent_at__gt=at - SAME_WITHIN)
    count = before.count()
    return count >= 2 or (count == 1 and ours.exists())


def register() -> None:
    replies.register(replies.Taker(WHOLE, whose, numbered, take, put))
