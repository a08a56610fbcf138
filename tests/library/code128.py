"""Reads Code 128 from a PDF's bars, by the table of ISO/IEC 15417 alone: nothing of what drew them is used."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise

from pypdf import PdfReader
from pypdf.generic import ContentStream

MM = 25.4 / 72
# The widths of bar, space, bar, space, bar, space of each value.
TABLE = """
    212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132
    122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212
    322112 322211 212123 212321 232121 111323 131123 131321 112313 132113 132311 211313 231113 231311
    112133 112331 132131 113123 113321 133121 313121 211331 231131 213113 213311 213131 311123 311321
    331121 312113 312311 332111 314111 221411 431111 111224 111422 121124 121421 141122 141221 112214
    112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 121241 114212
    124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 114311 411113
    411311 113141 114131 311141 411131 211412 211214 211232
"""
WIDTHS = TABLE.split()
VALUES = {widths: value for value, widths in enumerate(WIDTHS)}
STOP = "2331112"
Bar = tuple[float, float]  # from, to


def read(bars: list[Bar]) -> str:
    """What a scanner would tell. Fails on a wrong check digit or a width that is no whole number of modules."""
    edges = [edge for bar in bars for edge in bar]
    module = (edges[-1] - edges[0]) / _modules(edges)
    runs = [(b - a) / module for a, b in pairwise(edges)]
    assert all(abs(run - round(run)) < 0.1 for run in runs), "bars between two widths"
    digits = "".join(str(round(run)) for run in runs)
    assert digits.endswith(STOP)
    body = digits[: -len(STOP)]
    values = [VALUES[body[n : n + 6]] for n in range(0, len(body), 6)]
    *shown, check = values
    assert check == (shown[0] + sum(n * value for n, value in enumerate(shown))) % 103
    return _text(shown)


def _modules(edges: list[float]) -> int:
    """Each symbol of three bars and three spaces has eleven, the stop sign with its four bars thirteen."""
    symbols, left = divmod(len(edges) - 1 - len(STOP), 6)
    assert left == 0
    return symbols * 11 + 13


def _text(values: list[int]) -> str:
    code_set = {103: "A", 104: "B", 105: "C"}[values[0]]
    found = ""
    for value in values[1:]:
        if value in (99, 100, 101) and {99: "C", 100: "B", 101: "A"}[value] != code_set:
            code_set = {99: "C", 100: "B", 101: "A"}[value]
        elif code_set == "C":
            assert value < 100
            found += f"{value:02d}"
        else:
            assert value < 96
            found += chr(value + 32)  # set A differs from B only above 63, where nothing printable of ours is
            assert code_set == "B" or value < 64
    return found


def drawn(pdf: bytes) -> Iterator[tuple[int, float, float, list[Bar]]]:
    """Each group of bars: page, top in mm, bottom in mm, its bars in mm from the left."""
    reader = PdfReader(BytesIO(pdf))
    for number, page in enumerate(reader.pages):
        high = float(page.mediabox.height)
        for path in _filled(page, reader):
            path = [(xs, ys) for xs, ys in path if max(xs) > min(xs)]  # moves that draw nothing
            if len(path) < 10:
                continue  # no barcode has so few bars
            bars = sorted((min(xs) * MM, max(xs) * MM) for xs, _ys in path)
            ys = [y for _xs, ys in path for y in ys]
            yield number, (high - max(ys)) * MM, (high - min(ys)) * MM, bars


def _filled(page, reader) -> Iterator[list[tuple[list[float], list[float]]]]:
    """The filled paths of a page, each as its subpaths' coordinates on the paper."""
    matrix, kept, path = (1, 0, 0, 1, 0, 0), [], []
    for operands, operator in ContentStream(page.get_contents(), reader).operations:
        if operator == b"q":
            kept.append(matrix)
        elif operator == b"Q":
            matrix = kept.pop()
        elif operator == b"cm":
            matrix = _times([float(o) for o in operands], matrix)
        elif operator == b"m":
            path.append(([], []))
            _add(path, matrix, *operands)
        elif operator == b"l":
            _add(path, matrix, *operands)
        elif operator == b"re":
            x, y, w, h = (float(o) for o in operands)
            path.append(([], []))
            _add(path, matrix, x, y)
            _add(path, matrix, x + w, y + h)
        elif operator in (b"f", b"F", b"f*"):
            yield path
            path = []
        elif operator in (b"n", b"S", b"s", b"B", b"b"):
            path = []


def _add(path, matrix, x, y) -> None:
    a, b, c, d, e, f = matrix
    path[-1][0].append(a * float(x) + c * float(y) + e)
    path[-1][1].append(b * float(x) + d * float(y) + f)


def _times(m, n):
    a, b, c, d, e, f = m
    g, h, i, j, k, o = n
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + o)
