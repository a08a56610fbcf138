"""The line for a book: asked for, kept on the shelf for whoever waits longest, fetched or let go.

Locked are always first copies, in the order of their keys, then the visitor, then a hold (see circulation.py).
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from library.models import Copy, Hold, Loan, Publication
from library.workflows import notices
from library.workflows.crossing import patient
from library.workflows.procedure import NOT_LENT, in_words, lends, rules_of
from services.audit import trail
from services.audit.actors import Actor
from services.guestbook.models import Visitor
from services.live.publish import VISITS
from services.offices.calendar import OfficeCalendar
from services.offices.models import Office
from services.workflow import IllegalMove, add_step, move

TOPICS = (VISITS,)


def locked(copy: Copy) -> Copy:
    rows = Copy.objects.select_for_update(of=("self",)).select_related("office", "publication")
    try:
        return rows.get(pk=copy.pk)
    except Copy.DoesNotExist:  # the import that brought it was taken back in this moment
        raise IllegalMove(_("Buku %s tidak ada lagi di katalog.") % copy) from None


@patient
def ask(
    publication: Publication, office: Office, visitor: Visitor, *, by: Actor, at: datetime | None = None
) -> Hold:
    """A place in the line for a book that is out. The same again is the same."""
    at = at or timezone.now()
    if not lends(office):
        raise IllegalMove(NOT_LENT)
    copies = list(
        Copy.objects.select_for_update().filter(publication=publication, office=office).order_by("pk")
    )
    if not [c for c in copies if c.state in (Copy.State.SHELF, Copy.State.OUT) and not c.in_house_only]:
        raise IllegalMove(_("Kantor ini tidak punya eksemplar yang dipinjamkan."))
    visitor = Visitor.objects.select_for_update().get(pk=visitor.pk)
    if visitor.office_id != office.pk or not visitor.name:
        raise IllegalMove(_("Pemesan harus mengisi buku tamu kantor ini."))
    theirs = Loan.objects.filter(visitor=visitor, state=Loan.State.OUT, copy__in=copies)
    if theirs.exists():  # their own place in the line would stand against renewing it
        raise IllegalMove(_("Pemesan sedang memegang buku ini."))
    same = Hold.objects.filter(
        publication=publication, office=office, visitor=visitor, state__in=("waiting", "ready")
    )
    if existing := same.first():
        return existing
    made = Hold.objects.create(publication=publication, office=office, visitor=visitor, asked_at=at)
    add_step(made, by=by, at=at)
    trail.record("hold.asked", made, by=by, office_id=office.pk, at=at)
    for copy in copies:
        if copy.state == Copy.State.SHELF and not copy.in_house_only and not _is_kept(copy):
            keep_for_next(copy, by=by, at=at)
            made.refresh_from_db()
            break
    return made


def _is_kept(copy: Copy) -> bool:
    return Hold.objects.filter(copy=copy, state=Hold.State.READY).exists()


def keep_for_next(copy: Copy, *, by: Actor, at: datetime) -> Hold | None:
    """A copy on the shelf is kept for whoever waits longest."""
    if copy.in_house_only:
        return None
    waiting = Hold.objects.filter(
        publication=copy.publication_id, office=copy.office_id, state=Hold.State.WAITING
    )
    first = waiting.select_for_update(of=("self",)).order_by("id").first()
    if first is None:
        return None
    days = rules_of(copy.office).hold_days
    until = OfficeCalendar(copy.office).working_day_after(copy.office.today(at), days)
    ready = move(
        first, Hold.State.READY, by=by, at=at, topics=TOPICS, copy=copy, kept_until=until, told_at=None
    )
    notices.tell_ready(ready)
    return ready


def serve_waiting(copy: Copy, *, by: Actor, at: datetime) -> None:
    """Whoever waits gets what stands on the shelf and is kept for nobody. A copy that another desk has in hand is left
    to that desk."""
    free = Copy.objects.filter(
        publication=copy.publication_id, office=copy.office_id, state=Copy.State.SHELF, in_house_only=False
    ).exclude(holds__state=Hold.State.READY)
    for found in (
        free.select_related("office").select_for_update(of=("self",), skip_locked=True).order_by("pk")
    ):
        if keep_for_next(found, by=by, at=at) is None:
            break


def serve_line(*, by: Actor, at: datetime | None = None) -> None:
    """Every night: who waits gets what became free while nobody was served, as when another desk held the row."""
    free = Copy.objects.filter(
        state=Copy.State.SHELF, in_house_only=False, publication__holds__state=Hold.State.WAITING,
        publication__holds__office=F("office"),
    )  # fmt: skip
    for copy in free.exclude(holds__state=Hold.State.READY).distinct():
        with transaction.atomic():
            serve_waiting(copy, by=by, at=at or timezone.now())


@patient
def end(asked: Hold, *, by: Actor, expired: bool = False, at: datetime | None = None) -> Hold:
    """Not wanted any more, or not fetched in time; the copy goes to the next who waits."""
    at = at or timezone.now()
    if asked.copy:
        locked(asked.copy)
    if expired:
        still = Hold.objects.select_for_update(of=("self",)).get(pk=asked.pk)
        if still.kept_until is None or still.kept_until >= still.office.today(at):
            raise IllegalMove(_("Pesanan ini belum siap atau sudah selesai."))
    asked = move(asked, Hold.State.EXPIRED if expired else Hold.State.CANCELLED, by=by, at=at, topics=TOPICS)
    if asked.copy is not None:  # as it is now: it may have become ready while this desk looked at it
        serve_waiting(asked.copy, by=by, at=at)
    return asked


def expire(*, by: Actor, at: datetime | None = None) -> int:
    """Every morning: what was kept until yesterday. `at` is now; each office has its own day."""
    at = at or timezone.now()
    over = [
        found
        for found in Hold.objects.filter(state=Hold.State.READY).select_related("office", "copy")
        if found.kept_until and found.kept_until < found.office.today(at)
    ]
    for found in over:
        try:
            end(found, by=by, expired=True, at=at)
        except IllegalMove:  # fetched in this moment
            continue
    return len(over)


def of_reader(copy: Copy, visitor: Visitor) -> list[Hold]:
    return list(
        Hold.objects.filter(
            publication=copy.publication_id,
            office=copy.office_id,
            visitor=visitor,
            state__in=("waiting", "ready"),
        )
    )


def not_kept_for_another(copy: Copy, visitor: Visitor | None) -> None:
    kept = Hold.objects.filter(copy=copy, state=Hold.State.READY).first()
    if kept and (visitor is None or kept.visitor_id != visitor.pk):
        raise IllegalMove(_("Buku ini disimpan untuk pemesan sampai %s.") % in_words(kept.kept_until))


def keep_no_more(copy: Copy, *, by: Actor, at: datetime | None) -> None:
    """Whoever it was kept for waits for another one."""
    if kept := Hold.objects.filter(copy=copy, state=Hold.State.READY).first():
        move(kept, Hold.State.WAITING, by=by, at=at, topics=TOPICS, copy=None, kept_until=None)
