"""Every page an officer opens asks the database ten times at most (with the log-in's three)."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.accounts.test_access_table import GET, shared, world
from tests.accounts.world import World

__all__ = ["shared", "world"]  # fixtures

MOST = 10
# One question for each table of retention.toml, whatever is in it; both are opened a few times a year.
MORE = {"privacy:policy": 40, "privacy:answer": 30}
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
