"""Code 128 as rectangles: sharp in any print."""

from __future__ import annotations

from itertools import groupby

from barcode.codex import Code128

QUIET = 10  # white modules on either side (ISO/IEC 15417)
THINNEST, THICKEST = 0.19, 0.35  # mm of a module: what a hand scanner reads from an office printer's paper


class TooLong(Exception):
    """The label is too narrow for these bars."""


class _Code128(Code128):
    def _try_to_optimize(self, encoded: list[int]) -> list[int]:
        """The library's takes a leading "99" for a change of the code set and drops it."""
        begins = self.code[:2]
        return encoded if len(begins) == 2 and begins.isdigit() else super()._try_to_optimize(encoded)


def modules(text: str) -> str:
    """1 for a black module, 0 for a white one, without the quiet zones. `text` is printable ASCII."""
    return _Code128(text).build()[0]


def drawn(text: str, *, width: float) -> tuple[list[tuple[float, float]], float]:
    """Each black bar as its left edge and its width, in millimetres, and the whole width with the quiet zones. Raises
    TooLong."""
    pattern = modules(text)
    count = len(pattern) + 2 * QUIET
    module = min(THICKEST, width / count)
    if module < THINNEST:
        raise TooLong(text)
    found, at = [], QUIET
    for black, run in groupby(pattern):
        length = len(list(run))
        if black == "1":
            found.append((at * module, length * module))
        at += length
    return found, count * module
