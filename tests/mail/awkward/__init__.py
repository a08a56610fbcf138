"""A hundred awkward mails, made here: what people, their programs and their enemies send to an office's mailbox.

Each is the bytes as a server hands them over, and what must be understood of them. `expect` names attributes of `Incoming`;
`text` is what the person wrote; `files` the names of the files; `has` and `hasnt` are words of the text.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from quopri import encodestring
from typing import Any

SENDER = "siti@example.test"
OFFICE = "bps7411@bps.example.test"
QUESTION = "Berapa PDRB Kolaka Timur tahun 2024?"
ANSWER = "Terima kasih atas pertanyaan Anda. PDRB ada di tabel 3."


@dataclass(frozen=True)
class Awkward:
    name: str
    raw: bytes = field(repr=False)
    expect: dict[str, Any]

    def __str__(self) -> str:
        return self.name


def head(**more: str | bytes | None) -> bytes:
    """The usual header lines; `None` leaves one out, underscores stand for hyphens."""
    lines: dict[str, str | bytes | None] = {
        "From": f"Siti Nurhaliza <{SENDER}>", "To": OFFICE, "Subject": "PDRB", "Message-ID": "<satu@example.test>",
        "Date": "Tue, 03 Mar 2026 10:15:00 +0800", "MIME-Version": "1.0",
    }  # fmt: skip
    lines |= {name.replace("_", "-"): value for name, value in more.items()}
    given = [(n, v if isinstance(v, bytes) else v.encode()) for n, v in lines.items() if v is not None]
    return b"".join(name.encode() + b": " + value + b"\r\n" for name, value in given)


def mail(body: str | bytes = QUESTION, **more: str | bytes | None) -> bytes:
    if not isinstance(body, bytes):
        body = body.replace("\n", "\r\n").encode()
        more.setdefault("Content_Type", "text/plain; charset=utf-8")
    return head(**more) + b"\r\n" + body + b"\r\n"


def part(content_type: str, body: str | bytes, *more: str | bytes) -> bytes:
    lines = [
        b"Content-Type: " + content_type.encode(),
        *(m if isinstance(m, bytes) else m.encode() for m in more),
    ]
    return b"\r\n".join(lines) + b"\r\n\r\n" + (body if isinstance(body, bytes) else body.encode())


def coded(content_type: str, content: bytes, *more: str | bytes) -> bytes:
    return part(content_type, b64encode(content), "Content-Transfer-Encoding: base64", *more)


def multi(*parts: bytes, kind: str = "mixed", mark: str = "=_batas", end: bool = True) -> bytes:
    """A multipart as a part: header and body."""
    return f'Content-Type: multipart/{kind}; boundary="{mark}"\r\n\r\n'.encode() + pieces(
        *parts, mark=mark, end=end
    )


def pieces(*parts: bytes, mark: str = "=_batas", end: bool = True) -> bytes:
    dash = b"--" + mark.encode()
    return b"".join(dash + b"\r\n" + p + b"\r\n" for p in parts) + (dash + b"--\r\n" if end else b"")


def mixed(*parts: bytes, kind: str = "mixed", **more: str | bytes | None) -> bytes:
    return head(**more) + multi(*parts, kind=kind)


WORDS = part("text/plain; charset=utf-8", QUESTION)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def all_mails() -> Iterator[Awkward]:
    from tests.mail.awkward import bad_headers, bombs, encodings, files, quoting, speakers

    for module in (encodings, files, quoting, bad_headers, speakers, bombs):
        yield from (Awkward(name, raw, expect) for name, raw, expect in module.mails())


def qp(text: str, charset: str = "utf-8") -> bytes:
    return encodestring(text.encode(charset))
