"""A process that is killed leaves nothing that stays for good: neither files with somebody's name nor half-made ones."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from library import tasks
from library.digital import left_over
from library.models.digital import original_name, prepared_name
from library.models.handed import excerpt_name
from tests.library.digital import support
from tests.library.digital.handing_support import softcopy, visitor
from tests.library.digital.test_excerpts import make

pytestmark = pytest.mark.django_db


def aged(path: Path) -> None:
    then = time.time() - left_over.OLD.total_seconds() - 60
    os.utime(path, (then, then))


def test_what_no_row_names_goes_when_it_is_a_day_old(offices, stored):
    digital = softcopy(offices["1906"], 20)
    make(visitor(offices["1906"]), digital, [1])
    kept = support.on_disk(stored)
    # A worker was killed between storing a file and writing its row.
    names = [default_storage.save(n(None, ""), ContentFile(b"x")) for n in (original_name, prepared_name, excerpt_name)]  # fmt: skip
    for path in stored.rglob("*.pdf"):
        aged(path)
    young = default_storage.save(excerpt_name(None, ""), ContentFile(b"y"))
    assert left_over.clear() == len(names)
    assert support.on_disk(stored) == sorted([*kept, young])
    assert left_over.clear() == 0


def test_folders_of_files_in_the_making_go_too(tmp_path, db):
    for name in ("old", "young"):
        (tmp_path / "scratch" / name).mkdir(parents=True)
        (tmp_path / "scratch" / name / "copy.pdf").write_bytes(b"of Sitti Rahma")
    aged(tmp_path / "scratch" / "old")
    tasks.nightly.func(0)
    assert [place.name for place in (tmp_path / "scratch").iterdir()] == ["young"]
