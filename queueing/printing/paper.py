"""A slip as a page for the browser's silent printing and as a PDF, both of one template and style sheet."""

from __future__ import annotations

import hashlib
import io
import threading
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils.translation import override

from queueing.models import Printer
from queueing.printing.slip import Slip
from queueing.qr import qr_svg

CSS_FOLDER = Path(settings.BASE_DIR) / "static" / "css"
KEEP_SECONDS = 3600
LONGEST_MM = 400
MM_PER_PX = 25.4 / 96
MARGIN_MM = 3
_drawing = threading.Lock()


def slip_context(slip: Slip, width: int) -> dict:
    """What queueing/_slip.html needs."""
    return {"slip": slip, "slip_width": int(width), "slip_qr": qr_svg(slip.address)}


def slip_pdf(slip: Slip, width: int = Printer.Width.MM80) -> io.BytesIO:
    """One page as wide as the roll and as high as the text. Kept for an hour: a phone may ask again and again."""
    with override(slip.language):
        html = render_to_string("queueing/slip_pdf.html", slip_context(slip, width))
    key = f"slip-{width}-{hashlib.sha256(html.encode()).hexdigest()}"
    data = cache.get(key)
    if data is None:
        with _drawing:  # one at a time: pages need the other threads
            data = cache.get(key)
            if data is None:
                data = _draw(html, int(width))
                cache.set(key, data, KEEP_SECONDS)
    return io.BytesIO(data)


def _draw(html: str, width: int) -> bytes:
    """Drawn twice: on a long strip, to see where the text ends, then on a page of that height."""
    from weasyprint import CSS, HTML

    page = HTML(string=html, base_url=None, url_fetcher=_refuse)
    style = CSS(filename=str(CSS_FOLDER / "slip.css"))

    def sized(height: float) -> list:
        return [style, CSS(string=f"@page {{ size: {width}mm {height:.1f}mm; margin: 0 }}")]

    strip = page.render(stylesheets=sized(LONGEST_MM))
    end = strip.pages[0].anchors.get("slip-end")
    height = end[1] * MM_PER_PX + MARGIN_MM if end else LONGEST_MM
    return page.write_pdf(stylesheets=sized(height), pdf_variant="pdf/ua-1", pdf_tags=True)


def _refuse(url: str, *args, **kwargs):
    raise ValueError(f"the slip may not fetch {url}")
