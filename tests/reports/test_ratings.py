"""Stars in the reports, against SQL of its own and against the panel's insight."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pst.reports import catalogue
from pst.reports.kinds import ratings
from pst.reports.scope import Scope
from pst.reports.tables import FEW
from services.periods import Period
from services.ratings import insight
from services.ratings.models import Rating
from tests.ratings.test_insight import rate

pytestmark = pytest.mark.django_db
SPRING = Period("own", date(2026, 3, 1), date(2026, 5, 31))


def tables(office, offices=None, service=None) -> dict:
    scope = Scope(office, offices or [office], SPRING, service)
    return {t.key: t for t in catalogue.get("ratings").tables(scope)}


def many(office, *, extra: int = 0) -> None:
    """By hand: 24 in March, 7 in April, 2 in May; with a service, or without one."""
    library = office.services.get(slug="library")
    for n in range(24):
        rate(office, 1 + n % 5, f"2026-03-{1 + n % 28:02d}T02:00", service=library if n % 2 else None)
    for n in range(7):
        rate(office, 5, f"2026-04-{1 + n:02d}T02:00", service=library)
    for n in range(2 + extra):
        rate(office, 1, f"2026-05-{1 + n:02d}T02:00")


def test_by_independent_sql(office):
    many(office)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_char(at AT TIME ZONE 'Asia/Makassar', 'YYYY-MM'), count(*), avg(stars) FROM ratings_rating "
            "WHERE office_id = %s GROUP BY 1 ORDER BY 1", [office.pk],
        )  # fmt: skip
        months = cursor.fetchall()
    found = tables(office)
    assert [row[:2] for row in found["months"].rows] == [[m, n] for m, n, _mean in months]
    told = {row[0]: row[2] for row in found["months"].rows}
    assert (told["2026-04"], told["2026-05"]) == (FEW, FEW)  # May has two; April would tell theirs
    assert told["2026-03"] == pytest.approx(float(months[0][2]))


def test_the_mean_of_few_does_not_follow_from_the_others(office):
    """Two in May: with all other months and the whole they would be reckoned."""
    many(office)
    hidden = [row[1] for row in tables(office)["months"].rows if row[2] == FEW]
    assert len(hidden) >= 2
    assert sum(hidden) >= 5


@pytest.mark.parametrize("key", ["months", "services", "things", "stars"])
def test_the_parts_sum_to_the_whole(office, key):
    many(office, extra=6)
    table = tables(office)[key]
    assert table.total is not None
    assert sum(row[1] for row in table.rows if row[1] != FEW) == table.total[1] == 39


def test_as_the_panel_says_them(office):
    many(office, extra=6)
    own = insight.of(office, SPRING.since, SPRING.until)
    found = tables(office)
    assert [(r.count, r.mean) for r in own.trend] == [(row[1], row[2]) for row in found["months"].rows]
    assert [n for _value, n in own.stars] == [row[1] for row in found["stars"].rows]
    assert found["months"].total[2] == pytest.approx(own.mean)


def test_a_month_is_that_of_each_offices_own_clock(office, offices):
    """28 February 16:30 UTC is March in Kolaka Timur, and still February in Belitung Timur."""
    for each in (office, offices["1906"]):
        Rating.objects.create(
            office=each, about="consultation", stars=4, channel="online", at=datetime(2026, 2, 28, 16, 30, tzinfo=UTC)
        )  # fmt: skip
    assert tables(office, [office, offices["1906"]])["stars"].total[1] == 1


def test_one_service(office):
    many(office)
    library = office.services.get(slug="library")
    assert tables(office, service=library)["stars"].total[1] == Rating.objects.filter(service=library).count()


def test_a_dozen_questions_however_many_there_are(office):
    many(office)
    with CaptureQueriesContext(connection) as queries:
        list(ratings.build(Scope(office, [office], SPRING)))
    assert len(queries) <= 8
