"""`make demo-year`: the local database with the demo offices, filled with a year (pst/demo_year); arguments go to the command.

Beside a running `make run` or without it: the server is stopped at the end only if nobody else uses it.
"""

from __future__ import annotations

import sys

from pst.local import within

STEPS = (["migrate", "--no-input", "--verbosity", "0"], ["load_demo"])


def main(arguments: list[str]) -> int:
    code = 0
    with within.database("postgres"):
        for step in (*STEPS, ["demo_year", *arguments]):
            code = within.run(["manage.py", *step])
            if code:
                break
    return code


if __name__ == "__main__":
    sys.exit(within.guarded(lambda: main(sys.argv[1:])))
