"""`make messages`: bring the English catalogue up to date with the texts in code and templates, and compile it.

The texts in the source are Indonesian; `pst/locale/en` holds their English. Needs no gettext on the machine:
Babel reads the Python, Django turns templates into something Babel can read, polib writes.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

import polib
from babel.messages.extract import extract_python
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "pst" / "locale" / "en" / "LC_MESSAGES" / "django.po"
FOLDERS = ("pst", "services", "library", "consultation", "queueing", "complaints", "templates")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
}
# Seen by one person at a terminal, or only ever by developers.
LEFT_OUT = ("pst/local/", "pst/styleguide.py", "templates/style/")


def sources() -> list[Path]:
    files = [f for folder in FOLDERS for f in sorted((ROOT / folder).rglob("*")) if f.suffix in {".py", ".html", ".svg"}]
    return [f for f in files if not f.relative_to(ROOT).as_posix().startswith(LEFT_OUT)]


def found() -> dict[tuple[str, str], set[str]]:
    """Every (singular, plural) text with the files it stands in."""
    texts: dict[tuple[str, str], set[str]] = {}
    for file in sources():
        source = file.read_text(encoding="utf-8")
        if file.suffix != ".py":
            # What is not a text comes out as filler; without its indentation it reads as Python.
            source = "\n".join(line.lstrip() for line in templatize(source, origin=str(file)).splitlines())
        for _line, _function, message, _comments in extract_python(
            io.BytesIO(source.encode()), list(KEYWORDS), [], {"encoding": "utf-8"}
        ):
            parts = message if isinstance(message, tuple) else (message,)
            words = [p for p in parts if isinstance(p, str)]
            if not words:
                continue
            plural = words[1] if _function.startswith("ngettext") and len(words) > 1 else ""
            texts.setdefault((words[0], plural), set()).add(file.relative_to(ROOT).as_posix())
    return texts


def merge(catalogue: polib.POFile, texts: dict[tuple[str, str], set[str]]) -> list[str]:
    """Add new texts, drop those that are gone; returns the texts that still have no English."""
    known = {e.msgid: e for e in catalogue}
    wanted = {singular: (plural, files) for (singular, plural), files in texts.items()}
    for msgid, (plural, files) in wanted.items():
        entry = known.get(msgid)
        if entry is None:
            entry = polib.POEntry(msgid=msgid)
            catalogue.append(entry)
        entry.msgid_plural = plural
        if plural and not entry.msgstr_plural:
            entry.msgstr_plural = {0: entry.msgstr, 1: entry.msgstr}
        entry.occurrences = [(f, "") for f in sorted(files)]
        entry.flags = [f for f in entry.flags if f != "fuzzy"] + (["python-format"] if "%(" in msgid else [])
        entry.flags = sorted(set(entry.flags))
    for msgid, entry in known.items():
        if msgid not in wanted:
            catalogue.remove(entry)
    catalogue.sort(key=lambda e: (e.occurrences[0][0] if e.occurrences else "", e.msgid))
    return [e.msgid for e in catalogue if not e.translated()]


def main() -> int:
    catalogue = polib.pofile(str(CATALOGUE)) if CATALOGUE.exists() else polib.POFile(wrapwidth=110)
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
