"""The office's procedure of lending: whether, how long, how many."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy

from library.models import LendingRules
from services.audit.actors import Actor
from services.audit.defaults import usual
from services.audit.settings import record_setting, values
from services.offices.calendar import OfficeCalendar
from services.offices.models import Office

NOT_LENT = gettext_lazy("Menurut standar pelayanan kantor ini, buku tidak dipinjamkan.")


def rules_of(office: Office) -> LendingRules:
    return LendingRules.objects.filter(office=office).first() or LendingRules(office=office)


def lends(office: Office) -> bool:
    """Whether this office's standard lends at all (requirement row 20)."""
    return any(s.rules.lending for s in office.services.filter(active=True).with_rules() if s.rules)


def in_words(day: date | None) -> str:
    return date_format(day, "j F Y") if day else ""


def due_day(office: Office, out: date, days: int) -> date:
    """So many calendar days on; a day on which nobody could bring it back moves to the next working day."""
    calendar = OfficeCalendar(office)
    day = out + timedelta(days=days)
    return day if calendar.is_working_day(day) else calendar.working_day_after(day, 1)


@transaction.atomic
def save_rules(rules: LendingRules, office: Office, changed: list[str], *, by: Actor) -> LendingRules:
    """The office's procedure of lending; what is out keeps its due day. The audit names what changed."""
    if changed or not rules.pk:
        kept = LendingRules.objects.select_for_update(of=("self",)).filter(pk=rules.pk).first()
        names = [f.name for f in rules._meta.concrete_fields if f.name not in ("id", "office")]
        before = values(kept or usual(rules), names)
        rules.save()
        record_setting(
            rules, before, after=values(rules, names), action="setting.lending", by=by, office_id=office.pk
        )
    return rules
