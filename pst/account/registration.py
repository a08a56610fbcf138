"""Making an account: consent, and what becomes of one whose mailbox was never shown to be theirs (docs/decisions/036)."""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from pst.account.models import Agreement
from services.accounts.models import User
from services.audit import trail
from services.audit.actors import SYSTEM, Actor
from services.guestbook.models import ConsentWording

# Longer than any code lasts; until then the same browser may still finish.
UNFINISHED_FOR = timedelta(days=1)


def wording(at: datetime | None = None) -> ConsentWording:
    """What is agreed to today."""
    day = timezone.localdate(at)
    found = ConsentWording.objects.filter(purpose=ConsentWording.Purpose.ACCOUNT, effective_from__lte=day)
    return found.order_by("-version")[:1].get()


def agree(user: User, *, wording: ConsentWording, at: datetime | None = None) -> Agreement:
    return Agreement.objects.create(user=user, wording=wording, at=at or timezone.now())


def unfinished() -> QuerySet[User]:
    """Accounts that somebody began with an address they have never shown to be theirs. Nothing can hang on them."""
    proven = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    begun = Agreement.objects.filter(user=OuterRef("pk"))
    return User.objects.filter(
        Exists(begun), ~Exists(proven), last_login=None, memberships=None, is_staff=False, is_superuser=False
    )


@transaction.atomic
def let_go_of(email: str) -> None:
    """Whoever writes a stranger's address first does not keep it, nor their password, from its owner."""
    for user in unfinished().filter(email__iexact=email).select_for_update(of=("self",)):
        user.delete()


@transaction.atomic
def finished(user: User, *, by: Actor, at: datetime | None = None) -> None:
    """The mailbox is theirs."""
    trail.record("account.registered", user, by=by, at=at)


def forget_unfinished(at: datetime | None = None) -> int:
    """What was begun and never finished."""
    since = (at or timezone.now()) - UNFINISHED_FOR
    with transaction.atomic():
        old = list(unfinished().filter(date_joined__lt=since).select_for_update(of=("self",)))
        for user in old:
            user.delete()
        if old:
            trail.record("account.unfinished_forgotten", None, by=SYSTEM, at=at, count=len(old))
    return len(old)
