"""What happens in a consultation."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from consultation.models import Consultation
from services.audit import trail
from services.audit.actors import Actor
from services.guestbook.models import VisitService


class WrittenMeanwhile(Exception):
    """Somebody else saved this record after the officer opened it; `stored` is what stands there now."""

    def __init__(self, stored: Consultation):
        super().__init__(str(stored))
        self.stored = stored


@transaction.atomic
def write(received: VisitService, *, question: str, answer: str, seen: str, by: Actor) -> Consultation:
    """The one record of this consultation. `seen`: the version (`version_of`) the officer began from.

    Raises WrittenMeanwhile when the stored one is another by now and says something else.
    """
    VisitService.objects.select_for_update(no_key=True).get(pk=received.pk)  # also while there is no record
    now = timezone.now()
    record = Consultation.objects.filter(received=received).first()
    if record and version_of(record) != seen:
        if (record.question, record.answer) == (question, answer):
            return record  # the same form, sent twice
        raise WrittenMeanwhile(record)
    if record is None:
        record = Consultation(office_id=received.office_id, received=received, created_at=now)
    record.question, record.answer = question, answer
    record.updated_at, record.officer_id = now, by.user_id
    record.save()
    trail.record("consultation.saved", record, by=by, office_id=received.office_id)
    return record


def version_of(record: Consultation | None) -> str:
    """Which state of the record a form shows; empty while there is none."""
    return record.updated_at.isoformat() if record else ""
