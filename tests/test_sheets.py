"""Files are what a spreadsheet reads, whatever stands in the cells; a long one is sent while it is made."""

from __future__ import annotations

import asyncio

from openpyxl import load_workbook

from services.sheets import AT_ONCE, LONGEST, csv_stream, workbook


def read(file) -> list[tuple]:
    return list(load_workbook(file).active.values)


def test_what_goes_in_comes_out():
    cells = ['<b> & "c"', " di tepi ", "baris\nbaru", "\x01hilang\ufffe", 7, -2.5, None, "", "日本語 𝄞"]
    wide = [*cells, *range(30)]  # beyond column Z
    told = ['<b> & "c"', " di tepi ", "baris\nbaru", "hilang", 7, -2.5, None, None, "日本語 𝄞", *range(30)]
    assert read(workbook([wide] * (AT_ONCE + 1))) == [tuple(told)] * (AT_ONCE + 1)


def test_a_formula_is_a_text_and_a_number_that_is_none_too():
    sheet = load_workbook(workbook([["=1+1", float("nan"), 2.5]])).active
    assert [(c.value, c.data_type) for c in sheet[1]] == [("=1+1", "s"), ("nan", "s"), (2.5, "n")]
    assert sheet.freeze_panes == "B2"


def test_the_first_piece_goes_out_before_the_last_row_is_made():
    made: list[int] = []

    def rows():
        for n in range(AT_ONCE * 40):
            made.append(n)
            yield [n, "Perpustakaan"]

    async def first() -> int:
        async for _piece in csv_stream("isian.csv", rows()):
            if made:
                return len(made)
        return 0

    assert 0 < asyncio.run(first()) < AT_ONCE * 40


def test_what_is_too_long_for_a_cell_is_cut_not_lost():
    assert read(workbook([["x" * (LONGEST + 9)]]))[0][0] == "x" * LONGEST
