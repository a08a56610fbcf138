"""A page's operators: they must end where they began, or what is drawn after them stands wherever they left off."""

from __future__ import annotations

from collections.abc import Callable

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from library.pdf import streams as readable

WATCHED = "q Q BT ET BMC BDC EMC"
OPENS = {"q": "q", "BT": "BT", "BMC": "BMC", "BDC": "BMC"}
CLOSES = {"Q": "q", "ET": "BT", "EMC": "BMC"}
EVERYWHERE = 1_000_000  # half the side of a rectangle that no page leaves


def streams(page: Object) -> list[Stream]:
    """The page's content streams; what is none is left out."""
    contents = page.get("/Contents")
    if isinstance(contents, Stream):
        return [contents]
    if isinstance(contents, Array):
        return [item for item in contents if isinstance(item, Stream)]
    return []


def straighten(pdf: Pdf, page: Object, note: Callable[[str], None]) -> None:
    """Leave content alone that is balanced and can be read; anything else gets a Form XObject of its own, inside which
    whatever it leaves open ends. Raises Refused for content beyond all measure."""
    found = streams(page)
    page.Contents = Array(found)
    if not found:
        return
    for stream in found:
        readable.content(stream, note)
    before = len(pdf.get_warnings())
    try:
        operators = pikepdf.parse_content_stream(page, WATCHED)
        fault = "unreadable" if len(pdf.get_warnings()) > before else ""
    except pikepdf.PdfError:
        operators, fault = [], "unreadable"
    if not fault and not _balanced([str(i.operator) for i in operators]):
        fault = "balanced"
    if fault:
        note(fault)
        _wrap(pdf, page, b"\n".join(stream.read_bytes() for stream in found))


def _balanced(operators: list[str]) -> bool:
    open_ = dict.fromkeys(OPENS.values(), 0)
    for operator in operators:
        if operator in OPENS:
            open_[OPENS[operator]] += 1
        elif operator in CLOSES:
            open_[CLOSES[operator]] -= 1
            if open_[CLOSES[operator]] < 0:
                return False
    return not any(open_.values())


def _wrap(pdf: Pdf, page: Object, content: bytes) -> None:
    resources = page.get("/Resources")
    form = pdf.make_stream(content)
    form.Type, form.Subtype = Name.XObject, Name.Form
    form.BBox = Array([-EVERYWHERE, -EVERYWHERE, EVERYWHERE, EVERYWHERE])
    form.Resources = resources if isinstance(resources, Dictionary) else Dictionary()
    page.Resources = Dictionary(XObject=Dictionary(Content=form))
    page.Contents = Array([pdf.make_stream(b"/Content Do")])
    if "/StructParents" in page:  # its marked content is no longer the page's own
        del page["/StructParents"]
