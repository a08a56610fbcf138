"""The supervisor's changes to the TV's strip. Every function is one transaction and wakes the office's TVs."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from queueing.models import Announcement
from services import pictures
from services.audit import trail
from services.audit.actors import Actor
from services.live.publish import ANNOUNCEMENTS, publish
from services.offices.models import Office
from services.workflow import IllegalMove


@transaction.atomic
def save(announcement: Announcement, *, by: Actor) -> Announcement:
    """Store a new or changed announcement that a form has checked. A new one comes last in the order.

    Raises IllegalMove when somebody else has deleted it meanwhile."""
    before = Announcement.objects.select_for_update().filter(pk=announcement.pk).first()
    if announcement.pk and before is None:
        raise IllegalMove(_("Pengumuman ini baru saja dihapus oleh orang lain."))
    if before is None:
        announcement.position = len(_in_order(announcement.office)) + 1
    if announcement.kind != Announcement.Kind.IMAGE:
        announcement.image = ""
    announcement.save()
    if before and before.image.name != announcement.image.name:
        pictures.forget(before.image.name)
    _tell("changed" if before else "added", announcement, by=by)
    return announcement


@transaction.atomic
def shift(announcement: Announcement, *, by_places: int, by: Actor) -> None:
    """Earlier (negative) or later in the order; at the end of the list nothing happens."""
    order = _in_order(announcement.office)
    here = next(n for n, other in enumerate(order) if other.pk == announcement.pk)
    order.insert(max(0, here + by_places), order.pop(here))
    for place, other in enumerate(order, start=1):
        if other.position != place:
            other.position = place
            other.save(update_fields=["position"])
    _tell("moved", announcement, by=by)


@transaction.atomic
def switch(announcement: Announcement, *, on: bool, by: Actor) -> None:
    """Shown or not, without losing it."""
    Announcement.objects.filter(pk=announcement.pk).update(active=on)
    _tell("switched_on" if on else "switched_off", announcement, by=by)


@transaction.atomic
def delete(announcement: Announcement, *, by: Actor) -> None:
    """Gone for good, with its picture."""
    pictures.forget(announcement.image.name)
    _tell("deleted", announcement, by=by)
    announcement.delete()


def _in_order(office: Office) -> list[Announcement]:
    """All of the office, locked: two supervisors who sort at once wait for each other."""
    Office.objects.select_for_update(no_key=True).get(pk=office.pk)
    return list(office.announcements.select_for_update())


def _tell(what: str, announcement: Announcement, *, by: Actor) -> None:
    office = announcement.office
    trail.record(
        f"announcement.{what}", announcement, by=by, office_id=office.pk, kind=announcement.kind,
        active=announcement.active,
    )  # fmt: skip
    publish(office.code, ANNOUNCEMENTS)
