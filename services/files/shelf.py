"""Taking, checking, giving out and tidying the files of one table.

What can be seen at once is told at once (`look`, `take` raise FileRefused); the virus scanner is asked by the worker.
`note_refused` keeps, without the file, that one came by a channel that cannot be answered on the spot.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import PurePath
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import FileResponse, Http404
from django.utils import timezone
from procrastinate.contrib.django import app

from services import virus
from services.audit import trail
from services.audit.actors import SYSTEM, Actor
from services.files import kinds, refusals
from services.files.models import StoredFile
from services.live.publish import publish
from services.offices.models import Office

log = logging.getLogger(__name__)
MOST = 5  # of one message
LONGEST_NAME = 120
PIECE = 1_000_000
ORPHANED_AFTER = timedelta(days=2)
State = StoredFile.State
# What a browser would run in the name of this site it is not to run at all.
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}
F = TypeVar("F", bound=StoredFile)


class FileRefused(Exception):
    """Not taken; `code` is one of `services.files.refusals.WORDS`, `str()` the sentence for whoever brought it."""

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


@dataclass(frozen=True)
class Shelf(Generic[F]):
    """`folder`: in the storage, and what the model's `upload_to` begins with; `task`: the job that calls `check`; `action`: the
    word of the trail; `wakes`: the office a file belongs to, and the topics of the screens that show it; `when`: what the trail says of
    the time at which it was checked, where it may not say it as it was."""

    model: type[F]
    folder: str
    task: str
    action: str
    wakes: Callable[[F], tuple[Office, tuple[str, ...]]]
    when: Callable[[F], datetime | None] = lambda _file: None

    def take(self, file: File, *, name: str, by: Actor, at: datetime | None = None, **owner: Any) -> F:
        """Store a file and leave its checking to the worker. Within the caller's transaction. Raises FileRefused."""
        kind = look(file, name)
        stored = self._store(file)
        try:
            with transaction.atomic():
                taken = self.model._default_manager.create(
                    name=clean_name(name, kind.ending), file=stored, content_type=kind.content_type, size=file.size,
                    sha256=_fingerprint(file), by_user_id=by.user_id, at=at or timezone.now(), **owner,
                )  # fmt: skip
                trail.record(self.action, taken, by=by, office_id=self.wakes(taken)[0].pk, at=at)
                app.configure_task(self.task).defer(pk=taken.pk)
        except BaseException:
            default_storage.delete(stored)
            raise
        return taken

    def note_refused(
        self, *, name: str, code: str, by: Actor, size: int = 0, at: datetime | None = None, **owner: Any
    ) -> F:
        """That a file came which was not taken: the officer sees that something is missing, and why."""
        return self.model._default_manager.create(
            name=clean_name(name), size=size, state=State.REFUSED, refused=code, by_user_id=by.user_id,
            at=at or timezone.now(), **owner,
        )  # fmt: skip

    def expect(self, *, name: str, by: Actor, at: datetime, **owner: Any) -> F:
        """The place of a file that is still with the channel it came by: nobody can open it, everybody sees that it comes."""
        return self.model._default_manager.create(
            name=clean_name(name), refused="fetching", by_user_id=by.user_id, at=at, **owner
        )

    @transaction.atomic
    def arrived(self, expected: F, file: File | None, *, why: str = "") -> F:
        """What was expected is here, to be checked like any other; without a file, `why` it will not come."""
        found: Any = self.model._default_manager.select_for_update(of=("self",)).get(pk=expected.pk)
        try:
            if file is None:
                raise FileRefused(why)
            kind = look(file, found.name, recordings=True)
        except FileRefused as refused:
            found.state, found.refused = State.REFUSED, refused.code
            found.save(update_fields=["state", "refused"])
        else:
            found.file, found.size, found.sha256 = self._store(file), file.size or 0, _fingerprint(file)
            found.name, found.content_type = clean_name(found.name, kind.ending), kind.content_type
            found.refused = ""
            found.save(update_fields=["file", "size", "sha256", "name", "content_type", "refused"])
            app.configure_task(self.task).defer(pk=found.pk)
        office, topics = self.wakes(found)
        publish(office.code, *topics)
        return found

    def _store(self, file: File) -> str:
        upload: Any = self.model._meta.get_field("file")
        return default_storage.save(upload.generate_filename(self.model(), ""), file)

    def take_what_came(
        self, files: Iterable[tuple[str, File]], *, by: Actor, at: datetime | None = None, **owner: Any
    ) -> list[F]:
        """(name, file) by mail or WhatsApp: each is taken, or noted as refused; nothing is raised for a file."""
        found = []
        for number, (name, file) in enumerate(files):
            try:
                if number >= MOST * 4:
                    raise FileRefused("too_many")
                found.append(self.take(file, name=name, by=by, at=at, **owner))
            except FileRefused as refused:
                size = file.size or 0
                found.append(
                    self.note_refused(name=name, code=refused.code, by=by, size=size, at=at, **owner)
                )
        return found

    def check(self, pk: int) -> None:
        """The worker's part; done twice it does no harm. Raises virus.ScannerAway and OSError: try later."""
        found: Any = self.model._default_manager.filter(pk=pk, state=State.CHECKING).exclude(file="").first()
        if found is None:
            return
        try:
            with found.file.open("rb") as opened:
                virus.scan(opened)
        except FileNotFoundError:
            self._end(found, State.REFUSED, "gone")
        except virus.Infected as infected:
            log.warning("%s %s: %s", self.folder, pk, infected)
            self._end(found, State.REFUSED, "virus")
        except virus.NotScanned:
            self._end(found, State.REFUSED, "not_scanned")
        else:
            self._end(found, State.READY)

    @transaction.atomic
    def _end(self, file: F, state: str, why: str = "") -> None:
        """A refused file is not kept: whoever sent it has it."""
        rows = self.model._default_manager.select_for_update(of=("self",))
        found: Any = rows.filter(pk=file.pk, state=State.CHECKING).first()
        if found is None:
            return
        stored, found.state, found.refused = str(found.file.name), state, why
        if state == State.REFUSED:
            found.file = ""
            transaction.on_commit(partial(default_storage.delete, stored))
        found.save(update_fields=["state", "refused", "file"])
        office, topics = self.wakes(found)
        at = self.when(found)
        trail.record(f"{self.action}_{state}", found, by=SYSTEM, office_id=office.pk, at=at, why=why)
        publish(office.code, *topics)

    def take_up(self) -> int:
        """Every night: what still waits, because the scanner was away for longer than a job is tried."""
        rows = self.model._default_manager.filter(state=State.CHECKING).exclude(file="")
        left = list(rows.values_list("pk", flat=True))
        for pk in left:
            app.configure_task(self.task).defer(pk=pk)
        return len(left)

    def forget_orphans(self, at: datetime | None = None) -> int:
        """Every night: stored files that no row names, because the transaction that stored them was taken back."""
        before = (at or timezone.now()) - ORPHANED_AFTER
        gone = 0
        for folder in _listed(self.folder)[0]:
            names = [f"{self.folder}/{folder}/{name}" for name in _listed(f"{self.folder}/{folder}")[1]]
            rows = self.model._default_manager.filter(file__in=names)
            known = set(rows.values_list("file", flat=True))
            for name in names:
                if name not in known and default_storage.get_modified_time(name) < before:
                    default_storage.delete(name)
                    gone += 1
        return gone

    def response(self, file: Any) -> FileResponse:
        """The file, for whom the caller let in. Raises Http404 while it is not ready, or when it is gone."""
        if file.state != State.READY or not file.file:
            raise Http404
        try:
            opened = file.file.open("rb")
        except FileNotFoundError:
            raise Http404 from None
        return FileResponse(
            opened,
            content_type=file.content_type,
            as_attachment=file.content_type not in kinds.INLINE,
            filename=file.name,
            headers=HEADERS,
        )


def _fingerprint(file: File) -> str:
    hashed = hashlib.sha256()
    file.seek(0)
    for piece in file.chunks(PIECE):
        hashed.update(piece)
    file.seek(0)
    return hashed.hexdigest()


def _listed(folder: str) -> tuple[list[str], list[str]]:
    try:
        return default_storage.listdir(folder)
    except FileNotFoundError:
        return [], []
