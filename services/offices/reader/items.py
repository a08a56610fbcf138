"""From the chunks of a section to its items: lists, nested lists inside a line, wrapped lines, subheadings."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .channels import label_channel, lead_channel
from .decode import refuse_size
from .facts import MAX_ITEMS, Correction, Framework
from .lines import Chunk
from .markers import Mark, Outline, Successors, inner_marks, leading
from .text import EMAIL, PHONE, URL, has_words, key

_LABELLED = re.compile(r"\s*[^\s:][^:\n]{0,60}?\s{0,3}:(?!//)")
_SENTENCE_END = (".", ";", ":")
_SUBHEADED = {"requirements", "procedure", "time", "product"}


@dataclass
class Draft:
    """An item in the making. ``pieces`` are verbatim (the marker is part of the first), ``body`` has no marker."""

    section: str
    line: int
    label: str
    depth: int
    parent: Draft | None
    explicit: str | None
    pieces: list[str]
    body: list[str]
    marked: bool
    channel: str = ""
    text: str = ""

    @property
    def source(self) -> str:
        """The verbatim text, wrapped lines included."""
        return "\n".join(piece.strip() for piece in self.pieces)

    @property
    def own_key(self) -> str:
        """Comparison form of the text without its marker."""
        return key(" ".join(self.body))


@dataclass
class SectionBuilder:
    """Collects the items of one section in document order."""

    section: str
    drafts: list[Draft] = field(default_factory=list)
    framework: list[Framework] = field(default_factory=list)
    corrections: list[Correction] = field(default_factory=list)
    outline: Outline = field(default_factory=Outline)
    channel: str | None = None
    heading_channel: str | None = None
    subhead: tuple[tuple[str, int], ...] = ()

    def add(self, chunk: Chunk, heading_channel: str | None) -> None:
        """Read one chunk: a continuation of the last item, or one or more new items."""
        if heading_channel != self.heading_channel:
            self.heading_channel = self.channel = heading_channel
            self.outline.clear()
        mark = leading(chunk.raw)
        if not (mark.value or mark.bullet) and self._continues(chunk):
            self.drafts[-1].pieces.append(chunk.raw)
            self.drafts[-1].body.append(chunk.raw)
            return
        self._read_line(chunk, mark)

    def _continues(self, chunk: Chunk) -> bool:
        """Whether an unmarked line goes on with the sentence of the item before it."""
        if not self.drafts or (label_channel(chunk.raw) and self.section in _SUBHEADED):
            return False
        last, text = self.drafts[-1], chunk.raw.strip(" *_\t")
        ended = self.drafts[-1].body[-1].rstrip(" *_").endswith(_SENTENCE_END)
        lower = text[:1].islower() and not URL.match(text) and not _LABELLED.match(text)
        if self.section == "complaints" and (
            _LABELLED.match(chunk.raw) or any(p.search(chunk.raw) for p in (EMAIL, URL, PHONE))
        ):
            return False
        if lower:
            return not ended or not chunk.gap
        return not chunk.gap and not ended and (last.marked or text[:1] in "(&,/0123456789")

    def _read_line(self, chunk: Chunk, mark: Mark) -> None:
        raw, begin = chunk.raw, 0
        marks = inner_marks(raw, mark.end)
        refuse_size(len(marks), MAX_ITEMS)
        successors = Successors(marks)
        self._start(chunk, mark, chunk.indent)
        for inner in marks:
            depth = self._accept(raw, mark, inner, successors)
            if depth is None:
                continue
            if inner.value and not has_words(raw[mark.end : inner.start]):
                self._merge(chunk, mark, inner)
                mark = inner
                continue
            self._finish(chunk, mark, raw[begin : inner.start], raw[mark.end : inner.start])
            self._start(chunk, inner, None)
            mark, begin = inner, inner.start
        self._finish(chunk, mark, raw[begin:], raw[mark.end :])

    def _accept(self, raw: str, current: Mark, inner: Mark, successors: Successors) -> int | None:
        """The depth of a marker inside a line, or None when it is part of the sentence."""
        depth = 0 if inner.bullet else self.outline.continues(inner)
        if depth is not None:
            return depth
        if any((style, number + 1) in inner.readings for style, number in self.subhead):
            return 0
        first = next((reading for reading in inner.readings if reading[1] == 1), None)
        if first is None:
            return None
        introduced = (
            raw[: inner.start].rstrip(" *_")[-1:] == ":"
            if inner.start < 500
            else raw[inner.start - 9 : inner.start].rstrip(" *_").endswith(":")
        )
        immediate = (
            bool(current.value)
            and inner.start - current.end < 4
            and not raw[current.end : inner.start].strip()
        )
        return (
            len(self.outline.levels)
            if introduced or immediate or successors.follows(first[0], inner.start)
            else None
        )

    def _start(self, chunk: Chunk, mark: Mark, indent: int | None) -> None:
        """Open a new item at the place its marker gives it."""
        introduced = bool(self.drafts) and self.drafts[-1].body[-1].rstrip(" *_\t\r").endswith(":")
        number = len(self.drafts)
        if mark.value or mark.bullet:
            inside = self.outline.levels[-1].indent if self.outline.levels else 0
            depth = self.outline.place(
                mark, inside if indent is None else indent, number, introduced=introduced
            )
        else:
            depth = 0
            self.outline.enter(0, "text", 0, chunk.indent, number)
        parent = self.drafts[self.outline.levels[depth - 1].item] if depth else None
        label = (
            mark.value
            if parent is None or not parent.label or not mark.value
            else f"{parent.label}.{mark.value}"
        )
        marked = bool(mark.value or mark.bullet)
        self.drafts.append(
            Draft(self.section, chunk.line, label, depth, parent, self.channel, [""], [""], marked)
        )

    def _merge(self, chunk: Chunk, outer: Mark, inner: Mark) -> None:
        """ "1. 1. Text": a marker without text of its own joins the marker after it (TR, Produk)."""
        draft = self.drafts[-1]
        level = self.outline.levels[-1]
        reading = next((r for r in inner.readings if r[1] == 1), inner.readings[0])
        joined = inner.value if reading[0] == level.style else f"{draft.label}.{inner.value}"
        self.outline.enter(len(self.outline.levels) - 1, *reading, level.indent, level.item)
        draft.label = joined
        before, after = (
            chunk.raw[outer.start : inner.end].strip(" *_"),
            chunk.raw[inner.start : inner.end].strip(" *_"),
        )
        self.corrections.append(Correction(chunk.line, before, after, "Nomor butir tercetak ganda."))

    def _finish(self, chunk: Chunk, mark: Mark, piece: str, body: str) -> None:
        """Close the current item; a bare channel label turns out to be a subheading."""
        draft = self.drafts[-1]
        channel = label_channel(body) if self.section in _SUBHEADED else None
        if channel:
            self.drafts.pop()
            self.channel, self.subhead = channel, mark.readings
            self.outline.clear()
            self.framework.append(Framework(chunk.line, piece.strip(), "subheading"))
            return
        draft.pieces, draft.body = [piece], [body]
        lead, _ = lead_channel(body)
        if lead and self.section in _SUBHEADED:
            draft.explicit = lead
