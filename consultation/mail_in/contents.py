"""What of a mail is shown where it is put, and the files that go with it."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from consultation.models import IncomingMail
from services.mail.reading.incoming import Incoming
from services.mail.reading.parse import MOST_BYTES

LONGEST_BODY = 20_000
WHOLE_TEXT = "isi-lengkap.txt"


def body(mail: IncomingMail, found: Incoming, longest: int = LONGEST_BODY) -> str:
    """What does not fit goes with it as a file."""
    if mail.size > MOST_BYTES:
        return _("(Surat ini berukuran %d MB dan tidak diambil; surat itu masih ada di kotak surat.)") % (
            mail.size // 1_000_000
        )
    if "bytes" not in found.problems and found.problems and not found.text.strip():
        return _("(Surat ini tidak dapat diurai; isinya terlampir utuh.)")
    text = found.text.strip() or _("(Surat tanpa tulisan.)")
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def files(found: Incoming, longest: int = LONGEST_BODY) -> list[tuple[str, Any]]:
    """(name, file)."""
    came: list[tuple[str, Any]] = [(f.name, ContentFile(f.content, name=f.name)) for f in found.files]
    if len(found.text.strip()) > longest:
        came.insert(0, (WHOLE_TEXT, ContentFile(found.text.encode(), name=WHOLE_TEXT)))
    return came
