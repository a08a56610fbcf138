"""Pages as people write them: "1-3, 7, 12–15"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LONGEST = 2_000  # of what is typed
WORDS = re.compile(r"\b(?:halaman|hal|hlm|pages?|pp?)\b\.?", re.IGNORECASE)
TO = re.compile(r"\s*(?:[-‐‑‒–—―−~]+|\bs\s*[./]?\s*d\b\.?|\bsampai\b|\bhingga\b|\bto\b)\s*", re.IGNORECASE)
BETWEEN = re.compile(r"[,;\n\r\t &+]+|\bdan\b|\band\b", re.IGNORECASE)
PART = re.compile(r"([0-9]{1,6})(?:-([0-9]{1,6}))?", re.ASCII)


def parse(typed: str, last: int) -> list[int]:
    """The pages from 1 to `last` that are meant, each once, in their order. Raises ValidationError naming the part that
    is none."""
    if len(typed) > LONGEST:
        raise ValidationError(_("Terlalu panjang. Tulis rentang, misalnya 1-3, 7, 12-15."))
    chosen: set[int] = set()
    for part in BETWEEN.split(TO.sub("-", WORDS.sub(" ", typed))):
        if part:
            chosen |= _pages(part, last)
    return sorted(chosen)


def _pages(part: str, last: int) -> set[int]:
    found = PART.fullmatch(part)
    if found is None:
        raise ValidationError(
            _("“%(part)s” bukan nomor halaman. Contoh: 1-3, 7, 12-15."), params={"part": part[:40]}
        )
    ends = sorted((int(found[1]), int(found[2] or found[1])))
    if ends[0] < 1 or ends[1] > last:
        raise ValidationError(
            _("Halaman “%(part)s” tidak ada: publikasi ini punya halaman 1 sampai %(last)d."),
            params={"part": part, "last": last},
        )
    return set(range(ends[0], ends[1] + 1))


def words(pages: Iterable[int]) -> str:
    """[1, 2, 3, 7] as "1–3, 7"."""
    runs: list[list[int]] = []
    for page in sorted(set(pages)):
        if runs and page == runs[-1][-1] + 1:
            runs[-1][1:] = [page]
        else:
            runs.append([page])
    return ", ".join("–".join(str(page) for page in run) for run in runs)
