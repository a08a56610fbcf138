"""What those who handle a complaint do: say what it is about, give it to somebody, ask, answer, pass it up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints import files as keeping
from complaints import notices, visibility
from complaints.models import Complaint, Message
from complaints.workflows.changing import change, hold, locked, save, topics, with_linked
from complaints.workflows.hands import release, take_off
from services.accounts.models import User
from services.audit.actors import Actor
from services.live.publish import publish
from services.offices.models import Office
from services.workflow import IllegalMove

State, Who = Complaint.State, Message.Who
CLASSIFIED = ("kind", "element", "service", "happened_on", "about_text", "reference", "consultation")


class NotTheirs(Exception):
    """Given to somebody who does not work there, or whom it is about."""


@transaction.atomic
def classify(
    complaint: Complaint, *, by: Actor, about: Iterable[User] = (), not_about: Iterable[User] = (), at: datetime | None = None,
    **facts: Any,
) -> Complaint:  # fmt: skip
    """What kind, which element and service, whom it is about: `about` as well, `not_about` not any more, whatever else others
    named meanwhile. Whoever is named sees nothing of it from now on: their hand is taken off it and off its actions, it is
    linked to no other, and it goes up when nobody is left."""
    at = at or timezone.now()
    found, linked = with_linked(complaint)
    changed = sorted(name for name in CLASSIFIED if name in facts and getattr(found, name) != facts[name])
    for name in changed:
        setattr(found, name, facts[name])
    named = set(found.about.values_list("pk", flat=True))
    are = (named - {user.pk for user in not_about}) | {user.pk for user in about}
    if are != named:
        changed.append("about")
        found.about.set(are)
    if not changed:
        return found
    save(
        found,
        [name for name in changed if name != "about"],
        action="classified",
        by=by,
        at=at,
        changed=changed,
    )
    return _away_from_named(found, linked, by, at) if are - named else found


def _away_from_named(found: Complaint, linked: list[Complaint], by: Actor, at: datetime) -> Complaint:
    _alone(found, linked, by, at)
    if found.handler_id and found.about.filter(pk=found.handler_id).exists():
        found = release(found, why="named", by=by, at=at)
    take_off(found, at=at)
    place = visibility.who_handles(found.place, found)
    return found if place == found.place else _to(found, place, "named", by, at)


def _alone(found: Complaint, linked: list[Complaint], by: Actor, at: datetime) -> None:
    """One answer for several is one hand for several: not when they are read by different people from now on."""
    for one in [found, *linked]:
        if one.duplicate_of_id:
            one.duplicate_of = None
            save(one, ["duplicate_of"], action="unlinked", by=by, at=at)


@transaction.atomic
def assign(complaint: Complaint, officer: User, *, by: Actor, at: datetime | None = None) -> Complaint:
    """To oneself or to a colleague. Raises NotTheirs and IllegalMove."""
    at = at or timezone.now()
    found = locked(complaint)
    if not visibility.may_handle(officer, found):
        raise NotTheirs
    if found.is_ours or found.state == State.INCOMPLETE:
        to = State.HANDLED if found.is_ours else State.INCOMPLETE
        if to == found.state == State.INCOMPLETE:
            found.handler = officer
            save(found, ["handler"], action="assigned", by=by, at=at)
        else:
            found = change(found, to, by=by, at=at, handler_id=officer.pk)
    else:
        raise IllegalMove(_("Pengaduan ini sudah dijawab atau selesai; buka lagi dahulu."))
    take_off(found, at=at)
    if officer.pk != by.user_id:
        notices.assigned(found, officer, at=at)
    return found


@transaction.atomic
def put_down(complaint: Complaint, *, by: Actor, at: datetime | None = None) -> Complaint:
    """The officer who had it works here no more, and nobody was chosen to go on."""
    at = at or timezone.now()
    found = release(locked(complaint), why="left", by=by, at=at)
    take_off(found, at=at)
    return found


@transaction.atomic
def up_where_nobody_is_left(place: Office, *, by: Actor, at: datetime | None = None) -> int:
    """A supervisor is one no more: what only those could read whom it is about goes up, as if it came now. How many."""
    at, count = at or timezone.now(), 0
    for one in Complaint.objects.open().filter(place=place, about__isnull=False).distinct():
        above = visibility.who_handles(place, one)
        if above != place:
            found, linked = with_linked(one)
            _alone(found, linked, by, at)
            _to(found, above, "named", by, at)
            count += 1
    return count


@transaction.atomic
def note(
    complaint: Complaint, body: str, *, by: Actor, files: Iterable[File] = (), at: datetime | None = None
) -> Message:
    """For those who handle it only."""
    at = at or timezone.now()
    found = locked(complaint)
    written = _write(found, Who.NOTE, body, by=by, at=at, files=files)
    save(found, [], action="note", by=by, at=at)
    return written


@transaction.atomic
def say(
    complaint: Complaint, body: str, *, by: Actor, files: Iterable[File] = (), at: datetime | None = None
) -> Message:
    """A word in between, for instance that it is being looked into: it is a first answer, not the decision."""
    at = at or timezone.now()
    found = _not_over(locked(complaint))
    written = _write(found, Who.OFFICE, body, by=by, at=at, files=files)
    found.first_answered_at = found.first_answered_at or at
    save(found, ["first_answered_at"], action="said", by=by, at=at)
    notices.said(written, at=at)
    return written


@transaction.atomic
def ask_completion(
    complaint: Complaint, body: str, *, by: Actor, files: Iterable[File] = (), at: datetime | None = None
) -> Complaint:
    """Something is missing: the complainant has so many days, and the office's long clock begins when it is there. Asked for
    when the office's own time was over, it gives the office no new one."""
    at = at or timezone.now()
    found = locked(complaint)
    late = found.due_at is not None and found.due_at < at
    written = _write(found, Who.OFFICE, body, by=by, at=at, files=files)
    done = change(
        found,
        State.INCOMPLETE,
        by=by,
        at=at,
        complete_at=found.complete_at if late else None,
        first_answered_at=found.first_answered_at or at,
    )
    notices.incomplete(done, written, at=at)
    return done


@transaction.atomic
def answer(
    complaint: Complaint, body: str, *, by: Actor, files: Iterable[File] = (), at: datetime | None = None
) -> Complaint:
    """The decision, with what was or will be done; also to those who complained of the same thing (`goes_with`). An answered
    one may be answered once more."""
    at, files = at or timezone.now(), list(files)
    found, linked = with_linked(complaint)
    for same in linked:
        if goes_with(same, found, by):
            _answer(same, body, by=by, at=at, files=files)
    return _answer(found, body, by=by, at=at, files=files)


def goes_with(same: Complaint, main: Complaint, by: Actor) -> bool:
    """Whether the answer to the main one is an answer to this one too: still open, at the same office, and neither who answers
    nor who handles the main one is whom it is about."""
    if same.place_id != main.place_id or same.state not in (*Complaint.OURS, State.INCOMPLETE):
        return False
    return not same.about.filter(pk__in=[pk for pk in (by.user_id, main.handler_id) if pk]).exists()


def _answer(found: Complaint, body: str, *, by: Actor, at: datetime, files: Iterable[File]) -> Complaint:
    written = _write(found, Who.OFFICE, body, by=by, at=at, files=files)
    done = change(
        found, State.ANSWERED, by=by, at=at, decided_at=at, first_answered_at=found.first_answered_at or at,
        complete_at=found.complete_at or at, handler_id=found.handler_id or by.user_id,
    )  # fmt: skip
    notices.answered(done, written, at=at)
    return done


@transaction.atomic
def forward(
    complaint: Complaint, place: Office, *, why: str, by: Actor, at: datetime | None = None
) -> Complaint:
    """Up to an office above this one, or where nobody is left there whom it is not about, further up. `why` goes along as a
    note. Raises IllegalMove."""
    at = at or timezone.now()
    found, linked = with_linked(complaint)
    _not_over(found)
    if place not in found.place.breadcrumb[:-1]:
        raise IllegalMove(_("Pengaduan hanya dapat diteruskan ke kantor di atasnya."))
    place = visibility.who_handles(place, found)
    if not visibility.supervisors(place, found):
        raise IllegalMove(_("Di kantor itu belum ada penyelia yang boleh membacanya. Hubungi admin sistem."))
    _alone(found, linked, by, at)
    _write(found, Who.NOTE, why, by=by, at=at)
    return _to(found, place, "forwarded", by, at)


def _to(found: Complaint, place: Office, why: str, by: Actor, at: datetime) -> Complaint:
    before = found.place
    moved: dict[str, Any] = {"place": place, "handler": None, "escalated_to": None}
    if found.state == State.HANDLED:
        found = change(found, State.RECEIVED, by=by, at=at, why=why, **moved)
    else:
        for name, value in moved.items():
            setattr(found, name, value)
        save(found, list(moved), action="forwarded", by=by, at=at, was=before.code, why=why)
    take_off(found, at=at)
    publish(before.code, *topics(found))
    notices.new(found, at=at)
    return found


@transaction.atomic
def link(complaint: Complaint, to: Complaint, *, by: Actor, at: datetime | None = None) -> Complaint:
    """Somebody else complained of the same thing: one answer for both. Raises IllegalMove."""
    at = at or timezone.now()
    rows = hold([complaint.pk, to.pk])
    found, main = rows[complaint.pk], rows[to.pk]
    if found == main or main.duplicate_of_id or found.duplicates.exists() or main.place_id != found.place_id:
        raise IllegalMove(_("Kedua pengaduan ini tidak dapat dikaitkan."))
    if main.is_over or main.state == State.ANSWERED:  # no answer would come any more
        raise IllegalMove(_("Pengaduan %s sudah dijawab atau ditutup; jawab yang ini sendiri.") % main.number)
    found.duplicate_of = main
    save(found, ["duplicate_of"], action="linked", by=by, at=at, to=main.number)
    return found


@transaction.atomic
def unlink(complaint: Complaint, *, by: Actor, at: datetime | None = None) -> Complaint:
    found = locked(complaint)
    found.duplicate_of = None
    save(found, ["duplicate_of"], action="unlinked", by=by, at=at or timezone.now())
    return found


@transaction.atomic
def publish_change(
    complaint: Complaint, *, said: str, did: str, by: Actor, at: datetime | None = None
) -> Complaint:
    """ "You said, we did", in words that name nobody. Empty words take it back."""
    at = at or timezone.now()
    found = locked(complaint)
    found.said, found.did = said.strip(), did.strip()
    if found.state == State.WITHDRAWN and (found.said or found.did):
        raise IllegalMove(_("Pengaduan ini sudah dicabut."))
    found.published_at = (found.published_at or at) if found.said and found.did else None
    save(
        found,
        ["said", "did", "published_at"],
        action="published" if found.published_at else "unpublished",
        by=by,
        at=at,
    )
    return found


def _not_over(found: Complaint) -> Complaint:
    if found.is_over:
        raise IllegalMove(_("Pengaduan ini sudah selesai."))
    return found


def _write(
    found: Complaint, who: str, body: str, *, by: Actor, at: datetime, files: Iterable[File] = ()
) -> Message:
    written = Message.objects.create(
        complaint=found, who=who, channel=found.channel, body=body, at=at, by_user_id=by.user_id
    )
    for file in files:
        keeping.take(found, written, file, name=str(file.name), by=by, at=at)
    return written
