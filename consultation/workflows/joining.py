"""Two consultations become one, or one becomes two. What moves is named in the audit trail; both sides say it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from consultation import clocks
from consultation.models import Attachment, Consultation, Message
from consultation.workflows.changing import calendar_of, change, locked, topics
from consultation.workflows.opening import next_number, subject_of
from services.audit import trail
from services.audit.actors import Actor
from services.guestbook.one_person import everyone
from services.live.publish import publish
from services.workflow import add_step, can_move

State = Consultation.State
Kind = Message.Kind


class CannotJoin(Exception):
    """These cannot be put together, or taken apart; `str()` is a sentence for the officer."""


class NotTheSamePerson(Exception):
    """They were asked by different people, as far as is known: an officer who knows better confirms it."""


def same_person(one: Consultation, other: Consultation) -> bool:
    """Asked from one account, or by records that are one person."""
    if one.account_id and one.account_id == other.account_id:
        return True
    if not one.visitor or not other.visitor:
        return False
    return other.visitor in everyone(one.visitor)


@transaction.atomic
def merge(
    kept: Consultation,
    other: Consultation,
    *,
    by: Actor,
    confirmed: bool = False,
    at: datetime | None = None,
) -> Consultation:
    """Everything said in `other` goes to `kept`; `other` is closed and points there. The earlier question's deadline
    counts. Raises CannotJoin, and NotTheSamePerson unless `confirmed`."""
    at = at or timezone.now()
    rows = {c.pk: locked(c) for c in sorted((kept, other), key=lambda c: c.pk)}
    kept, other = rows[kept.pk], rows[other.pk]
    _may_merge(kept, other)
    if not confirmed and not same_person(kept, other):
        raise NotTheSamePerson
    moved = list(other.messages.order_by("pk").values_list("pk", flat=True))
    _join_clocks(kept, other, by, at)
    for things in (other.messages, other.attachments, other.wanted):
        things.update(consultation=kept)
    tags = list(dict.fromkeys([*kept.tags, *other.tags]))
    Consultation.objects.filter(pk=kept.pk).update(
        tags=tags, reference=kept.reference or other.reference, updated_at=at, **_whose(kept, other)
    )
    other.rounds.filter(answered_at=None).update(excluded="merged")
    told(kept, gettext_noop("Konsultasi %s digabung ke sini."), other.number, by, at)
    told(other, gettext_noop("Konsultasi ini dilanjutkan di %s."), kept.number, by, at)
    trail.record(
        "consultation.merged", kept, by=by, office_id=kept.office_id, at=at, other=other.number, messages=moved
    )  # fmt: skip
    publish(kept.office.code, *topics(kept), *topics(other))
    return locked(kept)


def _whose(kept: Consultation, other: Consultation) -> dict[str, int | None]:
    """Where nobody knows who asked the kept one, it is from now on whoever asked the other: they are written to, see it in
    their account, and their erasure finds what they wrote. An account goes along only with its own person."""
    if kept.visitor_id is None and kept.account_id is None and kept.received_id is None:
        return {"visitor_id": other.visitor_id, "account_id": other.account_id}
    if kept.account_id is None and same_person(kept, other):
        return {"account_id": other.account_id}
    return {}


def _may_merge(kept: Consultation, other: Consultation) -> None:
    if kept.pk == other.pk or kept.office_id != other.office_id:
        raise CannotJoin(_("Pilih konsultasi lain di kantor ini."))
    if kept.merged_into_id or other.merged_into_id:
        raise CannotJoin(_("Salah satu konsultasi ini sudah digabung sebelumnya."))
    if other.received_id:
        raise CannotJoin(_("%s dicatat pada kunjungan; gabungkan ke sana, bukan sebaliknya.") % other.number)


def _join_clocks(kept: Consultation, other: Consultation, by: Actor, at: datetime) -> None:
    """What the office still owes in `other` it owes in `kept` from now on."""
    if other.is_ours:
        asked = clocks.running(other)
        started, calendar = asked.started_at if asked else other.submitted_at, calendar_of(kept)
        if kept.is_ours:
            clocks.join(kept, started, at, calendar)
            kept.save(update_fields=clocks.FIELDS)
        elif kept.state == State.WAITING:
            to = State.ASSIGNED if kept.officer_id else State.SUBMITTED

            def go_on(found: Consultation) -> None:
                clocks.resume(found, at, calendar)
                clocks.join(found, started, at, calendar)

            change(kept, to, by=by, at=at, clock=go_on)
        else:
            change(
                kept, State.REOPENED, by=by, at=at, ended_at=None,
                clock=lambda c: clocks.begin(c, started, calendar),
            )  # fmt: skip
    if can_move(other, State.CLOSED):
        change(
            other, State.CLOSED, by=by, at=at, why=kept.number, ended_at=at, merged_into_id=kept.pk,
            clock=lambda c: clocks.end(c, at),
        )  # fmt: skip
    else:
        Consultation.objects.filter(pk=other.pk).update(merged_into=kept, updated_at=at)


@transaction.atomic
def split(
    consultation: Consultation,
    chosen: Iterable[int],
    *,
    by: Actor,
    subject: str = "",
    at: datetime | None = None,
) -> Consultation:
    """The `chosen` messages (keys) become a consultation of their own, asked when the first of them was. Returns it.
    Raises CannotJoin when no question would be left on one of the sides."""
    at = at or timezone.now()
    found = locked(consultation)
    messages = list(found.messages.filter(pk__in=list(chosen)).exclude(kind=Kind.SYSTEM))
    asked = [m for m in messages if m.kind == Kind.VISITOR]
    left = found.messages.filter(kind=Kind.VISITOR).exclude(pk__in=[m.pk for m in messages])
    if not asked or not left.exists():
        raise CannotJoin(
            _("Pilih sedikitnya satu pesan pengguna, dan sisakan sedikitnya satu di konsultasi ini.")
        )
    if found.merged_into_id:
        raise CannotJoin(_("Konsultasi ini sudah digabung ke konsultasi lain."))
    new = _begun(found, asked, subject, by, at)
    Message.objects.filter(pk__in=[m.pk for m in messages]).update(consultation=new)
    Attachment.objects.filter(message__in=[m.pk for m in messages]).update(consultation=new)
    said = [m for m in messages if m.kind in (Kind.VISITOR, Kind.OFFICER)][-1]
    if said.kind == Kind.OFFICER:  # the answer came along with the question
        calendar = calendar_of(new)
        change(
            new, State.ANSWERED, by=by, at=said.at, first_answered_at=said.at,
            clock=lambda c: clocks.answered(c, said.at, calendar),
        )  # fmt: skip
    told(found, gettext_noop("Sebagian pesan dilanjutkan di %s."), new.number, by, at)
    told(new, gettext_noop("Dipisah dari konsultasi %s."), found.number, by, at)
    trail.record(
        "consultation.split", found, by=by, office_id=found.office_id, at=at, other=new.number,
        messages=[m.pk for m in messages],
    )  # fmt: skip
    publish(found.office.code, *topics(found), *topics(new))
    return locked(new)


def _begun(found: Consultation, asked: list[Message], subject: str, by: Actor, at: datetime) -> Consultation:
    """What somebody else wrote into this thread, from another address, is theirs: so is the answer."""
    first, addresses = asked[0], {message.address for message in asked}
    theirs = "" in addresses or len(addresses) > 1
    new = Consultation.objects.create(
        office=found.office, number=next_number(found.office, at), service_id=found.service_id,
        standard=found.standard, channel=first.channel, state=State.ASSIGNED,
        visitor_id=found.visitor_id if theirs else None, account_id=found.account_id if theirs else None, language=found.language, use_of_data=found.use_of_data, officer_id=by.user_id,
        subject=subject_of(subject, first.body), split_from=found, submitted_at=first.at, updated_at=at,
    )  # fmt: skip
    clocks.begin(new, first.at, calendar_of(new))
    new.save(update_fields=clocks.FIELDS)
    add_step(new, by=by, at=at, why=found.number)
    trail.record("consultation.assigned", new, by=by, office_id=new.office_id, at=at, split=True)
    return new


def told(consultation: Consultation, words: str, number: str, by: Actor, at: datetime) -> Message:
    """A line in the thread, for the visitor too."""
    with translation.override(consultation.language):
        body = _(words) % number
    return Message.objects.create(
        consultation=consultation, kind=Kind.SYSTEM, channel=consultation.channel, body=body, at=at,
        by_user_id=by.user_id,
    )  # fmt: skip
