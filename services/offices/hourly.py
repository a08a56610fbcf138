"""Something that happens again and again is said once an hour: a line in the trail, which pages show while it is true."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from services.audit import trail
from services.audit.actors import SYSTEM
from services.audit.models import AuditEntry
from services.offices.models import Office

HOUR = timedelta(hours=1)


def told(office: Office, *actions: str) -> AuditEntry | None:
    """The latest line of the last hour."""
    rows = AuditEntry.objects.filter(office=office, at__gt=timezone.now() - HOUR, action__in=actions)
    return rows.order_by("-at").first()


def tell(office: Office, action: str, at: datetime | None = None) -> bool:
    """Whether this is the first in an hour: then the line stands there. It says nothing of who, or from where."""
    if told(office, action):
        return False
    with transaction.atomic():
        Office.objects.select_for_update(no_key=True).get(pk=office.pk)
        if told(office, action):  # another process was faster
            return False
        trail.record(action, None, by=SYSTEM, office_id=office.pk, at=at)
    return True
