"""Fixtures for WhatsApp in these tests: the API's server, the file that names it, an answer at the desk."""

from __future__ import annotations

import pytest

from consultation.models import Channel, Consultation, Message
from consultation.workflows import thread
from tests.consultation.support import fresh, seen
from tests.whatsapp_server import Graph, write_channels

TEMPLATES = 'answered = "jawaban_konsultasi"'


@pytest.fixture
def graph():
    server = Graph()
    yield server
    server.stop()


@pytest.fixture
def whatsapp(tmp_path, settings, graph):
    """The number of Kolaka Timur, with no template."""
    write_channels(tmp_path, settings, graph)
    return graph


@pytest.fixture
def with_template(tmp_path, settings, graph):
    write_channels(tmp_path, settings, graph, templates=TEMPLATES)
    return graph


def only() -> Consultation:
    return Consultation.objects.select_related("office", "visitor").get()


def answer(consultation: Consultation, by, body: str = "Ada di tabel 3.", **more) -> Message:
    found = fresh(consultation)
    more.setdefault("channel", Channel.WHATSAPP)
    written = thread.answer(found, body, by=by, seen=seen(found), **more)
    return Message.objects.get(pk=written.pk)


def again(message: Message) -> Message:
    return Message.objects.get(pk=message.pk)
