"""The standard as an A4 poster, by WeasyPrint."""

from __future__ import annotations

import io
import threading

from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils.translation import override

from services.offices.models import Standard
from services.pdf import draw

KEEP_SECONDS = 3600
_first = threading.Lock()


def poster_pdf(standard: Standard, sections: list[dict], *, draft: bool = False) -> io.BytesIO:
    """A tagged PDF/UA-1. `draft`: says across each page that it is not in force. Drawn once per version of the standard and hour; a poster changes with its version only."""
    office = standard.service.office
    with override("id"):
        html = render_to_string(
            "portal/poster.html",
            {
                "standard": standard,
                "sections": sections,
                "office": office,
                "rules": standard.rules,
                "draft": draft,
            },
        )
    key = f"poster-{standard.pk}-{hash(html)}"
    data = cache.get(key)
    if data is None:
        with _first:  # whoever asks for the same poster meanwhile gets the same drawing
            data = cache.get(key)
            if data is None:
                data = draw(html, "poster.css")
                cache.set(key, data, KEEP_SECONDS)
    return io.BytesIO(data)
