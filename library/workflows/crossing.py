"""Two who write the same at once: an import that takes minutes, and a desk that must not wait so long: it has a handful of
threads for everybody."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _

from services.workflow import IllegalMove

ENTRY = 7411_0600  # one entry at a time: who enters the same book at the same moment sees the other's
TURNS, PAUSE = 600, 0.1  # so often and so long does an import wait until no desk is entering a book
LONGEST = "5s"  # a desk waits for another's lock
CROSSED = {"40P01", "55P03"}  # PostgreSQL: each waited for the other; waited too long
T = TypeVar("T")


class Busy(IllegalMove):
    """What is to be written is held by somebody else for longer than an officer waits."""


class Overtaken(Exception):
    """A desk wrote meanwhile what an import was about to write; or desks write without end."""


def one_at_a_time() -> None:
    """Whoever enters a book, until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ENTRY])


def no_desk_enters() -> None:
    """The same for an import, at its end. It does not queue: a desk may wait for it, and gives up after LONGEST. Raises
    Overtaken."""
    for _turn in range(TURNS):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [ENTRY])
            if cursor.fetchone()[0]:
                return
        time.sleep(PAUSE)
    raise Overtaken


def crossed(problem: Exception) -> bool:
    """Whether the same again may succeed a moment later."""
    return isinstance(problem, OperationalError) and (getattr(problem.__cause__, "sqlstate", None) in CROSSED)


def patient(work: Callable[..., T]) -> Callable[..., T]:
    """One transaction that waits for no lock longer than LONGEST, and says so (`Busy`): nothing is written then."""

    @wraps(work)
    def wrapped(*args: Any, **more: Any) -> T:
        try:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SELECT set_config('lock_timeout', %s, true)", [LONGEST])
                return work(*args, **more)
        except OperationalError as problem:
            if not crossed(problem):
                raise
            raise Busy(
                _("Sebuah impor sedang menulis ke katalog. Tunggu sebentar, lalu simpan lagi.")
            ) from problem

    return wrapped


def in_turn(key: str) -> None:
    """One after the other, whoever names the same key, until the end of this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
