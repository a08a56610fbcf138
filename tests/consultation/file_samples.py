"""Small files of every kind, made here."""

from __future__ import annotations

import zipfile
from io import BytesIO

from django.core.files.base import ContentFile
from openpyxl import Workbook
from PIL import Image

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-" + b"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def picture(format_: str) -> bytes:
    made = BytesIO()
    Image.new("RGB", (8, 8), "orange").save(made, format_)
    return made.getvalue()


def packed(**parts: str | bytes) -> bytes:
    """A ZIP; `__` in a name stands for a slash, `_dot_` for a dot."""
    return packed_of({name.replace("__", "/").replace("_dot_", "."): what for name, what in parts.items()})


def packed_of(parts: dict[str, str | bytes]) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, what in parts.items():
            archive.writestr(name, what)
    return made.getvalue()


def xlsx() -> bytes:
    made, book = BytesIO(), Workbook()
    book.active["A1"] = "PDRB"
    book.save(made)
    return made.getvalue()


def docx(more: dict[str, bytes] | None = None, kind: str = "document") -> bytes:
    types = f"application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}.main+xml"
    parts = {"[Content_Types].xml": f"<Types>{types}</Types>", "word/document.xml": "<w/>", **(more or {})}
    return packed_of(parts)


def ods() -> bytes:
    return packed_of(
        {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<office/>"}
    )


def old_office(part: str) -> bytes:
    return OLE + f"{part}\0".encode("utf-16-le") + b"\0" * 512


def file(content: bytes, name: str = "berkas") -> ContentFile:
    return ContentFile(content, name=name)
