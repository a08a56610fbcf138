"""Lodging a complaint: without an account, once, and with a secret that only the complainant gets."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from complaints import clocks, flood, notices, visibility
from complaints import files as keeping
from complaints.models import Channel, Complaint, Identity, Privacy
from complaints.workflows.changing import wake
from services.accounts.models import User
from services.audit import trail
from services.audit.actors import VISITOR, Actor
from services.codes import READABLE, new_key, readable
from services.guestbook.models import Visitor, VisitService
from services.offices.models import Office
from services.workflow import add_step

PERSON = ("name", "email", "phone", "contact")
# That one came from a ticket, a tablet or an account is the first thing that would lead to it.
LEADING = (Channel.PHONE, Channel.TABLET, Channel.PORTAL)


@dataclass(frozen=True)
class Whose:
    """All that leads to a person."""

    contact: Mapping[str, str] = field(default_factory=dict)
    account: User | None = None
    visitor: Visitor | None = None
    received: VisitService | None = None


def lodge(
    *, office: Office, text: str, channel: str, by: Actor, privacy: str = Privacy.OPEN, person: Mapping[str, str] | None = None,
    account: User | None = None, visitor: Visitor | None = None, received: VisitService | None = None, about: Iterable[User] = (),
    files: Iterable[File] = (), key: str = "", once: str = "", source: str = "", confirm: bool = True, at: datetime | None = None,
    **more: Any,
) -> tuple[Complaint, str]:  # fmt: skip
    """Store it; returns the complaint and its secret, which is kept only as a hash.

    `person` (name, email, phone, contact), `account`, `visitor` and `received`: whose it is, dropped when it is anonymous, as is
    everything else that leads to a person. `about`: officers it is about, who will see nothing of it. `files` come with it; raises
    FileRefused. `source`: one of many from one place, as complaints.flood knows it for an hour. `confirm`: whether a receipt goes to
    the address given. `more`: kind, element, service, happened_on, about_text, consultation, reference, language.

    The same words sent again under the same `key` (a double tap, a reloaded page) give the same complaint, and the same secret: it
    is made from them with the server's own secret. `once`: what must become one complaint only, whatever is written of it.
    """
    contact = {name: (person or {}).get(name, "") for name in PERSON}
    words = _words(office, once) if once else _words(office, key or new_key(), text, *contact.values())
    submission, secret = _submission(words), secret_of(words)
    if existing := Complaint.objects.filter(submission=submission).first():
        return existing, secret
    whose, came = Whose(contact, account, visitor, received), at or timezone.now()
    facts = {"text": text, "channel": channel, "privacy": privacy, "submission": submission, **more}
    if received and "service" not in facts:
        facts["service"] = received.service
    if privacy == Privacy.ANONYMOUS:
        whose, by, facts = Whose(), VISITOR, _leading_nowhere(facts)
    shown = clocks.shown_of(office, came) if privacy == Privacy.ANONYMOUS else came
    try:
        with transaction.atomic():
            facts |= {"received": whose.received, "secret_hash": hash_secret(secret)}
            complaint = _store(office, by, shown, list(about), facts)
            _identify(complaint, whose)
            for file in files:
                keeping.take(complaint, None, file, name=str(file.name), by=by, at=shown)
            _tell(complaint, confirm, source, came)
    except IntegrityError:  # the double tap's first request was faster
        complaint = Complaint.objects.get(submission=submission)
    return complaint, secret


def _leading_nowhere(facts: dict[str, Any]) -> dict[str, Any]:
    found = {**facts, "consultation": ""}
    if facts["channel"] == Channel.SOCIAL:  # the address of a message is its writer's
        found["reference"] = ""
    if facts["channel"] in LEADING:
        found["channel"] = Channel.ONLINE
    return found


def _tell(complaint: Complaint, confirm: bool, source: str, came: datetime) -> None:
    if confirm:
        notices.receipt(complaint, at=complaint.created_at)
    if source:
        flood.arrived(complaint, source, at=came)
    else:
        notices.new(complaint, at=complaint.created_at)


def known(office: Office, once: str) -> Complaint | None:
    """What became of it already."""
    return Complaint.objects.filter(submission=_submission(_words(office, once))).first()


def _words(office: Office, *parts: str) -> str:
    return "\x1f".join([office.code, *parts])


def _submission(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()


def _store(office: Office, by: Actor, at: datetime, about: list[User], facts: dict[str, Any]) -> Complaint:
    complaint = Complaint(
        office=office, place=office, number=f"P{office.code}-{readable(6)}", created_at=at, updated_at=at, complete_at=at,
        entered_by_id=by.user_id if by.kind == "officer" else None, **facts,
    )  # fmt: skip
    clocks.set_all(complaint, at)
    complaint.save(force_insert=True)
    complaint.about.set(about)
    place = visibility.who_handles(office, complaint)
    if place != office:  # nobody is left here whom it is not about
        complaint.place = place
        clocks.set_all(complaint, at)
        complaint.save(update_fields=["place", *clocks.FIELDS])
    add_step(complaint, by=by, at=at)
    trail.record(
        "complaint.lodged", complaint, by=by, office_id=office.pk, at=at, channel=complaint.channel, place=place.code
    )  # fmt: skip
    wake(complaint)
    return complaint


def _identify(complaint: Complaint, whose: Whose) -> None:
    # The visit of a party is its representative's, the complaint need not be.
    received = whose.received
    alone = received is not None and received.visit.party_size <= 1
    visitor = whose.visitor or (received.visit.visitor if received and alone else None)
    if any(whose.contact.values()) or whose.account or visitor:
        Identity.objects.create(complaint=complaint, account=whose.account, visitor=visitor, **whose.contact)


def secret_of(words: str) -> str:
    """Twelve letters and digits in groups of four."""
    digest = salted_hmac("complaints.lodge", words, algorithm="sha256").digest()
    return "-".join("".join(READABLE[b % len(READABLE)] for b in digest[i : i + 4]) for i in (0, 4, 8))


def hash_secret(secret: str) -> str:
    """59 random bits, and so many tries an hour, need no slow hash that strangers could make us compute all day.

    Copied by hand: capitals or not, with the dashes or without, it is the same secret.
    """
    plain = "".join(c for c in secret.upper() if c.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()


def find(number: str, secret: str) -> Complaint | None:
    """The complaint for someone who knows both. Takes as long for a wrong number as for a wrong secret."""
    rows = Complaint.objects.select_related("office", "place")
    complaint = rows.filter(number=number.strip().upper()).first()
    stored = complaint.secret_hash if complaint else hash_secret("")
    return complaint if constant_time_compare(hash_secret(secret.strip()), stored) else None
