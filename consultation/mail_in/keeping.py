"""A mail is kept first and understood later, so that a failure of anything in between loses nothing and doubles nothing.

Keeping looks at the header only. Processing counts its tries before it begins: a mail that kills its worker is not tried
for ever, but shown to the supervisor.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.db.models import F, Q
from django.utils import timezone

from consultation.mail_in import of_another, placing
from consultation.models import IncomingMail
from services.audit import trail
from services.audit.actors import Actor
from services.live.publish import MAIL, publish
from services.mail import replies
from services.mail.reading.parse import glance, read
from services.offices.models import Office
from services.workflow import IllegalMove

log = logging.getLogger(__name__)
State = IncomingMail.State
WAITS = tuple(timedelta(minutes=m) for m in (1, 5, 30, 120))
MOST_TRIES = len(WAITS) + 1
LONGEST_ID = 255


def receive(office: Office, raw: bytes, *, at: datetime | None = None) -> IncomingMail:
    """Keep and process; the row says what became of it. The same mail again gives the same row."""
    mail, _new = keep(office=office, raw=raw, received_at=at)
    process(mail, at=at)
    mail.refresh_from_db()
    return mail


@transaction.atomic
def keep(
    *,
    office: Office,
    raw: bytes,
    received_at: datetime | None = None,
    uidvalidity: int | None = None,
    uid: int | None = None,
    size: int | None = None,
) -> tuple[IncomingMail, bool]:
    """The row of this mail, and whether it is new. `size`: of the whole mail, where `raw` is its header only. A Message-ID is
    its sender's word: another mail that bears the same is kept under a name made of its content, not taken for known."""
    now = timezone.now()
    seen, about = glance(raw), replies.find(raw)
    about_type, about_id = about or ("", None)
    for name in (seen.message_id[:LONGEST_ID], seen.content_id):
        try:
            with transaction.atomic():
                mail = IncomingMail.objects.create(
                    office=office, mail_id=name, uidvalidity=uidvalidity, uid=uid, raw=raw, size=size or len(raw),
                    sender=seen.sender.email[:254], sender_name=seen.sender.name[:120], subject=seen.subject[:200],
                    received_at=min(received_at or now, now), stored_at=now, about_type=about_type, about_id=about_id,
                )  # fmt: skip
        except IntegrityError:
            mail = IncomingMail.objects.get(office=office, mail_id=name)
            if glance(bytes(mail.raw)).content_id == seen.content_id:
                return mail, False
            if mail.raw:
                log.warning("Mail %s bears the Message-ID of another", mail.pk)
        else:
            _wake(mail)
            return mail, True
    return mail, False


def process(mail: IncomingMail, *, at: datetime | None = None) -> bool:
    """Whether it was done now. Raises nothing but that the database is away: then the mail waits as it is."""
    at = at or timezone.now()
    due = Q(next_try_at=None) | Q(next_try_at__lte=at)
    begun = IncomingMail.objects.filter(due, pk=mail.pk, state=State.NEW, tries__lt=MOST_TRIES).update(
        tries=F("tries") + 1, next_try_at=at + WAITS[0]
    )
    if not begun:
        return False
    try:
        with transaction.atomic():
            return _placed(mail.pk, at)
    except (OperationalError, InterfaceError):
        raise
    except Exception as problem:
        log.exception("Mail %s could not be processed", mail.pk)
        _failed(mail.pk, type(problem).__name__, at)
        return False


def _placed(pk: int, at: datetime) -> bool:
    rows = IncomingMail.objects.select_for_update(of=("self",)).select_related("office")
    mail = rows.filter(pk=pk, state=State.NEW).first()
    if mail is None:
        return False
    done = placing.place(mail, at)
    mail.state, mail.outcome, mail.message = done.state, done.outcome, done.message
    mail.done_at, mail.next_try_at, mail.problem = at, None, ""
    fields = ["state", "outcome", "message", "done_at", "next_try_at", "problem"]
    if mail.is_of_another and mail.state == State.DONE:
        fields += of_another.forget(mail)
    mail.save(update_fields=fields)
    _wake(mail)
    return True


def _wake(mail: IncomingMail) -> None:
    """The screens that show the mailbox; not for what only few of those who look at them may see."""
    if not mail.is_of_another:
        publish(mail.office.code, MAIL)


def _failed(pk: int, problem: str, at: datetime) -> None:
    with transaction.atomic():
        mail = IncomingMail.objects.select_for_update(of=("self",)).select_related("office").get(pk=pk)
        if mail.state != State.NEW:
            return
        mail.problem = problem[:100]
        mail.next_try_at = at + WAITS[min(mail.tries, len(WAITS)) - 1]
        _give_up(mail)
        mail.save(update_fields=["problem", "next_try_at", "state"])
        _wake(mail)


def _give_up(mail: IncomingMail) -> None:
    if mail.tries >= MOST_TRIES:
        mail.state, mail.next_try_at = State.FAILED, None


def waiting(at: datetime, office: Office | None = None) -> list[IncomingMail]:
    """What is to be tried now. Those whose last try ended with the worker itself are given up here."""
    new = IncomingMail.objects.filter(state=State.NEW)
    new = new.filter(office=office) if office else new
    new.filter(tries__gte=MOST_TRIES, next_try_at__lte=at).update(
        state=State.FAILED, next_try_at=None, problem="WorkerEnded"
    )
    due = new.filter(Q(next_try_at=None) | Q(next_try_at__lte=at)).defer("raw")
    return list(due.select_related("office").order_by("received_at", "pk")[:500])


@transaction.atomic
def again(mail: IncomingMail, *, by: Actor, at: datetime | None = None) -> IncomingMail:
    """A supervisor lets a failed mail be tried once more. Raises IllegalMove."""
    found = _locked(mail, State.FAILED)
    found.state, found.tries, found.next_try_at = State.NEW, 0, None
    found.save(update_fields=["state", "tries", "next_try_at"])
    _wake(found)
    trail.record("mail_in.again", found, by=by, office_id=found.office_id, at=at)
    return found


@transaction.atomic
def drop(mail: IncomingMail, *, by: Actor, at: datetime | None = None) -> IncomingMail:
    """Nothing has to become of it. Raises IllegalMove."""
    found = _locked(mail, State.FAILED, State.ASIDE)
    found.state, found.done_at = State.DROPPED, at or timezone.now()
    emptied = of_another.forget(found) if found.is_of_another else []
    found.save(update_fields=["state", "done_at", *emptied])
    _wake(found)
    trail.record("mail_in.dropped", found, by=by, office_id=found.office_id, at=at)
    return found


@transaction.atomic
def take_up(mail: IncomingMail, *, by: Actor, at: datetime | None = None) -> IncomingMail:
    """What was set aside becomes a consultation after all, because somebody read it. Raises IllegalMove, also for what answers
    another app's mail: everybody at the desk would read it."""
    found = _locked(mail, State.ASIDE)
    if found.is_of_another:
        raise IllegalMove(str(found.get_outcome_display()))
    done = placing.open_new(found, at or timezone.now(), by=by)
    found.state, found.outcome, found.message = done.state, done.outcome, done.message
    found.save(update_fields=["state", "outcome", "message"])
    _wake(found)
    trail.record("mail_in.taken_up", found, by=by, office_id=found.office_id, at=at)
    return found


@transaction.atomic
def put(mail: IncomingMail, *, by: Actor, at: datetime | None = None) -> IncomingMail:
    """What answers another app's mail, and an officer who may read it has read, goes where that mail was of. Raises IllegalMove."""
    at = at or timezone.now()
    found = _locked(mail, State.ASIDE)
    if not found.is_of_another:
        raise IllegalMove(str(found.get_state_display()))
    of_another.put(found, read(bytes(found.raw), own=placing.own_addresses()), by=by, at=at)
    found.state, found.outcome, found.done_at = State.DONE, IncomingMail.Outcome.TAKEN, at
    found.save(update_fields=["state", "outcome", "done_at", *of_another.forget(found)])
    return found


def _locked(mail: IncomingMail, *states: str) -> IncomingMail:
    rows = IncomingMail.objects.select_for_update(of=("self",)).select_related("office")
    found = rows.get(pk=mail.pk)
    if found.state not in states:
        raise IllegalMove(str(found.get_state_display()))
    return found
