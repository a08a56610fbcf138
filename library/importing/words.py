"""What an import has to tell: kept as the sentence of the code and the values in it, said in the reader's language.

A sentence is gettext's own key, so that `_` stands before it as everywhere. What an earlier version kept as one finished
text stays as it is where the catalogues do not know it.
"""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext

# NUL and other control characters, halves of characters (bytes that were not what the file says it is), and the mark
# that some software puts for a character it lost.
BROKEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffd\ufffe\uffff]")
LONGEST = 500
Values = list[Any] | dict[str, Any] | None


class Told(str):
    """A sentence in Indonesian that remembers what it was made of."""

    __slots__ = ("sentence", "values")
    sentence: str
    values: Values

    def __mod__(self, values: Any) -> Told:
        made = Told(str.__mod__(self, values))
        made.sentence = self.sentence
        if isinstance(values, dict):
            made.values = {name: _storable(value) for name, value in values.items()}
        else:
            made.values = [_storable(value) for value in (values if isinstance(values, tuple) else (values,))]
        return made


def told(sentence: str) -> Told:
    """Imported as `_`."""
    made = Told(sentence)
    made.sentence, made.values = sentence, None
    return made


def kept(why: str) -> list[Any]:
    """For a JSON column: [sentence] or [sentence, values]."""
    if not isinstance(why, Told):
        return [_storable(why)]
    return [why.sentence] if why.values is None else [why.sentence, why.values]


def said(sentence: str, values: Values = None) -> str:
    """In the language that is spoken now."""
    if not sentence:
        return ""
    text = gettext(sentence)
    if values is None:
        return text
    try:
        return text % (values if isinstance(values, dict) else tuple(values))
    except (TypeError, ValueError, KeyError):  # the sentence has other values than it had when this was kept
        return text


class Unreadable(ValueError):
    """The source as a whole cannot be read; `str()` says why and what to do, `why` can be kept."""

    @property
    def why(self) -> str:
        return self.args[0] if self.args else ""

    def __str__(self) -> str:
        return said(*kept(self.why))


def _storable(value: Any) -> Any:
    return value if isinstance(value, int | float) else BROKEN.sub("?", str(value))[:LONGEST]
