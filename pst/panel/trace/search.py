"""Lines of the trace of one office: who, what, when, about which record; page by page from the newest, quick at any size.

What may stand there for whoever looks: hidden.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_datetime

from complaints.models import Complaint
from consultation.models import Consultation
from library.models import MarkedCopy
from pst.panel.trace import words
from pst.panel.trace.hidden import readable
from services.accounts.models import User
from services.audit.models import AuditEntry
from services.guestbook.models import Visitor
from services.offices.models import Office

PAGE = 100
MOST_FOUND = 20  # people of one name
KEYS = re.compile(r"(?P<kind>[a-z_.]{3,60}):(?P<keys>[0-9]{1,18}(,[0-9]{1,18}){0,19})")


@dataclass(frozen=True)
class Asked:
    """`who`: a user's key, or a kind of actor; `group`: a key of words.GROUPS; `record`: a number, or "type:key" as the lines' own
    links have it, also of several ("type:key,key")."""

    since: date
    until: date
    who: str = ""
    group: str = ""
    record: str = ""


def find(office: Office, asked: Asked, viewer: User) -> QuerySet[AuditEntry]:
    first = datetime.combine(asked.since, time.min, tzinfo=office.zone)
    last = datetime.combine(asked.until + timedelta(days=1), time.min, tzinfo=office.zone)
    rows = readable(AuditEntry.objects.filter(office=office, at__gte=first, at__lt=last), viewer)
    if asked.who.isdecimal():
        rows = rows.filter(user=int(asked.who))
    elif asked.who:
        rows = rows.filter(actor=asked.who)
    if asked.group:
        rows = rows.filter(_in_group(asked.group))
    if asked.record:
        rows = rows.filter(_about(asked.record))
    return rows


def _in_group(group: str) -> Q:
    found = Q()
    for subject in words.subjects_of(group):
        found |= Q(action=subject) if subject == words.READ else Q(action__startswith=f"{subject}.")
    if group == "ekspor":
        found |= Q(action__in=list(words.OLD_EXPORTS))
    if group == "pengaturan":
        found |= Q(action__in=words.OLD_SETTINGS)
    return found or Q(pk=None)


def _about(typed: str) -> Q:
    """Which records are meant; of another office there are no lines anyway."""
    if keys := KEYS.fullmatch(typed):
        return Q(target_type=keys["kind"], target_id__in=[int(key) for key in keys["keys"].split(",")])
    for model, column in ((Consultation, "number"), (Complaint, "number"), (MarkedCopy, "serial")):
        pks = list(model._default_manager.filter(**{column: typed.upper()}).values_list("pk", flat=True))
        if pks:
            return Q(target_type=model._meta.label_lower, target_id__in=pks)
    return Q(pk=None)


def is_known(record: str) -> bool:
    """A key, or a number there is: nothing of a person."""
    return bool(KEYS.fullmatch(record)) or _about(record) != Q(pk=None)


def of_person(office: Office, typed: str) -> str:
    """The keys of the office's visitors with exactly this name or address, as `record` has them; "" where there are none. What was
    typed goes no further (into no address, no log)."""
    same = Q(name__iexact=typed) | Q(email__iexact=typed)
    people = Visitor.objects.filter(same, office=office).order_by("-pk").values_list("pk", flat=True)
    found = ",".join(str(pk) for pk in people[:MOST_FOUND])
    return f"{Visitor._meta.label_lower}:{found}" if found else ""


def page(rows: QuerySet[AuditEntry], after: str) -> tuple[list[AuditEntry], str]:
    """The lines after this place ("" for the newest), and the place of the last one where there are more."""
    if place := _place(after):
        at, pk = place
        rows = rows.filter(Q(at__lt=at) | Q(at=at, pk__lt=pk), at__lte=at)
    shown = list(rows.order_by("-at", "-pk").select_related("user", "device")[: PAGE + 1])
    if len(shown) <= PAGE:
        return shown, ""
    last = shown[PAGE - 1]
    return shown[:PAGE], f"{last.at.isoformat()}_{last.pk}"


def _place(after: str) -> tuple[datetime, int] | None:
    at, _line, pk = after.rpartition("_")
    try:
        found = parse_datetime(at)
        found = found.astimezone(UTC) if found and found.tzinfo else None
    except (ValueError, OverflowError):  # no time, or one at either end of the calendar
        return None
    return (found, int(pk)) if found and pk.isdecimal() and len(pk) < 19 else None
