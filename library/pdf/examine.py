"""Intake: look at a PDF and write a normalised copy, without anything but pages in it, which is quick to stamp and cut.

`take_in` is for the parent; everything that opens the file happens in child processes.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, ObjectStreamMode, Pdf

from library.pdf import boxes, child, cleaning, contents, flattening, limits, outlines, places
from library.pdf.faults import Refused
from library.pdf.opening import opened
from library.pdf.words import tidy

log = logging.getLogger(__name__)

DEATHS = {"time": "too_slow", "memory": "bomb", "crash": "damaged"}


@dataclass(frozen=True)
class Taken:
    """What is known of a publication's file. `notes` are the codes of what was changed, see NOTES."""

    pages: int
    sizes: list[tuple[float, float]]  # width and height of each page as seen, in points
    outline: list[tuple[int, str, int]]  # level from 0, title, page from 1
    without_text: list[int]  # pages, from 1
    notes: list[str]
    title: str


NOTES = {
    "annotations": "annotations became part of their page",
    "attachments": "files inside it removed",
    "balanced": "pages whose drawing operators were left open, closed",
    "forms": "forms became part of their page",
    "forms_empty": "what was typed into a form could not be drawn",
    "launch": "actions that start programs removed",
    "media": "films, sounds and 3D removed",
    "owner_password": "restrictions of an owner password removed",
    "page_size": "pages without a sensible size take the usual one",
    "remote": "references to other files and servers removed",
    "repaired": "the file's structure was damaged and was rebuilt",
    "scripts": "scripts removed",
    "unreadable": "parts of pages could not be read",
}


def take_in(original: Path, clean: Path, texts: Path) -> Taken:
    """Write the normalised file to `clean` and one line of JSON a page to `texts`: {"page": 1, "text": "…"}. Raises
    Refused, and OSError for a full disk; then neither file is there. The original is only read."""
    look(original)
    limited = {
        "seconds": limits.SECONDS,
        "megabytes": limits.MEGABYTES,
        "file_megabytes": limits.FILE_MEGABYTES,
    }
    try:
        found = child.call("library.pdf.examine:normalise", **limited, original=original, clean=clean)
        without = child.call(
            "library.pdf.texts:read", **limited, clean=clean, texts=texts, pages=len(found["sizes"])
        )
    except child.Died as died:
        _forget(clean, texts)
        log.warning("A PDF was refused: %s", died.detail)
        raise Refused(DEATHS[died.reason]) from died
    except BaseException:
        _forget(clean, texts)
        raise
    return Taken(
        pages=len(found["sizes"]),
        sizes=[(width, height) for width, height in found["sizes"]],
        outline=[(level, title, page) for level, title, page in found["outline"]],
        without_text=without,
        notes=found["notes"],
        title=found["title"],
    )


def look(original: Path) -> None:
    """What can be seen without opening it. Raises Refused."""
    size = original.stat().st_size
    if not size:
        raise Refused("empty")
    if size > limits.FILE_BYTES:
        raise Refused("too_large", megabytes=-(-size // limits.MB), most=limits.FILE_BYTES // limits.MB)
    with original.open("rb") as file:
        if b"%PDF-" not in file.read(limits.HEADER_WITHIN):
            raise Refused("not_pdf")


def _forget(*files: Path) -> None:
    for file in files:
        file.unlink(missing_ok=True)


def normalise(original: str, clean: str) -> dict[str, Any]:
    """In the child. Raises Refused."""
    notes: set[str] = set()
    with opened(original, notes.add) as pdf:
        try:
            known = _normalised(pdf, notes.add)
            # A name of its own for each file, and the same one when it is taken in again.
            places.prepare(pdf, f"Mark{_digest(original)[:12]}")
            _save(pdf, Path(clean))
        except pikepdf.PdfError as error:
            raise Refused("bomb" if "memory limit" in str(error) else "damaged") from error
        if any("memory limit" in warning for warning in pdf.get_warnings()):
            raise Refused("bomb")
    return {**known, "notes": sorted(notes)}


def _digest(file: str) -> str:
    with Path(file).open("rb") as opened_:
        return hashlib.file_digest(opened_, "sha256").hexdigest()


def _normalised(pdf: Pdf, note: Callable[[str], None]) -> dict[str, Any]:
    if len(pdf.pages) > limits.PAGES:
        raise Refused("too_many_pages", pages=len(pdf.pages), most=limits.PAGES)
    if not len(pdf.pages):
        raise Refused("no_pages")
    cleaning.refuse_dynamic_forms(pdf)
    title = tidy(_title(pdf), limits.TITLE_LETTERS)
    sizes = [_page(page.obj, number, note) for number, page in enumerate(pdf.pages, start=1)]
    outline = outlines.read(pdf, outlines.Places(pdf))
    for page in pdf.pages:
        contents.straighten(pdf, page.obj, note)
    flattening.gather(pdf)
    cleaning.sweep(pdf, note)
    flattening.flatten(pdf, note)
    cleaning.keep_known(pdf, note)
    outlines.write(pdf, outline)
    return {"sizes": sizes, "outline": outline, "title": title}


def _page(page: pikepdf.Object, number: int, note: Callable[[str], None]) -> tuple[float, float]:
    """Give it plain boxes, turns and resources; its size as seen."""
    if boxes.rectangle(page.get("/MediaBox")) is None:
        note("page_size")
    seen = boxes.seen(page)
    width, height = seen.size
    if min(width, height) < limits.SIDE_LEAST or max(width, height) > limits.SIDE_MOST:
        raise Refused("page_size", page=number, width=round(width, 1), height=round(height, 1))
    page.Type = Name.Page
    page.MediaBox = boxes.as_array(boxes.rectangle(page.get("/MediaBox")) or boxes.LETTER)
    page.CropBox = boxes.as_array(seen.box)
    page.Rotate = 90 * seen.turns
    if "/UserUnit" in page and seen.unit == 1:
        del page["/UserUnit"]
    if not isinstance(page.get("/Resources"), Dictionary):
        page.Resources = Dictionary()
    if not isinstance(page.get("/Annots"), Array) and "/Annots" in page:
        del page["/Annots"]
    return round(width, 2), round(height, 2)


def _title(pdf: Pdf) -> Any:
    information = pdf.trailer.get("/Info")
    return information.get("/Title") if isinstance(information, Dictionary) else None


def _save(pdf: Pdf, clean: Path) -> None:
    pdf.trailer.Size = len(pdf.objects) + 1  # where it is missing, the written file would be damaged
    pdf.save(
        clean,
        object_stream_mode=ObjectStreamMode.generate,  # so that later stamps need not parse every object
        compress_streams=True,
        encryption=False,
        fix_metadata_version=False,  # it may be no XML at all
        deterministic_id=True,
    )
