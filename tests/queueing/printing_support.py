"""A printer of Kolaka Timur that is a TCP listener, and numbers to print on it."""

from __future__ import annotations

import time

import pytest

from queueing.models import Printer, PrintJob
from queueing.printing import network
from queueing.workflows import printing as work
from queueing.workflows.issue import issue
from services.audit.actors import SYSTEM
from tests.queueing.printer_listener import PrinterListener

SITE = "http://pst.test"


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(network, "STATUS_SECONDS", 0.3)
    monkeypatch.setattr(network, "CLOSE_SECONDS", 0.2)


@pytest.fixture
def listener():
    with PrinterListener() as listener:
        yield listener


@pytest.fixture
def printer(office, listener) -> Printer:
    return Printer.objects.create(office=office, name="Printer pintu", host="127.0.0.1", port=listener.port)


def take(service, key="a", **more):
    return issue(office=service.office, service=service, submission=key, by=SYSTEM, **more)


def fresh(thing):
    return type(thing).objects.get(pk=thing.pk)


def wait_for(condition, seconds=5.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def ask(ticket, printer, **more) -> PrintJob:
    return work.first_slip(ticket, printer, by=SYSTEM, site=SITE, **more)
