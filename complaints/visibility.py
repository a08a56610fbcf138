"""Who may see a complaint, and who may see whose it is.

- It is read by the supervisors of the office that handles it, and of the one above once it is late, and by the officer it
  was given to; nobody else at the desk sees more than that there are so many.
- Whoever it is about sees nothing of it, supervisor or not: it goes to an office above at once when nobody else is left
  (workflows.lodging). The complainant has nothing to fear from them (UU 25/2009 Article 40).
- The identity of a confidential one is for the same people only, and reading it is written down. An anonymous one has none.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet

from complaints.models import Action, Complaint, Identity, Message, Privacy
from complaints.models.record import ComplaintQuerySet
from services.accounts.models import Membership, Role, User
from services.audit import trail
from services.audit.actors import Actor
from services.offices.models import Office


def visible(user: User, place: Office, role: str) -> ComplaintQuerySet:
    """What this person may read at this office."""
    rows = Complaint.objects.exclude(about=user)
    if role == Role.SUPERVISOR:
        return rows.filter(Q(place=place) | Q(escalated_to=place))
    return rows.filter(place=place, handler=user)


def told_of(rows: QuerySet, user: User, place: Office, role: str) -> QuerySet:
    """Of messages that go out, by mail or WhatsApp (`about_type`, `about_id`): without those about complaints that this person
    may not read. Their address would say who complained, and the mail that somebody did."""
    return told(rows, visible(user, place, role))


def told(rows: QuerySet, may: QuerySet) -> QuerySet:
    """The same for whoever may read these complaints and no others."""
    whole, part = Complaint._meta.label_lower, Message._meta.label_lower
    of_it = Exists(may.filter(pk=OuterRef("about_id")))
    of_message = Exists(Message.objects.filter(pk=OuterRef("about_id"), complaint__in=may))
    return rows.filter(~Q(about_type=whole) | of_it).filter(~Q(about_type=part) | of_message)


def answers(rows: QuerySet, user: User, place: Office, role: str) -> QuerySet:
    """Of mails that came in at any office, those that answer what we wrote about a complaint this person may read."""
    may = visible(user, place, role).order_by().values("pk")
    return rows.filter(about_type=Complaint._meta.label_lower, about_id__in=may)


def supervisors(place: Office, complaint: Complaint | None = None) -> list[User]:
    """Who may read all of an office's complaints; but for those this one is about."""
    named = list(complaint.about.values_list("pk", flat=True)) if complaint and complaint.pk else []
    rows = User.objects.filter(
        is_active=True, memberships__office=place, memberships__role=Role.SUPERVISOR
    ).exclude(pk__in=named)
    return list(rows.order_by("pk").distinct())


def may_handle(user: User, complaint: Complaint) -> bool:
    """Works there, and is not who it is about."""
    works = Membership.objects.filter(Q(office=complaint.place), user=user, user__is_active=True).exists()
    return works and not complaint.about.filter(pk=user.pk).exists()


def readers(complaint: Complaint) -> list[User]:
    """Who reads it now at the office that handles it: its supervisors, and the officer it was given to."""
    found = supervisors(complaint.place, complaint)
    handler = complaint.handler
    if handler and handler not in found and may_handle(handler, complaint):
        found.append(handler)
    return found


def of_officer(by: Actor, place: Office) -> ComplaintQuerySet:
    """What whoever acts may read at this office; of nobody in particular: nothing."""
    member = Membership.objects.filter(user_id=by.user_id or 0, office=place).select_related("user").first()
    return visible(member.user, place, member.role) if member else Complaint.objects.none()


def in_reports(office: Office, places: Sequence[Office]) -> ComplaintQuerySet:
    """What a report of this office over `places` counts, whoever opens it, now or once it is handed in: nothing about anybody
    who works there, and nothing that was sent above these places. Counts that change by one would tell them
    (docs/decisions/040)."""
    theirs = User.objects.filter(memberships__office=office)
    rows = Complaint.objects.filter(office__in=places, place__in=places)
    return rows.exclude(about__in=theirs)


def _reading_owner() -> QuerySet:
    """`readers`, for the database: the owner of an action as somebody who reads its complaint today."""
    works = Membership.objects.filter(
        user=OuterRef("owner"), user__is_active=True, office=OuterRef("complaint__place")
    )
    return works.filter(Q(role=Role.SUPERVISOR) | Q(user=OuterRef("complaint__handler")))


def with_owner(actions: QuerySet) -> QuerySet:
    """Each with `owned`: whether somebody who still works here, and reads the complaint, is to do it. Whoever left, was shut
    out by an administrator or does something else by now is not; their name stays as a trace."""
    return actions.annotate(owned=Exists(_reading_owner()))


def action_unowned(rows: ComplaintQuerySet) -> ComplaintQuerySet:
    """Of these complaints, those with an open corrective action that is nobody's."""
    left = Action.objects.filter(~Exists(_reading_owner()), complaint=OuterRef("pk"), done_at=None)
    return rows.filter(Exists(left)).exclude(state=Complaint.State.WITHDRAWN)


def identity(complaint: Complaint, *, by: Actor) -> Identity | None:
    """Whose it is, for somebody `visible` let in; the reading is written down."""
    if complaint.privacy == Privacy.ANONYMOUS:
        return None
    found = Identity.objects.filter(complaint=complaint).select_related("account", "visitor").first()
    if found:
        trail.record_read(complaint, by=by, office_id=complaint.place_id, why="identity")
    return found


def who_handles(office: Office, complaint: Complaint | None = None) -> Office:
    """The office itself, or the nearest one above with a supervisor whom the complaint is not about. Where there is none at
    all it stays: an administrator has to name a supervisor."""
    place: Office | None = office
    while place is not None:
        if supervisors(place, complaint):
            return place
        place = place.parent
    return office
