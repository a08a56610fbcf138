"""A guest book signed for a wrong number: it goes to the visit of whoever wrote it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from services.audit import trail
from services.audit.actors import Actor
from services.guestbook import clocks, interruptions
from services.guestbook.models import (
    Companion,
    Consent,
    DataNeed,
    GuestBookDraft,
    Visit,
    VisitService,
    VisitStep,
)
from services.guestbook.workflows import record_step
from services.live.publish import QUEUE, VISITS, publish
from services.offices.models import Office
from services.workflow import IllegalMove

WRITTEN = ("visitor_id", "use_of_data", "complained_before", "guest_book_at", "guest_book_channel")


@transaction.atomic
def hand_over(
    visit: Visit,
    to: Visit,
    *,
    by: Actor,
    seen: datetime | None = None,
    away: Callable[[VisitService], bool] = lambda _received: False,
    at: datetime | None = None,
) -> None:
    """What was written for `visit` belongs to `to`; had that been signed too, the two are exchanged.

    With it go the consent, the data wanted, the names of a group and the card that was looked at (not one that we
    hold). Promises that ran by the wrong guest book are not counted (`_clock`). `seen`: when the guest book was signed
    that the officer saw here; sent twice, the second finds another. `away`: who was called and is not there, as only the
    queue knows; their promise begins when they are back. Raises IllegalMove then, for a visit that is over,
    that is another office's or that nobody has signed.
    """
    at = at or timezone.now()
    if visit.pk == to.pk:
        raise IllegalMove(_("Pilih nomor yang lain."))
    rows = Visit.objects.select_for_update(of=("self",)).select_related("office").order_by("pk")
    found = {row.pk: row for row in rows.filter(pk__in=(visit.pk, to.pk), office=visit.office_id)}
    if len(found) != 2:
        raise IllegalMove(_("Kunjungan itu tidak ada di kantor ini."))
    first, second = found[visit.pk], found[to.pk]
    if first.ended_at or second.ended_at:
        raise IllegalMove(_("Kunjungan ini sudah berakhir."))
    if not first.guest_book_at:
        raise IllegalMove(_("Buku tamu nomor ini belum diisi."))
    if seen and seen != first.guest_book_at:
        raise IllegalMove(_("Buku tamu nomor ini sudah dipindahkan. Periksa dahulu siapa yang ada di sini."))
    # All in one order, as an interruption takes them: else each may wait for a row of the other.
    services = VisitService.objects.select_for_update(of=("self",)).filter(visit__in=(first, second))
    list(services.order_by("pk").values_list("pk"))
    _exchange_rows(first, second)
    for name in WRITTEN:
        mine, theirs = getattr(first, name), getattr(second, name)
        setattr(first, name, theirs)
        setattr(second, name, mine)
    _exchange_cards(first, second)
    if first.guest_book_at:
        first.party_size, second.party_size = second.party_size, first.party_size
    else:
        second.party_size = first.party_size
    for row in (first, second):
        row.save()
        _as_signed(row, away, by=by, at=at)
    GuestBookDraft.objects.filter(visit__in=(first, second)).delete()
    trail.record("visit.book_handed_over", first, by=by, office_id=first.office_id, at=at, to=second.pk)
    publish(first.office.code, QUEUE, VISITS)


def _exchange_rows(first: Visit, second: Visit) -> None:
    for model in (Consent, DataNeed, Companion):
        mine = list(model.objects.filter(visit=first).values_list("pk", flat=True))
        model.objects.filter(visit=second).update(visit=first)
        model.objects.filter(pk__in=mine).update(visit=second)


def _exchange_cards(first: Visit, second: Visit) -> None:
    """A card that lies with us was seen in the hands of whoever stood here."""
    if any(row.deposits.exclude(what="bag").exists() for row in (first, second)):
        return
    first.card_type, second.card_type = second.card_type, first.card_type


def _as_signed(visit: Visit, away: Callable[[VisitService], bool], *, by: Actor, at: datetime) -> None:
    """The step and the clocks of a visit say what its guest book says now."""
    signed_at = visit.guest_book_at
    if signed_at:
        record_step(visit, "guest_book", by=by, at=max(signed_at, visit.arrived_at))
    elif visit.steps.filter(kind="guest_book").exists():
        VisitStep.objects.create(
            visit=visit, kind="guest_book", outcome=VisitStep.Outcome.UNDONE, at=at, by_user_id=by.user_id,
            note="wrong number",
        )  # fmt: skip
    rows = visit.services.filter(clock_start_event="guest_book").select_related("standard", "office")
    began = max(signed_at, visit.arrived_at) if signed_at else None
    for received in rows.select_for_update(of=("self",)).order_by("pk"):
        if received.clock_started_at is None and away(received):
            continue
        _clock(received, began=began, at=at)


def _clock(received: VisitService, *, began: datetime | None, at: datetime) -> None:
    """A promise that ran by somebody else's guest book is not counted: what it would have been, nobody can tell any
    more. One of a number that nobody has signed now waits for its own, unless it was late already: nothing late becomes
    kept by handing over. One that never ran begins when its own guest book was signed, whatever number that bore."""
    if received.state == VisitService.State.CANCELLED or clocks.never_counted(received):
        return
    if received.clock_started_at is None and received.clock_stopped_at is None:
        if began and clocks.start(received, "guest_book", began):
            interruptions.settle_again(received)
    elif began is None and received.state == VisitService.State.WAITING and not clocks.is_late(received, at):
        clocks.take_back(received)
    else:
        clocks.exclude(received, clocks.WRONG_NUMBER)
        received.save(update_fields=["clock_result", "clock_reason"])


def candidates(visit: Visit, office: Office) -> list[Visit]:
    """Open visits whose guest book this one's may be."""
    rows = office.visits.open().exclude(pk=visit.pk).select_related("office").prefetch_related("services")
    return list(rows.order_by("-arrived_at")[:60])
