"""The file that goes with a WhatsApp message: fetched from Meta by the worker, then checked like any other.

Meta keeps it for some weeks and names its place for five minutes at a time; so every try asks for the place anew.
"""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta
from tempfile import TemporaryFile
from typing import BinaryIO

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from procrastinate.contrib.django import app

from consultation import files
from consultation.models import IncomingWhatsApp
from services import channels
from services.whatsapp import api

log = logging.getLogger(__name__)
TASK = "consultation.whatsapp_media"
WAITS = tuple(timedelta(minutes=m) for m in (5, 15, 60, 240, 720, 1440))
MOST_TRIES = len(WAITS) + 1
AT_ONCE = 20  # of one run
LONGEST_RUN = 120  # seconds; one file may take as long
Media = IncomingWhatsApp.Media


def defer(came: IncomingWhatsApp) -> None:
    app.configure_task(TASK).defer(pk=came.pk)


def fetch(pk: int, *, at: datetime | None = None) -> bool:
    """Whether it is here now. Meta is spoken to outside of any transaction; the try is counted before it begins."""
    at = at or timezone.now()
    due = IncomingWhatsApp.objects.filter(pk=pk, media=Media.WAITING, media_next_at__lte=at)
    if not due.update(media_tries=F("media_tries") + 1, media_next_at=at + WAITS[0]):
        return False
    came = IncomingWhatsApp.objects.select_related("office", "attachment").get(pk=pk)
    with TemporaryFile() as into:
        try:
            _fetched(came, into)
        except api.MediaProblem as problem:
            _failed(came, problem, at)
            return False
        into.flush()
        _end(came, Media.FETCHED, File(into, name="berkas"))
    return True


def _fetched(came: IncomingWhatsApp, into: BinaryIO) -> None:
    number = channels.whatsapp(came.office)
    if number is None:
        raise api.MediaProblem("not configured")
    for again in (True, False):
        try:
            place = api.place_of(number, came.media_id)
            api.fetch(number, place, into, most=settings.ATTACHMENT_MOST_BYTES)
            return
        except api.MediaProblem as problem:
            if not (again and problem.why == "expired"):
                raise
            into.seek(0)
            into.truncate()


def _failed(came: IncomingWhatsApp, problem: api.MediaProblem, at: datetime) -> None:
    log.warning("File of WhatsApp message %s: %s", came.pk, problem.why)
    if problem.final or came.media_tries >= MOST_TRIES:
        _end(came, Media.FAILED, None, "too_large" if isinstance(problem, api.TooLarge) else "not_fetched")
        return
    IncomingWhatsApp.objects.filter(pk=came.pk, media=Media.WAITING).update(
        media_next_at=at + WAITS[min(came.media_tries, len(WAITS)) - 1], media_problem=problem.why[:100]
    )


@transaction.atomic
def _end(came: IncomingWhatsApp, media: str, file: File | None, why: str = "") -> None:
    rows = IncomingWhatsApp.objects.select_for_update(of=("self",))
    found = rows.filter(pk=came.pk, media=Media.WAITING).first()
    if found is None:
        return
    found.media, found.media_next_at, found.media_problem = media, None, why
    found.save(update_fields=["media", "media_next_at", "media_problem"])
    if came.attachment:
        files.arrived(came.attachment, file, why=why)


def sweep(at: datetime | None = None) -> int:
    """Every minute: what is due for another try. Those whose last try ended with the worker are given up."""
    at = at or timezone.now()
    due = IncomingWhatsApp.objects.filter(media=Media.WAITING, media_next_at__lte=at, media_tries__gt=0)
    done, until = 0, time.monotonic() + LONGEST_RUN
    for came in due.select_related("office", "attachment").order_by("media_next_at")[:AT_ONCE]:
        if came.media_tries >= MOST_TRIES:
            _end(came, Media.FAILED, None, "not_fetched")
        elif time.monotonic() < until:
            done += fetch(came.pk, at=at)
    return done
