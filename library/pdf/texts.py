"""The text of a publication's pages, read by PDFium in a child process."""

from __future__ import annotations

import json
from pathlib import Path

import pypdfium2

from library.pdf import limits
from library.pdf.faults import Refused
from library.pdf.words import little, running


def read(clean: str, texts: str, pages: int) -> list[int]:
    """Write one line of JSON a page; the pages with hardly any text. Raises Refused where PDFium and qpdf see different
    files."""
    try:
        document = pypdfium2.PdfDocument(clean)
    except pypdfium2.PdfiumError as error:
        raise Refused("damaged") from error
    if len(document) != pages:
        raise Refused("damaged")
    without = []
    with Path(texts).open("w", encoding="utf-8") as file:
        for number in range(1, pages + 1):
            text = _page(document, number - 1)
            if little(text, limits.LITTLE_TEXT):
                without.append(number)
            file.write(json.dumps({"page": number, "text": text}, ensure_ascii=False) + "\n")
    return without


def _page(document: pypdfium2.PdfDocument, index: int) -> str:
    try:
        page = document[index]
    except pypdfium2.PdfiumError as error:
        raise Refused("damaged") from error
    try:
        words = page.get_textpage()
    except pypdfium2.PdfiumError:
        return ""
    try:
        count = min(words.count_chars(), limits.TEXT_LETTERS)
        return running(words.get_text_range(0, count), limits.TEXT_LETTERS) if count else ""
    finally:
        words.close()
        page.close()
