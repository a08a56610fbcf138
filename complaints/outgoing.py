"""Mails about complaints in the list of what goes out: shown, stopped and sent again by those who may read the complaint."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from complaints.models import Complaint, Message, Privacy
from complaints.models.record import ComplaintQuerySet
from services.mail.models import Outgoing

LABEL, SAID = Complaint._meta.label_lower, Message._meta.label_lower
# Those to officers show no complainant's address.
TO_OFFICERS = ("complaint_new", "complaint_wrote", "complaint_assigned", "complaint_late")


def of(complaints: QuerySet[Complaint]) -> Q:
    """Mails about these."""
    keys = complaints.order_by().values("pk")
    said = Message.objects.filter(complaint__in=keys).order_by().values("pk")
    return Q(about_type=LABEL, about_id__in=keys) | Q(about_type=SAID, about_id__in=said)


def readable(rows: QuerySet[Outgoing], seen: ComplaintQuerySet) -> QuerySet[Outgoing]:
    """Of these rows everything else, and of the mails about complaints those about what is seen."""
    return rows.filter(~Q(about_type__in=(LABEL, SAID)) | of(seen))


def with_hidden_address(rows: Iterable[Outgoing]) -> set[int]:
    """Keys of those to the complainant of a confidential one: whose it is, is asked for on purpose (visibility.identity)."""
    keys = [row.pk for row in rows if row.about_type in (LABEL, SAID) and row.kind not in TO_OFFICERS]
    if not keys:
        return set()
    secret = Complaint.objects.filter(privacy=Privacy.CONFIDENTIAL)
    return set(Outgoing.objects.filter(of(secret), pk__in=keys).values_list("pk", flat=True))
