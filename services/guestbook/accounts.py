"""An account and the guest book: the same person, not two (docs/decisions/036, 022).

A record is the account's when it has the mailbox the account's owner has verified, and either their name or the mark of
the account itself (`Visitor.account`). Whoever shares the mailbox under another name is somebody else.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _

from services.accounts import visitors
from services.accounts.models import User
from services.audit import trail
from services.audit.actors import Actor
from services.guestbook.models import Visitor
from services.guestbook.one_person import bring_up_to_date, everyone, lock_person, plain_name
from services.offices.models import Office
from services.workflow import IllegalMove


def rows_of(user: User, *, name: str = "", mailbox: str = "") -> list[Visitor]:
    """Records that are the account's by themselves, at all offices, those marked as the account's first, then the latest.
    `name`, `mailbox`: as they were, where they have just changed."""
    mailbox, name = mailbox or visitors.mailbox(user), plain_name(name or user.name)
    if not mailbox:
        return []
    found = _with(mailbox).select_related("office").order_by("-pk")
    mine = [row for row in found if row.account_id == user.pk or plain_name(row.name) == name]
    return sorted(mine, key=lambda row: row.account_id != user.pk)


def _with(mailbox: str) -> QuerySet[Visitor]:
    return Visitor.objects.alias(box=Lower("email")).filter(box=mailbox.lower()).exclude(name="")


def people_of(user: User) -> list[Visitor]:
    """All records that are the account's, also by what an officer put together; at all offices."""
    found: dict[int, Visitor] = {}
    for row in rows_of(user):
        if row.pk not in found:
            found |= {person.pk: person for person in everyone(row, proven=True)}
    return list(found.values())


def known_at(office: Office, user: User) -> Visitor | None:
    """The account's record at an office, if it has one: the one that others were put into."""
    row = next((row for row in rows_of(user) if row.office_id == office.pk), None)
    while row and row.merged_into_id:
        row = Visitor.objects.select_related("office").get(pk=row.merged_into_id)
    return row


@transaction.atomic
def record_for(*, office: Office, user: User, by: Actor, at: datetime | None = None) -> Visitor:
    """The record of this account at this office: the one that is certainly this person, marked as the account's and
    linked with the others, or a new one. Asked twice at once, there is one. Raises IllegalMove for an account whose
    mailbox was never shown to be theirs."""
    at = at or timezone.now()
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    mailbox = visitors.mailbox(user)
    if not mailbox:
        raise IllegalMove(_("Pastikan dahulu alamat e-mail akun Anda."))
    row = known_at(office, user)
    if row is not None:
        visitor, others = lock_person(row)
        if visitor.name:  # else erased in this very moment
            bring_up_to_date(visitor, others, {})  # nothing new, but they are known as one person from now on
            if visitor.account_id != user.pk:
                visitor.account = user
                visitor.save(update_fields=["account"])
                trail.record("visitor.account_linked", visitor, by=by, office_id=office.pk, at=at)
            return visitor
    made = Visitor.objects.create(office=office, name=user.name, email=mailbox, account=user, created_at=at)
    trail.record("visitor.account_linked", made, by=by, office_id=office.pk, at=at, made=True)
    return made


@transaction.atomic
def follow(
    user: User, fields: dict[str, Any], *, name: str, mailbox: str, by: Actor, at: datetime | None = None
) -> int:
    """The account has another name or address: so have its records, as if their owner had said so at each office.
    `name`, `mailbox`: by which they are still known. Returns how many people of offices that were."""
    done: set[int] = set()
    count = 0
    for row in sorted(rows_of(user, name=name, mailbox=mailbox), key=lambda row: (row.office_id, row.pk)):
        if row.pk in done:
            continue
        visitor, others = lock_person(row)
        done |= {visitor.pk, *(other.pk for other in others)}
        if not visitor.name or visitor.email.casefold() != mailbox.casefold():
            continue  # an officer put it into a record with another mailbox: that one's owner is asked
        changed = bring_up_to_date(visitor, others, fields)
        if visitor.account_id != user.pk:
            visitor.account = user
            visitor.save(update_fields=["account"])
        trail.record("visitor.corrected", visitor, by=by, office_id=visitor.office_id, at=at, columns=changed)
        count += 1
    return count


def accounts_of(people: Iterable[Visitor], *, proven: bool) -> list[User]:
    """Whose accounts these records are. By name and mailbox only where the mailbox has just been shown to be theirs:
    both may be written at a tablet by anybody."""
    people = list(people)
    found = {person.account_id for person in people if person.account_id}
    users = {user.pk: user for user in User.objects.filter(pk__in=found)}
    if proven:
        names = {(plain_name(p.name), p.email.lower()) for p in people if p.name and p.email}
        boxes = {box for _name, box in names}
        for user in User.objects.alias(box=Lower("email")).filter(box__in=boxes, is_active=True):
            if (plain_name(user.name), user.email.lower()) in names and visitors.mailbox(user):
                users[user.pk] = user
    return list(users.values())


def let_go(user: User) -> None:
    """The records stay what they are, and are no account's."""
    Visitor.objects.filter(account=user).update(account=None)
