"""The complaints of an account's owner: lodged from it, as the visitor they are, or with their mailbox and name."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from complaints.models import Complaint, Identity
from services.accounts import visitors
from services.accounts.models import User
from services.guestbook import accounts
from services.guestbook.models import Visitor


def of_account(user: User, people: list[Visitor] | None = None) -> QuerySet[Complaint]:
    """An anonymous one is nobody's, and so in no list. Beside the mailbox stands no name, or one with a word of theirs:
    whoever shares it under another name is somebody else (services/guestbook/accounts.py)."""
    people = accounts.people_of(user) if people is None else people
    named = Q(identity__name="")
    for word in user.name.split():
        named |= Q(identity__name__icontains=word)
    mailbox = visitors.mailbox(user)
    theirs = Q(identity__account=user) | Q(identity__visitor__in=people)
    if mailbox:
        theirs |= Q(identity__email__iexact=mailbox) & named
    return Complaint.objects.filter(theirs).select_related("office", "place").order_by("-created_at", "-pk")


def let_go(user: User, *, empty: bool) -> None:
    """The account is closed: what was lodged from it goes on without it. `empty`: and without its owner, who has the number and
    the secret; not where somebody else may have asked for it."""
    more = dict.fromkeys(("name", "email", "phone", "contact"), "") | {"visitor": None} if empty else {}
    Identity.objects.filter(account=user).update(account=None, **more)
