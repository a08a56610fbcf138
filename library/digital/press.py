"""Making a copy, in a process of its own (library/pdf/child.py): without Django."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pikepdf

from library.pdf.cut import cut
from library.pdf.stamp import stamp

UPRIGHT, ACROSS = (595, 842), (842, 595)  # points


def press(
    clean: str, out: str, *, info: dict[str, str], mark: str = "", pages: Sequence[int] = ()
) -> dict[str, Any]:
    """Write `clean`, or these `pages` of it, with the mark of the file `mark` to `out`. Without a mark the number stands
    only in the document's own description. Answers sha256, size, pages."""
    source, target = Path(clean), Path(out)
    if pages:
        part = target.with_suffix(".part")
        cut(source, pages, part)
        source = part
    drawn = Path(mark).read_bytes() if mark else _nothing()
    made = stamp(source, drawn, target, info=info)
    return {"sha256": made.sha256, "size": made.size, "pages": made.pages}


def _nothing() -> bytes:
    """A mark that shows nothing."""
    with pikepdf.Pdf.new() as blank:
        for size in (UPRIGHT, ACROSS):
            blank.add_blank_page(page_size=size)
        written = io.BytesIO()
        blank.save(written)
        return written.getvalue()
