"""What the worker does for the library, every day."""

from __future__ import annotations

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from library.search import index
from library.workflows import circulation, notices, upkeep
from services.audit.actors import SYSTEM

# A mail server that is away for some hours delays a notice; the last try is about six hours after the first.
LATER = RetryStrategy(max_attempts=8, exponential_wait=4)


@app.periodic(cron="20 18 * * *")  # 01.20 WIB
@app.task
def nightly(timestamp: int) -> None:
    """Holds that were not fetched, borrowers of books that are long back, notices, the words of the catalogue."""
    circulation.expire_holds(by=SYSTEM)
    upkeep.serve_line(by=SYSTEM)
    circulation.forget_borrowers()
    notices.write()
    index.refresh_words()


@app.task(name=notices.LOANS_TASK, retry=LATER)
def send_loan_notice(batch: str) -> None:
    notices.send(batch)


@app.task(name=notices.READY_TASK, retry=LATER)
def send_ready_notice(hold: int, until: str) -> None:
    notices.send_ready(hold, until)
