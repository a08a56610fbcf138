"""Things that happen at the same instant, each with a database connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from django.db import connections, transaction

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


class Held:
    """`action` is done in a thread of its own, its transaction stays open until `let_go`."""

    def __init__(self, action: Callable[[], Any]) -> None:
        self.action, self.problem = action, None
        self.done, self.go = threading.Event(), threading.Event()

    def __enter__(self):
        self.thread = threading.Thread(target=self._run)
        self.thread.start()
        assert self.done.wait(LIMIT_SECONDS)
        if self.problem:
            raise self.problem
        return self

    def _run(self):
        try:
            with transaction.atomic():
                self.action()
                self.done.set()
                self.go.wait(LIMIT_SECONDS)
        except Exception as problem:
            self.problem = problem
        finally:
            self.done.set()
            connections.close_all()

    def let_go(self):
        self.go.set()
        self.thread.join(LIMIT_SECONDS)
        if self.problem:
            raise self.problem

    def __exit__(self, *_problem):
        self.go.set()
        self.thread.join(LIMIT_SECONDS)


class Beside:
    """`action` in a thread of its own; by the time this returns it is under way, or waits for a lock."""

    def __init__(self, action: Callable[[], Any]) -> None:
        self.action, self.problem = action, None
        self.thread = threading.Thread(target=self._run)
        self.thread.start()
        self.thread.join(0.3)

    def _run(self):
        try:
            self.action()
        except Exception as problem:
            self.problem = problem
        finally:
            connections.close_all()

    def finish(self):
        self.thread.join(LIMIT_SECONDS)
        assert not self.thread.is_alive()
        if self.problem:
            raise self.problem
