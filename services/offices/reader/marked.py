"""A line with its markers: the one it starts with, and those inside it that may open further entries."""

from __future__ import annotations

from dataclasses import dataclass

from .channels import label_channel
from .lines import Chunk
from .markers import Mark, inner_marks, leading
from .outline import Token
from .text import has_words


def ends_with_colon(text: str) -> bool:
    """Whether a text announces what comes after it."""
    return text[-9:].rstrip(" *_\t\r").endswith(":")


@dataclass
class MarkedLine:
    """A chunk and its markers; ``mark`` is None for a line that starts with words."""

    chunk: Chunk
    mark: Mark | None
    inner: list[Mark]

    @classmethod
    def of(cls, chunk: Chunk, following: Chunk | None = None) -> MarkedLine:
        """Look for the markers of a chunk. One at its end counts when its text stands on the line behind it."""
        mark = leading(chunk.raw)
        known = bool(mark.value or mark.bullet)
        inner = inner_marks(chunk.raw, mark.end)
        if inner and not has_words(chunk.raw[inner[-1].end :]) and not (following and _wrapped(following)):
            inner.pop()
        return cls(chunk, mark if known else None, inner)

    @property
    def first_words(self) -> str:
        """The text in front of the first marker inside the line."""
        return self.chunk.raw[: self.inner[0].start] if self.inner else self.chunk.raw

    @property
    def last_words(self) -> str:
        """The text behind the last marker."""
        return self.chunk.raw[self.inner[-1].end if self.inner else self.mark.end if self.mark else 0 :]

    def tokens(self, *, announced: bool, continued: bool) -> list[Token]:
        """The markers with what stands around them; ``announced``: the line before ends with a colon."""
        raw = self.chunk.raw
        marks = [self.mark, *self.inner] if self.mark else self.inner
        ends = [*(mark.start for mark in marks[1:]), len(raw)]
        found: list[Token] = []
        before = 0
        for mark, end in zip(marks, ends, strict=False):
            label = label_channel(raw[mark.end : end]) is not None
            if mark is self.mark:
                found.append(Token(mark, self.chunk.indent, announced, False, label))
            else:
                colon = ends_with_colon(raw[max(0, mark.start - 9) : mark.start])
                bare = not has_words(raw[before : mark.start]) and not (continued and not found)
                found.append(Token(mark, None, colon, bare, label))
            before = mark.end
        return found


def _wrapped(chunk: Chunk) -> bool:
    """Whether a line looks like the rest of the line before it."""
    mark = leading(chunk.raw)
    label = label_channel(chunk.raw) and not chunk.raw.lstrip(" *_\t")[:1].islower()
    return not (chunk.gap or mark.value or mark.bullet or label)
