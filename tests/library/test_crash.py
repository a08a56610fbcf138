"""What an officer was told is so stays so, though the database is killed the moment after."""

from __future__ import annotations

import json
import subprocess
import sys

from tests.faults.place import own_place

CHANGES = 60  # acknowledged before each of the kills
KILLS = 2


def test_a_loan_or_permission_that_was_acknowledged_survives_a_killed_database():
    with own_place() as place:
        told: dict[int, dict] = {}
        for turn in range(KILLS):
            with place.environment():
                desk = subprocess.Popen(
                    [sys.executable, "-m", "tests.faults.lend", *([] if turn else ["--make"])],
                    stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                )  # fmt: skip
            assert desk.stdout is not None
            assert json.loads(next(line for line in desk.stdout if line.startswith("{"))) == {"ready": True}
            for _n in range(CHANGES):
                change = json.loads(desk.stdout.readline())
                told[change["loan"]] = change
            place.kill_database()
            rest = desk.communicate(timeout=60)[0]  # what was still acknowledged before it noticed
            for line in rest.splitlines():
                told[json.loads(line)["loan"]] = json.loads(line)
            assert desk.returncode != 0
            place.start_database()
        stored = {
            pk: {"loan": pk, "copy": copy, "state": state}
            for pk, copy, state in place.rows("SELECT id, copy_id, state FROM library_loan")
        }
        out = [change["copy"] for change in stored.values() if change["state"] == "out"]
        assert len(out) == len(set(out))
        assert {pk for (pk,) in place.rows("SELECT id FROM library_copy WHERE state = 'out'")} == set(out)
        # One more may have been stored at each kill without its answer; none that was answered is missing or undone.
        other = [stored[pk] for pk, change in told.items() if stored[pk] != change]
        assert all(change["state"] == "returned" for change in other)
        assert len(other) + len(stored) - len(told) <= KILLS
        assert len(told) > CHANGES // 2
