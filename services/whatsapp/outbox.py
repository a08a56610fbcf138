"""A WhatsApp message is written down in the transaction that makes it necessary, and leaves the house afterwards.

    outbox.put(kind="answered", contact=…, language="id", text=…, places=[number, link], about=message)

What it goes as is decided when it is sent: as text while the window of 24 hours is open, else as a template, else not by
WhatsApp at all; then whoever it is about is asked for another way (`watch`). A server that is busy gets it again after
growing waits. Our own key comes back with each status: a message whose answer was lost on the way is not sent twice, once
WhatsApp has said anything about it.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.db import models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from services import channels
from services.audit import trail
from services.audit.actors import SYSTEM, Actor
from services.whatsapp import api, contacts
from services.whatsapp.models import Contact, OutgoingWhatsApp, new_key
from services.workflow import IllegalMove

log = logging.getLogger(__name__)
TASK = "whatsapp.send"
WAITS = tuple(timedelta(minutes=m) for m in (1, 2, 5, 10, 20, 40, 60, 120, 180, 240, 240, 240, 282))
UNSURE = timedelta(minutes=5)  # for a status to come, before the same is sent again
MOST_LOST = 2
AT_ONCE = 500
LONGEST = 4_096  # characters of one text
LIKE = {"asked_back": "answered"}  # a template that serves where there is none of its own
State, Form = OutgoingWhatsApp.State, OutgoingWhatsApp.Form


class Watcher(Protocol):
    """What hangs on a message. Called in the transaction that changes its row."""

    def told(self, row: OutgoingWhatsApp) -> None:
        """It was sent, arrived, was read, failed for good, or was given up."""

    def instead(self, row: OutgoingWhatsApp, why: str) -> bool:
        """It cannot go by WhatsApp: whether it goes another way now."""


_watchers: dict[str, Watcher] = {}


def watch(about: type[models.Model], watcher: Watcher) -> None:
    """At start, by the app that knows what such a message is about."""
    _watchers[about._meta.label_lower] = watcher


@dataclass(frozen=True)
class Plan:
    """What a message goes as now; "" with the reason why it cannot go."""

    form: str
    template: str = ""
    why: str = ""


def plan(
    contact: Contact | None, kind: str, number: channels.WhatsApp | None, at: datetime | None = None
) -> Plan:
    """Asked by the officer's page, and again when it is sent."""
    if number is None:
        return Plan("", why=_("WhatsApp kantor ini tidak diatur."))
    if not contacts.allows(contact):
        return Plan("", why=_("Pengguna tidak mengizinkan pesan WhatsApp."))
    if contacts.is_open(contact, at):
        return Plan(Form.TEXT)
    if name := number.templates.get(kind) or number.templates.get(LIKE.get(kind, "")):
        return Plan(Form.TEMPLATE, name)
    return Plan("", why=_("Jendela 24 jam WhatsApp sudah tertutup."))


@transaction.atomic
def put(
    *,
    kind: str,
    contact: Contact,
    language: str,
    text: str,
    about: models.Model,
    places: list[str] | None = None,
    quotes: str = "",
    at: datetime | None = None,
) -> OutgoingWhatsApp:
    """Write a message now, inside the caller's transaction; it is sent once that is stored. `places`: what a template of
    this kind is filled with; `quotes`: the wamid it answers."""
    at = at or timezone.now()
    row = OutgoingWhatsApp.objects.create(
        office=contact.office, contact=contact, kind=kind, language=language, text=text[:LONGEST], places=places or [],
        quotes=quotes, about_type=about._meta.label_lower, about_id=about.pk, created_at=at, next_try_at=at,
    )  # fmt: skip
    Contact.objects.filter(pk=contact.pk, touched_at__lt=at).update(touched_at=at)
    _defer(row)
    return row


def _defer(row: OutgoingWhatsApp) -> None:
    """One after the other to each number, so that they arrive as they were written."""
    app.configure_task(TASK, lock=f"whatsapp.{row.contact_id}").defer(pk=row.pk)


def send(pk: int, *, at: datetime | None = None) -> api.Answer | None:
    """What the worker does with one message. None: nothing was asked of the API. Marked first, in a transaction of its
    own; then the row stays locked while the API is spoken to."""
    at = at or timezone.now()
    waiting = OutgoingWhatsApp.objects.filter(pk=pk, state=State.WAITING, next_try_at__lte=at)
    if not waiting.update(state=State.SENDING, attempts=F("attempts") + 1):
        return None
    with transaction.atomic():
        row = _rows().filter(pk=pk, state=State.SENDING).first()
        if row is None or settle(row, at):  # taken for lost between the two; or WhatsApp has told of it
            return None
        number = channels.whatsapp(row.office)
        planned = plan(row.contact, row.kind, number, at)
        if number is None or not planned.form:
            fail(row, planned.why, at)
            return None
        row.form = planned.form
        answer = api.send(number, _message(row, planned, number))
        _note(row, answer, at)
    return answer


def _rows() -> models.QuerySet[OutgoingWhatsApp]:
    return OutgoingWhatsApp.objects.select_for_update(of=("self",)).select_related("office", "contact")


def _message(row: OutgoingWhatsApp, planned: Plan, number: channels.WhatsApp) -> dict[str, Any]:
    to = row.contact.phone
    if planned.form == Form.TEXT:
        return api.text(to, row.text, key=row.key, quotes=row.quotes)
    return api.template(to, planned.template, number.template_language, row.places, key=row.key)


def _note(row: OutgoingWhatsApp, answer: api.Answer, at: datetime) -> None:
    """What became of a try, on a locked row."""
    row.problem = answer.problem
    if answer.how == "sent":
        row.wamid = answer.wamid
        become(row, State.SENT, next_try_at=None, sent_at=at)
        settle(row, at)  # a status may have been faster
    elif answer.how == "window":
        contacts.shut(row.contact, at=at)
        once_more(row, at)
    elif answer.how in ("later", "away") and row.attempts <= len(WAITS):
        wait = WAITS[row.attempts - 1]
        become(row, State.WAITING, next_try_at=at + (max(wait, UNSURE) if answer.unsure else wait))
    else:
        fail(row, answer.problem, at)


def once_more(row: OutgoingWhatsApp, at: datetime) -> None:
    """It went as text, and the window was closed: as a template if there is one, else another way."""
    planned = plan(row.contact, row.kind, channels.whatsapp(row.office), at)
    if planned.form == Form.TEMPLATE and row.form == Form.TEXT:
        # Another message for WhatsApp: what it says of the first is not said of this one.
        row.key, row.wamid, row.status, row.status_at, row.quotes = new_key(), "", "", None, ""
        become(row, State.WAITING, next_try_at=at, attempts=0)
        _defer(row)
    else:
        fail(row, planned.why or _("Jendela 24 jam WhatsApp sudah tertutup."), at)


def fail(row: OutgoingWhatsApp, why: str, at: datetime) -> None:
    """Not by WhatsApp: another way, or to the list of what failed."""
    row.problem = why[:300]
    if _goes_another_way(row, why):
        row.text = ""
        become(row, State.DIVERTED, next_try_at=None)
        trail.record("whatsapp.diverted", row, by=SYSTEM, office_id=row.office_id, at=at, kind=row.kind)
        return
    become(row, State.DEAD, next_try_at=None)
    trail.record("whatsapp.dead", row, by=SYSTEM, office_id=row.office_id, at=at, kind=row.kind)
    log.warning("WhatsApp message %s (%s) failed for good", row.pk, row.kind)


def _goes_another_way(row: OutgoingWhatsApp, why: str) -> bool:
    watcher = _watchers.get(row.about_type)
    if watcher is None:
        return False
    try:
        with transaction.atomic():
            return watcher.instead(row, why)
    except Exception:  # then it stands in the list of what failed
        log.exception("Another way for WhatsApp message %s", row.pk)
        return False


def become(row: OutgoingWhatsApp, state: str, **changes: Any) -> None:
    """Raises IllegalMove for what is not among the model's MOVES."""
    if state not in OutgoingWhatsApp.MOVES[row.state]:
        raise IllegalMove(_("Pesan ini sudah berstatus “%s”.") % row.get_state_display())
    row.state = state
    for name, value in changes.items():
        setattr(row, name, value)
    row.save()
    if state in (State.SENT, State.DEAD, State.DROPPED):
        tell(row)


def tell(row: OutgoingWhatsApp) -> None:
    watcher = _watchers.get(row.about_type)
    if watcher is None:
        return
    try:
        with transaction.atomic():
            watcher.told(row)
    except Exception:  # what was sent is sent; that must be stored whatever hangs on it
        log.exception("What hangs on WhatsApp message %s", row.pk)


def sweep(at: datetime | None = None) -> int:
    """Every minute: what a worker left behind, what is due for another try. Returns how many were sent. An API that has had
    enough of one office is asked once for it, not once for each message; one that says nothing at all is asked once."""
    at = at or timezone.now()
    _recover(at)
    due = OutgoingWhatsApp.objects.filter(state=State.WAITING, next_try_at__lte=at, attempts__gt=0)
    sent, away = 0, set()
    for pk, office in due.order_by("next_try_at", "pk").values_list("pk", "office")[:AT_ONCE]:
        if office in away:
            continue
        answer = send(pk, at=at)
        if answer and answer.how == "away":
            away.add(office)
            if not answer.code:
                break
        sent += bool(answer and answer.how == "sent")
    return sent


@transaction.atomic
def _recover(at: datetime) -> None:
    """Marked as being sent, and nobody holds the lock: the worker is gone. Time is left for a status to come. One that
    waits without ever having been tried lost its job."""
    rows = _rows().select_for_update(of=("self",), skip_locked=True)
    for row in rows.filter(state=State.SENDING).order_by("pk")[:AT_ONCE]:
        row.lost += 1
        if row.lost < MOST_LOST:
            become(row, State.WAITING, next_try_at=at + UNSURE)
        else:
            fail(row, _("Pengirim berhenti di tengah jalan; mungkin sudah terkirim."), at)
        log.warning("The worker that sent WhatsApp message %s (%s) did not come back", row.pk, row.kind)
    for row in rows.filter(state=State.WAITING, attempts=0, next_try_at__lt=at - UNSURE)[:AT_ONCE]:
        _defer(row)


@transaction.atomic
def again(row: OutgoingWhatsApp, *, by: Actor, at: datetime | None = None) -> OutgoingWhatsApp:
    """A supervisor lets a failed message go once more, from the beginning. Raises IllegalMove."""
    at = at or timezone.now()
    found = _rows().get(pk=row.pk)
    if found.state != State.DEAD or not found.text:
        raise IllegalMove(_("Pesan ini tidak dapat dikirim lagi."))
    found.attempts = found.lost = 0
    found.key, found.wamid, found.status, found.status_at = new_key(), "", "", None
    become(found, State.WAITING, next_try_at=at)
    trail.record("whatsapp.again", found, by=by, office_id=found.office_id, at=at, kind=found.kind)
    _defer(found)
    return found


@transaction.atomic
def drop(row: OutgoingWhatsApp, *, by: Actor, at: datetime | None = None) -> OutgoingWhatsApp:
    """A supervisor gives it up; its text goes. Raises IllegalMove."""
    found = _rows().get(pk=row.pk)
    found.text = ""
    become(found, State.DROPPED, next_try_at=None)
    trail.record("whatsapp.dropped", found, by=by, office_id=found.office_id, at=at, kind=found.kind)
    return found


def settle(row: OutgoingWhatsApp, at: datetime) -> bool:
    """Apply what WhatsApp has told of this message so far; whether it has told anything. `row` is locked."""
    from services.whatsapp import statuses

    return statuses.settle(row, at)
