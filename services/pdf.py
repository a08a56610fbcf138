"""Printed pages, drawn by WeasyPrint: tagged PDF/UA-1, from a template's HTML and one style sheet."""

from __future__ import annotations

import threading
from pathlib import Path

from django.conf import settings

_drawing = threading.Lock()


def draw(html: str, stylesheet: str, measures: str = "") -> bytes:
    """`stylesheet`: a file name in static/css; `measures`: further rules that were computed. Nothing is fetched: these
    pages have no links to files.

    One at a time, because it takes the processor for itself and pages need the other threads.
    """
    from weasyprint import CSS, HTML

    css = Path(settings.BASE_DIR) / "static" / "css" / stylesheet
    with _drawing:
        document = HTML(string=html, base_url=None, url_fetcher=_refuse)
        rules = [CSS(filename=str(css)), *([CSS(string=measures)] if measures else [])]
        return document.write_pdf(stylesheets=rules, pdf_variant="pdf/ua-1", pdf_tags=True)


def _refuse(url: str, *args, **kwargs):
    raise ValueError(f"a printed page may not fetch {url}")
