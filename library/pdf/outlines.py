"""The table of contents that a PDF carries: read with bounds, written anew without actions; and where links lead."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pikepdf import Array, Dictionary, Name, Object, ObjectSet, Pdf, String

from library.pdf import limits
from library.pdf.words import tidy

Entry = tuple[int, str, int]  # level from 0, title, page from 1
NAMES_MOST = 50_000


class Places:
    """Where a destination leads: page numbers by page object, named destinations by name."""

    def __init__(self, pdf: Pdf) -> None:
        self.pages = {page.obj.objgen: n for n, page in enumerate(pdf.pages, start=1)}
        self.named: dict[str, Any] = {}
        self._read_names(pdf.Root)

    def page(self, destination: Any) -> int | None:
        found = self.explicit(destination)
        return self.pages.get(found[0].objgen) if found is not None else None

    def explicit(self, destination: Any) -> Array | None:
        """[page, how …] for a destination of any form; None where it leads to no page of this file."""
        if isinstance(destination, String | Name):
            destination = self.named.get(str(destination))
        if isinstance(destination, Dictionary):
            destination = destination.get("/D")
        if not isinstance(destination, Array) or not len(destination):
            return None
        page = destination[0]
        known = isinstance(page, Dictionary) and page.objgen in self.pages
        return destination if known else None

    def _read_names(self, root: Object) -> None:
        old = root.get("/Dests")
        if isinstance(old, Dictionary):
            for name, value in list(old.items())[:NAMES_MOST]:
                self.named[name] = value
        names = root.get("/Names")
        tree = names.get("/Dests") if isinstance(names, Dictionary) else None
        seen, stack = ObjectSet(), [tree]
        while stack and len(self.named) < NAMES_MOST:
            node = stack.pop()
            if not isinstance(node, Dictionary) or not seen.add(node):
                continue
            pairs, kids = node.get("/Names"), node.get("/Kids")
            if isinstance(pairs, Array):
                for n in range(0, len(pairs) - 1, 2):
                    self.named[str(pairs[n])] = pairs[n + 1]
            if isinstance(kids, Array):
                stack.extend(list(kids)[:NAMES_MOST])


def read(pdf: Pdf, places: Places) -> list[Entry]:
    """In reading order; entries that lead nowhere take the page of the next one that does, or go."""
    found: list[tuple[int, str, int | None]] = list(_walk(pdf.Root.get("/Outlines"), places))
    entries: list[Entry] = []
    following: int | None = None
    for level, title, page in reversed(found):
        following = page or following
        if title and following:
            entries.append((level, title, following))
    return _levelled(entries[::-1])


def _walk(outlines: Any, places: Places) -> Iterator[tuple[int, str, int | None]]:
    seen, count = ObjectSet(), 0
    first = outlines.get("/First") if isinstance(outlines, Dictionary) else None
    stack = [(0, first)]
    while stack and count < limits.OUTLINE_ITEMS:
        level, item = stack.pop()
        if not isinstance(item, Dictionary) or not seen.add(item):
            continue
        count += 1
        action = item.get("/A")
        leads = item.get("/Dest")
        if leads is None and isinstance(action, Dictionary) and action.get("/S") == Name.GoTo:
            leads = action.get("/D")
        yield level, tidy(item.get("/Title"), limits.TITLE_LETTERS), places.page(leads)
        stack.append((level, item.get("/Next")))
        if level + 1 < limits.OUTLINE_DEPTH:
            stack.append((level + 1, item.get("/First")))


def _levelled(entries: list[Entry]) -> list[Entry]:
    """No entry is more than one level below the one before it."""
    before, made = -1, []
    for level, title, page in entries:
        before = min(level, before + 1)
        made.append((before, title, page))
    return made


def write(pdf: Pdf, entries: list[Entry]) -> None:
    """The outline anew, as plain destinations."""
    if "/Outlines" in pdf.Root:
        del pdf.Root["/Outlines"]
    if not entries:
        return
    top = pdf.make_indirect(Dictionary(Type=Name.Outlines))
    open_: list[Object] = [top]  # the latest item of each level, the outline itself first
    for level, title, page in entries:
        parent = open_[level]
        item = pdf.make_indirect(
            Dictionary(Title=String(title), Parent=parent, Dest=Array([pdf.pages[page - 1].obj, Name.Fit]))
        )
        last = parent.get("/Last")
        if last is None:
            parent.First = item
        else:
            last.Next, item.Prev = item, last
        parent.Last = item
        # Only the first level stands open: a positive count would open an entry.
        parent.Count = int(parent.get("/Count", 0)) + (1 if level == 0 else -1)
        open_ = [*open_[: level + 1], item]
    pdf.Root.Outlines = top
