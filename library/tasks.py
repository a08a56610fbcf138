"""What the worker does for the library, every day."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from library.digital import folder, from_webapi, left_over
from library.models import CatalogueSource, Publication
from library.search import index
from library.workflows import (
    circulation,
    excerpts,
    handing,
    holds,
    imports,
    imports_nightly,
    intake,
    notices,
    statistics,
)
from services.audit.actors import SYSTEM
from services.offices.models import Office

log = logging.getLogger(__name__)
# A mail server that is away for some hours delays a notice; the last try is about six hours after the first.
LATER = RetryStrategy(max_attempts=8, exponential_wait=4)


@app.periodic(cron="20 18 * * *")  # 01.20 WIB
@app.task
def nightly(timestamp: int) -> None:
    """Holds that were not fetched, borrowers of books that are long back, notices, files of excerpts, softcopies that
    still wait to be checked, files that a crash left, old counts, the catalogue's words."""
    steps: dict[str, Callable[[], object]] = {
        "expire": lambda: holds.expire(by=SYSTEM),
        "serve": lambda: holds.serve_line(by=SYSTEM),
        "forget": circulation.forget_borrowers,
        "notices": notices.write,
        "excerpts": excerpts.forget_files,
        "softcopies": intake.take_up,
        "left over": left_over.clear,
        "old counts": statistics.forget_old,
        "words": index.refresh_words,
    }
    failed = []
    for name, step in steps.items():  # one that fails keeps no reader from their notice
        try:
            step()
        except Exception:
            log.exception("nightly step %s failed", name)
            failed.append(name)
    if failed:
        raise RuntimeError(f"failed: {', '.join(failed)}")


@app.periodic(cron="* * * * *")
@app.task
def release_due(timestamp: int) -> None:
    """What came out of its embargo is new to whoever harvests this catalogue. To readers it is public without this."""
    due = Publication.objects.filter(embargo_until__lte=timezone.now())
    due.update(embargo_until=None, updated_at=timezone.now())


@app.task(name=imports.TASK)
def work_on_import(pk: int) -> None:
    """Read, apply or take back an import, whichever it waits for."""
    imports.work(pk)


@app.periodic(cron="0 17 * * *")  # 00.00 WIB
@app.task
def read_sources(timestamp: int) -> None:
    """Catalogues that are fetched every night; what cannot be taken back any more is let go."""
    imports_nightly.take_up()
    imports_nightly.read_nightly()
    imports_nightly.forget_old()


@app.task(name=notices.LOANS_TASK, retry=LATER)
def send_loan_notice(batch: str) -> None:
    notices.send(batch)


@app.task(name=notices.READY_TASK, retry=LATER)
def send_ready_notice(hold: int, until: str) -> None:
    notices.send_ready(hold, until)


@app.task(name=intake.TASK, retry=LATER)
def check_softcopy(pk: int) -> None:
    """Tried again while the virus scanner or the storage is away."""
    intake.check(pk)


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="library.folder", lock="library.folder")
def take_from_folder(timestamp: int) -> None:
    """PDFs that were put into the offices' folders (PST_INTAKE_FOLDER)."""
    if not settings.INTAKE_FOLDER:
        return
    place = Path(settings.INTAKE_FOLDER)
    if not place.is_dir():
        log.warning("PST_INTAKE_FOLDER: %s is not there", place)
        return
    for office, own in folder.offices(place):
        for outcome in folder.take(office, own):
            log.info("%s: %s", outcome.path, outcome.problem or "taken")


@app.periodic(cron="30 17 * * *")  # 00.30 WIB, after the catalogues
@app.task(lock="library.webapi_files")
def fetch_softcopies(timestamp: int) -> None:
    """Files that the BPS WebAPI has for publications without one here."""
    if not settings.BPS_KEY:
        return
    sources = CatalogueSource.objects.filter(kind=CatalogueSource.Kind.WEBAPI, softcopies=True)
    for source in sources.filter(office__in=Office.objects.serving()).select_related("office"):
        log.info("%s: %d softcopies fetched", source, from_webapi.fetch(source))


@app.task(name=intake.COVER_TASK)
def draw_softcopy_cover(pk: int) -> None:
    intake.draw_cover(pk)


@app.task(name=handing.TASK, retry=LATER)
def send_copy_link(pk: int, site: str) -> None:
    handing.send(pk, site)
