"""More pages than the standard's share: the desk asks, a supervisor of the office grants or refuses (requirement row 21)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from library import handed_out
from library.models import DigitalCopy, ExcerptRequest, MarkedCopy
from library.workflows import excerpts, handing
from services.audit import trail
from services.audit.actors import Actor
from services.guestbook.models import VisitService
from services.live.publish import publish
from services.workflow import IllegalMove, add_step, move

State = ExcerptRequest.State


@transaction.atomic
def ask(
    received: VisitService, digital: DigitalCopy, pages: Sequence[int], *, handed: str, submission: str,
    by: Actor, note: str = "", at: datetime | None = None,
) -> ExcerptRequest:  # fmt: skip
    """The same `submission`, or the same pages while they wait, again ask nothing more. Raises IllegalMove where no
    supervisor is needed or none could help."""
    at, office = at or timezone.now(), received.visit.office
    person = handing.visitor_of(received)
    handing.may_leave(digital)
    percent = handed_out.rules_of(received, office).excerpt_percent
    if percent is None or handed_out.standing(handed_out.people(person), digital, percent).lets(pages):
        raise IllegalMove(_("Halaman ini masih dalam batas: buat salinannya langsung."))
    VisitService.objects.select_for_update(of=("self",)).get(pk=received.pk)  # two presses take turns
    chosen = sorted(set(pages))
    rows = ExcerptRequest.objects.filter(office=office)
    same = rows.filter(submission=submission).first() or received.excerpt_requests.filter(
        digital=digital, pages=chosen, state=State.ASKED
    ).first()  # fmt: skip
    if same:
        return same
    row = ExcerptRequest.objects.create(
        office=office, received=received, digital=digital, pages=chosen, handed=handed, note=note.strip(),
        submission=submission, asked_at=at, asked_by_id=by.user_id,
    )  # fmt: skip
    add_step(row, by=by, at=at)
    trail.record("excerptrequest.asked", row, by=by, office_id=office.pk, at=at, pages=len(chosen))
    publish(office.code, *excerpts.TOPICS)
    return row


def grant(
    asked: ExcerptRequest, *, reason: str, by: Actor, site: str, at: datetime | None = None
) -> MarkedCopy:
    """By making the excerpt, in the supervisor's name. Raises ReasonMissing, and IllegalMove for whatever else stands
    against it by now."""
    if len(reason.strip()) < excerpts.SHORTEST_REASON:
        raise excerpts.ReasonMissing(excerpts.too_short())
    return excerpts.excerpt(
        asked.received, asked.digital, asked.pages, handed=asked.handed, submission=f"izin-{asked.pk}",
        by=by, site=site, reason=reason, at=at, asked=asked,
    )  # fmt: skip


@transaction.atomic
def refuse(asked: ExcerptRequest, *, reason: str, by: Actor, at: datetime | None = None) -> ExcerptRequest:
    at = at or timezone.now()
    if not reason.strip():
        raise excerpts.ReasonMissing(_("Tulis alasan penolakannya."))
    return move(
        asked, State.REFUSED, by=by, at=at, topics=excerpts.TOPICS, answer=reason.strip(), answered_at=at,
        answered_by_id=by.user_id,
    )  # fmt: skip
