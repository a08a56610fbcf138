"""Lines of the trace that are not there for whoever looks, because of what they would tell.

- That somebody complained of them (complaints/visibility.py, docs/decisions/038): lines about the complaint, about mails and
  messages of it, and that a consultation became it. The lists of these have no such rows either.
- When a visitor answered the survey or gave stars: beside the visits of that minute the line would say who it was
  (docs/decisions/039; the list of stars is in a drawn order for the same reason).
"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from complaints import outgoing
from complaints.models import Complaint
from consultation.models import Consultation, IncomingMail
from services.accounts.models import User
from services.audit.models import AuditEntry
from services.mail.models import Outgoing
from services.whatsapp.models import OutgoingWhatsApp

GIVEN = ("survey.answered", "rating.given")


def readable(rows: QuerySet[AuditEntry], viewer: User) -> QuerySet[AuditEntry]:
    rows = rows.exclude(Q(action__in=GIVEN) & ~Q(actor="officer"))
    about = dict(Complaint.objects.filter(about=viewer).values_list("pk", "consultation"))
    if not about:
        return rows
    rows = rows.exclude(target_type=outgoing.LABEL, target_id__in=list(about))
    of_it = outgoing.of(Complaint.objects.filter(pk__in=list(about)))
    for found in (
        Outgoing.objects.filter(of_it),
        OutgoingWhatsApp.objects.filter(of_it),
        IncomingMail.objects.filter(about_type=outgoing.LABEL, about_id__in=list(about)),
    ):
        keys = list(found.order_by().values_list("pk", flat=True))
        rows = rows.exclude(target_type=found.model._meta.label_lower, target_id__in=keys)
    came_from = Consultation.objects.filter(number__in=[number for number in about.values() if number])
    keys = list(came_from.values_list("pk", flat=True))
    return rows.exclude(action="consultation.complaint", target_id__in=keys)
