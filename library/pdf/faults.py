"""Why a PDF is not taken."""

from __future__ import annotations

from typing import Any

CODES = {
    "empty": "the file has no bytes",
    "not_pdf": "no %PDF- in the first kilobyte",
    "too_large": "megabytes, most",
    "too_many_pages": "pages, most",
    "no_pages": "nothing that could be a page was found",
    "password": "a password is needed to open it",
    "protected": "encrypted in a way that only the publisher's own software opens",
    "dynamic_form": "an XFA form whose pages are made by the reader's software",
    "damaged": "beyond repair",
    "bomb": "takes more memory or disk than any publication does",
    "too_slow": "took longer than any publication does",
    "page_size": "page, width, height: points, as seen",
    # What the intake finds beside the file itself.
    "duplicate": "name: of what has the same content",
    "duplicate_elsewhere": "the same content, of what this office is not told yet",
    "virus": "name: as the scanner calls it",
    "not_scanned": "the virus scanner will not say that it is clean",
    "gone": "the stored file is not there any more",
}


class Refused(Exception):
    """The file is not taken; `code` is one of CODES, `values` are the figures its sentence names."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code, values)
        self.code = code
        self.values = values
