"""The pool of processes that draw pages: real processes that are killed, hang, swell and crash."""

from __future__ import annotations

import contextlib
import logging
import os
import pickle
import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from library.pdf import pool as module
from library.pdf import worker_handle
from library.pdf.pool import Limits, Pool, TooBusy, TooLong, WorkerDied
from tests.library.pdf import pool_tasks as tasks
from tests.library.pdf.waiting import gone, until


@pytest.fixture
def make_pool():
    made = []

    def make(**limits) -> Pool:
        made.append(Pool(Limits(preload=(), **limits)))
        return made[-1]

    yield make
    for pool in made:
        pids = pool.pids()
        pool.close()
        for pid in pids:
            assert gone(pid)


def lines(file: Path) -> list[str]:
    return file.read_text().split() if file.exists() else []


def test_results_and_exceptions_come_back(make_pool):
    pool = make_pool(workers=1)
    assert pool.pids() == [], "started when first needed"
    assert pool.run(tasks.add, 1, 2) == 3
    worker = pool.pids()
    with pytest.raises(tasks.Refused, match="not this one") as error:
        pool.run(tasks.refuse, "not this one")
    assert "pool_tasks.py" in error.value.__notes__[0], "where it happened"
    with pytest.raises(RuntimeError, match="Awkward: 1"):
        pool.run(tasks.awkward)
    with pytest.raises((AttributeError, pickle.PicklingError)):
        pool.run(lambda: 1)
    assert pool.run(tasks.add, 1, 2) == 3
    assert pool.pids() == worker, "none of this cost a worker"


def test_a_worker_knows_nothing_of_the_web_process(make_pool, monkeypatch):
    monkeypatch.setenv("PST_SECRET_KEY", "secret")
    pool = make_pool(workers=1)
    loaded = pool.run(tasks.modules)
    assert not [name for name in loaded if name.split(".")[0] in {"django", "psycopg", "pst", "pytest"}]
    assert not {"PST_SECRET_KEY", "DATABASE_URL"} & pool.run(tasks.environment).keys()


def test_drawing_loads_no_django(make_pool):
    pool = Pool(Limits(workers=1))
    try:
        loaded = pool.run(tasks.modules)
    finally:
        pool.close()
    assert "pypdfium2" in loaded
    assert not [name for name in loaded if name.split(".")[0] in {"django", "psycopg", "pst"}]


def test_an_answer_cannot_call_anything_where_it_is_read(make_pool):
    with pytest.raises(WorkerDied, match="not allowed"):
        make_pool(workers=1).run(tasks.surprise)


def test_killed_in_mid_task_it_is_tried_once_more_and_others_go_on(make_pool, tmp_path, caplog):
    pool, told = make_pool(workers=2), tmp_path / "pids"
    with ThreadPoolExecutor(2) as threads:
        task = threads.submit(lambda: pool.run(tasks.announced, str(told), 0.5, about="buku.pdf"))
        other = threads.submit(pool.run, tasks.pid, 1.0)
        until(lambda: len(lines(told)) == 1)
        first = int(lines(told)[0])
        os.kill(first, signal.SIGKILL)
        assert task.result(20) == int(lines(told)[1]) != first
        assert other.result(20)
    assert [r.getMessage() for r in caplog.records] == [
        f"Worker {first} died (signal SIGKILL): announced buku.pdf; tried once more"
    ]


def test_killed_twice_it_is_given_up(make_pool, tmp_path, caplog):
    pool, told = make_pool(workers=1), tmp_path / "pids"
    with ThreadPoolExecutor(1) as threads:
        task = threads.submit(pool.run, tasks.announced, str(told), 30)
        for n in range(2):
            until(lambda n=n: len(lines(told)) == n + 1)
            os.kill(int(lines(told)[n]), signal.SIGKILL)
        with pytest.raises(WorkerDied, match="SIGKILL"):
            task.result(20)
    assert len(lines(told)) == 2
    assert [r.levelno for r in caplog.records] == [logging.ERROR] * 2
    assert pool.run(tasks.add, 1, 2) == 3


def test_only_the_server_ends_a_worker(make_pool, tmp_path):
    """Ctrl-C and systemd's SIGTERM reach every process of the service; pages in hand are still drawn."""
    pool, told = make_pool(workers=1), tmp_path / "pids"
    with ThreadPoolExecutor(1) as threads:
        task = threads.submit(pool.run, tasks.announced, str(told), 0.5)
        until(lambda: lines(told))
        worker = int(lines(told)[0])
        os.kill(worker, signal.SIGTERM)
        os.kill(worker, signal.SIGINT)
        assert task.result(20) == worker


def test_killed_while_idle_nobody_notices(make_pool):
    pool = make_pool(workers=1)
    for _n in range(3):
        pid = pool.run(tasks.pid)
        os.kill(pid, signal.SIGKILL)
        assert gone(pid)
        assert pool.run(tasks.add, 1, 2) == 3


@pytest.mark.parametrize("task", [tasks.half_an_answer, tasks.crash])
def test_killed_while_it_answers_or_by_itself(make_pool, task):
    pool = make_pool(workers=2)
    with ThreadPoolExecutor(4) as threads:
        bad = [threads.submit(pool.run, task) for _n in range(2)]
        good = [threads.submit(pool.run, tasks.add, n, 1) for n in range(6)]
        assert [future.result(20) for future in good] == [1, 2, 3, 4, 5, 6]
        for future in bad:
            with pytest.raises(WorkerDied, match="signal SIG"):
                future.result(20)
    assert pool.run(tasks.add, 1, 2) == 3


def test_an_answer_that_stops_in_its_middle(make_pool, monkeypatch):
    monkeypatch.setattr(worker_handle, "STALLS", 1)
    pool = make_pool(workers=1)
    with pytest.raises(WorkerDied):
        pool.run(tasks.half_an_answer_and_silence)
    assert pool.run(tasks.add, 1, 2) == 3


def test_no_process_can_be_started(make_pool, monkeypatch):
    pool = make_pool(workers=1)
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    with pytest.raises(WorkerDied, match="started"):
        pool.run(tasks.add, 1, 2)
    monkeypatch.undo()
    assert pool.run(tasks.add, 1, 2) == 3


def test_a_worker_that_cannot_begin(make_pool):
    """So little memory that Python itself does not fit in."""
    pool = make_pool(workers=1, memory=8 * 2**20)
    with pytest.raises(WorkerDied):
        pool.run(tasks.add, 1, 2)
    assert pool._places == 0


def test_a_task_that_eats_memory(make_pool, caplog):
    pool = make_pool(workers=2, memory=300 * 2**20)
    with ThreadPoolExecutor(2) as threads:
        other = threads.submit(pool.run, tasks.pid, 1)
        with pytest.raises(WorkerDied, match="out of memory"):
            pool.run(tasks.eat)
        assert other.result(20)
    assert len(caplog.records) == 1, "in a new worker, it would swell again: not tried twice"
    assert pool.run(tasks.add, 1, 2) == 3


def test_what_crashes_an_old_worker_is_tried_in_a_new_one(make_pool, caplog):
    """What came before may have filled its memory."""
    pool = make_pool(workers=1, memory=300 * 2**20)
    pool.run(tasks.keep, 150)
    assert pool.run(tasks.keep, 150) == 150
    assert [r.getMessage().partition(" died ")[2] for r in caplog.records] == [
        "(out of memory): keep; tried once more"
    ]


@pytest.mark.parametrize("task", [tasks.spin, tasks.sleep_in_c])
def test_a_task_that_never_ends(make_pool, task, caplog):
    pool = make_pool(workers=1)
    pid = pool.run(tasks.pid)
    with pytest.raises(TooLong):
        pool.run(task, seconds=0.5)
    assert gone(pid)
    assert "stopped after 0.5 s" in caplog.text
    assert pool.run(tasks.add, 1, 2) == 3


def test_eight_threads_at_once(make_pool):
    pool = make_pool(workers=2, tasks=7)
    with ThreadPoolExecutor(8) as threads:
        results = list(threads.map(lambda n: pool.run(tasks.add, n, 1), range(200)))
    assert results == list(range(1, 201)), "every one got its own answer"
    assert len(pool.pids()) <= 2


def test_workers_killed_all_the_time(make_pool):
    """Whoever gets an answer gets their own, and afterwards the pool is as it was."""
    pool, over, killed = make_pool(workers=2, tasks=9), threading.Event(), []

    def kill() -> None:
        while not over.wait(0.15):
            for pid in pool.pids()[:1]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                    killed.append(pid)

    def ask(n: int) -> int | None:
        try:
            return pool.run(tasks.add, n, 1, 0.02)
        except WorkerDied:
            return None

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        with ThreadPoolExecutor(6) as threads:
            answers = list(threads.map(ask, range(150)))
    finally:
        over.set()
        killer.join()
    assert len(killed) > 3
    assert {answer - n for n, answer in enumerate(answers) if answer is not None} == {1}
    assert pool.run(tasks.add, 1, 2) == 3
    assert (len(pool._queue), pool._places) == (0, len(pool._all))


def test_a_worker_is_renewed(make_pool):
    pool = make_pool(workers=1, tasks=3)
    pids = [pool.run(tasks.pid) for _n in range(7)]
    assert [pids.count(pid) for pid in dict.fromkeys(pids)] == [3, 3, 1]
    assert gone(pids[0])
    assert gone(pids[3])


def test_who_finds_the_queue_full_is_refused_at_once(make_pool, tmp_path):
    pool, told = make_pool(workers=1, waiting=2), tmp_path / "pids"
    with ThreadPoolExecutor(3) as threads:
        running = threads.submit(pool.run, tasks.announced, str(told), 1)
        until(lambda: lines(told))
        waiting = [threads.submit(pool.run, tasks.pid) for _n in range(2)]
        until(lambda: len(pool._queue) == 2)
        with pytest.raises(TooBusy):
            pool.run(tasks.pid)
        assert not running.done(), "it did not wait for that"
        assert [future.result(20) for future in waiting] == [running.result()] * 2


def test_waiting_ends_too(make_pool, tmp_path):
    pool, told = make_pool(workers=1), tmp_path / "pids"
    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(pool.run, tasks.announced, str(told), 1.5)
        until(lambda: lines(told))
        with pytest.raises(TooBusy):
            pool.run(tasks.pid, seconds=0.2)
        assert running.result(20)
    assert pool.run(tasks.pid)


def test_closing_frees_those_who_wait(make_pool, tmp_path):
    pool, told = make_pool(workers=1), tmp_path / "pids"
    with ThreadPoolExecutor(2) as threads:
        running = threads.submit(pool.run, tasks.announced, str(told), 30)
        until(lambda: lines(told))
        waiting = threads.submit(pool.run, tasks.pid)
        until(lambda: len(pool._queue) == 1)
        pool.close()
        for future in (running, waiting):
            with pytest.raises(TooBusy):
                future.result(5)
    with pytest.raises(TooBusy):
        pool.run(tasks.pid)


def test_the_pool_of_the_process():
    module.configure(workers=1, preload=())
    try:
        pid = module.run(tasks.pid)
        assert module.run(tasks.pid) == pid
        module.close()
        assert gone(pid)
        assert module.run(tasks.pid) != pid
    finally:
        module.configure()


def test_faults_survive_pickling():
    for fault in (WorkerDied("a"), TooLong("b"), TooBusy("c")):
        again = pickle.loads(pickle.dumps(fault))
        assert (type(again), again.args) == (type(fault), fault.args)
