"""An answer becomes everybody's: written without a name, read by somebody else, published, withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consultation import knowledge, matching
from consultation.models import Consultation, KnowledgeAnswer, Message
from services.accounts.models import Membership, Role
from services.audit import trail
from services.audit.actors import Actor
from services.live.publish import CONSULTATIONS
from services.offices.models import Office
from services.workflow import IllegalMove, add_step, move

State = KnowledgeAnswer.State
TOPICS = (CONSULTATIONS,)
SHORTEST_WHY, MOST_WHY = 10, 300


class WrittenMeanwhile(Exception):
    """Somebody else saved it after it was opened; `stored` is what stands there now."""

    def __init__(self, stored: KnowledgeAnswer):
        super().__init__(stored.pk)
        self.stored = stored


class LooksPersonal(IllegalMove):
    """What may not stand in it still does; `things` are those."""

    def __init__(self, things: list[knowledge.Personal]):
        super().__init__(
            _("Hapus dahulu yang menunjuk kepada orang: %s.") % ", ".join(t.text for t in things)
        )
        self.things = things


def begun_of(source: Consultation) -> dict[str, Any]:
    """What a draft begins with: what was asked and answered, to be rewritten. It is in the form only; stored is what has
    nothing of the asker in it any more."""
    said = list(source.messages.filter(kind__in=(Message.Kind.VISITOR, Message.Kind.OFFICER)))
    answers = [m.body for m in said if m.kind == Message.Kind.OFFICER]
    asked = next((m.body for m in said if m.kind == Message.Kind.VISITOR), "")
    return {
        "question": (asked if len(asked) <= 300 else source.subject)[:300],
        "answer": "\n\n".join(answers)[:8000],
        "tags": list(source.tags),
    }


def draft_of(source: Consultation) -> KnowledgeAnswer | None:
    """What was made of it already."""
    return source.knowledge.exclude(state=State.WITHDRAWN).defer("search").order_by("-pk").first()


@transaction.atomic
def write_new(
    office: Office, *, question: str, answer: str, tags: Sequence[str] = (), source: Consultation | None = None,
    by: Actor, at: datetime | None = None,
) -> KnowledgeAnswer:  # fmt: skip
    """Of one consultation there is one at a time; a second tap gives the same. Raises LooksPersonal."""
    at = at or timezone.now()
    if source:
        Consultation.objects.select_for_update(of=("self",)).get(pk=source.pk)
        if there := draft_of(source):
            return there
    made = KnowledgeAnswer(
        office=office, source=source, question=question, answer=answer, tags=list(tags), written_by_id=by.user_id,
        updated_at=at,
    )  # fmt: skip
    _nobody_in(made)
    made.search = vector(question, answer, tags)
    made.save(force_insert=True)
    add_step(made, by=by, at=at)
    trail.record("knowledge.draft", made, by=by, office_id=office.pk, at=at)
    return made


def _nobody_in(answer: KnowledgeAnswer) -> None:
    if things := [thing for thing in knowledge.personal(answer) if thing.certain]:
        raise LooksPersonal(things)


@transaction.atomic
def change(
    answer: KnowledgeAnswer, *, question: str, body: str, tags: Sequence[str], seen: str, by: Actor,
    at: datetime | None = None,
) -> KnowledgeAnswer:  # fmt: skip
    """Only of a draft. Whoever changed it last has written it, and does not review it. `seen`: `updated_at` as the form
    had it. Raises IllegalMove, LooksPersonal and WrittenMeanwhile."""
    at = at or timezone.now()
    rows = KnowledgeAnswer.objects.select_for_update(of=("self",))
    found = rows.select_related("office", "source__visitor").get(pk=answer.pk)
    if found.state != State.DRAFT:
        raise IllegalMove(_("Hanya rancangan yang dapat diubah. Kembalikan dahulu menjadi rancangan."))
    if found.updated_at.isoformat() != seen:
        if (found.question, found.answer, found.tags) == (question, body, list(tags)):
            return found
        raise WrittenMeanwhile(found)
    found.question, found.answer, found.tags = question, body, list(tags)
    found.written_by_id, found.updated_at = by.user_id, at
    _nobody_in(found)
    found.search = vector(question, body, tags)
    found.save(update_fields=["question", "answer", "tags", "written_by", "updated_at", "search"])
    trail.record("knowledge.changed", found, by=by, office_id=found.office_id, at=at)
    return KnowledgeAnswer.objects.get(pk=found.pk)


def vector(question: str, answer: str, tags: Sequence[str]) -> Any:
    return matching.vector((question, "A"), (" ".join(tags), "B"), (answer, "D"))


def to_review(answer: KnowledgeAnswer, *, why: str = "", by: Actor) -> KnowledgeAnswer:
    """Raises LooksPersonal and IllegalMove."""
    return _moved(answer, State.REVIEW, by=by, checked=True, why=why)


def publish(
    answer: KnowledgeAnswer, *, why: str = "", by: Actor, at: datetime | None = None
) -> KnowledgeAnswer:
    """By a second officer. By who wrote it only as the supervisor of an office where nobody else works, and with a reason
    that others understand later: `why`. Raises LooksPersonal, IllegalMove."""
    return _moved(
        answer, State.PUBLISHED, by=by, checked=True, published_at=at or timezone.now(), reviewed=True,
        why=" ".join(why.split())[:MOST_WHY],
    )  # fmt: skip


def alone(office: Office, user_id: int | None) -> bool:
    """Whether this is the office's supervisor and nobody else works there who could read what they wrote."""
    rows = Membership.objects.filter(office=office, user__is_active=True)
    here = list(rows.values_list("user_id", "role"))
    return {user for user, _role in here} == {user_id} and (user_id, Role.SUPERVISOR) in here


def back(answer: KnowledgeAnswer, *, why: str = "", by: Actor) -> KnowledgeAnswer:
    """A draft again: something is to be changed. What was published is not, from now on."""
    return _moved(answer, State.DRAFT, by=by, why=why)


def withdraw(answer: KnowledgeAnswer, *, why: str = "", by: Actor) -> KnowledgeAnswer:
    return _moved(answer, State.WITHDRAWN, by=by, why=why)


@transaction.atomic
def _moved(
    answer: KnowledgeAnswer, to: str, *, by: Actor, checked: bool = False, reviewed: bool = False, why: str = "",
    **changes: Any,
) -> KnowledgeAnswer:  # fmt: skip
    rows = KnowledgeAnswer.objects.select_for_update(of=("self",))
    found = rows.select_related("office", "source__visitor").get(pk=answer.pk)
    if reviewed:
        _read_by_another(found, why, by)
        changes["reviewed_by_id"] = by.user_id
    if checked:
        _nobody_in(found)
    return move(found, to, by=by, topics=TOPICS, why=why, updated_at=timezone.now(), **changes)


def _read_by_another(answer: KnowledgeAnswer, why: str, by: Actor) -> None:
    """Or written down why not."""
    if answer.written_by_id is not None and answer.written_by_id != by.user_id:
        return
    if not alone(answer.office, by.user_id):
        raise IllegalMove(_("Yang menulis tidak memeriksa tulisannya sendiri. Minta petugas lain."))
    if len(why) < SHORTEST_WHY:
        raise IllegalMove(
            _("Tulis alasan menerbitkan tanpa pemeriksa kedua, sedikitnya %d huruf.") % SHORTEST_WHY
        )
    trail.record("knowledge.published_alone", answer, by=by, office_id=answer.office_id)
