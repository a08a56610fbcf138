"""A page's operators: they must end where they began, or what is drawn after them stands wherever they left off."""

from __future__ import annotations

from collections.abc import Callable

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from library.pdf import streams as readable

WATCHED = "q Q BT ET BMC BDC EMC"
PICTURE, PICTURED = "BI ID EI", "INLINE IMAGE"  # pikepdf gives the three operators as one
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
    content = joined(page)
    operators, sure = parsed(content, f"{WATCHED} {PICTURE}")
    if not sure:
        note("unreadable")
    elif not _balanced([operator for operator, _names in operators]):
        note("balanced")
    # A picture among the operators ends where its length says for PDFium, at the next EI for qpdf: between them there is
    # room for operators that only one of them sees.
    elif not _may_run_on(found) and not any(operator == PICTURED for operator, _names in operators):
        return
    _wrap(pdf, page, content)


def _may_run_on(found: list[Stream]) -> bool:
    """Whether a comment at the end of one stream may hide what the next begins with. qpdf ends it there; PDFium, which
    sets a space between streams, and others do not: what is balanced for one is not for the other."""
    lines = (s.read_bytes().replace(b"\r", b"\n").rpartition(b"\n")[2] for s in found[:-1])
    return any(b"%" in line for line in lines)


def joined(holder: Object) -> bytes:
    """The operators of a page, or of a drawing."""
    return b"\n".join(s.read_bytes() for s in ([holder] if isinstance(holder, Stream) else streams(holder)))


def parsed(content: bytes, operators: str) -> tuple[list[tuple[str, list[str]]], bool]:
    """Each of these operators with the names it is given, and whether all could be read. In a file of its own, so that
    the warnings are this content's alone; a damaged file may have thousands already."""
    with Pdf.new() as alone:
        try:
            found = [
                (str(i.operator), [str(o) for o in i.operands if isinstance(o, Name)])
                for i in pikepdf.parse_content_stream(alone.make_stream(content), operators)
            ]
        except (pikepdf.PdfError, pikepdf.PikepdfError, TypeError, ValueError):
            return [], False
        return found, not alone.get_warnings()


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
