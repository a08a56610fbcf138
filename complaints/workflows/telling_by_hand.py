"""What no channel carries, an officer tells the complainant: by telephone, letter or social media; that it was told is written down."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.models import Complaint, Message
from complaints.workflows.changing import locked, save
from services.audit.actors import Actor
from services.workflow import IllegalMove


@transaction.atomic
def told(message: Message, *, by: Actor, at: datetime | None = None) -> Message:
    """Raises IllegalMove when it was told already, or need not be."""
    at = at or timezone.now()
    complaint = locked(Complaint(pk=message.complaint_id))
    found = Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if not found.is_untold:
        raise IllegalMove(_("Ini sudah dicatat sebagai disampaikan."))
    found.told_at, found.told_by_id = at, by.user_id
    found.save(update_fields=["told_at", "told_by"])
    save(complaint, [], action="told", by=by, at=at)
    return found
