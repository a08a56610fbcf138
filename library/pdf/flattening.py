"""Forms and annotations, which viewers draw over everything else, made part of their page; links stay, invisible."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String

from library.pdf import limits
from library.pdf.outlines import Places

Note = Callable[[str], None]

LINK = {
    "/Type",
    "/Subtype",
    "/Rect",
    "/P",
    "/A",
    "/Dest",
    "/QuadPoints",
    "/StructParent",
    "/Contents",
    "/H",
    "/F",
}
SCHEMES = {"http", "https", "mailto"}


def flatten(pdf: Pdf, note: Note) -> None:
    """Links stay that lead to web pages or into this file."""
    before = gather(pdf)
    kinds = {str(a.get("/Subtype")) for a in before} - {"/Link", "/Popup"}
    if "/AcroForm" in pdf.Root or "/Widget" in kinds:
        note("forms")
    if kinds - {"/Widget"}:
        note("annotations")
    _keep_layers(before)
    _draw_in(pdf, note)
    left = _keep_links(pdf)
    for annotation in before:  # the tree of a tagged file still knows them
        if annotation.objgen not in left:
            for key in list(annotation.keys()):
                del annotation[key]


def gather(pdf: Pdf) -> list[Dictionary]:
    """All annotations of all pages, each an object of its own from now on."""
    before = []
    for page in pdf.pages:
        if found := annotations_of(page.obj):
            page.obj.Annots = Array([a if a.is_indirect else pdf.make_indirect(a) for a in found])
            before += annotations_of(page.obj)
        elif "/Annots" in page.obj:
            del page.obj["/Annots"]
    return before


def _draw_in(pdf: Pdf, note: Note) -> None:
    if isinstance(pdf.Root.get("/AcroForm"), Dictionary):
        try:
            pdf.generate_appearance_streams()
        except (pikepdf.PdfError, ValueError, TypeError, RuntimeError):
            note("forms_empty")  # what was typed into its fields could not be drawn
    pdf.flatten_annotations("all")
    for key in ("/AcroForm", "/Perms", "/NeedsRendering"):
        if key in pdf.Root:
            del pdf.Root[key]


def _keep_links(pdf: Pdf) -> set[tuple[int, int]]:
    places, left = Places(pdf), set()
    for page in pdf.pages:
        found = annotations_of(page.obj)
        links = [a for a in found if a.get("/Subtype") == Name.Link and _harmless(a, places)]
        left |= {a.objgen for a in links}
        if links:
            page.obj.Annots = Array(links)
        elif "/Annots" in page.obj:
            del page.obj["/Annots"]
    return left


def annotations_of(page: Object) -> list[Dictionary]:
    found = page.get("/Annots")
    return [a for a in found if isinstance(a, Dictionary)] if isinstance(found, Array) else []


def _keep_layers(found: list[Dictionary]) -> None:
    """Flattening forgets that an annotation belongs to a layer that may be hidden; its drawing can know it too."""
    for annotation in found:
        layer, looks = annotation.get("/OC"), annotation.get("/AP")
        drawing = looks.get("/N") if isinstance(looks, Dictionary) else None
        if isinstance(layer, Dictionary) and isinstance(drawing, Stream) and "/OC" not in drawing:
            drawing.OC = layer


def _harmless(link: Dictionary, places: Places) -> bool:
    """Make it so; False where nothing is left to lead anywhere."""
    action: Any = link.get("/A")
    kind = action.get("/S") if isinstance(action, Dictionary) else None
    leads: Any = link.get("/Dest")
    if kind == Name.GoTo:
        leads = action.get("/D")
    for key in list(link.keys()):
        if key not in LINK:
            del link[key]
    link.Border = Array([0, 0, 0])
    if kind == Name.URI and (address := _web(action.get("/URI"))):
        if "/Dest" in link:
            del link["/Dest"]
        link.A = Dictionary(S=Name.URI, URI=String(address))
        return True
    if "/A" in link:
        del link["/A"]
    explicit = places.explicit(leads)
    if explicit is None:
        return False
    how = [
        item
        for item in list(explicit)[1:6]
        if item is None or not isinstance(item, Dictionary | Array | Stream)
    ]
    link.Dest = Array([explicit[0], *how])
    return True


def _web(value: Any) -> str:
    address = str(value).strip() if isinstance(value, String) else ""
    try:
        good = urlsplit(address).scheme.lower() in SCHEMES and len(address) <= limits.URI_LETTERS
    except ValueError:
        good = False
    return address if good and address.isprintable() else ""
