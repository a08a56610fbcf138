"""Who works in an office: invited by mail, given a role, let go. Each function is one transaction.

The link's secret is known to the mail alone; here only its hash is kept (docs/decisions/036 for accounts).
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from services.accounts import visitors
from services.accounts.models import Invitation, Membership, Role, User, hash_secret
from services.audit import trail
from services.audit.actors import Actor
from services.audit.models import AuditEntry
from services.audit.settings import record_setting, values
from services.offices.models import Office
from services.workflow import IllegalMove

AT_ONCE = timedelta(seconds=30)


@transaction.atomic
def invite(
    *, office: Office, email: str, name: str, role: str, by: Actor, at: datetime | None = None
) -> tuple[Invitation, str]:
    """Returns the invitation and the secret for its mail; an earlier one to the same address is good no more. Raises IllegalMove for
    somebody who works here, or whom an administrator has shut out."""
    at, email = at or timezone.now(), email.strip().lower()
    Office.objects.select_for_update(no_key=True).get(pk=office.pk)
    user = User.objects.filter(email=email).first()
    if user and Membership.objects.filter(user=user, office=office).exists():
        raise IllegalMove(_("Orang dengan alamat ini sudah bekerja di kantor ini."))
    if user and not user.is_active:
        raise IllegalMove(_("Akun dengan alamat ini ditutup administrator. Hubungi administrator sistem."))
    open_ = Invitation.objects.filter(office=office, email=email, accepted_at=None, withdrawn_at=None)
    open_.update(withdrawn_at=at)
    secret = secrets.token_urlsafe(32)
    row = Invitation.objects.create(
        office=office,
        email=email,
        name=name,
        role=Role(role).value,
        secret_hash=hash_secret(secret),
        sent_at=at,
    )
    trail.record("staff.invited", row, by=by, office_id=office.pk, at=at, role=row.role)
    return row, secret


def invited_just_now(
    office: Office, *, email: str, name: str, role: str, at: datetime, besides: int = 0
) -> bool:
    """Whether the same was asked a moment before: a form posted twice. Inside the caller's transaction, which goes on to invite.
    `besides`: the invitation that is to be sent again."""
    Office.objects.select_for_update(no_key=True).get(pk=office.pk)
    open_ = Invitation.objects.filter(
        office=office, email=email.strip().lower(), accepted_at=None, withdrawn_at=None
    )
    return open_.filter(name=name, role=role, sent_at__gt=at - AT_ONCE).exclude(pk=besides).exists()


def by_secret(secret: str) -> Invitation | None:
    """One that can still be accepted."""
    rows = Invitation.objects.select_related("office").filter(accepted_at=None, withdrawn_at=None)
    row = rows.filter(secret_hash=hash_secret(secret)).first()
    return row if row and not row.expired else None


def needs_password(invitation: Invitation) -> bool:
    """Whoever has one keeps it."""
    user = User.objects.filter(email=invitation.email).first()
    return user is None or not _has_own_password(user)


def _has_own_password(user: User) -> bool:
    """One that the owner of the mailbox chose. Of an account that somebody began with this address and never finished, nobody knows
    who did: its password counts for nothing (docs/decisions/036)."""
    return user.has_usable_password() and bool(visitors.works_here(user) or visitors.mailbox(user))


@transaction.atomic
def accept(
    invitation: Invitation, *, name: str, password: str = "", at: datetime | None = None
) -> Membership:
    """Somebody opened the link in their mailbox. Raises IllegalMove when it is no longer good."""
    at = at or timezone.now()
    row = Invitation.objects.select_for_update(of=("self",)).select_related("office").get(pk=invitation.pk)
    if row.accepted_at or row.withdrawn_at or row.expired:
        raise IllegalMove(_("Undangan ini tidak berlaku lagi."))
    user = User.objects.select_for_update().filter(email=row.email).first()
    if user and not user.is_active:
        raise IllegalMove(_("Akun dengan alamat ini ditutup administrator. Hubungi administrator sistem."))
    if not password and (user is None or not _has_own_password(user)):
        # Their mailbox counted when the page was opened, and counts no more: opened again, it asks for a password.
        raise IllegalMove(_("Undangan ini tidak berlaku lagi."))
    if user is None:
        user = User.objects.create_user(row.email, password, name=name)
    elif not _has_own_password(user):
        user.name = name
        user.set_password(password)  # and whoever is logged in to it is so no more
        user.save(update_fields=["name", "password"])
    membership, new = Membership.objects.get_or_create(
        user=user, office=row.office, defaults={"role": row.role}
    )
    row.accepted_at = at
    row.save(update_fields=["accepted_at"])
    by = Actor("officer", user_id=user.pk)
    trail.record("staff.accepted", row, by=by, office_id=row.office_id, at=at)
    if new:
        _recorded(membership, {}, values(membership, ("role",)), by=by)
    return membership


@transaction.atomic
def withdraw(invitation: Invitation, *, by: Actor, at: datetime | None = None) -> None:
    """The link opens nothing any more."""
    at = at or timezone.now()
    open_ = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None)
    if open_.update(withdrawn_at=at):
        trail.record("staff.invitation_withdrawn", invitation, by=by, office_id=invitation.office_id, at=at)


@transaction.atomic
def give_role(membership: Membership, role: str, *, by: Actor) -> None:
    """Raises IllegalMove for one's own, and for the last supervisor."""
    row = _of_somebody_else(membership, by=by)
    if role != Role.SUPERVISOR:
        _not_the_last(row)
    before = values(row, ("role",))
    row.role = Role(role).value
    row.save(update_fields=["role"])
    _recorded(row, before, None, by=by)
    if role != Role.SUPERVISOR:
        _withdraw_theirs(row, by=by)


@transaction.atomic
def let_go(membership: Membership, *, by: Actor) -> None:
    """Works here no more. An account that was there for the work alone cannot be entered from then on: its password is gone, and
    with it what it is logged in to. Raises IllegalMove."""
    row = _of_somebody_else(membership, by=by)
    _not_the_last(row)
    user = User.objects.select_for_update(of=("self",)).get(pk=row.user_id)
    _recorded(row, values(row, ("role",)), {}, by=by)
    _withdraw_theirs(row, by=by)
    row.delete()
    if not (visitors.works_here(user) or visitors.mailbox(user)):
        user.set_unusable_password()
        user.save(update_fields=["password"])


def _withdraw_theirs(row: Membership, *, by: Actor) -> None:
    """No way back that was laid before: links they sent, and one to their own address."""
    sent = AuditEntry.objects.filter(
        action="staff.invited", office=row.office_id, user=row.user_id, at__gt=timezone.now() - Invitation.LIFETIME
    )  # fmt: skip
    open_ = Invitation.objects.filter(office=row.office_id, accepted_at=None, withdrawn_at=None)
    for one in open_.filter(Q(pk__in=sent.values("target_id")) | Q(email=row.user.email)):
        withdraw(one, by=by)


def _recorded(row: Membership, before: dict[str, Any], after: dict[str, Any] | None, *, by: Actor) -> None:
    record_setting(row, before, after=after, action="setting.staff", by=by, office_id=row.office_id)


def _of_somebody_else(membership: Membership, *, by: Actor) -> Membership:
    Office.objects.select_for_update(no_key=True).get(pk=membership.office_id)
    row = Membership.objects.select_for_update(of=("self",)).filter(pk=membership.pk).first()
    if row is None:
        raise IllegalMove(_("Orang ini sudah tidak bekerja di kantor ini."))
    if row.user_id == by.user_id:
        raise IllegalMove(_("Peran Anda sendiri diubah oleh atasan lain atau administrator."))
    return row


def _not_the_last(row: Membership) -> None:
    others = Membership.objects.filter(office=row.office_id, role=Role.SUPERVISOR, user__is_active=True)
    if row.role == Role.SUPERVISOR and not others.exclude(pk=row.pk).exists():
        raise IllegalMove(_("Kantor ini harus punya paling sedikit satu atasan."))
