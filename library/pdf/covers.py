"""The first page as a small picture: the cover of a catalogue record. In a child process, by library.pdf.child."""

from __future__ import annotations

from pathlib import Path

WITHIN = (480, 680)  # too small for its text to be read: a cover, not a page
QUALITY = 85


def draw(clean: str, picture: str) -> None:
    """Write page 1 of `clean` as JPEG to `picture`."""
    import pypdfium2

    with pypdfium2.PdfDocument(clean) as document:
        page = document[0]
        width, height = page.get_size()
        scale = min(WITHIN[0] / width, WITHIN[1] / height)
        bitmap = page.render(scale=scale, fill_color=(255, 255, 255, 255))
        bitmap.to_pil().convert("RGB").save(Path(picture), "JPEG", quality=QUALITY)
