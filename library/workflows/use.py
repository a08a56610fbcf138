"""What happens in the library."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from library.models import LibraryUse
from services.audit import trail
from services.audit.actors import Actor
from services.guestbook.models import VisitService


@transaction.atomic
def note_use(received: VisitService, *, kind: str, what: str, submission: str, by: Actor) -> LibraryUse:
    """A use of the library in this visit. The same `submission` again changes nothing."""
    noted, new = LibraryUse.objects.get_or_create(
        received=received,
        submission=submission,
        defaults={
            "office_id": received.office_id,
            "kind": kind,
            "what": what,
            "at": timezone.now(),
            "by_user_id": by.user_id,
        },
    )
    if new:
        trail.record("library.used", noted, by=by, office_id=received.office_id, kind=kind)
    return noted
