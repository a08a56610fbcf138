"""Who may read a publication, and from when on anybody may know of it (docs/decisions/027).

Anybody at the keeper's desk may shut it more; opening it wider or earlier is a supervisor's, with a reason. A release
date that has not come is an embargo, however it got into the record.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from library.models import AccessChange, DigitalCopy, Publication
from library.models.catalogue import Access
from services.accounts.models import Membership, Role, User
from services.audit import trail
from services.audit.actors import SYSTEM, Actor
from services.offices.models import Office
from services.workflow import IllegalMove

HOUR = time(10)  # of the office's day: what is proposed where only the day of the release is known
SHORTEST_REASON = 5  # letters
NARROWER = [Access.PUBLIC.value, Access.REGISTERED.value, Access.IN_HOUSE.value]
SUPERVISORS_ONLY = gettext_lazy(
    "Membuka lebih awal atau lebih luas hanya dapat dilakukan supervisor, dengan alasan tertulis."
)
NO_REASON = gettext_lazy("Tulis alasan yang dapat dipahami orang lain.")


def lock(pk: int) -> Publication:
    rows = Publication.objects.select_for_update(of=("self",)).defer("search", "abstract")
    return rows.get(pk=pk)


def proposed(released_on: date | str | None, office: Office, now: datetime | None = None) -> datetime | None:
    """The release that a release date still to come stands for. `released_on` may be as an import says it."""
    if not released_on:
        return None
    day = released_on if isinstance(released_on, date) else date.fromisoformat(released_on)
    at = datetime.combine(day, HOUR, office.zone)
    return at if at > (now or timezone.now()) else None


def loosens(publication: Publication, access: str, until: datetime | None) -> bool:
    """Whether this opens it to more people, or earlier."""
    hidden = None if publication.released else publication.embargo_until
    earlier = hidden is not None and (until is None or until < hidden)
    return earlier or NARROWER.index(access) < NARROWER.index(publication.access)


def may_loosen(by: Actor, office: Office) -> bool:
    if by.user_id is None:
        return by == SYSTEM
    rows = Membership.objects.filter(user=by.user_id, office=office, role=Role.SUPERVISOR)
    return rows.exists() or User.objects.filter(pk=by.user_id, is_superuser=True).exists()


def said(access: str, until: datetime | None, office: Office) -> str:
    """ "Siapa saja · dirilis 1 Desember 2026, 10.00 WITA"."""
    who = str(Access(access).label)
    if until is None:
        return who
    when = date_format(office.local(until), "j F Y, H.i")
    return _("%(who)s · dirilis %(when)s %(zone)s") % {"who": who, "when": when, "zone": office.zone_name}


@transaction.atomic
def set_access(
    publication: Publication, *, access: str, embargo_until: datetime | None, office: Office, by: Actor, why: str = ""
) -> bool:  # fmt: skip
    """Returns whether anything changed. Raises IllegalMove: what opens it needs a supervisor and a reason."""
    locked = lock(publication.pk)
    if loosens(locked, access, embargo_until) and by != SYSTEM:
        if not may_loosen(by, office):
            raise IllegalMove(str(SUPERVISORS_ONLY))
        if len(why.strip()) < SHORTEST_REASON:
            raise IllegalMove(str(NO_REASON))
    return _set(locked, access, embargo_until, office, by, why.strip())


def tighten(
    locked: Publication, *, office: Office, by: Actor, access: str = "", until: datetime | None = None
) -> bool:
    """Shut it at least so much; a release date to come counts. In the caller's transaction, which holds the lock."""
    narrower = max(locked.access, access or locked.access, key=NARROWER.index)
    times = [locked.embargo_until, until, proposed(locked.released_on, office)]
    return _set(locked, narrower, max((at for at in times if at), default=None), office, by, "")


def settle(locked: Publication, digital: DigitalCopy, *, by: Actor) -> None:
    """What whoever brought the file wanted, and what the record's release date demands: before anybody can read it."""
    tighten(locked, office=digital.office, by=by, access=digital.access_wanted, until=digital.embargo_wanted)
    if digital.access_wanted or digital.embargo_wanted:  # once: later changes of the record are not undone
        digital.access_wanted, digital.embargo_wanted = "", None
        digital.save(update_fields=["access_wanted", "embargo_wanted"])


def _set(
    locked: Publication, access: str, until: datetime | None, office: Office, by: Actor, why: str
) -> bool:
    was = locked.access, locked.embargo_until
    if was == (access, until):
        return False
    locked.access, locked.embargo_until = access, until
    day = office.local(until or timezone.now()).date()
    if why and locked.released_on and locked.released_on > day:  # it is released earlier than was planned
        locked.released_on = day
    locked.save(update_fields=["access", "embargo_until", "released_on", "updated_at"])
    _note(locked, was, office, by, why)
    return True


def _note(publication: Publication, was: tuple[str, Any], office: Office, by: Actor, why: str = "") -> None:
    row = _change(publication, was, by, why)
    row.save()
    before = {"access": was[0], "embargo_until": str(was[1] or "")}
    now = {"access": row.access, "embargo_until": str(row.until or "")}
    trail.record(
        "publication.access", publication, by=by, office_id=office.pk, at=row.at, was=json.dumps(before),
        now=json.dumps(now),
    )  # fmt: skip


def _change(publication: Publication, was: tuple[str, Any], by: Actor, why: str = "") -> AccessChange:
    return AccessChange(
        publication=publication, at=timezone.now(), by_user_id=by.user_id, was_access=was[0], was_until=was[1],
        access=publication.access, until=publication.embargo_until, why=why,
    )  # fmt: skip


def begin(publication: Publication, office: Office) -> None:
    """A new record, not stored yet: its release date may be to come."""
    if publication.embargo_until is None:
        publication.embargo_until = proposed(publication.released_on, office)


def begun(publication: Publication, office: Office, by: Actor) -> None:
    """It is stored: if it is not everybody's at once, that is the first line of its trace."""
    if (publication.access, publication.embargo_until) != (Access.PUBLIC, None):
        _note(publication, (Access.PUBLIC.value, None), office, by)


def hold_back(publications: Iterable[Publication], office: Office, by: Actor) -> list[AccessChange]:
    """Records an import is about to store: those to be released later are hidden until then. Returns the trace, to be
    stored after them."""
    rows = []
    for publication in publications:
        at = proposed(publication.released_on, office)
        if at is not None and publication.released:
            was = publication.access, publication.embargo_until
            publication.embargo_until = at
            rows.append(_change(publication, was, by))
    return rows
