"""The bootstrap in small checkouts of its own: real environments, real pip, but empty lock files."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
LOCKS = ("requirements.lock", "requirements-embedded.lock", "requirements-dev.lock")
LIMIT = 300.0


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`pst/local` alone, in a path with spaces, with an environment already made by a first setup."""
    root = tmp_path_factory.mktemp("kantor é 7411") / "pst"
    shutil.copytree(
        ROOT / "pst" / "local", root / "pst" / "local", ignore=shutil.ignore_patterns("__pycache__")
    )
    (root / "pst" / "__init__.py").touch()
    for name in LOCKS:
        (root / name).write_text(f"# {name}: nothing\n", encoding="utf-8")
    first = setup(root)
    assert first.returncode == 0, first.stderr + first.stdout
    assert "environment: made" in first.stdout
    assert "packages: installed" in first.stdout
    return root


def setup(
    root: Path, *arguments: str, program: str | None = None, **more: str
) -> subprocess.CompletedProcess[str]:
    """Runs the bootstrap with a nearly empty environment and a closed stdin."""
    command = [
        sys.executable,
        *([program] if program else [root / "pst/local/bootstrap.py"]),
        *(arguments or ["setup"]),
    ]
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", **more}
    script = 'exec "$@" <&-'
    return subprocess.run(
        ["sh", "-c", script, "sh", *command], env=environment, cwd="/", capture_output=True, text=True, timeout=LIMIT,
        check=False,
    )  # fmt: skip


def test_second_time_is_quick_and_installs_nothing(checkout: Path) -> None:
    started = time.monotonic()
    again = setup(checkout)
    assert again.returncode == 0, again.stderr
    assert "Installing" not in again.stdout
    assert "Making" not in again.stdout
    assert time.monotonic() - started < 10


def test_changed_lock_is_installed_anew(checkout: Path) -> None:
    lock = checkout / "requirements.lock"
    lock.write_text("# nothing, but other\n", encoding="utf-8")
    assert "Installing Python packages from requirements.lock" in setup(checkout).stdout
    assert "packages: as locked" in setup(checkout).stdout


def test_failed_installation_is_said_and_tried_again(checkout: Path) -> None:
    lock = checkout / "requirements.lock"
    good = lock.read_text(encoding="utf-8")
    lock.write_text("unhashed-package==1.0\n", encoding="utf-8")  # refused before any index is asked
    failed = setup(checkout)
    assert failed.returncode == 1
    assert "pip could not install the packages" in failed.stderr
    lock.write_text(good, encoding="utf-8")
    assert "packages: installed" in setup(checkout).stdout


def test_environment_whose_python_is_gone_is_made_anew(checkout: Path) -> None:
    for python in (checkout / ".venv/bin").glob("python*"):
        python.unlink()
    again = setup(checkout)
    assert again.returncode == 0, again.stderr
    assert "environment: made" in again.stdout
    assert "packages: installed" in again.stdout


def test_directory_that_is_no_environment_is_left_alone(checkout: Path, tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("mine", encoding="utf-8")
    refused = setup(checkout, PST_VENV=str(tmp_path))
    assert refused.returncode == 1
    assert "is not a virtual environment" in refused.stderr
    assert letter.read_text(encoding="utf-8") == "mine"


def test_command_runs_in_the_environment(checkout: Path) -> None:
    refused = setup(checkout, "reset-demo")
    assert refused.returncode == 1
    assert "make reset-demo CONFIRM=yes" in refused.stdout


def test_unknown_command(checkout: Path) -> None:
    assert "Use: bootstrap.py" in setup(checkout, "fly").stderr


def pretend_old_python(checkout: Path, tmp_path: Path, path: str) -> subprocess.CompletedProcess[str]:
    """The bootstrap under a Python that says it is 3.9 (none that old can be installed here)."""
    program = tmp_path / "old.py"
    bootstrap = str(checkout / "pst/local/bootstrap.py")
    program.write_text(
        "import runpy, sys\nsys.version_info = (3, 9, 2)\nsys.version = '3.9.2 (pretended)'\n"
        f"runpy.run_path({bootstrap!r}, run_name='__main__')\n",
        encoding="utf-8",
    )
    return setup(checkout, "setup", program=str(program), PATH=path)


def test_old_python_is_refused_clearly(checkout: Path, tmp_path: Path) -> None:
    empty = tmp_path / "bin"
    empty.mkdir()
    (empty / "sh").symlink_to("/bin/sh")
    refused = pretend_old_python(checkout, tmp_path, str(empty))
    assert refused.returncode == 1
    assert "needs Python 3.11 or newer; this is 3.9.2" in refused.stderr


def test_old_python_hands_over_to_a_newer_one(checkout: Path, tmp_path: Path) -> None:
    bin_directory = tmp_path / "bin"
    bin_directory.mkdir()
    newer = bin_directory / f"python3.{sys.version_info.minor}"
    newer.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
    newer.chmod(0o755)
    done = pretend_old_python(checkout, tmp_path, f"{bin_directory}:/usr/bin:/bin")
    assert done.returncode == 0, done.stderr
    assert "packages: as locked" in done.stdout


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become a user without rights")
def test_read_only_checkout_is_said(tmp_path_factory: pytest.TempPathFactory) -> None:
    """With the system's Python, which every user can run."""
    if not Path("/usr/bin/python3").exists():
        pytest.skip("no python3 of the system's")
    root = Path("/tmp") / tmp_path_factory.mktemp("x").name
    root = root.with_name(f"pst-readonly-{os.getpid()}")
    try:
        shutil.copytree(ROOT / "pst" / "local", root / "pst" / "local")
        root.chmod(0o755)
        done = subprocess.run(
            ["/usr/bin/python3", root / "pst/local/bootstrap.py", "setup"],
            env={"PATH": "/usr/bin:/bin"}, user="nobody", group="nogroup", extra_groups=[], cwd="/",
            capture_output=True, text=True, timeout=LIMIT, check=False,
        )  # fmt: skip
    finally:
        shutil.rmtree(root, ignore_errors=True)
    assert done.returncode == 1
    assert "Permission denied" in done.stderr
    assert "PST_VAR_DIR" in done.stderr


def pins(name: str) -> dict[str, str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", text, flags=re.MULTILINE))


@pytest.mark.parametrize("name", LOCKS[:2])
def test_development_lock_holds_the_other_locks(name: str) -> None:
    """The bootstrap takes an environment filled from the development lock as filled from all three."""
    development = pins("requirements-dev.lock")
    assert pins(name)
    assert {package: development.get(package) for package in pins(name)} == pins(name)


@pytest.mark.parametrize("name", LOCKS)
def test_locks_are_hashed_and_name_no_index(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert text.count("--hash=sha256:") >= len(pins(name))
    assert "://" not in text
    assert "--index-url" not in text
    assert "--find-links" not in text
