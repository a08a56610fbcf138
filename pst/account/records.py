"""What the offices have about the owner of an account, for their own eyes; everybody else's is out of reach because all
of it is asked for by the account's own records (services/guestbook/accounts.py)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import NoReverseMatch, reverse

from complaints import own
from complaints.models import Complaint
from consultation.models import Consultation
from consultation.workflows import rating
from library.models import Hold, Loan, MarkedCopy
from library.workflows import rating as things
from pst.privacy import retention, workflows
from services.accounts.models import User
from services.guestbook import accounts
from services.guestbook.models import Visit, Visitor
from services.offices.models import Office
from services.ratings.models import Rating

MOST = 20  # of each kind on the first page; everything is on the office's own page


def overview(user: User) -> dict[str, Any]:
    """The latest of each kind, over all offices."""
    people = accounts.people_of(user)
    loans = Loan.objects.filter(visitor__in=people).select_related("copy__publication", "office")
    waiting = Hold.objects.filter(visitor__in=people, state__in=("waiting", "ready"))
    latest, taken = list(loans.order_by("-out_at")[:MOST]), list(copies(people)[:MOST])
    to_rate = things.addresses(latest), things.addresses(taken)
    return {
        "offices": offices(people),
        "visits": _visits(people),
        "loans": [(row, to_rate[0].get(row.pk, "")) for row in latest],
        "holds": waiting.select_related("publication", "office").order_by("pk")[:MOST],
        "copies": [(row, to_rate[1].get(row.pk, "")) for row in taken],
        "consultations": [
            (row, _thread(row), rating.may_rate(row)) for row in consultations(user, people)[:MOST]
        ],
        "complaints": own.of_account(user, people)[:MOST],
        "ratings": ratings(user, people),
    }


def copies(people: list[Visitor]) -> QuerySet[MarkedCopy]:
    """Softcopies they took home, whole or in part, the latest first."""
    rows = MarkedCopy.objects.filter(visitor__in=people).select_related("publication", "office")
    return rows.defer("publication__search", "publication__abstract").order_by("-made_at", "-pk")


def offices(people: list[Visitor]) -> list[Office]:
    """Where the owner is known."""
    return list(Office.objects.filter(pk__in={person.office_id for person in people}).order_by("name"))


def _visits(people: list[Visitor]) -> QuerySet[Visit]:
    found = Visit.objects.filter(visitor__in=people).select_related("office")
    return found.prefetch_related("services__service").order_by("-arrived_at")[:MOST]


def consultations(user: User, people: list[Visitor]) -> QuerySet[Consultation]:
    """Asked from the account, or by the same person in another way."""
    theirs = Q(account=user) | Q(visitor__in=people) | Q(received__visit__visitor__in=people)
    return Consultation.objects.filter(theirs).select_related("office").order_by("-submitted_at")


def ratings(user: User, people: list[Visitor]) -> QuerySet[Rating]:
    """Of visits, consultations, loans and downloads; each asked for by its own way, because all in one would read every rating."""
    of_visits = Rating.objects.filter(received__visit__visitor__in=people).values_list("pk", flat=True)
    of_consultations = consultations(user, people).exclude(rating=None).values_list("rating", flat=True)
    about = {
        Rating.About.LOAN: Loan.objects.filter(visitor__in=people).values("pk"),
        Rating.About.DOWNLOAD: MarkedCopy.objects.filter(visitor__in=people).values("pk"),
    }
    of_things = [
        pk
        for kind, things_ in about.items()
        for pk in Rating.objects.filter(about=kind, about_pk__in=things_).values_list("pk", flat=True)[:MOST]
    ]
    latest = Rating.objects.filter(pk__in=[*of_visits[:MOST], *of_consultations[:MOST], *of_things])
    return latest.select_related("office", "received__service", "consultation")[:MOST]


def _thread(consultation: Consultation) -> str:
    """Where it is read on; "" for one that has no page of its own."""
    try:
        return reverse("consultation:mine", args=[consultation.number])
    except NoReverseMatch:
        return ""


def everything(user: User) -> dict[str, Any]:
    """All of it, for a file the owner takes along (UU 27/2022 art. 13)."""
    known = [accounts.known_at(office, user) for office in offices(accounts.people_of(user))]
    return {
        "account": {
            "name": user.name,
            "email": user.email,
            "made": user.date_joined,
            "last_login": user.last_login,
            "agreed": list(user.agreements.values("wording__version", "at")),
        },
        "offices": [workflows.everything(person, proven=True, named=True) for person in known if person],
        "complaints": workflows.complaints_told(complaints_elsewhere(user, [p for p in known if p])),
    }


def complaints_elsewhere(user: User, known: list[Visitor]) -> QuerySet[Complaint]:
    """Lodged from the account, or with its mailbox, and in no office's answer: no guest book leads to them."""
    told = [
        pk
        for person in known
        for pk in retention.complaints_of(
            retention.everyone(person, proven=True), proven=True, named=True
        ).values_list("pk", flat=True)
    ]
    return own.of_account(user).exclude(pk__in=told)
