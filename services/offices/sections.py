"""A standard as people read it: its sections, each split by channel."""

from __future__ import annotations

from services.offices.models import Standard, StandardItem


def sections(standard: Standard) -> list[dict]:
    """The six sections of service delivery, filled or not, then those of management that are filled; each split into
    on-site and on-line where it says so."""
    rows = list(standard.items.all())
    result = []
    for section in StandardItem.Section:
        items = [i for i in rows if i.section == section]
        if items or section in StandardItem.DELIVERY:
            result.append({"code": section.value, "label": section.label, "parts": _parts(items)})
    return result


def _parts(items: list[StandardItem]) -> list[dict]:
    split = {i.channel for i in items if i.channel != StandardItem.Channel.BOTH}
    return [
        {
            "channel": channel,
            "label": StandardItem.Channel(channel).label if split and channel != "both" else "",
            "items": [i for i in items if i.channel == channel],
        }
        for channel in StandardItem.Channel.values
        if any(i.channel == channel for i in items)
    ]
