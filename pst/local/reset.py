"""`make reset-demo CONFIRM=yes`: deletes the local database and the uploads that belong to it."""

from __future__ import annotations

import os
import shutil
import sys

from pst.local.cluster import LocalPostgresError
from pst.local.postgres import LocalPostgres, var_directory


def main() -> int:
    server = LocalPostgres(var_directory() / "postgres")
    uploads = var_directory() / "files"
    if os.environ.get("DATABASE_URL"):
        print("DATABASE_URL is set: a server of yours is not touched.", file=sys.stderr)
        return 1
    if os.environ.get("CONFIRM") != "yes":
        print(f"This deletes for good:\n  {server.cluster.data}\n  {uploads}")
        print("If you want that: make reset-demo CONFIRM=yes")
        return 1
    try:
        if not server.stop(only_if_unused=True):
            print("The database is in use. End `make run` (Ctrl-C) first.", file=sys.stderr)
            return 1
        server.destroy()
        shutil.rmtree(uploads, ignore_errors=True)
    except LocalPostgresError as error:
        print(error, file=sys.stderr)
        return 1
    print("Deleted. The next `make run` loads the demo offices anew.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
