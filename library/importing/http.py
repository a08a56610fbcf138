"""Asking other servers: politely, with limits, and never an address inside our own network.

An officer may type the address of an OAI-PMH server; without a look at where it leads, our server would fetch for them
what only it can reach (server-side request forgery).
"""

from __future__ import annotations

import ipaddress
import logging
import socket
import time
from collections.abc import Mapping
from urllib.parse import urljoin, urlsplit

import httpx
from django.conf import settings
from django.utils.translation import gettext as _

from library.importing.table import Unreadable

MOST_BYTES = 30_000_000
MOST_TRIES = 4
MOST_REDIRECTS = 3
LONGEST_ANSWER = 300  # seconds for one answer, however slowly it drips
LONGEST_WAIT = 120  # seconds a server may ask us to wait
TIMEOUT = httpx.Timeout(30, connect=10)
AGENT = "PST-katalog/1.0 (Pelayanan Statistik Terpadu; pembaca katalog)"
AGAIN = {429, 500, 502, 503, 504}

# Its lines hold whole addresses, and the WebAPI's key stands in the address.
logging.getLogger("httpx").setLevel(logging.WARNING)
logging.getLogger("httpcore").setLevel(logging.WARNING)
log = logging.getLogger(__name__)


class Refused(Unreadable):
    """This address is not asked at all."""


def check_address(address: str) -> None:
    """Raises Refused unless it is an http(s) address of a public machine."""
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.password:
        raise Refused(_("Alamat harus dimulai dengan https:// atau http://, tanpa nama pengguna."))
    if settings.HARVEST_PRIVATE:
        return
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Refused(_("Server %s tidak ditemukan.") % parts.hostname) from None
    if not all(ipaddress.ip_address(entry[4][0]).is_global for entry in found):
        raise Refused(_("Alamat ini berada di jaringan dalam dan tidak boleh dibaca."))


class Polite:
    """One server's reader: a pause between two questions, patience with a busy server, no endless answers.

    `secret`: never stands in what is logged or told.
    """

    def __init__(self, *, pause: float, secret: str = ""):
        self.pause, self.secret = pause, secret
        self.asked_at: float | None = None
        self.client = httpx.Client(
            timeout=TIMEOUT, headers={"User-Agent": AGENT}, follow_redirects=False, trust_env=True
        )

    def __enter__(self) -> Polite:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.client.close()

    def get(self, address: str, query: Mapping[str, str]) -> bytes:
        """The body of a 200 answer. Raises Unreadable, in words for the officer."""
        problem = ""
        for attempt in range(MOST_TRIES):
            self._wait(attempt)
            try:
                status, body, after = self._once(address, query)
            except httpx.HTTPError as error:
                problem = _("Server tidak menjawab (%s).") % type(error).__name__
                log.warning("harvest: %s", self._clean(f"{type(error).__name__}: {error}"))
                continue
            if status == 200:
                return body
            if status not in AGAIN:
                raise Unreadable(
                    _("Server menjawab %(status)d. %(start)s") % {"status": status, "start": _start(body)}
                )
            problem = _("Server sedang sibuk (%d).") % status
            time.sleep(min(after, LONGEST_WAIT))
        raise Unreadable(problem + " " + _("Sudah dicoba beberapa kali; lanjutkan nanti."))

    def _wait(self, attempt: int) -> None:
        if self.asked_at is not None:
            time.sleep(max(0.0, self.asked_at + self.pause * 2**attempt - time.monotonic()))
        self.asked_at = time.monotonic()

    def _once(self, address: str, query: Mapping[str, str]) -> tuple[int, bytes, float]:
        target = str(httpx.URL(address, params=dict(query)))
        for _hop in range(MOST_REDIRECTS + 1):
            check_address(target)
            with self.client.stream("GET", target) as answer:
                if answer.is_redirect:
                    target = urljoin(target, answer.headers.get("location", ""))
                    continue
                body, began = b"", time.monotonic()
                for part in answer.iter_bytes():
                    body += part
                    if len(body) > MOST_BYTES:
                        raise Unreadable(_("Jawaban server terlalu besar."))
                    if time.monotonic() - began > LONGEST_ANSWER:
                        raise Unreadable(_("Jawaban server terlalu lambat."))
                wait = answer.headers.get("retry-after", "")
                return answer.status_code, body, float(wait) if wait.isascii() and wait.isdecimal() else 0.0
        raise Unreadable(_("Server terus mengalihkan alamat."))

    def _clean(self, text: str) -> str:
        return text.replace(self.secret, "…") if self.secret else text


def _start(body: bytes) -> str:
    """What kind of answer it was, for whoever asks why: a firewall's page is HTML."""
    if body.lstrip()[:1] == b"<":
        return _("Jawabannya halaman web, bukan data; mungkin ditolak oleh firewall.")
    return ""
