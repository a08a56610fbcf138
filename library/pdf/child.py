"""One function in a process of its own, under limits: PDF libraries crash and swell on broken or hostile files, and then
only that process ends.

`python -m library.pdf.child` is the child's side: it reads what to do from standard input, limits itself before it loads
anything, and writes its answer to standard output, both JSON. It imports no Django and gets none of the environment's
secrets.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import logging
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal, NoReturn

from library.pdf.faults import Refused

log = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parents[2]
KEPT = ("PATH", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "TZ")
TAIL = 4_000  # bytes of what it wrote to standard error
NEARLY = 0.8  # of the memory it may have
PATIENCE = 0.05  # the longest seconds between two looks at it
MB = 1_000_000

Reason = Literal["time", "memory", "crash"]


class Died(Exception):
    """The process gave no answer. `detail` is for the log: how it ended and the tail of what it said."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True)
class Ended:
    answer: Any
    peak_mb: float  # of memory in use
    seconds: float


def call(function: str, *, seconds: float, megabytes: int, file_megabytes: int, **arguments: Any) -> Any:
    """The answer of `function` ("library.pdf.examine:examine"); paths go over as text. Raises Died, what the function
    refused (Refused), and OSError for a full disk."""
    given = {"seconds": seconds, "megabytes": megabytes, "file_megabytes": file_megabytes}
    return run(function, arguments, **given).answer  # type: ignore[arg-type]


def run(
    function: str, arguments: dict[str, Any], *, seconds: float, megabytes: int, file_megabytes: int
) -> Ended:
    """As `call`, with what it took."""
    order = {
        "function": function,
        "arguments": arguments,
        "seconds": seconds,
        "megabytes": megabytes,
        "file_megabytes": file_megabytes,
    }
    started = time.monotonic()
    # Files and not pipes: nobody has to read while the other writes, and the limit on files bounds the answer.
    with (
        tempfile.TemporaryFile() as asked,
        tempfile.TemporaryFile() as said,
        tempfile.TemporaryFile() as noise,
    ):
        asked.write(json.dumps(order, default=str).encode())
        asked.seek(0)
        process = subprocess.Popen(
            [sys.executable, "-m", "library.pdf.child"],
            stdin=asked, stdout=said, stderr=noise, cwd=ROOT, env=_environment(), start_new_session=True,
        )  # fmt: skip
        try:
            in_time, grown = _wait(process.pid, seconds)
        finally:
            # Before it is waited for: as long as nobody did, its number and its group are nobody else's.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        took = time.monotonic() - started
        ended = (process.returncode, in_time, grown > NEARLY * megabytes, took)
        return _judge(function, *ended, said, noise)


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}


def _wait(pid: int, seconds: float) -> tuple[bool, float]:
    """Whether it ended by itself within this time, and the most MB of address space it was seen to have."""
    deadline, pause, grown = time.monotonic() + seconds, 0.002, 0.0
    while os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is None:
        left = deadline - time.monotonic()
        if left <= 0:
            return False, grown
        grown = max(grown, _status(pid, "VmPeak"))
        time.sleep(min(pause, left))
        pause = min(2 * pause, PATIENCE)
    return True, grown


def _judge(
    function: str, code: int, in_time: bool, swollen: bool, took: float, said: IO[bytes], noise: IO[bytes]
) -> Ended:
    noise.seek(0, os.SEEK_END)
    noise.seek(max(0, noise.tell() - TAIL))
    tail = noise.read().decode(errors="replace").strip()
    detail = f"{function} ended with {code} after {took:.1f} s. {tail}"
    if not in_time or code == -signal.SIGXCPU:
        raise Died("time", detail)
    said.seek(0)
    try:
        answer: dict[str, Any] = json.loads(said.read()) if code == 0 else {"died": "crash"}
    except ValueError:
        answer = {"died": "crash"}
    # Killed, not by us: the system had no memory left. Broken down at the limit: a library that takes no such answer.
    if code == -signal.SIGKILL or (code < 0 and swollen):
        answer = {"died": "memory"}
    if "died" in answer:
        raise Died(answer["died"], detail)
    if "refused" in answer:
        raise Refused(answer["refused"], **answer["values"])
    if "system" in answer:
        raise OSError(*answer["system"])
    log.debug("%s took %.1f s and %.0f MB", function, took, answer["peak_mb"])
    return Ended(answer["answer"], answer["peak_mb"], took)


def main() -> NoReturn:
    """The child's side. Its own standard output becomes standard error, because libraries write there as they like."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    order = json.load(sys.stdin)
    _limit(order)
    try:
        answer = _answer(order)
    except MemoryError:
        answer = {"died": "memory"}
    except Refused as refused:
        answer = {"refused": refused.code, "values": refused.values}
    except OSError as error:
        traceback.print_exc()
        answer = {"system": [error.errno, error.strerror or str(error)]}
    json.dump(answer, out)
    out.flush()
    sys.stderr.flush()
    # Without the farewells of interpreter and libraries, which may fail on a broken document after all is done.
    os._exit(0)


def _answer(order: dict[str, Any]) -> dict[str, Any]:
    module, _, name = order["function"].partition(":")
    answer = getattr(importlib.import_module(module), name)(**order["arguments"])
    return {"answer": answer, "peak_mb": _status(os.getpid(), "VmHWM")}


def _limit(order: dict[str, Any]) -> None:
    seconds, memory, disk = int(order["seconds"]) + 1, order["megabytes"] * MB, order["file_megabytes"] * MB
    for kind, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, disk),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    signal.alarm(seconds + 5)  # should the parent be gone


def _status(pid: int, field: str) -> float:
    """MB. Not from getrusage, which counts what the parent had when it started the process."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
        return int(status.partition(f"{field}:")[2].split()[0]) / 1_000
    except (OSError, ValueError, IndexError):
        return 0.0


if __name__ == "__main__":
    main()
