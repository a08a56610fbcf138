"""The chart of a table shows what the table tells, and nothing that it hides."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from pst.reports import making
from pst.reports.cells import words
from pst.reports.drawing import with_chart
from pst.reports.kinds.visits import REPORT
from pst.reports.scope import Scope
from pst.reports.tables import FEW, Column, Table, hide_few, with_shares
from services.guestbook.models import Visitor
from services.periods import Period
from tests.reports.test_core import visit

SHARES = [Column("Kelompok"), Column("Orang", "count"), Column("Bagian", "share")]


def parts(counts: list[int]) -> Table:
    rows = with_shares((f"k{n}", count) for n, count in enumerate(counts))
    return Table("t", "Tabel", "d", SHARES, rows, total=["Jumlah", sum(counts), None], people=True)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=15)
@given(st.lists(st.integers(0, 12), max_size=8))
def test_a_hidden_count_has_no_bar_and_its_number_stands_nowhere(counts):
    table = with_chart(hide_few(parts(counts)), "c")
    if table.chart is None:
        return
    hidden = {str(row[0]) for row in table.rows if row[1] == FEW}
    for row in table.chart["rows"]:
        assert (row["name"] not in hidden) or (row["width"], row["said"]) == (0, "<5")
    assert all(f"{name} <5" in table.chart["desc"] for name in hidden)


def test_groups_of_one_each_are_not_even_counted():
    table = hide_few(parts([1, 1, 1]))
    assert [row[1] for row in table.rows] == [FEW]
    assert with_chart(table, "c").chart is None


def test_hidden_groups_do_not_stand_in_the_order_of_their_sizes():
    table = hide_few(replace(parts([9, 8, 3]), rows=with_shares([("z", 20), ("b", 4), ("c", 3), ("a", 1)])))
    assert [row[0] for row in table.rows] == ["z", "a", "b", "c"]


def test_a_line_has_a_gap_where_a_figure_is_hidden_and_short_names_of_months():
    columns = [Column("Bulan", "month"), Column("Penilaian", "count"), Column("Rata-rata", "index")]
    rows = [["2026-01", 9, 4.5], ["2026-02", 2, FEW], ["2026-03", 8, 4.0]]
    chart = with_chart(Table("m", "Bulan", "d", columns, rows, draw=(2,)), "c").chart
    assert chart["lines"][0]["path"].count("M") == 2
    assert [label["text"] for label in chart["labels"]] == ["Jan", "Feb", "Mar"]
    assert "Februari 2026 <5" in chart["desc"]


@pytest.mark.parametrize(
    ("table", "why"),
    [
        (Table("t", "T", "d", SHARES, with_shares([("a", 1)])), "one figure"),
        (Table("t", "T", "d", SHARES, with_shares([("a", 1), ("b", 2)]), draw=()), "none wanted"),
        (Table("t", "T", "d", [Column("a"), Column("b"), Column("c", "count")], [["x", "y", 3], ["x", "z", 4]]), "no shape"),
        (Table("t", "T", "d", SHARES, with_shares((str(n), n) for n in range(1, 30))), "too many"),
    ],
)  # fmt: skip
def test_no_chart(table, why):
    assert with_chart(table, "c").chart is None, why


def test_a_month_in_words():
    assert words("2026-03", "month") == "Maret 2026"


@pytest.mark.django_db
def test_the_same_picture_on_screen_and_on_paper(office):
    for day in range(1, 8):
        person = Visitor.objects.create(office=office, job="student" if day < 6 else "other")
        visit(office, date(2026, 3, day), visitor=person, guest_book_at="2026-03-01T00:00Z")
    scope = Scope(office, [office], Period("own", date(2026, 3, 1), date(2026, 3, 31)))
    tables = {table.key: table for table in REPORT.tables(scope)}
    assert len({t.chart["id"] for t in tables.values() if t.chart}) == sum(
        bool(t.chart) for t in tables.values()
    )
    assert {"days"} <= {key for key, table in tables.items() if table.chart}
    assert tables["job"].chart is None  # five and two: neither is told
    pages = PdfReader(
        BytesIO(making.as_pdf("visits", scope, making.parts("visits", scope), day=date(2026, 4, 1)))
    )
    assert "1 Mar" in "".join(page.extract_text() for page in pages.pages)
