"""The survey in the reports: the numbers of the survey's own panel and A4 report, to the last decimal, and none that they hide."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from pst.reports import catalogue
from pst.reports.cells import shown
from pst.reports.kinds import skd, skm
from pst.reports.kinds.survey_parts import selection_of
from pst.reports.scope import Scope
from pst.reports.tables import FEW
from services import periods
from services.surveys import figures, results
from services.surveys.models import Response
from services.surveys.report import report
from tests.surveys.support import fill, served
from tests.surveys.test_panel import fill_needs
from tests.surveys.test_results import SUMS, thirty

pytestmark = pytest.mark.django_db


def of(office, key: str = "q", offices=None, service=None) -> Scope:
    return Scope(office, offices or [office], periods.of_kind(key, office.today()), service)


def texts(kind, scope: Scope, key: str) -> list[list[str]]:
    """The rows of a table as screen and paper show them."""
    table = next(t for t in catalogue.get(kind).tables(scope) if t.key == key)
    return [[cell["text"] for cell in row] for row in shown(table)["rows"]]


def table_of(kind, scope: Scope, key: str):
    return next(t for t in catalogue.get(kind).tables(scope) if t.key == key)


@pytest.fixture
def supervisor(make_user, office) -> Client:
    client = Client()
    client.force_login(make_user(office, "supervisor"), backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_worked_example_as_the_panel_and_the_surveys_own_report_have_it(office, supervisor):
    thirty(office)
    served(office, party_size=50)
    scope = of(office)
    index = texts("skm", scope, "index")[0]
    assert index[1:] == ["30", "50", "44", "78,24", "B (Baik)"]
    panel = supervisor.get("/panel/survei/").content.decode()
    selection = selection_of(scope, "skm")
    a4 = report(
        office, figures.of(selection), since=selection.since, until=selection.until, service=None, plans=[], kind="skm", day=office.today(),
    )  # fmt: skip
    paper = " ".join(page.extract_text() for page in PdfReader(BytesIO(a4)).pages)
    assert "78,24" in panel
    assert "78,24" in paper
    for name, nrr, element, grade in texts("skm", scope, "elements"):
        assert f"<td>{nrr}</td><td>{element}</td><td>{grade}</td>" in panel, name
        assert f"{nrr} {element}" in paper.replace("\n", " "), name


def test_means_are_those_of_independent_sql(office):
    thirty(office)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.code, sum(a.score), round(avg(a.score), 3) FROM surveys_answer a JOIN surveys_response r ON r.id = a.response_id "
            "WHERE r.office_id = %s GROUP BY 1 ORDER BY 1", [office.pk],
        )  # fmt: skip
        rows = cursor.fetchall()
    assert {code: total for code, total, _mean in rows} == SUMS
    table = table_of("skm", of(office), "elements")
    assert [(row[0][:2], row[1]) for row in table.rows] == [(code, float(mean)) for code, _t, mean in rows]


def test_four_answers_show_no_index_no_chart_and_no_profile_and_why(office):
    for _n in range(4):
        fill(office, 1)
    tables = {t.key: t for t in catalogue.get("skm").tables(of(office))}
    assert tables["index"].rows[0][1:] == [4, 0, 0, None, ""]
    assert "mulai 5 responden" in tables["index"].definition
    assert tables["elements"].rows == []
    assert tables["elements"].chart is None
    assert not [key for key in tables if key.startswith("profile")]


def test_the_period_before_is_told_only_where_it_may_be(office):
    before = periods.of_kind("q", office.today()).before
    for n in range(9):
        fill(office, 4)
        if n < 4:
            fill(office, 2, day=before.since)
    assert table_of("skm", of(office), "index").rows[1][1:] == [4, 0, 0, None, ""]
    fill(office, 2, day=before.since)
    assert table_of("skm", of(office), "index").rows[1][1:] == [5, 0, 0, 50.0, "D (Tidak baik)"]


@settings(
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    deadline=None,
    max_examples=8,
)
@given(genders=st.lists(st.sampled_from(["male", "female", ""]), min_size=5, max_size=14))
def test_the_profile_hides_what_the_survey_hides_and_sums_to_all(office, genders):
    Response.objects.filter(office=office).delete()
    for gender in genders:
        row = fill(office, 3)
        Response.objects.filter(pk=row.pk).update(gender=gender)
    table = next(t for t in catalogue.get("skm").tables(of(office)) if t.columns[0].title == "Jenis kelamin")
    own = dict(figures.of(selection_of(of(office), "skm"))["profile"]["gender"])
    assert sorted(str(row[1]) for row in table.rows) == sorted(
        FEW if n == -1 else str(n) for n in own.values()
    )
    assert table.total is not None
    assert table.total[1] == len(genders)
    if FEW not in [row[1] for row in table.rows]:
        assert sum(row[1] for row in table.rows) == len(genders)


class TestSeveralOffices:
    def test_side_by_side_as_each_panel_tells_it_and_never_summed(self, office, offices):
        other, third = offices["6571"], offices["1906"]
        for _n in range(6):
            fill(office, 4)
            fill(other, 2)
        for _n in range(3):
            fill(third, 1)
        scope = of(office, offices=[office, other, third])
        rows = {row[0]: row for row in table_of("skm", scope, "offices").rows}
        assert rows[office.name][1:] == [6, 0, 0, 100.0, "A"]
        assert rows[other.name][1:] == [6, 0, 0, 50.0, "D"]
        assert rows[third.name][1:] == [3, 0, 0, None, ""]
        assert [t.key for t in catalogue.get("skm").tables(scope)] == ["offices"]

    def test_what_an_offices_own_panel_withholds_is_withheld_here(self, office, offices):
        """Nine in one month of the quarter and two in another: the month alone may be told, or the quarter, not both."""
        period = periods.of_kind("q", office.today()).before
        for _n in range(9):
            fill(office, 4, day=period.since)
        for _n in range(2):
            fill(office, 1, day=period.until)
        month = periods.of_kind("m", period.since)
        for asked in (period, month):
            scope = Scope(office, [office, offices["6571"]], asked)
            own = figures.of(selection_of(Scope(office, [office], asked), "skm"))
            row = table_of("skm", scope, "offices").rows[0]
            assert (row[4] is None) == (not own["shown"])

    def test_questions_do_not_grow_with_the_offices(self, office, offices):
        for each in offices.values():
            for _n in range(5):
                fill(each, 3)
        counts = []
        for chosen in ([office, offices["6571"]], list(offices.values())):
            with CaptureQueriesContext(connection) as queries:
                list(skm.build(of(office, offices=chosen)))
            counts.append(len(queries))
        assert counts[0] == counts[1] <= 5


@pytest.mark.parametrize("kind", ["skm", "skd"])
def test_fifteen_questions_at_most(supervisor, office, kind):
    thirty(office)
    for _n in range(6):
        fill_needs(office)
    supervisor.get(f"/panel/laporan/{kind}/?periode={periods.of_kind('q', office.today()).key}")
    with CaptureQueriesContext(connection) as queries:
        supervisor.get(f"/panel/laporan/{kind}/?periode={periods.of_kind('q', office.today()).key}")
    assert len(queries) <= 15, [q["sql"][:90] for q in queries]


class TestNeeds:
    def test_gaps_as_the_panel_has_them_and_by_hand(self, office, supervisor):
        for n in range(6):
            fill_needs(office, score=6 + n % 2, importance=9)
        rows = texts("skd", of(office), "items")
        assert [row[1:] for row in rows[:1]] == [["9,00", "6,50", "2,50"]]
        panel = supervisor.get("/panel/survei/?jenis=skd").content.decode()
        for _name, importance, satisfaction, gap in rows:
            assert f"<td>{importance}</td><td>{satisfaction}</td><td>{gap}</td>" in panel
        chart = table_of("skd", of(office), "items").chart
        assert [entry["name"] for entry in chart["legend"]] == ["Kepentingan", "Kepuasan"]

    def test_side_by_side_the_widest_gap_of_each(self, office, offices):
        for _n in range(5):
            fill_needs(office, score=6, importance=9)
        rows = table_of("skd", of(office, offices=[office, offices["6571"]]), "offices").rows
        first = results.elements(selection_of(of(office), skd.KIND))[0].code
        assert rows[0][1:] == [5, 0, 0, first, 3.0]
        assert rows[1][1:] == [0, 0, 0, "", None]

    def test_few_answers_of_another_month_do_not_lead_to_somebody(self, office):
        for _n in range(3):
            fill_needs(office)
        tables = {t.key: t for t in catalogue.get("skd").tables(of(office))}
        assert tables["items"].rows == []
        assert "mulai 5 responden" in tables["respondents"].definition


def test_one_service_is_that_services_own(office):
    library = office.services.get(slug="library")
    for _n in range(6):
        fill(office, 4, service=library)
        fill(office, 2, service=office.services.get(slug="consultation"))
    assert table_of("skm", of(office, service=library), "index").rows[0][4] == 100.0
    assert table_of("skm", of(office), "index").rows[0][4] == 75.0


def test_days_that_are_no_whole_months_mean_the_months_and_say_so(office):
    today = office.today()
    for _n in range(5):
        fill(office, 4)
    scope = Scope(
        office, [office], periods.Period("own", today + timedelta(days=1), today + timedelta(days=1))
    )
    table = table_of("skm", scope, "index")
    if (today + timedelta(days=1)).month == today.month:
        assert table.rows[0][1] == 5
    assert "Bulan penuh:" in table.definition
