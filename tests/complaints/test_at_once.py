"""Two at the same time, against the real database."""

from __future__ import annotations

import pytest
from django.db import OperationalError
from django.urls import reverse

from complaints.models import Complaint, Message
from complaints.workflows import complainant, ending, handling, lodging
from services.audit.actors import VISITOR
from tests.complaints.support import browser, fresh, lodge, officer, works
from tests.together import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def boss(office):
    return works(office, "boss", "supervisor")


def kinds(answers):
    return sorted(type(a).__name__ for a in answers)


def test_closed_once(office, boss):
    found = lodge(office)
    answers = at_once(*[lambda: ending.close(found, "x", by=officer(boss))] * 3)
    assert kinds(answers) == ["Complaint", "IllegalMove", "IllegalMove"]
    assert Message.objects.count() == 1


def test_reply_while_closing(office, boss):
    found = lodge(office)
    answers = at_once(
        lambda: ending.close(found, "x", by=officer(boss)),
        lambda: complainant.reply(found, "tunggu", by=VISITOR),
    )
    assert not [a for a in answers if isinstance(a, Exception)], answers
    after = fresh(found)
    assert (after.state == "closed") == (after.due_at is None)


def test_two_send_the_same_answer(office, boss):
    found = lodge(office)
    other = works(office, "other", "supervisor")
    page = reverse("complaints:detail", args=[found.pk])
    sent = {"body": "Sudah.", "what": "answer", "was": "received"}
    answers = at_once(*[lambda u=u: browser(u).post(page, sent).status_code for u in (boss, other, boss)])
    assert sorted(answers) == [302, 422, 422]
    assert Message.objects.filter(who="office").count() == 1


def test_lodged_once(office):
    answers = at_once(
        *[lambda: lodging.lodge(office=office, text="x", channel="online", by=VISITOR, key="k")] * 4
    )
    assert Complaint.objects.count() == 1
    assert len({a[1] for a in answers}) == 1


def test_answer_and_link_at_once_do_not_deadlock(office, boss):
    one, two = lodge(office, text="1"), lodge(office, text="2")  # the main one has the higher number
    handling.link(one, two, by=officer(boss))
    for _n in range(8):
        Complaint.objects.update(state="received", decided_at=None, awaited_until=None)
        answers = at_once(
            lambda: handling.answer(two, "x", by=officer(boss)),
            lambda: handling.link(one, two, by=officer(boss)),
            lambda: handling.classify(one, element="U7", by=officer(boss)),
            lambda: handling.answer(two, "y", by=officer(boss)),
        )
        assert not [a for a in answers if isinstance(a, OperationalError)], answers


def test_named_while_assigned(office, boss):
    who = works(office, "who")
    for n in range(4):
        found = lodge(office, text=str(n))
        at_once(
            lambda f=found: handling.assign(f, who, by=officer(boss)),
            lambda f=found: handling.classify(f, about=[who], by=officer(boss)),
        )
        assert fresh(found).handler_id != who.pk


def test_judged_once_at_once(office, boss):
    found = lodge(office)
    handling.answer(found, "x", by=officer(boss))
    answers = at_once(*[lambda s=s: complainant.judge(found, stars=s, by=VISITOR) for s in (1, 5)])
    assert kinds(answers) == ["Complaint", "IllegalMove"], answers
