"""The same person written down twice: found, put together by an officer's word, and taken apart again.

Nothing is deleted: the second record points to the first, and only what led to it leads to the first now.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import Count, Func, Value, Window
from django.db.models.functions import Lower, Trim
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from services.audit import trail
from services.audit.actors import Actor
from services.guestbook.models import Visit, Visitor, VisitorMerge
from services.guestbook.one_person import plain_name
from services.offices.models import Office
from services.workflow import IllegalMove

MOST_GROUPS = 50
TURNS = 5
IN_USE = gettext_lazy("Data orang ini sedang dipakai di meja lain. Coba lagi sebentar.")
SAME_REQUEST = gettext_lazy(
    "Keduanya mempunyai permintaan atau pesanan yang sama. Selesaikan salah satunya dahulu."
)


def suspects(office: Office) -> list[list[Visitor]]:
    """People of this office who share a phone number or an e-mail, or a name and a year of birth; newest first."""
    # The database picks who shares something at all: an office has thousands of people and few of these.
    name = Lower(Trim(Func("name", Value(r"\s+"), Value(" "), Value("g"), function="regexp_replace")))
    people = (
        office.visitors.filter(merged_into=None)
        .exclude(name="")
        .annotate(
            phones=Window(Count("pk"), partition_by="phone"),
            emails=Window(Count("pk"), partition_by=Lower("email")),
            names=Window(Count("pk"), partition_by=[name, "birth_year"]),
        )
        .filter(
            models.Q(~models.Q(phone=""), phones__gt=1)
            | models.Q(~models.Q(email=""), emails__gt=1)
            | models.Q(birth_year__isnull=False, names__gt=1)
        )
        .order_by("-pk")
    )
    groups: dict[tuple, list[Visitor]] = defaultdict(list)
    for person in people:
        for sign in _signs(person):
            groups[sign].append(person)
    found: list[list[Visitor]] = []
    seen: set[frozenset[int]] = set()
    for group in groups.values():
        members = frozenset(p.pk for p in group)
        if len(members) > 1 and members not in seen:
            seen.add(members)
            found.append(group)
    return found[:MOST_GROUPS]


def _signs(person: Visitor) -> list[tuple]:
    name = plain_name(person.name)
    signs: list[tuple] = []
    if person.phone:
        signs.append(("phone", person.phone))
    if person.email:
        signs.append(("email", person.email.lower()))
    if person.birth_year:
        signs.append(("name", name, person.birth_year))
    return signs


@transaction.atomic
def merge(kept: Visitor, other: Visitor, *, by: Actor, at: datetime | None = None) -> VisitorMerge:
    """`other` is the same person as `kept`: its visits and all else go there. Raises IllegalMove when one of them was
    merged or erased meanwhile, or they are of two offices."""
    at = at or timezone.now()
    kept, other = _locked(kept, other)
    if kept == other or kept.office_id != other.office_id:
        raise IllegalMove(_("Dua catatan ini tidak dapat digabungkan."))
    if kept.merged_into_id or other.merged_into_id or not kept.name or not other.name:
        raise IllegalMove(_("Salah satu catatan sudah digabungkan atau dihapus. Muat ulang daftar."))
    moved: dict[str, list[int]] = {}
    for relation in _links():
        rows = relation.related_model._default_manager.filter(**{relation.field.name: other})
        if pks := list(rows.values_list("pk", flat=True)):
            try:
                with transaction.atomic():
                    rows.filter(pk__in=pks).update(**{relation.field.name: kept})
            except IntegrityError:
                raise IllegalMove(SAME_REQUEST) from None
            moved[relation.related_model._meta.label_lower] = pks
    # A link that waits in either mailbox was asked for one record, not for both.
    kept.contact_codes.all().delete()
    other.merged_into = kept
    other.save(update_fields=["merged_into"])
    merged = VisitorMerge.objects.create(
        office_id=kept.office_id, kept=kept, other=other, moved=moved, at=at, by_user_id=by.user_id
    )
    trail.record("visitor.merged", kept, by=by, office_id=kept.office_id, at=at, other=other.pk)
    return merged


@transaction.atomic
def undo(merged: VisitorMerge, *, by: Actor, at: datetime | None = None) -> VisitorMerge:
    """They are two people after all: what moved goes back; what came since stays. Raises IllegalMove when it was undone
    already, or the record is empty by now."""
    at = at or timezone.now()
    merged = VisitorMerge.objects.select_for_update(of=("self",)).get(pk=merged.pk)
    kept, other = _locked(merged.kept, merged.other)
    if merged.undone_at or other.merged_into_id != kept.pk:
        raise IllegalMove(_("Penggabungan ini sudah diurungkan."))
    if kept.merged_into_id:  # what moved here moved on
        raise IllegalMove(_("Urungkan dahulu penggabungan yang lebih baru."))
    if not other.name:
        raise IllegalMove(_("Data orang ini sudah dihapus, jadi tidak dapat dipisahkan lagi."))
    for relation in _links():
        pks = merged.moved.get(relation.related_model._meta.label_lower, [])
        rows = relation.related_model._default_manager.filter(pk__in=pks, **{relation.field.name: kept})
        try:
            with transaction.atomic():
                rows.update(**{relation.field.name: other})
        except IntegrityError:
            raise IllegalMove(SAME_REQUEST) from None
    other.merged_into = None
    if other.known_with == kept.known_with:  # by the officer's word they are two people
        other.known_with = None
    other.save(update_fields=["merged_into", "known_with"])
    merged.undone_at = at
    merged.save(update_fields=["undone_at"])
    trail.record("visitor.parted", kept, by=by, office_id=kept.office_id, at=at, other=other.pk)
    return merged


class _Changed(Exception):
    """While we waited, a visit became theirs or another record turned out to be the same person."""


def lock_people(who: Callable[[], set[int]]) -> dict[int, Visitor]:
    """Records of people with their visits, locked in the order in which the desk does it: visits first. Inside a
    transaction. `who`: their keys, asked for again when all are locked. A visit that became theirs meanwhile is locked by
    whoever gave it to them and may wait for these very rows: let go of everything and begin again, rather than wait with
    them in hand. Raises IllegalMove at last."""
    for _turn in range(TURNS):
        with suppress(_Changed), transaction.atomic():
            pks = who()
            visits = Visit.objects.select_for_update(of=("self",)).filter(visitor__in=pks).order_by("pk")
            locked = set(visits.values_list("pk", flat=True))
            people = Visitor.objects.select_for_update(of=("self",)).filter(pk__in=pks).order_by("pk")
            rows = {person.pk: person for person in people}
            theirs = set(Visit.objects.filter(visitor__in=pks).values_list("pk", flat=True))
            if theirs - locked or who() != pks:
                raise _Changed
            return rows
    raise IllegalMove(str(IN_USE))


def _locked(one: Visitor, two: Visitor) -> tuple[Visitor, Visitor]:
    rows = lock_people(lambda: {one.pk, two.pk})
    return rows[one.pk], rows[two.pk]


def _links() -> list[Any]:
    """What points to a person, also from apps that are not known here; the records of merging itself apart."""
    return [
        relation
        for relation in Visitor._meta.related_objects
        if isinstance(relation, models.ManyToOneRel) and relation.related_model not in (Visitor, VisitorMerge)
    ]
