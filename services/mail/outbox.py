"""Mail is written down in the transaction that makes it necessary, and leaves the house afterwards.

    outbox.put(kind="consultation_receipt", to=…, office=…, language="id", context={…}, about=consultation, thread=number)

The worker sends it at once and, when a server does not take it, again after growing waits, about a day in all. A refusal
for good ends it; both ends stand in the supervisor's list.

Exactly once is not to be had by SMTP: a worker that dies, or a connection that breaks, between the server's taking a mail
and our hearing of it leaves open whether it arrived. Such a mail is sent once more rather than never: with the same
Message-ID, so that the visitor's server or program can tell the second from a new one. Whether a worker is still at it is
asked of the database: it holds the row's lock while it sends. The second worker that dies of the same mail ends it.
"""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from services import channels
from services.audit import trail
from services.audit.actors import SYSTEM, Actor
from services.live.publish import MAIL, publish
from services.mail import sending, tokens, writing
from services.mail.headers import of_automatic, of_unsubscribing
from services.mail.models import Outgoing
from services.offices.models import Office
from services.workflow import IllegalMove

log = logging.getLogger(__name__)
TASK = "mail.send"
WAITS = tuple(
    timedelta(minutes=m) for m in (1, 2, 5, 10, 20, 40, 60, 120, 180, 240, 240, 240, 282)
)  # 24 hours
MOST_LOST = 2
AT_ONCE = 500  # mails of one run
MESSAGE_ID = re.compile(r"[^<>\s]{1,250}@[^<>\s]{1,250}")
MOST_REFERENCES = 20
State = Outgoing.State


@dataclass(frozen=True)
class Attached:
    """A file that goes with a mail: its name in the storage, the name the visitor sees, its content type."""

    file: str
    name: str
    type: str = "application/octet-stream"


Watcher = Callable[[Outgoing], None]
_watchers: dict[str, Watcher] = {}


def watch(about: type[models.Model], watcher: Watcher) -> None:
    """At start: `watcher` is called, in the same transaction, when a mail about such a row was sent or failed for good."""
    _watchers[about._meta.label_lower] = watcher


@transaction.atomic
def put(
    *,
    kind: str,
    to: str,
    office: Office | None,
    language: str,
    context: dict[str, Any],
    about: models.Model | None = None,
    reply_to: str = "",
    in_reply_to: str = "",
    references: Iterable[str] = (),
    attachments: Iterable[Attached] = (),
    auto: bool = True,
    thread: str = "",
    unsubscribe: str = "",
    at: datetime | None = None,
) -> Outgoing | None:
    """Write a mail now, inside the caller's transaction; it is sent once that is stored.

    `thread`: the number its replies belong to; `auto`: no person wrote it; `unsubscribe`: the address at which a mail program ends
    such mail by one click. None: this office has no server for mail. An
    address that is none gives a mail that has failed already, not an error: whatever it was about goes on.
    """
    if not sending.can_send(office):
        return None
    at = at or timezone.now()
    written = writing.write(kind, context, office=office, language=language)
    subject = f"{written.subject} {tokens.subject_token(thread)}" if thread else written.subject
    row = Outgoing(
        office=office, kind=kind, to=to.strip()[:254], language=language, subject=subject[-250:], text=written.text,
        html=written.html, created_at=at, next_try_at=at,
        message_id=f"{uuid.uuid4().hex}@{sending.sender(office).rpartition('@')[2]}",
        headers=_headers(office, reply_to, in_reply_to, references, auto, thread) | of_unsubscribing(unsubscribe),
        attachments=[{"file": a.file, "name": a.name, "type": a.type} for a in attachments],
        about_type=about._meta.label_lower if about else "", about_id=about.pk if about else None,
    )  # fmt: skip
    try:
        validate_email(row.to)
    except ValidationError:
        row.state, row.next_try_at, row.problem = State.DEAD, None, _("Bukan alamat e-mail.")
    row.save(force_insert=True)
    _wake(row)
    if row.state == State.WAITING:
        app.configure_task(TASK).defer(pk=row.pk)
    return row


def _headers(
    office: Office | None, reply_to: str, in_reply_to: str, references: Iterable[str], auto: bool, thread: str
) -> dict[str, str]:
    """What others wrote into their own headers is taken only where it has the form it must have; message ids may come
    with their angle brackets or without."""
    headers: dict[str, str] = {}
    answered = _names(in_reply_to)[:1]
    if auto:
        headers |= of_automatic(answers=bool(answered))
    if found := reply_to or reply_address(office, thread):
        headers["Reply-To"] = found
    if answered:
        headers["In-Reply-To"] = answered[0]
    chain = list(dict.fromkeys([*(name for text in references for name in _names(text)), *answered]))
    if chain:
        headers["References"] = " ".join(chain[:1] + chain[1:][-MOST_REFERENCES:])
    return headers


def _names(text: str) -> list[str]:
    return [f"<{name}>" for name in MESSAGE_ID.findall(text)]


def reply_address(office: Office | None, thread: str = "") -> str:
    """Where replies come in: the signed address of a mailbox that has such, the mailbox itself (then it is the sender), or
    the address the office publishes."""
    box = channels.mailbox(office)
    if box:
        return tokens.reply_address(box.address, thread) if thread and box.plus else ""
    return office.email if office else ""


def send(pk: int, *, at: datetime | None = None, post: sending.Post | None = None) -> sending.Outcome | None:
    """What the worker does with one mail. None: it is not (any more) to be sent now.

    Marked first, in a transaction of its own; then the row stays locked while the server is spoken to.
    """
    at = at or timezone.now()
    waiting = Outgoing.objects.filter(pk=pk, state=State.WAITING, next_try_at__lte=at)
    if not waiting.update(state=State.SENDING, attempts=F("attempts") + 1):
        return None
    with transaction.atomic():
        rows = Outgoing.objects.select_for_update(of=("self",)).select_related("office")
        row = rows.filter(pk=pk, state=State.SENDING).first()
        if row is None:  # taken for lost between the two; it waits again
            return None
        if post:
            outcome = post.deliver(row)
        else:
            with sending.Post() as one:
                outcome = one.deliver(row)
        _note(row, outcome, at)
    return outcome


def _note(row: Outgoing, outcome: sending.Outcome, at: datetime) -> None:
    """What became of a try, on a locked row."""
    if outcome.how == "sent":
        # What it said stands in the record it is about; an outbox keeps no second copy of people's affairs.
        row.text = row.html = row.problem = ""
        _become(row, State.SENT, next_try_at=None, sent_at=at)
    elif outcome.how == "later" and row.attempts <= len(WAITS):
        row.problem = outcome.problem
        _become(row, State.WAITING, next_try_at=at + WAITS[row.attempts - 1])
    else:
        row.problem = outcome.problem
        _become(row, State.DEAD, next_try_at=None)
        trail.record("mail.dead", row, by=SYSTEM, office_id=row.office_id, at=at, kind=row.kind)
        log.warning("Mail %s (%s) failed for good", row.pk, row.kind)


def _become(row: Outgoing, state: str, **changes: Any) -> None:
    """Raises IllegalMove for what is not among the model's MOVES."""
    if state not in Outgoing.MOVES[row.state]:
        raise IllegalMove(_("Surat ini sudah berstatus “%s”.") % row.get_state_display())
    row.state = state
    for name, value in changes.items():
        setattr(row, name, value)
    row.save()
    _wake(row)
    watcher = _watchers.get(row.about_type)
    if watcher and state in (State.SENT, State.DEAD):
        try:
            with transaction.atomic():
                watcher(row)
        except Exception:  # the mail is out; that must be stored whatever hangs on it
            log.exception("What hangs on mail %s", row.pk)


def _wake(row: Outgoing) -> None:
    """The supervisor's screens that show the outbox."""
    if row.office:
        publish(row.office.code, MAIL)


def sweep(at: datetime | None = None) -> int:
    """Every minute: what a worker left behind, what is due for another try. Returns how many were sent. A server that is
    away is asked once, not once for each mail."""
    at = at or timezone.now()
    _recover(at)
    due = Outgoing.objects.queued().filter(state=State.WAITING, next_try_at__lte=at)
    sent = 0
    with sending.Post() as post:
        for row in due.select_related("office").only("pk", "office__code")[:AT_ONCE]:
            if not post.is_away(row.office):
                outcome = send(row.pk, at=at, post=post)
                sent += bool(outcome and outcome.how == "sent")
    return sent


@transaction.atomic
def _recover(at: datetime) -> None:
    """Marked as being sent, and nobody holds the lock: the worker is gone."""
    rows = Outgoing.objects.select_for_update(of=("self",), skip_locked=True).filter(state=State.SENDING)
    for row in rows.select_related("office").order_by("pk")[:AT_ONCE]:
        row.lost += 1
        row.problem = _("Pengirim berhenti di tengah jalan; mungkin sudah terkirim.")
        if row.lost < MOST_LOST:
            _become(row, State.WAITING, next_try_at=at)
        else:
            _become(row, State.DEAD, next_try_at=None)
            trail.record("mail.dead", row, by=SYSTEM, office_id=row.office_id, at=at, kind=row.kind)
        log.warning("The worker that sent mail %s (%s) did not come back", row.pk, row.kind)


@transaction.atomic
def again(row: Outgoing, *, by: Actor, at: datetime | None = None) -> Outgoing:
    """A supervisor lets a failed mail go once more, from the beginning. Raises IllegalMove."""
    at = at or timezone.now()
    found = _locked(row)
    if not found.can_be_sent_again:
        raise IllegalMove(_("Surat ini tidak dapat dikirim lagi."))
    found.attempts = found.lost = 0
    _become(found, State.WAITING, next_try_at=at)
    trail.record("mail.again", found, by=by, office_id=found.office_id, at=at, kind=found.kind)
    app.configure_task(TASK).defer(pk=found.pk)
    return found


@transaction.atomic
def drop(row: Outgoing, *, by: Actor, at: datetime | None = None) -> Outgoing:
    """A supervisor gives it up; its text goes. Raises IllegalMove."""
    found = _locked(row)
    found.text = found.html = ""
    _become(found, State.DROPPED, next_try_at=None)
    trail.record("mail.dropped", found, by=by, office_id=found.office_id, at=at, kind=found.kind)
    return found


@transaction.atomic
def bounced(message_id: str, problem: str, *, at: datetime | None = None) -> Outgoing | None:
    """It was taken and came back. None: no such mail was sent by us (or it is known already). With or without brackets."""
    sent = Outgoing.objects.select_for_update(of=("self",)).filter(state=State.SENT)
    found = sent.filter(message_id=message_id.strip(" <>")).first()
    if found is None:
        return None
    found.problem = " ".join(problem.split())[:300]
    _become(found, State.DEAD)
    trail.record("mail.bounced", found, by=SYSTEM, office_id=found.office_id, at=at, kind=found.kind)
    return found


def _locked(row: Outgoing) -> Outgoing:
    rows = Outgoing.objects.select_for_update(of=("self",)).select_related("office")
    return rows.get(pk=row.pk)
