"""A block of paper slips as A4 sheets with cut lines: eight of size A7 on each."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils.translation import override

from queueing.models import SlipBlock
from services.pdf import draw

PER_SHEET = 8


def sheet_pdf(block: SlipBlock) -> bytes:
    labels = [f"{block.service.prefix}{n:03d}" for n in range(block.first, block.last + 1)]
    sheets = [labels[n : n + PER_SHEET] for n in range(0, len(labels), PER_SHEET)]
    with override("id"):  # what officers write on is in the office's language, whoever prints it
        html = render_to_string(
            "queueing/slip_sheet.html", {"block": block, "office": block.office, "sheets": sheets}
        )
    return draw(html, "slips.css")
