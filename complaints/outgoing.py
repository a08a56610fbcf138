"""Messages about complaints among what goes out; who is shown them: complaints.visibility.told_of."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from complaints.models import Complaint, Message, Privacy
from services.mail.models import Outgoing
from services.whatsapp.models import OutgoingWhatsApp

LABEL, SAID = Complaint._meta.label_lower, Message._meta.label_lower
# Those to officers show no complainant's address.
TO_OFFICERS = ("complaint_new", "complaint_wrote", "complaint_assigned", "complaint_late")


def of(complaints: QuerySet[Complaint]) -> Q:
    """Mails and WhatsApp messages about these."""
    keys = complaints.order_by().values("pk")
    said = Message.objects.filter(complaint__in=keys).order_by().values("pk")
    return Q(about_type=LABEL, about_id__in=keys) | Q(about_type=SAID, about_id__in=said)


def with_hidden_address(rows: Iterable[Outgoing | OutgoingWhatsApp]) -> set[int]:
    """Keys of those (all mails, or all messages) to the complainant of a confidential one: whose it is, is asked for on purpose
    (visibility.identity)."""
    rows = [row for row in rows if row.about_type in (LABEL, SAID) and row.kind not in TO_OFFICERS]
    if not rows:
        return set()
    secret = of(Complaint.objects.filter(privacy=Privacy.CONFIDENTIAL))
    found = type(rows[0])._default_manager.filter(secret, pk__in=[row.pk for row in rows])
    return set(found.values_list("pk", flat=True))
