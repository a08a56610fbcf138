"""The consultation in the office: the visitor's question and what the officer told them (requirement row 22)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from consultation.models import Channel, Consultation, Message
from consultation.workflows.opening import next_number, subject_of
from services.audit import trail
from services.audit.actors import Actor
from services.guestbook.models import VisitService
from services.workflow import add_step

State = Consultation.State


class WrittenMeanwhile(Exception):
    """Somebody else saved this record after the officer opened it; `stored` is what stands there now."""

    def __init__(self, stored: Consultation):
        super().__init__(str(stored))
        self.stored = stored


def said(record: Consultation | None) -> tuple[str, str]:
    """The question and the answer, as the officer wrote them down."""
    if record is None:
        return "", ""
    first = {m.kind: m.body for m in record.messages.filter(channel=Channel.ONSITE).order_by("-at", "-id")}
    return first.get(Message.Kind.VISITOR, ""), first.get(Message.Kind.OFFICER, "")


@transaction.atomic
def write(
    received: VisitService, *, question: str, answer: str, seen: str, by: Actor, at: datetime | None = None
) -> Consultation:
    """The one record of this consultation. `seen`: the version (`version_of`) the officer began from.

    Answered in the office it is over; without an answer it stays the officer's, and goes on by mail or telephone. The
    clock of a visit is the visit's own (services/guestbook/clocks.py). Raises WrittenMeanwhile when the stored one is
    another by now and says something else.
    """
    VisitService.objects.select_for_update(no_key=True).get(pk=received.pk)  # also while there is no record
    now = at or timezone.now()
    record = Consultation.objects.filter(received=received).select_related("officer").first()
    if record and version_of(record) != seen:
        if said(record) == (question, answer):
            return record  # the same form, sent twice
        raise WrittenMeanwhile(record)
    record = record or _begun(received, question, by, now)
    record.updated_at, record.officer_id = now, by.user_id
    record.subject = subject_of("", question)
    before = record.state
    if record.state in (State.ASSIGNED, State.CLOSED):
        record.state = State.CLOSED if answer else State.ASSIGNED
        record.ended_at = now if answer else None
        record.first_answered_at = (record.first_answered_at or now) if answer else None
    record.save()
    _put(record, Message.Kind.VISITOR, question, now, None)
    _put(record, Message.Kind.OFFICER, answer, now, by.user_id)
    if record.state != before or not record.steps.exists():
        add_step(record, by=by, at=now)
    trail.record("consultation.saved", record, by=by, office_id=received.office_id)
    return record


def _begun(received: VisitService, question: str, by: Actor, at: datetime) -> Consultation:
    visit = received.visit
    return Consultation.objects.create(
        office_id=received.office_id, number=next_number(visit.office, at), received=received, service=received.service,
        standard=received.standard, channel=Channel.ONSITE, state=State.ASSIGNED, visitor=visit.visitor,
        use_of_data=visit.use_of_data, subject=subject_of("", question), officer_id=by.user_id,
        submitted_at=received.started_at or at, updated_at=at,
    )  # fmt: skip


def _put(record: Consultation, kind: str, body: str, at: datetime, user_id: int | None) -> None:
    """What was written down may be corrected while the visitor sits there."""
    there = record.messages.filter(kind=kind, channel=Channel.ONSITE).order_by("at", "id").first()
    if there is None and body:
        Message.objects.create(
            consultation=record, kind=kind, channel=Channel.ONSITE, body=body, at=at, by_user_id=user_id
        )
    elif there and there.body != body:
        there.body, there.by_user_id = body, user_id
        there.save(update_fields=["body", "by_user_id"]) if body else there.delete()


def version_of(record: Consultation | None) -> str:
    """Which state of the record a form shows; empty while there is none."""
    return record.updated_at.isoformat() if record else ""
