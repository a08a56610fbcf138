"""What happens when: refuse, prepare, day after day, close. One transaction: interrupted, it leaves nothing behind."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from library import demo as library_demo
from library.digital import demo as softcopy_demo
from library.models import DigitalCopy, Publication
from library.workflows import intake
from pst.demo_year import books, house, reading, remove
from pst.demo_year import day as days
from pst.demo_year.bulk import Store
from pst.demo_year.grievances import Grievances
from pst.demo_year.lending import Desk
from pst.demo_year.opinions import Surveys
from pst.demo_year.people import Pool, staff
from pst.demo_year.place import Place, place_of
from pst.demo_year.plan import PROFILES, Plan, per_day, shares
from pst.demo_year.results import publish_results
from pst.demo_year.talks import ONLINE, SHARES, Talks
from queueing.models import Ticket
from services.accounts.models import User
from services.guestbook import reference
from services.guestbook.models import ConsentWording
from services.offices.calendar import seed_national_days
from services.offices.models import Office
from services.surveys import instruments

Say = Callable[[str], object]
GRIEVANCES, REQUESTS = 0.0045, 0.0016  # for each visit
FEWEST = 6  # of either, at each office, however short the year


class Refused(Exception):
    """Why nothing was made, in a sentence for who asked."""


def offices() -> list[Office]:
    return list(Office.objects.serving().filter(code__in=PROFILES).order_by("code"))


def refuse_unless_demo() -> None:
    """A demo has the four offices and only accounts of the reserved domain; in production there is none. Raises Refused."""
    if settings.MODE == "production":
        raise Refused("A demo year is never made in production (PST_MODE).")
    if len(offices()) != len(PROFILES):
        raise Refused(
            "This database has not the four demo offices. Load them first: make run, or manage.py load_demo."
        )
    real = User.objects.filter(memberships__office__in=offices()).exclude(email__iendswith="@example.test")
    if real.exists():
        raise Refused(
            "People with real e-mail addresses work in these offices: this is no demo. A demo year belongs into a database of its own."
        )


def fill(plan: Plan, say: Say = print) -> dict[str, Any] | None:
    """The year; None when one is there already. Raises Refused."""
    refuse_unless_demo()
    if there := remove.manifest():
        say(
            f"A demo year is there already: {there['visits']} visits to {there['end']}. With --again it is made anew."
        )
        return None
    _prepare(plan, say)
    started = time.monotonic()
    with transaction.atomic():
        store = Store()
        done = _year(plan, store, say)
        done["written"] = store.written
        remove.remember(plan, store, done)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as autovacuum does within minutes; lists are asked for at once
    say(f"{done['visits']} visits, {store.written} rows in {time.monotonic() - started:.0f} s")
    return done


def _prepare(plan: Plan, say: Say) -> None:
    """Calendar, lists, catalogue: what a year needs and any demo may keep."""
    seed_national_days(range(plan.first.year, plan.end.year + 2))
    reference.ensure()
    instruments.load()
    for office in offices():
        if Publication.objects.filter(keeper=office).count() < 20 and library_demo.furnish(office):
            say(f"  {office}: catalogue filled")
        if not DigitalCopy.objects.filter(office=office, state="ready").exists():
            softcopy_demo.furnish(office, say)
        for pk in DigitalCopy.objects.filter(office=office, state="checking").values_list("pk", flat=True):
            intake.check(pk)


def _year(plan: Plan, store: Store, say: Say) -> dict[str, Any]:
    places = [place_of(office, plan, store) for office in offices()]
    each = shares(plan, [place.code for place in places])
    years, talks, wrongs, bookings, counts = {}, {}, {}, {}, {}
    wordings = list(
        ConsentWording.objects.filter(purpose="guest_book")
        .order_by("-effective_from")
        .values_list("effective_from", "pk")
    )
    for place in places:
        staff(place)
        place.wordings, place.softcopies = wordings, books.softcopies(place)
        house.furnish(place)
        house.interruptions(place)
        counts[place.code] = per_day(plan, place.code, place.calendar, each)
        years[place.code] = _begin(place)
        talks[place.code] = Talks(place, years[place.code].pool)
        wrongs[place.code] = Grievances(
            place, max(plan.visits * GRIEVANCES / len(places), FEWEST) / plan.days
        )
        bookings[place.code] = house.Bookings(place)
    progress = Progress(plan, say)
    made = 0
    for today in plan.dates():
        for place in places:
            code = place.code
            made += _one(
                years[code], talks[code], wrongs[code], bookings[code], today, counts[code].get(today, 0)
            )
        progress.of(today, made, store.written)
    for place in places:
        _close(place, years[place.code], talks[place.code], bookings[place.code])
    store.flush(all_of_it=True)
    for place in places:
        books.put_away(years[place.code].books)
        publish_results(place)
    store.flush(all_of_it=True)
    return {"visits": made, "end": str(plan.end), "days": plan.days, "seed": plan.seed}


def _begin(place: Place) -> days.Year:
    shelf = books.shelve(place, place.plan.first)
    titles = sorted({book.publication for book in shelf})
    return days.Year(place, Pool(place), shelf, Desk(place, shelf), Surveys(), titles=titles)


def _one(
    year: days.Year, talks: Talks, wrongs: Grievances, bookings: house.Bookings, today: date, count: int
) -> int:
    place, plan = year.place, year.place.plan
    coming, booked = bookings.of_day(today) if count else ([], [])
    written = days.make(year, today, count, coming)
    tickets = {
        w.at(w.came.slot): (w.ticket, w.at(w.came.at))
        for w in written
        if w.came.slot is not None and w.ticket
    }
    bookings.store(booked, tickets)
    talks.of_day(today, plan.visits * ONLINE * SHARES.get(place.code, 0.2) / plan.days, written)
    wrongs.of_day(today, written)
    if count:
        house.requests(place, year.pool, today, max(plan.visits * REQUESTS / 4, FEWEST) / plan.days)
        house.exports(place, today)
        _keys(year, today)
    if year.titles:
        reading.online(place, today, year.titles, plan.chance(place.code, "online", today))
    place.write_trail(today)
    place.store.flush()
    return len(written)


def _keys(year: days.Year, today: date) -> None:
    from pst.demo_year import lockers

    chance = year.place.plan.chance(year.place.code, "keys", today)
    lockers.keys(year.place, year.place.open_at(today, 14.6), chance)


def _close(place: Place, year: days.Year, talks: Talks, bookings: house.Bookings) -> None:
    """Bookings of the days to come, counts, the lines of the trail that nobody has asked for yet."""
    for ahead in range(1, 11):
        day = place.plan.end + timedelta(days=ahead)
        if place.calendar.hours_on(day):
            bookings.store(bookings.of_day(day)[1], {})
    for day in sorted(place.later):
        place.write_trail(day)
    reading.write_counts(place)
    talks.keep_count()


class Progress:
    """A line every five seconds: how far, how many, how long still."""

    def __init__(self, plan: Plan, say: Say):
        self.plan, self.say, self.started = plan, say, time.monotonic()
        self.last = self.started

    def of(self, day: date, visits: int, rows: int) -> None:
        now = time.monotonic()
        if now - self.last < 5:
            return
        self.last = now
        share = max(visits, 1) / self.plan.visits
        left = (now - self.started) * (1 - share) / share
        self.say(f"  {day}: {visits} of {self.plan.visits} visits, {rows} rows, about {left:.0f} s left")


def yesterday() -> date:
    """The last day that is over in every office."""
    return min(office.today(timezone.now()) for office in offices()) - timedelta(days=1)


__all__ = ["Refused", "Ticket", "fill", "offices", "refuse_unless_demo", "yesterday"]
