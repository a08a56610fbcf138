"""A copy with a mark on every page, made without reading what the pages draw: 4,000 pages a second and more.

The mark is one drawing that all pages share. A page's operators are put between `q` and `Q`, and after them a few of our
own draw the mark. That holds only for files which intake has normalised: operators that end where they began, nothing
laid over the page, plain boxes.
"""

from __future__ import annotations

import hashlib
import io
import secrets
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from pikepdf import AccessMode, Array, Dictionary, Name, Object, ObjectStreamMode, Pdf, Stream, String

from library.pdf import boxes, placing
from library.pdf.contents import streams

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
        pages = _Pages(pdf, drawn)
        for page in pdf.pages:
            pages.put_on(page.obj)
        _describe(pdf, info)
        count = len(pdf.pages)
        pdf.save(
            out,
            object_stream_mode=ObjectStreamMode.generate,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
            fix_metadata_version=False,
        )
    return Stamped(*_hashed(out), pages=count)


class _Pages:
    """What the pages of one copy share: the drawings, the operators around, dictionaries already seen to."""

    def __init__(self, pdf: Pdf, drawn: Pdf) -> None:
        self.pdf = pdf
        self.name = f"Mark{secrets.token_hex(6)}"
        shapes = [boxes.seen(page.obj) for page in drawn.pages]
        self.shapes = [shape.units for shape in shapes]
        self.forms = [_form(pdf, drawn, n, shape) for n, shape in enumerate(shapes)]
        self.before = pdf.make_stream(b"q\n")
        self.after: dict[boxes.Seen, Stream] = {}
        self.resources: dict[tuple[int, int] | None, Object] = {}
        self.drawings: dict[tuple[int, int] | None, Object] = {}

    def put_on(self, page: Object) -> None:
        seen = boxes.seen(page)
        page.Contents = Array([self.before, *streams(page), self._after(seen)])
        page.Resources = self._with_drawings(page.get("/Resources"))

    def _after(self, seen: boxes.Seen) -> Stream:
        if seen not in self.after:
            which = placing.nearest(self.shapes, seen)
            lines = ["Q /Artifact <</Type /Pagination /Subtype /Watermark>> BDC"]
            for matrix in placing.matrices(self.shapes[which], seen):
                numbers = " ".join(f"{n:.6f}" for n in matrix)
                lines.append(f"q {numbers} cm /{self.name}{which} Do Q")
            self.after[seen] = self.pdf.make_stream("\n".join([*lines, "EMC\n"]).encode())
        return self.after[seen]

    def _with_drawings(self, given: object) -> Object:
        """A copy, because others than pages may share it; the same copy for all that share it."""
        resources = given if isinstance(given, Dictionary) else Dictionary()
        shared = resources.objgen if resources.is_indirect else None
        if shared in self.resources:
            return self.resources[shared]
        made = resources.copy()
        made.XObject = self._drawings(resources.get("/XObject"))
        if shared:
            made = self.resources[shared] = self.pdf.make_indirect(made)
        return made

    def _drawings(self, given: object) -> Object:
        drawings = given if isinstance(given, Dictionary) else Dictionary()
        shared = drawings.objgen if drawings.is_indirect else None
        if shared in self.drawings:
            return self.drawings[shared]
        made = drawings.copy()
        for n, form in enumerate(self.forms):
            made[f"/{self.name}{n}"] = form
        if shared:
            made = self.drawings[shared] = self.pdf.make_indirect(made)
        return made


def _form(pdf: Pdf, drawn: Pdf, number: int, seen: boxes.Seen) -> Object:
    """A page of the mark as a drawing whose lower left corner is 0, 0."""
    page = drawn.pages[number]
    # What it says belongs to its own structure; here it is one artifact as a whole.
    operators = [i for i in pikepdf.parse_content_stream(page) if str(i.operator) not in HOLDS_TEXT]
    form = drawn.make_stream(pikepdf.unparse_content_stream(operators))
    form.Type, form.Subtype = Name.XObject, Name.Form
    form.BBox = boxes.as_array(seen.box)
    form.Matrix = Array([1, 0, 0, 1, -round(seen.left, 4), -round(seen.bottom, 4)])
    form.Resources = page.obj.get("/Resources", Dictionary())
    # Else its transparency would be lost where the page has a group of its own.
    form.Group = Dictionary(S=Name.Transparency, I=True, K=False)
    return pdf.copy_foreign(form)


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
