"""Words as the catalogue knows them: those of every search here (services/text.py)."""

from services.text import (
    ASKING,
    LONGEST,
    MARKED,
    STEMS,
    STOP_WORDS,
    TOKEN,
    Text,
    fold,
    meaningful,
    stems,
    tokens,
    word_term,
)

__all__ = [
    "ASKING",
    "LONGEST",
    "MARKED",
    "STEMS",
    "STOP_WORDS",
    "TOKEN",
    "Text",
    "fold",
    "meaningful",
    "stems",
    "tokens",
    "word_term",
]
