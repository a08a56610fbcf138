"""Which records are one person (docs/decisions/022). Whoever signs on tablet or phone gets a record of their own each
time; what is asked, corrected or erased concerns all of them, and nobody else's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Lower

from services.guestbook.models import ContactCode, Visitor, VisitorMerge
from services.offices.models import Office

KNOWN_BY = ("name", "email", "phone")
CONTACTS = ("email", "phone")


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
    return _around(visitor).circle(visitor, ties)[0]


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
    pks = {known.pk, head.pk, *_theirs(head)}
    rows = {
        v.pk: v for v in Visitor.objects.select_for_update(of=("self",)).filter(pk__in=pks).order_by("pk")
    }
    theirs = _theirs(rows[head.pk])
    if _head(known) != head or theirs - pks:
        raise _Moved
    return rows[head.pk], [v for v in rows.values() if v.pk in theirs and v.name and v != head]


def _theirs(head: Visitor) -> set[int]:
    """What is certainly theirs, and what was merged into their record."""
    around = _around(head)
    merged = next(unit for unit in around.units(Ties(linked=False)) if head in unit)
    return {person.pk for person in [*_certain(head, around), *merged]}


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
    remembered in all: they will be found when everything about the person is asked for, or erased. From a merged record
    only goes what they have taken back: its own answers stay, for the day when the merge is undone.
    """
    changed = sorted(name for name, value in fields.items() if getattr(visitor, name) != value)
    same = [o for o in others if not o.merged_into_id and o.email.casefold() == visitor.email.casefold()]
    taken_back = {name: getattr(visitor, name) for name in changed if name in CONTACTS and not fields[name]}
    # An address goes only where the old one stood.
    known_by = [name for name in changed if name in KNOWN_BY and (name != "email" or visitor.email)]
    for name in changed:
        setattr(visitor, name, fields[name])
    visitor.save(update_fields=changed)
    for other in same:
        for name in known_by:
            setattr(other, name, fields[name])
        other.save(update_fields=known_by)
    for other in others:
        gone = [n for n, old in taken_back.items() if getattr(other, n).casefold() == old.casefold()]
        if other.merged_into_id and gone:
            Visitor.objects.filter(pk=other.pk).update(**dict.fromkeys(gone, ""))
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


def _certain(visitor: Visitor, around: _Around) -> list[Visitor]:
    """Those that may be linked for good. A merge is not remembered twice, so that it can be undone; and while the name
    and the phone also stand beside another mailbox, nobody knows whose the records without one are."""
    people, alike = around.circle(visitor, Ties())
    strangers = [person for person in alike if person not in people]
    if strangers and not _mailboxes(people):
        # It may be the only mailbox: what is certain for whoever has it is so from here too.
        owner = next((person for person in strangers if person.email), None)
        known = _certain(owner, around) if owner else []
        if visitor in known:
            return known
    return around.circle(visitor, Ties(merged=False, phone=not strangers))[0]


@dataclass(frozen=True)
class _Around:
    """All records that any chain of ties leads to, few as they are. `parted`: two of them that an officer put together
    and took apart again, so they are two people whatever they share."""

    people: list[Visitor]
    parted: list[set[int]]

    def circle(self, visitor: Visitor, ties: Ties) -> tuple[list[Visitor], list[Visitor]]:
        """Those that are one person with this one; and the others that share a name and a contact with them. A record
        goes with all that it is tied to, or not at all: with a mailbox that none of these has, it is somebody else's,
        unless it shares another with them."""
        units = self.units(ties)
        found = next(unit for unit in units if visitor in unit)
        units.remove(found)
        while True:
            mailed, called = _mailed(found), _called(found) if ties.phone else set()
            alike = [unit for unit in units if mailed & _mailed(unit) or called & _called(unit)]
            joining = [u for u in alike if mailed & _mailed(u) or _mailboxes(u) <= _mailboxes(found)]
            joining = [unit for unit in joining if not self._apart(unit, [found, *joining])]
            if not joining:
                return found, [person for unit in alike for person in unit]
            found = [person for unit in [found, *joining] for person in unit]
            joined = set(map(id, joining))
            units = [unit for unit in units if id(unit) not in joined]

    def units(self, ties: Ties) -> list[list[Visitor]]:
        """Put together what is tied, whatever stands in it by now."""
        units = [[person] for person in self.people]
        if ties.merged:
            units = _together(units, lambda p: {p.pk, p.merged_into_id} - {None})
        return _together(units, self._links(units)) if ties.linked else units

    def _links(self, units: list[list[Visitor]]) -> Callable[[Visitor], set[Any]]:
        """Two namesakes with one phone were taken for one person; with mailboxes of their own they are two. Then their
        link holds only what has the same mailbox: whose the others are, nobody knows. And none at all holds where an
        officer said that they are two."""
        bearers: dict[Any, list[list[Visitor]]] = {}
        for unit in units:
            for link in {person.known_with for person in unit} - {None}:
                bearers.setdefault(link, []).append(unit)
        parted = {link for link, theirs in bearers.items() if any(self._apart(u, theirs) for u in theirs)}
        torn = {link for link, theirs in bearers.items() if _strange(theirs)}

        def signs(person: Visitor) -> set[Any]:
            if person.known_with in parted:
                return set()
            if person.known_with in torn:
                return {(person.known_with, mailbox) for mailbox in _mailboxes([person])}
            return {person.known_with} - {None}

        return signs

    def _apart(self, unit: list[Visitor], others: list[list[Visitor]]) -> bool:
        mine = {person.pk for person in unit}
        parted = {pk for pair in self.parted if pair & mine for pk in pair - mine}
        return bool(parted) and any(person.pk in parted for other in others for person in other)


def _around(visitor: Visitor) -> _Around:
    found, fresh = [visitor], [visitor]
    office = Visitor.objects.filter(office=visitor.office_id).alias(mailbox=Lower("email"))
    while fresh:
        tied = Q(merged_into__in=fresh) | Q(pk__in=[p.merged_into_id for p in fresh if p.merged_into_id])
        tied |= Q(known_with__in=[p.known_with for p in fresh if p.known_with])
        tied |= Q(phone__in={p.phone for p in fresh if p.phone})
        tied |= ~Q(email="") & Q(mailbox__in={p.email.lower() for p in fresh if p.email})
        signs = _signs(fresh)
        rows = office.filter(tied).exclude(pk__in=[p.pk for p in found]).order_by("pk")
        fresh = [row for row in rows if _signs([row]) & signs]
        found += fresh
    undone = VisitorMerge.objects.filter(undone_at__isnull=False, kept__in=found, other__in=found)
    return _Around(found, [{kept, other} for kept, other in undone.values_list("kept", "other")])


def _together(units: list[list[Visitor]], keys: Callable[[Visitor], set[Any]]) -> list[list[Visitor]]:
    """Units that share a key become one."""
    found: list[tuple[set[Any], list[Visitor]]] = []
    for unit in units:
        signs = {key for person in unit for key in keys(person)}
        near = [one for one in found if one[0] & signs]
        found = [one for one in found if not one[0] & signs]
        found.append((signs.union(*(one[0] for one in near)), [p for one in near for p in one[1]] + unit))
    return [people for _signs, people in found]


def _signs(people: list[Visitor]) -> set[Any]:
    """Records that share one of these may be one person."""
    ties = {("record", pk) for person in people for pk in (person.pk, person.merged_into_id) if pk}
    return ties | {("link", p.known_with) for p in people if p.known_with} | _mailed(people) | _called(people)


def _mailed(people: list[Visitor]) -> set[Any]:
    return {("mail", plain_name(p.name), p.email.casefold()) for p in people if p.name and p.email}


def _called(people: list[Visitor]) -> set[Any]:
    return {("phone", plain_name(p.name), p.phone) for p in people if p.name and p.phone}


def _strange(units: list[list[Visitor]]) -> bool:
    mailboxes = [_mailboxes(unit) for unit in units if _mailboxes(unit)]
    return bool(mailboxes) and not set.intersection(*mailboxes)


def _mailboxes(people: list[Visitor]) -> set[str]:
    return {person.email.casefold() for person in people if person.email}
