"""The plan of who serves when. Each function is one transaction."""

from __future__ import annotations

from django.db import transaction

from queueing.models import Duty
from services.audit.actors import Actor
from services.audit.settings import record_setting, values

FIELDS = ("user", "weekday", "date", "starts", "ends", "counter", "service")


@transaction.atomic
def add(duty: Duty, *, by: Actor) -> Duty:
    duty.save()
    record_setting(
        duty, {}, after=values(duty, FIELDS), action="setting.duty", by=by, office_id=duty.office_id
    )
    return duty


@transaction.atomic
def drop(duty: Duty, *, by: Actor) -> None:
    row = Duty.objects.select_for_update(of=("self",)).filter(pk=duty.pk).first()
    if row:
        record_setting(
            row, values(row, FIELDS), after={}, action="setting.duty", by=by, office_id=row.office_id
        )
        row.delete()
