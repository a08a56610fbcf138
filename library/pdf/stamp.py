"""A copy with a mark on every page, made without reading what the pages draw, in about the time of copying the file.

The mark is one drawing that all pages share; intake has made places for it (library/pdf/places.py). That holds only for
files which intake has normalised: operators that end where they began, nothing laid over the page, plain boxes.
"""

from __future__ import annotations

import hashlib
import io
import secrets
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from pikepdf import (
    AccessMode,
    Array,
    Dictionary,
    Name,
    Object,
    ObjectSet,
    ObjectStreamMode,
    Pdf,
    Stream,
    String,
)

from library.pdf import boxes, placing
from library.pdf.places import CLOSED, KEY, Places, found, prepare

NAMESPACE = "https://pst.bps.go.id/ns/copy/1.0/"  # a name, not an address
HOLDS_TEXT = {"BMC", "BDC", "EMC", "MP", "DP"}


@dataclass(frozen=True)
class Stamped:
    """The copy: SHA-256 in hexadecimal, size in bytes, pages."""

    sha256: str
    size: int
    pages: int


def stamp(clean: Path, mark: bytes, out: Path, *, info: dict[str, str]) -> Stamped:
    """Write `clean` with the mark on every page to `out`. `mark`: a PDF whose pages are the same mark in several shapes
    (upright, across); each page takes the one that is most like it. `info` goes into the document's own metadata, e.g.
    {"Serial": "…"}. In this process, because `clean` is our own file; memory does not grow with it.

    Raises OSError; pikepdf.PdfError where `clean` is none of ours."""
    with Pdf.open(clean, access_mode=AccessMode.stream) as pdf, Pdf.open(io.BytesIO(mark)) as drawn:
        places = found(pdf)
        if places is None:  # not from intake itself, but cut from one
            prepare(pdf, f"Mark{secrets.token_hex(6)}")
            places = found(pdf)
            assert places is not None
        _fill(pdf, drawn, places)
        _describe(pdf, info)
        count = len(pdf.pages)
        pdf.save(
            out,
            object_stream_mode=ObjectStreamMode.generate,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
            fix_metadata_version=False,
        )
    return Stamped(*_hashed(out), pages=count)


def _fill(pdf: Pdf, drawn: Pdf, places: Places) -> None:
    shapes = [boxes.seen(page.obj) for page in drawn.pages][: len(places.drawings)]
    sides = [shape.units for shape in shapes]
    used = set()
    for tail, seen in places.tails:
        which = placing.nearest(sides, seen)
        used.add(which)
        lines = [f"{CLOSED.decode()}/Artifact <</Type /Pagination /Subtype /Watermark>> BDC"]
        for matrix in placing.matrices(sides[which], seen):
            numbers = " ".join(f"{n:.6f}" for n in matrix)
            lines.append(f"q {numbers} cm /{places.name}{which} Do Q")
        tail.write("\n".join([*lines, "EMC\n"]).encode())
    for which in used:
        _draw(pdf, places.drawings[which], drawn, drawn.pages[which], shapes[which])
    del pdf.Root[KEY]


def _draw(pdf: Pdf, drawing: Stream, drawn: Pdf, page: pikepdf.Page, seen: boxes.Seen) -> None:
    """A page of the mark as a drawing whose lower left corner is 0, 0."""
    drawing.write(_untagged(page.obj))
    for part in _drawings(page.obj):
        part.write(_untagged(part))
    drawing.BBox = boxes.as_array(seen.box)
    drawing.Matrix = Array([1, 0, 0, 1, -round(seen.left, 4), -round(seen.bottom, 4)])
    drawing.Resources = pdf.copy_foreign(drawn.make_indirect(page.obj.get("/Resources", Dictionary())))
    # Else its transparency would be lost where the page has a group of its own.
    drawing.Group = Dictionary(S=Name.Transparency, I=True, K=False)


def _untagged(holder: Object) -> bytes:
    """What it says belongs to a structure of its own; here it is one artifact as a whole."""
    operators = [i for i in pikepdf.parse_content_stream(holder) if str(i.operator) not in HOLDS_TEXT]
    return pikepdf.unparse_content_stream(operators)


def _drawings(page: Object) -> list[Object]:
    """Those it draws, and those that they draw; transparent parts are some."""
    found, holders = ObjectSet(), [page]
    drawings = []
    while holders:
        resources = holders.pop().get("/Resources")
        pictures = resources.get("/XObject") if isinstance(resources, Dictionary) else None
        for picture in pictures.values() if isinstance(pictures, Dictionary) else []:
            if picture.get("/Subtype") == Name.Form and found.add(picture):
                drawings.append(picture)
                holders.append(picture)
    return drawings


def _describe(pdf: Pdf, info: dict[str, str]) -> None:
    """Into both places where documents say what they are; a broken description is made anew."""
    information = pdf.trailer.get("/Info")
    if not isinstance(information, Dictionary):
        information = pdf.make_indirect(Dictionary())
    for key, value in info.items():
        information[f"/{key}"] = String(value)
    pdf.trailer.Info = information
    for again in (False, True):
        if again and "/Metadata" in pdf.Root:
            del pdf.Root["/Metadata"]
        try:
            with pdf.open_metadata(set_pikepdf_as_editor=False) as metadata:
                metadata.register_xml_namespace(NAMESPACE, "pst")
                for key, value in info.items():
                    metadata[f"{{{NAMESPACE}}}{key}"] = value
        except (ValueError, KeyError, TypeError, AttributeError, pikepdf.PdfError):
            if again:
                raise
        else:
            return


def _hashed(out: Path) -> tuple[str, int]:
    with out.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
        return digest.hexdigest(), file.tell()
