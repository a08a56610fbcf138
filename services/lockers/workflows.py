"""Handing a bag or card over, and back. The visit counts what we hold, and cannot end while it is not zero."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from services.audit import trail
from services.audit.actors import Actor
from services.guestbook.models import Visit
from services.guestbook.workflows import record_step
from services.live.publish import VISITS, publish
from services.lockers.models import Deposit, Locker
from services.workflow import IllegalMove


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
    deposit.returned_at, deposit.returned_by_id = at, by.user_id
    deposit.save(update_fields=["returned_at", "returned_by"])
    Visit.objects.filter(pk=visit.pk).update(held_items=F("held_items") - 1)
    bag = deposit.what == Deposit.What.BAG
    same_kind = Deposit.objects.open().filter(visit=visit)
    same_kind = same_kind.filter(what="bag") if bag else same_kind.exclude(what="bag")
    if not same_kind.exists():
        record_step(visit, "bag_return" if bag else "card_return", by=by, at=at)
    trail.record("deposit.returned", deposit, by=by, office_id=visit.office_id, at=at, what=deposit.what)
    publish(visit.office.code, VISITS)
    return deposit
