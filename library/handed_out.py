"""What somebody has of a publication already, and how much more the standard lets an officer copy (row 21)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from library.models import CopyLink, DigitalCopy, MarkedCopy, Publication
from library.workflows.use import SCREEN
from services.guestbook.models import Visitor, VisitService
from services.guestbook.one_person import everyone
from services.offices.models import Office, Service
from services.offices.rules import Rules

MOST_LINKS = 20  # shown


def rules_of(received: VisitService | None, office: Office) -> Rules:
    """Of the standard under which this visit came; without one, of the office's library today."""
    if received is not None:
        return received.standard.rules if received.standard else Rules()
    services = office.services.filter(active=True, work_url_name=SCREEN).with_rules()
    return next((s.rules for s in services if s.rules), Rules())


def giving() -> QuerySet[Service]:
    """Libraries whose standard lets softcopies be downloaded, by their offices' names."""
    libraries = Service.objects.filter(active=True, work_url_name=SCREEN).select_related("office")
    return libraries.with_rules().filter(rules_in_force__download=True).order_by("office__name")


def cap_of(pages: int, percent: int) -> int:
    """Rounded down, at least one: 187 pages at 20 % are 37."""
    return max(1, pages * percent // 100)


@dataclass(frozen=True)
class Standing:
    """Of one person and one publication: the most pages, and the excerpts they got, the latest first."""

    cap: int
    given: tuple[MarkedCopy, ...]

    @property
    def had(self) -> frozenset[int]:
        """A page counts once, also when it came from an earlier file of the publication."""
        return frozenset(page for copy in self.given for page in copy.pages)

    @property
    def left(self) -> int:
        return max(0, self.cap - len(self.had))

    def lets(self, pages: Collection[int]) -> bool:
        """What they have already may be given again."""
        more = set(pages) - self.had
        return not more or len(more) <= self.left


def people(visitor: Visitor, *more: Visitor) -> list[Visitor]:
    """All records of this person."""
    found = {person.pk: person for person in [*everyone(visitor), *more]}
    return list(found.values())


def standing(
    theirs: Iterable[Visitor], digital: DigitalCopy, percent: int, rows: Iterable[MarkedCopy] | None = None
) -> Standing:
    """`rows`: their excerpts of the publication, where somebody has read them already."""
    if rows is None:
        rows = excerpts(Q(visitor__in=list(theirs), publication=digital.publication_id))
    return Standing(cap_of(digital.pages or 0, percent), tuple(rows))


def excerpts(which: Q) -> Any:
    return MarkedCopy.objects.filter(which, kind=MarkedCopy.Kind.EXCERPT).select_related("made_by")


def links(theirs: list[Visitor], publication: Publication) -> list[CopyLink]:
    """What was mailed to this person of this publication, the latest first."""
    rows = CopyLink.objects.filter(visitor__in=theirs, digital__publication=publication)
    return list(rows.select_related("visitor", "issued_by", "copy").order_by("-pk")[:MOST_LINKS])


def of_desk(
    theirs: list[Visitor], received: VisitService, publication: Publication
) -> tuple[list[MarkedCopy], list[MarkedCopy]]:
    """In one question: their excerpts of this publication; and whatever was handed over in this visit."""
    which = Q(visitor__in=theirs, publication=publication, kind=MarkedCopy.Kind.EXCERPT) | Q(
        received=received
    )
    rows = list(MarkedCopy.objects.filter(which).select_related("made_by", "publication"))
    keys = {person.pk for person in theirs}
    excerpted = [
        row
        for row in rows
        if row.visitor_id in keys and row.publication_id == publication.pk and row.kind == "excerpt"
    ]
    return excerpted, [row for row in rows if row.received_id == received.pk]
