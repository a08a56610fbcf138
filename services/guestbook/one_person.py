"""Which records are one person (docs/decisions/022). Whoever signs on tablet or phone gets a record of their own each
time; what is asked, corrected or erased concerns all of them, and nobody else's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

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


def lock_person(known: Visitor) -> tuple[Visitor, list[Visitor]]:
    """Who this record stands for by now (it may have been merged since), and the others that are certainly the same
    person: all locked, in the order in which everybody locks people."""
    head = known
    while (above := Visitor.objects.get(pk=head.pk).merged_into) is not None:
        head = above
    pks = {known.pk, head.pk, *(p.pk for p in _certain(head))}
    rows = {
        v.pk: v for v in Visitor.objects.select_for_update(of=("self",)).filter(pk__in=pks).order_by("pk")
    }
    if rows[head.pk].merged_into_id:  # while we waited
        return lock_person(head)
    return rows[head.pk], [v for v in rows.values() if v.pk != head.pk and v.name]


def record_of(office: Office, known: Visitor | None, person: dict[str, Any], at: datetime) -> Visitor:
    """The record of who signs: a new one, or that of somebody who was here before, brought up to date."""
    if known is None:
        return Visitor.objects.create(office=office, created_at=at, **person)
    known = Visitor.objects.get(pk=known.pk, office=office)
    visitor, others = lock_person(known)
    if not visitor.name:  # erased while the form stood open: what was erased stays so
        return record_of(office, None, person, at)
    if (
        visitor != known
    ):  # merged since the form was filled from it: what the old record says already is not news
        person = {name: value for name, value in person.items() if value != getattr(known, name)}
    bring_up_to_date(visitor, others, person)
    return visitor


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
    """The records, all locked, stay known as one person."""
    links = {person.known_with for person in people}
    if len(people) > 1 and (len(links) > 1 or None in links):
        link = next((link for link in links if link), None) or uuid4()
        Visitor.objects.filter(pk__in=[p.pk for p in people]).update(known_with=link)


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
    merged = ties.merged and (one.merged_into_id == two.pk or two.merged_into_id == one.pk)
    return merged or bool(ties.linked and one.known_with and one.known_with == two.known_with)


def _alike(one: Visitor, two: Visitor, ties: Ties) -> bool:
    if not one.name or plain_name(one.name) != plain_name(two.name):
        return False
    return same_mailbox(one, two) or bool(ties.phone and one.phone and one.phone == two.phone)


def _mailboxes(people: list[Visitor]) -> set[str]:
    return {person.email.casefold() for person in people if person.email}
