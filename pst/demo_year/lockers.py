"""Bags and cards in the office's hands, each returned before the visit ends; a few left behind, some keys lost for a while."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from pst.demo_year.place import Place
from pst.demo_year.visits import Written
from services.lockers.models import Deposit, Incident, IncidentStep

Busy = list[tuple[int, int, int]]  # from when until when (seconds), which locker


def of_visit(written: Written, busy: Busy, chance: random.Random) -> None:
    """A bag in a free locker, a card for its key; the steps either way."""
    place, came, steps = written.place, written.came, written.offered.steps
    wanted = [kind for kind in ("card_deposit", "bag_deposit") if kind in steps]
    if not wanted or came.deposited is None or came.began is None:
        return
    left = came.outcome == "day_end"
    until = 10**6 if left else came.gone
    taken = {key for since, ends, key in busy if since <= until and ends >= came.deposited}
    now = written.at(came.deposited)
    free = [key for key in place.lockers if key not in taken and place.forgotten.get(key, now) <= now]
    if not free or chance.random() < 0.32:
        for kind in wanted:
            written.step(kind, written.at(came.deposited), written.officer, skipped=True)
        return
    locker = free[chance.randrange(min(4, len(free)))]
    busy.append((came.deposited, until, locker))
    back = _next_morning(written, chance) if left else written.gone_at - timedelta(seconds=20)
    for kind in wanted:
        what = "bag" if kind == "bag_deposit" else "token" if chance.random() < 0.05 else "card"
        # Who goes home without the bag has taken the card along.
        forgotten = left and what == "bag"
        _deposit(
            written,
            what,
            locker,
            back if forgotten else min(back, written.at(came.gone - 20)),
            forgotten,
            chance,
        )
        written.step(kind, written.at(came.deposited), written.officer)
    for handed in ("bag_return", "card_return"):
        if handed in steps and not (left and handed == "bag_return"):
            written.step(handed, written.at(came.gone - 20), written.officer)
    if left and "bag_deposit" in wanted:
        place.forgotten[locker] = back
        _left_item(place, written.visit, locker, back, chance)


def _deposit(
    written: Written, what: str, locker: int, back: datetime, forgotten: bool, chance: random.Random
) -> None:
    place, came = written.place, written.came
    card = chance.choices(("ktp", "sim", "other"), (78, 12, 10))[0] if what == "card" else ""
    at = written.at(came.deposited or 0)
    key = place.store.add(
        Deposit, visit_id=written.visit, office_id=place.office.pk, what=what, locker_id=locker, card_type=card,
        deposited_at=at, received_by_id=written.officer.user, returned_at=back, returned_by_id=written.officer.user,
        outcome="left" if forgotten else "returned",
    )  # fmt: skip
    place.note(at, "deposit.received", Deposit, key, written.officer, what=what)
    if not forgotten:
        place.note(back, "deposit.returned", Deposit, key, written.officer, what=what)


def _next_morning(written: Written, chance: random.Random) -> datetime:
    """When the office next opens: the bag leaves the locker and is kept as a thing found."""
    return written.place.working_hour(chance, written.gone_at)


def _left_item(place: Place, visit: int, locker: int, at: datetime, chance: random.Random) -> None:
    incident(place, "left_item", at, chance, visit_id=visit, locker_id=locker, what="Tas", place="")


def incident(of: Place, kind: str, at: datetime, chance: random.Random, **more: object) -> None:
    """Open until somebody wrote what became of it; a lost key is back or replaced within two days."""
    over = of.working_hour(chance, at + timedelta(hours=chance.randrange(3, 40)))
    open_still = over > of.now
    if open_still and kind == "key_lost":
        return  # the locker itself would have to say so: not ours to change
    outcome = chance.choice(Incident.OUTCOMES[kind][:2])
    key = of.store.add(
        Incident, office_id=of.office.pk, kind=kind, state="open" if open_still else "resolved", at=at,
        outcome="" if open_still else outcome, **more,
    )  # fmt: skip
    of.moved(Incident, IncidentStep, key, "open", at, of.desk)
    of.note(at, f"incident.{kind}", Incident, key, of.desk)
    if not open_still:
        of.moved(Incident, IncidentStep, key, "resolved", over, of.desk, was="open")


def keys(place: Place, day_at: datetime, chance: random.Random) -> None:
    """About four lost keys and eight found things in a year."""
    if place.lockers and chance.random() < 4 / 240:
        incident(place, "key_lost", day_at, chance, locker_id=chance.choice(place.lockers))
    if chance.random() < 8 / 240:
        what, where = chance.choice((("Payung", "Ruang tunggu"), ("Botol minum", "Ruang baca"), ("Pengisi daya", "Ruang baca"), ("Map plastik", "Loket")))  # fmt: skip
        incident(place, "left_item", day_at, chance, what=what, place=where)
