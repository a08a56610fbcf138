"""Until when the office has to do what comes next, and until when the complainant may: the one place that writes them.

Source: UU 25/2009 Articles 44–50 (a first answer, its completion, the decision), Perpres 76/2013, SP4N practice (forwarding,
the working days of each kind, closing after silence); domain.md §6. The figures are data (`ComplaintRules`). Where the
law's limit and the practice's both run, the earlier one counts, and its `Due` says which that is.

Every function works on a complaint its caller has locked; the caller saves `FIELDS`. Instants are UTC, days the handling
office's own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext_lazy, ngettext

from complaints.models import Complaint, ComplaintRules, Kind
from services.offices.calendar import OfficeCalendar, held
from services.offices.models import Office

FIELDS = ["due_at", "awaited_until", "escalated_at"]
State = Complaint.State
# What a deadline follows from, beside the state.
CLOCKED = {"kind", "complete_at", "first_answered_at", "created_at", "place", "place_id"}


@dataclass(frozen=True)
class Due:
    """An instant and what it follows from: so many days, working days or not, since when, for what."""

    at: datetime
    days: int
    working: bool
    what: str  # first_answer, decision, kind, forward, completion, silence

    def __str__(self) -> str:
        if self.working:
            days = ngettext("%(n)d hari kerja", "%(n)d hari kerja", self.days) % {"n": self.days}
        else:
            days = ngettext("%(n)d hari", "%(n)d hari", self.days) % {"n": self.days}
        return f"{WORDS[self.what]}: {days}"


WORDS: dict[str, Any] = {
    "first_answer": gettext_lazy("tanggapan pertama sejak diterima"),
    "decision": gettext_lazy("keputusan sejak lengkap"),
    "kind": gettext_lazy("penyelesaian menurut jenisnya sejak lengkap"),
    "forward": gettext_lazy("diteruskan sejak diterima"),
    "completion": gettext_lazy("dilengkapi pelapor"),
    "silence": gettext_lazy("ditutup bila pelapor tidak menanggapi"),
}


EARLY = time(2)


def shown_of(office: Office, at: datetime) -> datetime:
    """What is written down of the instant at which somebody without a name did something: the day, in the small hours, when
    nobody visits an office. The clocks count days. Two o'clock, so that in every zone of the country it is the same day."""
    early = datetime.combine(office.today(at), EARLY, tzinfo=office.zone)
    return early if early <= at else datetime.combine(office.today(at), time.min, tzinfo=office.zone)


def rules_of(office: Office) -> ComplaintRules:
    return ComplaintRules.objects.filter(office=office).first() or ComplaintRules(office=office)


class Clocks:
    """Of the office that handles it."""

    def __init__(self, place: Office, calendar: OfficeCalendar | None = None):
        self.place, self.rules, self.calendar = place, rules_of(place), calendar or OfficeCalendar(place)

    def due(self, complaint: Complaint) -> Due | None:
        """What the office has to do next, whichever limit comes first."""
        if not complaint.is_ours:
            return None
        rules = self.rules
        limits: list[Due] = []
        if complaint.first_answered_at is None:
            limits.append(self._days(complaint.created_at, rules.first_answer_days, "first_answer"))
        if complaint.complete_at:
            working = {
                Kind.SERVICE: rules.service_working_days,
                Kind.SUPERVISORY: rules.supervisory_working_days,
                Kind.INFORMATION: rules.information_working_days,
                Kind.SUGGESTION: rules.suggestion_working_days,
            }[Kind(complaint.kind)]
            limits.append(self._working_days(complaint.complete_at, working, "kind"))
            limits.append(self._days(complaint.complete_at, rules.decision_days, "decision"))
        return min(limits, key=lambda due: due.at, default=None)

    def stands(self, complaint: Complaint) -> Due | None:
        """The same, at the instant that is stored: one that was over when the calendar changed stays where it was."""
        due = self.due(complaint)
        return replace(due, at=complaint.due_at) if due and complaint.due_at else due

    def forward_by(self, complaint: Complaint) -> Due:
        """What is not this office's goes on within so many working days (SP4N)."""
        return self._working_days(complaint.created_at, self.rules.forward_working_days, "forward")

    def awaited(self, complaint: Complaint, since: datetime) -> Due | None:
        """The complainant's own time: to complete it, or to say that the answer will not do."""
        if complaint.state == State.INCOMPLETE:
            return self._days(since, self.rules.completion_days, "completion")
        if complaint.state == State.ANSWERED:
            return self._working_days(since, self.rules.close_working_days, "silence")
        return None

    def lodged_late(self, complaint: Complaint) -> bool:
        """More than the law's days after the service: taken all the same, and marked."""
        if complaint.happened_on is None:
            return False
        lodged = self.place.today(complaint.created_at)
        return lodged > complaint.happened_on + timedelta(days=self.rules.lodge_days)

    def _days(self, since: datetime, days: int, what: str) -> Due:
        """Calendar days: the end of the last one, by the office's own midnight."""
        last = self.place.today(since) + timedelta(days=days)
        return Due(datetime.combine(last, time.max, tzinfo=self.place.zone), days, False, what)

    def _working_days(self, since: datetime, days: int, what: str) -> Due:
        return Due(self.calendar.deadline(since, days), days, True, what)


def set_all(complaint: Complaint, at: datetime, clocks: Clocks | None = None) -> bool:
    """Work out what runs in the complaint's present state. Whether anything is another instant than before."""
    clocks = clocks or Clocks(complaint.place)
    before = (complaint.due_at, complaint.awaited_until)
    due = clocks.due(complaint)
    awaited = clocks.awaited(complaint, awaited_since(complaint) or at)
    complaint.due_at = due.at if due else None
    complaint.awaited_until = awaited.at if awaited else None
    if complaint.due_at != before[0]:
        complaint.escalated_at = None  # it goes up once for each deadline
    return before != (complaint.due_at, complaint.awaited_until)


def follow(complaint: Complaint, at: datetime, clocks: Clocks | None = None) -> bool:
    """`set_all` where nothing happened but that calendar or rules are other ones now: a deadline that is over has been judged,
    and stays. Whether anything is another instant than before."""
    was = {name: getattr(complaint, name) for name in FIELDS}
    set_all(complaint, at, clocks)
    for name in ("due_at", "awaited_until"):
        setattr(complaint, name, held(was[name], getattr(complaint, name), at))
    if complaint.due_at == was["due_at"]:
        complaint.escalated_at = was["escalated_at"]
    return any(getattr(complaint, name) != was[name] for name in FIELDS)


def awaited_since(complaint: Complaint) -> datetime | None:
    """Since when it is the complainant's turn: the step that made it so."""
    if complaint.state not in Complaint.THEIRS:
        return None
    last = complaint.steps.filter(state=complaint.state).order_by("-pk").first()
    return last.at if last else None
