"""What an officer has typed so far into a guest book: kept on the server, so that a crash or another desk loses nothing.

Only after the visitor agreed, and only until the signature or the end of the visit (UU 27/2022: no longer than needed).
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import QueryDict
from django.utils import timezone

from services.guestbook.forms import GuestBookForm
from services.guestbook.models import GuestBookDraft, Visit

LONGEST = 5_000  # characters of one field; what is longer will be refused by the form anyway


@transaction.atomic
def keep(visit: Visit, form: GuestBookForm, typed: QueryDict) -> GuestBookDraft | None:
    """Store what stands in the form. Without a yes, or for a visit signed or over, nothing is kept, and what was is gone."""
    visit = Visit.objects.select_for_update(no_key=True).get(pk=visit.pk)
    if visit.guest_book_at or visit.ended_at or typed.get("consent") != "yes":
        GuestBookDraft.objects.filter(visit=visit).delete()
        return None
    if form.child_alone(typed):
        GuestBookDraft.objects.filter(visit=visit).delete()
        return None
    values: dict[str, Any] = {
        name: typed.getlist(name)[:50] if name == "also" else typed.get(name, "")[:LONGEST]
        for name in form.fields
        if name in typed
    } | {"known": typed.get("known", "")[:200]}
    draft, _new = GuestBookDraft.objects.update_or_create(
        visit=visit, defaults={"values": _plain(values), "saved_at": timezone.now()}
    )
    return draft


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """PostgreSQL stores no NUL in text."""
    return {
        k: [v.replace("\0", "") for v in x] if isinstance(x, list) else x.replace("\0", "")
        for k, x in values.items()
    }
