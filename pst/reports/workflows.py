"""How an office's reports look."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from pst.reports.models import Letterhead
from services.audit import trail
from services.audit.actors import Actor
from services.audit.settings import values
from services.offices.models import Office
from services.offices.settings import as_seen

LETTERHEAD = ("lines", "place", "signer_title", "signer_name", "signer_number")


@transaction.atomic
def save_letterhead(
    letterhead: Letterhead, *, changed: Iterable[str], by: Actor, seen: str = ""
) -> Letterhead:
    """Who signs is a name: the trail says that it changed, not to what. Raises SomebodyElse when it is not as it was `seen`."""
    Office.objects.select_for_update(no_key=True).get(pk=letterhead.office_id)
    kept = Letterhead.objects.filter(office_id=letterhead.office_id).first()
    as_seen(seen, values(kept or Letterhead(office_id=letterhead.office_id), LETTERHEAD))
    letterhead.pk = kept.pk if kept else None
    letterhead.save()
    trail.record(
        "report.letterhead", letterhead, by=by, office_id=letterhead.office_id, fields=sorted(changed)
    )
    return letterhead
