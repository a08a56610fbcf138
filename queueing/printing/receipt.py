"""A slip as ESC/POS bytes, by python-escpos (docs/decisions/011)."""

from __future__ import annotations

import textwrap
import unicodedata

from escpos.printer import Dummy

from queueing.models import Printer
from queueing.printing.slip import Slip

# Every ESC/POS printer has code page 0; what it lacks is written in plain letters, never as a wrong character.
CODE_PAGE = "CP437"
PLAIN = str.maketrans(
    {"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "…": "...", "→": "->", "\u00a0": " "}
)
COLUMNS = {Printer.Width.MM58: 32, Printer.Width.MM80: 48}  # letters of font A in a line
WIDEST_NUMBER = 6  # magnification at which six characters still fit 80 mm
DOT = {Printer.Width.MM58: 5, Printer.Width.MM80: 7}  # of the QR code


def receipt(slip: Slip, width: int) -> bytes:
    """Everything a printer needs from reset to cut; the same bytes on every attempt."""
    size = Printer.Width(width)
    printer = Dummy(profile="default")
    printer.hw("INIT")
    printer.magic.force_encoding(CODE_PAGE)
    columns = COLUMNS[size]

    def line(text: str, *, bold: bool = False, tall: bool = False) -> None:
        if not text:
            return
        printer.set_with_default(align="center", bold=bold, double_height=tall)
        for part in textwrap.wrap(plain(text), columns):
            printer.text(f"{part}\n")

    line(slip.office)
    line(slip.copy.upper(), bold=True)
    line(slip.title)
    # Font A is 12 dots wide, a line columns * 12: the number as large as it fits.
    large = max(2, min(WIDEST_NUMBER, columns // max(4, len(slip.number))))
    printer.set_with_default(align="center", bold=True, custom_size=True, width=large, height=large)
    printer.text(f"{plain(slip.number)}\n")
    line(slip.priority.upper(), bold=True)
    line(slip.service, bold=True, tall=True)
    line(slip.before)
    line(slip.when)
    printer.set_with_default(align="center")
    printer.qr(slip.address, size=DOT[size], native=True)
    line(slip.help)
    printer.cut()
    return bytes(printer.output)


def plain(text: str) -> str:
    """The text in characters of the code page: accents it lacks are dropped, the rest becomes "?"."""
    text = text.translate(PLAIN)
    return "".join(_letter(letter) for letter in text)


def _letter(letter: str) -> str:
    if not letter.isprintable():
        return " "  # a control character would be a command
    for candidate in (letter, unicodedata.normalize("NFKD", letter).encode("ascii", "ignore").decode()):
        try:
            if candidate and candidate.encode(CODE_PAGE):
                return candidate
        except UnicodeEncodeError:
            continue
    return "?"
