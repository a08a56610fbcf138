"""People with an account who work in no office (docs/decisions/036): who they are to the rest of the software.

The account is one `User`; an officer may use the same log-in for their own visits. What proves a visitor is the mailbox
they have verified, kept by django-allauth.
"""

from __future__ import annotations

from collections.abc import Sequence

from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser

from services.accounts.models import Membership, User
from services.audit import trail
from services.audit.actors import Actor


def works_here(user: User, memberships: Sequence[Membership] | None = None) -> bool:
    """An officer of some office, or a system administrator."""
    if user.is_staff or user.is_superuser:
        return True
    return bool(memberships) if memberships is not None else user.memberships.exists()


def actor_of(user: User, memberships: Sequence[Membership] | None = None) -> Actor:
    """How a signed-in user stands in the audit trail."""
    return Actor("officer" if works_here(user, memberships) else "visitor", user_id=user.pk)


def address_given(user: User, *, by: Actor) -> None:
    """An administrator wrote another address for this account, inside the transaction that stores it. Nobody has shown yet
    that they read it, and what was shown of the old one counts no more."""
    EmailAddress.objects.filter(user_id=user.pk).delete()
    trail.record("user.address_changed", user, by=by)


def mailbox(user: User | AnonymousUser) -> str:
    """The account's address once its owner has shown that they read it; "" before, and for nobody."""
    if not isinstance(user, User) or not user.email or not user.is_active:
        return ""
    proven = EmailAddress.objects.filter(user_id=user.pk, verified=True, email__iexact=user.email)
    return user.email if proven.exists() else ""
