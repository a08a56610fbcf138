"""Books lent and taken out: what was out, went out, came back and was lost is what is out at the end."""

from __future__ import annotations

from datetime import date

import pytest

from library.models import LoanStep
from library.workflows import circulation
from services.audit.actors import Actor
from tests.library.support import copy_of, reader, title
from tests.reports.support import at, parts_are_the_whole, scope, split, sql, tables

pytestmark = pytest.mark.django_db
SUMMED = ("days", "late", "subjects", "books")


@pytest.fixture
def world(offices, make_user):
    """Lent in February and still out; lent in March: back in time, late, lost, lost and found, renewed, damaged, still out."""
    lender = offices["1906"]  # whose standard lends
    book, by = title(lender), Actor("officer", user_id=make_user(lender).pk)
    plan = (  # lent, then what happened
        ("2026-02-20 09:00", (("back", "2026-03-20 09:00"),)),
        ("2026-02-24 09:00", ()),
        ("2026-03-02 09:00", (("back", "2026-03-05 09:00"),)),
        ("2026-03-03 09:00", (("renew", "2026-03-09 09:00"), ("back", "2026-03-13 09:00"))),
        ("2026-03-03 10:00", (("back", "2026-03-31 15:00"),)),
        ("2026-03-04 09:00", (("lose", "2026-03-25 09:00"),)),
        ("2026-03-04 10:00", (("lose", "2026-03-12 09:00"), ("back", "2026-03-26 09:00"))),
        ("2026-03-05 09:00", (("damage", "2026-03-09 09:00"),)),
        ("2026-03-30 09:00", (("back", "2026-04-02 09:00"),)),
    )
    for n, (lent, then) in enumerate(plan):
        copy = copy_of(book, lender, barcode=f"L{n}")
        loan = circulation.lend(copy, reader(lender, name=f"Pembaca {n}"), by=by, at=at(lender, lent))
        for what, when in then:
            moment = at(lender, when)
            if what == "renew":
                circulation.renew(loan, by=by, at=moment)
            elif what == "lose":
                circulation.lose(loan, by=by, at=moment)
            else:
                circulation.bring_back(copy, damaged=what == "damage", by=by, at=moment)
    return lender


def account(found) -> list[int]:
    """Of loans; permissions and the sum of both stand beside."""
    assert all(row[1] + row[2] == row[3] for row in found["movements"].rows)
    return [row[1] for row in found["movements"].rows]


def test_what_went_out_and_came_back(world):
    found = tables("loans", scope(world))
    begun, out, in_time, late, lost, left, overdue, renewed, damaged, again = account(found)
    assert (begun, out, left) == (2, 7, 2)
    assert (in_time, late, lost) == (3, 2, 2)
    assert (overdue, renewed, damaged, again) == (1, 1, 1, 1)
    assert begun + out - in_time - late - lost == left
    assert found["late"].rows == [["Peminjaman", 6, 3, 0.5, 16, 21]]
    assert sum(row[3] for row in found["days"].rows) == 6


def test_by_another_way(world):
    rows = sql(
        """SELECT count(*) FILTER (WHERE l.out_at AT TIME ZONE o.time_zone >= '2026-03-01' AND l.out_at AT TIME ZONE o.time_zone < '2026-04-01'),
            count(*) FILTER (WHERE l.back_at AT TIME ZONE o.time_zone >= '2026-03-01' AND l.back_at AT TIME ZONE o.time_zone < '2026-04-01'),
            count(*) FILTER (WHERE (l.back_at AT TIME ZONE o.time_zone)::date > l.due_on AND (l.back_at AT TIME ZONE o.time_zone)::date <= '2026-03-31')
        FROM library_loan l JOIN offices_office o ON o.id = l.office_id WHERE l.kind <> 'reading' AND o.id = %s""",
        world.pk,
    )
    [(out, back, late)] = rows
    found = tables("loans", scope(world))
    assert found["days"].total[1:4:2] == [out, back]
    assert found["late"].total[1] - found["late"].total[2] == late


@pytest.mark.parametrize("way", range(3))
def test_parts_are_the_whole(world, offices, way):
    parts_are_the_whole("loans", scope(world, offices["7411"]), split(world, offices["7411"])[way], SUMMED)


@pytest.mark.parametrize("last", [8, 12, 25, 26, 31])
def test_one_period_ends_where_the_next_begins(world, last):
    """Whatever day divides them."""
    first = account(tables("loans", scope(world, until=date(2026, 3, last))))
    then = scope(
        world, since=date(2026, 3, last + 1) if last < 31 else date(2026, 4, 1), until=date(2026, 4, 30)
    )
    second = account(tables("loans", then))
    assert first[5] == second[0]
    for begun, out, in_time, late, lost, left, *_more in (first, second):
        assert begun + out - in_time - late - lost == left


def test_renewals_are_known_when_their_reason_is_forgotten(world):
    """Reasons of steps are emptied after a year (pst/privacy/retention.toml)."""
    LoanStep.objects.update(why="")
    assert account(tables("loans", scope(world)))[7] == 1
