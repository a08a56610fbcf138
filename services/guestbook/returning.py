"""Recognising somebody who was here before, at the desk, without showing who else was (domain.md §8.10).

What is found is masked; the visitor confirms it, and only then the record is opened, which is logged.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import phonenumbers
from django.core import signing
from django.db.models import Max, Q

from services.guestbook.models import Visitor
from services.offices.models import Office

MOST_SHOWN = 5
SHORTEST_NAME = 3
SALT = "guestbook.returning"
GOOD_FOR = 60 * 60  # seconds between choosing somebody and signing


@dataclass(frozen=True)
class Found:
    """One person as the desk may show them: enough to be confirmed, too little to be learned."""

    key: str
    name: str
    phone: str
    email: str
    last: date | None


def search(office: Office, asked: str) -> list[Found]:
    """By phone or e-mail in full, or by the beginning of each word of the name; the latest visitors first."""
    asked = " ".join(asked.split())
    who = condition(asked)
    if who is None:
        return []
    people = (
        office.visitors.filter(who, merged_into=None)
        .annotate(last=Max("visits__day"))
        .order_by("-last", "-pk")[: MOST_SHOWN + 1]
    )
    return [
        Found(key_of(p), mask_name(p.name), mask_phone(p.phone), mask_email(p.email), p.last) for p in people
    ]


def condition(asked: str) -> Q | None:
    """Which people are meant; None when too little was typed to mean anybody."""
    if "@" in asked:
        return Q(email__iexact=asked)
    if sum(c.isdigit() for c in asked) >= 6:
        try:
            number = phonenumbers.parse(asked, "ID")
        except phonenumbers.NumberParseException:
            return None
        return Q(phone=phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    words = [word for word in asked.split() if len(word) >= SHORTEST_NAME]
    if not words:
        return None
    every = Q()
    for word in words:
        every &= Q(name__istartswith=word) | Q(name__icontains=f" {word}")
    return every


def key_of(visitor: Visitor) -> str:
    """Stands for the person in the page; good for one sitting, and for this office only."""
    return signing.dumps([visitor.office_id, visitor.pk], salt=SALT)


def of_key(office: Office, key: str) -> Visitor | None:
    """The person chosen, or None for a key that is old, forged or another office's."""
    pk = number_of(office, key)
    return office.visitors.filter(pk=pk).first() if pk is not None else None


def number_of(office: Office, key: str) -> int | None:
    """The same without a look into the database."""
    try:
        where, pk = signing.loads(key, salt=SALT, max_age=GOOD_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return pk if where == office.pk else None


def mask_name(name: str) -> str:
    """ "Wahyu Lestari" → "W•••u L•••i": initials and ends."""
    return " ".join(_mask(word) for word in name.split())


def mask_phone(phone: str) -> str:
    """The last three digits."""
    return f"••• {phone[-3:]}" if phone else ""


def mask_email(email: str) -> str:
    """ "sitti@bps.go.id" → "s•••i@b•••o.id": first and last letter, and of the domain as well."""
    name, at, domain = email.partition("@")
    host, dot, end = domain.rpartition(".")
    return f"{_mask(name)}{at}{_mask(host)}{dot}{end}" if at else ""


def _mask(word: str) -> str:
    if len(word) < 3:
        return word[:1] + "•"
    return f"{word[0]}•••{word[-1]}"
