"""How an office kept its word, for everybody: by service, of one complete period, and nothing of fewer than FEW cases.

There is no sum over services: with one service told and the sum beside it the other, too small, would be told as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from pst.panel.models import PublishedPromises
from pst.panel.promises import figures
from pst.panel.promises.cases import Scope
from pst.panel.promises.registry import BY_KEY
from services.audit.actors import Actor
from services.audit.settings import record_setting, values
from services.offices.models import Office
from services.offices.settings import as_seen

FIELDS = ("period",)
SHOWN = ("kunjungan", "online")
Period = PublishedPromises.Period
MONTHS = {Period.MONTH: 1, Period.QUARTER: 3, Period.YEAR: 12}


@dataclass(frozen=True)
class Told:
    """`share` is None where there are too few to tell."""

    service: str
    promise: str
    share: int | None
    told: int


@transaction.atomic
def save(office: Office, *, period: str, by: Actor, seen: str = "") -> None:
    """Raises SomebodyElse when it is not as it was `seen` any more."""
    row, _new = PublishedPromises.objects.select_for_update().get_or_create(office=office)
    before = values(row, FIELDS)
    as_seen(seen, before)
    row.period = period
    row.save()
    record_setting(row, before, action="setting.public_promises", by=by, office_id=office.pk)


def last_complete(period: str, today: date) -> tuple[date, date]:
    """Its first and last day: the month, quarter or year before the one that runs."""
    months = MONTHS[Period(period)]
    first = today.replace(day=1, month=(today.month - 1) // months * months + 1)
    until = first - timedelta(days=1)
    since = until.replace(day=1, month=(until.month - 1) // months * months + 1)
    return since, until


def shown(office: Office) -> tuple[str, list[Told]]:
    """The period in words and what is told; empty where the office does not want it. At most three questions."""
    row = PublishedPromises.objects.filter(office=office).exclude(period="").first()
    if row is None:
        return "", []
    since, until = last_complete(row.period, office.today())
    services = {s.pk: str(s) for s in office.services.filter(active=True)}
    found = []
    for key in SHOWN:
        promise = BY_KEY[key]
        parts = figures.parts(promise.find(Scope((office.pk,), since, until)))
        for pk, name in services.items():
            if (one := parts.services.get(pk)) and one.told:
                share = None if one.share is None else round(one.share)
                found.append(Told(name, str(promise.title), share, one.told if share is not None else 0))
    return _words(row.period, since, until), found


def _words(period: str, since: date, until: date) -> str:
    if period == Period.MONTH:
        return date_format(since, "F Y")
    if period == Period.QUARTER:
        return _("Triwulan %(n)d %(year)d") % {"n": (since.month - 1) // 3 + 1, "year": since.year}
    return f"{since.year}"
