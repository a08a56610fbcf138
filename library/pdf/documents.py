"""The documents a worker keeps open: opening one and reading its fonts again is a fifth of the work of drawing a page.

PDFium is not safe under threads: everything here is for the one thread of a worker.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pypdfium2 import PdfDocument, PdfiumError, PdfPage

KEPT = 4

_open: OrderedDict[tuple[str, int, int], PdfDocument] = OrderedDict()


class PageBroken(Exception):
    """PDFium cannot open the file, or has no such page in it; says why."""


def document(path: str) -> PdfDocument:
    """The file as it is now; one that was replaced is opened anew. Raises FileNotFoundError, PageBroken."""
    state = Path(path).stat()
    key = (path, state.st_mtime_ns, state.st_size)
    if key in _open:
        _open.move_to_end(key)
        return _open[key]
    for old in [k for k in _open if k[0] == path]:
        _open.pop(old).close()
    while len(_open) >= KEPT:
        _open.popitem(last=False)[1].close()
    try:
        opened = PdfDocument(path)
    except PdfiumError as error:
        raise PageBroken(f"not a PDF that can be opened: {error}") from error
    if opened.get_formtype():
        opened.init_forms()  # before its pages: else filled forms are drawn empty
    _open[key] = opened
    return opened


@contextmanager
def opened_page(path: str, page: int) -> Iterator[PdfPage]:
    """Page 1 is the first. Raises FileNotFoundError, PageBroken."""
    source = document(path)
    if not 1 <= page <= len(source):
        raise PageBroken(f"no page {page} among {len(source)}")
    try:
        found = source[page - 1]
    except PdfiumError as error:
        raise PageBroken(f"page {page}: {error}") from error
    try:
        yield found
    except (PdfiumError, ValueError, OverflowError) as error:
        raise PageBroken(f"page {page}: {error}") from error
    finally:
        found.close()


def count_open() -> int:
    return len(_open)


def close_all() -> None:
    while _open:
        _open.popitem()[1].close()
