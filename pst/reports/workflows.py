"""How an office's reports look."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from pst.reports.models import Letterhead
from services.audit import trail
from services.audit.actors import Actor
from services.offices.models import Office


@transaction.atomic
def save_letterhead(letterhead: Letterhead, *, changed: Iterable[str], by: Actor) -> Letterhead:
    """Who signs is a name: the trail says that it changed, not to what."""
    Office.objects.select_for_update(of=("self",)).get(pk=letterhead.office_id)
    kept = Letterhead.objects.filter(office_id=letterhead.office_id).first()
    letterhead.pk = kept.pk if kept else None
    letterhead.save()
    trail.record(
        "report.letterhead", letterhead, by=by, office_id=letterhead.office_id, fields=sorted(changed)
    )
    return letterhead
