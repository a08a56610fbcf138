"""What happens in the library."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from library.models import Copy, LibraryUse, Publication, PublicationUse, ScanRequest
from library.workflows import statistics
from services.audit import trail
from services.audit.actors import Actor
from services.codes import new_key
from services.guestbook.models import Visit, VisitService
from services.live.publish import VISITS
from services.offices.models import Office
from services.workflow import IllegalMove, add_step, move

TOPICS = (VISITS,)
SCREEN = "library:use"  # a service with this screen is the library's
Kind = LibraryUse.Kind


@transaction.atomic
def note_use(
    received: VisitService, *, kind: str, submission: str, by: Actor, what: str = "", pages: str = "",
    publication: Publication | None = None, copy: Copy | None = None, at_shelf: bool = False,
    at: datetime | None = None,
) -> LibraryUse:  # fmt: skip
    """A use of the library in this visit. The same `submission` again changes nothing, nor the same book read again."""
    at = at or timezone.now()
    # Two screens note one use in turn.
    VisitService.objects.select_for_update(of=("self",)).get(pk=received.pk)
    if same := _same_reading(received, kind, copy):
        if at_shelf and not same.at_shelf:
            same.at_shelf = True
            same.save(update_fields=["at_shelf"])
        return same
    noted, new = LibraryUse.objects.get_or_create(
        received=received,
        submission=submission,
        defaults={
            "office_id": received.office_id, "kind": kind, "what": "" if publication or copy else what, "copy": copy,
            "publication": copy.publication if copy else publication, "at": at, "at_shelf": at_shelf,
            "by_user_id": by.user_id,
        },
    )  # fmt: skip
    if new:
        trail.record("library.used", noted, by=by, office_id=received.office_id, at=at, kind=kind)
        # Taken at the shelf it is a loan, which is counted there.
        if noted.publication_id and kind == Kind.READ_PRINTED and not at_shelf:
            statistics.count(PublicationUse.Kind.READ_ROOM, [noted.publication_id], received.office, at=at)
        if kind == Kind.SCAN:
            _ask_scan(noted, pages, by=by, at=at)
    return noted


def _same_reading(received: VisitService, kind: str, copy: Copy | None) -> LibraryUse | None:
    """A book read in a visit counts once, however often it was taken."""
    return (
        received.library_uses.filter(kind=kind, copy=copy).first()
        if copy and kind == Kind.READ_PRINTED
        else None
    )


def note_reading(visit: Visit, copy: Copy, *, by: Actor, at: datetime) -> None:
    """A book taken from the shelf is a use of the library, where the visit is one to the library."""
    theirs = visit.services.filter(service__work_url_name=SCREEN).exclude(state=VisitService.State.CANCELLED)
    if received := theirs.order_by("pk").first():
        note_use(
            received, kind=Kind.READ_PRINTED, copy=copy, submission=new_key(), by=by, at=at, at_shelf=True
        )


def scans_offered(office: Office) -> bool:
    """Whether this office's standard promises scans (requirement row 19)."""
    return any(s.rules.scan_request for s in office.services.filter(active=True).with_rules() if s.rules)


def _ask_scan(use: LibraryUse, pages: str, *, by: Actor, at: datetime) -> None:
    asked = ScanRequest.objects.create(office_id=use.office_id, use=use, pages=pages, asked_at=at)
    add_step(asked, by=by, at=at)


@transaction.atomic
def scan_done(asked: ScanRequest, *, by: Actor, at: datetime | None = None) -> ScanRequest:
    at = at or timezone.now()
    return move(asked, ScanRequest.State.DONE, by=by, at=at, topics=TOPICS, answered_at=at)


@transaction.atomic
def refuse_scan(asked: ScanRequest, *, reason: str, by: Actor, at: datetime | None = None) -> ScanRequest:
    """Not scanned, with the reason that the visitor is told."""
    at = at or timezone.now()
    if not reason.strip():
        raise IllegalMove(_("Tulis alasan mengapa tidak dipindai."))
    return move(
        asked, ScanRequest.State.REFUSED, by=by, at=at, topics=TOPICS, answered_at=at, answer=reason.strip()
    )
