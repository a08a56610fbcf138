"""The register of cases, and the paper they are written on."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

LINE = "BT /F1 14 Tf 40 {y} Td ({text}) Tj ET\n"


@dataclass(frozen=True)
class Case:
    """`refused`: the code it must be refused with; else `notes` must be among intake's notes, and it has `pages`."""

    name: str
    make: Callable[[], bytes]
    refused: str = ""
    notes: frozenset[str] = frozenset()
    pages: int = 2


CASES: dict[str, Case] = {}


def case(refused: str = "", *, notes: set[str] | None = None, pages: int = 2) -> Callable:
    def register(make: Callable[[], bytes]) -> Callable[[], bytes]:
        name = make.__name__
        assert name not in CASES
        CASES[name] = Case(name, make, refused, frozenset(notes or ()), pages)
        return make

    return register


def words(text: str, *, dark: bool = False) -> bytes:
    """Operators of an ordinary page: a heading, lines, a table's rules, a filled bar."""
    ground = "0.05 0.1 0.25 rg 0 0 400 500 re f 1 g\n" if dark else ""
    lines = "".join(LINE.format(y=440 - 22 * n, text=f"{text} baris {n}") for n in range(12))
    rules = "".join(f"40 {150 - 20 * n} m 360 {150 - 20 * n} l S\n" for n in range(5))
    return f"{ground}{lines}{rules}q 0.2 0.5 0.3 rg 60 60 80 40 re f Q\n".encode()


def font(pdf: Pdf) -> Object:
    return pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))


def paper(pages: int = 2, content: bytes | None = None, box: tuple = (0, 0, 400, 500), **more: Any) -> Pdf:
    """Pages of text; `more` goes into every page's dictionary."""
    pdf = Pdf.new()
    letters = font(pdf)
    for number in range(1, pages + 1):
        pdf.add_blank_page(page_size=(400, 500))
        page = pdf.pages[-1].obj
        page.MediaBox = Array(list(box))
        page.Resources = Dictionary(Font=Dictionary(F1=letters))
        page.Contents = pdf.make_stream(content if content is not None else words(f"Halaman {number}"))
        for key, value in more.items():
            page[f"/{key}"] = value
    return pdf


def saved(pdf: Pdf, **options: Any) -> bytes:
    out = io.BytesIO()
    pdf.save(out, static_id=True, **options)
    pdf.close()
    return out.getvalue()


def written(
    objects: dict[int, bytes], *, header: bytes = b"%PDF-1.4\n", trailer: bytes = b"/Root 1 0 R"
) -> bytes:
    """A file from its objects' bytes, for what no library would write."""
    out, places = bytearray(header), {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start, size = len(out), max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        out += b"%010d 00000 n \n" % places[number] if number in places else b"0000000000 65535 f \n"
    out += b"trailer\n<</Size %d %s>>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, start)
    return bytes(out)


def stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<</Length %d %s>>\nstream\n%s\nendstream" % (len(data), entries, data)


def simple(
    content: bytes = b"", *, page: bytes = b"", catalog: bytes = b"", pages: bytes = b""
) -> dict[int, bytes]:
    """The objects of a file of two pages."""
    face = b"/Resources <</Font <</F1 5 0 R>>>> /MediaBox [0 0 400 500]"
    return {
        1: b"<</Type /Catalog /Pages 2 0 R %s>>" % catalog,
        2: b"<</Type /Pages /Kids [3 0 R 6 0 R] /Count 2 %s>>" % pages,
        3: b"<</Type /Page /Parent 2 0 R %s /Contents 4 0 R %s>>" % (face, page),
        4: stream(content or words("Halaman 1")),
        5: b"<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>",
        6: b"<</Type /Page /Parent 2 0 R %s /Contents 7 0 R>>" % face,
        7: stream(words("Halaman 2")),
    }


def picture(pdf: Pdf, data: bytes = b"\x20\x90\x40", side: int = 1) -> Stream:
    return Stream(
        pdf, data, Type=Name.XObject, Subtype=Name.Image, Width=side, Height=side, ColorSpace=Name.DeviceRGB,
        BitsPerComponent=8,
    )  # fmt: skip


def form(pdf: Pdf, content: bytes, **more) -> Stream:
    return Stream(pdf, content, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 400, 500]), **more)
