"""A printed book noted on the page of a visit: the same as taking it from the shelf."""

from __future__ import annotations

from django.db import transaction

from library.models import Copy, LibraryUse, Loan
from library.workflows import circulation
from library.workflows.use import note_use
from services.audit.actors import Actor
from services.guestbook.models import VisitService


@transaction.atomic
def read_printed(received: VisitService, copy: Copy, *, submission: str, by: Actor) -> LibraryUse:
    """Counted once for the visit and this book. While the visitor is here the book leaves the shelf with it; afterwards
    only the use is noted. Raises IllegalMove when the book is in another hand."""
    visit = received.visit
    here = Loan.objects.filter(copy=copy, visit=visit, state=Loan.State.OUT)
    if visit.ended_at is None and not here.exists():
        circulation.read_here(copy, visit=visit, by=by)
    return note_use(received, kind=LibraryUse.Kind.READ_PRINTED, copy=copy, submission=submission, by=by)
