"""What the worker does for the library, every day."""

from __future__ import annotations

from procrastinate.contrib.django import app

from library.search import index
from library.workflows import circulation, statistics
from services.audit.actors import SYSTEM


@app.periodic(cron="20 18 * * *")  # 01.20 WIB
@app.task
def nightly(timestamp: int) -> None:
    """Holds that were not fetched, borrowers of books that are long back, old counts, the words of the catalogue."""
    circulation.expire_holds(by=SYSTEM)
    circulation.forget_borrowers()
    statistics.forget_old()
    index.refresh_words()
