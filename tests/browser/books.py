"""A softcopy of some thirty pages with chapters and a few wide ones, as the reader's browser tests read it."""

from __future__ import annotations

import pytest
from weasyprint import HTML

from library.models import DigitalCopy, Publication
from library.search import index
from library.workflows import intake
from services.audit.actors import SYSTEM

PAGES = 30
TITLE = "Statistik Kesejahteraan Rakyat dan Profil Kemiskinan Kabupaten Pangkajene dan Kepulauan Menurut Kecamatan 2024"
STYLE = """
    @page { size: A4; margin: 2cm } @page wide { size: A4 landscape }
    body { font: 12pt 'DejaVu Sans' } section { break-after: page } .wide { page: wide }
    h1 { bookmark-level: 1; color: #005b99 } h2 { bookmark-level: 2 } table { width: 100%; border-collapse: collapse }
    td, th { border: 1px solid #888; padding: 4pt }
"""
ROWS = "".join(
    f"<tr><td>Kecamatan {n}</td><td>{n * 137}</td><td>{n * 3.1:.1f}</td></tr>" for n in range(1, 19)
)


def _page(n: int) -> str:
    heading = f"<h1>Bab {n // 10 + 1}</h1>" if n % 10 == 1 else f"<h2>Bagian {n}</h2>"
    seldom = "<p>Angka gizi buruk balita turun.</p>" if n in (7, 19) else ""
    table = f"<table><tr><th>Wilayah</th><th>Penduduk</th><th>Persen</th></tr>{ROWS}</table>"
    words = "<p>Jumlah penduduk miskin dan garis kemiskinan menurut kecamatan, hasil survei.</p>" * 2
    table = table if n != 12 else "<table><tr><td>Melintang</td></tr></table>"
    return f"<section{' class=wide' if n == 12 else ''}>{heading}{words}{seldom}{table}<p>Lembar {n}</p></section>"


@pytest.fixture(scope="session")
def book_file() -> bytes:
    body = "".join(_page(n) for n in range(1, PAGES + 1))
    return HTML(string=f"<html lang=id><title>{TITLE}</title><style>{STYLE}</style>{body}</html>").write_pdf()


@pytest.fixture
def stored(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "files"},
        }
    }


@pytest.fixture
def book(server, stored, offices, book_file) -> DigitalCopy:
    from django.core.files.base import ContentFile

    publication = Publication.objects.create(title=TITLE, year=2024, keeper=offices["7411"])
    index.write([publication])
    digital = intake.receive(
        offices["7411"], ContentFile(book_file), name="buku.pdf", by=SYSTEM, publication=publication
    )
    intake.check(digital.pk)
    digital.refresh_from_db()
    assert (digital.state, digital.pages) == ("ready", PAGES), digital.fault
    return digital
