"""Some pages of a softcopy for one visitor (requirement row 21): never more than the standard's share of the publication,
all visits counted, unless a supervisor allows it in writing (docs/decisions/026)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from library import handed_out
from library.digital import copies, ranges
from library.models import (
    CopyLink,
    DigitalCopy,
    ExcerptRequest,
    LibraryUse,
    MarkedCopy,
    Publication,
    PublicationUse,
)
from library.models.handed import excerpt_name
from library.workflows import handing, statistics
from library.workflows.crossing import in_turn
from library.workflows.use import note_use
from services.accounts.models import Membership, Role
from services.audit import trail
from services.audit.actors import Actor
from services.guestbook.models import Visitor, VisitService
from services.guestbook.one_person import lock_person
from services.live.publish import SOFTCOPIES
from services.offices.models import Office
from services.workflow import IllegalMove, move

KEPT = handing.LASTS  # the file; its row stays
SHORTEST_REASON = 10
TOPICS = (SOFTCOPIES,)


@dataclass(frozen=True)
class Order:
    """What the desk asks for."""

    received: VisitService
    digital: DigitalCopy
    publication: Publication
    person: Visitor
    pages: list[int]
    handed: str
    submission: str
    percent: int
    reason: str
    by: Actor
    site: str
    at: datetime
    asked: ExcerptRequest | None = None

    @property
    def office(self) -> Office:
        return self.received.visit.office


class CapReached(IllegalMove):
    """`str()` says how many are left and who got which pages when, and from whom."""


class ReasonMissing(IllegalMove):
    """A supervisor lets the cap be passed, but says nothing that others could understand later."""


def excerpt(
    received: VisitService, digital: DigitalCopy, pages: Sequence[int], *, handed: str, submission: str,
    by: Actor, site: str, reason: str = "", at: datetime | None = None, asked: ExcerptRequest | None = None,
) -> MarkedCopy:  # fmt: skip
    """Make a file of these pages in the visitor's name. The same `submission` again makes nothing. `reason`: a supervisor
    lets the cap be passed. `asked`: the request that this answers, in the same transaction. Raises CapReached,
    ReasonMissing, and IllegalMove for whatever else stands against it."""
    order = _order(received, digital, pages, handed, submission, by, site, reason, at or timezone.now())
    order = replace(order, asked=asked)
    if same := _made_before(order):
        return same
    _judge(order, handed_out.people(order.person))  # before the work; what counts is the one under the lock
    with copies.made(
        digital, order.person, order.office, at=order.at, site=site, pages=order.pages
    ) as made:  # fmt: skip
        with made.path.open("rb") as opened:
            stored = default_storage.save(excerpt_name(None, ""), File(opened))
        try:
            row = _give(order, made, stored)
        except BaseException:
            default_storage.delete(stored)
            raise
        if row.file.name != stored:  # another desk was faster with the very same form
            default_storage.delete(stored)
        return row


def _order(
    received: VisitService, digital: DigitalCopy, pages: Sequence[int], handed: str, submission: str, by: Actor,
    site: str, reason: str, at: datetime,
) -> Order:  # fmt: skip
    percent = handed_out.rules_of(received, received.visit.office).excerpt_percent
    publication, person = handing.may_leave(digital), handing.visitor_of(received)
    if percent is None:
        raise IllegalMove(_("Standar pelayanan kunjungan ini tidak menyebut salinan sebagian."))
    chosen = sorted(set(pages))
    if not chosen or chosen[0] < 1 or chosen[-1] > (digital.pages or 0):
        raise IllegalMove(_("Pilih halaman yang ada di publikasi ini."))
    if handed not in (MarkedCopy.Handed.LINK, MarkedCopy.Handed.DESK, MarkedCopy.Handed.PRINT):
        raise IllegalMove(_("Pilih cara menyerahkan."))
    if handed == MarkedCopy.Handed.LINK:
        handing.reachable(person)
    return Order(
        received, digital, publication, person, chosen, handed, submission, percent, reason.strip(), by, site, at
    )  # fmt: skip


def _made_before(order: Order) -> MarkedCopy | None:
    """The very same form sent again. One that came back with the browser's back button asks for something else."""
    same = MarkedCopy.objects.filter(office=order.office, submission=order.submission).first()
    if same is None:
        return None
    asked = (order.received.pk, order.digital.pk, order.pages, order.handed)
    if (same.received_id, same.digital_id, same.pages, same.handed) != asked:
        raise IllegalMove(
            _("Formulir ini sudah dipakai untuk salinan %s. Muat ulang halamannya, lalu pilih lagi.")
            % same.serial
        )
    return same


@transaction.atomic
def _give(order: Order, made: copies.Made, stored: str) -> MarkedCopy:
    _in_turn(order)
    head, others = lock_person(order.person)
    if same := _made_before(order):
        return same
    if not head.name:
        raise IllegalMove(str(handing.ERASED))
    over = _judge(order, handed_out.people(head, *others, order.person))
    row = MarkedCopy.objects.create(
        serial=made.serial, kind=MarkedCopy.Kind.EXCERPT, handed=order.handed, office=order.office,
        digital=order.digital, publication=order.publication, visitor=head, received=order.received,
        name=order.person.name, email=order.person.email, pages=order.pages,
        reason=order.reason if over else "", allowed_by_id=order.by.user_id if over else None,
        sha256=made.sha256, size=made.size, made_at=order.at, made_by_id=order.by.user_id, file=stored,
        submission=order.submission,
    )  # fmt: skip
    trail.record(
        "softcopy.excerpt", row, by=order.by, office_id=order.office.pk, at=order.at, pages=len(order.pages),
        handed=order.handed, over_cap=over,
    )  # fmt: skip
    note_use(
        order.received, kind=LibraryUse.Kind.EXCERPT, publication=order.publication, submission=row.serial,
        by=order.by, at=order.at,
    )  # fmt: skip
    statistics.count(PublicationUse.Kind.EXCERPT, [order.publication.pk], order.office, at=order.at)
    if order.handed == MarkedCopy.Handed.LINK:
        handing.send_by_mail(
            CopyLink.Kind.EXCERPT, head, order.digital, order.received, copy=row, by=order.by,
            site=order.site, at=order.at,
        )  # fmt: skip
    if order.asked:
        move(
            order.asked, ExcerptRequest.State.GRANTED, by=order.by, at=order.at, topics=TOPICS, copy=row,
            answer=order.reason, answered_at=order.at, answered_by_id=order.by.user_id,
        )  # fmt: skip
    return row


def _in_turn(order: Order) -> None:
    """One excerpt of a publication at an office after the other, whoever it is for: which records are one person may
    become clear only under the locks of the people."""
    in_turn(f"library.excerpt {order.office.pk} {order.publication.pk}")


def _judge(order: Order, theirs: list[Visitor]) -> bool:
    """Whether it passes the cap by a supervisor's word. Raises CapReached without one."""
    so_far = handed_out.standing(theirs, order.digital, order.percent)
    if so_far.lets(order.pages):
        return False
    if order.reason and _is_supervisor(order):
        if len(order.reason) < SHORTEST_REASON:
            raise ReasonMissing(too_short())
        return True
    raise CapReached(in_words(so_far, order.pages, order.office))


def too_short() -> str:
    return _("Tulis alasan yang dapat dipahami orang lain, sedikitnya %d huruf.") % SHORTEST_REASON


def _is_supervisor(order: Order) -> bool:
    rows = Membership.objects.filter(user=order.by.user_id, office=order.office, role=Role.SUPERVISOR)
    return order.by.user_id is not None and rows.exists()


def in_words(so_far: handed_out.Standing, pages: Sequence[int], office: Office) -> str:
    more = len(set(pages) - so_far.had)
    said = _("Batas %(cap)d halaman: %(more)d halaman baru diminta, tersisa %(left)d.") % {
        "cap": so_far.cap, "more": more, "left": so_far.left,
    }  # fmt: skip
    lines = [
        _("%(when)s: halaman %(pages)s, oleh %(officer)s.")
        % {
            "when": f"{office.local(copy.made_at):%d-%m-%Y %H.%M}",
            "pages": ranges.words(copy.pages),
            "officer": copy.made_by or _("petugas yang sudah tidak terdaftar"),
        }
        for copy in so_far.given
    ]
    return " ".join([said, *([_("Sudah diterima tamu ini:")] if lines else []), *lines])


def forget_files(at: datetime | None = None) -> int:
    """Every night: files whose link has ended, or whose person was erased. Returns how many."""
    over = MarkedCopy.objects.exclude(file="").filter(made_at__lte=(at or timezone.now()) - KEPT)
    erased = MarkedCopy.objects.exclude(file="").filter(name="")
    done = 0
    for pk, name in (over | erased).order_by("pk").values_list("pk", "file"):
        with transaction.atomic():
            if MarkedCopy.objects.filter(pk=pk, file=name).update(file=""):
                transaction.on_commit(partial(default_storage.delete, name))
                done += 1
    return done
