"""A file far larger than what a page may take of memory goes out piece by piece."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pikepdf
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.test import Client

from library.models import DigitalCopy, MarkedCopy
from library.models.digital import prepared_name
from library.workflows import handing
from services.audit.actors import SYSTEM
from tests.library.digital.handing_support import SITE, softcopy, visitor
from tests.mail_server import links_in, work_off

MB = 1_000_000
PAGES, PAGE_BYTES = 12, 10 * MB
MOST = 40 * MB  # that this process may grow by; the file is 120 MB


def large(path: Path) -> None:
    """Pages that no compression makes smaller."""
    with pikepdf.new() as pdf:
        for _n in range(PAGES):
            pdf.add_blank_page(page_size=(595, 842))
            picture = pdf.make_stream(os.urandom(PAGE_BYTES))
            pdf.pages[-1].obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Big=picture))
            pdf.pages[-1].obj.Contents = pdf.make_stream(b"q Q")
        pdf.save(path)


def memory(field: str) -> int:
    """Bytes. VmHWM is the peak since `forget_peak`."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition(f"{field}:")[2].split()[0]) * 1024


def forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def test_a_download_of_120_mb(office, mailbox, tmp_path):
    digital = softcopy(office)
    large(tmp_path / "large.pdf")
    with (tmp_path / "large.pdf").open("rb") as opened:
        stored = default_storage.save(prepared_name(None, ""), File(opened))
    DigitalCopy.objects.filter(pk=digital.pk).update(prepared=stored, pages=PAGES)
    handing.issue_link(
        visitor(office),
        DigitalCopy.objects.select_related("publication").get(),
        "download",
        by=SYSTEM,
        site=SITE,
    )
    assert work_off() >= 1
    path = links_in(mailbox.messages[-1])[0]
    Client().get(path)  # what the first page of a process loads
    forget_peak()
    before = memory("VmRSS")
    answer = Client().post(path, {"do": "take", "terms": "1"})
    digest, size = hashlib.sha256(), 0
    for piece in answer.streaming_content:
        digest.update(piece)
        size += len(piece)
    grown = memory("VmHWM") - before
    row = MarkedCopy.objects.get()
    assert size == row.size > PAGES * PAGE_BYTES
    assert digest.hexdigest() == row.sha256
    assert grown < MOST, f"{grown / MB:.0f} MB"
    print(f"grown {grown / MB:.1f} MB for {size / MB:.0f} MB")
