"""Visitors at the library's desk, and what is handed to them, as the tests of handing out use them."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
from django.test import Client
from django.utils import timezone

from library.models import DigitalCopy, Publication
from library.search import index
from services.audit.actors import SYSTEM, Actor
from services.codes import new_key
from services.guestbook import workflows as visits
from services.guestbook.models import VisitService
from tests.accounts.world import sign
from tests.conftest import new_user
from tests.guestbook.support import DEVICE
from tests.library.digital import support
from tests.library.support import client_of, title

SITE = "https://pst.example.test"
_bytes: dict[int, bytes] = {}


def book(pages: int) -> bytes:
    """Drawn once: its content is compared, not its making."""
    if pages not in _bytes:
        _bytes[pages] = support.pdf(pages)
    return _bytes[pages]


def softcopy(office, pages: int = 5, words: str = "Profil Kemiskinan 2025") -> DigitalCopy:
    publication = title(office, words)
    different = f"\n% {new_key()}\n".encode()  # the same content twice is refused
    return support.ready(office, publication, content=book(pages) + different)


def counted(office, pages: int, words: str = "Statistik Daerah 2025") -> DigitalCopy:
    """In use with so many pages, but with the file of a few: for what asks for no file."""
    publication = Publication.objects.create(title=words, keeper=office, has_digital=True)
    index.write([publication])
    return DigitalCopy.objects.create(
        office=office, publication=publication, state="ready", pages=pages, prepared="softcopy/prepared/none.pdf",
        file_name="x.pdf", sha256=hashlib.sha256(words.encode()).hexdigest(), size=1, added_at=timezone.now(),
    )  # fmt: skip


def visitor(office, name: str = "Sitti Rahma", email: str = "sitti@example.test", **more) -> VisitService:
    """Signed in the guest book, in the library."""
    library = office.services.get(work_url_name="library:use")
    visit = sign(
        visits.arrive(office=office, service=library, by=DEVICE), SYSTEM, name=name, email=email, **more
    )
    rows = VisitService.objects.select_related("visit__office", "visit__visitor", "standard")
    return rows.get(visit=visit)


def officer(office, role: str = "frontliner") -> Actor:
    return Actor("officer", user_id=new_user(office, role).pk)


def desk_of(office, role: str = "frontliner") -> Client:
    return client_of(new_user(office, role))


def texts(file: Path | bytes) -> list[str]:
    """What a reader sees on each page."""
    pdf = pdfium.PdfDocument(file)
    try:
        return [page.get_textpage().get_text_bounded() for page in pdf]
    finally:
        pdf.close()


def flat(text: str) -> str:
    return re.sub(r"\s", "", text)


def described(content: bytes, path: Path) -> tuple[str, str]:
    """The number in docinfo and in XMP."""
    path.write_bytes(content)
    with pikepdf.open(path) as pdf:
        xmp = bytes(pdf.Root.Metadata.read_bytes()).decode()
        return str(pdf.docinfo["/Serial"]), xmp
