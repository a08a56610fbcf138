"""Things that happen at the same instant, each with a database connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from django.db import connections

LIMIT_SECONDS = 60


def at_once(*actions: Callable[[], Any]) -> list[Any]:
    """Start all actions together and wait for them: what each returned, or the exception it raised."""
    gate = threading.Barrier(len(actions))
    answers: list[Any] = [None] * len(actions)

    def run(number: int, action: Callable[[], Any]) -> None:
        try:
            gate.wait(LIMIT_SECONDS)
            answers[number] = action()
        except Exception as problem:
            answers[number] = problem
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LIMIT_SECONDS)
        assert not thread.is_alive(), "still running"
    return answers
