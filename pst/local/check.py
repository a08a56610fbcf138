"""`make check`: all that can be said about the code without running the tests, then the verdict."""

from __future__ import annotations

import os
import subprocess
import sys
import time

from pst.local.cluster import LocalPostgresError
from pst.local.postgres import LocalPostgres, var_directory

PACKAGES = ["pst", "services", "library", "consultation", "queueing", "complaints"]
CHECKS = {
    "rules (ruff)": ["-m", "ruff", "check", "."],
    "formatting (ruff)": ["-m", "ruff", "format", "--check", "."],
    "templates (djlint)": ["-m", "djlint", "--lint", "--quiet", "templates"],
    "types (mypy)": ["-m", "mypy", *PACKAGES],
    "layers (import-linter)": ["-c", "from importlinter.cli import lint_imports_command as run; run()"],
    "Django's checks": ["manage.py", "check"],
    "missing migrations": ["manage.py", "makemigrations", "--check", "--dry-run"],
}


def run_all() -> int:
    failed = []
    for number, (name, command) in enumerate(CHECKS.items(), start=1):
        started = time.monotonic()
        done = subprocess.run(
            [sys.executable, *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
        verdict = "FAILED" if done.returncode else "ok"
        print(f"[{number}/{len(CHECKS)}] {name}: {verdict} ({time.monotonic() - started:.1f} s)", flush=True)
        if done.returncode:
            failed.append(name)
            print(done.stdout.rstrip(), flush=True)
    print(f"Failed: {', '.join(failed)}." if failed else "All checks passed.")
    return 1 if failed else 0


def main() -> int:
    os.environ.setdefault("PST_MODE", "test")
    os.environ.setdefault("PST_SECRET_KEY", "only-for-checks-" * 4)
    if os.environ.get("DATABASE_URL"):
        return run_all()
    server = LocalPostgres(var_directory() / "test-postgres")
    try:
        os.environ["DATABASE_URL"] = server.start(fsync=False)
        return run_all()
    except LocalPostgresError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        server.stop(only_if_unused=True)


if __name__ == "__main__":
    sys.exit(main())
