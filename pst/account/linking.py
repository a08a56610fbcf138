"""The account changes, and its owner's records with it (services/guestbook/accounts.py)."""

from __future__ import annotations

from collections.abc import Callable

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import get_language

from pst.account import registration
from services.accounts import visitors
from services.accounts.models import User
from services.audit import trail
from services.audit.actors import Actor
from services.guestbook import accounts
from services.mail import outbox


@transaction.atomic
def mailbox_shown(address: EmailAddress, confirm: Callable[[], bool]) -> bool:
    """The owner has typed the code that went to this address. `confirm` makes it the account's."""
    user = User.objects.select_for_update(of=("self",)).get(pk=address.user_id)
    before = visitors.mailbox(user)
    if visitors.works_here(user) and address.email.casefold() != user.email.casefold():
        return False  # begun before they worked here: from then on an administrator changes it
    if not confirm():
        return False
    user.refresh_from_db()
    by = visitors.actor_of(user)
    if not before:
        registration.finished(user, by=by)
    elif before.casefold() != user.email.casefold():
        trail.record("account.mailbox_changed", user, by=by)
        # Whoever sat down at a browser that was left signed in would take the account without a word.
        outbox.put(
            kind="account_mailbox_changed",
            to=before,
            office=None,
            language=get_language() or "id",
            context={},
        )
        accounts.follow(user, {"email": user.email}, name=user.name, mailbox=before, by=by)
    return True


@transaction.atomic
def rename(user: User, *, name: str, by: Actor) -> None:
    """The owner's name, in the account and in their records at all offices."""
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    before, name = user.name, " ".join(name.split())
    if before == name:
        return
    user.name = name
    user.save(update_fields=["name"])
    trail.record("account.renamed", user, by=by)
    accounts.follow(user, {"name": name}, name=before, mailbox=visitors.mailbox(user), by=by)
