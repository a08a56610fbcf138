"""The files of a message: taken by what they are, opened to nobody before they were checked (docs/decisions/030).

Every channel brings its files here. What can be seen at once is told at once (`look`, `take` raise FileRefused); the
virus scanner is asked by the worker. `note_refused` keeps, without the file, that one came by a channel that cannot be
answered on the spot.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from pathlib import PurePath

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import FileResponse, Http404
from django.utils import timezone
from procrastinate.contrib.django import app

from consultation import kinds, refusals
from consultation.models import Attachment, Consultation, Message
from consultation.models.thread import attachment_name
from consultation.workflows.changing import topics
from services import virus
from services.audit import trail
from services.audit.actors import SYSTEM, Actor
from services.live.publish import publish

log = logging.getLogger(__name__)
TASK = "consultation.attachment"
MOST = 5  # of one message
LONGEST_NAME = 120
PIECE = 1_000_000
FOLDER = "consultation"
ORPHANED_AFTER = timedelta(days=2)
State = Attachment.State
# What a browser would run in the name of this site it is not to run at all.
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}


class FileRefused(Exception):
    """Not taken; `code` is one of `consultation.refusals.WORDS`, `str()` the sentence for whoever brought it."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code

    def __str__(self) -> str:
        return refusals.words(self.code)


def most_megabytes() -> int:
    return settings.ATTACHMENT_MOST_BYTES // 1_000_000


def look(file: File, name: str = "", *, recordings: bool = False) -> kinds.Kind:
    """What it is, as far as can be seen at once. `recordings`: a sound or a film may come too. Raises FileRefused."""
    if not file.size:
        raise FileRefused("empty")
    if file.size > settings.ATTACHMENT_MOST_BYTES:
        raise FileRefused("too_large")
    if recordings and (found := kinds.recording(file)):  # type: ignore[arg-type]
        return found
    try:
        return kinds.of(file, name)  # type: ignore[arg-type]
    except kinds.Unknown as unknown:
        raise FileRefused(unknown.code) from unknown


def take(
    consultation: Consultation, message: Message | None, file: File, *, name: str, by: Actor,
    at: datetime | None = None,
) -> Attachment:  # fmt: skip
    """Store a file of this message (None: of a draft) and leave its checking to the worker. Within the caller's
    transaction. Raises FileRefused."""
    kind = look(file, name)
    stored = default_storage.save(attachment_name(Attachment(), name), file)
    try:
        with transaction.atomic():
            taken = Attachment.objects.create(
                consultation=consultation, message=message, name=clean_name(name, kind.ending), file=stored,
                content_type=kind.content_type, size=file.size, sha256=_fingerprint(file), by_user_id=by.user_id,
                at=at or timezone.now(),
            )  # fmt: skip
            trail.record("consultation.file", taken, by=by, office_id=consultation.office_id, at=at)
            app.configure_task(TASK).defer(pk=taken.pk)
    except BaseException:
        default_storage.delete(stored)
        raise
    return taken


def note_refused(
    consultation: Consultation, message: Message | None, *, name: str, code: str, by: Actor, size: int = 0,
    at: datetime | None = None,
) -> Attachment:  # fmt: skip
    """That a file came which was not taken: the officer sees that something is missing, and why."""
    return Attachment.objects.create(
        consultation=consultation, message=message, name=clean_name(name), size=size, state=State.REFUSED,
        refused=code, by_user_id=by.user_id, at=at or timezone.now(),
    )  # fmt: skip


def expect(consultation: Consultation, message: Message, *, name: str, by: Actor, at: datetime) -> Attachment:
    """The place of a file that is still with the channel it came by: nobody can open it, everybody sees that it comes."""
    return Attachment.objects.create(
        consultation=consultation, message=message, name=clean_name(name), refused="fetching",
        by_user_id=by.user_id, at=at,
    )  # fmt: skip


@transaction.atomic
def arrived(attachment: Attachment, file: File | None, *, why: str = "") -> Attachment:
    """What was expected is here, to be checked like any other; without a file, `why` it will not come."""
    rows = Attachment.objects.select_for_update(of=("self",)).select_related("consultation__office")
    found = rows.get(pk=attachment.pk)
    try:
        if file is None:
            raise FileRefused(why)
        kind = look(file, found.name, recordings=True)
    except FileRefused as refused:
        found.state, found.refused = State.REFUSED, refused.code
        found.save(update_fields=["state", "refused"])
    else:
        stored = default_storage.save(attachment_name(found, ""), file)
        found.file, found.size, found.sha256 = stored, file.size or 0, _fingerprint(file)
        found.name, found.content_type = clean_name(found.name, kind.ending), kind.content_type
        found.refused = ""
        found.save(update_fields=["file", "size", "sha256", "name", "content_type", "refused"])
        app.configure_task(TASK).defer(pk=found.pk)
    publish(found.consultation.office.code, *topics(found.consultation))
    return found


def take_what_came(
    consultation: Consultation, message: Message, files: Iterable[tuple[str, File]], *, by: Actor,
    at: datetime | None = None,
) -> list[Attachment]:  # fmt: skip
    """(name, file) by mail or WhatsApp: each is taken, or noted as refused; nothing is raised for a file."""
    found = []
    for number, (name, file) in enumerate(files):
        try:
            if number >= MOST * 4:
                raise FileRefused("too_many")
            found.append(take(consultation, message, file, name=name, by=by, at=at))
        except FileRefused as refused:
            size = file.size or 0
            found.append(
                note_refused(consultation, message, name=name, code=refused.code, by=by, size=size, at=at)
            )
    return found


def clean_name(name: str, ending: str = "") -> str:
    """The sender's name for it, as one may write it to a disk: no path, no control characters, none of the letters that
    turn the writing round, and with the ending that its content has."""
    last = re.split(r"[\\/]", name)[-1]
    plain = "".join(c for c in last if c.isprintable() and c not in '<>:"|?*')
    plain = " ".join(plain.split()).strip(". ")
    if ending:
        stem, suffix = PurePath(plain).stem if plain else "", PurePath(plain).suffix.lower().lstrip(".")
        same = suffix == ending or {suffix, ending} == {"jpg", "jpeg"}
        stem = (stem if same else plain)[:LONGEST_NAME].strip(". ")
        return f"{stem or 'berkas'}.{ending}"
    return plain[-LONGEST_NAME:] or "berkas"


def _fingerprint(file: File) -> str:
    hashed = hashlib.sha256()
    file.seek(0)
    for piece in file.chunks(PIECE):
        hashed.update(piece)
    file.seek(0)
    return hashed.hexdigest()


def check(pk: int) -> None:
    """The worker's part; done twice it does no harm. Raises virus.ScannerAway and OSError: try later."""
    found = Attachment.objects.filter(pk=pk, state=State.CHECKING).exclude(file="").first()
    if found is None:
        return
    try:
        with found.file.open("rb") as opened:
            virus.scan(opened)  # type: ignore[arg-type]
    except FileNotFoundError:
        _end(found, State.REFUSED, "gone")
    except virus.Infected as infected:
        log.warning("attachment %s: %s", pk, infected)
        _end(found, State.REFUSED, "virus")
    except virus.NotScanned:
        _end(found, State.REFUSED, "not_scanned")
    else:
        _end(found, State.READY)


@transaction.atomic
def _end(attachment: Attachment, state: str, why: str = "") -> None:
    """A refused file is not kept: whoever sent it has it."""
    rows = Attachment.objects.select_for_update(of=("self",)).select_related("consultation__office")
    found = rows.filter(pk=attachment.pk, state=State.CHECKING).first()
    if found is None:
        return
    stored, found.state, found.refused = str(found.file.name), state, why
    if state == State.REFUSED:
        found.file = ""
        transaction.on_commit(partial(default_storage.delete, stored))
    found.save(update_fields=["state", "refused", "file"])
    consultation = found.consultation
    trail.record(f"consultation.file_{state}", found, by=SYSTEM, office_id=consultation.office_id, why=why)
    publish(consultation.office.code, *topics(consultation))


def take_up() -> int:
    """Every night: what still waits, because the scanner was away for longer than a job is tried."""
    left = list(Attachment.objects.filter(state=State.CHECKING).exclude(file="").values_list("pk", flat=True))
    for pk in left:
        app.configure_task(TASK).defer(pk=pk)
    return len(left)


def forget_orphans(at: datetime | None = None) -> int:
    """Every night: stored files that no row names, because the transaction that stored them was taken back."""
    before = (at or timezone.now()) - ORPHANED_AFTER
    gone = 0
    for folder in _listed(FOLDER)[0]:
        names = [f"{FOLDER}/{folder}/{name}" for name in _listed(f"{FOLDER}/{folder}")[1]]
        known = set(Attachment.objects.filter(file__in=names).values_list("file", flat=True))
        for name in names:
            if name not in known and default_storage.get_modified_time(name) < before:
                default_storage.delete(name)
                gone += 1
    return gone


def _listed(folder: str) -> tuple[list[str], list[str]]:
    try:
        return default_storage.listdir(folder)
    except FileNotFoundError:
        return [], []


def response(attachment: Attachment) -> FileResponse:
    """The file, for whom the caller let in. Raises Http404 while it is not ready, or when it is gone."""
    if attachment.state != State.READY or not attachment.file:
        raise Http404
    try:
        opened = attachment.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(
        opened,
        content_type=attachment.content_type,
        as_attachment=attachment.content_type not in kinds.INLINE,
        filename=attachment.name,
        headers=HEADERS,
    )
