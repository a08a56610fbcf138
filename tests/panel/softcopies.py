"""Softcopies as rows only, for whom drawing and checking PDFs would take too long (they have their own tests)."""

from __future__ import annotations

from library import demo
from library.models import DigitalCopy, Publication
from services.offices.models import Office

SINCE = "2025-01-01T00:00Z"


def ready(office: Office, count: int = 1) -> None:
    """A catalogue with this many that may be handed out, of forty pages each."""
    demo.furnish(office)
    for publication in Publication.objects.filter(keeper=office).order_by("-year", "pk")[:count]:
        made = DigitalCopy.objects.create(
            office=office, publication=publication, state="ready", file_name="a.pdf", prepared="softcopy/prepared/aa/a.pdf",
            sha256=f"{publication.pk:064d}", size=9, pages=40, added_at=SINCE,
        )  # fmt: skip
        made.steps.create(state="ready", at=SINCE, actor="system")
