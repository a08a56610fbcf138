"""The number in a document's own description; of a file that anybody may have made, so in a child process only."""

from __future__ import annotations

import pikepdf

from library.pdf.opening import opened

LONGEST = 64


def serial(path: str) -> str:
    """As it stands there, or "". Raises Refused where the file cannot be opened."""
    with opened(path, lambda _code: None) as pdf:
        try:
            said = pdf.docinfo.get("/Serial")
            return str(said)[:LONGEST] if isinstance(said, pikepdf.String) else ""
        except (pikepdf.PdfError, ValueError, TypeError, AttributeError):
            return ""
