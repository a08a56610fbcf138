"""The sums of a province against plain SQL, and what must not be reckoned from them."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.urls import reverse

from complaints.models import Complaint
from pst.panel import below
from services.accounts.models import Role
from services.audit.actors import VISITOR
from services.offices.models import Office
from services.ratings.models import Rating
from tests.complaints.support import browser, lodge, works
from tests.surveys.support import fill

DAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
PLAIN = """
WITH RECURSIVE tree AS (
    SELECT id FROM offices_office WHERE id = %s
    UNION SELECT o.id FROM offices_office o JOIN tree ON o.parent_id = tree.id
), means AS (
    SELECT a.code, avg(a.score) AS mean FROM surveys_answer a JOIN surveys_response r ON r.id = a.response_id
    WHERE r.office_id IN (SELECT id FROM tree) AND r.day BETWEEN %s AND %s GROUP BY a.code
)
SELECT round(sum(mean) / 9 * 25, 2) FROM means
"""


def rate(office, *stars: int, at=NOON):
    for n in stars:
        Rating.objects.create(office=office, about="download", stars=n, channel="online", at=at)


@pytest.fixture
def sibling(office):
    return Office.objects.create(
        code="7498", parent=office.parent, level=office.level, name="BPS Kabupaten Saudara", area="Saudara", time_zone="Asia/Jakarta",
    )  # fmt: skip


def sums(office, since=DAY, until=DAY):
    return below.lines(below.offices(office.parent), since, until)


def test_the_index_of_a_province_is_that_of_all_answers(office, sibling):
    chance = random.Random(8)
    for where, n in ((office, 7), (sibling, 23)):
        for _n in range(n):
            fill(where, *(chance.randint(1, 4) for _u in range(9)), day=DAY, by=VISITOR)
    total, lines = sums(office)
    with connection.cursor() as cursor:
        cursor.execute(PLAIN, [office.parent.pk, DAY, DAY])
        assert total.ikm == cursor.fetchone()[0]
    assert [(line.office.code, line.respondents) for line in lines] == [("7411", 7), ("7498", 23)]
    assert total.ikm != (lines[0].ikm + lines[1].ikm) / 2


def test_one_office_with_few_hides_the_next_smallest_too(office, sibling):
    third = Office.objects.create(
        code="7497", parent=office.parent, level=office.level, name="BPS Kabupaten Ketiga", area="Ketiga", time_zone="Asia/Makassar",
    )  # fmt: skip
    rate(office, 1, 1)
    rate(sibling, *[4] * 6)
    rate(third, *[5] * 9)
    total, lines = sums(office)
    assert {line.office.code: line.mean for line in lines} == {
        "7411": None,
        "7498": None,
        "7497": Decimal("5.00"),
    }
    assert total.mean == Decimal("4.18")


def test_each_day_is_the_offices_own(office, sibling):
    half_past_midnight_in_makassar = datetime(2026, 3, 1, 16, 30, tzinfo=UTC)
    rate(office, *[5] * 5, at=half_past_midnight_in_makassar)
    rate(sibling, *[5] * 5, at=half_past_midnight_in_makassar)  # still the day before in Jakarta
    assert [line.office.code for line in sums(office)[1]] == ["7411"]


def test_the_page_sums_sorts_and_leads_to_one_office(office, sibling, django_assert_max_num_queries):
    rate(office, *[2] * 5)
    rate(sibling, *[5] * 6)
    lodge(office, "2026-03-02 10:00")
    chief = browser(works(office.parent, "province", Role.SUPERVISOR))
    address = f"{reverse('panel:below')}?dari=2026-03-01&sampai=2026-03-31"
    with django_assert_max_num_queries(12):
        page = chief.get(f"{address}&urut=penilaian").content.decode()
    assert (
        page.index('data-office="7498"') < page.index('data-office="7411"') < page.index('data-office="sum"')
    )
    one = chief.get(f"{address}&kantor=7411").content.decode()
    assert 'data-office="7498"' not in one
    assert chief.get(f"{address}&kantor=1373").status_code == 404
    stranger = browser(works(sibling, "sibling", Role.SUPERVISOR))
    assert stranger.get(f"{address}&kantor=7411").status_code == 404


def test_one_more_of_an_office_is_in_no_difference_of_two_periods(office, sibling):
    """January to March less January to February is one rating of this office: not both are told, alone or among all."""
    march, february = datetime(2026, 3, 9, 4, tzinfo=UTC), datetime(2026, 2, 9, 4, tzinfo=UTC)
    rate(office, *[5] * 8, at=february)
    rate(office, 1, at=march)
    for at in (february, march):
        rate(sibling, *[4] * 9, at=at)
    both = below.offices(office.parent)
    for asked in (both, [office]):
        means = []
        for until in (date(2026, 3, 31), date(2026, 2, 28)):
            total, lines = below.lines(asked, date(2026, 1, 1), until, beside=both)
            mine = next(line for line in lines if line.office == office)
            means.append(mine.mean)
            assert (total.mean is None) == (asked == [office] and mine.mean is None)
        assert None in means


def test_what_is_handled_above_is_counted_there_alone(office, sibling):
    own, above = lodge(office, "2026-03-02 10:00"), lodge(office, "2026-03-02 11:00", "Tentang kepala")
    Complaint.objects.filter(pk=above.pk).update(place=office.parent)
    assert Complaint.objects.get(pk=own.pk).place == office
    assert below.lines(below.offices(office), DAY, DAY)[0].complaints == 1
    assert sums(office)[0].complaints == 2
