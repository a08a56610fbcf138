"""Opening a PDF that nobody has looked at yet: in a child process only, because qpdf's limits are the process's."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

import pikepdf
from pikepdf import AccessMode, Dictionary, Pdf

from library.pdf import limits
from library.pdf.faults import Refused

# qpdf's words for an encryption it has no way through: publisher's systems, certificates, methods nobody knows.
PROTECTED = ("unsupported encryption", "unsupported", "Encrypt", "encryption")


@contextlib.contextmanager
def opened(path: str, note: Callable[[str], None]) -> Iterator[Pdf]:
    """Raises Refused."""
    _limit()
    try:
        pdf = Pdf.open(path, access_mode=AccessMode.stream, suppress_warnings=True)
    except pikepdf.PasswordError as error:
        raise Refused("password") from error
    except pikepdf.PdfError as error:
        raise Refused(_code(str(error))) from error
    with pdf:
        try:
            if pdf.is_encrypted:
                note("owner_password")
            if not isinstance(pdf.trailer.get("/Root"), Dictionary):
                raise Refused("damaged")
            count = len(pdf.pages)
        except pikepdf.PdfError as error:
            raise Refused(_code(str(error))) from error
        if pdf.get_warnings() and count:
            note("repaired")
        yield pdf


def _limit() -> None:
    pikepdf.settings.set_qpdf_limits(
        doc_max_warnings=limits.WARNINGS,
        parser_max_nesting=limits.NESTING,
        parser_max_container_size=limits.CONTAINER_ITEMS,
        max_stream_filters=limits.FILTERS,
        flate_max_memory=limits.STREAM_BYTES,
        png_max_memory=limits.STREAM_BYTES,
        tiff_max_memory=limits.STREAM_BYTES,
        run_length_max_memory=limits.STREAM_BYTES,
        dct_max_memory=limits.STREAM_BYTES,
    )


def _code(said: str) -> str:
    if "memory limit" in said:
        return "bomb"
    if any(word in said for word in PROTECTED):
        return "protected"
    return "no_pages" if "pages" in said else "damaged"
