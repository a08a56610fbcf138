"""The order of a section's items: blocks that move together, numbers that follow, and what points at positions."""

from __future__ import annotations

from typing import Any

from services.offices.models import Standard, StandardItem

DEEPEST = 3


def insert(row: Standard, section: str, items: list[StandardItem], given: dict[str, Any]) -> StandardItem:
    """A new item behind the last one of its channel, else at the end. Its final place is written by `renumber`."""
    places = [n for n, item in enumerate(items) if item.channel == given["channel"]]
    last = max((item.position for item in items), default=0)
    item = StandardItem.objects.create(
        standard=row, section=section, channel=given["channel"], depth=given.get("depth", 0), text=given["text"],
        source=given["text"], position=last + 1,
    )  # fmt: skip
    items.insert(places[-1] + 1 if places else len(items), item)
    return item


def act(items: list[StandardItem], action: str, pk: int) -> list[str]:
    """Up, down or away. An item takes along what stands under it; deleted, it leaves that behind. Returns what changed;
    nothing when somebody else has deleted it."""
    here = next((n for n, item in enumerate(items) if item.pk == pk), None)
    if here is None:
        return []
    if action == "delete":
        items.pop(here).delete()
        return [f"deleted-{pk}"]
    end = _end(items, here)
    if action == "up":
        before = _sibling_before(items, here)
        if before is None:
            return []
        items[before:end] = items[here:end] + items[before:here]
    else:
        if not can_go_down(items, here):
            return []
        after = _end(items, end)
        items[here:after] = items[end:after] + items[here:end]
    return [f"moved-{pk}"]


def can_go_up(items: list[StandardItem], here: int) -> bool:
    return _sibling_before(items, here) is not None


def can_go_down(items: list[StandardItem], here: int) -> bool:
    end = _end(items, here)
    return end < len(items) and items[end].depth == items[here].depth


def _end(items: list[StandardItem], start: int) -> int:
    """Behind the last item that stands under this one."""
    n = start + 1
    while n < len(items) and items[n].depth > items[start].depth:
        n += 1
    return n


def _sibling_before(items: list[StandardItem], here: int) -> int | None:
    for n in range(here - 1, -1, -1):
        if items[n].depth == items[here].depth:
            return n
        if items[n].depth < items[here].depth:
            return None
    return None


def renumber(row: Standard, section: str, items: list[StandardItem]) -> None:
    """Store the order: positions, parents, labels (where the section numbers its items), and the rules' pointers."""
    before = {item.pk: item.position for item in items}
    numbered = any(item.label for item in items) or (len(items) > 1 and section != "complaints")
    path: list[StandardItem] = []
    counts: list[int] = []
    for position, item in enumerate(items, start=1):
        item.depth = min(item.depth, len(path), DEEPEST)
        path, counts = path[: item.depth], [*counts, 0][: item.depth + 1]
        counts[item.depth] += 1
        parent = path[-1] if path else None
        own = _label(item.depth, counts[item.depth])
        item.position, item.parent = position, parent.position if parent else None
        item.label = "" if not numbered else f"{parent.label}.{own}"[:30] if parent and parent.label else own
        path.append(item)
    _write(items)
    _repoint(row, section, {old: item.position for item in items if (old := before[item.pk])})


def _label(depth: int, number: int) -> str:
    """1, a, 1, a: as the published standards number."""
    return str(number) if depth % 2 == 0 or number > 26 else "abcdefghijklmnopqrstuvwxyz"[number - 1]


def _write(items: list[StandardItem]) -> None:
    """In two steps, because a position is unique within its section."""
    fields = ["position", "parent", "label", "depth"]
    final = [item.position for item in items]
    for item in items:
        item.position += 10_000
    StandardItem.objects.bulk_update(items, ["position"])
    for item, position in zip(items, final, strict=True):
        item.position = position
    StandardItem.objects.bulk_update(items, fields)


def _repoint(row: Standard, section: str, moved: dict[int, int]) -> None:
    """Evidence and steps of the visit name sentences by their position."""
    for rule in row.rule_set.all():
        evidence = [
            [s, moved[p]] if s == section else [s, p] for s, p in rule.evidence if s != section or p in moved
        ]
        value = rule.value
        if rule.key == "steps" and section == "procedure":
            value = [
                {**step, "items": [moved[p] for p in step.get("items", ()) if p in moved]}
                for step in value or []
            ]
        if evidence != rule.evidence or value != rule.value:
            rule.evidence, rule.value = evidence, value
            rule.save(update_fields=["evidence", "value"])
