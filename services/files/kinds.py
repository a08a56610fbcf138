"""What a file is, by its content alone; its name and what a browser says of it count for nothing.

A short list of what people send to a statistics office, looked at by our own eyes: PDF, pictures (read by Pillow), office
documents, plain text. No archives: what is inside them is for nobody to see. No macros: a spreadsheet that brings a program
along is not opened at a desk. libmagic and its like tell a thousand kinds apart of which nine are allowed, and call every
ZIP with a suitable first name a document.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image

HEAD = 1024  # bytes in which a PDF may begin
SOME = 1 << 20  # of a text, this much is looked at
MOST_ENTRIES = 5_000
MOST_UNPACKED = 500_000_000  # bytes an office document may claim to have
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PICTURES = {
    "JPEG": ("jpg", "image/jpeg"), "MPO": ("jpg", "image/jpeg"), "PNG": ("png", "image/png"),
    "WEBP": ("webp", "image/webp"), "GIF": ("gif", "image/gif"),
}  # fmt: skip
_OPEN_XML = "application/vnd.openxmlformats-officedocument."
OPEN_XML = {
    "word/document.xml": ("docx", _OPEN_XML + "wordprocessingml.document"),
    "xl/workbook.xml": ("xlsx", _OPEN_XML + "spreadsheetml.sheet"),
    "ppt/presentation.xml": ("pptx", _OPEN_XML + "presentationml.presentation"),
}
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
OPEN_DOCUMENT = {"text": "odt", "spreadsheet": "ods", "presentation": "odp"}
OLD_OFFICE = {
    "WordDocument": ("doc", "application/msword"),
    "Workbook": ("xls", "application/vnd.ms-excel"),
    "Book": ("xls", "application/vnd.ms-excel"),
    "PowerPoint Document": ("ppt", "application/vnd.ms-powerpoint"),
}
INLINE = frozenset(kind for _ending, kind in PICTURES.values())
# What telephones record, by the first letters; what an ISO container (…ftyp) holds is named by its brand.
RECORDINGS = (
    (b"#!AMR", "amr", "audio/amr"), (b"ID3", "mp3", "audio/mpeg"), (b"\xff\xfb", "mp3", "audio/mpeg"),
    (b"\xff\xf3", "mp3", "audio/mpeg"), (b"\xff\xf1", "aac", "audio/aac"), (b"\xff\xf9", "aac", "audio/aac"),
)  # fmt: skip
BRANDS = {b"M4A ": ("m4a", "audio/mp4"), b"M4B ": ("m4a", "audio/mp4"), b"3gp": ("3gp", "video/3gpp")}


class Unknown(Exception):
    """Not among what is taken; `code` is one of `services.files.refusals.WORDS`."""

    def __init__(self, code: str = "kind"):
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Kind:
    ending: str  # without the dot
    content_type: str


def of(file: BinaryIO, name: str = "") -> Kind:
    """What this file is; it stands at its beginning afterwards. `name` only tells CSV from other text. Raises Unknown."""
    file.seek(0)
    head = file.read(HEAD)
    try:
        return Kind(*_of(file, head, name))
    finally:
        file.seek(0)


def recording(file: BinaryIO) -> Kind | None:
    """A sound or a film as telephones make them, of channels where people speak; None: none of these."""
    file.seek(0)
    head = file.read(64)
    file.seek(0)
    if head.startswith(b"OggS") and (b"OpusHead" in head or b"\x01vorbis" in head):
        return Kind("ogg", "audio/ogg")
    if head[4:8] == b"ftyp":
        found = next((kind for brand, kind in BRANDS.items() if head[8:12].startswith(brand)), None)
        return Kind(*(found or ("mp4", "video/mp4")))
    known = (Kind(ending, kind) for letters, ending, kind in RECORDINGS if head.startswith(letters))
    return next(known, None)


def _of(file: BinaryIO, head: bytes, name: str) -> tuple[str, str]:
    if b"%PDF-" in head:
        return "pdf", "application/pdf"
    if head.startswith(b"PK\x03\x04"):
        return _zipped(file)
    if head.startswith(OLE):
        return _old_office(file)
    return _picture(file) or _text(file, name)


def _zipped(file: BinaryIO) -> tuple[str, str]:
    """An office document is a ZIP with a table of contents of a known shape; any other ZIP is not taken."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as packed:
            entries = packed.infolist()
            if len(entries) > MOST_ENTRIES or sum(e.file_size for e in entries) > MOST_UNPACKED:
                raise Unknown("bomb")
            names = {entry.filename for entry in entries}
            if any(entry.flag_bits & 1 for entry in entries):
                raise Unknown("password")
            if any(name.lower().endswith(("vbaproject.bin", ".js", ".exe")) for name in names):
                raise Unknown("macro")
            if "[Content_Types].xml" in names:
                return _open_xml(packed, names)
            if "mimetype" in names:
                return _open_document(packed, names)
    except Unknown:
        raise
    except Exception as broken:  # zipfile raises what a made-up table of contents makes it stumble over
        raise Unknown("damaged") from broken
    raise Unknown("archive")


def _open_xml(packed: zipfile.ZipFile, names: set[str]) -> tuple[str, str]:
    with packed.open("[Content_Types].xml") as opened:
        types = opened.read(SOME)
    for part, kind in OPEN_XML.items():
        if part in names and kind[1].encode() in types:
            return kind
    if b"macroEnabled" in types:
        raise Unknown("macro")
    raise Unknown("archive")


def _open_document(packed: zipfile.ZipFile, names: set[str]) -> tuple[str, str]:
    with packed.open("mimetype") as opened:
        said = opened.read(100).decode("ascii", "replace").strip()
    if any(name.startswith(("Basic/", "Scripts/")) for name in names):
        raise Unknown("macro")
    kind = said.removeprefix(_OPEN_DOCUMENT)
    if kind in OPEN_DOCUMENT and "content.xml" in names:
        return OPEN_DOCUMENT[kind], said
    raise Unknown("archive")


def _old_office(file: BinaryIO) -> tuple[str, str]:
    """The names of the parts stand in the file's own directory, as UTF-16."""
    file.seek(0)
    content = file.read()  # no larger than a file may be
    if "_VBA_PROJECT".encode("utf-16-le") in content:
        raise Unknown("macro")
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise Unknown("password")
    for name, kind in OLD_OFFICE.items():
        if f"{name}\0".encode("utf-16-le") in content:
            return kind
    raise Unknown


def _picture(file: BinaryIO) -> tuple[str, str] | None:
    file.seek(0)
    try:
        with Image.open(file, formats=tuple(name for name in PICTURES if name != "MPO")) as picture:
            found = PICTURES.get(picture.format or "")
            picture.verify()
    except Exception:  # whatever a file that is none makes Pillow stumble over
        return None
    return found


def _text(file: BinaryIO, name: str) -> tuple[str, str]:
    """Words and figures, nothing that a browser or a computer would carry out."""
    file.seek(0)
    sample = file.read(SOME)
    for encoding in ("utf-8-sig", "utf-16", "cp1252"):
        if encoding == "utf-16" and not sample.startswith((b"\xff\xfe", b"\xfe\xff")):
            continue
        try:
            text = sample.decode(encoding) if encoding != "utf-8-sig" else _cut(sample).decode(encoding)
        except UnicodeDecodeError:
            continue
        break
    else:
        raise Unknown
    if not text.strip() or any(c < " " and c not in "\t\r\n\f" for c in text):
        raise Unknown
    beginning = text.lstrip().lower()[:HEAD]
    if beginning.startswith(("<", "#!", "{\\rtf")):
        raise Unknown
    return ("csv", "text/csv") if name.lower().endswith(".csv") else ("txt", "text/plain")


def _cut(sample: bytes) -> bytes:
    """A sample may end within a character."""
    for end in range(len(sample), max(len(sample) - 4, 0), -1):
        try:
            sample[:end].decode("utf-8")
        except UnicodeDecodeError:
            continue
        return sample[:end]
    return sample
