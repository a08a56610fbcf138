"""`python -m tests.bench NAME` (make bench NAME=…): prints progress, then one JSON object as its last line.

A benchmark is a module of this package with `run(*, long: bool) -> dict`. It needs DATABASE_URL of a server on
which it may make a database of its own; `make bench` starts one. LONG=1 in the environment: the full size.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from pathlib import Path

from pst.local.environment import use_local_settings

NOT_BENCHMARKS = {"__init__", "__main__", "place", "http"}


def names() -> list[str]:
    return sorted(p.stem for p in Path(__file__).parent.glob("*.py") if p.stem not in NOT_BENCHMARKS)


def main() -> int:
    if len(sys.argv) != 2 or sys.argv[1] not in names():
        print(f"Say which benchmark: {', '.join(names())}", file=sys.stderr)
        return 2
    if not os.environ.get("DATABASE_URL"):
        print("DATABASE_URL is not set; `make bench NAME=…` starts a database.", file=sys.stderr)
        return 2
    use_local_settings()
    os.environ.setdefault("PST_LOG_LEVEL", "WARNING")
    name = sys.argv[1]
    long = os.environ.get("LONG", "").lower() in {"1", "true", "yes", "on"}
    figures = importlib.import_module(f"tests.bench.{name}").run(long=long)
    print(json.dumps({"bench": name, "figures": figures}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
