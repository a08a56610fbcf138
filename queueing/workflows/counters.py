"""Where an officer sits: opening a counter, pausing it, leaving it. Every function is one transaction."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from queueing.models import Counter
from services.audit import trail
from services.audit.actors import Actor
from services.live.publish import QUEUE, publish
from services.workflow import IllegalMove


@transaction.atomic
def open_counter(counter: Counter, *, by: Actor, at: datetime | None = None) -> Counter:
    """The officer sits down at a counter, and leaves any other counter of this office.

    Raises IllegalMove while somebody stands at the one they leave: nobody is left behind there.
    """
    at = at or timezone.now()
    # All counters of the office, always in the same order: two officers who swap seats wait for each other.
    everyone = {c.pk: c for c in counter.office.counters.order_by("pk").select_for_update(no_key=True)}
    for other in everyone.values():
        if other.officer_id == by.user_id and other.pk != counter.pk:
            _nobody_here(other)
            _vacate(other)
    counter = everyone[counter.pk]
    if not counter.active:
        raise IllegalMove(_("%s sedang tidak dipakai.") % counter)
    if counter.officer_id != by.user_id:
        _vacate(counter)
        counter.officer_id, counter.opened_at = by.user_id, at
        counter.save(update_fields=["officer", "opened_at"])
        trail.record("counter.opened", counter, by=by, office_id=counter.office_id, at=at)
        publish(counter.office.code, QUEUE)
    return counter


def _vacate(counter: Counter) -> None:
    counter.officer = counter.opened_at = counter.paused_at = None
    counter.pause_reason = ""
    counter.save(update_fields=["officer", "opened_at", "paused_at", "pause_reason"])


@transaction.atomic
def pause(counter: Counter, *, reason: str, by: Actor, at: datetime | None = None) -> Counter:
    """The officer stays away for a while: nobody is called here. Raises IllegalMove while somebody stands here."""
    at = at or timezone.now()
    counter = _own(counter, by)
    _nobody_here(counter)
    if counter.paused_at is None:
        counter.paused_at, counter.pause_reason = at, Counter.PauseReason(reason).value
        counter.save(update_fields=["paused_at", "pause_reason"])
        trail.record("counter.paused", counter, by=by, office_id=counter.office_id, at=at, reason=reason)
        publish(counter.office.code, QUEUE)
    return counter


@transaction.atomic
def resume(counter: Counter, *, by: Actor, at: datetime | None = None) -> Counter:
    """The officer is back."""
    at = at or timezone.now()
    counter = _own(counter, by)
    if counter.paused_at is not None:
        seconds = int((at - counter.paused_at).total_seconds())
        counter.paused_at, counter.pause_reason = None, ""
        counter.save(update_fields=["paused_at", "pause_reason"])
        trail.record("counter.resumed", counter, by=by, office_id=counter.office_id, at=at, seconds=seconds)
        publish(counter.office.code, QUEUE)
    return counter


@transaction.atomic
def leave_seat(counter: Counter, *, by: Actor, at: datetime | None = None) -> Counter:
    """The officer goes; the counter is free for a colleague. Raises IllegalMove while somebody stands here."""
    counter = _own(counter, by)
    _nobody_here(counter)
    return _go(counter, by=by, at=at)


@transaction.atomic
def log_out(*, by: Actor, at: datetime | None = None) -> None:
    """Whoever logs out sits nowhere. Somebody still at the counter is for the colleague who sits down there."""
    for counter in (
        Counter.objects.select_for_update(no_key=True).filter(officer_id=by.user_id).order_by("pk")
    ):
        _go(counter, by=by, at=at)


def _go(counter: Counter, *, by: Actor, at: datetime | None) -> Counter:
    _vacate(counter)
    trail.record("counter.left", counter, by=by, office_id=counter.office_id, at=at)
    publish(counter.office.code, QUEUE)
    return counter


def _own(counter: Counter, by: Actor) -> Counter:
    """Lock the counter. Raises IllegalMove when a colleague sits there by now."""
    counter = (
        Counter.objects.select_for_update(no_key=True, of=("self",))
        .select_related("office")
        .get(pk=counter.pk)
    )
    if counter.officer_id != by.user_id:
        raise IllegalMove(_("Petugas lain sekarang di %s.") % counter)
    return counter


def _nobody_here(counter: Counter) -> None:
    if ticket := counter.tickets.at_counter().first():
        raise IllegalMove(_("%s masih di loket. Selesaikan atau kembalikan dahulu.") % ticket)
