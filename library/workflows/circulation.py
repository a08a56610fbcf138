"""Books go out and come back. Every function is one transaction; what it returns is stored for good.

Locked are always first the copy, then its loan, then visit and visitor, then a hold: two desks at one book wait for each
other, and for whoever merges or erases people.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from library.models import Copy, Hold, LendingRules, LibraryUse, Loan, PublicationUse
from library.workflows import holds, statistics
from library.workflows.crossing import patient
from library.workflows.holds import TOPICS, keep_for_next, locked, not_kept_for_another
from library.workflows.procedure import NOT_LENT, due_day, lends, rules_of
from library.workflows.use import note_reading
from services.audit import trail
from services.audit.actors import Actor
from services.guestbook.models import Visit, Visitor
from services.offices.models import Office
from services.workflow import IllegalMove, add_step, move

REMEMBERED = timedelta(days=90)  # a damage may be noticed later
Kind, State = Loan.Kind, Loan.State
COUNTED = {Kind.READING.value: PublicationUse.Kind.READ_ROOM}  # the other ways out are borrowing


def _visit(visit: Visit) -> Visit:
    """Locked before the visitor, as everybody does it: the loan's row will hold on to both."""
    return Visit.objects.select_for_update(of=("self",)).get(pk=visit.pk)


@patient
def read_here(copy: Copy, *, by: Actor, visit: Visit | None = None, at: datetime | None = None) -> Loan:
    """Taken from the shelf to be read in the room. No name is needed; with a visit it counts as its use of the
    library."""
    at = at or timezone.now()
    copy = locked(copy)
    _on_shelf(copy)
    not_kept_for_another(copy, visit.visitor if visit else None)
    if visit is not None:
        note_reading(visit, copy, by=by, at=at)
    return _out(copy, Kind.READING, by=by, visit=visit, visitor=None, at=at, due_on=None)


@patient
def permit(copy: Copy, visit: Visit, *, by: Actor, note: str = "", at: datetime | None = None) -> Loan:
    """An officer lets the book leave the room, to be back the same day (requirement row 20)."""
    at = at or timezone.now()
    copy = locked(copy)
    _approving(by)
    visit = _visit(visit)
    _open_visit(visit, copy.office)
    _may_leave(copy)
    holds.serve_waiting(
        copy, by=by, at=at
    )  # who was passed over when another desk had it in hand comes first
    not_kept_for_another(copy, visit.visitor)
    return _out(
        copy, Kind.PERMISSION, by=by, visit=visit, visitor=visit.visitor, at=at,
        due_on=copy.office.today(at), note=note,
    )  # fmt: skip


@patient
def lend(
    copy: Copy, visitor: Visitor, *, by: Actor, visit: Visit | None = None, at: datetime | None = None
) -> Loan:
    """Lent to somebody known, by the office's procedure. Raises IllegalMove with the rule that stands against it."""
    at = at or timezone.now()
    copy = locked(copy)
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
    holds.serve_waiting(copy, by=by, at=at)
    not_kept_for_another(copy, visitor)
    due_on = due_day(office, office.today(at), rules.days)
    loan = _out(copy, Kind.LOAN, by=by, visit=visit, visitor=visitor, at=at, due_on=due_on)
    for hold in holds.of_reader(copy, visitor):
        move(hold, Hold.State.TAKEN, by=by, at=at, topics=TOPICS, copy=copy)
    holds.serve_waiting(copy, by=by, at=at)  # another copy was kept for them
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


@patient
def bring_back(
    copy: Copy, *, by: Actor, damaged: bool = False, at: datetime | None = None
) -> tuple[Loan, Hold | None]:
    """At any desk of the office, by its barcode alone. Also a book that was given up for lost, even one that was
    withdrawn since: whoever lost it is free of it. Returns the hold that it
    is now kept for, if somebody waits."""
    at = at or timezone.now()
    copy = locked(copy)
    looked_for = State.OUT if copy.state == Copy.State.OUT else State.LOST
    shelved = copy.state == Copy.State.SHELF
    loan = None if shelved else Loan.objects.filter(copy=copy, state=looked_for).last()
    if loan is None:
        raise IllegalMove(_("Buku %s tidak sedang dipinjam.") % copy)
    loan = move(loan, State.DAMAGED if damaged else State.RETURNED, by=by, at=at, topics=TOPICS, back_at=at)
    _set(copy, Copy.State.DAMAGED if damaged else Copy.State.SHELF)
    return loan, None if damaged else keep_for_next(copy, by=by, at=at)


@patient
def renew(loan: Loan, *, by: Actor, at: datetime | None = None) -> Loan:
    """Further days from today, by the office's procedure; not over the head of somebody who waits for the book."""
    at = at or timezone.now()
    copy = locked(loan.copy)
    loan = Loan.objects.select_for_update(of=("self",)).get(pk=loan.pk)
    loan.due_on = _renewed_until(loan, copy, copy.office.today(at))
    loan.renewals += 1
    loan.save(update_fields=["due_on", "renewals"])
    add_step(loan, by=by, at=at, why="renewed")
    trail.record("loan.renewed", loan, by=by, office_id=loan.office_id, at=at)
    return loan


def can_renew(loan: Loan, today: date) -> bool:
    """Whether a button may offer it."""
    try:
        _renewed_until(loan, loan.copy, today)
    except IllegalMove:
        return False
    return True


def _renewed_until(loan: Loan, copy: Copy, today: date) -> date:
    """Raises IllegalMove with what stands against it."""
    rules = rules_of(copy.office)
    if loan.state != State.OUT or loan.kind != Kind.LOAN:
        raise IllegalMove(_("Pinjaman ini sudah selesai."))
    if loan.overdue(today):
        raise IllegalMove(_("Sudah lewat jatuh tempo: kembalikan dahulu."))
    if loan.renewals >= rules.renewals:
        raise IllegalMove(_("Sudah diperpanjang sebanyak yang boleh."))
    if Hold.objects.filter(publication=copy.publication_id, office=copy.office_id, state="waiting").exists():
        raise IllegalMove(_("Ada yang menunggu buku ini."))
    due_on = due_day(copy.office, today, rules.days)
    if loan.due_on and due_on <= loan.due_on:
        raise IllegalMove(_("Belum perlu: perpanjangan dihitung dari hari ini dan belum menambah hari."))
    return due_on


@patient
def lose(loan: Loan, *, by: Actor, note: str = "", at: datetime | None = None) -> Loan:
    """The reader cannot bring it back. It may still turn up (`bring_back`)."""
    at = at or timezone.now()
    copy = locked(loan.copy)
    loan = move(loan, State.LOST, by=by, at=at, topics=TOPICS, note=note or loan.note)
    _set(copy, Copy.State.LOST)
    return loan


def forget_borrowers(*, at: datetime | None = None) -> int:
    """Every night: what somebody read is theirs alone once the book is back and nobody asks any more."""
    long_back = (at or timezone.now()) - REMEMBERED
    loans = Loan.objects.filter(back_at__lt=long_back).exclude(visitor=None, visit=None)
    # What was noted on the visit's own page says as much.
    used = LibraryUse.objects.filter(at__lt=long_back, received__isnull=False, publication__isnull=False)
    used.exclude(scan__state="requested").update(received=None)
    return loans.update(visitor=None, visit=None)
