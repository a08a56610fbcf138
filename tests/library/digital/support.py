"""Softcopies as tests bring them in: real PDFs, checked by the real child process."""

from __future__ import annotations

from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from weasyprint import HTML

from library.models import DigitalCopy, Publication
from library.workflows import intake
from services.audit.actors import SYSTEM

SECRET = "kemiskinan ekstrem menurun menjadi dua persen"


def pdf(pages: int = 3, title: str = "Contoh", words: str = "Penduduk halaman") -> bytes:
    """A PDF with text; page 2 says SECRET, each page its number in `words`."""
    body = "".join(
        f"<section><h1>{words} {n}</h1><p>{SECRET if n == 2 else 'Tabel dan grafik.'}</p></section>"
        for n in range(1, pages + 1)
    )
    style = "@page{size:A4;margin:2cm} section{break-after:page} section:last-child{break-after:auto} h1{bookmark-level:1}"
    html = f"<html lang=id><title>{title}</title><style>{style}</style>{body}</html>"
    return HTML(string=html).write_pdf()


def upload(content: bytes, name: str = "buku.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def brought(
    office, content: bytes, name: str = "buku.pdf", publication: Publication | None = None
) -> DigitalCopy:
    """Received, not checked yet."""
    return intake.receive(office, ContentFile(content), name=name, by=SYSTEM, publication=publication)


def ready(office, publication: Publication, pages: int = 3, content: bytes = b"") -> DigitalCopy:
    """In use: checked as the worker does it."""
    digital = brought(office, content or pdf(pages, publication.title), publication=publication)
    intake.check(digital.pk)
    digital = fresh(digital)
    assert digital.state == "ready", digital.fault
    return digital


def fresh(digital: DigitalCopy) -> DigitalCopy:
    return DigitalCopy.objects.select_related("publication", "office").get(pk=digital.pk)


def on_disk(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
