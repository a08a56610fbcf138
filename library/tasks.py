"""What the worker does for the library, every day."""

from __future__ import annotations

from procrastinate.contrib.django import app

from library.search import index
from library.workflows import circulation, imports, statistics
from services.audit.actors import SYSTEM


@app.periodic(cron="20 18 * * *")  # 01.20 WIB
@app.task
def nightly(timestamp: int) -> None:
    """Holds that were not fetched, borrowers of books that are long back, old counts, the words of the catalogue."""
    circulation.expire_holds(by=SYSTEM)
    circulation.forget_borrowers()
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
    imports.read_nightly()
    imports.forget_old()
