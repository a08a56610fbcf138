"""A log tells what happened, and opens nobody's page."""

from __future__ import annotations

import logging
import sys

import pytest

from pst.logs import Formatter, hide

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
