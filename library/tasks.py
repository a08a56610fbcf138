"""What the worker does for the library, every day."""

from __future__ import annotations

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from library.search import index
from library.workflows import circulation, holds, imports, notices, statistics
from services.audit.actors import SYSTEM

# A mail server that is away for some hours delays a notice; the last try is about six hours after the first.
LATER = RetryStrategy(max_attempts=8, exponential_wait=4)


@app.periodic(cron="20 18 * * *")  # 01.20 WIB
@app.task
def nightly(timestamp: int) -> None:
    """Holds that were not fetched, borrowers of books that are long back, notices, old counts, the catalogue's words."""
    holds.expire(by=SYSTEM)
    holds.serve_line(by=SYSTEM)
    circulation.forget_borrowers()
    notices.write()
    statistics.forget_old()
    index.refresh_words()


@app.task(name=imports.TASK)
def work_on_import(pk: int) -> None:
    """Read, apply or take back an import, whichever it waits for."""
    imports.work(pk)


@app.periodic(cron="0 17 * * *")  # 00.00 WIB
@app.task
def read_sources(timestamp: int) -> None:
    """Catalogues that are fetched every night; what cannot be taken back any more is let go."""
    imports.take_up()
    imports.read_nightly()
    imports.forget_old()


@app.task(name=notices.LOANS_TASK, retry=LATER)
def send_loan_notice(batch: str) -> None:
    notices.send(batch)


@app.task(name=notices.READY_TASK, retry=LATER)
def send_ready_notice(hold: int, until: str) -> None:
    notices.send_ready(hold, until)
