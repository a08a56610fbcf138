"""First step of setting up: what only the operating system's packages can supply. Standard library only."""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

NO_INPUT = subprocess.DEVNULL


class BootstrapError(Exception):
    """Says in whole sentences what is wrong and what to do."""


def say(step: int, text: str, since: float | None = None) -> None:
    took = f" ({time.monotonic() - since:.1f} s)" if since is not None else ""
    print(f"[setup {step}/3] {text}{took}", flush=True)


@dataclass(frozen=True)
class SystemNeed:
    """Something that only the operating system's packages can supply."""

    what: str
    packages: tuple[str, ...]
    present: bool
    essential: bool


def can_load(*libraries: str) -> bool:
    try:
        for name in libraries:
            ctypes.CDLL(name)
    except OSError:
        return False
    return True


def has_fonts() -> bool:
    places = ["/usr/share/fonts", "/usr/local/share/fonts"]
    with contextlib.suppress(RuntimeError):  # no home directory
        places += [str(Path.home() / ".fonts"), str(Path.home() / ".local/share/fonts")]
    return any(
        name.lower().endswith((".ttf", ".otf", ".ttc", ".pfb"))
        for place in places
        for _, _, names in os.walk(place)
        for name in names
    )


def has_ensurepip() -> bool:
    try:
        import ensurepip  # noqa: F401 - Debian ships it in python3.X-venv only
        import venv  # noqa: F401
    except ImportError:
        return False
    return True


def system_needs(command: str, venv_exists: bool) -> list[SystemNeed]:
    testing = command == "test"
    pango = can_load("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libfontconfig.so.1", "libharfbuzz.so.0")
    minor = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    return [
        SystemNeed("Python's venv module", (minor,), venv_exists or has_ensurepip(), essential=True),
        SystemNeed(
            "Pango, which draws PDF documents",
            ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"),
            pango,
            essential=testing,
        ),
        SystemNeed("a font for PDF documents", ("fonts-dejavu-core",), has_fonts(), essential=testing),
        SystemNeed(
            "libatomic, which the driver of the browser tests is linked with",
            ("libatomic1",),
            not testing or can_load("libatomic.so.1"),
            essential=testing,
        ),
        SystemNeed(
            "Chromium for the browser tests",
            ("chromium",),
            not testing or Path("/usr/bin/chromium").exists() or bool(shutil.which("chromium")),
            essential=testing,
        ),
        SystemNeed(
            "Dovecot for the tests of mail that comes in",
            ("dovecot-imapd",),
            not testing or Path("/usr/sbin/dovecot").exists() or bool(shutil.which("dovecot")),
            essential=False,
        ),
    ]


def apt_install(packages: list[str]) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages]

    def run(command: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            env=environment,
            stdin=NO_INPUT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )

    done = run(install)
    if done.returncode:  # most often there are no package lists yet, or old ones
        say(1, "Fetching the package lists (apt-get update)")
        run(["apt-get", "update", "-q"])
        done = run(install)
    if done.returncode:
        last = "\n".join(done.stdout.strip().splitlines()[-15:])
        raise BootstrapError(f"{' '.join(install)} failed (exit code {done.returncode}):\n{last}")


def ensure_system(command: str, venv_exists: bool) -> None:
    started = time.monotonic()
    missing = [need for need in system_needs(command, venv_exists) if not need.present]
    if not missing:
        say(1, "System packages: all there", started)
        return
    packages = [package for need in missing for package in need.packages]
    named = ", ".join(need.what for need in missing)
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say(1, f"Installing {' '.join(packages)} ({named}); this can take some minutes")
        apt_install(packages)
        say(1, "System packages: installed", started)
        return
    advice = f"Missing on this machine: {named}.\nInstall it with: sudo apt-get install {' '.join(packages)}"
    if any(need.essential for need in missing):
        raise BootstrapError(advice)
    say(1, f"{advice}\nGoing on without; what needs it will say so.")
