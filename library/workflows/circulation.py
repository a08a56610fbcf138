"""Books go out and come back. Every function is one transaction; what it returns is stored for good.

Locked are always first the copy, then its loan, then visit and visitor, then a hold: two desks at one book wait for each
other, and for whoever merges or erases people.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from library.models import Copy, Hold, LendingRules, LibraryUse, Loan, Publication, PublicationUse
from library.workflows import notices, statistics
from library.workflows.use import note_reading
from services.audit import trail
from services.audit.actors import Actor
from services.guestbook.models import Visit, Visitor
from services.live.publish import VISITS
from services.offices.calendar import OfficeCalendar
from services.offices.models import Office
from services.workflow import IllegalMove, add_step, move

TOPICS = (VISITS,)
REMEMBERED = timedelta(days=90)  # a damage may be noticed later
Kind, State = Loan.Kind, Loan.State
COUNTED = {Kind.READING.value: PublicationUse.Kind.READ_ROOM}  # the other ways out are borrowing
NOT_LENT = gettext_lazy("Menurut standar pelayanan kantor ini, buku tidak dipinjamkan.")


def rules_of(office: Office) -> LendingRules:
    return LendingRules.objects.filter(office=office).first() or LendingRules(office=office)


def lends(office: Office) -> bool:
    """Whether this office's standard lends at all (requirement row 20)."""
    return any(s.rules.lending for s in office.services.filter(active=True).with_rules() if s.rules)


def in_words(day: date | None) -> str:
    return date_format(day, "j F Y") if day else ""


def due_day(office: Office, out: date, days: int) -> date:
    """So many calendar days on; a day on which nobody could bring it back moves to the next working day."""
    calendar = OfficeCalendar(office)
    day = out + timedelta(days=days)
    return day if calendar.is_working_day(day) else calendar.working_day_after(day, 1)


def _copy(copy: Copy) -> Copy:
    rows = Copy.objects.select_for_update(of=("self",)).select_related("office", "publication")
    return rows.get(pk=copy.pk)


def _visit(visit: Visit) -> Visit:
    """Locked before the visitor, as everybody does it: the loan's row will hold on to both."""
    return Visit.objects.select_for_update(of=("self",)).get(pk=visit.pk)


@transaction.atomic
def read_here(copy: Copy, *, by: Actor, visit: Visit | None = None, at: datetime | None = None) -> Loan:
    """Taken from the shelf to be read in the room. No name is needed; with a visit it counts as its use of the
    library."""
    at = at or timezone.now()
    copy = _copy(copy)
    _on_shelf(copy)
    _not_kept_for_another(copy, visit.visitor if visit else None)
    if visit is not None:
        note_reading(visit, copy, by=by, at=at)
    return _out(copy, Kind.READING, by=by, visit=visit, visitor=None, at=at, due_on=None)


@transaction.atomic
def permit(copy: Copy, visit: Visit, *, by: Actor, note: str = "", at: datetime | None = None) -> Loan:
    """An officer lets the book leave the room, to be back the same day (requirement row 20)."""
    at = at or timezone.now()
    copy = _copy(copy)
    _approving(by)
    visit = _visit(visit)
    _open_visit(visit, copy.office)
    _may_leave(copy)
    _not_kept_for_another(copy, visit.visitor)
    return _out(
        copy, Kind.PERMISSION, by=by, visit=visit, visitor=visit.visitor, at=at,
        due_on=copy.office.today(at), note=note,
    )  # fmt: skip


@transaction.atomic
def lend(
    copy: Copy, visitor: Visitor, *, by: Actor, visit: Visit | None = None, at: datetime | None = None
) -> Loan:
    """Lent to somebody known, by the office's procedure. Raises IllegalMove with the rule that stands against it."""
    at = at or timezone.now()
    copy = _copy(copy)
    office = copy.office
    _approving(by)
    if not lends(office):
        raise IllegalMove(NOT_LENT)
    _may_leave(copy)
    visit = _visit(visit) if visit else None
    # Two desks count one person's books in turn.
    visitor = Visitor.objects.select_for_update().get(pk=visitor.pk)
    rules = rules_of(office)
    _may_borrow(visitor, office, rules, office.today(at))
    _not_kept_for_another(copy, visitor)
    due_on = due_day(office, office.today(at), rules.days)
    loan = _out(copy, Kind.LOAN, by=by, visit=visit, visitor=visitor, at=at, due_on=due_on)
    for hold in _holds_of(copy, visitor):
        move(hold, Hold.State.TAKEN, by=by, at=at, topics=TOPICS, copy=copy)
    serve_waiting(copy, by=by, at=at)  # another copy was kept for them
    return loan


def _approving(by: Actor) -> None:
    if by.user_id is None:
        raise IllegalMove(_("Buku hanya boleh keluar dengan izin petugas."))


def _on_shelf(copy: Copy) -> None:
    if copy.state == Copy.State.OUT:
        raise IllegalMove(_("Buku %s masih tercatat di tangan pembaca. Kembalikan dahulu.") % copy)
    if copy.state != Copy.State.SHELF:
        raise IllegalMove(
            _("Buku %(copy)s berstatus “%(state)s”.") % {"copy": copy, "state": copy.get_state_display()}
        )


def _may_leave(copy: Copy) -> None:
    _on_shelf(copy)
    if copy.in_house_only:
        raise IllegalMove(_("Buku ini hanya boleh dibaca di tempat."))


def _open_visit(visit: Visit, office: Office) -> None:
    if visit.office_id != office.pk or visit.ended_at:
        raise IllegalMove(_("Kunjungan ini sudah berakhir."))


def _may_borrow(visitor: Visitor, office: Office, rules: LendingRules, today: date) -> None:
    if visitor.office_id != office.pk or not visitor.name:
        raise IllegalMove(_("Peminjam harus mengisi buku tamu kantor ini."))
    if rules.contact_needed and not (visitor.email or visitor.phone):
        raise IllegalMove(_("Peminjam belum punya e-mail atau telepon di buku tamu."))
    theirs = list(Loan.objects.filter(visitor=visitor, kind=Kind.LOAN, state=State.OUT))
    if any(loan.overdue(today) for loan in theirs):
        raise IllegalMove(_("Masih ada pinjaman yang lewat jatuh tempo. Kembalikan dahulu."))
    if len(theirs) >= rules.most:
        raise IllegalMove(_("Sudah meminjam %d buku, sebanyak yang boleh.") % len(theirs))


def _holds_of(copy: Copy, visitor: Visitor) -> list[Hold]:
    return list(
        Hold.objects.filter(
            publication=copy.publication_id,
            office=copy.office_id,
            visitor=visitor,
            state__in=("waiting", "ready"),
        )
    )


def _not_kept_for_another(copy: Copy, visitor: Visitor | None) -> None:
    kept = Hold.objects.filter(copy=copy, state=Hold.State.READY).first()
    if kept and (visitor is None or kept.visitor_id != visitor.pk):
        raise IllegalMove(_("Buku ini disimpan untuk pemesan sampai %s.") % in_words(kept.kept_until))


def _out(
    copy: Copy, kind: str, *, by: Actor, visit: Visit | None, visitor: Visitor | None, at: datetime,
    due_on: date | None, note: str = "",
) -> Loan:  # fmt: skip
    loan = Loan.objects.create(
        office=copy.office, copy=copy, visit=visit, visitor=visitor, kind=kind, out_at=at, due_on=due_on, note=note,
        approved_by_id=by.user_id if kind != Kind.READING else None,
    )  # fmt: skip
    _set(copy, Copy.State.OUT)
    add_step(loan, by=by, at=at)
    trail.record("loan.out", loan, by=by, office_id=copy.office_id, at=at, kind=kind)
    counted = COUNTED.get(str(kind), PublicationUse.Kind.BORROWED)
    statistics.count(counted, [copy.publication_id], copy.office, at)
    return loan


def _set(copy: Copy, state: str) -> None:
    copy.state = state
    copy.save(update_fields=["state"])


@transaction.atomic
def bring_back(
    copy: Copy, *, by: Actor, damaged: bool = False, at: datetime | None = None
) -> tuple[Loan, Hold | None]:
    """At any desk of the office, by its barcode alone. Also a book that was given up for lost. Returns the hold that it
    is now kept for, if somebody waits."""
    at = at or timezone.now()
    copy = _copy(copy)
    looked_for = {Copy.State.OUT: State.OUT, Copy.State.LOST: State.LOST}.get(Copy.State(copy.state))
    loan = Loan.objects.filter(copy=copy, state=looked_for).last() if looked_for else None
    if loan is None:
        raise IllegalMove(_("Buku %s tidak sedang dipinjam.") % copy)
    loan = move(loan, State.DAMAGED if damaged else State.RETURNED, by=by, at=at, topics=TOPICS, back_at=at)
    _set(copy, Copy.State.DAMAGED if damaged else Copy.State.SHELF)
    return loan, None if damaged else _keep_for_next(copy, by=by, at=at)


@transaction.atomic
def turn_up(copy: Copy, *, by: Actor, at: datetime | None = None) -> Hold | None:
    """It is here: whether a reader had it, a reader lost it, or nobody knew where it was (workflows/stock.py)."""
    copy = _copy(copy)
    if copy.state == Copy.State.LOST and not copy.loans.filter(state=State.LOST).exists():
        put_away(copy, Copy.State.SHELF, by=by, at=at)
        return Hold.objects.filter(copy=copy, state=Hold.State.READY).first()
    return bring_back(copy, by=by, at=at)[1]


@transaction.atomic
def renew(loan: Loan, *, by: Actor, at: datetime | None = None) -> Loan:
    """Further days from today, by the office's procedure; not over the head of somebody who waits for the book."""
    at = at or timezone.now()
    copy = _copy(loan.copy)
    loan = Loan.objects.select_for_update(of=("self",)).get(pk=loan.pk)
    rules = rules_of(copy.office)
    today = copy.office.today(at)
    if loan.state != State.OUT or loan.kind != Kind.LOAN:
        raise IllegalMove(_("Pinjaman ini sudah selesai."))
    if loan.overdue(today):
        raise IllegalMove(_("Sudah lewat jatuh tempo: kembalikan dahulu."))
    if loan.renewals >= rules.renewals:
        raise IllegalMove(_("Sudah diperpanjang sebanyak yang boleh."))
    if Hold.objects.filter(publication=copy.publication_id, office=copy.office_id, state="waiting").exists():
        raise IllegalMove(_("Ada yang menunggu buku ini."))
    loan.due_on = due_day(copy.office, today, rules.days)
    loan.renewals += 1
    loan.save(update_fields=["due_on", "renewals"])
    add_step(loan, by=by, at=at, why="renewed")
    trail.record("loan.renewed", loan, by=by, office_id=loan.office_id, at=at)
    return loan


@transaction.atomic
def lose(loan: Loan, *, by: Actor, note: str = "", at: datetime | None = None) -> Loan:
    """The reader cannot bring it back. It may still turn up (`bring_back`)."""
    at = at or timezone.now()
    copy = _copy(loan.copy)
    loan = move(loan, State.LOST, by=by, at=at, topics=TOPICS, note=note or loan.note)
    _set(copy, Copy.State.LOST)
    return loan


@transaction.atomic
def hold(
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
            _keep_for_next(copy, by=by, at=at)
            made.refresh_from_db()
            break
    return made


def _is_kept(copy: Copy) -> bool:
    return Hold.objects.filter(copy=copy, state=Hold.State.READY).exists()


def _keep_for_next(copy: Copy, *, by: Actor, at: datetime) -> Hold | None:
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
        if _keep_for_next(found, by=by, at=at) is None:
            break


@transaction.atomic
def end_hold(asked: Hold, *, by: Actor, expired: bool = False, at: datetime | None = None) -> Hold:
    """Not wanted any more, or not fetched in time; the copy goes to the next who waits."""
    at = at or timezone.now()
    copy = _copy(asked.copy) if asked.copy else None
    asked = move(asked, Hold.State.EXPIRED if expired else Hold.State.CANCELLED, by=by, at=at, topics=TOPICS)
    if copy is not None:
        serve_waiting(copy, by=by, at=at)
    return asked


def expire_holds(*, by: Actor, at: datetime | None = None) -> int:
    """Every morning: what was kept until yesterday. `at` is now; each office has its own day."""
    at = at or timezone.now()
    over = [
        found
        for found in Hold.objects.filter(state=Hold.State.READY).select_related("office", "copy")
        if found.kept_until and found.kept_until < found.office.today(at)
    ]
    for found in over:
        try:
            end_hold(found, by=by, expired=True, at=at)
        except IllegalMove:  # fetched in this moment
            continue
    return len(over)


def forget_borrowers(*, at: datetime | None = None) -> int:
    """Every night: what somebody read is theirs alone once the book is back and nobody asks any more."""
    long_back = (at or timezone.now()) - REMEMBERED
    loans = Loan.objects.filter(back_at__lt=long_back).exclude(visitor=None, visit=None)
    # What was noted on the visit's own page says as much.
    used = LibraryUse.objects.filter(at__lt=long_back, received__isnull=False, publication__isnull=False)
    used.exclude(scan__state="requested").update(received=None)
    return loans.update(visitor=None, visit=None)


@transaction.atomic
def put_away(copy: Copy, state: str, *, by: Actor, at: datetime | None = None) -> Copy:
    """A copy on the shelf is damaged, lost or withdrawn; or one of those is back on the shelf."""
    copy = _copy(copy)
    if copy.state == Copy.State.OUT:
        raise IllegalMove(_("Buku %s masih tercatat di tangan pembaca. Kembalikan dahulu.") % copy)
    if state not in (Copy.State.SHELF, Copy.State.DAMAGED, Copy.State.LOST, Copy.State.WITHDRAWN):
        raise ValueError(state)
    _set(copy, state)
    trail.record("copy.state", copy, by=by, office_id=copy.office_id, at=at, state=state)
    if state != Copy.State.SHELF:
        _keep_no_more(copy, by=by, at=at)
    serve_waiting(copy, by=by, at=at or timezone.now())
    return copy


def _keep_no_more(copy: Copy, *, by: Actor, at: datetime | None) -> None:
    """Whoever it was kept for waits for another one."""
    if kept := Hold.objects.filter(copy=copy, state=Hold.State.READY).first():
        move(kept, Hold.State.WAITING, by=by, at=at, topics=TOPICS, copy=None, kept_until=None)


@transaction.atomic
def keep_in_house(copy: Copy, yes: bool, *, by: Actor, at: datetime | None = None) -> Copy:
    """From now on only read in the room, or lent again. A loan that runs is left to run."""
    copy = _copy(copy)
    copy.in_house_only = yes
    copy.save(update_fields=["in_house_only"])
    if yes:
        _keep_no_more(copy, by=by, at=at)
    serve_waiting(copy, by=by, at=at or timezone.now())
    return copy
