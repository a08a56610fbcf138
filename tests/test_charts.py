"""The charts: right heights, gaps that stay gaps, and the same picture in a PDF."""

from __future__ import annotations

import re

import pytest
from django.template.loader import render_to_string

from services import charts
from services.charts import Target
from services.pdf import draw
from services.row_chart import row_chart
from services.sparklines import small_multiples, sparkline

DAYS = ["Sen", "Sel", "Rab"]


def _all() -> list[dict]:
    return [
        charts.bar_chart("b", "Batang", "14 dan 22", [("Sen", 14), ("Sel", 22)], 40, target=Target(20, "Janji")),
        charts.stacked_chart("s", "Bertumpuk", "d", DAYS, {"Ditepati": [3, 0, 2], "Terlewat": [1, 4, 0]}, 8),
        charts.line_chart("l", "Garis", "d", DAYS, {"A": [1, None, 3], "B": [2, 2, 2.5]}, 4, target=Target(2, "Janji")),
        charts.histogram("h", "Sebaran", "d", [(0, 1, 5), (1, 2.5, 7), (2.5, None, 1)], "menit", target=Target(2, "2 menit")),
        charts.heat_map("p", "Peta", "d", DAYS, [("08", [1, None, 10]), ("09", [0, 5, 2])], corner="Jam"),
        row_chart("r", "Bagian", "d", [("Pelajar/mahasiswa", 12, "12"), ("Lainnya", None, "<5"), ("PNS", 0, "0")]),
    ]  # fmt: skip


def test_every_chart_has_a_title_a_table_with_its_figures_and_is_valid_markup():
    from xml.etree import ElementTree

    for chart in _all():
        svg = render_to_string(chart["template"], {"chart": chart})
        root = ElementTree.fromstring(svg.strip())
        assert root.attrib["aria-labelledby"] == f"{chart['id']}-title {chart['id']}-desc"
        assert "style=" not in svg
        html = render_to_string("components/chart.html", {"chart": chart})
        assert html.count("<tr>") == len(chart["table"]["rows"]) + 1


def test_the_parts_of_a_stacked_bar_stand_on_each_other():
    chart = charts.stacked_chart("s", "t", "d", DAYS, {"A": [3, 0, 2], "B": [1, 4, 0]}, 8)
    bars = [b for b in chart["bars"] if b["width"]]
    first, second = bars[0], bars[1]
    assert first["y"] + first["height"] == charts.BOTTOM
    assert second["y"] + second["height"] == pytest.approx(first["y"], abs=0.2)
    assert second["height"] * 3 == pytest.approx(first["height"], abs=0.5)


def test_a_missing_figure_is_a_gap_and_a_dash_not_a_zero():
    chart = charts.line_chart("l", "t", "d", DAYS, {"A": [1, None, 3]}, 4)
    assert len(re.findall("M", chart["lines"][0]["path"])) == 2
    assert chart["table"]["rows"][1] == ["Sel", "–"]
    assert sparkline("tidak ada", [None, None])["end"] is None


def test_names_of_lines_that_end_at_one_place_do_not_lie_on_each_other():
    chart = charts.line_chart("l", "t", "d", DAYS, {"A": [1, 1, 2], "B": [2, 2, 2]}, 4)
    low, high = sorted(line["name_y"] for line in chart["lines"])
    assert high - low >= charts.NAME_GAP


def test_the_mark_of_a_histogram_stands_within_its_bucket_and_the_most_is_the_darkest():
    bars = charts.histogram(
        "h", "t", "d", [(0, 1, 5), (1, 3, 7), (3, None, 1)], "menit", target=Target(2, "x")
    )
    assert bars["mark"]["x"] == pytest.approx(bars["bars"][1]["cx"], abs=0.2)
    cells = charts.heat_map("p", "t", "d", DAYS, [("08", [1, None, 10]), ("09", [0, 5, 2])])["cells"]
    assert [c["shade"] for c in cells] == [1, 0, 5, 0, 3, 1]
    assert [c["text"] for c in cells] == ["1", "", "10", "0", "5", "2"]


def test_a_lying_bar_that_is_not_told_has_its_words_and_no_length():
    rows = row_chart("r", "t", "d", [("A", 10, "10"), ("B", None, "<5"), ("C", 5, "5")])["rows"]
    assert [row["width"] for row in rows] == [611, 0, 305.5]
    assert [row["said"] for row in rows] == ["10", "<5", "5"]


def test_many_days_have_fewer_labels_and_no_numbers_that_run_into_each_other():
    chart = charts.bar_chart("b", "t", "d", [(str(n), n) for n in range(1, 32)], 40)
    shown = [b for b in chart["bars"] if b["label"]]
    assert len(shown) <= charts.LABELS
    assert not any(b["value"] for b in chart["bars"])
    assert len(chart["table"]["rows"]) == 31


def test_the_same_pictures_stand_in_a_pdf():
    body = "".join(render_to_string("components/chart.html", {"chart": c, "paper": True}) for c in _all())
    items = small_multiples([("BPS", "", [1, None, 2], "2")])
    body += render_to_string("components/small_multiples.html", {"items": items, "label": "Janji"})
    pdf = draw(
        f'<html lang="id"><head><title>Bagan</title></head><body>{body}</body></html>', "report-paper.css"
    )
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    assert "Sebaran" in text
    assert "2 menit" in text
