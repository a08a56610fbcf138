"""Who may read a publication's softcopy, and from when on anybody may know of the publication."""

from __future__ import annotations

import json
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from library.models import Publication
from services.audit import trail
from services.audit.actors import Actor
from services.offices.models import Office
from services.workflow import IllegalMove


def access_seen(publication: Publication) -> str:
    return f"{publication.access} {publication.embargo_until or 'now'}"


@transaction.atomic
def set_access(
    publication: Publication, *, access: str, embargo_until: Any, office: Office, by: Actor, seen: str = ""
) -> None:
    """Who may read it, and from when on anybody may know of it. `seen`: access_seen() of what the form showed, or whoever
    kept it open would lift an embargo that was set meanwhile. Raises IllegalMove."""
    rows = Publication.objects.select_for_update(of=("self",)).defer("search", "abstract")
    locked = rows.filter(pk=publication.pk).first()
    if locked is None or (locked.access, locked.embargo_until) == (access, embargo_until):
        return
    if seen and seen != access_seen(locked):
        raise IllegalMove(_("Petugas lain baru saja mengubah data ini. Bandingkan, lalu simpan lagi."))
    was = {"access": locked.access, "embargo_until": str(locked.embargo_until or "")}
    locked.access, locked.embargo_until = access, embargo_until
    locked.save(update_fields=["access", "embargo_until", "updated_at"])
    now = {"access": access, "embargo_until": str(embargo_until or "")}
    trail.record(
        "publication.access", locked, by=by, office_id=office.pk, was=json.dumps(was), now=json.dumps(now)
    )
