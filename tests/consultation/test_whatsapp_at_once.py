"""Two at the same instant: calls of Meta, workers, a status while its message is being sent. With real transactions."""

from __future__ import annotations

import threading

import pytest

from consultation.models import Consultation, IncomingWhatsApp, Message
from consultation.whatsapp_in import keeping
from services.whatsapp import outbox, statuses
from services.whatsapp.models import Contact, OutgoingWhatsApp, StatusSeen
from tests.consultation.whatsapp_support import answer, graph, only, whatsapp
from tests.together import at_once
from tests.whatsapp_server import body, call, comes, message, status, work_off

__all__ = ["graph", "whatsapp"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("offices", "whatsapp")]


def test_the_same_message_in_two_calls():
    raw = body(messages=[message("a"), message("b")], told=[status("wamid.x", "read")])
    got = at_once(*[lambda: call(raw).status_code] * 4)
    assert got == [200] * 4
    assert (IncomingWhatsApp.objects.count(), StatusSeen.objects.count(), Contact.objects.count()) == (
        2,
        1,
        1,
    )


def test_two_workers_at_one_number():
    comes(message("a"), message("b"), work=False)
    number = Contact.objects.get().pk
    at_once(*[lambda: keeping.process(number)] * 2)
    keeping.process(number)
    assert Consultation.objects.count() == 1
    assert Message.objects.filter(kind="visitor").count() == 2


def test_two_workers_at_one_answer(graph, by):
    comes(message("a"))
    graph.sent.clear()
    answer(only(), by)
    row = OutgoingWhatsApp.objects.get(kind="answered")
    at_once(lambda: outbox.send(row.pk), lambda: outbox.send(row.pk))
    assert len(graph.sent) == 1


def test_a_status_while_its_message_is_being_sent(graph, by):
    """Meta is answered at once; what the status means waits until the message's row is free."""
    comes(message("a"))
    graph.sent.clear()
    answer(only(), by)
    row = OutgoingWhatsApp.objects.get(kind="answered")
    sending, told = threading.Event(), threading.Event()

    def hold(_wamid, _message):
        sending.set()
        assert told.wait(30)

    graph.before_answer = hold

    def meta_tells():
        assert sending.wait(30)
        got = call(body(told=[status("wamid.OUT1", "delivered", key=row.key)])).status_code
        told.set()
        statuses.apply(StatusSeen.objects.get().pk)
        return got

    assert at_once(lambda: outbox.send(row.pk) is not None, meta_tells) == [True, 200]
    work_off()
    row.refresh_from_db()
    assert (row.state, row.status) == ("sent", "delivered")
    assert len(graph.sent) == 1
    assert Message.objects.get(kind="officer").delivery == "delivered"
