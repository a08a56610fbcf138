"""What offices wrote down before consultations had a thread is there afterwards, word for word."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from consultation.models import Consultation, ConsultationCounter
from services.guestbook import workflows
from tests.guestbook.support import DEVICE
from tests.old_migrations import executor, to_the_newest


@pytest.fixture
def before(transactional_db):
    """The schema as it was, and back again whatever happens."""
    executor().migrate([("consultation", "0001_initial")])
    yield executor().loader.project_state([("consultation", "0001_initial")]).apps
    to_the_newest()


def test_question_and_answer_become_the_thread(before, offices):
    office = offices["7411"]
    old = before.get_model("consultation", "Consultation")
    at = datetime(2025, 12, 31, 23, 30, tzinfo=UTC)  # 2026 there
    kept = []
    service = office.services.get(slug="consultation")
    for question, answer in (("PDRB 2024?", "Ada di tabel 3."), ("IPM?", "")):
        received = workflows.arrive(office=office, service=service, by=DEVICE).main
        kept.append(received.pk)
        old.objects.create(
            office_id=office.pk,
            received_id=received.pk,
            question=question,
            answer=answer,
            created_at=at,
            updated_at=at,
        )
    to_the_newest()
    done, begun = Consultation.objects.filter(received__in=kept).order_by("pk")
    assert (done.number, done.state, done.channel) == ("K7411-26-00001", "closed", "onsite")
    assert list(done.messages.values_list("kind", "body")) == [
        ("visitor", "PDRB 2024?"),
        ("officer", "Ada di tabel 3."),
    ]
    assert (begun.number, begun.state, begun.first_answered_at) == ("K7411-26-00002", "assigned", None)
    assert [m.body for m in begun.messages.all()] == ["IPM?"]
    assert done.token != begun.token
    assert ConsultationCounter.objects.get(office=office, year=2026).last == 2
