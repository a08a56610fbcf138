"""Which records are one person (docs/decisions/022). Whoever signs on tablet or phone gets a record of their own each
time; what is asked, corrected or erased concerns all of them, and nobody else's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Lower

from services.guestbook.models import ContactCode, Visitor
from services.offices.models import Office

KNOWN_BY = ("name", "email", "phone")


@dataclass(frozen=True)
class Ties:
    """What is taken for a sign that two records are one person, beside the name with the mailbox."""

    merged: bool = True  # an officer's word
    linked: bool = True  # recognised before, when they were still alike
    phone: bool = True  # with the name


def everyone(visitor: Visitor, *, proven: bool = False) -> list[Visitor]:
    """All records of this person. `proven`: of contacts only the mailbox counts, because a name and a phone number may
    be anybody's."""
    ties = Ties(linked=False, phone=False) if proven else Ties()
    return _circle(visitor, _around(visitor), ties)[0]


def same_mailbox(one: Visitor, two: Visitor) -> bool:
    return bool(one.email) and one.email.casefold() == two.email.casefold()


def plain_name(name: str) -> str:
    """The name as it is compared: capitals and spaces say nothing."""
    return " ".join(name.lower().split())


class _Moved(Exception):
    """While we waited for the locks, a merge, its undoing or a correction made other records of this person."""


def lock_person(known: Visitor) -> tuple[Visitor, list[Visitor]]:
    """Who this record stands for by now (it may have been merged since), and the others that are certainly the same
    person: all locked, in the order in which everybody locks people."""
    while True:
        try:
            with transaction.atomic():  # what was locked is let go with it, and the order begins anew
                return _locked(known)
        except _Moved:
            continue


def _locked(known: Visitor) -> tuple[Visitor, list[Visitor]]:
    head = _head(known)
    pks = {known.pk, head.pk, *(p.pk for p in _certain(head))}
    rows = {
        v.pk: v for v in Visitor.objects.select_for_update(of=("self",)).filter(pk__in=pks).order_by("pk")
    }
    if _head(known) != head or {p.pk for p in _certain(rows[head.pk])} - pks:
        raise _Moved
    certain = {known.pk, *(p.pk for p in _certain(rows[head.pk]))} - {head.pk}
    return rows[head.pk], [v for v in rows.values() if v.pk in certain and v.name]


def _head(known: Visitor) -> Visitor:
    head = Visitor.objects.get(pk=known.pk)
    while head.merged_into_id:
        head = Visitor.objects.get(pk=head.merged_into_id)
    return head


def record_of(office: Office, known: Visitor | None, person: dict[str, Any], at: datetime) -> Visitor:
    """The record of who signs: a new one, or that of somebody who was here before, brought up to date."""
    if known is None:
        return Visitor.objects.create(office=office, created_at=at, **person)
    known = Visitor.objects.get(pk=known.pk, office=office)
    visitor, others = lock_person(known)
    if not visitor.name:  # erased while the form stood open: what was erased stays so
        return record_of(office, None, person, at)
    bring_up_to_date(visitor, others, news(person, visitor, known))
    return visitor


def news(fields: dict[str, Any], visitor: Visitor, filled_from: Visitor) -> dict[str, Any]:
    """Of a form that was filled from a record merged since, what somebody typed: what the old record says already would
    be written over the kept one's."""
    if visitor == filled_from:
        return fields
    return {name: value for name, value in fields.items() if value != getattr(filled_from, name)}


def bring_up_to_date(visitor: Visitor, others: list[Visitor], fields: dict[str, Any]) -> list[str]:
    """New answers in a record, inside a transaction that locked it and the `others`; returns the columns that changed.

    What the person is recognised by changes in their other records too, but only in those with the very same mailbox:
    another, or none, may be another person with this name and a phone of the family. That they were recognised is
    remembered in all: they will be found when everything about the person is asked for, or erased.
    """
    changed = sorted(name for name, value in fields.items() if getattr(visitor, name) != value)
    same = [o for o in others if not o.merged_into_id and o.email.casefold() == visitor.email.casefold()]
    # An address goes only where the old one stood.
    known_by = [name for name in changed if name in KNOWN_BY and (name != "email" or visitor.email)]
    for name in changed:
        setattr(visitor, name, fields[name])
    visitor.save(update_fields=changed)
    for other in same:
        for name in known_by:
            setattr(other, name, fields[name])
        other.save(update_fields=known_by)
    _remember([visitor, *others])
    if "email" in changed:  # what was sent to the old mailbox opens nothing any more
        ContactCode.objects.filter(visitor__in=[visitor, *same]).delete()
    return changed


def _remember(people: list[Visitor]) -> None:
    """The records, all locked, stay known as one person; where two links meet they become one. A merge is not
    remembered by a link: it can be undone."""
    people = [person for person in people if not person.merged_into_id]
    links = {person.known_with for person in people}
    if len(people) < 2 or (len(links) == 1 and None not in links):
        return
    known = sorted(link for link in links if link)
    link = known[0] if known else uuid4()
    theirs = Q(pk__in=[person.pk for person in people]) | Q(known_with__in=known)
    Visitor.objects.filter(theirs, office=people[0].office_id).update(known_with=link)


def _certain(visitor: Visitor) -> list[Visitor]:
    """Those that may be linked for good. A merge is not remembered twice, so that it can be undone; and while the name
    and the phone also stand beside another mailbox, nobody knows whose the records without one are."""
    around = _around(visitor)
    people, _others = _circle(visitor, around, Ties())
    known, others = _circle(visitor, around, Ties(merged=False))
    if {p.pk for p in others} - {p.pk for p in people}:
        known, _others = _circle(visitor, around, Ties(merged=False, phone=False))
    return known


def _around(visitor: Visitor) -> list[Visitor]:
    """All records that any chain of ties leads to, few as they are."""
    found, fresh = [visitor], [visitor]
    office = Visitor.objects.filter(office=visitor.office_id).alias(mailbox=Lower("email"))
    while fresh:
        tied = Q(merged_into__in=fresh) | Q(pk__in=[p.merged_into_id for p in fresh if p.merged_into_id])
        tied |= Q(known_with__in=[p.known_with for p in fresh if p.known_with])
        tied |= Q(phone__in={p.phone for p in fresh if p.phone})
        tied |= ~Q(email="") & Q(mailbox__in={p.email.lower() for p in fresh if p.email})
        rows = list(office.filter(tied).exclude(pk__in=[p.pk for p in found]).order_by("pk"))
        fresh = [r for r in rows if any(_tied(r, p, Ties()) or _alike(r, p, Ties()) for p in fresh)]
        found += fresh
    return found


def _circle(visitor: Visitor, around: list[Visitor], ties: Ties) -> tuple[list[Visitor], list[Visitor]]:
    """Of the records around, those that are one person with this one; and the others that share a name and phone with
    them. A record goes with all that it is tied to, or not at all: with a mailbox that none of these has, it is somebody
    else's, unless it shares another with them."""
    units = _units(around, ties)
    found = next(unit for unit in units if visitor in unit)
    while True:
        alike = [u for u in units if u is not found and _any(u, found, lambda a, b: _alike(a, b, ties))]
        joining = [
            unit
            for unit in alike
            if _any(unit, found, lambda a, b: _alike(a, b, Ties(phone=False)))
            or _mailboxes(unit) <= _mailboxes(found)
        ]
        if not joining:
            return found, [person for unit in alike for person in unit]
        units = [unit for unit in units if unit is not found and unit not in joining]
        found = [*found, *(person for unit in joining for person in unit)]
        units.append(found)


def _units(people: Iterable[Visitor], ties: Ties) -> list[list[Visitor]]:
    """Put together what is tied, whatever stands in it by now."""
    units: list[list[Visitor]] = []
    for person in people:
        near = [unit for unit in units if _any(unit, [person], lambda a, b: _tied(a, b, ties))]
        units = [unit for unit in units if unit not in near]
        units.append([*(p for unit in near for p in unit), person])
    return units


def _any(some: list[Visitor], others: list[Visitor], holds: Callable[[Visitor, Visitor], bool]) -> bool:
    return any(holds(one, two) for one in some for two in others)


def _tied(one: Visitor, two: Visitor, ties: Ties) -> bool:
    if ties.merged and (one.merged_into_id == two.pk or two.merged_into_id == one.pk):
        return True
    # Two namesakes with one phone were taken for one person; with mailboxes of their own they are two.
    apart = bool(one.email and two.email) and not same_mailbox(one, two)
    return bool(ties.linked and one.known_with and one.known_with == two.known_with and not apart)


def _alike(one: Visitor, two: Visitor, ties: Ties) -> bool:
    if not one.name or plain_name(one.name) != plain_name(two.name):
        return False
    return same_mailbox(one, two) or bool(ties.phone and one.phone and one.phone == two.phone)


def _mailboxes(people: list[Visitor]) -> set[str]:
    return {person.email.casefold() for person in people if person.email}
