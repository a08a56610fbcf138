"""The standard as an A4 poster, by WeasyPrint."""

from __future__ import annotations

import io
import threading
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils.translation import override

from services.offices.models import Standard

STYLESHEET = Path(settings.BASE_DIR) / "static" / "css" / "poster.css"
KEEP_SECONDS = 3600
_drawing = threading.Lock()


def poster_pdf(standard: Standard, sections: list[dict]) -> io.BytesIO:
    """A tagged PDF/UA-1. Drawn once per version of the standard and hour; a poster changes with its version only."""
    office = standard.service.office
    with override("id"):
        html = render_to_string(
            "portal/poster.html",
            {"standard": standard, "sections": sections, "office": office, "rules": standard.rules},
        )
    key = f"poster-{standard.pk}-{hash(html)}"
    data = cache.get(key)
    if data is None:
        with _drawing:  # one at a time: pages need the other threads
            data = cache.get(key)
            if data is None:
                data = _draw(html)
                cache.set(key, data, KEEP_SECONDS)
    return io.BytesIO(data)


def _draw(html: str) -> bytes:
    """Nothing is fetched: the poster has no links to files, and the fetcher refuses any."""
    from weasyprint import CSS, HTML

    document = HTML(string=html, base_url=None, url_fetcher=_refuse)
    return document.write_pdf(
        stylesheets=[CSS(filename=str(STYLESHEET))], pdf_variant="pdf/ua-1", pdf_tags=True
    )


def _refuse(url: str, *args, **kwargs):
    raise ValueError(f"the poster may not fetch {url}")
