"""A whole softcopy taken home, by the desk's link or from an account: one way in which the copy is made, marked, counted
and noted (requirement row 31, docs/decisions/026)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from library import handed_out
from library.digital import copies, terms
from library.models import CopyLink, DigitalCopy, LibraryUse, MarkedCopy, PublicationUse, TermsAcceptance
from library.models.catalogue import Access
from library.workflows import handing, statistics
from library.workflows.use import note_use
from services.accounts.models import User
from services.audit import trail
from services.audit.actors import Actor
from services.guestbook import accounts
from services.guestbook.models import Visitor, VisitService
from services.guestbook.one_person import lock_person
from services.offices.models import Office
from services.workflow import IllegalMove

MOST_A_DAY = 20  # downloads of one person


@dataclass(frozen=True)
class Order:
    """What is taken, under which office's standard, and whose name stands in it. `person`: who the copy is noted for and
    all their records; asked inside the transaction, people locked first, as a merge and an erasure do."""

    digital: DigitalCopy
    office: Office
    named: Visitor | User
    marked: bool
    handed: str
    person: Callable[[], tuple[Visitor, list[Visitor]]]
    received: VisitService | None = None


def accepted(theirs: Iterable[Visitor]) -> bool:
    """Whether this person accepted the terms that hold now, in any of their records."""
    return TermsAcceptance.objects.filter(visitor__in=list(theirs), version=terms.CURRENT).exists()


@transaction.atomic
def accept(link: CopyLink, *, by: Actor, at: datetime | None = None) -> None:
    """Once for each person and version."""
    head, _others = lock_person(link.visitor)
    _agree(head, handed_out.people(head), link.office, by=by, at=at or timezone.now())


def _agree(person: Visitor, theirs: list[Visitor], office: Office, *, by: Actor, at: datetime) -> None:
    if person.name and not accepted(theirs):
        TermsAcceptance.objects.create(visitor=person, version=terms.CURRENT, at=at)
        trail.record("softcopy.terms", person, by=by, office_id=office.pk, at=at, version=terms.CURRENT)


def by_link(
    link: CopyLink, *, by: Actor, site: str, at: datetime | None = None
) -> tuple[MarkedCopy, IO[bytes]]:
    """One copy more in the visitor's name, and its file: open, and on no disk by name any more. Raises IllegalMove."""
    at = at or timezone.now()
    digital, rules = handing.softcopy_of(link), handed_out.rules_of(link.received, link.office)
    if link.kind != CopyLink.Kind.DOWNLOAD or not rules.download:
        raise IllegalMove(str(handing.NO_DOWNLOADS))
    theirs = handed_out.people(link.visitor)
    _agreed(accepted(theirs))
    _not_too_many(theirs, link.office, at)

    def person() -> tuple[Visitor, list[Visitor]]:
        head, _others = lock_person(link.visitor)
        if not head.name:
            raise IllegalMove(str(handing.ERASED))
        handing.use(link, at)
        return head, handed_out.people(link.visitor)

    order = Order(
        digital, link.office, link.visitor, rules.watermark, MarkedCopy.Handed.LINK, person, link.received
    )
    return _taken(order, by=by, site=site, at=at)


def by_account(
    user: User, digital: DigitalCopy, office: Office, *,
    agreed: bool, by: Actor, site: str, at: datetime | None = None,
) -> tuple[MarkedCopy, IO[bytes]]:  # fmt: skip
    """The same from an account, under the standard of `office`, which its owner chose; they need not have been there.
    `agreed`: to the terms that hold now, with this very press. Raises IllegalMove."""
    at = at or timezone.now()
    if why := why_not(digital, office):
        raise IllegalMove(why)
    theirs = accounts.people_of(user)
    _agreed(agreed or accepted(theirs))
    _not_too_many(theirs, office, at)

    def person() -> tuple[Visitor, list[Visitor]]:
        record = accounts.record_for(office=office, user=user, by=by, at=at)  # locks the account first
        known = accounts.people_of(user)
        _agree(record, known, office, by=by, at=at)
        return record, known

    order = Order(digital, office, user, marked(digital, office), MarkedCopy.Handed.ACCOUNT, person)
    return _taken(order, by=by, site=site, at=at)


def why_not(digital: DigitalCopy, office: Office) -> str:
    """What stands against a download from an account, in words; nothing: it may be taken."""
    try:
        publication = handing.may_leave(digital)
    except IllegalMove as problem:
        return str(problem)
    if publication.access == Access.IN_HOUSE:
        return str(handing.IN_HOUSE)
    return "" if handed_out.rules_of(None, office).download else str(handing.NO_DOWNLOADS)


def marked(digital: DigitalCopy, office: Office) -> bool:
    """Without an officer in between, the standard of the office whose softcopy it is counts too: nobody gets rid of its
    mark by choosing another office's."""
    named = [handed_out.rules_of(None, which).watermark for which in {office, digital.office}]
    return any(named)


def _agreed(yes: bool) -> None:
    if not yes:
        raise IllegalMove(_("Setujui dahulu ketentuan pemakaiannya."))


def _taken(order: Order, *, by: Actor, site: str, at: datetime) -> tuple[MarkedCopy, IO[bytes]]:
    with copies.made(
        order.digital, order.named, order.office, at=at, site=site, marked=order.marked
    ) as made:  # fmt: skip
        file = made.path.open("rb")
        try:
            return _note(order, made, by=by, at=at), file
        except BaseException:
            file.close()
            raise


@transaction.atomic
def _note(order: Order, made: copies.Made, *, by: Actor, at: datetime) -> MarkedCopy:
    """Before the first byte leaves."""
    person, theirs = order.person()
    _not_too_many(theirs, order.office, at)
    # Anew: a large copy takes a while to make, and an embargo or a withdrawal may have come meanwhile.
    publication = handing.may_leave(
        DigitalCopy.objects.select_related("publication").get(pk=order.digital.pk)
    )
    row = MarkedCopy.objects.create(
        serial=made.serial, kind=MarkedCopy.Kind.DOWNLOAD, handed=order.handed, office=order.office,
        digital=order.digital, publication=publication, visitor=person, received=order.received,
        name=order.named.name, email=order.named.email, marked=order.marked, sha256=made.sha256, size=made.size,
        made_at=at, submission=made.serial,
    )  # fmt: skip
    trail.record("softcopy.downloaded", row, by=by, office_id=order.office.pk, at=at, marked=order.marked)
    if order.received:
        note_use(
            order.received, kind=LibraryUse.Kind.DOWNLOAD, publication=publication, submission=row.serial,
            by=by, at=at,
        )  # fmt: skip
    statistics.count(PublicationUse.Kind.DOWNLOADED, [publication.pk], order.office, at=at)
    return row


def _not_too_many(theirs: list[Visitor], office: Office, at: datetime) -> None:
    """Of one person on one day of the office: all their copies, also from other offices' links."""
    midnight = office.local(at).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = MarkedCopy.objects.filter(visitor__in=theirs, kind=MarkedCopy.Kind.DOWNLOAD, made_at__gte=midnight)
    if rows.count() >= MOST_A_DAY:
        raise IllegalMove(
            _("Batas %d unduhan sehari sudah tercapai. Lanjutkan besok, atau temui petugas.") % MOST_A_DAY
        )
