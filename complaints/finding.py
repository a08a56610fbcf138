"""The desk's list: what is due first on top, of what this person may see (complaints/visibility.py)."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from complaints import visibility
from complaints.models import Complaint, Message
from complaints.models.record import ComplaintQuerySet
from services.accounts.models import Role, User
from services.offices.models import Office

PAGE = 25
MOST_COUNTED = 1_000
COUNT_SECONDS = 10  # as the consultations' (consultation/finding.py)
FOR_SUPERVISORS = ("tindakan",)
LISTS = {
    "": _("Perlu tindakan"),
    "saya": _("Tugas saya"),
    "lewat": _("Lewat batas"),
    "tindakan": _("Tindakan tanpa penanggung jawab"),
    "menunggu": _("Menunggu pelapor"),
    "selesai": _("Selesai"),
    "semua": _("Semua"),
}


@dataclass(frozen=True)
class Asked:
    """What the list shows. `which`: a key of LISTS; `words`: (a part of) a number or of a reference."""

    which: str = ""
    kind: str = ""
    element: str = ""
    service: str = ""
    words: str = ""


def find(rows: ComplaintQuerySet, asked: Asked, user: User) -> ComplaintQuerySet:
    """Of these rows, in the order in which they are to be looked at."""
    for name in ("kind", "element"):
        if wanted := getattr(asked, name):
            rows = rows.filter(**{name: wanted})
    if asked.service:
        rows = rows.filter(service__slug=asked.service)
    if words := asked.words.strip():
        rows = rows.filter(Q(number__icontains=words) | Q(reference__icontains=words))
    return _listed(rows, asked.which, user)


def _listed(rows: ComplaintQuerySet, which: str, user: User) -> ComplaintQuerySet:
    due, awaited = F("due_at").asc(nulls_last=True), F("awaited_until").asc(nulls_last=True)
    if which == "saya":
        return rows.open().filter(handler=user).order_by(due, awaited, "pk")
    if which == "lewat":
        return rows.to_do().filter(due_at__lt=timezone.now())
    if which == "tindakan":
        return visibility.action_unowned(rows).order_by("-created_at", "-pk")
    if which == "menunggu":
        return rows.filter(state__in=Complaint.THEIRS).order_by(awaited, "pk")
    if which == "selesai":
        return rows.filter(state__in=Complaint.OVER).order_by("-created_at", "-pk")
    return rows.order_by("-created_at", "-pk") if which == "semua" else rows.to_do()


def others(user: User, place: Office, role: str) -> int:
    """How many more are open that this person does not see; those about themselves are not even counted."""
    if role == Role.SUPERVISOR:
        return 0
    rows = Complaint.objects.open().filter(place=place).exclude(about=user)
    return rows.exclude(handler=user).count()


def waiting(user: User, place: Office, role: str) -> int:
    """How many wait for this person, for the navigation of every page; a few seconds old at most. What is theirs to handle, or
    to tell the complainant; for a supervisor also what nobody has yet, and what is late."""
    key = _key(user, place)
    found = cache.get(key)
    if found is None:
        found = _waiting(user, place, role)[: MOST_COUNTED + 1].count()
        cache.set(key, found, COUNT_SECONDS)
    return found


def _waiting(user: User, place: Office, role: str) -> ComplaintQuerySet:
    ours = Q(state__in=Complaint.OURS)
    untold = Exists(Message.objects.filter(complaint=OuterRef("pk"), reach="hand", told_at=None))
    theirs: Q = Q(handler=user) & (ours | Q(untold))
    if role == Role.SUPERVISOR:
        theirs |= ours & (Q(handler=None) | Q(due_at__lt=timezone.now()))
    return visibility.visible(user, place, role).filter(theirs).order_by()


def forget_count(user: User, place: Office) -> None:
    """They have just changed it."""
    cache.delete(_key(user, place))


def _key(user: User, place: Office) -> str:
    return f"complaints.waiting.{place.pk}.{user.pk}"
