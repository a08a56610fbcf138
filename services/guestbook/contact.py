"""Codes and links sent to a visitor's own e-mail address, so that nobody else is taken for them.

Nothing says whether an address is known: the same answer comes to whoever asks, and the mail is sent by the worker.
"""

from __future__ import annotations

import logging
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.crypto import constant_time_compare, salted_hmac
from procrastinate.contrib.django import app

from services.audit import trail
from services.audit.actors import SYSTEM, Actor
from services.guestbook.models import ContactCode, Visit, Visitor
from services.guestbook.one_person import plain_name
from services.guestbook.returning import mask_name
from services.mail import direct
from services.offices.models import Office

log = logging.getLogger(__name__)
TASK = "guestbook.send_contact_codes"
CODE_LASTS = timedelta(minutes=10)
LINK_LASTS = timedelta(hours=1)
MOST_TRIES = 5
MOST_AN_HOUR = 3  # mails to one person: nobody fills a stranger's mailbox from our tablet
MOST_PEOPLE = 5  # with one address; a family, a class
DIGITS = 6


def ask(
    *,
    office: Office,
    email: str,
    purpose: str,
    site: str,
    by: Actor,
    language: str = "id",
    at: datetime | None = None,
) -> str:
    """Send a secret to everybody of this office with this address. Returns what `check` is asked with later.

    `site`: the address this installation is reached by, without a slash at its end.
    """
    at = at or timezone.now()
    batch = secrets.token_hex(16)
    with transaction.atomic():
        people = [p for p in _people(office, email) if not _had_enough(p, purpose, at)]
        ContactCode.objects.bulk_create(
            [ContactCode(visitor=p, purpose=ContactCode.Purpose(purpose), batch=batch, at=at) for p in people]
        )
        trail.record("contact.asked", None, by=by, office_id=office.pk, at=at, purpose=purpose)
        # In this transaction; its arguments hold no personal data, a job is kept for a week.
        app.configure_task(TASK).defer(batch=batch, language=language, site=site)
    return batch


def _people(office: Office, email: str) -> list[Visitor]:
    """Each person once: who was written down twice and not merged yet gets one code, for the latest record."""
    found = office.visitors.filter(email__iexact=email.strip(), merged_into=None).exclude(name="")
    once: dict[str, Visitor] = {}
    # Who came first comes first: names that somebody wrote beside a stranger's address later push nobody out.
    for visitor in found.select_for_update(of=("self",)).order_by("pk")[:200] if email.strip() else []:
        once[plain_name(visitor.name)] = visitor
    return list(once.values())[:MOST_PEOPLE]


def _had_enough(visitor: Visitor, purpose: str, at: datetime) -> bool:
    """Counted for each purpose: who asks for links in somebody's name does not keep them from the tablet."""
    recent = visitor.contact_codes.filter(purpose=purpose, at__gt=at - timedelta(hours=1))
    return recent.count() >= MOST_AN_HOUR


def send(batch: str, language: str, site: str, at: datetime | None = None) -> int:
    """What the worker does: make the secrets, store their hashes, send one mail. Sent again, it makes new ones.

    Returns how many people it was for. Raises what the mail server answers, for another try.
    """
    fresh = ContactCode.objects.filter(batch=batch, used_at=None, at__gt=(at or timezone.now()) - CODE_LASTS)
    rows = list(fresh.exclude(visitor__name="").select_related("visitor__office"))
    # An address that was changed meanwhile is another mailbox (its codes are deleted; a merge may do the same).
    rows = [row for row in rows if row.visitor.email.casefold() == rows[0].visitor.email.casefold()]
    if not rows or not rows[0].visitor.email:
        return 0
    made = []
    for row in rows:
        secret = _new_secret(row.purpose)
        ContactCode.objects.filter(pk=row.pk).update(secret_hash=_hashed(secret), tries=0)
        made.append({"who": mask_name(row.visitor.name), "secret": secret})
    office, first = rows[0].visitor.office, rows[0]
    context = {
        "office": office, "made": made, "site": site,
        "minutes": int(CODE_LASTS.total_seconds() // 60),
    }  # fmt: skip
    with translation.override(language):
        message = written(str(first.purpose), context, first.visitor)
    message.send()
    trail.record(
        "contact.sent", None, by=SYSTEM, office_id=office.pk, purpose=first.purpose, people=len(rows)
    )
    return len(rows)


def _new_secret(purpose: str) -> str:
    if purpose == ContactCode.Purpose.TABLET:
        return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    return secrets.token_urlsafe(24)


def _hashed(secret: str) -> str:
    return salted_hmac("guestbook.contact", secret, algorithm="sha256").hexdigest()


@transaction.atomic
def check(*, office: Office, batch: str, typed: str, at: datetime | None = None) -> Visitor | None:
    """Whose code this is. Five wrong ones end the batch; a right one is good once."""
    at = at or timezone.now()
    rows = list(
        ContactCode.objects.select_for_update(of=("self",))
        .filter(batch=batch, visitor__office=office, purpose=ContactCode.Purpose.TABLET, used_at=None)
        .filter(at__gt=at - CODE_LASTS, tries__lt=MOST_TRIES)
        .exclude(secret_hash="")
        .select_related("visitor")
    )
    digits = _hashed("".join(c for c in typed if c in "0123456789"))
    right = next((row for row in rows if constant_time_compare(row.secret_hash, digits)), None)
    if right is None:
        for row in rows:
            ContactCode.objects.filter(pk=row.pk).update(tries=row.tries + 1)
        return None
    ContactCode.objects.filter(batch=batch).update(used_at=at)
    return right.visitor if right.visitor.name else None


def of_link(token: str, at: datetime | None = None) -> Visitor | None:
    """Whose link this is, while it is good. A visitor without a name: their data were erased."""
    rows = open_links(at).filter(secret_hash=_hashed(token)).select_related("visitor__office")
    row = rows.first()
    return row.visitor if row else None


def open_links(at: datetime | None = None) -> QuerySet[ContactCode]:
    """Links that are still good. Erasure leaves them: all they say from then on is that the data are gone."""
    since = (at or timezone.now()) - LINK_LASTS
    return ContactCode.objects.filter(purpose=ContactCode.Purpose.OWN_DATA, at__gt=since)


def tell_erased(people: list[Visitor]) -> None:
    """Every mailbox of one person's records. Written now, while the addresses are still there, and sent from here once
    the erasure is stored: a job for the worker would keep them for a week. A mail server that is away is noted; the
    erasure stands."""
    if not settings.MAIL_IS_SENT:
        return
    last = Visit.objects.filter(visitor__in=people).order_by("-arrived_at").first()
    mailboxes = {person.email.casefold(): person for person in people if person.email}
    with translation.override(last.language if last else settings.LANGUAGE_CODE):
        messages = [written("erased", {}, p) for p in mailboxes.values()]

    def post() -> None:
        for message in messages:
            try:
                message.send()
            except (OSError, ValueError) as problem:  # its text may hold the address
                log.warning("The mail about an erasure was not sent: %s", type(problem).__name__)

    transaction.on_commit(post)


def written(template: str, context: dict[str, Any], visitor: Visitor) -> EmailMessage:
    """In the language that is active. Its secrets are in no outbox (services/mail/direct.py)."""
    return direct.compose(
        template, to=visitor.email, office=visitor.office, language=translation.get_language() or "id", context=context
    )  # fmt: skip
