from library.models.catalogue import (
    Abbreviation,
    Copy,
    Frequency,
    Publication,
    Region,
    Series,
    Subject,
)
from library.models.use import LibraryUse
from library.models.words import SearchTally, Word

__all__ = [
    "Abbreviation",
    "Copy",
    "Frequency",
    "LibraryUse",
    "Publication",
    "Region",
    "SearchTally",
    "Series",
    "Subject",
    "Word",
]
