"""A log tells what happened, and opens nobody's page."""

from __future__ import annotations

import logging
import sys

import pytest
from django.test import Client

from pst.logs import Formatter, Refusals, hide

TOKEN = "p3Xk-9_abcDEFghijKLmn"


@pytest.mark.parametrize(
    "line",
    [
        f"Internal Server Error: /k/{TOKEN}/buku-tamu/",
        f"Method Not Allowed (GET): /j/{TOKEN}/batal/",
        f"Not Found: /kios/tiket/{TOKEN}/",
        f'"POST /kios/penilaian/{TOKEN}/12/ HTTP/1.1" 500',
        f"GET /live/7411/?k={TOKEN}",
        f"/kios/tamu/library/?kunci={TOKEN}:1:x",
        f"next=%2Fk%2F{TOKEN}%2F",
        f"/live/7411/?a=1&amp;k={TOKEN}",
        f"GET /saluran/whatsapp/7411/?hub.mode=subscribe&hub.verify_token={TOKEN}&hub.challenge=1",
        f"Key (token)=({TOKEN}) already exists.",
        f"Not Found: /softcopy/{TOKEN}{TOKEN}/unduh/",
        f"Bad Request: /undangan/{TOKEN}/",
        f"Not Found: /nilai/berhenti/{TOKEN}:1x2:y/",
    ],
)
def test_a_visitors_address_is_hidden(line):
    assert TOKEN not in hide(line)
    assert hide(line) != line


def test_whom_somebody_looked_for_is_hidden():
    line = "Bad Request: /panel/jejak/?dari=2026-01-01&catatan=rina%40rumah.test&kantor=7411"
    assert hide(line) == "Bad Request: /panel/jejak/?dari=2026-01-01&catatan=…&kantor=7411"
    assert "Dewi" not in hide("GET /panel/jejak/?catatan=Rina+Dewi HTTP/1.1")
    assert "Dewi" not in hide("next=%2Fpanel%2Fjejak%2F%3Fcatatan%3DRina%2520Dewi")


@pytest.mark.parametrize(
    "line",
    [
        "Not Found: /k/",
        "/7411/standar/library/",
        "GET /meja/?kunjungan=4",
        "/meja/pustaka/softcopy/12/tarik/",
        "/panel/atur/petugas/undangan/12/",
    ],
)
def test_everything_else_stays(line):
    assert hide(line) == line


def test_the_console_hides_it_in_messages_and_tracebacks():
    """The handler that Django made of the settings, as every process has it."""
    handler = next(h for h in logging.getLogger().handlers if isinstance(h.formatter, Formatter))
    try:
        raise ValueError(f"no such page: /k/{TOKEN}/")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "", 1, "at /k/%s/", (TOKEN,), sys.exc_info())
    text = handler.format(record)
    assert TOKEN not in text
    assert "ValueError" in text
    assert text.count("/k/…/") >= 2


@pytest.fixture
def lines(monkeypatch):
    """What the console's handler writes, behind the filter that the settings gave it."""
    handler = next(h for h in logging.getLogger().handlers if isinstance(h.formatter, Formatter))
    refusals = next(f for f in handler.filters if isinstance(f, Refusals))
    refusals._last.clear()
    found: list[str] = []

    def keep(record: logging.LogRecord) -> None:
        if record.name == "django.request":
            found.append(record.getMessage())

    monkeypatch.setattr(handler, "emit", keep)
    yield found
    refusals._last.clear()


def test_a_flood_of_refused_requests_is_one_line_a_minute_and_hides_nothing_else(office, lines, monkeypatch):
    from services.accounts import limits

    monkeypatch.setitem(limits.LIMITS, "complaint", 0)
    clock = iter([1000.0] * 6 + [1061.0] * 6)
    monkeypatch.setattr("pst.logs.monotonic", lambda: next(clock))
    page = "/7411/pengaduan/"
    answers = [Client().post(page, {"text": f"Banjir {k}"}).status_code for k in range(6)]
    assert answers == [429] * 6
    assert Client().get("/7411/tidak-ada/").status_code == 404
    Client().post(page, {"text": "Semenit kemudian"})
    assert lines == [
        f"Too Many Requests: {page}",
        "Not Found: /7411/tidak-ada/",
        f"Too Many Requests: {page} (5 more of complaints:public since the last line)",
    ]


def test_another_view_has_a_line_of_its_own(office, lines, monkeypatch):
    from services.accounts import limits

    for what in ("complaint", "complaint status"):
        monkeypatch.setitem(limits.LIMITS, what, 0)
    for _n in range(2):
        Client().post("/7411/pengaduan/", {"text": "Banjir"})
        Client().post("/7411/pengaduan/status/", {"number": "P7411-AAAAAA", "secret": "AAAA-BBBB-CCCC"})
    assert lines == [
        "Too Many Requests: /7411/pengaduan/",
        "Too Many Requests: /7411/pengaduan/status/",
    ]
