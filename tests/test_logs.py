"""A log tells what happened, and opens nobody's page."""

from __future__ import annotations

import logging

import pytest
from django.conf import settings
from django.test import Client

from pst.logs import HideTokens, hide
from queueing.workflows.issue import issue
from tests.guestbook.support import DEVICE

TOKEN = "p3Xk-9_abcDEFghijKLmn"


@pytest.mark.parametrize(
    "line",
    [
        f"Internal Server Error: /k/{TOKEN}/buku-tamu/",
        f"Not Found: /kios/tiket/{TOKEN}/",
        f'"POST /kios/penilaian/{TOKEN}/12/ HTTP/1.1" 500',
        f"GET /live/7411/?k={TOKEN}",
        f"/kios/tamu/library/?kunci={TOKEN}:1:x",
    ],
)
def test_a_visitors_address_is_hidden(line):
    assert TOKEN not in hide(line)
    assert hide(line) != line


@pytest.mark.parametrize("line", ["Not Found: /k/", "/7411/standar/library/", "GET /meja/?kunjungan=4"])
def test_everything_else_stays(line):
    assert hide(line) == line


def test_the_console_has_the_filter():
    assert settings.LOGGING["handlers"]["console"]["filters"] == ["tokens"]


def test_a_refused_request_below_a_visit_is_logged_without_its_token(office, library, caplog):
    token = issue(office=office, service=library, submission="x", by=DEVICE).received.visit.token
    with caplog.at_level(logging.WARNING, "django.request"):
        Client().get(f"/k/{token}/pergi/")
    told = "\n".join(r.getMessage() for r in caplog.records if HideTokens().filter(r))
    assert "/k/…/pergi/" in told
    assert token not in told
