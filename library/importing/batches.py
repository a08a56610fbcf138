"""A piece of what is read, and where reading goes on after it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from library.importing.fields import Item


@dataclass
class Batch:
    """`position` of `total`, in whatever the source counts; total 0 where nobody knows."""

    items: list[Item]
    cursor: dict[str, Any] = field(default_factory=dict)
    position: int = 0
    total: int = 0
