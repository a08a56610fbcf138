"""When a share of promises kept wants a look. One measure for all rooms of the panel, so that they agree."""

from __future__ import annotations

GOOD, POOR = 90, 75  # per cent


def of_share(share: float | None) -> str:
    """Below GOOD it wants a look, below POOR it is grave; "" where no share is told."""
    if share is None:
        return ""
    return "ok" if share >= GOOD else "warn" if share >= POOR else "danger"
