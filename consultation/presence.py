"""Who has a thread open, who is writing an answer, and what was typed so far."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from consultation.models import Consultation, Presence
from consultation.workflows.changing import topics
from services.accounts.models import User
from services.live.publish import publish

LONGEST_DRAFT = 20_000


def fresh(present: Iterable[Presence], user: User, at: datetime) -> list[Presence]:
    """Colleagues who look at it now, those who write first."""
    others = [p for p in present if p.user_id != user.pk and p.at > at - Presence.FRESH]
    return sorted(others, key=lambda p: (not p.writing, str(p.user)))


def look(
    consultation: Consultation, user: User, at: datetime, *, typed: str | None = None, writing: bool = False
) -> Presence:
    """This officer has it open. `typed`: what stands in the field now, None: unknown. Colleagues' screens are woken when
    somebody begins or stops writing, not at each letter."""
    before = consultation.presences.filter(user=user).first()
    was = bool(before and before.writing and before.at > at - Presence.FRESH)
    new = {"at": at, "writing": writing} | ({} if typed is None else {"draft": typed[:LONGEST_DRAFT]})
    found, _new = Presence.objects.update_or_create(consultation=consultation, user=user, defaults=new)
    if was != writing:
        publish(consultation.office.code, topics(consultation)[1])
    return found


def already_said(consultation: Consultation, user: User, *, seen: int, typed: str) -> bool:
    """Whether what stands in the field went out already, after the message `seen`: a page that is being left still says
    what was typed into it, and an answer that was sent would come back as a draft."""
    begun = _lines(typed)
    rows = consultation.messages.filter(pk__gt=seen, by_user=user).values_list("body", flat=True)
    return bool(begun) and any(_lines(body).startswith(begun) for body in rows)


def _lines(text: str) -> str:
    """Browsers post other line ends than they hold."""
    return "\n".join(text.strip().splitlines())


def leave(consultation: Consultation, user: User) -> None:
    """Sent: nothing is being written any more, and nothing is kept."""
    Presence.objects.filter(consultation=consultation, user=user).update(writing=False, draft="")
