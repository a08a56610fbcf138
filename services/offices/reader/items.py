"""From the chunks of a section to its items: lists, nested lists inside a line, wrapped lines, subheadings."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise, zip_longest

from .channels import label_channel, lead_channel
from .decode import refuse_size
from .facts import MAX_ITEMS, Correction, Framework
from .lines import Chunk
from .marked import MarkedLine, ends_with_colon
from .markers import Mark
from .outline import AHEAD, Outline, Place, Token, plan
from .text import EMAIL, PHONE, URL, key

_LABELLED = re.compile(r"\s*[^\s:][^:\n]{0,60}?\s{0,3}:(?!//)")
_SENTENCE_END = re.compile(r"[.;:!?…][\s*_\"'”’)\]]{0,12}$")
# A line counts as wrapped when it is at least this full with the next word; proportional print needs some slack.
_FULL = 0.7
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
    # Channels that a list entry names: the depth of that list, and the channel that held before it.
    named: list[tuple[int, str | None]] = field(default_factory=list)
    # Nothing to go on with: a heading or a channel's name stands between.
    apart: bool = True
    longest: int = 0

    def read(self, chunks: list[Chunk], channels: list[str | None]) -> None:
        """Read the chunks of the section, each with the channel that its heading names."""
        lines = [MarkedLine.of(chunk, after) for chunk, after in zip_longest(chunks, chunks[1:])]
        self.longest = max((len(chunk.raw.rstrip()) for chunk in chunks if chunk.first), default=0)
        heading_channel: str | None = None
        for index, line in enumerate(lines):
            if channels[index] != heading_channel:
                heading_channel = self.channel = channels[index]
                self._clear()
            same = index + 1
            while same < len(lines) and same <= index + AHEAD and channels[same] == heading_channel:
                same += 1
            self._add(line, lines[index - 1].chunk if index else None, lines[index + 1 : same])
            refuse_size(len(self.drafts), MAX_ITEMS)

    def _add(self, line: MarkedLine, above: Chunk | None, following: list[MarkedLine]) -> None:
        """Read one line: it goes on with the last item, or brings one or more new ones."""
        refuse_size(len(line.inner), MAX_ITEMS)
        continued = False
        if above and not line.mark and not self.apart:
            last = self.drafts[-1]
            continued = self._goes_on(line.chunk, above, last.body[-1], marked=last.marked)
        if not line.mark and not continued:
            self._open_text(line)
        announced = not self.apart and ends_with_colon(self.drafts[-1].body[-1])
        tokens = line.tokens(announced=announced, continued=continued)
        places = plan(self.outline.levels, tokens, self._ahead(line, following) if tokens else [])
        raw, begin, current = line.chunk.raw, 0, Mark()
        for token, place in zip(tokens, places, strict=True):
            if place is None:
                continue
            if place.merged:
                self._merge(line.chunk, current, token, place)
            else:
                if token.indent is None:
                    start = token.mark.start
                    self._close(line.chunk, raw[begin:start], raw[current.end : start], continued=continued)
                    begin, continued = start, False
                self._open(line.chunk, token, place)
            current = token.mark
        self._close(line.chunk, raw[begin:], raw[current.end :], continued=continued)

    def _ahead(self, line: MarkedLine, following: list[MarkedLine]) -> list[Token]:
        """The markers of the lines behind this one, up to the next paragraph without a marker."""
        found: list[Token] = []
        for before, after in pairwise([line, *following]):
            goes_on = after.mark or self._goes_on(after.chunk, before.chunk, before.last_words, marked=True)
            if len(found) >= AHEAD or not goes_on:
                break
            announced = ends_with_colon(before.last_words)
            found += after.tokens(announced=announced, continued=True)
        return found[:AHEAD]

    def _goes_on(self, chunk: Chunk, above: Chunk, words: str, *, marked: bool) -> bool:
        """Whether an unmarked line goes on with the sentence that ends with ``words`` on the line above it.

        ``marked``: that sentence is a list entry.
        """
        raw, gap = chunk.raw, chunk.gap
        text = raw.strip(" *_\t\r")
        ended = _SENTENCE_END.search(words[-20:]) is not None
        lower = text[:1].islower()
        # "… pada aplikasi / perpustakaan online": the end of a wrapped sentence, although it names a channel.
        wrapped = lower and not gap and not ended and not text.endswith(":")
        if self.section in _SUBHEADED and not wrapped and label_channel(raw):
            return False
        if self.section == "complaints" and (
            _LABELLED.match(raw) or any(pattern.search(raw) for pattern in (EMAIL, URL, PHONE))
        ):
            return False
        if lower and not URL.match(text) and not _LABELLED.match(text):
            return not ended or not gap
        if gap or ended:
            return False
        return text[:1] in "(&,/0123456789" or (marked and not self._had_room(above, text))

    def _had_room(self, above: Chunk, text: str) -> bool:
        """Whether the next word would have fitted on the line above, so that its end is the end of a sentence."""
        word = text.split(maxsplit=1)[0] if text else ""
        return above.first and len(above.raw.rstrip()) + 1 + len(word) < _FULL * self.longest

    def _clear(self) -> None:
        self.outline.clear()
        self.named.clear()
        self.apart = True

    def _open_text(self, line: MarkedLine) -> None:
        """A paragraph without a marker; one that only names a channel starts afresh."""
        if self.section in _SUBHEADED and label_channel(line.first_words):
            self._clear()
        self.outline.enter_text(line.chunk.indent, len(self.drafts))
        self._draft(line.chunk, "", marked=False)

    def _open(self, chunk: Chunk, token: Token, place: Place) -> None:
        """Open a new item at the place of its marker."""
        while self.named and self.named[-1][0] > place.depth:
            self.channel = self.named.pop()[1]
        self.outline.enter(place, token, len(self.drafts))
        self._draft(chunk, token.mark.value, marked=True)

    def _draft(self, chunk: Chunk, value: str, *, marked: bool) -> None:
        parents = self.outline.parents()
        parent = self.drafts[parents[-1]] if parents else None
        label = f"{parent.label}.{value}" if parent and parent.label and value else value
        depth = len(parents)
        self.apart = False
        self.drafts.append(
            Draft(self.section, chunk.line, label, depth, parent, self.channel, [""], [""], marked)
        )

    def _merge(self, chunk: Chunk, outer: Mark, token: Token, place: Place) -> None:
        """ "1. 1. Text": a marker without text of its own joins the marker after it (TR, Produk)."""
        draft, inner = self.drafts[-1], token.mark
        level = self.outline.levels[-1]
        same = not draft.label or (level.style, level.value) == (place.style, place.value)
        self.outline.enter(place, token, len(self.drafts) - 1)
        draft.label = inner.value if same else f"{draft.label}.{inner.value}"
        draft.marked = True
        if outer.value:
            before, after = chunk.raw[outer.start : inner.end], chunk.raw[inner.start : inner.end]
            note = Correction(
                chunk.line, before.strip(" *_"), after.strip(" *_"), "Nomor butir tercetak ganda."
            )
            self.corrections.append(note)

    def _close(self, chunk: Chunk, piece: str, body: str, *, continued: bool) -> None:
        """Give the current item its text; a bare channel label turns out to be a subheading."""
        draft = self.drafts[-1]
        if continued:
            draft.pieces.append(piece)
            draft.body.append(body)
            return
        channel = label_channel(body) if self.section in _SUBHEADED else None
        if channel:
            self.drafts.pop()
            self._name_channel(channel)
            self.framework.append(Framework(chunk.line, piece.strip(), "subheading"))
            return
        draft.pieces, draft.body = [piece], [body]
        lead, _ = lead_channel(body)
        if lead and self.section in _SUBHEADED:
            draft.explicit = lead

    def _name_channel(self, channel: str) -> None:
        depth = len(self.outline.levels) - 1
        before = self.channel
        while self.named and self.named[-1][0] >= depth:
            before = self.named.pop()[1]
        self.named.append((depth, before))
        self.channel, self.apart = channel, True
        self.outline.name_channel()
