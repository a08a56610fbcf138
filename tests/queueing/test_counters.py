"""Sitting at a counter, pausing it, leaving it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from queueing.models import Counter
from queueing.workflows import counters
from queueing.workflows import desk as work
from queueing.workflows.issue import issue
from services.audit.actors import Actor
from services.audit.models import AuditEntry
from services.workflow import IllegalMove
from tests.guestbook.support import DEVICE


@pytest.fixture
def seat(counter, by) -> Counter:
    return counters.open_counter(counter, by=by)


@pytest.fixture
def ticket(office, library):
    return issue(office=office, service=library, submission="a", by=DEVICE)


def act(client: Client, action: str, **form) -> str:
    url = reverse("queueing:counter_action", args=[action])
    return client.post(url, form, follow=True).content.decode()


def test_nobody_is_called_to_a_paused_counter(desk, seat, ticket):
    act(desk, "pause", reason="prayer")
    page = desk.get(reverse("queueing:desk_queue")).content.decode()
    assert "Salat" in page
    assert reverse("queueing:call_next") not in page
    answer = desk.post(reverse("queueing:call_next"), follow=True).content.decode()
    assert "sedang jeda" in answer
    ticket.refresh_from_db()
    assert ticket.state == "waiting"
    act(desk, "resume")
    desk.post(reverse("queueing:call_next"))
    ticket.refresh_from_db()
    assert ticket.state == "called"


def test_the_card_of_somebody_who_waits_calls_them_where_the_list_does(
    desk, seat, ticket, library, consultation
):
    def card() -> str:
        return desk.get(reverse("queueing:desk_visit", args=[ticket.received.visit_id])).content.decode()

    bell = reverse("queueing:call_chosen", args=[ticket.pk])
    assert "Menunggu dipanggil" in card()
    assert bell in card()
    seat.services.set([consultation])
    assert bell not in card()
    seat.services.set([library])
    act(desk, "pause", reason="prayer")
    assert bell not in card()
    act(desk, "resume")
    desk.post(bell, {"seen": "0"})
    assert "Menunggu dipanggil" not in card()
    assert bell not in card()
    ticket.refresh_from_db()
    assert (ticket.state, ticket.counter) == ("called", seat)


def test_a_pause_is_noted_with_its_reason_and_its_length(seat, by):
    begin = timezone.now()
    counters.pause(seat, reason="rest", by=by, at=begin)
    counters.resume(seat, by=by, at=begin + timedelta(minutes=15))
    said = {e.action: e.detail for e in AuditEntry.objects.filter(action__startswith="counter.")}
    assert said["counter.paused"] == {"reason": "rest"}
    assert said["counter.resumed"] == {"seconds": 900}


@pytest.mark.parametrize("leave", ["pause", "leave"])
def test_not_while_somebody_stands_at_the_counter(desk, seat, ticket, by, leave):
    work.call_next(seat, by=by)
    assert "masih di loket" in act(desk, leave, reason="rest")
    seat.refresh_from_db()
    assert (seat.officer_id, seat.paused_at) == (by.user_id, None)


@pytest.mark.parametrize("reason", ["", "sleep", "x" * 500])
def test_a_pause_without_a_known_reason_is_told(desk, seat, reason):
    assert "Pilih alasan jeda" in act(desk, "pause", reason=reason)


def test_a_counter_left_is_free_for_a_colleague(desk, seat):
    act(desk, "leave")
    seat.refresh_from_db()
    assert (seat.officer, seat.opened_at) == (None, None)


def test_whoever_logs_out_sits_nowhere(desk, seat, by):
    counters.pause(seat, reason="rest", by=by)
    desk.post(reverse("accounts:logout"))
    seat.refresh_from_db()
    assert (seat.officer, seat.paused_at, seat.pause_reason) == (None, None, "")


def test_a_colleague_who_takes_over_is_not_paused(office, seat, by, make_user):
    counters.pause(seat, reason="rest", by=by)
    colleague = Actor("officer", user_id=make_user(office).pk)
    assert counters.open_counter(seat, by=colleague).paused_at is None
    with pytest.raises(IllegalMove, match="Petugas lain"):
        counters.resume(seat, by=by)
