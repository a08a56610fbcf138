"""The complainant fetches the secret of a complaint that somebody else wrote down."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from complaints import claims
from complaints.models import Complaint
from complaints.workflows.changing import locked
from complaints.workflows.lodging import hash_secret
from services.audit import trail
from services.audit.actors import VISITOR
from services.codes import readable


def standing(token: str) -> Complaint | None:
    """The complaint this address still tells the secret of."""
    read = claims.read(token)
    if read is None:
        return None
    pk, part = read
    found = Complaint.objects.select_related("office", "place").filter(pk=pk).first()
    return found if found and constant_time_compare(found.secret_hash[: claims.PART], part) else None


@transaction.atomic
def claim(token: str, *, at: datetime | None = None) -> tuple[Complaint, str] | None:
    """The complaint with a new secret; an older one, and this address, hold good no longer. None: it did not any more."""
    found = standing(token)
    if found is None:
        return None
    row = locked(found)
    if row.secret_hash != found.secret_hash:  # two taps: the first one has it
        return None
    secret = "-".join(readable(4) for _part in range(3))
    row.secret_hash = hash_secret(secret)
    row.save(update_fields=["secret_hash"])
    trail.record("complaint.claimed", row, by=VISITOR, office_id=row.place_id, at=at or timezone.now())
    return row, secret
