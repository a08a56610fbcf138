"""What a PDF can do besides being read, taken away: scripts, programs, files inside, forms, things laid over the page.

Only what is known to be harmless stays, key by key, and what stood in the way of that is named in notes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String

from library.pdf import limits, streams
from library.pdf.faults import Refused
from library.pdf.outlines import Places

Note = Callable[[str], None]

CATALOG = {
    "/Type", "/Pages", "/Version", "/Extensions", "/PageLabels", "/Lang", "/MarkInfo", "/StructTreeRoot",
    "/OCProperties", "/OutputIntents", "/Metadata", "/Outlines",
}  # fmt: skip
PAGE = {
    "/Type", "/Parent", "/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox", "/Rotate", "/UserUnit",
    "/Resources", "/Contents", "/Group", "/Annots", "/StructParents", "/Tabs",
}  # fmt: skip
LINK = {"/Type", "/Subtype", "/Rect", "/P", "/A", "/Dest", "/QuadPoints", "/StructParent", "/Contents", "/H", "/F"}
# Wherever an object holds them: files inside or outside, an editor's own copy of the page, smaller pictures of it.
ANYWHERE = ("/AF", "/EF", "/AA", "/PieceInfo", "/OPI", "/Alternates")
NOTES = {
    "/JavaScript": "scripts", "/Launch": "launch", "/SubmitForm": "remote", "/ImportData": "remote",
    "/GoToR": "remote", "/GoToE": "attachments", "/Rendition": "media", "/Movie": "media", "/Sound": "media",
    "/RichMedia": "media", "/RichMediaExecute": "media", "/Screen": "media", "/3D": "media",
    "/FileAttachment": "attachments", "/EF": "attachments",
}  # fmt: skip
SCHEMES = {"http", "https", "mailto"}


def refuse_dynamic_forms(pdf: Pdf) -> None:
    form = pdf.Root.get("/AcroForm")
    if pdf.Root.get("/NeedsRendering") is True and isinstance(form, Dictionary) and "/XFA" in form:
        raise Refused("dynamic_form")


def sweep(pdf: Pdf, note: Note) -> None:
    """Every object: name what is found, remove what is wanted nowhere. Raises Refused for what swells."""
    for thing in pdf.objects:
        if not isinstance(thing, Dictionary | Stream):
            continue
        for kind in _kinds(thing):
            if kind in NOTES:
                note(NOTES[kind])
        for key in ANYWHERE:
            if key in thing:
                del thing[key]
        if isinstance(thing, Stream):
            _sweep_stream(thing, note)


def _kinds(thing: Object) -> Iterable[str]:
    """What it is or does, and what its actions do; actions are often written into their owner."""
    additional = thing.get("/AA")
    actions = [thing, thing.get("/A"), thing.get("/OpenAction")]
    if isinstance(additional, Dictionary):
        actions += list(additional.values())[:50]
    for action in actions:
        kind = action.get("/S") if isinstance(action, Dictionary | Stream) else None
        if isinstance(kind, Name):
            yield str(kind)
    for key in ("/Type", "/Subtype"):
        kind = thing.get(key)
        if isinstance(kind, Name):
            yield str(kind)
    if "/EF" in thing:
        yield "/EF"


def _sweep_stream(stream: Stream, note: Note) -> None:
    if "/F" in stream:  # its data are in another file
        note("remote")
        for key in ("/F", "/FFilter", "/FDecodeParms"):
            if key in stream:
                del stream[key]
    if "/Ref" in stream:  # draws a page of another file
        note("remote")
        del stream["/Ref"]
    streams.check(stream, note)


def flatten(pdf: Pdf, note: Note) -> None:
    """Forms and annotations become part of the page; links stay, invisible, and lead to web pages or into this file."""
    before = []
    for page in pdf.pages:
        if found := annotations(page.obj):
            page.obj.Annots = Array([a if a.is_indirect else pdf.make_indirect(a) for a in found])
            before += annotations(page.obj)
        elif "/Annots" in page.obj:
            del page.obj["/Annots"]
    kinds = {str(a.get("/Subtype")) for a in before} - {"/Link", "/Popup"}
    if "/AcroForm" in pdf.Root or "/Widget" in kinds:
        note("forms")
    if kinds - {"/Widget"}:
        note("annotations")
    _keep_layers(before)
    if isinstance(pdf.Root.get("/AcroForm"), Dictionary):
        try:
            pdf.generate_appearance_streams()
        except (pikepdf.PdfError, ValueError, TypeError, RuntimeError):
            note("forms_empty")  # what was typed into its fields could not be drawn
    pdf.flatten_annotations("all")
    for key in ("/AcroForm", "/Perms", "/NeedsRendering"):
        if key in pdf.Root:
            del pdf.Root[key]
    places, left = Places(pdf), set()
    for page in pdf.pages:
        links = [a for a in annotations(page.obj) if a.get("/Subtype") == Name.Link and _harmless(a, places)]
        left |= {a.objgen for a in links}
        if links:
            page.obj.Annots = Array(links)
        elif "/Annots" in page.obj:
            del page.obj["/Annots"]
    for annotation in before:  # the tree of a tagged file still knows them
        if annotation.objgen not in left:
            for key in list(annotation.keys()):
                del annotation[key]


def annotations(page: Object) -> list[Dictionary]:
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
    action = link.get("/A")
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
    how = [item for item in list(explicit)[1:6] if item is None or not isinstance(item, Dictionary | Array | Stream)]
    link.Dest = Array([explicit[0], *how])
    return True


def _web(value: Any) -> str:
    address = str(value).strip() if isinstance(value, String) else ""
    try:
        good = urlsplit(address).scheme.lower() in SCHEMES and len(address) <= limits.URI_LETTERS
    except ValueError:
        good = False
    return address if good and address.isprintable() else ""


def keep_known(pdf: Pdf, note: Note) -> None:
    """Of catalogue and pages only what is known."""
    root = pdf.Root
    names = root.get("/Names")
    for key, said in (("/JavaScript", "scripts"), ("/EmbeddedFiles", "attachments"), ("/Renditions", "media")):
        if isinstance(names, Dictionary) and key in names:
            note(said)
    if "/Collection" in root:
        note("attachments")
    for key in list(root.keys()):
        if key not in CATALOG:
            del root[key]
    for page in pdf.pages:
        for key in list(page.obj.keys()):
            if key not in PAGE:
                del page.obj[key]
    if "/Metadata" in root and not isinstance(root.Metadata, Stream):
        del root["/Metadata"]
    if "/Info" in pdf.trailer and not isinstance(pdf.trailer.Info, Dictionary):
        del pdf.trailer["/Info"]
    for key in list(pdf.trailer.keys()):
        if key not in {"/Root", "/Info", "/ID", "/Size"}:
            del pdf.trailer[key]
