"""Optional content ("layers"): what is hidden when a file is opened stays hidden in a file of some of its pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pikepdf import Array, Dictionary, Name, Object, ObjectSet, Pdf, String

MOST = 1_000


def carried(pdf: Pdf, used: Iterable[Object]) -> Object | None:
    """The catalogue's entry for these layers alone, each on or off as `pdf` opens."""
    groups = _groups(used)
    properties = pdf.Root.get("/OCProperties")
    if not groups or not isinstance(properties, Dictionary):
        return None
    opens = properties.get("/D")
    opens = opens if isinstance(opens, Dictionary) else Dictionary()
    all_off = opens.get("/BaseState") == Name.OFF
    named = _objects(opens.get("/ON") if all_off else opens.get("/OFF"))
    hidden = [group for group in groups if (group in named) != all_off]
    return pdf.make_indirect(
        Dictionary(OCGs=Array(groups), D=Dictionary(OFF=Array(hidden), Order=Array(), Locked=Array(groups)))
    )


def forget_names(properties: Object) -> None:
    """A layer may be called after what stands on other pages."""
    for number, group in enumerate(properties.OCGs, start=1):
        for key in list(group.keys()):
            if key not in {"/Type", "/Intent"}:
                del group[key]
        group.Name = String(str(number))


def _groups(used: Iterable[Object]) -> list[Object]:
    found: list[Object] = []
    seen, stack = ObjectSet(), list(used)
    while stack and len(found) < MOST:
        thing: Any = stack.pop()
        if not isinstance(thing, Array | Dictionary) or not seen.add(thing):
            continue  # lists may hold themselves
        if isinstance(thing, Array):
            stack.extend(list(thing)[:MOST])
        elif thing.get("/Type") == Name.OCG:
            found.append(thing)
        else:
            stack += [part for key in ("/OCGs", "/VE") if (part := thing.get(key)) is not None]
    return found


def _objects(given: Any) -> ObjectSet:
    return ObjectSet([g for g in given if isinstance(g, Dictionary)] if isinstance(given, Array) else [])
