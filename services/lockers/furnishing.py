"""The office's lockers as furniture: added by a range of numbers, deleted while nothing was ever held in one."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from services.audit.actors import Actor
from services.audit.settings import record_setting, values
from services.live.publish import VISITS, publish
from services.lockers.models import Deposit, Incident, Locker
from services.offices.models import Office
from services.workflow import IllegalMove

FIELDS = ("number", "size", "key_number")
MOST = 500


@transaction.atomic
def add(office: Office, first: int, last: int, *, size: str, by: Actor) -> list[int]:
    """Those of the range that are not there yet; returns their numbers."""
    Office.objects.select_for_update(no_key=True).get(pk=office.pk)
    there = set(office.lockers.values_list("number", flat=True))
    added = []
    for number in range(first, last + 1):
        if number in there:
            continue
        row = Locker.objects.create(office=office, number=number, size=size)
        record_setting(
            row, {}, after=values(row, FIELDS), action="setting.locker", by=by, office_id=office.pk
        )
        added.append(number)
    publish(office.code, VISITS)
    return added


def unused(office: Office) -> set[int]:
    """The keys of the lockers that nothing was ever held in."""
    held = Deposit.objects.filter(locker=OuterRef("pk"))
    lost = Incident.objects.filter(locker=OuterRef("pk"))
    rows = office.lockers.filter(~Exists(held), ~Exists(lost))
    return set(rows.values_list("pk", flat=True))


@transaction.atomic
def delete(locker: Locker, *, by: Actor) -> None:
    """Raises IllegalMove for one that was used: it can only be taken out of service."""
    row = Locker.objects.select_for_update(of=("self",)).select_related("office").filter(pk=locker.pk).first()
    if row is None:
        return
    if row.pk not in unused(row.office):
        raise IllegalMove(_("%s pernah dipakai. Tandai “tidak dipakai” saja.") % row)
    record_setting(
        row, values(row, FIELDS), after={}, action="setting.locker", by=by, office_id=row.office_id
    )
    row.delete()
    publish(row.office.code, VISITS)
