"""Lines of the trace of one office: who, what, when, about which record; page by page from the newest, quick at any size.

What may stand there for whoever looks: hidden.py.
"""

from __future__ import annotations

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


@dataclass(frozen=True)
class Asked:
    """`who`: a user's key, or a kind of actor; `group`: a key of words.GROUPS; `record`: a number, a name or an address, or
    "type:key" as the lines' own links have it."""

    since: date
    until: date
    who: str = ""
    group: str = ""
    record: str = ""


def find(office: Office, asked: Asked, viewer: User, *, own: bool = True) -> QuerySet[AuditEntry]:
    """`own`: the office one is in. At another one overseen nobody is found by a name: that they were there is what it would tell
    (docs/decisions/041)."""
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
        rows = rows.filter(_about(office, asked.record, own))
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


def _about(office: Office, typed: str, own: bool) -> Q:
    """Which records are meant; none that the office has nothing to do with."""
    kind, colon, key = typed.partition(":")
    if colon and key.isdecimal() and len(key) < 19:
        return Q(target_type=kind, target_id=int(key))
    for model, column in ((Consultation, "number"), (Complaint, "number"), (MarkedCopy, "serial")):
        pks = list(model._default_manager.filter(**{column: typed.upper()}).values_list("pk", flat=True))
        if pks:
            return Q(target_type=model._meta.label_lower, target_id__in=pks)
    if not own:
        return Q(pk=None)
    same = Q(name__iexact=typed) | Q(email__iexact=typed)
    people = list(Visitor.objects.filter(same, office=office).values_list("pk", flat=True)[:MOST_FOUND])
    return Q(target_type="guestbook.visitor", target_id__in=people)


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
