"""An import's life: begun, read, looked at, applied, taken back. The long parts are the worker's; every function here is
one transaction and leaves a job in it, so that none is lost and none is done of a change that did not happen.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from datetime import timedelta
from itertools import islice
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from procrastinate.contrib.django import app

from library.importing import applying, oai, overtaken, reading, table, taking_back
from library.importing.table import Shape
from library.importing.words import Unreadable, kept, told
from library.models import CatalogueSource, Import, ImportRow, Publication
from library.search import index
from library.workflows.crossing import Overtaken, crossed, no_desk_enters
from services.audit import trail
from services.audit.actors import SYSTEM, Actor
from services.offices.models import Office
from services.workflow import IllegalMove, add_step, move

log = logging.getLogger(__name__)
TASK = "library.import"
TOPICS: tuple[str, ...] = ()
State = Import.State
REMEMBERED = timedelta(days=180)  # so long an import can be taken back; then its rows are deleted
TRIES, PAUSE = 5, 1.0
WORDS_AT_ONCE = 5_000
BUSY = (State.READING, State.APPLYING, State.UNDOING)


def from_file(office: Office, file: UploadedFile, *, by: Actor) -> Import:
    """A file to look at. What it is is seen in it, not in its name. Raises Unreadable."""
    name = (file.name or "")[-200:]
    start = file.read(24)
    file.seek(0)
    if not start:
        raise Unreadable(_("Berkas ini kosong."))
    if name.lower().endswith((".mrc", ".marc", ".iso", ".dat")) or (
        start[:5].isdigit() and start[20:22] == b"45"
    ):
        return _make(office, Publication.Source.MARC, State.READING, by, name=name, file=file)
    found = table.look(file.file)  # type: ignore[arg-type]
    file.seek(0)
    return _make(
        office, Publication.Source.TABLE, State.MAPPING, by, name=name, file=file, options=asdict(found.shape)
    )


def from_source(source: CatalogueSource, *, by: Actor) -> Import:
    """Read a source, from where the last reading that was applied came to."""
    options = {"address": source.address, "set_spec": source.set_spec, "since": source.read_until}
    kind = Publication.Source(source.kind)
    return _make(
        source.office, kind, State.READING, by, name=str(source)[:200], source=source, options=options
    )


@transaction.atomic
def _make(office: Office, kind: str, state: str, by: Actor, **more: Any) -> Import:
    batch = Import.objects.create(office=office, kind=kind, state=state, made_by_id=by.user_id, **more)
    add_step(batch, by=by, at=timezone.now())
    if state == State.READING:
        defer(batch)
    return batch


def defer(batch: Import) -> None:
    app.configure_task(TASK).defer(pk=batch.pk)


@transaction.atomic
def choose(batch: Import, shape: Shape, *, by: Actor) -> Import:
    """Which column is what; then it is read."""
    batch = move(batch, State.READING, by=by, topics=TOPICS, options=asdict(shape), **_fresh())
    defer(batch)
    return batch


def look(batch: Import, shape: Shape) -> table.Look:
    """Raises Unreadable."""
    try:
        with batch.file.open("rb") as opened:
            return table.look(opened.file, shape)
    except (OSError, ValueError) as problem:
        if isinstance(problem, Unreadable):
            raise
        raise Unreadable(gettext_noop("Berkasnya tidak ada lagi. Unggah sekali lagi.")) from problem


def look_again(batch: Import, **different: Any) -> None:
    """The officer says that encoding, separator or sheet are others: columns are recognised anew."""
    shape = reading.shape_of(batch.options | different)
    headed = shape.headed
    shape.columns, shape.top = [], 0
    found = look(batch, shape)
    guessed = table.recognised(found.titles) if headed else []
    shape.columns = (guessed + [""] * len(found.titles))[: len(found.titles)]
    Import.objects.filter(pk=batch.pk, state=State.MAPPING).update(options=asdict(shape))


def _problem(why: str) -> dict[str, Any]:
    """What to set for an import that went wrong; "" for one that did not."""
    sentence, *values = kept(why)
    return {"problem": sentence, "problem_values": values[0] if values else None}


@transaction.atomic
def fail(batch: Import, why: str, *, by: Actor) -> Import:
    return move(batch, State.FAILED, by=by, topics=TOPICS, **_problem(why))


@transaction.atomic
def switch_nightly(source: CatalogueSource, *, by: Actor) -> None:
    source.nightly = not source.nightly
    source.save(update_fields=["nightly"])
    trail.record("cataloguesource.nightly", source, by=by, office_id=source.office_id, nightly=source.nightly)


@transaction.atomic
def add_source(source: CatalogueSource, *, by: Actor) -> None:
    source.save()
    trail.record("cataloguesource.added", source, by=by, office_id=source.office_id, kind=source.kind)


@transaction.atomic
def drop_source(source: CatalogueSource, *, by: Actor) -> None:
    trail.record("cataloguesource.dropped", source, by=by, office_id=source.office_id)
    source.delete()


@transaction.atomic
def choose_again(batch: Import, *, by: Actor) -> Import:
    if batch.kind != Publication.Source.TABLE:
        raise IllegalMove(_("Hanya tabel yang kolomnya dapat dipilih lagi."))
    ImportRow.objects.filter(batch=batch).delete()
    return move(batch, State.MAPPING, by=by, topics=TOPICS, **_fresh())


def _fresh() -> dict[str, Any]:
    return {"cursor": {}, "counts": {}, "position": 0, **_problem("")}


@transaction.atomic
def go_on(batch: Import, *, by: Actor) -> Import:
    """After a failure: from where reading had come to."""
    batch = move(batch, State.READING, by=by, topics=TOPICS, **_problem(""))
    defer(batch)
    return batch


@transaction.atomic
def apply(batch: Import, *, by: Actor) -> Import:
    batch = move(batch, State.APPLYING, by=by, topics=TOPICS, **_progress(batch), **_problem(""))
    defer(batch)
    return batch


@transaction.atomic
def undo(batch: Import, *, by: Actor) -> Import:
    if not can_undo(batch):
        raise IllegalMove(_("Impor yang diterapkan lebih dari 180 hari lalu tidak dapat diambil kembali."))
    batch = move(batch, State.UNDOING, by=by, topics=TOPICS, **_progress(batch), **_problem(""))
    defer(batch)
    return batch


def _progress(batch: Import) -> dict[str, Any]:
    counts = batch.counts or {}
    return {"position": 0, "total": sum(counts.get(outcome, 0) for outcome in applying.TAKEN)}


@transaction.atomic
def cancel(batch: Import, *, by: Actor) -> Import:
    return move(batch, State.CANCELLED, by=by, topics=TOPICS)


def can_undo(batch: Import) -> bool:
    return (
        batch.state == State.DONE
        and batch.applied_at is not None
        and batch.applied_at > timezone.now() - REMEMBERED
    )


def work(pk: int) -> None:
    """What the worker does: whatever the state asks for. Done again, it goes on where it was."""
    batch = Import.objects.select_related("office", "source").filter(pk=pk).first()
    if batch is None:
        return
    if batch.state == State.READING:
        _read(batch)
    elif batch.state == State.APPLYING:
        _apply(batch)
    elif batch.state == State.UNDOING:
        _undo(batch)


def _read(batch: Import) -> None:
    try:
        reading.read(batch)
    except reading.Superseded:
        return
    except Unreadable as problem:
        fail(batch, problem.why, by=SYSTEM)
        if isinstance(problem, oai.Lapsed):
            Import.objects.filter(pk=batch.pk).update(cursor={})
        return
    except Exception as problem:  # what nobody foresaw must not leave an import that is read for ever
        log.exception("import %s cannot be read", batch.pk)
        why = told(gettext_noop("Berkas ini tidak dapat dibaca (%s).")) % type(problem).__name__
        fail(batch, why, by=SYSTEM)
        return
    with transaction.atomic():
        batch = move(batch, State.READY, by=SYSTEM, topics=TOPICS)
        if batch.source and batch.source.automatic and batch.source.nightly:
            apply(batch, by=SYSTEM)


def _tried(work: Callable[[Import], None], batch: Import) -> None:
    """All of it once more, when a desk that took the same barcode, lent a book or waited for us stood in the way: what
    it did is seen then."""
    for turn in range(TRIES):
        try:
            work(batch)
        except (DatabaseError, Overtaken) as problem:
            mended = isinstance(problem, IntegrityError | Overtaken) or crossed(problem)
            if turn == TRIES - 1 or not mended:
                raise
            log.warning("import %s begins anew (%s)", batch.pk, type(problem).__name__)
            time.sleep(PAUSE * turn)
        else:
            return


def _apply_once(batch: Import) -> None:
    with transaction.atomic(), Beside(batch) as beside:
        applying.lock()
        locked = Import.objects.select_related("office", "source").get(pk=batch.pk)
        if locked.state != State.APPLYING:
            return
        began = timezone.now()
        applying.apply(locked, beside.tell)
        no_desk_enters()
        if overtaken.entered_meanwhile(locked, began):
            raise Overtaken
        locked = move(
            locked, State.DONE, by=SYSTEM, topics=TOPICS,
            counts=locked.counts, applied_at=timezone.now(), **_problem(""),
        )  # fmt: skip
        if locked.source and (began := locked.cursor.get("began")):
            CatalogueSource.objects.filter(pk=locked.source.pk).update(read_until=began)


def _note_words(batch: Import) -> None:
    """For the typing errors of the search. After the import, because desks write the same words; the night finds what
    is missing."""
    made = batch.rows.filter(outcome=ImportRow.Outcome.NEW, publication__isnull=False).order_by("pk")
    try:
        for pks in batched(made.values_list("publication", flat=True).iterator(), WORDS_AT_ONCE):
            with transaction.atomic():
                index.note_words(pks)
    except DatabaseError:
        log.exception("words of import %s are not noted", batch.pk)


def _apply(batch: Import) -> None:
    try:
        _tried(_apply_once, batch)
    except Exception:  # nothing of it counts; the officer sees that, and may try again
        log.exception("import %s cannot be applied", batch.pk)
        why = gettext_noop(
            "Tidak ada yang diterapkan karena terjadi kesalahan. Coba sekali lagi; bila tetap gagal, hubungi administrator."
        )
        move(batch, State.READY, by=SYSTEM, topics=TOPICS, **_problem(why))
    else:
        _note_words(batch)


def _undo_once(batch: Import) -> None:
    with transaction.atomic(), Beside(batch) as beside:
        applying.lock()
        locked = Import.objects.select_related("office", "source").get(pk=batch.pk)
        if locked.state != State.UNDOING:
            return
        left = taking_back.undo(locked, beside.tell)
        stayed = told(gettext_noop("%d publikasi tetap ada karena sudah dipakai atau diubah."))
        why = stayed % left if left else ""
        if locked.source:
            CatalogueSource.objects.filter(pk=locked.source.pk).update(
                read_until=locked.options.get("since", "")
            )
        move(locked, State.UNDONE, by=SYSTEM, topics=TOPICS, **_problem(why))


def _undo(batch: Import) -> None:
    try:
        _tried(_undo_once, batch)
    except Exception:
        log.exception("import %s cannot be undone", batch.pk)
        move(
            batch,
            State.DONE,
            by=SYSTEM,
            topics=TOPICS,
            **_problem(gettext_noop("Impor ini tidak dapat diambil kembali. Hubungi administrator.")),
        )


def batched(found: Iterable[Any], size: int) -> Iterator[list[Any]]:
    rest = iter(found)
    while piece := list(islice(rest, size)):
        yield piece


class Beside:
    """Tells how far a long transaction is, on a connection of its own: nobody sees what is not committed. The
    transaction itself must not have locked the import's row."""

    def __init__(self, batch: Import):
        self.pk = batch.pk

    def __enter__(self) -> Beside:
        self.connection = connection.copy()
        return self

    def __exit__(self, *_exc: object) -> None:
        self.connection.close()

    def tell(self, position: int) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute("UPDATE library_import SET position = %s WHERE id = %s", [position, self.pk])
