"""Numbers: one a day for each letter without gaps, with every call. Paper slips have numbers after the ordinary ones."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, timedelta

from pst.demo_year.place import SYSTEM, VISITOR, Place
from pst.demo_year.visits import TYPED_AFTER, Written
from queueing.models import NumberSequence, PrintJob, PrintStep, Ticket, TicketStep
from queueing.models.rules import of_service
from services.codes import new_key
from services.offices.models import Service


class Numbers:
    """Of one office and day."""

    def __init__(self, place: Place, day: date):
        self.place, self.day = place, day
        self.last: dict[str, int] = defaultdict(int)
        self.slips: dict[str, int] = defaultdict(int)

    def next(self, service: Service, *, slip: bool) -> int:
        first = of_service(service).last + 1 if slip else of_service(service).first
        counted = self.slips if slip else self.last
        counted[service.prefix] = max(counted[service.prefix] + 1, first)
        return counted[service.prefix]

    def write(self) -> None:
        for prefix, last in sorted(self.last.items()):
            self.place.store.add(
                NumberSequence, office_id=self.place.office.pk, day=self.day, prefix=prefix, last=last
            )


STATES = {"left": "cancelled", "no_show": "no_show", "day_end": "cancelled"}


def write(written: Written, number: int, chance: random.Random) -> int:
    """The ticket of a visit and its traces; returns its key."""
    place, came, service = written.place, written.came, written.offered.service
    finished = came.began is not None
    calls = [*came.calls_before, *came.calls]
    off = came.off_counter if finished and came.off_counter is not None else None
    ended = written.ended_at if came.on_paper else written.at(off) if off is not None else written.gone_at
    if came.on_paper:
        calls = [came.began or came.at]
    ticket = place.store.add(
        Ticket, office_id=place.office.pk, service_id=service.pk, received_id=written.received, day=written.day,
        prefix=service.prefix, number=number, state="finished" if finished else STATES[came.outcome], priority=came.priority,
        issued_at=written.at(came.at), queued_at=written.at(came.queued), rejoined=came.rejoined is not None,
        appointment_at=written.at(came.slot) if came.slot else None,
        first_called_at=written.at(calls[0]) if calls else None, called_at=written.at(calls[-1]) if calls else None,
        calls=len(came.calls) if not came.on_paper else 1, ended_at=ended, manual=came.on_paper, submission=new_key(),
        counter_id=_counter(written) if finished and not came.on_paper else None,
    )  # fmt: skip
    if came.on_paper:
        _slip(written, ticket)
    else:
        _trace(written, ticket)
        _printed(written, ticket, chance)
    return ticket


def _printed(written: Written, ticket: int, chance: random.Random) -> None:
    """Every third number is wanted on paper; now and then the paper is out, and somebody prints it again later."""
    place, at = written.place, written.at(written.came.at + 4)
    if chance.random() > 0.35:
        return
    failed = chance.random() < 0.015
    job = place.store.add(
        PrintJob, office_id=place.office.pk, printer_id=place.devices["printer"], ticket_id=ticket, attempts=3 if failed else 1,
        state="failed" if failed else "printed", error="paper" if failed else "", created_at=at, done_at=at + timedelta(seconds=2),
    )  # fmt: skip
    place.moved(PrintJob, PrintStep, job, "queued", at, place.kiosk)
    place.moved(
        PrintJob,
        PrintStep,
        job,
        "failed" if failed else "printed",
        at + timedelta(seconds=2),
        SYSTEM,
        was="queued",
    )


def _counter(written: Written) -> int | None:
    counters, counter = written.place.counters, written.came.counter
    return counters[counter % len(counters)] if counters and counter is not None else None


def _trace(written: Written, ticket: int) -> None:
    place, came, by, counter = written.place, written.came, written.officer, _counter(written)

    def moved(state: str, at: int, was: str = "", why: str = "", *, who=by, named: int | None = None) -> None:
        place.moved(
            Ticket, TicketStep, ticket, state, written.at(at), who, was=was, why=why, counter_id=named
        )

    moved("waiting", came.at, who=place.kiosk)
    if came.calls_before:
        moved("called", came.calls_before[0], "waiting", named=counter)
        moved("skipped", came.skipped or 0, "called")
        moved("waiting", came.rejoined or 0, "skipped", "rejoin")
    for n, at in enumerate(came.calls):
        moved("called", at, "called" if n else "waiting", "recall" if n else "", named=counter)
    if came.calls or came.calls_before:
        written.step("ticket", written.at(came.at), by)
    if came.began is None:
        if came.outcome == "no_show":
            moved("no_show", came.gone, "called")
        else:
            who = VISITOR if came.outcome == "left" else by
            place.moved(Ticket, TicketStep, ticket, "cancelled", written.gone_at, who, was="waiting")
        return
    moved("arrived", came.arrived or 0, "called")
    if written.offered.service.attended:
        moved("serving", came.began, "arrived")
        moved("finished", came.off_counter or 0, "serving")
    else:
        moved("finished", came.off_counter or 0, "arrived")


def _slip(written: Written, ticket: int) -> None:
    place, came, by = written.place, written.came, written.officer
    times = (
        ("waiting", written.at(came.at)),
        ("serving", written.at(came.began or 0)),
        ("finished", written.ended_at),
    )
    for state, at in times:
        assert at is not None
        place.moved(Ticket, TicketStep, ticket, state, at, by, why="paper slip")
    typed = written.at(came.gone + TYPED_AFTER)
    place.note(typed, "ticket.entered", Ticket, ticket, by, number=written.number, day=str(written.day))
