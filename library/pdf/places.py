"""Places for a mark, made once at intake: then a copy is marked by filling a few objects, however many pages it has.

Every page's operators stand between `q` and a tail of ours, which belongs to all pages of that shape; the drawings that
tails draw stand under a name of ours among the page's resources. Until they are filled, both draw nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import Any

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from library.pdf import boxes
from library.pdf.contents import streams

KEY = "/PSTPlaces"  # of the catalogue
DRAWINGS = 2  # a mark's shapes: upright and across
# The page's own operators may end in a comment, or in the middle of a line: viewers put a space between, or nothing.
CLOSED = b"\nQ\n"


@dataclass(frozen=True)
class Places:
    """What `prepare` left in a file."""

    name: str
    drawings: list[Stream]
    tails: list[tuple[Stream, boxes.Seen]]


def prepare(pdf: Pdf, name: str) -> None:
    """Pages whose operators end where they began. `name`: letters and digits that no resource is called by."""
    making = _Making(pdf, name)
    for page in pdf.pages:
        making.on(page.obj)
    tails = [Dictionary(Tail=tail, Seen=Array(list(astuple(seen)))) for seen, tail in making.tails.items()]
    pdf.Root[KEY] = Dictionary(Name=Name(f"/{name}"), Drawings=Array(making.drawings), Tails=Array(tails))


def found(pdf: Pdf) -> Places | None:
    if KEY not in pdf.Root:
        return None
    held: Any = pdf.Root[KEY]
    tails = []
    for entry in held.Tails:
        left, bottom, right, top, turns, unit = (float(n) for n in entry.Seen)
        tails.append((entry.Tail, boxes.Seen(left, bottom, right, top, int(turns), unit)))
    return Places(str(held.Name)[1:], list(held.Drawings), tails)


def contents(page: Object, places: Places | None) -> Sequence[Stream]:
    """The page's own, without what `prepare` put around them."""
    return streams(page) if places is None else streams(page)[1:-1]


class _Making:
    """What the pages of one file share: the drawings, the operators around, dictionaries already seen to."""

    def __init__(self, pdf: Pdf, name: str) -> None:
        self.pdf = pdf
        self.name = name
        self.drawings = [_empty(pdf) for _n in range(DRAWINGS)]
        self.before = pdf.make_stream(b"q\n")
        self.tails: dict[boxes.Seen, Stream] = {}
        self.resources: dict[tuple[int, int] | None, Object] = {}
        self.pictures: dict[tuple[int, int] | None, Object] = {}

    def on(self, page: Object) -> None:
        seen = boxes.seen(page)
        if seen not in self.tails:
            self.tails[seen] = self.pdf.make_stream(CLOSED)
        page.Contents = Array([self.before, *streams(page), self.tails[seen]])
        page.Resources = self._with_drawings(page.get("/Resources"))

    def _with_drawings(self, given: object) -> Object:
        """A copy, because others than pages may share it; the same copy for all that share it."""
        resources = given if isinstance(given, Dictionary) else Dictionary()
        shared = resources.objgen if resources.is_indirect else None
        if shared in self.resources:
            return self.resources[shared]
        made = resources.copy()
        made.XObject = self._pictures(resources.get("/XObject"))
        if shared:
            made = self.resources[shared] = self.pdf.make_indirect(made)
        return made

    def _pictures(self, given: object) -> Object:
        pictures = given if isinstance(given, Dictionary) else Dictionary()
        shared = pictures.objgen if pictures.is_indirect else None
        if shared in self.pictures:
            return self.pictures[shared]
        made = pictures.copy()
        for n, drawing in enumerate(self.drawings):
            made[f"/{self.name}{n}"] = drawing
        if shared:
            made = self.pictures[shared] = self.pdf.make_indirect(made)
        return made


def _empty(pdf: Pdf) -> Stream:
    return Stream(
        pdf, b"", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 1, 1]), Resources=Dictionary()
    )
