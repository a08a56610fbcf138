"""Who is asked by mail what they thought: after a visit, a download by account, a book that came back.

Only adults who agreed to a wording that names this mail (`ConsentWording.names_rating_mail`), and only for what nobody has rated
yet. How often and whether at all: services/ratings/asking.py. A consultation's closing mail asks by itself.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from library.models import Loan, MarkedCopy
from library.workflows import rating as things
from pst.account.models import Agreement
from queueing import mailed
from services.guestbook.fields import ADULT_AT
from services.guestbook.models import Consent, Visit, Visitor, VisitService
from services.offices.models import Office
from services.ratings.asking import AFTER, NOT_LATER, ask
from services.ratings.models import Asked, Rating
from services.surveys import offering

log = logging.getLogger(__name__)
About = Rating.About


def ask_all(at: datetime | None = None) -> int:
    """Returns how many mails were written. What goes wrong with one keeps nobody else from theirs."""
    at = at or timezone.now()
    steps: tuple[Callable[[Office, datetime], int], ...] = (after_visits, after_downloads, after_loans)
    offices = Office.objects.serving().exclude(rating_rules__by_mail=False)
    count = 0
    for office in offices:
        for step in steps:
            try:
                count += step(office, at)
            except Exception:
                log.exception("asking for ratings: %s", step.__name__)
    return count


def after_visits(office: Office, at: datetime) -> int:
    """Whoever was served, and has rated none of it."""
    first = office.today(at - NOT_LATER)
    served = VisitService.objects.filter(visit=OuterRef("pk"), state=VisitService.State.DONE)
    left = Visit.objects.filter(
        office=office, day__gte=first, ended_at__gt=at - NOT_LATER, ended_at__lte=at - AFTER, entered_at=None
    )
    rated = Rating.objects.filter(received__visit=OuterRef("pk"))
    visits = _new(left, About.VISIT).filter(Exists(served), ~Exists(rated))
    count = 0
    for visit in visits.select_related("visitor__office", "office").prefetch_related("services"):
        person = visit.visitor
        if person is None or not agreed(person, visit=visit, at=at):
            continue
        surveys = offering.open_for(office, visit.services.all(), own=True, at=at)
        count += ask(
            About.VISIT, visit, person, link=mailed.address(visit), language=visit.language, at=at,
            survey=mailed.survey_address(visit) if surveys else "",
            context={"about": "visit", "day": office.local(visit.ended_at or at)},
        )  # fmt: skip
    return count


def after_downloads(office: Office, at: datetime) -> int:
    """By account; what an officer hands over belongs to the visit."""
    rows = MarkedCopy.objects.filter(
        office=office, handed=MarkedCopy.Handed.ACCOUNT, kind=MarkedCopy.Kind.DOWNLOAD, received=None,
        made_at__gt=at - NOT_LATER, made_at__lte=at - AFTER, rating=None,
    )  # fmt: skip
    return _of_things(About.DOWNLOAD, rows, "made_at", at)


def after_loans(office: Office, at: datetime) -> int:
    rows = Loan.objects.filter(
        office=office, kind=Loan.Kind.LOAN, state=Loan.State.RETURNED, rating=None,
        back_at__gt=at - NOT_LATER, back_at__lte=at - AFTER,
    )  # fmt: skip
    return _of_things(About.LOAN, rows, "back_at", at)


def _of_things(about: Any, rows: QuerySet[Any], over: str, at: datetime) -> int:
    count = 0
    for row in _new(rows, about).select_related("visitor__office", "office").order_by(over):
        person: Visitor | None = row.visitor
        if person and agreed(person, at=at):
            context = {"about": about.value, "day": row.office.local(getattr(row, over))}
            language = _language(person)
            count += ask(
                about, row, person, link=things.address(row), language=language, context=context, at=at
            )
    return count


def _new(rows: QuerySet[Any], about: Any) -> QuerySet[Any]:
    """Not asked about yet, and somebody can be."""
    known = Asked.objects.filter(about=about, about_pk=OuterRef("pk"))
    return rows.filter(~Exists(known)).exclude(visitor=None).exclude(visitor__email="")


def agreed(person: Visitor, *, visit: Visit | None = None, at: datetime) -> bool:
    """The last thing they said, of this visit where it is about one: yes, to a wording that names this mail, and by
    themselves. An account's owner agreed when they made it."""
    if person.birth_year and at.year - person.birth_year < ADULT_AT:
        return False
    said = Consent.objects.filter(visit=visit) if visit else Consent.objects.filter(visitor=person)
    last = said.select_related("wording").order_by("-at", "-pk").first()
    if last:
        return last.given and last.wording.names_rating_mail and not last.guardian
    if visit or person.account_id is None:
        return False
    agreement = Agreement.objects.filter(user=person.account_id).select_related("wording").first()
    return bool(agreement and agreement.wording.names_rating_mail)


def _language(person: Visitor) -> str:
    last = Visit.objects.filter(visitor=person).order_by("-arrived_at").values_list("language", flat=True)
    return last.first() or settings.LANGUAGE_CODE


def sample(office: Office) -> dict[str, Any]:
    """Of invented people."""
    from services.ratings.forms import STARS

    page = f"{settings.SITE}/nilai/contoh/"
    return {
        "about": "visit", "day": timezone.now(), "stars": [(w, f"{page}?n={n}") for n, w in reversed(STARS)],
        "survey": f"{page}survei/", "days": 7, "stop": f"{settings.SITE}/nilai/berhenti/contoh/",
    }  # fmt: skip
