"""The desk's list: what is due first on top, of what this person may see (complaints/visibility.py)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from complaints.models import Complaint
from complaints.models.record import ComplaintQuerySet
from services.accounts.models import Role, User
from services.offices.models import Office

PAGE = 25
LISTS = {
    "": _("Perlu tindakan"),
    "saya": _("Tugas saya"),
    "lewat": _("Lewat batas"),
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
