"""Cases of a promise as rows of one shape, whatever table they stand in: of which office, when, with what result.

Every query set made here carries the columns of `COLUMNS`; the figures (figures.py) know nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Case as Choice
from django.db.models import (
    CharField,
    DateField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    FloatField,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Extract

from complaints.models import Complaint
from complaints.models.rules import ComplaintRules
from consultation.models import Consultation, ConsultationStep
from consultation.models.clocks import ClockChange, Round
from library.models import Loan, MarkedCopy
from services.guestbook.models import VisitService
from services.offices.models import StandardRule

KEPT, MISSED, EXCLUDED, RUNNING = "kept", "missed", "excluded", "running"
COLUMNS = ("c_office", "c_service", "c_standard", "c_at", "c_day", "c_result", "c_reason", "c_seconds")
ALLOWED, UNANSWERED, NOT_LIVE = "allowed", "unanswered", "manual_entry"
WEST, EAST = ZoneInfo("Asia/Jayapura"), ZoneInfo("Asia/Jakarta")


@dataclass(frozen=True)
class Scope:
    """What is asked: both days included; `service` a slug, `standard` a key; empty: all. `complaints`: those that whoever
    asks may read."""

    offices: tuple[int, ...]
    since: date
    until: date
    service: str = ""
    standard: int | None = None
    complaints: Any = field(default=None, compare=False)

    def before(self) -> Scope:
        """The same number of days before these."""
        days = (self.until - self.since).days + 1
        return Scope(
            self.offices, self.since - timedelta(days=days), self.since - timedelta(days=1), self.service, self.standard, self.complaints
        )  # fmt: skip


class LocalTime(Func):
    """An instant as the clock of its office shows it: (zone's name, instant)."""

    function = "timezone"
    output_field = CharField()


def local_part(part: str, zone: str, at: str) -> Func:
    """isodow or hour of it."""
    inner = LocalTime(F(zone), F(at))
    return Func(inner, template=f"extract({part} from %(expressions)s)::int", output_field=IntegerField())


def _text(value: str) -> Value:
    return Value(value, output_field=CharField())


def _seconds(start: Any, end: Any) -> Extract:
    return Extract(ExpressionWrapper(end - start, output_field=DurationField()), "epoch")


def _shaped(
    rows: QuerySet,
    scope: Scope,
    *,
    office: str,
    service: str,
    standard: str,
    at: str,
    result: Combinable,
    reason: Combinable,
    seconds: Combinable,
    day: str = "",
) -> QuerySet:
    """`day`: a column with the office's own day, where there is one; else it follows from `at` and the office's zone."""
    rows = rows.order_by().filter(**{f"{office}__in": scope.offices})
    if not day:  # with the index of the instant first; the exact days below
        first = datetime.combine(scope.since, time.min, tzinfo=WEST)
        last = datetime.combine(scope.until + timedelta(days=1), time.min, tzinfo=EAST)
        rows = rows.filter(**{f"{at}__gte": first, f"{at}__lt": last})
    if scope.service:
        rows = rows.filter(**{f"{service}__slug": scope.service}) if service else rows.none()
    if scope.standard:
        rows = rows.filter(**{standard: scope.standard}) if standard else rows.none()
    zone = f"{office}__time_zone"
    own_day = F(day) if day else Func(
        LocalTime(F(zone), F(at)), template="(%(expressions)s)::date", output_field=DateField()
    )  # fmt: skip
    none = Value(None, output_field=IntegerField())
    rows = rows.annotate(
        c_office=F(office), c_service=F(service) if service else none, c_standard=F(standard) if standard else none,
        c_at=F(at), c_day=own_day, c_result=result, c_reason=reason, c_seconds=Cast(seconds, FloatField()),
        c_hour=local_part("hour", zone, at), c_weekday=local_part("isodow", zone, at),
    )  # fmt: skip
    return rows.filter(c_day__range=(scope.since, scope.until))


def onsite(scope: Scope) -> QuerySet:
    """Of each service received that a clock was promised for: from its start event to the start of service."""
    return _shaped(
        VisitService.objects.filter(clock_minutes__isnull=False), scope,
        office="office", service="service", standard="standard", at="visit__arrived_at", day="visit__day",
        result=Choice(When(clock_result="", then=_text(RUNNING)), default=F("clock_result"), output_field=CharField()),
        reason=F("clock_reason"),
        seconds=_seconds(Coalesce("clock_started_at", "clock_stopped_at"), F("clock_stopped_at")),
    )  # fmt: skip


def book_first(scope: Scope) -> QuerySet:
    """Of each service that was given under a standard whose steps put the guest book before the service."""
    asks = StandardRule.objects.filter(
        key="steps", standard=OuterRef("standard"), value__contains=[{"kind": "guest_book"}]
    )
    rows = VisitService.objects.filter(Exists(asks), started_at__isnull=False)
    result = Choice(
        When(visit__entered_at__isnull=False, then=_text(EXCLUDED)),
        When(visit__guest_book_at__lte=F("started_at"), then=_text(KEPT)),
        default=_text(MISSED), output_field=CharField(),
    )  # fmt: skip
    reason = Choice(When(visit__entered_at__isnull=False, then=_text(NOT_LIVE)), default=_text(""))
    return _shaped(
        rows, scope, office="office", service="service", standard="standard", at="started_at", day="visit__day",
        result=result, reason=reason, seconds=Value(None, output_field=FloatField()),
    )  # fmt: skip


def online(scope: Scope) -> QuerySet:
    """Of each question that working days were promised for: until it was answered (consultation.models.clocks.Round)."""
    excluded = ~Q(excluded="") | Q(answered_at=None, ended_at__isnull=False)
    result = Choice(
        When(excluded, then=_text(EXCLUDED)),
        When(answered_at=None, then=_text(RUNNING)),
        When(answered_at__lte=F("due_at"), then=_text(KEPT)),
        default=_text(MISSED), output_field=CharField(),
    )  # fmt: skip
    reason = Choice(
        When(~Q(excluded=""), then=F("excluded")), When(excluded, then=_text(UNANSWERED)), default=_text("")
    )
    return _shaped(
        Round.objects.filter(Q(working_days__isnull=False) | Q(due_at__isnull=False)), scope,
        office="consultation__office", service="consultation__service", standard="consultation__standard",
        at="started_at", result=result, reason=reason, seconds=_seconds(F("started_at"), F("answered_at")),
    )  # fmt: skip


def auto_close(scope: Scope) -> QuerySet:
    """Of each consultation that was closed by silence: not before the promised day was over."""
    closed = ConsultationStep.objects.filter(
        subject=OuterRef("consultation"), state=Consultation.State.AUTO_CLOSED, at=OuterRef("at")
    )
    rows = ClockChange.objects.filter(
        Exists(closed), what=ClockChange.What.CLOSES, now=None, was__isnull=False
    )
    return _shaped(
        rows, scope, office="consultation__office", service="consultation__service", standard="consultation__standard", at="at",
        result=Choice(When(at__gte=F("was"), then=_text(KEPT)), default=_text(MISSED), output_field=CharField()),
        reason=_text(""), seconds=Value(None, output_field=FloatField()),
    )  # fmt: skip


def permission(scope: Scope) -> QuerySet:
    """Of each book that left the room: an officer let it go."""
    rows = Loan.objects.exclude(kind=Loan.Kind.READING)
    return _shaped(
        rows, scope, office="office", service="", standard="", at="out_at",
        result=Choice(When(approved_by=None, then=_text(MISSED)), default=_text(KEPT), output_field=CharField()),
        reason=_text(""), seconds=Value(None, output_field=FloatField()),
    )  # fmt: skip


def excerpt(scope: Scope) -> QuerySet:
    """Of each excerpt: no more pages than the standard lets an officer copy, unless a supervisor allowed it."""
    cap = StandardRule.objects.filter(key="excerpt_percent", standard=OuterRef("received__standard"))
    rows = MarkedCopy.objects.filter(kind=MarkedCopy.Kind.EXCERPT).annotate(
        cap=Cast(Subquery(cap.values("value")[:1]), IntegerField()),
        taken=Func(F("pages"), function="cardinality", output_field=IntegerField()),
    )
    result = Choice(
        When(allowed_by__isnull=False, then=_text(EXCLUDED)),
        When(taken__lte=F("digital__pages") * F("cap") / 100.0, then=_text(KEPT)),
        default=_text(MISSED), output_field=CharField(),
    )  # fmt: skip
    reason = Choice(When(allowed_by__isnull=False, then=_text(ALLOWED)), default=_text(""))
    return _shaped(
        rows.filter(cap__isnull=False), scope, office="office", service="received__service", standard="received__standard",
        at="made_at", result=result, reason=reason, seconds=Value(None, output_field=FloatField()),
    )  # fmt: skip


def reckoned(rows: QuerySet, start: str, done: str, days: str) -> tuple[QuerySet, Combinable, Combinable]:
    """Complaints with the days they took and may take; and from these their result and why they do not count. Calendar days of
    the handling office, to its midnight; by the rules it has now (`days`: a field of ComplaintRules)."""
    rules = ComplaintRules.objects.filter(office=OuterRef("place")).values(days)[:1]
    keys: Any = rows.order_by().values("pk")
    rows = Complaint.objects.filter(pk__in=keys, **{f"{start}__isnull": False}).order_by()
    rows = rows.annotate(
        allowed=Coalesce(Subquery(rules), ComplaintRules.law(days), output_field=IntegerField()),
        late=Func(
            LocalTime(F("place__time_zone"), Coalesce(done, Func(function="now"))), LocalTime(F("place__time_zone"), F(start)),
            template="(%(expressions)s)::date", arg_joiner=")::date - (", output_field=IntegerField(),
        ),
    )  # fmt: skip
    over = Q(state__in=Complaint.OVER, **{f"{done}__isnull": True})
    result = Choice(
        When(over, then=_text(EXCLUDED)),
        When(late__gt=F("allowed"), then=_text(MISSED)),
        When(**{f"{done}__isnull": True}, then=_text(RUNNING)),
        default=_text(KEPT), output_field=CharField(),
    )  # fmt: skip
    return rows, result, Choice(When(over, then=F("state")), default=_text(""), output_field=CharField())


def _complaint(scope: Scope, start: str, done: str, days: str) -> QuerySet:
    found = Complaint.objects.none() if scope.complaints is None else scope.complaints
    rows, result, reason = reckoned(found, start, done, days)
    return _shaped(
        rows, scope, office="place", service="service", standard="", at=start, result=result, reason=reason,
        seconds=_seconds(F(start), F(done)),
    )  # fmt: skip


def complaint_answer(scope: Scope) -> QuerySet:
    """Of each complaint: its first answer."""
    return _complaint(scope, "created_at", "first_answered_at", "first_answer_days")


def complaint_decision(scope: Scope) -> QuerySet:
    """Of each complaint that was complete: the decision."""
    return _complaint(scope, "complete_at", "decided_at", "decision_days")
