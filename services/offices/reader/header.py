"""Page headers: found by their shape and by repetition inside the same document, then taken out of the text."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace

from . import breadcrumb
from .facts import Correction, Framework
from .headings import whole_heading
from .lines import Chunk
from .markers import leading
from .text import EMAIL, PHONE, URL, has_words, key, plain

_ADDRESS = re.compile(
    r"\b(?:jl|jln|jalan|komp|komplek|kompleks|kecamatan|kec|desa|kelurahan|kel|gedung|kotak pos)\b|(?<!\d)[1-9]\d{4}(?!\d)"
)
_LABEL = re.compile(
    r"(alamat|telp|telepon|telpon|tel|phone|hp|faks?|faksimili|website|web|situs|homepage|laman|e-?mail|surel)\b\s?[.:(]"
)
_PAGE = re.compile(r"(?:-\s?)?(?:halaman|hal\.?|page)\s\d{1,4}(?:\s?(?:dari|of|/)\s?\d{1,4})?(?:\s?-)?$")
_FIRST_RUN = 8


@dataclass
class Headers:
    """What the page headers of a document say, and the chunks that are left without them."""

    unit: str = ""
    lines: dict[str, list[str]] = field(default_factory=dict)
    breadcrumbs: list[str] = field(default_factory=list)
    body: list[Chunk] = field(default_factory=list)
    framework: list[Framework] = field(default_factory=list)
    corrections: list[Correction] = field(default_factory=list)


def take_out_headers(chunks: list[Chunk]) -> Headers:
    """Separate page headers from content. The first copy gives the facts, repeats are noted as left out."""
    return _Scan(chunks).run()


class _Scan:
    """One walk over the chunks; ``pending`` is the tail of a header that was cut off and may turn up later."""

    def __init__(self, chunks: list[Chunk]) -> None:
        self.chunks = list(chunks)
        self.out = Headers(unit=_canonical_unit(chunks))
        self.unit_key = key(self.out.unit)
        self.seen: set[str] = set()
        self.kinds: set[str] = set()
        self.pending = ""
        self.preamble = True
        self.dropped = False

    def run(self) -> Headers:
        index = 0
        while index < len(self.chunks):
            used = self._header_at(index)
            if used:
                index += used
                continue
            chunk = self.chunks[index]
            if whole_heading(chunk.raw) or leading(chunk.raw).value:
                self.preamble = False
            self.out.body.append(replace(chunk, gap=True) if self.dropped else chunk)
            self.dropped = False
            index += 1
        return self.out

    def _header_at(self, index: int) -> int:
        """How many chunks from here are page header (and book them)."""
        chunk = self.chunks[index]
        if self.pending and chunk.key.strip(" .") and self.pending.startswith(chunk.key):
            self.pending = self.pending[len(chunk.key) :].strip()
            return self._book([chunk], "breadcrumb", always_dropped=True)
        if breadcrumb.START.match(chunk.key) or self._known_fragment(chunk):
            return self._breadcrumb(index)
        if self._is_unit(index):
            self.pending = breadcrumb.remainder(chunk.raw, self.unit_key) or self.pending
            return self._book([chunk], "unit") + self._contact_run(index + 1)
        if _PAGE.match(chunk.key):
            return self._book([chunk], "page", always_dropped=True)
        if self.preamble and self._contact_kind(chunk):
            return self._contact_run(index)
        if chunk.key in self.seen and self._beside_header(index):
            return self._book([chunk], "repeat")
        return 0

    def _known_fragment(self, chunk: Chunk) -> bool:
        """A later half of a breadcrumb standing alone."""
        return " / " in chunk.key and chunk.key in self.seen

    def _is_unit(self, index: int) -> bool:
        chunk = self.chunks[index]
        if whole_heading(chunk.raw) or leading(chunk.raw).value or leading(chunk.raw).bullet:
            return False
        bare = breadcrumb.BARE_UNIT.match(chunk.key)
        if bare and (self.preamble or chunk.key in self.seen):
            return not self._continues_sentence(index)
        return bool(breadcrumb.UNIT.match(chunk.key)) and not self._continues_sentence(index)

    def _continues_sentence(self, index: int) -> bool:
        """The unit's name as the wrapped end of a sentence: text directly before it, no header after it."""
        chunk = self.chunks[index]
        if chunk.gap or index == 0 or self.dropped or not self.out.body or self.preamble:
            return False
        before = self.out.body[-1]
        if before.line != chunk.line - 1 or whole_heading(before.raw) or before.key[-1:] in ".;:":
            return False
        after = self.chunks[index + 1] if index + 1 < len(self.chunks) else None
        return after is None or not (self._contact_kind(after) or breadcrumb.START.match(after.key))

    def _contact_run(self, index: int) -> int:
        """Address, phone and site lines that follow a unit line (or stand in the preamble)."""
        used = 0
        while index + used < len(self.chunks) and used < _FIRST_RUN:
            chunk = self.chunks[index + used]
            kind = self._contact_kind(chunk)
            new = kind not in self.kinds or (kind == "address" and self.preamble)
            if not kind or not (new or chunk.key in self.seen):
                break
            used += self._book([chunk], kind)
        self.kinds |= set(self.out.lines)
        return used

    def _contact_kind(self, chunk: Chunk) -> str:
        """address, phone, website or email, when the whole chunk is that and nothing more."""
        text, mark = plain(chunk.raw), leading(chunk.raw)
        if (
            whole_heading(chunk.raw)
            or (mark.value and not PHONE.match(text))
            or mark.bullet
            or len(text) > 300
        ):
            return ""
        bare = text.strip("<> .")
        if EMAIL.fullmatch(bare):
            return "email"
        if URL.fullmatch(bare):
            return "website"
        if PHONE.fullmatch(bare):
            return "phone"
        label = _LABEL.match(chunk.key)
        if label and self.preamble:
            return _LABELS.get(label[1], "phone")
        if _ADDRESS.search(chunk.key) and not re.search(
            r"pengguna|layanan|petugas|pengaduan|keputusan|^no(?:mor)?\b|\bsk\b", chunk.key
        ):
            return "address"
        return ""

    def _beside_header(self, index: int) -> bool:
        """A repeated line counts as header when it is an address, or touches other header lines."""
        chunk = self.chunks[index]
        if self._contact_kind(chunk) == "address" or self.dropped:
            return True
        after = self.chunks[index + 1] if index + 1 < len(self.chunks) else None
        return after is not None and (after.key in self.seen or bool(breadcrumb.START.match(after.key)))

    def _breadcrumb(self, index: int) -> int:
        taken = [self.chunks[index]]
        text = taken[0].raw
        while index + len(taken) < len(self.chunks) and len(taken) < 8:
            following = self.chunks[index + len(taken)]
            if not self._goes_on(text, following):
                break
            taken.append(following)
            text = f"{text} {following.raw}"
        taken[-1], text = self._split_tail(index + len(taken), taken[-1], text)
        self.pending = breadcrumb.remainder(text, self.unit_key)
        self.out.breadcrumbs.append(text)
        return self._book(taken, "breadcrumb")

    def _split_tail(self, index: int, last: Chunk, text: str) -> tuple[Chunk, str]:
        """Content printed on the same line behind the office's name goes back into the text."""
        name = r"\s+".join(map(re.escape, self.out.unit.split()))
        found = list(re.finditer(rf"{name}(?!\w)[*_]*", last.raw)) if name else []
        if not found or not has_words(last.raw[found[-1].end() :]):
            return last, text
        end = found[-1].end()
        rest, head = last.raw[end:], last.raw[:end]
        self.chunks.insert(index, Chunk(last.line, rest, True, False, key(rest)))
        return replace(last, raw=head, key=key(head)), text[: len(text) - len(rest)]

    def _goes_on(self, text: str, following: Chunk) -> bool:
        raw = following.raw
        if whole_heading(raw) or raw.lstrip().startswith("#") or leading(raw).value or leading(raw).bullet:
            return False
        missing = breadcrumb.remainder(text, self.unit_key)
        if missing and missing.startswith(following.key):
            return True
        short = len(following.key.split()) <= 12 and not re.search(r"pengguna|:|@", following.key)
        return breadcrumb.unfinished(text) and short

    def _book(self, chunks: list[Chunk], kind: str, *, always_dropped: bool = False) -> int:
        """Account for header chunks: facts the first time, a correction each further time."""
        for chunk in chunks:
            if chunk.key in self.seen or always_dropped:
                reason = (
                    "Nomor halaman." if kind == "page" else "Kepala halaman yang terulang di tengah naskah."
                )
                self.out.corrections.append(Correction(chunk.line, chunk.raw.strip(), "", reason))
            else:
                self.out.framework.append(Framework(chunk.line, chunk.raw.strip(), "header"))
                self.out.lines.setdefault(kind, []).append(plain(chunk.raw))
                self.seen.add(chunk.key)
        self.dropped = True
        return len(chunks)


_LABELS = {
    "alamat": "address",
    "website": "website",
    "web": "website",
    "situs": "website",
    "homepage": "website",
}
_LABELS |= {"laman": "website", "e-mail": "email", "email": "email", "surel": "email"}


def _canonical_unit(chunks: list[Chunk]) -> str:
    """The unit's full name: the fullest of the header lines that agree with the most frequent one."""
    names = [
        plain(c.raw).strip(" .") for c in chunks if breadcrumb.UNIT.match(c.key) and not leading(c.raw).value
    ]
    if not names:
        return ""
    common = Counter(map(key, names)).most_common(1)[0][0]
    return max((name for name in names if key(name).startswith(common)), key=len)
