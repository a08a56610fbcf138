"""Everything that happens to a visit, each as one function in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from services.audit import trail
from services.audit.actors import Actor
from services.guestbook import clocks, interruptions
from services.guestbook.models import (
    Companion,
    Consent,
    ConsentWording,
    DataNeed,
    GuestBookDraft,
    Visit,
    Visitor,
    VisitService,
    VisitStep,
)
from services.guestbook.one_person import record_of
from services.live.publish import VISITS, publish
from services.offices.models import Office, Service
from services.offices.rules import Rules
from services.recording import about_to_change, was_added
from services.workflow import IllegalMove, add_step, move


@transaction.atomic(savepoint=False)
def arrive(
    *,
    office: Office,
    service: Service,
    by: Actor,
    number: str = "",
    party_size: int = 1,
    language: str = "id",
    origin: str | None = None,
    at: datetime | None = None,
) -> Visit:
    """Somebody came for a service: an anonymous visit under the standard in force now.

    Without a number (a standard without a queue, or a walk-in) the visit appears on the desk at once.
    """
    at = at or timezone.now()
    visit = Visit.objects.create(
        office=office, day=office.today(at), arrived_at=at, party_size=party_size, language=language[:2],
        origin=origin,
    )  # fmt: skip
    visit.main = receive(visit=visit, service=service, by=by, number=number, at=at)
    return visit


def expected(service: Service, at: datetime) -> Visit:
    """A visit that is not stored yet: its form can be shown before anybody is known to have come."""
    visit = Visit(office=service.office, day=service.office.today(at), arrived_at=at)
    visit.main = VisitService(office=service.office, service=service, standard=service.standard)
    return visit


def arrive_once(
    *,
    office: Office,
    service: Service,
    submission: str,
    by: Actor,
    language: str = "id",
    at: datetime | None = None,
) -> Visit:
    """As `arrive` without a number; the same `submission` key (a double tap, a retry) gives the same visit."""
    if existing := arrived(office, submission):
        return existing
    origin = origin_of(office, submission)
    try:
        with transaction.atomic():
            visit = arrive(office=office, service=service, by=by, language=language, origin=origin, at=at)
            if at and visit.main:  # a form that lay open since then
                interruptions.settle_again(visit.main)
            return visit
    except IntegrityError:  # the double tap's first request was faster; its visit is the answer to both
        return office.visits.get(origin=origin)


def arrived(office: Office, submission: str) -> Visit | None:
    """The visit that `arrive_once` opened for this submission, if it did."""
    return office.visits.filter(origin=origin_of(office, submission)).first()


def origin_of(office: Office, submission: str) -> str:
    """Stands in the visit that this submission opens."""
    return salted_hmac("guestbook.arrive_once", f"{office.pk}:{submission}").hexdigest()[:32]


def expect(visit: Visit, service: Service, at: datetime, *events: str) -> VisitService:
    """The service received, as it will be stored: under the standard in force, with its clock wound. `events`: what
    happened just now (clocks)."""
    received = VisitService(visit=visit, office=visit.office, service=service, standard=service.standard)
    clocks.wind(received, at, *events)
    return received


@transaction.atomic(savepoint=False)
def receive(*, visit: Visit, service: Service, by: Actor, number: str = "", at: datetime) -> VisitService:
    """The visit is (also) for this service. Its clock is wound, and starts with its own event."""
    # Whoever signed already wants this service from now on: what counts from the guest book counts from here.
    events = ("arrival", "guest_book") if visit.guest_book_at else ("arrival",)
    received = expect(visit, service, at, *events)
    received.number = number
    received.save()
    was_added(received, "state", "clock_started_at")
    add_step(received, by=by, at=at)
    trail.record("visit.arrived", visit, by=by, office_id=visit.office_id, at=at, service=service.slug)
    publish(visit.office.code, VISITS)
    return received


@transaction.atomic
def add_service(
    *, visit: Visit, service: Service, by: Actor, from_paper: bool = False, at: datetime | None = None
) -> VisitService:
    """The visitor, who is here already, also wants this service. A second tap gives the same row. `from_paper`: since
    when, nobody measured (docs/decisions/017)."""
    visit = _open(visit)
    if same := visit.services.filter(service=service, state__in=("waiting", "serving")).first():
        return same
    received = receive(visit=visit, service=service, by=by, at=at or timezone.now())
    if from_paper:
        clocks.exclude(received, clocks.MANUAL_ENTRY)
        received.save(update_fields=["clock_result", "clock_reason"])
    return received


def _open(visit: Visit) -> Visit:
    """Lock a visit that is not over. Raises IllegalMove for one that is."""
    visit = Visit.objects.select_for_update(of=("self",)).select_related("office").get(pk=visit.pk)
    if visit.ended_at:
        raise IllegalMove(_("Kunjungan ini sudah berakhir."))
    return visit


@transaction.atomic
def record_step(
    visit: Visit,
    kind: str,
    *,
    by: Actor,
    at: datetime | None = None,
    skipped: bool = False,
    note: str = "",
) -> VisitStep:
    """A step of the procedure happened, or was passed over. Once: a repeated tap changes nothing."""
    at = at or timezone.now()
    outcome = VisitStep.Outcome.SKIPPED if skipped else VisitStep.Outcome.DONE
    Visit.objects.select_for_update().get(pk=visit.pk)
    last = visit.steps.filter(kind=kind).last()
    if last and last.outcome != VisitStep.Outcome.UNDONE and (last.outcome == outcome or skipped):
        return last  # what happened cannot be passed over any more: a bag in our hands stays in our hands
    step = VisitStep.objects.create(
        visit=visit,
        kind=kind,
        outcome=outcome,
        at=at,
        by_user_id=by.user_id,
        by_device_id=by.device_id,
        note=note,
    )
    was_added(step)
    trail.record(f"visit.step.{kind}", visit, by=by, office_id=visit.office_id, at=at, outcome=outcome)
    publish(visit.office.code, VISITS)
    return step


@transaction.atomic
def sign(
    *,
    visit: Visit,
    person: dict[str, Any],
    answers: dict[str, Any],
    consent: bool,
    wording: ConsentWording,
    channel: str,
    by: Actor,
    visitor: Visitor | None = None,
    guardian: str = "",
    needs: Sequence[dict[str, str]] = (),
    companions: Sequence[str] = (),
    at: datetime | None = None,
) -> Visit:
    """The guest book is filled in. Starts the clocks that run from it.

    `visitor`: somebody recognised, whose record takes the new answers. `guardian`: who agreed for a child. `needs`: rows of the data wanted. `companions`: names of the group.

    Without consent nothing about the person is kept: only the party size and the service (the minimum
    record); the visitor is served all the same (UU 27/2022).
    Raises IllegalMove when the book was already signed for this visit, so that nobody overwrites a stranger.
    From paper, whenever it is typed in, it counts as signed on arrival: neither before the visit nor after its end.
    """
    at = at or timezone.now()
    visit = Visit.objects.select_for_update(of=("self",)).select_related("office").get(pk=visit.pk)
    # What was written on paper is entered when the visit is long over.
    if visit.ended_at and not visit.guest_book_at and channel != Visit.Channel.PAPER:
        raise IllegalMove(_("Kunjungan ini sudah berakhir."))
    if visit.guest_book_at:
        raise IllegalMove(_("Buku tamu untuk kunjungan ini sudah diisi."))
    signed_at = visit.arrived_at if channel == Visit.Channel.PAPER else at
    if consent:
        visit.visitor = record_of(visit.office, visitor, person, at)
    for field in ("party_size", "use_of_data", "card_type", "complained_before"):
        if field in answers:
            setattr(visit, field, answers[field])
    visit.guest_book_at, visit.guest_book_channel = signed_at, channel
    visit.save()
    Consent.objects.create(
        visit=visit, visitor=visit.visitor, wording=wording, given=consent, at=signed_at, channel=channel,
        guardian=guardian,
    )  # fmt: skip
    if consent:
        DataNeed.objects.bulk_create([DataNeed(visit=visit, **need) for need in needs])
        Companion.objects.bulk_create([Companion(visit=visit, name=name) for name in companions])
    GuestBookDraft.objects.filter(visit=visit).delete()
    record_step(visit, "guest_book", by=by, at=signed_at)
    _start_clocks(visit, at, from_paper=channel == Visit.Channel.PAPER)
    trail.record("visit.signed", visit, by=by, office_id=visit.office_id, at=at, consent=consent)
    return visit


def _start_clocks(visit: Visit, at: datetime, *, from_paper: bool) -> None:
    """Those that run from the guest book. Of paper nobody measured when it was really signed: these are not counted
    (docs/decisions/017)."""
    rows = visit.services.select_related("standard", "office")
    for received in rows.select_for_update(of=("self",)).order_by("pk"):
        if not from_paper:
            clocks.start(received, "guest_book", at)
        elif (
            received.clock_start_event == clocks.GUEST_BOOK
            and received.clock_result == VisitService.Result.NONE
        ):
            clocks.exclude(received, clocks.MANUAL_ENTRY)
            received.save(update_fields=["clock_result", "clock_reason"])


def card_to_check(visit: Visit) -> bool:
    """Whether the standard wants a card looked at (requirement row 6) that nobody has noted yet.

    Of a visitor who refused consent only the minimum is kept, so there is nothing to note.
    """
    rules = visit.main.standard.rules if visit.main and visit.main.standard else Rules()
    return bool(rules.identity_card and visit.visitor_id and not visit.card_type and not visit.ended_at)


@transaction.atomic
def note_card(visit: Visit, *, card_type: str, by: Actor) -> Visit:
    """The type of the card that was shown, never its number. Raises IllegalMove when it is noted already."""
    visit = _open(visit)
    if not card_to_check(visit):
        raise IllegalMove(_("Kartu untuk kunjungan ini sudah dicatat."))
    visit.card_type = card_type
    visit.save(update_fields=["card_type"])
    trail.record("visit.card_checked", visit, by=by, office_id=visit.office_id, card_type=card_type)
    publish(visit.office.code, VISITS)
    return visit


@transaction.atomic
def start_service(received: VisitService, *, by: Actor, at: datetime | None = None) -> VisitService:
    """The officer begins to serve: the clock stops, kept or missed is stored."""
    at = at or timezone.now()
    _open(received.visit)
    received = VisitService.objects.select_for_update(of=("self",)).get(pk=received.pk)
    return move(
        received,
        "serving",
        by=by,
        at=at,
        topics=(VISITS,),
        started_at=received.started_at or at,
        ended_at=None,
        officer_id=by.user_id,
        **clocks.stopped(received, at),
    )


@transaction.atomic
def end_service(received: VisitService, *, by: Actor, at: datetime | None = None) -> VisitService:
    """The service itself is over; rating, bag and card follow in the office's own order."""
    at = at or timezone.now()
    received = move(received, "done", by=by, at=at, topics=(VISITS,), ended_at=at)
    if not received.visit.services.filter(state__in=("waiting", "serving")).exists():
        record_step(received.visit, "service", by=by, at=at)
    return received


@transaction.atomic
def cancel_service(
    received: VisitService, *, why: str, by: Actor, at: datetime | None = None
) -> VisitService:
    """The visitor goes without this service. `why` is a code of Visit.EndReason: a report reads one language."""
    return move(
        received, "cancelled", by=by, at=at, why=why, topics=(VISITS,), **clocks.dropped(received, why)
    )


@transaction.atomic
def close(
    visit: Visit, *, by: Actor, reason: str = Visit.EndReason.FINISHED, at: datetime | None = None
) -> Visit:
    """The explicit end of the visit. Only something of the visitor's still in our hands stands in the way.

    Raises IllegalMove then (domain.md §6 "rating never blocks": nothing else does). Services still open are
    ended or cancelled with it. The closing of the day passes over a deposit, which stays open and alerts.
    """
    at = at or timezone.now()
    visit = Visit.objects.select_for_update(of=("self",)).select_related("office").get(pk=visit.pk)
    if visit.ended_at:
        return visit
    if visit.held_items and reason != Visit.EndReason.DAY_END:
        raise IllegalMove(
            _("Masih ada tas atau kartu yang belum dikembalikan. Kembalikan dahulu, lalu akhiri kunjungan.")
        )
    served = visit.services.filter(state__in=("serving", "done")).exists()
    if reason == Visit.EndReason.LEFT and served:
        reason = Visit.EndReason.FINISHED  # who was served did not leave before being served
    _end_open_services(visit.services.all(), visit, by=by, reason=reason, at=at)
    GuestBookDraft.objects.filter(visit=visit).delete()
    about_to_change(visit, "ended_at", "end_reason")
    visit.ended_at, visit.end_reason = at, reason
    visit.save(update_fields=["ended_at", "end_reason"])
    record_step(visit, "finish", by=by, at=at)
    trail.record("visit.closed", visit, by=by, office_id=visit.office_id, at=at, reason=reason)
    publish(visit.office.code, VISITS)
    return visit


def _end_open_services(
    services: Iterable[VisitService], visit: Visit, *, by: Actor, reason: str, at: datetime
) -> None:
    for received in services:
        if received.state == "serving":
            end_service(received, by=by, at=at)
        elif received.state == "waiting":
            cancel_service(received, why=reason, by=by, at=at)
