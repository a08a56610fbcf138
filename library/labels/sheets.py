"""A4 label sheets as the shops sell them, in millimetres. A further sheet is a further row."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Sheet:
    """`left`, `top`: the first label's corner from the paper's edge; `right_step`, `down_step`: from one label's corner
    to the next one's; `inner`: what stays white inside a label, because printers leave the paper's edge out and paper
    slips by a millimetre."""

    key: str
    words: str | Promise
    columns: int
    rows: int
    width: float
    height: float
    left: float
    top: float
    right_step: float
    down_step: float
    inner: float

    @property
    def labels(self) -> int:
        return self.columns * self.rows

    def corner(self, place: int) -> tuple[float, float]:
        """The left upper corner of a place on the sheet, counted from 0 along the rows."""
        row, column = divmod(place, self.columns)
        return self.left + column * self.right_step, self.top + row * self.down_step


# Makers' data sheets: 3474, L7160, L7651 and 4×10 of Avery Zweckform, copied by most others.
SHEETS = {
    sheet.key: sheet
    for sheet in (
        Sheet("3x8", _("3 × 8 label, 70 × 37 mm"), 3, 8, 70, 37, 0, 0.5, 70, 37, 4),
        Sheet("3x7", _("3 × 7 label, 63,5 × 38,1 mm"), 3, 7, 63.5, 38.1, 7.25, 15.15, 66, 38.1, 2.5),
        Sheet("4x10", _("4 × 10 label, 52,5 × 29,7 mm"), 4, 10, 52.5, 29.7, 0, 0, 52.5, 29.7, 4),
        Sheet("5x13", _("5 × 13 label, 38,1 × 21,2 mm"), 5, 13, 38.1, 21.2, 4.75, 10.7, 40.6, 21.2, 1.5),
    )
}
