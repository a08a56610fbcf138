"""Printed pages, drawn by WeasyPrint: tagged PDF/UA-1, from a template's HTML and one style sheet."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings

_drawing = threading.Lock()


def draw(html: str, sheets: str | Sequence[str], measures: str = "", *, below: Sequence[bytes] = ()) -> bytes:
    """`sheets`: one or more file names in static/css; `measures`: further rules that were computed. Nothing is fetched: these
    pages have no links to files. `below`: PDF operators for each page that are drawn before it, in points from the lower
    left corner; to those who cannot see them they are nothing.

    One at a time, because it takes the processor for itself and pages need the other threads.
    """
    from weasyprint import CSS, HTML

    styles = Path(settings.BASE_DIR) / "static" / "css"
    names = [sheets] if isinstance(sheets, str) else sheets
    with _drawing:
        document = HTML(string=html, base_url=None, url_fetcher=_refuse)
        rules = [CSS(filename=str(styles / name)) for name in names]
        if measures:
            rules.append(CSS(string=measures))
        return document.write_pdf(
            stylesheets=rules, pdf_variant="pdf/ua-1", pdf_tags=True, finisher=_add(below)
        )


def _add(below: Sequence[bytes]) -> Any:
    import pydyf

    def finish(_document: Any, pdf: Any) -> None:
        for page, operators in zip(pdf.page_references, below, strict=True):
            page = pdf.objects[int(page.split()[0])]
            stream = pydyf.Stream([b"/Artifact BMC q", operators, b"Q EMC"], compress=True)
            pdf.add_object(stream)
            page["Contents"] = pydyf.Array([stream.reference, page["Contents"]])

    return finish if below else None


def _refuse(url: str, *args, **kwargs):
    raise ValueError(f"a printed page may not fetch {url}")
