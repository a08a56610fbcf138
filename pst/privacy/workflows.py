"""Taking, fulfilling and refusing what people ask about their own data. Every function is one transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.models import Complaint
from library.models import Loan
from pst.privacy import of_complaints, retention
from pst.privacy.models import ANSWERED_WITHIN, PrivacyRequest
from pst.privacy.rules import Rule
from services.audit import trail
from services.audit.actors import Actor
from services.guestbook import contact
from services.guestbook.fields import PERSON
from services.guestbook.models import Consent, Visit, Visitor
from services.guestbook.one_person import bring_up_to_date, lock_person, news
from services.workflow import IllegalMove, add_step, move

# Keys that only the software needs.
NOT_TELLING = (
    "secret_hash",
    "submission",
    "batch",
    "book",
    "tries",
    "at_shelf",
    "known_with",
    "rater",
    "mailbox",
)


@transaction.atomic
def receive(
    visitor: Visitor, *, kind: str, channel: str, by: Actor, at: datetime | None = None
) -> PrivacyRequest:
    """The request is taken down; the same, still open, is the same. Its clock: 3 × 24 elapsed hours."""
    at = at or timezone.now()
    visitor, _others = lock_person(visitor)
    if not visitor.name:
        raise IllegalMove(_("Data tamu ini sudah dihapus."))
    if same := visitor.privacy_requests.filter(kind=kind, state=PrivacyRequest.State.OPEN).first():
        return _widened(same, channel, by=by, at=at)
    request = PrivacyRequest.objects.create(
        office_id=visitor.office_id, visitor=visitor, kind=PrivacyRequest.Kind(kind),
        channel=PrivacyRequest.Channel(channel), received_at=at, due_at=at + ANSWERED_WITHIN,
    )  # fmt: skip
    add_step(request, by=by, at=at)
    trail.record("privacy.received", request, by=by, office_id=request.office_id, at=at, kind=kind)
    return request


def _widened(request: PrivacyRequest, channel: str, *, by: Actor, at: datetime) -> PrivacyRequest:
    """Asked through the mailbox, and now at the office too: it concerns all that the office knows to be theirs. Its
    clock goes on; the trace keeps that they asked through the mailbox first."""
    if request.proven and channel != PrivacyRequest.Channel.ONLINE:
        add_step(request, by=by, at=at, why=request.channel)
        request.channel = PrivacyRequest.Channel(channel)
        request.save(update_fields=["channel"])
        trail.record("privacy.widened", request, by=by, office_id=request.office_id, at=at)
    return request


@transaction.atomic
def fulfil(request: PrivacyRequest, *, by: Actor, at: datetime | None = None) -> PrivacyRequest:
    """Done as asked. A withdrawal or erasure empties the person's record here and now."""
    at = at or timezone.now()
    erasing = request.kind in PrivacyRequest.ERASING
    people = retention.lock(lambda: _asked_for(request)) if erasing else []
    if not erasing:  # a correction follows, and locks the same
        lock_person(PrivacyRequest.objects.select_related("visitor").get(pk=request.pk).visitor)
    # As it is now: while we waited, it may have gone to another record with a merge.
    request = PrivacyRequest.objects.select_related("visitor").get(pk=request.pk)
    if erasing and Loan.objects.filter(visitor__in=people, state="out").exists():
        # What is needed for an obligation that still stands may be kept until then (UU 27/2022 art. 15, 43).
        raise IllegalMove(_("Orang ini masih membawa buku perpustakaan. Kembalikan bukunya dahulu."))
    narrow = erasing and _narrow(request)
    request = move(request, "done", by=by, at=at, topics=(), answered_at=at)
    if erasing:
        _empty(request, people, narrow, by=by, at=at)
    return request


def _asked_for(request: PrivacyRequest) -> list[Visitor]:
    """The records that a request concerns, as they stand now."""
    request = PrivacyRequest.objects.select_related("visitor").get(pk=request.pk)
    return retention.everyone(request.visitor, proven=_narrow(request))


def _narrow(request: PrivacyRequest) -> bool:
    """Asked through the mailbox, only what that mailbox proves; unless the same person waits for more, asked at the
    office: what is emptied first would hide the rest from the one who answers that."""
    if not request.proven or request.kind not in PrivacyRequest.ERASING:
        return request.proven
    mine = retention.everyone(request.visitor, proven=True)
    waiting = PrivacyRequest.objects.filter(
        visitor__in=mine, state=PrivacyRequest.State.OPEN, kind__in=PrivacyRequest.ERASING
    )
    return all(other.proven for other in waiting)


def _empty(request: PrivacyRequest, people: list[Visitor], narrow: bool, *, by: Actor, at: datetime) -> None:
    """As a withdrawal or an erasure asks for; all of them are locked."""
    if request.proven or request.steps.filter(why=PrivacyRequest.Channel.ONLINE).exists():
        contact.tell_erased(people)
    proven = retention.complaints_of(retention.everyone(request.visitor, proven=True), proven=True)
    going = of_complaints.may_empty(request, by, proven)
    retention.erase(request.visitor, by=by, why=request.kind, proven=narrow, at=at, complaints=going)
    # Nothing else can be done for records that are empty.
    for other in PrivacyRequest.objects.filter(visitor__in=people, state=PrivacyRequest.State.OPEN):
        move(other, "done", by=by, at=at, topics=(), why=request.kind, answered_at=at)


@transaction.atomic
def refuse(request: PrivacyRequest, *, answer: str, by: Actor, at: datetime | None = None) -> PrivacyRequest:
    """Not done, with the reason given to the person (UU 27/2022 art. 15, 33: what law allows to refuse). The form
    demands one; the column empties with the person's record or by its own rule."""
    at = at or timezone.now()
    return move(request, "refused", by=by, at=at, topics=(), answered_at=at, answer=answer)


@transaction.atomic
def correct(
    visitor: Visitor, *, fields: dict[str, Any], by: Actor, filled_from: Visitor | None = None
) -> Visitor:
    """The record as the person says it is right; which columns changed is noted, not their contents. `filled_from`: the
    record that stood in the form, where that is another by now."""
    filled_from = filled_from or visitor
    visitor, others = lock_person(visitor)
    if not visitor.name:
        raise IllegalMove(_("Data tamu ini sudah dihapus."))
    said = {name: fields[name] for name in PERSON if name in fields}
    changed = bring_up_to_date(visitor, others, news(said, visitor, filled_from))
    trail.record("visitor.corrected", visitor, by=by, office_id=visitor.office_id, columns=changed)
    return visitor


@transaction.atomic
def corrected_by_owner(
    visitor: Visitor, *, fields: dict[str, Any], by: Actor, at: datetime | None = None
) -> Visitor:
    """The person did it on their own page: counted with the requests, answered in the same moment. A request that is
    open at the office stays open."""
    at = at or timezone.now()
    if lock_person(visitor)[0] != visitor:  # what they proved is another mailbox
        raise IllegalMove(
            _("Data Anda baru saja digabung oleh kantor. Minta tautan baru, lalu periksa lagi.")
        )
    visitor = correct(visitor, fields=fields, by=by)
    request = PrivacyRequest.objects.create(
        office_id=visitor.office_id, visitor=visitor, kind=PrivacyRequest.Kind.CORRECTION,
        channel=PrivacyRequest.Channel.ONLINE, state=PrivacyRequest.State.DONE, received_at=at,
        due_at=at + ANSWERED_WITHIN, answered_at=at,
    )  # fmt: skip
    add_step(request, by=by, at=at)
    return visitor


def everything(
    visitor: Visitor,
    *,
    proven: bool = False,
    named: bool = False,
    complaints: QuerySet[Complaint] | None = None,
) -> dict[str, Any]:
    """All that leads to the person, by table, for whoever asks to see it. Keys of rows and links are left out.
    `proven`: what their mailbox shows to be theirs; `named`: and is not somebody else's with that mailbox. `complaints`: those
    that whoever looks may read; None: it is the person."""
    people = retention.everyone(visitor, proven=proven)
    visits = Visit.objects.filter(visitor__in=people).order_by("arrived_at")
    consents = Consent.objects.filter(visitor__in=people).order_by("at")
    found: dict[str, Any] = {
        "office": str(visitor.office),
        "visits": list(
            visits.annotate(
                service_names=StringAgg("services__service__name", ", ", order_by="services__pk")
            ).values(
                "day", "service_names", "arrived_at", "ended_at", "party_size", "use_of_data", "card_type"
            )
        ),
        "consents": list(consents.values("wording__version", "given", "at", "channel", "guardian")),
    }
    lodged = retention.complaints_of(people, proven=proven, named=named)
    seen = lodged if complaints is None else lodged.filter(pk__in=complaints.values("pk"))
    hidden = lodged.exclude(pk__in=seen.values("pk"))
    for rule, rows in retention.rows_about(people, seen, hidden, proven=proven, named=named):
        found |= _told(rule, rows)
    return found


def complaints_told(complaints: QuerySet[Complaint]) -> dict[str, Any]:
    """The same of complaints that lead to no record of an office."""
    found: dict[str, Any] = {}
    for rule, rows in retention.rows_of_complaints(complaints):
        found |= _told(rule, rows)
    return found


def _told(rule: Rule, rows: QuerySet) -> dict[str, list[Any]]:
    for column, value in rule.not_told.items():
        rows = rows.exclude(**{column: value})
    columns = (*rule.told, *rule.personal, *rule.statistics)
    telling = [name for name in columns if name not in (*NOT_TELLING, *rule.untold)]
    return {rule.table: list(rows.values(*telling))} if telling else {}
