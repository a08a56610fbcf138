"""A questionnaire comes in whole, once for each service received, and leads to nobody."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from services.audit.actors import VISITOR
from services.audit.models import AuditEntry
from services.surveys import answering
from services.surveys.models import Answer, Response
from services.workflow import IllegalMove
from tests.surveys.support import fill, nine, served, skd, skm


def test_whole_it_is_kept(office):
    fill(office, 4, profile={"gender": "female", "age": 31, "name": "Ani"})
    response = Response.objects.get()
    assert (response.gender, response.age, response.answers.count()) == ("female", 31, 9)
    assert response.day == office.today()


@pytest.mark.parametrize(
    "scores",
    [
        {},
        {**nine(4), "U10": (4, None)},
        {code: score for code, score in nine(4).items() if code != "U5"},
        {**nine(4), "U1": (0, None)},
        {**nine(4), "U1": (5, None)},
        {**nine(4), "U1": (4, 4)},
    ],
)
def test_half_a_questionnaire_or_another_scale_is_none(office, scores):
    with pytest.raises(ValueError, match=r"\w"):
        answering.answer(skm(), office=office, scores=scores, channel="tablet", by=VISITOR)
    assert not Response.objects.exists()


def test_data_needs_ask_importance_too(office):
    scores = {question["code"]: (7, 9) for question in skd().content["questions"]}
    needs = [{"data": "PDRB kecamatan", "years": "2020-2024", "got": "partly"}]
    answering.answer(skd(), office=office, scores=scores, needs=needs, channel="online", by=VISITOR)
    assert Answer.objects.filter(score=7, importance=9).count() == 17
    with pytest.raises(ValueError, match="importance"):
        answering.answer(
            skd(), office=office, scores=dict.fromkeys(scores, (7, None)), channel="online", by=VISITOR
        )


def test_once_for_each_person_of_a_party(office):
    received = served(office, party_size=2)
    for place in (1, 2):
        fill(office, 4, received=received, place=place)
    with pytest.raises(IllegalMove):
        fill(office, 1, received=received, place=2)
    assert Answer.objects.filter(score=1).count() == 0


def test_another_version_of_the_form_is_no_second_chance(office):
    received = served(office)
    fill(office, 4, received=received)
    other = skm().__class__.objects.get(key="skm-2017-complaints-first")
    with pytest.raises(IllegalMove):
        fill(office, 1, received=received, instrument=other)


def test_a_week_after_the_service_it_is_over(office):
    received = served(office)
    with pytest.raises(IllegalMove):
        fill(office, 4, received=received, at=timezone.now() + timedelta(days=8))


def test_nothing_in_it_leads_to_the_visit_or_the_person(office, by):
    received = served(office)
    fill(office, 4, received=received, by=by)
    row = Response.objects.values().get()
    assert str(received.pk) not in (
        str(v) for k, v in row.items() if k not in ("id", "office_id", "service_id", "instrument_id")
    )
    assert (row["entered_by_id"], row["service_id"]) == (None, received.service_id)
    entry = AuditEntry.objects.get(action="survey.answered")
    assert (entry.user_id, entry.device_id, entry.actor) == (None, None, "visitor")


def test_who_typed_in_a_form_on_paper_is_known(office, by):
    fill(office, 3, channel="paper", by=by)
    assert Response.objects.get().entered_by_id == by.user_id


@pytest.mark.django_db(transaction=True)
def test_sent_twice_at_once_it_counts_once(offices):
    received = served(offices["7411"])
    both, outcomes = threading.Barrier(2), []

    def send():
        try:
            both.wait(10)
            fill(offices["7411"], 4, received=received)
            outcomes.append("kept")
        except IllegalMove:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["kept", "refused"]
    assert Answer.objects.count() == 9
