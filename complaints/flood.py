"""Somebody keeps sending: slowed by address (services/accounts/limits.py), and the staff are told once an hour."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from services.audit import trail
from services.audit.actors import SYSTEM
from services.audit.models import AuditEntry
from services.live.publish import COMPLAINTS, publish
from services.offices.models import Office

ACTION = "complaint.flood"
ONCE_IN = timedelta(hours=1)


def told(office: Office) -> AuditEntry | None:
    """What the desk's list says, while it is true."""
    rows = AuditEntry.objects.filter(office=office, at__gt=timezone.now() - ONCE_IN, action=ACTION)
    return rows.order_by("-at").first()


def tell(office: Office) -> None:
    """A line in the trail, once an hour: nothing of the address, nor of what was written."""
    if told(office):
        return
    with transaction.atomic():
        Office.objects.select_for_update(of=("self",)).get(pk=office.pk)
        if told(office) is None:  # else another process was faster
            trail.record(ACTION, None, by=SYSTEM, office_id=office.pk)
            publish(office.code, COMPLAINTS)
