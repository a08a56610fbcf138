"""Runs a Python command with a local database and the settings it needs.

    python -m pst.local.within HOME ARGUMENT…

HOME names the database's directory under `var`: `postgres` is that of `make run`, any other is a separate one
with nothing in it at first. The server is stopped at the end, unless somebody else uses it too.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence

from pst.local.cluster import LocalPostgresError
from pst.local.environment import use_local_settings
from pst.local.postgres import LocalPostgres, var_directory


@contextlib.contextmanager
def database(name: str) -> Iterator[None]:
    """The server, named to children by DATABASE_URL, unless the caller has set one."""
    use_local_settings()
    server = None
    try:
        if not os.environ.get("DATABASE_URL"):
            server = LocalPostgres(var_directory() / name)
            os.environ["DATABASE_URL"] = server.start()
        yield
    finally:
        if server:
            server.stop(only_if_unused=True)


def run(command: Sequence[str]) -> int:
    return subprocess.run([sys.executable, *command], check=False).returncode


def guarded(what: Callable[[], int]) -> int:
    """With the exit code and words a person expects."""
    try:
        return what()
    except LocalPostgresError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def main(arguments: Sequence[str]) -> int:
    name, *command = arguments
    with database(name):
        return run(command)


if __name__ == "__main__":
    sys.exit(guarded(lambda: main(sys.argv[1:])))
