"""How a consultation is filed: its tags, its number in another system."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from consultation.models import Consultation
from consultation.workflows.changing import locked, topics
from services.audit import trail
from services.audit.actors import Actor
from services.live.publish import publish

MOST_TAGS, LONGEST_TAG = 12, 60


def read_tags(typed: str) -> list[str]:
    """ "PDRB, KBLI 47111": each once, without regard to capitals and spaces around."""
    tags: dict[str, str] = {}
    for tag in typed.replace(";", ",").replace("\n", ",").split(","):
        words = " ".join(tag.split())[:LONGEST_TAG]
        if words:
            tags.setdefault(words.casefold(), words)
    return list(tags.values())[:MOST_TAGS]


@transaction.atomic
def file(
    consultation: Consultation,
    *,
    tags: Iterable[str],
    reference: str,
    subject: str = "",
    by: Actor,
    at: datetime | None = None,
) -> Consultation:
    """What the list and the search find it by. An empty subject stays as it was."""
    at = at or timezone.now()
    found = locked(consultation)
    new = {"tags": list(tags), "reference": reference.strip(), "subject": subject.strip() or found.subject}
    changed = sorted(name for name, value in new.items() if getattr(found, name) != value)
    if not changed:
        return found
    Consultation.objects.filter(pk=found.pk).update(**new, updated_at=at)
    trail.record("consultation.filed", found, by=by, office_id=found.office_id, at=at, changed=changed)
    publish(found.office.code, *topics(found))
    return locked(found)
