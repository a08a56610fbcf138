"""Complaints among what is kept about a person: behind the wall of complaints.visibility, also here.

Whoever works at a desk may take down a request in anybody's name. So the desk is shown the complaints that this officer may
read anyway, and empties no others; the person, who has shown their mailbox, sees all of theirs and may have them emptied.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from complaints import notices, outgoing, visibility
from complaints.models import Complaint
from complaints.workflows import ending
from consultation.models import IncomingMail
from pst.privacy.models import PrivacyRequest
from services.audit.actors import Actor
from services.mail.models import Outgoing
from services.whatsapp.models import OutgoingWhatsApp

WAYS = {"complaints.Complaint": "pk", "complaints.ComplaintStep": "subject"}


def holds(table: str) -> bool:
    """Whether a table is one of complaints."""
    return table.startswith("complaints.")


def rows_of(table: str, rows: QuerySet, complaints: QuerySet[Complaint]) -> QuerySet:
    """Of these rows of a table of complaints, those of these complaints."""
    return rows.filter(**{f"{WAYS.get(table, 'complaint')}__in": complaints.order_by().values("pk")})


def without(table: str, rows: QuerySet, seen: QuerySet[Complaint], hidden: QuerySet[Complaint]) -> QuerySet:
    """Of any other table: without the messages about what is hidden, and without mails that answer any but what is seen, whoever
    sent them."""
    if table == IncomingMail._meta.label:
        return rows.exclude(Q(about_type=outgoing.LABEL) & ~Q(about_id__in=seen.order_by().values("pk")))
    sent = (Outgoing._meta.label, OutgoingWhatsApp._meta.label)
    return rows.exclude(outgoing.of(hidden)) if table in sent else rows


def may_empty(request: PrivacyRequest, by: Actor, proven: QuerySet[Complaint]) -> QuerySet[Complaint]:
    """Those that go with this request: what the officer who fulfils it may read, and, asked through the person's own
    mailbox, what that mailbox proves."""
    theirs = Q(pk__in=visibility.of_officer(by, request.office).values("pk"))
    if request.proven:
        theirs |= Q(pk__in=proven.order_by().values("pk"))
    return Complaint.objects.filter(theirs)


def end(pks: list[int], *, by: Actor, at: datetime | None) -> None:
    """Before they are emptied: no clock runs for what is empty, and nothing is sent to whoever complained."""
    for pk in sorted(pks):
        ending.erased(Complaint(pk=pk), by=by, at=at)
    about = outgoing.of(Complaint.objects.filter(pk__in=pks))
    Outgoing.objects.filter(about).exclude(kind__in=outgoing.TO_OFFICERS).delete()
    OutgoingWhatsApp.objects.filter(about).delete()
    IncomingMail.objects.filter(about_type=outgoing.LABEL, about_id__in=pks).delete()


def tell_kept(complaints: QuerySet[Complaint], *, at: datetime) -> None:
    """Whoever complained hears that the rest is erased and this is not (UU 27/2022 art. 15)."""
    for complaint in complaints.select_related("office", "place").order_by("pk"):
        notices.kept(complaint, at=at)
