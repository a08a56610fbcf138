"""Softcopies from a folder: a scanner or the publishing team's share puts PDFs there, in a folder for each office.

    <folder>/7411/Koltim Dalam Angka 74110.2501.pdf

What was taken goes to `diterima/`, what was refused to `ditolak/` beside a text that says why. Nothing is deleted.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.core.files.base import File

from library.digital import words
from library.models import DigitalCopy
from library.pdf.faults import Refused
from library.workflows import intake
from services.audit.actors import SYSTEM
from services.offices.models import Office

TAKEN, REFUSED = "diterima", "ditolak"
QUIET = 60  # seconds without a change: whoever copies a file there has finished
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    path: Path
    digital: DigitalCopy | None = None
    problem: str = ""


def offices(folder: Path) -> Iterator[tuple[Office, Path]]:
    """The offices' own folders in this one."""
    codes = {office.code: office for office in Office.objects.serving()}
    for place in sorted(path for path in folder.iterdir() if path.is_dir()):
        if place.name in codes:
            yield codes[place.name], place


def take(office: Office, folder: Path, *, quiet: float = QUIET) -> Iterator[Outcome]:
    """Each PDF that lies in this folder, one after the other; a file that cannot be read keeps none of the others out."""
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() != ".pdf" or path.is_symlink() or not path.is_file():
            continue
        try:
            if time.time() - path.stat().st_mtime >= quiet:
                yield _one(office, path)
        except OSError as problem:
            log.warning("%s: %s", path, problem)
            yield Outcome(path, problem=str(problem))


def _one(office: Office, path: Path) -> Outcome:
    try:
        with path.open("rb") as opened:
            digital = intake.receive(
                office, File(opened), name=path.name, by=SYSTEM, origin=DigitalCopy.Origin.FOLDER
            )
    except Refused as refused:
        problem = words.said(refused.code, refused.values)
        moved = _move(path, REFUSED)
        moved.with_name(f"{moved.name}.txt").write_text(f"{problem}\n", encoding="utf-8")
        return Outcome(moved, problem=problem)
    return Outcome(_move(path, TAKEN), digital)


def _move(path: Path, to: str) -> Path:
    """Never over another file of that name."""
    place = path.parent / to
    place.mkdir(exist_ok=True)
    target, number = place / path.name, 1
    while target.exists():
        number += 1
        target = place / f"{path.stem} ({number}){path.suffix}"
    return path.rename(target)
