"""The office's counters: set up, changed, taken out of use. Each function is one transaction."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from queueing.models import Counter
from services.audit.actors import Actor
from services.audit.settings import record_setting, stamp, values
from services.live.publish import QUEUE, publish
from services.offices.models import Service
from services.offices.settings import SomebodyElse
from services.workflow import IllegalMove

FIELDS = ("number", "name", "services", "active")


class NumberTaken(ValueError):
    """Another counter has this number."""

    def __str__(self) -> str:
        return _("Sudah ada loket dengan nomor ini.")


@transaction.atomic
def save(counter: Counter, services: Iterable[Service], *, by: Actor, seen: str = "") -> list[str]:
    """A new counter, or one with other words and services. While an officer sits there its number and whether it is used stay as
    they are. Raises IllegalMove, NumberTaken, SomebodyElse."""
    before = {}
    if counter.pk:
        stored = Counter.objects.select_for_update(no_key=True).get(pk=counter.pk)
        before = values(stored, FIELDS)
        if seen and seen != stamp(before):
            raise SomebodyElse
        if stored.officer_id and (stored.number, stored.active) != (counter.number, counter.active):
            raise IllegalMove(_("Loket ini sedang dibuka petugas. Tinggalkan loketnya dahulu, lalu ubah."))
    try:
        with transaction.atomic():
            if counter.pk:
                counter.save(update_fields=["number", "name", "active"])
            else:
                counter.save()
    except IntegrityError:
        raise NumberTaken from None
    counter.services.set(services)
    publish(counter.office.code, QUEUE)
    return record_setting(
        counter,
        before,
        after=values(counter, FIELDS),
        action="setting.counter",
        by=by,
        office_id=counter.office_id,
    )
