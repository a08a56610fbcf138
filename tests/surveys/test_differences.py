"""What is told of five people and more does not tell of fewer by a difference: between days, periods, services, and from one day
to the next (decision 039)."""

from __future__ import annotations

import csv
import io
import itertools
from collections import Counter
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from services import differences, few
from services.audit.actors import VISITOR
from services.surveys import answering, figures, withheld, workflows
from services.surveys.models import Instrument, Published, Response
from services.surveys.results import Selection
from services.workflow import IllegalMove
from tests.surveys.support import fill, skd
from tests.surveys.test_panel import PANEL, fill_needs, text

SECRET = (1, 2, 3, 4, 1, 2, 3, 4, 1)
YEAR = 2024  # over long ago
MONTHS = [date(YEAR, month, 10) for month in range(1, 13)]


@pytest.fixture
def supervisor(make_user, office) -> Client:
    client = Client()
    client.force_login(make_user(office, "supervisor"), backend="django.contrib.auth.backends.ModelBackend")
    return client


def several(office, n: int, month: int, **more) -> None:
    for _n in range(n):
        fill(office, 4, day=date(YEAR, month, 10), **more)


def months(office, first: int, last: int, **more) -> Selection:
    return Selection([office], "skm", date(YEAR, first, 1), date(YEAR, last, 28), **more)


def shown(office, first: int, last: int, **more) -> bool:
    return figures.of(months(office, first, last, **more))["shown"]


def own(since: str, until: str) -> str:
    return f"?periode=own&dari={YEAR}-{since}&sampai={YEAR}-{until}"


class TestDays:
    def test_two_own_periods_a_day_apart_are_the_same_months(self, supervisor, office):
        several(office, 5, 3)
        fill(office, *SECRET, day=date(YEAR, 3, 20))
        one, two = (text(supervisor, PANEL + own("03-02", until)) for until in ("03-19", "03-20"))
        assert f"Maret {YEAR}" in one
        assert f"2 Maret {YEAR}" not in one
        assert one.split("data-ikm>")[1][:6] == two.split("data-ikm>")[1][:6]
        assert "Selalu bulan penuh" in one

    def test_two_files_a_day_apart_are_the_same(self, supervisor, office):
        several(office, 5, 3)
        fill(office, 1, day=date(YEAR, 3, 20), profile={"age": 77}, comment="Pak Budi kasar")
        address = reverse("surveys:export", args=["isian", "csv"])
        one, two = (
            b"".join(supervisor.get(address + own("03-02", until)).streaming_content)
            for until in ("03-19", "03-20")
        )
        assert one == two
        assert len(list(csv.reader(io.StringIO(one.decode("utf-8-sig"))))) == 7

    def test_a_file_of_the_running_month_is_not_given(self, supervisor, office):
        """Taken again tomorrow it would tell what came in between."""
        for _n in range(6):
            fill(office, 4)
        assert supervisor.get(reverse("surveys:export", args=["isian", "csv"])).status_code == 302

    @pytest.mark.parametrize(
        ("today", "until"),
        [("2026-03-07", "2026-01-31"), ("2026-03-08", "2026-02-28"), ("2026-01-05", "2025-11-30"), ("2026-01-08", "2025-12-31")],
    )  # fmt: skip
    def test_a_file_ends_a_week_after_the_month(self, office, today, until):
        asked = Selection([office], "skm", date(2025, 1, 1), date(2026, 12, 31))
        found = withheld.over(asked, date.fromisoformat(today))
        assert found is not None
        assert found.until.isoformat() == until
        assert (
            withheld.over(Selection([office], "skm", date(2026, 3, 1), date(2026, 3, 31)), date(2026, 3, 9))
            is None
        )


@pytest.mark.parametrize(
    "address",
    [
        "/panel/survei/?periode=own&dari=0001-01-01&sampai=2999-12-31",
        "/panel/survei/?periode=own&dari=0001-01-01&sampai=9999-12-31&jenis=skd",
        "/panel/survei/laporan.pdf?periode=own&dari=0001-01-01&sampai=9999-12-31",
        "/panel/survei/isian.csv?periode=own&dari=0001-01-01&sampai=9999-12-31",
        "/panel/survei/tindak-lanjut/?periode=own&dari=0001-01-01&sampai=9999-12-31",
        "/panel/wawasan/?dari=9999-01-01&sampai=9999-12-31",
        "/panel/wawasan/?dari=0001-01-01&sampai=0001-01-02",
        "/meja/survei/kertas/?hari=0001-01-01",
    ],
)
def test_days_at_either_end_of_the_calendar_are_told_at_the_field(supervisor, office, address, monkeypatch):
    from services.surveys import report

    monkeypatch.setattr(report, "draw", lambda *_page: b"%PDF-1.7")
    answer = supervisor.get(address)
    assert answer.status_code in (200, 302, 422)
    if "/panel/survei/?" in address or "wawasan" in address:
        assert "Tahun dari 2000 sampai 2100." in answer.content.decode()


class TestPeriods:
    def test_a_longer_period_less_a_shorter_one(self, office):
        several(office, 6, 1)
        several(office, 1, 2)
        assert shown(office, 1, 3)  # the quarter is what the office reports by
        assert not shown(office, 1, 1)  # or February would follow
        assert figures.of(months(office, 1, 1))["withheld"]

    def test_all_months_with_enough_are_shown_however_they_are_asked_for(self, office):
        for month in (1, 2, 3, 7):
            several(office, 5, month)
        for first, last in ((1, 1), (1, 2), (2, 3), (1, 3), (1, 6), (7, 7), (1, 12)):
            assert shown(office, first, last), (first, last)

    def test_in_the_running_year_the_quarters_come_first(self):
        cells = [Counter({None: n}) for n in (9, 0, 0, 9, 0, 0, 9, 0, 0, 2, 0, 0)]
        running, over = (differences.Year(cells).told(None, over=over) for over in (False, True))
        assert {(0, 3), (3, 6), (6, 9), (0, 6)} <= running
        assert (0, 12) not in running
        assert {(0, 12), (0, 6), (6, 12)} <= over
        assert (6, 9) not in over

    @settings(deadline=None, max_examples=40)
    @given(st.lists(st.integers(0, 9), min_size=12, max_size=12), st.booleans())
    def test_no_difference_of_two_is_of_few(self, counts, over):
        told = differences.Year([Counter({None: n}) for n in counts]).told(None, over=over)
        for (a, b), (c, d) in itertools.product(told, told):
            one, two = set(range(a, b)), set(range(c, d))
            if two < one:
                assert not few.is_few(sum(counts[n] for n in one - two))
            if not one & two:
                inside = [i for i in told if one | two < set(range(*i))]
                assert not any(few.is_few(sum(counts[n] for n in set(range(*i)) - one - two)) for i in inside)


class TestServices:
    def test_all_less_one_service(self, office, library, consultation):
        several(office, 5, 2, service=library)
        fill(office, *SECRET, day=date(YEAR, 2, 10), service=consultation)
        assert shown(office, 1, 3)
        assert not shown(office, 1, 3, service=library)

    def test_all_less_two_services(self, office, library, consultation):
        several(office, 9, 2, service=library)
        several(office, 7, 2, service=consultation)
        several(office, 2, 2)  # on paper, the service not said
        assert shown(office, 1, 3, service=library)
        assert not shown(office, 1, 3, service=consultation)

    def test_one_service_alone(self, office, library):
        several(office, 6, 2, service=library)
        assert shown(office, 1, 3, service=library)


class TestPublished:
    @pytest.fixture
    def quarter(self, office) -> Selection:
        return months(office, 1, 3)

    def test_the_office_less_a_service(self, office, by, quarter, library, consultation):
        several(office, 5, 2, service=library)
        fill(office, *SECRET, day=date(YEAR, 2, 10), service=consultation)
        workflows.publish(office, quarter, by=by)
        with pytest.raises(IllegalMove, match="selisih"):
            workflows.publish(office, months(office, 1, 3, service=library), by=by)
        assert Published.objects.count() == 1

    def test_the_same_again_with_two_more(self, office, by, quarter):
        """Also of what was withdrawn: somebody may have kept it."""
        several(office, 6, 2)
        workflows.withdraw(workflows.publish(office, quarter, by=by), by=by)
        several(office, 2, 3)
        with pytest.raises(IllegalMove, match="selisih"):
            workflows.publish(office, quarter, by=by)
        several(office, 3, 3)
        assert workflows.publish(office, quarter, by=by).figures["respondents"] == 11

    def test_a_year_whose_quarter_was_published_before_the_last_came(self, office, by):
        """Three quarters are out; the year would tell the fourth."""
        for month in (1, 4, 7):
            several(office, 6, month)
            workflows.publish(office, months(office, month, month + 2), by=by)
        several(office, 2, 11)
        with pytest.raises(IllegalMove, match="selisih"):
            workflows.publish(office, months(office, 1, 12), by=by)

    def test_whole_months_are_published_whatever_days_are_asked_for(self, office, by):
        several(office, 6, 2)
        row = workflows.publish(
            office, Selection([office], "skm", date(YEAR, 2, 3), date(YEAR, 2, 11)), by=by
        )
        assert (row.since, row.until) == (date(YEAR, 2, 1), date(YEAR, 2, 29))
        assert Response.objects.filter(at__lte=row.at + timedelta(seconds=1)).count() == 6


def test_an_item_that_one_person_was_asked_has_no_mean(office):
    """Two questionnaires in one quarter: what only the second asks, few have answered."""
    first, *others = skd().content["questions"]
    content = skd().content | {"questions": [first | {"code": "B1"}, *others]}
    other = Instrument.objects.create(
        key="skd-other", kind="skd", name="x", name_en="x", source="x", content=content
    )
    for _n in range(5):
        fill_needs(office)
    scores = {question["code"]: (2, 9) for question in content["questions"]}
    answering.answer(other, office=office, scores=scores, channel="online", by=VISITOR)
    found = figures.of(Selection([office], "skd", office.today(), office.today()))
    assert found["respondents"] == 6
    assert "B1" not in [element["code"] for element in found["elements"]]


class TestTables:
    """(code, how many) of a profile, against everybody who knows the rule and the total."""

    @pytest.mark.parametrize("size", [1, 2, 3, 4])
    def test_no_hidden_number_is_certain(self, size):
        looks: dict = {}
        for numbers in itertools.product(range(1, {1: 30, 2: 30, 3: 22, 4: 13}[size]), repeat=size):
            if sum(numbers) < few.FEWEST:
                continue  # then nothing at all is shown
            told = few.hide_few([(str(n), people) for n, people in enumerate(numbers)])
            looks.setdefault((sum(numbers), tuple(map(tuple, told))), []).append(numbers)
        most = {1: 10, 2: 12, 3: 9, 4: 7}[size]  # beyond, what else it could be was not counted out above
        for (_total, told), could_be in looks.items():
            hidden = [int(code) for code, n in told if n == few.HIDDEN]
            if max(could_be[0]) > most or not hidden or size == 1:
                continue
            assert sum(could_be[0][n] for n in hidden) >= few.FEWEST, could_be[0]
            for n in hidden:
                assert len({numbers[n] for numbers in could_be}) > 1, (told, could_be)

    @pytest.mark.parametrize(
        ("numbers", "hidden"),
        [((1, 1, 9), "abc"), ((4, 4, 4), "abc"), ((4, 4, 4, 9), "abcd"), ((2, 5, 5), "abc"), ((3, 3, 8), "ab"), ((40, 9, 2), "bc")],
    )  # fmt: skip
    def test_until_five_are_hidden_and_nobody_is_certain(self, numbers, hidden):
        rows = list(zip("abcd", numbers, strict=False))
        assert "".join(code for code, n in few.hide_few(rows) if n == few.HIDDEN) == hidden

    def test_groups_of_one_each_give_no_table(self):
        assert few.hide_few([(code, 1) for code in "abcdef"]) == []
