"""Clusters of their own for each test, removed with everything they started."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pst.local import binaries
from pst.local.cluster import SHARED_ROOT
from pst.local.postgres import LocalPostgres

MakeServer = Callable[..., LocalPostgres]


@pytest.fixture(scope="session")
def every_directory() -> list[Path]:
    """One directory of programs for each usable major version on this machine; skips when there is none."""
    found = {}
    for directory in binaries.all_directories():
        if one := binaries.find([directory]):
            found.setdefault(one.major, directory)
    if not found:
        pytest.fail("no PostgreSQL binaries: make test installs them")
    return list(found.values())


@pytest.fixture
def home() -> Iterator[Path]:
    """A place with a space and a letter outside ASCII in its name that any user may pass through."""
    root = Path(tempfile.mkdtemp(prefix="pst tést "))
    root.chmod(0o755)
    yield root / "kantor é" / "postgres"
    shutil.rmtree(root, ignore_errors=True)


@pytest.fixture
def make_server(home: Path) -> Iterator[MakeServer]:
    """Makes launchers; at the end their servers are stopped and their data removed."""
    made: list[LocalPostgres] = []

    def make(where: Path = home, **options: object) -> LocalPostgres:
        made.append(LocalPostgres(where, **options))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for server in made:
        place = server.cluster.place
        server.destroy()
        if place.parent == SHARED_ROOT:
            shutil.rmtree(place, ignore_errors=True)
            with contextlib.suppress(OSError):  # others' data are in it
                SHARED_ROOT.rmdir()
