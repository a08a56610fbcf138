"""`make messages`: bring the English catalogue up to date with the texts in code and templates, and compile it.

The texts in the source are Indonesian; `pst/locale/en` holds their English. Needs no gettext on the machine:
`ast` reads the Python, Django turns templates into something Babel can read, polib writes.
"""

from __future__ import annotations

import ast
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import polib
from babel.messages.extract import extract_python
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
CATALOGUE = ROOT / "pst" / "locale" / "en" / "LC_MESSAGES" / "django.po"
FOLDERS = ("pst", "services", "library", "consultation", "queueing", "complaints", "templates")
SUFFIXES = {".py", ".html", ".svg", ".txt"}
# What stands where in the arguments; a plural's number is not a text.
ARGUMENTS = {
    "_": ("singular",),
    "gettext": ("singular",),
    "gettext_lazy": ("singular",),
    "gettext_noop": ("singular",),
    "ngettext": ("singular", "plural"),
    "ngettext_lazy": ("singular", "plural"),
    "pgettext": ("context", "singular"),
    "pgettext_lazy": ("context", "singular"),
    "npgettext": ("context", "singular", "plural"),
    "npgettext_lazy": ("context", "singular", "plural"),
}
# Seen by one person at a terminal, or only ever by developers.
LEFT_OUT = ("pst/local/", "pst/messages.py", "pst/styleguide.py", "templates/style/")
WRAP = 110
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]")


class Text(NamedTuple):
    singular: str
    plural: str = ""
    context: str = ""


def sources() -> list[Path]:
    files = [f for folder in FOLDERS for f in sorted((ROOT / folder).rglob("*")) if f.suffix in SUFFIXES]
    return [f for f in files if not f.relative_to(ROOT).as_posix().startswith(LEFT_OUT)]


def _text(function: str, arguments: list[str]) -> Iterator[Text]:
    """What a call with these literal arguments says, if it is one of ours."""
    places = ARGUMENTS.get(function, ())
    if places and len(arguments) >= len(places):
        given = dict(zip(places, arguments, strict=False))
        yield Text(given["singular"], given.get("plural", ""), given.get("context", ""))


def _in_python(source: str) -> Iterator[Text]:
    """The calls with literal texts, also those inside f-strings (which Babel passes over)."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = str(getattr(node.func, "id", getattr(node.func, "attr", "")))
            literals = [a.value for a in node.args if isinstance(a, ast.Constant)]
            yield from _text(name, [v for v in literals if isinstance(v, str)])


def _in_template(source: str, origin: str) -> Iterator[Text]:
    # What is not a text comes out as filler; without its indentation it reads as Python.
    python = "\n".join(line.lstrip() for line in templatize(source, origin=origin).splitlines())
    for _line, name, message, _comments in extract_python(
        io.BytesIO(python.encode()), dict.fromkeys(ARGUMENTS), [], {"encoding": "utf-8"}
    ):
        words: tuple[object, ...] = message if isinstance(message, tuple) else (message,)
        yield from _text(str(name), [w for w in words if isinstance(w, str)])


def found() -> dict[Text, set[str]]:
    """Every text with the files it stands in."""
    texts: dict[Text, set[str]] = {}
    for file in sources():
        source = file.read_text(encoding="utf-8")
        for text in _in_python(source) if file.suffix == ".py" else _in_template(source, str(file)):
            texts.setdefault(text, set()).add(file.relative_to(ROOT).as_posix())
    # One entry would serve a text with and without a plural, but Python up to 3.11.2 does not find it for both.
    both = [t.singular for t in texts if t.plural and t._replace(plural="") in texts]
    if both:
        raise SystemExit(f"Counted in one place and not in another; give one of them a context: {both}")
    return texts


def text_of(entry: polib.POEntry) -> Text:
    return Text(entry.msgid, entry.msgid_plural or "", entry.msgctxt or "")


def merge(catalogue: polib.POFile, texts: dict[Text, set[str]]) -> list[str]:
    """Add new texts, drop those that are gone; returns the texts that still have no English."""
    known = {(e.msgid, e.msgctxt or ""): e for e in catalogue}
    for text, files in texts.items():
        entry = known.pop((text.singular, text.context), None)
        if entry is None:
            entry = polib.POEntry(msgid=text.singular, msgctxt=text.context or None)
            catalogue.append(entry)
        _shape(entry, text.plural)
        entry.occurrences = [(f, "") for f in sorted(files)]
        # Whoever sees "fuzzy" should look at it; polib and Django pass such an entry over.
        entry.flags = ["python-format"] * bool(PLACEHOLDER.search(text.singular)) + ["fuzzy"] * entry.fuzzy
    for entry in known.values():
        catalogue.remove(entry)
    catalogue.sort(key=lambda e: (e.occurrences[0][0], e.msgid, e.msgctxt or ""))
    return [e.msgid for e in catalogue if not e.translated()]


def _shape(entry: polib.POEntry, plural: str) -> None:
    """Turn an entry into one with, or without, plural forms; what English it had is kept."""
    if plural and not entry.msgstr_plural:
        entry.msgstr_plural = {0: entry.msgstr, 1: entry.msgstr}
        entry.msgstr = ""
    elif not plural and entry.msgstr_plural:
        entry.msgstr = entry.msgstr_plural.get(1, "")
        entry.msgstr_plural = {}
    entry.msgid_plural = plural


def main() -> int:
    exists = CATALOGUE.exists()
    catalogue = polib.pofile(str(CATALOGUE), wrapwidth=WRAP) if exists else polib.POFile(wrapwidth=WRAP)
    catalogue.metadata = {
        "Project-Id-Version": "pst",
        "Language": "en",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    missing = merge(catalogue, found())
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(CATALOGUE))
    catalogue.save_as_mofile(str(CATALOGUE.with_suffix(".mo")))
    print(f"{len(catalogue)} texts, {len(missing)} without English")
    for text in missing[:20]:
        print(f"  {text!r}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
