"""What a page really draws with. Publishers' files often hand every page one dictionary with the pictures and fonts of
all pages; a file of some of them must not carry the others' along."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from pikepdf import Dictionary, Name, Object, ObjectSet, Stream

from library.pdf.contents import joined, parsed

# The operators that name a resource, and the dictionary it stands in.
NAMING = {
    "Tf": "/Font", "Do": "/XObject", "gs": "/ExtGState", "cs": "/ColorSpace", "CS": "/ColorSpace", "scn": "/Pattern",
    "SCN": "/Pattern", "sh": "/Shading", "BDC": "/Properties", "DP": "/Properties",
}  # fmt: skip
WATCHED = " ".join([*NAMING, "BI", "ID", "EI"])
ALWAYS = {"/ColorSpace": ("/DefaultGray", "/DefaultRGB", "/DefaultCMYK")}
CATEGORIES = sorted(set(NAMING.values()))
LOOSE = re.compile(rb"/([^\x00\t\n\x0c\r ()<>\[\]{}/%]*)")
# Said about a drawing, not needed to draw it.
ABOUT = (
    "/Metadata", "/PieceInfo", "/StructParent", "/StructParents", "/LastModified", "/OPI", "/Ref", "/AF", "/Measure",
    "/PtData", "/Alternates", "/ID",
)  # fmt: skip

Names = dict[str, set[str]]


class Pruner:
    """For one opened file, which it changes in memory: drawings inside drawings lose what they do not use."""

    def __init__(self) -> None:
        self.done = ObjectSet()
        self.waiting: list[Object] = []
        self.layers: list[Object] = []

    def page(self, page: Object) -> Dictionary:
        """The page's resources without what it does not use."""
        made = self._resources(page.get("/Resources"), [page])
        while self.waiting:  # not by calling itself: drawings may lie in one another as deep as they like
            holder = self.waiting.pop()
            holder.Resources = self._resources(holder.Resources, _contents(holder))
        return made

    def _resources(self, given: Any, drawn: Iterable[Object]) -> Dictionary:
        """Of `given` what these page, drawings or glyphs use. A drawing without resources of its own uses those of
        whoever draws it."""
        given = given if isinstance(given, Dictionary) else Dictionary()
        names: Names = {category: set() for category in CATEGORIES}
        read, left = ObjectSet(), list(drawn)
        while left:
            for content in left:
                self._add_names(names, content)
            made = _picked(given, names)
            holders = list(_holders(made))
            left = [
                content
                for holder in holders
                if not isinstance(holder.get("/Resources"), Dictionary) and read.add(holder)
                for content in _contents(holder)
            ]
        made = _picked(given, names)
        for holder in _holders(made):
            if isinstance(holder.get("/Resources"), Dictionary) and self.done.add(holder):
                self.waiting.append(holder)
        self._tidy(made)
        return made

    def _add_names(self, names: Names, holder: Object) -> None:
        content = joined(holder)
        found, sure = parsed(content, WATCHED)
        for operator, named in found:
            category = NAMING.get(operator)
            if category is None:  # a picture among the operators, whose colours may have a name
                names["/ColorSpace"] |= _words(content)
            else:
                names[category].update(named)
        if not sure:
            words = _words(content)
            for category in CATEGORIES:
                names[category] |= words

    def _tidy(self, made: Dictionary) -> None:
        for layer in _entries(made, "/Properties"):
            if layer.get("/Type") in (Name.OCG, Name.OCMD):
                self.layers.append(layer)
        for drawing in [*_entries(made, "/XObject"), *_holders(made)]:
            if isinstance(drawing.get("/OC"), Dictionary):
                self.layers.append(drawing.OC)
            for key in ABOUT:
                if key in drawing:
                    del drawing[key]


def _picked(given: Dictionary, names: Names) -> Dictionary:
    made = Dictionary()
    for category, wanted in names.items():
        entries = given.get(category)
        if not isinstance(entries, Dictionary):
            continue
        keys = [key for key in entries.keys() if key in wanted or key in ALWAYS.get(category, ())]  # noqa: SIM118
        if keys:
            made[category] = Dictionary({key: entries[key] for key in keys})
    return made


def _entries(resources: Dictionary, category: str) -> list[Object]:
    entries = resources.get(category)
    values = list(entries.values()) if isinstance(entries, Dictionary) else []
    return [value for value in values if isinstance(value, Dictionary | Stream)]


def _holders(resources: Dictionary) -> Iterator[Object]:
    """Drawings and fonts made of drawings, which name resources themselves."""
    for drawing in _entries(resources, "/XObject"):
        if drawing.get("/Subtype") == Name.Form:
            yield drawing
    states = _entries(resources, "/ExtGState")
    for pattern in _entries(resources, "/Pattern"):
        if isinstance(pattern, Stream):
            yield pattern
        elif isinstance(pattern.get("/ExtGState"), Dictionary):
            states.append(pattern.ExtGState)
    for state in states:
        mask = state.get("/SMask")
        group = mask.get("/G") if isinstance(mask, Dictionary) else None
        if isinstance(group, Stream):
            yield group
    for font in _entries(resources, "/Font"):
        if font.get("/Subtype") == Name.Type3:
            yield font


def _contents(holder: Object) -> list[Object]:
    """The streams of operators of a drawing or of a font made of drawings."""
    if isinstance(holder, Stream):
        return [holder]
    glyphs = holder.get("/CharProcs")
    return [g for g in glyphs.values() if isinstance(g, Stream)] if isinstance(glyphs, Dictionary) else []


def _words(content: bytes) -> set[str]:
    """Every name in it, whatever it is for."""
    found: set[str] = set()
    for name in LOOSE.findall(content):
        plain = re.sub(rb"#([0-9A-Fa-f]{2})", lambda hit: bytes([int(hit[1], 16)]), name)
        found.add("/" + plain.decode(errors="replace"))
    return found
