"""The rules the software runs on, read from a standard's rule rows.

Plain values without database access: the desk, the clocks and the public pages ask these, never the text.
Row numbers in comments are those of the requirement table in the design's domain description.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Step:
    """One step of the on-site procedure, with the positions of the published items that ask for it."""

    kind: str
    items: tuple[int, ...] = ()


@dataclass(frozen=True)
class Clock:
    """A promise: served within `minutes` (elapsed) or `working_days` after the event `start`."""

    start: str
    minutes: int | None = None
    working_days: int | None = None


@dataclass(frozen=True)
class Rules:
    queue: bool = True  # row 13
    steps: tuple[Step, ...] = (Step("guest_book"), Step("service"), Step("finish"))
    locker: str = "none"  # row 16: none, free, card_deposit
    bag_optional: bool = True  # row 17
    allowed_inside: tuple[str, ...] = ()
    identity_card: bool = False  # row 6
    identity_card_types: tuple[str, ...] = ()
    email_onsite: bool = False  # row 7
    # Fields of the guest book this office asks for otherwise than usual: {"phone": "required", "job": "off"}.
    guest_book_fields: dict[str, str] = field(default_factory=dict)
    contact_online: str = "none"  # row 10
    clock_onsite: Clock | None = None  # rows 36, 37
    clock_online: Clock | None = None  # rows 38, 39
    auto_close_working_days: int | None = None
    download: bool = False  # row 31
    watermark: bool = False
    read_online: bool = False
    read_hardcopy: bool = False
    scan_request: bool = False  # row 19
    lending: bool = False  # row 20
    removal_permission: bool = False
    self_copying_forbidden: bool = False
    excerpt_percent: int | None = None  # row 21
    rating_onsite: dict[str, bool] = field(default_factory=lambda: {"rating": True, "complaint": True})
    complaint_channels: tuple[dict[str, str], ...] = ()  # rows 42, 43
    values: dict[str, Any] = field(default_factory=dict, repr=False)

    @classmethod
    def from_values(cls, values: dict[str, Any]) -> Rules:
        """Build from {key: JSON value}; unknown keys stay readable in `values`."""
        known: dict[str, Any] = {}
        for key, value in values.items():
            if key not in cls.__dataclass_fields__ or key == "values":
                continue
            if key == "steps":
                value = tuple(Step(s["kind"], tuple(s.get("items", ()))) for s in value)
            elif key.startswith("clock_"):
                value = (
                    Clock(value["start"], value.get("minutes"), value.get("working_days")) if value else None
                )
            elif isinstance(value, list):
                value = tuple(value)
            known[key] = value
        return cls(**known, values=values)
