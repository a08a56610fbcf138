"""What somebody wrote by mail before the office knew them: theirs, once their record has that mailbox.

A From address may be made up. So nothing is shown for it that its mailbox has not seen anyway, but what bears somebody's
address goes when they ask for it.
"""

from __future__ import annotations

from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Lower

from consultation.models import Channel, Consultation, Message
from services.guestbook.models import Visitor


def sent_by(people: list[Visitor], column: str, office: str) -> Q:
    """Rows of their office whose `column` holds one of their mailboxes; `office`: the way there."""
    found = Q(pk__in=[])
    for mail in _mailboxes(people):
        found |= Q(**{f"{column}__iexact": mail, office: people[0].office_id})
    return found


def claim(people: list[Visitor]) -> int:
    """Consultations that an unknown address of theirs began lead to their record from now on, so that what is done to it is
    done to them. Before an erasure, on locked records; returns how many."""
    first = Message.objects.filter(consultation=OuterRef("pk"), kind=Message.Kind.VISITOR).order_by(
        "at", "pk"
    )
    unknown = Consultation.objects.filter(
        office=people[0].office_id, channel=Channel.EMAIL, visitor=None, account=None, received=None
    )
    begun = unknown.annotate(begun_by=Lower(Subquery(first.values("address")[:1])))
    keys = list(begun.filter(begun_by__in=_mailboxes(people)).values_list("pk", flat=True))
    return Consultation.objects.filter(pk__in=keys).update(visitor=people[0])


def _mailboxes(people: list[Visitor]) -> set[str]:
    return {person.email.lower() for person in people if person.email}
