"""Asking by mail what somebody thought of what they received: once for each thing, seldom, and never against their will.

Who may be asked about what is known further up (pst/rating_mails). Mailboxes are compared by a keyed hash; after a change of
the key (PST_SECRET_KEY_FALLBACKS) the old hashes are still found.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from services.audit import trail
from services.audit.actors import SYSTEM, VISITOR
from services.guestbook.models import Visitor
from services.mail import outbox, sending
from services.mail.models import Outgoing
from services.ratings.forms import STARS
from services.ratings.models import Asked, MailStop
from services.ratings.workflows import rules_of

KIND = "rating_asked"
AFTER = timedelta(hours=2)  # who is still on the way out may rate at the tablet
NOT_LATER = timedelta(days=2)  # a worker that was away catches up, and no further
# Mails that ask for stars themselves (consultation/notices.py).
ASK_TOO = ("consultation_closed", "consultation_done")
STOP = Signer(salt="services.ratings.stop", sep=".")


def ask(
    about: str,
    thing: models.Model,
    person: Visitor,
    *,
    link: str,
    survey: str = "",
    language: str = "id",
    context: dict[str, Any],
    at: datetime | None = None,
) -> bool:
    """Write the mail, if this person may be asked now. `link`, `survey`: paths of this site. Asked again, or by two workers
    at once, it is one mail: the row of `Asked` stands in the transaction that writes it."""
    at = at or timezone.now()
    office = person.office
    if not (person.email and person.name and sending.can_send(office)):
        return False
    with transaction.atomic():
        # One person's things take turns, or two would each find that nothing was asked.
        person = Visitor.objects.select_for_update(of=("self",)).select_related("office").get(pk=person.pk)
        if not may_ask(person, at=at):
            return False
        _row, new = Asked.objects.get_or_create(
            about=about, about_pk=thing.pk,
            defaults={"office": office, "visitor": person, "mailbox": hashes(person.email)[0], "at": at},
        )  # fmt: skip
        if not new:
            return False
        stop = settings.SITE + stop_address(person.email)
        told = {
            "stars": [(words, f"{settings.SITE}{link}?n={score}") for score, words in reversed(STARS)],
            "survey": settings.SITE + survey if survey else "", "days": rules_of(office).link_days, "stop": stop,
        }  # fmt: skip
        outbox.put(
            kind=KIND, to=person.email, office=office, language=language, context=told | context, unsubscribe=stop, at=at
        )  # fmt: skip
        trail.record("rating.asked", None, by=SYSTEM, office_id=office.pk, at=at, about=str(about))
    return True


def may_ask(person: Visitor, *, at: datetime) -> bool:
    """The office wants it, the mailbox does, and it was not asked within the office's number of days: by no office, nor by
    a consultation's closing mail."""
    rules = rules_of(person.office)
    if not (rules.by_mail and person.email and person.name):
        return False
    mailbox, since = hashes(person.email), at - timedelta(days=rules.days_between)
    if MailStop.objects.filter(mailbox__in=mailbox).exists():
        return False
    if Asked.objects.filter(mailbox__in=mailbox, at__gt=since).exists():
        return False
    return not Outgoing.objects.filter(
        office=person.office, to__iexact=person.email, kind__in=ASK_TOO, created_at__gt=since
    ).exists()


def hashes(email: str) -> list[str]:
    """Today's first, then those of keys that were in use before."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    plain = email.strip().casefold()
    return [
        salted_hmac("services.ratings.mailbox", plain, secret=key, algorithm="sha256").hexdigest()
        for key in keys
    ]


def stop_address(email: str) -> str:
    """For the last line of the mail and its header: it names nobody, and works without a log-in."""
    return reverse("ratings:stop", args=[STOP.sign(hashes(email)[0])])


def of_stop(signed: str) -> str | None:
    """The mailbox's hash; None: not an address of ours."""
    try:
        return STOP.unsign(signed)
    except BadSignature:
        return None


@transaction.atomic
def stop(mailbox: str, *, at: datetime | None = None) -> None:
    """No such mail any more, from any office; asked twice it is the same."""
    at = at or timezone.now()
    _row, new = MailStop.objects.get_or_create(mailbox=mailbox, defaults={"at": at})
    if new:
        trail.record("rating.mail_stopped", None, by=VISITOR, at=at)


def is_stopped(mailbox: str) -> bool:
    return MailStop.objects.filter(mailbox=mailbox).exists()
