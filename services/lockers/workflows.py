"""Handing a bag or card over, and back; keys and things that went astray. The visit counts what we hold, and cannot
end while it is not zero."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from services.audit import trail
from services.audit.actors import Actor
from services.codes import new_key
from services.guestbook.models import Visit
from services.guestbook.workflows import record_step
from services.live.publish import VISITS, publish
from services.lockers.models import Deposit, Incident, Locker
from services.offices.models import Office
from services.workflow import IllegalMove, add_step, move


class LockerTaken(IllegalMove):
    """Another desk gave this locker away a moment ago."""


def deposit_card(
    *,
    visit: Visit,
    card_type: str,
    locker: Locker | None = None,
    token: bool = False,
    by: Actor,
    at: datetime | None = None,
) -> Deposit:
    """A card (type only, never its number) or another token is held for the key."""
    what = Deposit.What.TOKEN if token else Deposit.What.CARD
    return _deposit(
        visit=visit, what=what, locker=locker, card_type=card_type, step="card_deposit", by=by, at=at
    )


def deposit_bag(*, visit: Visit, locker: Locker, by: Actor, at: datetime | None = None) -> Deposit:
    """A bag goes into a locker. Raises LockerTaken when somebody else got it first."""
    return _deposit(
        visit=visit, what=Deposit.What.BAG, locker=locker, card_type="", step="bag_deposit", by=by, at=at
    )


@transaction.atomic
def _deposit(*, visit, what, locker, card_type, step, by: Actor, at) -> Deposit:
    at = at or timezone.now()
    visit = Visit.objects.select_for_update(of=("self",)).select_related("office").get(pk=visit.pk)
    if visit.ended_at:
        raise IllegalMove(_("Kunjungan ini sudah berakhir."))
    if locker:
        _claim(locker, visit)
    try:
        with transaction.atomic():
            deposit = Deposit.objects.create(
                visit=visit, office=visit.office, what=what, locker=locker, card_type=card_type,
                deposited_at=at, received_by_id=by.user_id,
            )  # fmt: skip
    except IntegrityError:
        if what == Deposit.What.BAG:
            if visit.deposits.open().filter(what=what, locker=locker).exists():
                raise IllegalMove(_("Tas tamu ini sudah ada di %s.") % locker) from None
            raise LockerTaken(_("%s baru saja dipakai orang lain. Pilih loker lain.") % locker) from None
        raise IllegalMove(_("Kartu untuk kunjungan ini sudah dititipkan.")) from None
    # A card in our hands has been looked at.
    seen = {"card_type": card_type} if what == Deposit.What.CARD and not visit.card_type else {}
    Visit.objects.filter(pk=visit.pk).update(held_items=F("held_items") + 1, **seen)
    record_step(visit, step, by=by, at=at)
    trail.record("deposit.received", deposit, by=by, office_id=visit.office_id, at=at, what=what)
    publish(visit.office.code, VISITS)
    return deposit


def _claim(locker: Locker, visit: Visit) -> None:
    """Lock the locker's row: of two desks that choose it, the second is told so.

    The unique constraints would refuse a second bag or key as well; a bag of one visit behind the key of
    another is refused here.
    """
    free = Locker.objects.filter(office=visit.office).free(visit).select_for_update(of=("self",))
    if (
        not Locker.objects.select_for_update().filter(pk=locker.pk).exists()
        or not free.filter(pk=locker.pk).exists()
    ):
        raise LockerTaken(
            _("%s tidak dapat dipakai: rusak, atau baru saja dipakai orang lain. Pilih loker lain.") % locker
        )


@transaction.atomic
def give_back(deposit: Deposit, *, by: Actor, at: datetime | None = None) -> Deposit:
    """The bag or card is back in the visitor's hands. Possible at any desk; a second tap changes nothing."""
    at = at or timezone.now()
    visit = Visit.objects.select_for_update(of=("self",)).select_related("office").get(pk=deposit.visit_id)
    deposit = Deposit.objects.get(pk=deposit.pk)
    if deposit.returned_at:
        return deposit
    _out_of_our_hands(deposit, Deposit.Outcome.RETURNED, by=by, at=at)
    bag = deposit.what == Deposit.What.BAG
    same_kind = Deposit.objects.open().filter(visit=visit)
    same_kind = same_kind.filter(what="bag") if bag else same_kind.exclude(what="bag")
    if not same_kind.exists():
        record_step(visit, "bag_return" if bag else "card_return", by=by, at=at)
    trail.record("deposit.returned", deposit, by=by, office_id=visit.office_id, at=at, what=deposit.what)
    publish(visit.office.code, VISITS)
    return deposit


def _out_of_our_hands(deposit: Deposit, outcome: str, *, by: Actor, at: datetime) -> None:
    deposit.returned_at, deposit.returned_by_id, deposit.outcome = at, by.user_id, outcome
    deposit.save(update_fields=["returned_at", "returned_by", "outcome"])
    Visit.objects.filter(pk=deposit.visit_id).update(held_items=F("held_items") - 1)


@transaction.atomic
def leave_behind(deposit: Deposit, *, by: Actor, at: datetime | None = None) -> Incident:
    """The visitor went home without their bag or card: it leaves the locker and is kept as a thing found.

    The locker is free again; the thing stays open as an Incident until its owner, or somebody else, has it.
    Raises IllegalMove while the visit lasts, and when it was given back meanwhile.
    """
    at = at or timezone.now()
    visit = Visit.objects.select_for_update(of=("self",)).select_related("office").get(pk=deposit.visit_id)
    deposit = Deposit.objects.select_related("locker").get(pk=deposit.pk)
    if deposit.returned_at:
        raise IllegalMove(_("Titipan ini sudah dikembalikan."))
    if not visit.ended_at:
        raise IllegalMove(_("Tamu ini masih berkunjung. Akhiri kunjungannya dahulu."))
    _out_of_our_hands(deposit, Deposit.Outcome.LEFT, by=by, at=at)
    what = str(deposit.get_what_display())
    return _report(
        Incident.Kind.LEFT_ITEM, visit.office, by, at, locker=deposit.locker, visit=visit, what=what
    )


def report_item(
    *, office: Office, what: str, place: str, submission: str = "", by: Actor, at: datetime | None = None
) -> Incident:
    """A thing was found in the house. `what` and `place` in the officer's words; the same `submission` with the same
    words again gives the same record (a page gone "back" to has the same key, and may tell of another thing)."""
    text = f"{submission or new_key()}\0{what}\0{place}"
    key = hashlib.sha256(text.encode()).hexdigest()[:40]
    try:
        with transaction.atomic():
            if same := office.incidents.filter(submission=key).first():
                return same
            fields = {"what": what, "place": place, "submission": key}
            return _report(Incident.Kind.LEFT_ITEM, office, by, at or timezone.now(), **fields)
    except IntegrityError:  # a double tap's first request was faster
        return office.incidents.get(submission=key)


@transaction.atomic
def lose_key(locker: Locker, *, by: Actor, at: datetime | None = None) -> Incident:
    """The key did not come back. Nobody gets the locker until the key is found or replaced (domain.md §8.2).

    Whoever had it last stands in the record. A second tap gives the same record.
    """
    at = at or timezone.now()
    locker = _locked(locker)
    if same := locker.incidents.filter(kind=Incident.Kind.KEY_LOST, state=Incident.State.OPEN).first():
        return same
    deposit = locker.deposits.open().last() or locker.deposits.order_by("returned_at").last()
    locker.key_lost_at = at
    locker.save(update_fields=["key_lost_at"])
    visit = deposit.visit if deposit else None
    return _report(Incident.Kind.KEY_LOST, locker.office, by, at, locker=locker, visit=visit)


@transaction.atomic
def resolve(
    incident: Incident, *, outcome: str, note: str = "", by: Actor, at: datetime | None = None
) -> Incident:
    """What became of the key or the thing; a locker whose key is back or replaced is given out again.

    Raises IllegalMove when a colleague was faster, ValueError for an outcome of another kind of record.
    """
    if outcome not in Incident.OUTCOMES[incident.kind]:
        raise ValueError(f"{outcome} is no outcome of {incident.kind}")
    incident = move(
        incident, "resolved", by=by, at=at, topics=(VISITS,), why=note, outcome=outcome, note=note
    )
    if incident.kind == Incident.Kind.KEY_LOST and incident.locker_id:
        Locker.objects.filter(pk=incident.locker_id).update(key_lost_at=None)
    return incident


@transaction.atomic
def take_out_of_service(locker: Locker, *, reason: str, by: Actor) -> Locker:
    """Broken, dirty, reserved: nobody gets it. Raises IllegalMove while something is in it."""
    locker = _locked(locker)
    if locker.deposits.open().exists():
        raise IllegalMove(_("%s masih dipakai. Kembalikan isinya dahulu.") % locker)
    return _in_service(locker, reason, by)


@transaction.atomic
def put_in_service(locker: Locker, *, by: Actor) -> Locker:
    """It may be given out again; a lost key is resolved in its own record."""
    return _in_service(_locked(locker), "", by)


def _in_service(locker: Locker, reason: str, by: Actor) -> Locker:
    if locker.out_of_service == reason:
        return locker
    locker.out_of_service = reason
    locker.save(update_fields=["out_of_service"])
    action = "locker.out_of_service" if reason else "locker.in_service"
    # Why, in the officer's own words, stands on the locker only: they may name somebody, and the trail is kept for ever.
    trail.record(action, locker, by=by, office_id=locker.office_id)
    publish(locker.office.code, VISITS)
    return locker


def _locked(locker: Locker) -> Locker:
    return Locker.objects.select_for_update(of=("self",)).select_related("office").get(pk=locker.pk)


def _report(kind: str, office: Office, by: Actor, at: datetime, **fields: Any) -> Incident:
    incident = Incident.objects.create(office=office, kind=kind, at=at, **fields)
    add_step(incident, by=by, at=at)
    trail.record(f"incident.{kind}", incident, by=by, office_id=office.pk, at=at)
    publish(office.code, VISITS)
    return incident
