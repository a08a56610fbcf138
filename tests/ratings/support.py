"""Visits, loans and downloads about which somebody can be asked."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlsplit

from django.utils import timezone

from library.models import Copy, DigitalCopy, Loan, MarkedCopy, Publication
from services.guestbook import workflows as visits
from services.guestbook.models import ConsentWording, Visit, Visitor, VisitService
from tests.guestbook.support import DEVICE, arrive
from tests.mail_server import text_of, work_off

MAIL = "siti@rumah.test"
HOUR = timedelta(hours=1)


def visited(office, *, email: str = MAIL, name: str = "Siti Rahmawati", ago=3 * HOUR, **more) -> Visit:
    """Served, signed with a wording that names the mail, and gone so long ago."""
    wording = ConsentWording.objects.get(purpose="guest_book", version=more.pop("version", 3))
    visit = arrive(office, at=timezone.now() - ago - HOUR)
    visits.sign(
        visit=visit, person={"name": name, "email": email, "birth_year": 1990} | more.pop("person", {}), answers={},
        consent=more.pop("consent", True), wording=wording, channel="desk", by=DEVICE, **more,
    )  # fmt: skip
    gone = timezone.now() - ago
    VisitService.objects.filter(visit=visit).update(state="done", started_at=gone, ended_at=gone)
    Visit.objects.filter(pk=visit.pk).update(ended_at=gone, end_reason="finished")
    return Visit.objects.select_related("visitor", "office").get(pk=visit.pk)


def person(office, email: str = MAIL) -> Visitor:
    """Somebody who agreed, at a visit long ago."""
    return visited(office, email=email, ago=timedelta(days=9)).visitor


def returned(office, visitor, ago=3 * HOUR) -> Loan:
    book = Publication.objects.create(title="Buku", keeper=office)
    copy = Copy.objects.create(
        office=office, publication=book, barcode=f"99{Copy.objects.count()}", state="shelf"
    )
    now = timezone.now()
    return Loan.objects.create(
        office=office, copy=copy, visitor=visitor, kind="loan", state="returned", out_at=now - timedelta(days=9),
        due_on=office.today(), back_at=now - ago,
    )  # fmt: skip


def taken(office, visitor) -> MarkedCopy:
    book = Publication.objects.create(title="Softcopy", keeper=office)
    now = timezone.now()
    file = DigitalCopy.objects.create(
        office=office, publication=book, file_name="a.pdf", sha256="0" * 64, size=1, added_at=now
    )
    return MarkedCopy.objects.create(
        serial=f"S{MarkedCopy.objects.count()}", kind="download", handed="account", office=office, digital=file,
        publication=book, visitor=visitor, name=visitor.name, sha256="1" * 64, size=1, made_at=now - 3 * HOUR,
        submission=f"s{MarkedCopy.objects.count()}",
    )  # fmt: skip


def paths(mailbox) -> list[str]:
    """What the last mail leads to."""
    work_off()
    links = re.findall(r"https?://\S+", text_of(mailbox.messages[-1]))
    return [f"{urlsplit(link).path}?{urlsplit(link).query}".rstrip("?") for link in links]
