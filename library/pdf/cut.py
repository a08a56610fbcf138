"""A file of some pages, with nothing of the others in it: neither text, pictures and fonts nor headings, notes and the
description of the whole."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pikepdf
from pikepdf import AccessMode, Array, Dictionary, Name, Object, ObjectStreamMode, Pdf, String

from library.pdf import known, layers, places
from library.pdf.flattening import annotations_of
from library.pdf.used import Pruner

SHAPE = ("/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Group")


def cut(clean: Path, pages: Sequence[int], out: Path) -> None:
    """Write these pages (from 1) of `clean`, a file of intake, in this order to `out`. In this process. Raises ValueError
    for a page that is not there or for none at all, OSError."""
    with Pdf.open(clean, access_mode=AccessMode.stream) as whole, Pdf.new() as part:
        if not pages or min(pages) < 1 or max(pages) > len(whole.pages):
            raise ValueError(f"pages {list(pages)} of {len(whole.pages)}")
        pruner, held = Pruner(), places.found(whole)
        chosen = {number: whole.pages[number - 1].obj for number in pages}
        for page in chosen.values():
            page.Contents = Array(places.contents(page, held))
        for number in pages:
            part.pages.append(pikepdf.Page(_alone(whole, chosen[number], pruner)))
        found = layers.carried(whole, pruner.layers)
        if found is not None:
            part.Root.OCProperties = part.copy_foreign(found)
            layers.forget_names(part.Root.OCProperties)
        part.save(
            out,
            min_version=whole.pdf_version,
            object_stream_mode=ObjectStreamMode.generate,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
        )


def _alone(whole: Pdf, page: Object, pruner: Pruner) -> Object:
    """The page anew with what it is drawn with, because a page as it stands leads to its neighbours."""
    alone = Dictionary(Type=Name.Page, Resources=pruner.page(page), Contents=page.Contents)
    for key in SHAPE:
        if key in page:
            alone[key] = page[key]
    if links := _web_links(page):
        alone.Annots = Array(links)
    known.keep(alone)
    return whole.make_indirect(alone)


def _web_links(page: Object) -> list[Dictionary]:
    made = []
    for link in annotations_of(page):
        action = link.get("/A")
        address = action.get("/URI") if isinstance(action, Dictionary) else None
        if isinstance(address, String) and link.get("/Subtype") == Name.Link and "/Rect" in link:
            made.append(
                Dictionary(
                    Type=Name.Annot, Subtype=Name.Link, Rect=link.Rect, Border=Array([0, 0, 0]), F=4,
                    A=Dictionary(S=Name.URI, URI=address),
                )
            )  # fmt: skip
    return made
