"""What was asked and when it was answered: the same cases as the panel's promise, every question once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from consultation.models import Consultation, Round
from pst.panel.promises import cases, figures
from tests.consultation.support import ask
from tests.reports.support import at, numbers, parts_are_the_whole, scope, split, sql, tables, totals

pytestmark = pytest.mark.django_db
SUMMED = ("days", "channels", "states", "promise", "reasons", "kept")


def asked(
    office, when: str, days: float | None = None, due: float = 3, channel: str = "portal", tags=(), **more
) -> Consultation:
    """Answered after so many days, or not yet."""
    row = ask(office, when, channel=channel, **more)
    moment = at(office, when)
    answered = moment + timedelta(days=days) if days is not None else None
    Round.objects.filter(consultation=row).update(
        working_days=3, due_at=moment + timedelta(days=due), answered_at=answered, ended_at=answered
    )
    Consultation.objects.filter(pk=row.pk).update(
        first_answered_at=answered, tags=list(tags), due_at=None, closes_at=None, remind_at=None,
        state="answered" if answered else "submitted",
    )  # fmt: skip
    return row


@pytest.fixture
def world(offices):
    here, there = offices["7411"], offices["1906"]
    for n, days in enumerate((1, 2, 2, 4, 6)):
        asked(here, f"2026-03-0{n + 2} 09:00", days, tags=["PDRB"] if n < 3 else ["pdrb", "Inflasi"])
    asked(here, "2026-03-20 10:00", channel="email")
    asked(here, "2026-03-31 23:59", 1, channel="whatsapp")
    asked(here, "2026-04-01 00:00", 1)
    closed = asked(here, "2026-03-21 10:00", channel="email")
    Round.objects.filter(consultation=closed).update(ended_at=at(here, "2026-03-22 10:00"))
    Consultation.objects.filter(pk=closed.pk).update(state="closed")
    joined = asked(here, "2026-03-21 11:00", channel="email")
    Consultation.objects.filter(pk=joined.pk).update(state="closed", merged_into=closed)
    Round.objects.filter(consultation=joined).update(excluded="merged", ended_at=at(here, "2026-03-22 10:00"))
    asked(there, "2026-03-31 23:59", 2)
    return here, there


def test_by_channel_subject_and_promise(world):
    here, _there = world
    found = tables("consultations", scope(here))
    assert numbers(found["channels"]) == {"Portal": [5, 5], "E-mail": [2, 0], "WhatsApp": [1, 1]}
    assert numbers(found["states"]) == {"Dijawab": [6], "Diajukan": [1], "Selesai": [1]}
    assert numbers(found["subjects"]) == {"PDRB": [5], "Inflasi": [2], "Tanpa label": [3]}
    assert numbers(found["promise"]) == {
        "E-mail": [0, 0, 2, 1],
        "Portal": [3, 2, 0, 0],
        "WhatsApp": [1, 0, 0, 0],
    }
    assert found["promise"].rows[1][3] == 0.6
    assert numbers(found["reasons"]) == {"Ditutup tanpa jawaban": [1], "Digabung dengan pertanyaan lain": [1]}


def test_times_of_five_are_told_of_fewer_not(world):
    here, _there = world
    answers = tables("consultations", scope(here))["answers"]
    told = {row[0]: row[1:] for row in answers.rows}
    assert told["Portal"] == [5, 2, pytest.approx(5.2), 6]
    assert told["WhatsApp"] == [1, None, None, None]
    assert answers.total[1] == 6


@pytest.mark.parametrize("codes", [["7411"], ["1906"], ["7411", "1906"]])
def test_totals_by_another_way(world, offices, codes):
    [(expected,)] = sql(
        """SELECT count(*) FROM consultation_consultation c JOIN offices_office o ON o.id = c.office_id
        WHERE o.code = ANY(%s) AND merged_into_id IS NULL
        AND (submitted_at AT TIME ZONE o.time_zone)::date BETWEEN '2026-03-01' AND '2026-03-31'""",
        codes,
    )
    whose = [offices[code] for code in codes]
    sums = totals("consultations", scope(*whose), SUMMED)
    assert [sums[name][0] for name in ("days", "channels", "states")] == [expected] * 3
    asked_of = cases.Scope(
        tuple(office.pk for office in whose), scope(*whose).period.since, scope(*whose).period.until
    )
    promise = figures.tally(cases.online(asked_of))
    assert (
        sums["promise"] == sums["kept"] == [promise.kept, promise.missed, promise.excluded, promise.running]
    )
    assert sums["reasons"] == [promise.excluded]


@pytest.mark.parametrize("way", range(3))
def test_parts_are_the_whole(world, way):
    parts_are_the_whole("consultations", scope(*world), split(*world)[way], SUMMED)


def test_services_are_parts_too(world, office):
    services = list(office.services.all())
    Consultation.objects.filter(office=office, channel="email").update(service=services[0])
    assert Consultation.objects.filter(office=office, service=None).count() == 0
    parts_are_the_whole(
        "consultations", scope(office), [scope(office, service=each) for each in services], SUMMED
    )
