"""Pages of softcopies as pictures: from the cache, or drawn with the reader's mark in the pixels (library/pdf)."""

from __future__ import annotations

import hashlib
import json
import logging
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from library.digital import files, slow
from library.digital.rights import Reading
from library.models import DigitalCopy
from library.pdf import drawing, pool
from library.pdf.cache import Cache
from library.pdf.page_words import Box, find

log = logging.getLogger(__name__)
WIDTHS = drawing.WIDTHS
SECONDS = 10  # for one page; a reader waits no longer


class NotDrawn(Exception):
    """No picture now. `str()` is for the reader; `busy`: in a moment there will be one."""

    def __init__(self, words: str, *, busy: bool = False, lasting: bool = False) -> None:
        super().__init__(words)
        self.busy = busy
        self.lasting = lasting  # trying again does not help


def tag(found: Reading, page: int, width: int, words: tuple[str, ...] = ()) -> str:
    """The same for pictures that are the same: of one file, for one mark."""
    digital = found.digital
    parts = [digital.sha256, digital.prepared.name, page, width, found.mark, words]
    return hashlib.blake2b(json.dumps(parts).encode(), digest_size=16).hexdigest()


def version(found: Reading) -> str:
    """Stands in the addresses of pictures: another reader, day or file has other addresses in the browser's cache."""
    return tag(found, 0, 0)[:10]


def image(found: Reading, page: int, width: int, words: tuple[str, ...] = ()) -> bytes:
    """WebP, with the mark and these words coloured. Raises NotDrawn; the page must be one of the file's."""
    digital = found.digital

    def make() -> bytes:
        path = str(files.path_of(digital.prepared))
        about = f"softcopy {digital.pk} page {page}"
        arguments = (path, page, width, found.mark, " ".join(words))
        with slow.heeded(str(digital.prepared.name), page, width):
            return pool.run(drawing.page_image, *arguments, seconds=SECONDS, about=about)

    try:
        return _cache(Path(settings.VAR_DIR), settings.PAGE_CACHE_BYTES).fetch(
            tag(found, page, width, words), make
        )
    except pool.TooBusy as problem:
        raise NotDrawn(_("Sedang ramai. Halaman ini dicoba lagi sebentar lagi."), busy=True) from problem
    except drawing.PageBroken as problem:
        log.error("Softcopy %s page %d cannot be drawn: %s", digital.pk, page, problem)
        raise NotDrawn(_("Halaman ini rusak dan tidak dapat ditampilkan."), lasting=True) from problem
    except (pool.PoolError, MemoryError) as problem:
        log.error("Softcopy %s page %d was not drawn: %s", digital.pk, page, problem)
        raise NotDrawn(_("Halaman ini gagal digambar. Coba lagi.")) from problem
    except (files.Unavailable, OSError) as problem:
        log.error("Softcopy %s: its file cannot be read: %s", digital.pk, problem)
        raise NotDrawn(
            _("Berkas publikasi ini sedang tidak dapat dibuka. Beri tahu petugas bila ini berlanjut.")
        ) from problem


def boxes(digital: DigitalCopy, page: int, words: list[str]) -> list[Box]:
    """Where these words stand on the page, in fractions of it; nothing where that cannot be said now."""
    if not words:
        return []
    try:
        path = str(files.path_of(digital.prepared))
        about = f"softcopy {digital.pk} page {page}"
        with slow.heeded(str(digital.prepared.name), page, 0):
            return pool.run(find, path, page, words, seconds=SECONDS, about=about)
    except (pool.PoolError, drawing.PageBroken, files.Unavailable, OSError, MemoryError) as problem:
        log.warning("Softcopy %s page %d: hits are not marked: %s", digital.pk, page, problem)
        return []


@lru_cache(maxsize=2)
def _cache(folder: Path, most_bytes: int) -> Cache:
    return Cache(folder / "cache" / "pages", most_bytes)
