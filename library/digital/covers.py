"""A record without a cover gets its softcopy's first page."""

from __future__ import annotations

import logging
import secrets
from pathlib import Path

from django.core.files.base import ContentFile

from library.digital import files
from library.pdf import child

SECONDS, MEGABYTES, FILE_MEGABYTES = 30, 1_000, 20
log = logging.getLogger(__name__)


def first_page(pdf: Path, softcopy: int) -> ContentFile | None:
    """None where it cannot be drawn: a book without a cover is still a book. Its name tells of which softcopy it is."""
    with files.scratch() as folder:
        picture = folder / "cover.jpg"
        try:
            child.call(
                "library.pdf.covers:draw", seconds=SECONDS, megabytes=MEGABYTES, file_megabytes=FILE_MEGABYTES,
                clean=pdf, picture=picture,
            )  # fmt: skip
        except child.Died as died:
            log.warning("No cover: %s", died.detail)
            return None
        return ContentFile(picture.read_bytes(), name=f"{_beginning(softcopy)}{secrets.token_hex(16)}.jpg")


def is_of(cover: str | None, softcopy: int) -> bool:
    """Whether it was drawn from this softcopy, and goes with it."""
    return (cover or "").rpartition("/")[2].startswith(_beginning(softcopy))


def _beginning(softcopy: int) -> str:
    return f"softcopy-{softcopy}-"
