"""A softcopy comes in: stored as it is, checked by the worker, linked to its publication, in use (docs/decisions/024)."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from library.digital import files, matching, virus
from library.digital.covers import first_page, is_of
from library.models import DigitalCopy, DigitalPage, Publication
from library.models.digital import original_name, prepared_name
from library.pdf import examine, limits
from library.pdf.faults import Refused
from library.search import index
from library.workflows import catalogue, release
from library.workflows.crossing import in_turn
from services.audit import trail
from services.audit.actors import SYSTEM, Actor
from services.live.publish import SOFTCOPIES
from services.offices.models import Office
from services.workflow import IllegalMove, add_step, move

log = logging.getLogger(__name__)
TASK = "library.softcopy"
TOPICS = (SOFTCOPIES,)
State = DigitalCopy.State
AT_ONCE = 200


def receive(
    office: Office, file: File, *, name: str, by: Actor, publication: Publication | None = None,
    origin: str = DigitalCopy.Origin.UPLOAD, source_key: str = "", access: str = "", embargo_until: Any = None,
) -> DigitalCopy:  # fmt: skip
    """Store a file and leave its checking to the worker. Raises Refused for what can be seen at once. `access` and
    `embargo_until`: what its publication is to be shut to at least."""
    _look(file)
    sha256 = files.fingerprint(file)
    _new_content(sha256, office)
    stored = default_storage.save(original_name(None, name), file)
    facts = {
        "original": stored, "size": file.size, "sha256": sha256, "file_name": _short(name), "origin": origin,
        "source_key": source_key, "publication": publication or _certain(office, name), "access_wanted": access,
        "embargo_wanted": embargo_until,
    }  # fmt: skip
    try:
        return _note(office, facts, by=by)
    except BaseException:
        default_storage.delete(stored)
        raise


def _look(file: File) -> None:
    if not file.size:
        raise Refused("empty")
    if file.size > limits.FILE_BYTES:
        raise Refused("too_large", megabytes=-(-file.size // limits.MB), most=limits.FILE_BYTES // limits.MB)
    start = file.read(limits.HEADER_WITHIN)
    file.seek(0)
    if b"%PDF-" not in start:
        raise Refused("not_pdf")


def _new_content(sha256: str, office: Office) -> None:
    rows = DigitalCopy.objects.filter(sha256=sha256, state__in=(State.CHECKING, State.READY))
    if same := rows.select_related("publication").first():
        raise _duplicate(same, office)


def _duplicate(same: DigitalCopy, office: Office) -> Refused:
    """What another office has not released yet, or has not said what it is, is not named."""
    known = same.publication.known_to(office) if same.publication else same.office_id == office.pk
    if not known:
        return Refused("duplicate_elsewhere")
    return Refused("duplicate", name=str(same.publication or same.file_name))


@transaction.atomic
def _note(office: Office, facts: dict[str, Any], *, by: Actor) -> DigitalCopy:
    if sha256 := facts["sha256"]:  # the same file sent twice at once: the second sees the first
        in_turn(f"library.softcopy {sha256}")
        _new_content(sha256, office)
    digital = DigitalCopy.objects.create(
        office=office, added_at=timezone.now(), added_by_id=by.user_id, **facts
    )
    add_step(digital, by=by, at=digital.added_at)
    trail.record("softcopy.received", digital, by=by, office_id=office.pk, sha256=facts["sha256"])
    if digital.publication and (digital.access_wanted or digital.embargo_wanted):
        release.settle(release.lock(digital.publication.pk), digital, by=by)
    if digital.state == State.CHECKING:
        app.configure_task(TASK).defer(pk=digital.pk)
    return digital


def note_refused(
    office: Office, refused: Refused, *, name: str, by: Actor, publication: Publication, origin: str,
    source_key: str, size: int,
) -> DigitalCopy:  # fmt: skip
    """A file that somebody else's server gave and that was not even stored: so that it is not fetched again."""
    facts = {
        "size": size, "sha256": "", "file_name": _short(name), "origin": origin, "source_key": source_key,
        "publication": publication, "state": State.REFUSED, "fault": refused.code, "fault_values": refused.values,
    }  # fmt: skip
    return _note(office, facts, by=by)


def _short(name: str) -> str:
    """The end says more than the beginning: it has the year and the ending."""
    return "".join(c for c in name if c.isprintable())[-200:] or "softcopy.pdf"


def _certain(office: Office, name: str) -> Publication | None:
    """A number in the file's name, of a record this office keeps that has no softcopy yet: nothing is replaced by a
    guess."""
    found = matching.certain(name)
    if found is None or found.keeper_id != office.pk or found.has_digital:
        return None
    return found


def check(pk: int) -> None:
    """The worker's part. Done again after a crash it begins anew. Raises ScannerAway, StorageAway and OSError: try later."""
    digital = DigitalCopy.objects.select_related("office").filter(pk=pk, state=State.CHECKING).first()
    if digital is None:
        return
    try:
        with files.scratch() as folder:
            path = files.path_of(digital.original)
            virus.check(path)
            clean, texts = folder / "clean.pdf", folder / "texts.jsonl"
            taken = examine.take_in(path, clean, texts)
            cover = first_page(clean, digital.pk)
            _keep(digital, taken, clean, texts, cover)
    except Refused as refused:
        refuse(digital, refused)
    except files.FileGone:
        refuse(digital, Refused("gone"))


def take_up() -> int:
    """Every night: what still waits, because the scanner or the storage was away for longer than a job is tried. Done
    twice at once it does no harm."""
    left = list(DigitalCopy.objects.filter(state=State.CHECKING).values_list("pk", flat=True))
    for pk in left:
        app.configure_task(TASK).defer(pk=pk)
    return len(left)


@transaction.atomic
def refuse(digital: DigitalCopy, refused: Refused) -> None:
    """The file is not kept: whoever brought it has it, and nobody may come upon it here."""
    found = move(
        digital, State.REFUSED, by=SYSTEM, topics=TOPICS, why=refused.code, fault=refused.code,
        fault_values=refused.values, original="",
    )  # fmt: skip
    _forget(digital.original.name)
    log.info("softcopy %s refused: %s", found.pk, refused.code)


def _forget(*names: str | None) -> None:
    """Only when the change is certain: a file that was deleted does not come back with the transaction."""
    for name in names:
        if name:
            transaction.on_commit(partial(default_storage.delete, name))


def _keep(
    digital: DigitalCopy, taken: examine.Taken, clean: Path, texts: Path, cover: ContentFile | None
) -> None:
    with clean.open("rb") as opened:
        stored = default_storage.save(prepared_name(None, ""), File(opened))
    try:
        _ready(digital, taken, stored, texts, cover)
    except BaseException:
        default_storage.delete(stored)
        raise


@transaction.atomic
def _ready(
    digital: DigitalCopy, taken: examine.Taken, stored: str, texts: Path, cover: ContentFile | None
) -> None:
    # Who links it meanwhile waits, and finds it ready.
    current = DigitalCopy.objects.select_for_update(of=("self",)).get(pk=digital.pk)
    publication = release.lock(current.publication_id) if current.publication_id else None
    if publication:
        _replace(publication, by=SYSTEM)
    digital = move(
        current, State.READY, by=SYSTEM, topics=TOPICS, prepared=stored, pages=taken.pages, sizes=taken.sizes,
        outline=taken.outline, without_text=taken.without_text, notes=taken.notes,
    )  # fmt: skip
    DigitalPage.objects.filter(digital=digital).delete()
    lines = _pages(digital, texts)
    while batch := list(islice(lines, AT_ONCE)):
        DigitalPage.objects.bulk_create(batch)
    if cover and publication:
        _cover(publication, cover, digital)
    if publication:
        _in_use(publication, digital, by=SYSTEM)


def _pages(digital: DigitalCopy, texts: Path) -> Iterator[DigitalPage]:
    with texts.open(encoding="utf-8") as lines:
        for line in lines:
            page = json.loads(line)
            yield DigitalPage(
                digital=digital,
                number=page["page"],
                text=page["text"],
                search=index.page_vector(page["text"]),
            )


def _replace(publication: Publication, *, by: Actor) -> None:
    """What was in use until now: its pages are no longer found, its file stays because marked copies were made of it."""
    for old in publication.digital_copies.filter(state=State.READY):
        move(old, State.REPLACED, by=by, topics=TOPICS)
        _take_cover(publication, old, by=by)
        DigitalPage.objects.filter(digital=old).delete()


def _cover(publication: Publication, cover: ContentFile, digital: DigitalCopy) -> None:
    if not publication.cover:
        catalogue.set_cover(publication, cover, office=digital.office, by=SYSTEM)


def _take_cover(publication: Publication, digital: DigitalCopy, *, by: Actor) -> None:
    """With a file goes the cover that was drawn from it; one that the desk chose stays."""
    if is_of(publication.cover.name, digital.pk):
        catalogue.set_cover(publication, None, office=digital.office, by=by)
        publication.cover = ""


def _in_use(publication: Publication, digital: DigitalCopy, *, by: Actor) -> None:
    """What the record says of it. The number of pages only where nobody has said one: a book has its own."""
    release.settle(publication, digital, by=by)
    rows = Publication.objects.filter(pk=publication.pk)
    rows.update(has_digital=True, updated_at=timezone.now())
    if digital.pages and digital.pages <= 32_767:
        rows.filter(pages=None).update(pages=digital.pages)


@transaction.atomic
def link(
    digital: DigitalCopy, publication: Publication, *, by: Actor, access: str = "", embargo_until: Any = None
) -> DigitalCopy:
    """Say which publication a file is, and to what that is shut at least from this moment on. A file that is in use for
    it already is replaced. Raises IllegalMove."""
    found = DigitalCopy.objects.select_for_update(of=("self",)).select_related("office").get(pk=digital.pk)
    if found.publication_id == publication.pk:
        return found
    if found.publication_id or found.state not in (State.CHECKING, State.READY):
        raise IllegalMove(_("Berkas ini sudah dihubungkan, atau tidak dipakai lagi."))
    try:
        locked = release.lock(publication.pk)
    except Publication.DoesNotExist as problem:
        raise IllegalMove(_("Publikasi ini tidak ada lagi.")) from problem
    if found.state == State.READY:
        _replace(locked, by=by)
    found.publication, found.access_wanted, found.embargo_wanted = locked, access, embargo_until
    found.save(update_fields=["publication", "access_wanted", "embargo_wanted"])
    release.settle(locked, found, by=by)
    trail.record("softcopy.linked", found, by=by, office_id=found.office_id, publication=locked.pk)
    if found.state == State.READY:
        _in_use(locked, found, by=by)
        transaction.on_commit(partial(app.configure_task(COVER_TASK).defer, pk=found.pk))
    return found


COVER_TASK = "library.softcopy_cover"


def draw_cover(pk: int) -> None:
    """Of a file that was ready before anybody said what it is."""
    digital = (
        DigitalCopy.objects.select_related("publication", "office").filter(pk=pk, state=State.READY).first()
    )
    if digital is None or digital.publication is None:
        return
    cover = first_page(files.path_of(digital.prepared), pk)
    with transaction.atomic():
        publication = release.lock(digital.publication_id) if digital.publication_id else None
        if cover and publication and DigitalCopy.objects.filter(pk=pk, state=State.READY).exists():
            _cover(publication, cover, digital)


@transaction.atomic
def withdraw(digital: DigitalCopy, *, why: str, by: Actor) -> DigitalCopy:
    """Not read any more. Its files go, unless marked copies were made of it: then an excerpt may have to be compared."""
    publication = release.lock(digital.publication_id) if digital.publication_id else None
    was = digital.state
    kept = digital.marked_copies.exists()
    names = () if kept else (digital.original.name, digital.prepared.name)
    changes: dict[str, Any] = {} if kept else {"original": "", "prepared": ""}
    found = move(digital, State.WITHDRAWN, by=by, topics=TOPICS, why=why, **changes)
    DigitalPage.objects.filter(digital=found).delete()
    _forget(*names)
    if publication and was == State.READY:
        Publication.objects.filter(pk=publication.pk).update(has_digital=False, updated_at=timezone.now())
        _take_cover(publication, found, by=by)
    return found
