"""Reads an office's published service standard and derives the rules the software runs by.

Pure functions, no Django: ``read_standard`` takes the text apart, ``derive_rules`` proposes settings that a
supervisor confirms. Nothing in here knows a particular office.
"""

from .facts import (
    MAX_BYTES,
    Correction,
    DerivedRule,
    Framework,
    Item,
    OfficeFacts,
    ParsedStandard,
    Unplaced,
    UnreadableStandard,
)
from .read import read_standard
from .rules import RULE_KEYS, derive_rules

__all__ = [
    "MAX_BYTES",
    "RULE_KEYS",
    "Correction",
    "DerivedRule",
    "Framework",
    "Item",
    "OfficeFacts",
    "ParsedStandard",
    "Unplaced",
    "UnreadableStandard",
    "derive_rules",
    "read_standard",
]
