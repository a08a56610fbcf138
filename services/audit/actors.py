"""Who acts: an officer, a paired device, a visitor with a ticket, or the system itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """Passed to every function that changes state; ends up in step rows and in the audit trail."""

    kind: str  # "officer", "device", "visitor" or "system"
    user_id: int | None = None
    device_id: int | None = None


SYSTEM = Actor("system")
VISITOR = Actor("visitor")
