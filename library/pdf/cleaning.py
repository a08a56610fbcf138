"""What a PDF can do besides being read, taken away: scripts, programs, files inside, ways to other files.

Only what is known to be harmless stays, key by key, and what stood in the way of that is named in notes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pikepdf import Dictionary, Name, Object, Pdf, Stream

from library.pdf import streams
from library.pdf.faults import Refused

Note = Callable[[str], None]

CATALOG = {
    "/Type", "/Pages", "/Version", "/Extensions", "/PageLabels", "/Lang", "/MarkInfo", "/StructTreeRoot",
    "/OCProperties", "/OutputIntents", "/Metadata", "/Outlines",
}  # fmt: skip
PAGE = {
    "/Type", "/Parent", "/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox", "/Rotate", "/UserUnit",
    "/Resources", "/Contents", "/Group", "/Annots", "/StructParents", "/Tabs",
}  # fmt: skip
# Wherever an object holds them: files inside or outside, an editor's own copy of the page, smaller pictures of it.
ANYWHERE = ("/AF", "/EF", "/AA", "/PieceInfo", "/OPI", "/Alternates")
NOTES = {
    "/JavaScript": "scripts", "/Launch": "launch", "/SubmitForm": "remote", "/ImportData": "remote",
    "/GoToR": "remote", "/GoToE": "attachments", "/Rendition": "media", "/Movie": "media", "/Sound": "media",
    "/RichMedia": "media", "/RichMediaExecute": "media", "/Screen": "media", "/3D": "media",
    "/FileAttachment": "attachments", "/EF": "attachments",
}  # fmt: skip


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


def keep_known(pdf: Pdf, note: Note) -> None:
    """Of catalogue and pages only what is known."""
    root = pdf.Root
    names = root.get("/Names")
    for key, said in (
        ("/JavaScript", "scripts"),
        ("/EmbeddedFiles", "attachments"),
        ("/Renditions", "media"),
    ):
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
    _keep_sound(pdf)


def _keep_sound(pdf: Pdf) -> None:
    """Descriptions of the right kind, and a trailer without anything else."""
    if "/Metadata" in pdf.Root and not isinstance(pdf.Root.Metadata, Stream):
        del pdf.Root["/Metadata"]
    if "/Info" in pdf.trailer and not isinstance(pdf.trailer.Info, Dictionary):
        del pdf.trailer["/Info"]
    for key in list(pdf.trailer.keys()):
        if key not in {"/Root", "/Info", "/ID", "/Size"}:
            del pdf.trailer[key]
