"""Every page an officer opens asks the database ten times at most (with the log-in's three)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from complaints.workflows import lodging
from pst.privacy import workflows as privacy
from queueing.workflows.issue import issue
from services.audit.actors import Actor
from services.guestbook import interruptions, merging
from services.guestbook import workflows as visits
from services.guestbook.models import Companion, DataNeed, Visit, Visitor
from services.lockers import workflows as lockers
from services.offices.models import Office
from tests.accounts.test_access_table import GET, shared, world
from tests.accounts.world import World, sign
from tests.conftest import new_user

__all__ = ["shared", "world"]  # fixtures

MOST = 10
# Of privacy one question for each table of retention.toml, whatever is in it; both are opened a few times a year. Beside a
# softcopy stands what its visitor got, what was mailed and what was asked for; beside a publication its trace and its file.
# A complaint's page and its forms: who may see it, whom it is about, what was said and done, the clocks by the calendar.
# A survey's result is read for the period asked and the one before it; what ratings say, by each thing they are counted by.
# Handing a message over as a complaint: the consultation's own questions, who wrote it by which channel, who works there.
# The set-up looks into every room.
# An example of a mail is made from the standards as they are, once in each language.
MORE = {
    "privacy:answer": 60, "library:handing": 13, "library:publication_edit": 12, "panel:mail_kind": 16,
    "complaints:detail": 20, "complaints:manage": 16, "complaints:list": 12, "surveys:panel": 15, "surveys:plans": 12, "surveys:report": 12,
    "panel:insight": 15, "complain": 16, "reports:report": 20, "reports:preview": 20, "setup:overview": 15, "setup:start": 15,
    "panel:today": 15, "panel:offices": 15, "panel:promises": 15, "panel:promise": 15, "panel:promise_cases": 12,
}  # fmt: skip
OFFICERS = ("frontliner", "supervisor")
PAGES = {
    name: args
    for name, (args, expected) in GET.items()
    if expected.get("anonymous") != 200 and 200 in [expected.get(who) for who in OFFICERS]
}


@pytest.mark.parametrize("name", sorted(PAGES))
def test_an_officers_page(world: World, name: str):
    address = reverse(name, args=[world.fill(a) for a in PAGES[name]])
    who = next(who for who in OFFICERS if GET[name][1][who] == 200)
    with transaction.atomic():
        world.people[who].get(address)  # what a process learns once, and what is noted as read
        with CaptureQueriesContext(connection) as queries:
            assert world.people[who].get(address).status_code == 200
        transaction.set_rollback(True)
    asked = [q["sql"][:150] for q in queries if "SAVEPOINT" not in q["sql"]]
    assert len(asked) <= MORE.get(name, MOST), "\n".join(asked)


def fill(world: World) -> None:
    """More of everything that a page may list."""
    office = Office.objects.get(code="7411")
    by = Actor("officer", user_id=new_user(office).pk)
    library, consultation = (office.services.get(slug=s) for s in ("library", "consultation"))
    lockers_free = list(office.lockers.filter(number__gt=4))
    for n in range(12):
        ticket = issue(office=office, service=(library, consultation)[n % 2], submission=f"more-{n}", by=by)
        visit = ticket.received.visit
        if n % 3 == 0:
            continue
        sign(visit, by, name=f"Tamu {n // 2}", email=f"tamu{n}@example.test", phone=f"+62813999988{n:02d}")
        DataNeed.objects.create(visit=visit, subject="PDRB")
        Companion.objects.create(visit=visit, name="Teman")
        if n % 3 == 1:
            lockers.deposit_bag(visit=visit, locker=lockers_free[n // 3], by=by)
            visits.add_service(visit=visit, service=(library, consultation)[(n + 1) % 2], by=by)
        privacy.receive(Visit.objects.get(pk=visit.pk).visitor, kind="erasure", channel="desk", by=by)
        lockers.report_item(office=office, what=f"Payung {n}", place="Ruang", by=by)
        lodging.lodge(office=office, text=f"Lama {n}", channel="online", by=by)
        office.announcements.create(text=f"Libur {n}")
        office.printers.create(name=f"Printer {n}", host="127.0.0.1")
        since = timezone.now() - timedelta(minutes=10 * n + 10)
        interruptions.record(
            office=office, kind="network", started_at=since, ended_at=since + timedelta(minutes=5), by=by
        )
    here = office.visits.get(pk=world.keys["here"])
    for n in range(5):
        DataNeed.objects.create(visit=here, subject=f"Data {n}")
        Companion.objects.create(visit=here, name=f"Teman {n}")
    merging.merge(
        Visitor.objects.create(office=office, name="Tiga"),
        Visitor.objects.create(office=office, name="Empat"),
        by=by,
    )


def test_no_pages_questions_grow_with_the_rows(world: World):
    """Every page of the table that somebody may open, before and after the office has more of everything."""
    pages = {
        name: (reverse(name, args=[world.fill(a) for a in args]), who)
        for name, (args, expected) in GET.items()
        if (who := next((w for w, status in expected.items() if status == 200), None))
    }

    def counts() -> dict[str, int]:
        found = {}
        for name, (address, who) in pages.items():
            with transaction.atomic():
                world.people[who].get(address)
                with CaptureQueriesContext(connection) as queries:
                    world.people[who].get(address)
                found[name] = len([q for q in queries if "SAVEPOINT" not in q["sql"]])
                transaction.set_rollback(True)
        return found

    few = counts()
    fill(world)
    many = counts()
    # A list that was empty reads what hangs on its rows too: twice at most, not once for each of a dozen.
    grown = {name: (few[name], many[name]) for name in few if many[name] > few[name] + 2}
    assert grown == {}
    assert {n: c for n, c in many.items() if n in PAGES and c > MORE.get(n, MOST)} == {}
