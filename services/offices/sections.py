"""A standard as people read it: six sections, each split by channel."""

from __future__ import annotations

from services.offices.models import Standard, StandardItem


def sections(standard: Standard) -> list[dict]:
    """The six sections in their published order, each split into on-site and on-line where it says so."""
    result = []
    for section in StandardItem.Section:
        items = [i for i in standard.items.all() if i.section == section]
        split = {i.channel for i in items if i.channel != StandardItem.Channel.BOTH}
        parts = [
            {
                "channel": channel,
                "label": StandardItem.Channel(channel).label if split and channel != "both" else "",
                "items": [i for i in items if i.channel == channel],
            }
            for channel in StandardItem.Channel.values
            if any(i.channel == channel for i in items)
        ]
        result.append({"code": section.value, "label": section.label, "parts": parts})
    return result
