"""Requests about one's own data: how many, of which kind, in time or not; against SQL of its own."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pst.privacy import workflows
from pst.privacy.models import PrivacyRequest
from pst.reports import catalogue
from pst.reports.cells import shown
from pst.reports.kinds import personal_data
from pst.reports.scope import Scope
from services.guestbook.models import Visitor
from services.periods import Period

pytestmark = pytest.mark.django_db
SPRING = Period("own", date(2026, 3, 1), date(2026, 4, 30))
MARCH, APRIL = datetime(2026, 3, 10, 2, tzinfo=UTC), datetime(2026, 4, 10, 2, tzinfo=UTC)
NOW = datetime(2026, 4, 12, 2, tzinfo=UTC)


def ask(
    office, by, kind: str, at: datetime, hours: float | None = None, channel: str = "desk"
) -> PrivacyRequest:
    person = Visitor.objects.create(office=office, name="Zubaidah Rahasiawati")
    row = workflows.receive(person, kind=kind, channel=channel, by=by, at=at)
    if hours is not None:
        workflows.fulfil(row, by=by, at=at + timedelta(hours=hours))
    return row


@pytest.fixture
def some(office, by) -> None:
    """March: two in time, one late. April: one in time, one open in time, one open and late."""
    ask(office, by, "access", MARCH, 5)
    ask(office, by, "access", MARCH, 71.9, channel="mail")
    ask(office, by, "erasure", MARCH, 90)
    ask(office, by, "correction", APRIL, 1)
    ask(office, by, "erasure", NOW - timedelta(hours=10))
    ask(office, by, "access", APRIL - timedelta(days=5))


def tables(office, offices=None) -> dict:
    with time_machine.travel(NOW, tick=False):
        return {
            t.key: t
            for t in catalogue.get("personal-data").tables(Scope(office, offices or [office], SPRING))
        }


def test_in_time_and_late_by_month(office, some):
    found = tables(office)["months"]
    assert [row[:6] for row in found.rows] == [["2026-03", 3, 2, 1, 0, 0], ["2026-04", 3, 1, 0, 1, 1]]
    assert found.total[:6] == ["Jumlah", 6, 3, 1, 1, 1]
    assert found.total[6] == pytest.approx(3 / 5)
    assert found.rows[0][7] == pytest.approx(71.9)  # the median of 5, 71.9 and 90 hours


def test_by_independent_sql(office, some):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind, count(*), count(*) FILTER (WHERE answered_at - received_at <= interval '72 hours') "
            "FROM privacy_privacyrequest GROUP BY 1"
        )
        rows = {str(PrivacyRequest.Kind(kind).label): (n, timely) for kind, n, timely in cursor.fetchall()}
    assert {row[0]: (row[1], row[2]) for row in tables(office)["kinds"].rows} == rows


@pytest.mark.parametrize("key", ["months", "kinds", "channels", "states"])
def test_the_parts_sum_to_the_whole(office, some, key):
    table = tables(office)[key]
    assert sum(row[1] for row in table.rows) == table.total[1] == 6
    if key in ("months", "kinds"):
        assert all(row[1] == sum(row[2:6]) for row in [*table.rows, table.total])


def test_nobody_is_named_and_another_office_is_not_in_it(office, offices, some, by):
    ask(offices["6571"], by, "access", MARCH, 1)
    found = tables(office)
    assert found["months"].total[1] == 6
    assert tables(office, [office, offices["6571"]])["months"].total[1] == 7
    text = str([shown(table)["rows"] for table in found.values()])
    assert "Zubaidah" not in text
    assert "Rahasiawati" not in text


def test_few_questions(office, some):
    with CaptureQueriesContext(connection) as queries:
        list(personal_data.build(Scope(office, [office], SPRING)))
    assert len(queries) <= 6
