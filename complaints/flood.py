"""Somebody keeps sending: slowed by where it comes from, the staff are told once an hour, and what came of it is found together.

From where is a keyed hash that is dropped with the hour (docs/decisions/038): what stays is only which complaints came together.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from complaints import notices
from complaints.models import Arrival, Complaint, Flood
from services.accounts import limits
from services.accounts.http import Request
from services.audit.models import AuditEntry
from services.live.publish import COMPLAINTS, publish
from services.offices import hourly
from services.offices.hourly import HOUR
from services.offices.models import Office

ACTION = "complaint.flood"
KEPT = timedelta(days=30)  # so long what came together can be set aside, and taken back, together
# Of one place in an hour: each is mailed to the supervisors (the list has all), and of none is kept where it came from.
HONEST = 10


def too_many(request: Request, visit: str = "") -> bool:
    """Count this one; whether it is one too many. Three counts, so that none of them stops the honest of another: a paired
    tablet for itself, each visit's own page for itself, everybody else by network address."""
    if request.device:
        return limits.exceeded(request, "complaint", whose=_device(request))
    if visit:
        return limits.exceeded(request, "complaint of a visit", whose=visit)
    return limits.exceeded(request, "complaint")


def source(request: Request, visit: str = "") -> str:
    """Where it comes from, as a keyed hash; nothing for a visit's page, whose few are no flood, and which leads to a person."""
    return "" if visit and not request.device else limits.source(request, _device(request))


def joined(request: Request, visit: str = "") -> str:
    """By what one that was taken is found together with others of its place; the first of an hour by nothing, so that nothing says
    of two honest ones, one of them without a name, that they came from one place."""
    few = limits.so_far(request, "complaint", _device(request)) <= HONEST
    return "" if few else source(request, visit)


def _device(request: Request) -> str:
    return f"device {request.device.pk}" if request.device else ""


def told(office: Office) -> AuditEntry | None:
    """What the desk's list says, while it is true."""
    return hourly.told(office, ACTION)


def shown(office: Office) -> QuerySet[Flood]:
    """Those that still have something in them to be looked at."""
    waiting = Q(complaints__state=Complaint.State.RECEIVED, complaints__handler=None)
    return Flood.objects.filter(waiting, office=office).distinct()


@transaction.atomic
def held(office: Office, of: str, *, at: datetime | None = None) -> None:
    """One more was refused. The first of its place gathers what came from there within the hour; once an hour the office is
    told: a line in the trail, a mail to the supervisors. Nothing of the address in either, nor of what was written."""
    at = at or timezone.now()
    if of and not Flood.objects.filter(office=office, source=of).update(held=F("held") + 1, last_at=at):
        _begin(office, of, at)
    if hourly.tell(office, ACTION, at):
        notices.flood(office, at=at)
        publish(office.code, COMPLAINTS)


def _begin(office: Office, of: str, at: datetime) -> None:
    flood, new = Flood.objects.get_or_create(
        office=office, source=of, defaults={"began_at": at, "last_at": at, "held": 1}
    )
    if not new:  # another process was faster
        Flood.objects.filter(pk=flood.pk).update(held=F("held") + 1, last_at=at)
        return
    came = Complaint.objects.filter(office=office, arrival__source=of, arrival__at__gt=at - HOUR)
    came.update(flood=flood)
    publish(office.code, COMPLAINTS)


def arrived(complaint: Complaint, of: str, *, at: datetime) -> None:
    """It came from there; of a flood that is on it is one more."""
    Arrival.objects.create(complaint=complaint, source=of, at=at)
    if flood := Flood.objects.filter(office=complaint.office_id, source=of, last_at__gt=at - HOUR).first():
        Complaint.objects.filter(pk=complaint.pk).update(flood=flood)
        complaint.flood = flood


def forget(at: datetime) -> None:
    """From where, an hour later; that they came together, when nobody sets them aside any more. Before: those that were being
    stored while their flood began, and so were not there to be gathered."""
    for flood in Flood.objects.exclude(source=""):
        Complaint.objects.filter(office=flood.office_id, flood=None, arrival__source=flood.source).update(
            flood=flood
        )
    Arrival.objects.filter(at__lte=at - HOUR).delete()
    Flood.objects.filter(last_at__lte=at - HOUR).exclude(source="").update(source="")
    Flood.objects.filter(last_at__lte=at - KEPT).delete()
