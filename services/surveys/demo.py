"""A year's questionnaires for a demonstration office: enough in one that there is a result to publish. Nobody's answers, drawn
from the office's number, so that every computer shows the same figures."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from services import periods
from services.accounts.models import Membership, Role
from services.audit.actors import Actor
from services.offices.models import Office
from services.surveys import workflows
from services.surveys.models import Answer, Instrument, Response
from services.surveys.results import Selection
from services.surveys.skm import ELEMENTS

FULL = 36  # in the office that published
FEW = 4  # elsewhere: too few to be shown, which is to be seen as well
SCORES = {"U3": (1, 2, 3, 3), "U8": (3, 3, 3, 4)}  # waiting is what is lowest, then the room


@transaction.atomic
def furnish(office: Office, *, full: bool, at: datetime | None = None) -> int:
    """The quarter before this one; returns how many are new. A second call adds nothing, nor does one before the office has a
    supervisor. `full`: with a published result and a plan for what is lowest."""
    now = at or timezone.now()
    head = Membership.objects.filter(office=office, role=Role.SUPERVISOR).order_by("pk").first()
    if head is None or Response.objects.filter(office=office).exists():
        return 0
    period = periods.of_kind("q", office.today(now)).before
    instrument = Instrument.objects.get(key="skm-2017")
    count = FULL if full else FEW
    _answers(office, instrument, period.since, period.until, count)
    if full:
        by = Actor("officer", user_id=head.user_id)
        selection = Selection([office], Instrument.Kind.SKM, period.since, period.until)
        workflows.publish(office, selection, by=by, at=now - timedelta(days=5))
        workflows.plan(
            office=office, since=period.since, until=period.until, element="U3",
            plan="Menambah satu petugas pada pukul 10 sampai 12, saat antrian terpanjang.", owner_id=head.user_id,
            owner_name="Kepala Subbagian Umum", due_on=office.today(now) + timedelta(days=45), by=by,
        )  # fmt: skip
    return count


def _answers(office: Office, instrument: Instrument, since: date, until: date, count: int) -> None:
    chance = random.Random(int(office.code))  # noqa: S311 - examples, not secrets
    services = list(office.services.filter(active=True))
    days = (until - since).days
    rows = []
    for number in range(count):
        day = since + timedelta(days=days * number // count)
        rows.append(Response(
            office=office, instrument=instrument, service=chance.choice(services), day=day,
            at=datetime(day.year, day.month, day.day, 11, tzinfo=office.zone),
            channel=chance.choice(("tablet", "tablet", "phone", "online")), gender=chance.choice(("male", "female")),
            age=chance.randint(18, 58), education=chance.choice(("upper-secondary", "bachelor", "bachelor", "master")),
            job=chance.choice(("student", "student", "researcher", "civil-servant", "private")),
            institution=chance.choice(("education", "education", "regional", "private")),
        ))  # fmt: skip
    Response.objects.bulk_create(rows)
    Answer.objects.bulk_create(
        Answer(response=row, code=code, score=chance.choice(SCORES.get(code, (3, 3, 4, 4))))
        for row in rows for code in ELEMENTS
    )  # fmt: skip
