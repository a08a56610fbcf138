"""The end of an account: its owner closes it, nobody uses it any more, or the person asked to be erased."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from complaints import own
from pst.account.models import Agreement
from services.accounts import visitors
from services.accounts.models import User
from services.audit import trail
from services.audit.actors import SYSTEM, Actor
from services.guestbook import accounts
from services.guestbook.models import Visitor

UNUSED_FOR = timedelta(days=730)  # as the guest book (pst/privacy/retention.toml)


@transaction.atomic
def close(user: User, *, by: Actor, why: str, at: datetime | None = None) -> None:
    """Nothing leads to its owner any more, and its sessions end with their next request. The row stays, for the trace of
    what was done; the records at the offices stay what they are. Who works here keeps the log-in for that. `why` is a
    code."""
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    accounts.let_go(user)
    own.let_go(user, empty=why != "erasure")
    for model in (EmailAddress, Authenticator, SocialAccount):
        model._default_manager.filter(user=user).delete()
    if not visitors.works_here(user):
        user.name, user.email, user.is_active = "", f"closed-{user.pk}@akun.invalid", False
        user.set_unusable_password()
        user.save(update_fields=["name", "email", "is_active", "password"])
    trail.record("account.closed", user, by=by, at=at, why=why)


def close_of_erased(whose: Iterable[User], *, by: Actor, at: datetime | None = None) -> None:
    """After a person's records were emptied at one office: the account goes with the last of them. While another office
    still knows them, it is needed there."""
    for user in whose:
        Visitor.objects.filter(account=user, name="").update(account=None)
        if not accounts.rows_of(user):
            close(user, by=by, why="erasure", at=at)


def close_unused(at: datetime | None = None) -> int:
    """As the consent says; returns how many."""
    at = at or timezone.now()
    since = at - UNUSED_FOR
    unused = Q(last_login__lt=since) | Q(last_login=None, date_joined__lt=since)
    begun = Agreement.objects.filter(user=OuterRef("pk"))
    found = list(
        User.objects.filter(unused, Exists(begun), is_active=True, is_staff=False, memberships=None)[:500]
    )
    for user in found:
        close(user, by=SYSTEM, why="unused", at=at)
    return len(found)
