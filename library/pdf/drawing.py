"""Pages as pictures with the reader's mark in the pixels. Runs in a worker of the pool, nowhere else:

pool.run(drawing.page_image, path, 7, 900, (name, mail, time), about=path)
"""

from __future__ import annotations

import io
import re

from PIL import Image, ImageChops, ImageDraw
from pypdfium2 import PdfPage

from .documents import PageBroken, opened_page
from .marking import mark_text, put_mark
from .page_words import Box, find

__all__ = ["WIDTHS", "PageBroken", "find", "page_image"]

WIDTHS = (160, 480, 900, 1400, 2000)  # pixels; a fixed few, so that pages are found in the cache
MOST_PIXELS = 8_000_000
HIGHEST = 8_000  # pixels; WebP ends at 16,383
QUALITY = 60
HIT = (255, 221, 64)


def page_image(path: str, page: int, width: int, mark: tuple[str, ...], query: str = "") -> bytes:
    """A page as WebP, with hits of the query's words and over all of it the mark.

    Page 1 is the first. Raises ValueError for a width not in WIDTHS or an empty mark, FileNotFoundError, PageBroken.
    """
    if width not in WIDTHS:
        raise ValueError(f"{width} is not one of the widths {WIDTHS}")
    if not mark_text(mark):
        raise ValueError("A page without a mark is never drawn.")
    hits = find(path, page, re.findall(r"\w+", query)) if query else []
    with opened_page(path, page) as source:
        image = _drawn(source, width)
    _colour(image, hits)
    put_mark(image, mark)
    data = io.BytesIO()
    image.save(data, "WEBP", quality=QUALITY, method=2)
    return data.getvalue()


def _drawn(page: PdfPage, width: int) -> Image.Image:
    """PDFium heeds crop and rotation itself. A very long page comes out narrower, never too large."""
    across, down = page.get_size()
    if not (across > 0 and down > 0):
        raise PageBroken("the page has no size")
    scale = min(width / across, HIGHEST / down, (MOST_PIXELS / (across * down)) ** 0.5)
    scale *= 1 - 1e-6  # sizes are rounded up
    bitmap = page.render(scale=scale, fill_color=(255, 255, 255, 255), limit_image_cache=True)
    try:
        return bitmap.to_pil().convert("RGB")
    finally:
        bitmap.close()


def _colour(image: Image.Image, hits: list[Box]) -> None:
    """As with a felt pen: what is written stays, the paper takes the colour."""
    if not hits:
        return
    paper = Image.new("RGB", image.size, (255, 255, 255))
    draw = ImageDraw.Draw(paper)
    for box in hits:
        x, y = box["x"] * image.width, box["y"] * image.height
        draw.rectangle((x - 2, y - 2, x + box["w"] * image.width + 2, y + box["h"] * image.height + 2), HIT)
    image.paste(ImageChops.multiply(image, paper))
