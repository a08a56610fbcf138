"""Asking other servers: politely, with limits, and never an address inside our own network.

An officer may type the address of an OAI-PMH server; without a look at where it leads, our server would fetch for them
what only it can reach (server-side request forgery).
"""

from __future__ import annotations

import ipaddress
import logging
import socket
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from io import BytesIO
from typing import IO, Any
from urllib.request import getproxies, proxy_bypass

import httpx
from django.conf import settings

from library.importing.words import Unreadable
from library.importing.words import told as _

MOST_BYTES = 30_000_000
MOST_TRIES = 4
MOST_REDIRECTS = 3
MOST_PLACES = 4  # addresses of one name that are tried
LONGEST_ANSWER = 300  # seconds for one answer, however slowly it drips
LONGEST_WAIT = 120  # seconds a server may ask us to wait
TIMEOUT = httpx.Timeout(30, connect=10)
AGENT = "PST-katalog/1.0 (Pelayanan Statistik Terpadu; pembaca katalog)"
AGAIN = {429, 500, 502, 503, 504}
START = 200  # bytes that show what kind of answer it is
PIECE = 1_000_000  # bytes unpacked at once
NAT64 = ipaddress.ip_network("64:ff9b::/96")
# Of other packings (Brotli) one piece may be a thousand times as large as memory.
# No name's question goes through another name's connection.
ONE_EACH = httpx.Limits(max_keepalive_connections=0)
HEADERS = {"User-Agent": AGENT, "Accept-Encoding": "gzip"}

# Its lines hold whole addresses, and the WebAPI's key stands in the address.
logging.getLogger("httpx").setLevel(logging.WARNING)
logging.getLogger("httpcore").setLevel(logging.WARNING)
log = logging.getLogger(__name__)


class Refused(Unreadable):
    """This address is not asked at all."""


def check_address(address: str) -> list[str]:
    """Where this address leads. Raises Refused unless it is an http(s) address of a public machine; an empty list
    where our own network is allowed."""
    url = _url(address)
    if url.scheme not in {"http", "https"} or not url.host or url.userinfo:
        raise Refused(_("Alamat harus dimulai dengan https:// atau http://, tanpa nama pengguna."))
    if settings.HARVEST_PRIVATE:
        return []
    try:
        found = socket.getaddrinfo(url.raw_host.decode(), url.port or 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, OverflowError):
        raise Refused(_("Server %s tidak ditemukan.") % url.host) from None
    places = [str(entry[4][0]) for entry in found]
    if not places or not all(is_public(place) for place in places):
        raise Refused(_("Alamat ini berada di jaringan dalam dan tidak boleh dibaca."))
    return places


def _url(address: str) -> httpx.URL:
    try:
        url = httpx.URL(address)
    except (httpx.InvalidURL, ValueError):
        url = None
    if url is None or not 0 < (url.port or 443) < 65_536:
        raise Refused(_("Alamat ini tidak dapat dibaca. Salin lagi dari peramban."))
    return url


def is_public(place: str) -> bool:
    """Also of the IPv4 address that an IPv6 one carries: a translator in between would lead there."""
    at = ipaddress.ip_address(place.partition("%")[0])
    if isinstance(at, ipaddress.IPv6Address):
        inside = [at.ipv4_mapped, at.sixtofour, *(at.teredo or ())]
        if at in NAT64:
            inside.append(ipaddress.IPv4Address(int(at) & 0xFFFFFFFF))
        if any(carried is not None and not is_public(str(carried)) for carried in inside):
            return False
    return at.is_global and not at.is_multicast


class Polite:
    """One server's reader: a pause between two questions, patience with a busy server, no endless answers.

    `secret`: never stands in what is logged or told.
    """

    def __init__(self, *, pause: float, secret: str = ""):
        self.pause, self.secret = pause, secret
        self.asked_at: float | None = None
        self.client = httpx.Client(
            timeout=TIMEOUT, headers=HEADERS, follow_redirects=False, trust_env=True, limits=ONE_EACH
        )

    def __enter__(self) -> Polite:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.client.close()

    def get(self, address: str, query: Mapping[str, str]) -> bytes:
        """The body of a 200 answer. Raises Unreadable, in words for the officer."""
        into = BytesIO()
        self.fetch(_url(address).copy_with(params=dict(query)), into, MOST_BYTES)
        return into.getvalue()

    def fetch(self, target: httpx.URL, into: IO[bytes], most: int) -> None:
        """Write the body of a 200 answer, of at most so many bytes. Raises Unreadable."""
        problem: str = ""
        for attempt in range(MOST_TRIES):
            self._wait(attempt)
            into.seek(0)
            into.truncate()
            try:
                status, after, start = self._once(target, into, most)
            except httpx.HTTPError as error:
                problem = (
                    _("Server tidak menjawab (%s). Sudah dicoba beberapa kali; lanjutkan nanti.")
                    % type(error).__name__
                )
                log.warning("harvest: %s", self.clean(f"{type(error).__name__}: {error}"))
                continue
            if status == 200:
                return
            if status not in AGAIN:
                raise Unreadable(_refused(status, start))
            problem = _("Server sedang sibuk (%d). Sudah dicoba beberapa kali; lanjutkan nanti.") % status
            time.sleep(min(after, LONGEST_WAIT))
        raise Unreadable(problem)

    def _wait(self, attempt: int) -> None:
        if self.asked_at is not None:
            time.sleep(max(0.0, self.asked_at + self.pause * 2**attempt - time.monotonic()))
        self.asked_at = time.monotonic()

    def _once(self, target: httpx.URL, into: IO[bytes], most: int) -> tuple[int, float, bytes]:
        """The status, how long to wait before asking again, and how the body begins."""
        for _hop in range(MOST_REDIRECTS + 1):
            with closing(self._opened(target)) as answer:
                if answer.is_redirect:
                    target = _followed(target, answer.headers.get("location", ""))
                    continue
                size, start, began = 0, b"", time.monotonic()
                for part in _unpacked(answer):
                    size += len(part)
                    start = start or part[:START]
                    if size > most:
                        raise Unreadable(_("Jawaban server terlalu besar."))
                    if time.monotonic() - began > LONGEST_ANSWER:
                        raise Unreadable(_("Jawaban server terlalu lambat."))
                    into.write(part)
                wait = answer.headers.get("retry-after", "")
                seconds = float(wait) if wait.isascii() and wait.isdecimal() else 0.0
                return answer.status_code, seconds, start
        raise Unreadable(_("Server terus mengalihkan alamat."))

    def _opened(self, target: httpx.URL) -> httpx.Response:
        """Of several addresses of one name the first that can be reached."""
        *first, last = _pinned(target)
        for question in first:
            with suppress(httpx.ConnectError, httpx.ConnectTimeout):
                return self.client.send(self.client.build_request("GET", **question), stream=True)
        return self.client.send(self.client.build_request("GET", **last), stream=True)

    def clean(self, text: str) -> str:
        return text.replace(self.secret, "…") if self.secret else text


def _pinned(target: httpx.URL) -> list[dict[str, Any]]:
    """The question, put to the very addresses that were looked at: a name server that answers otherwise the second
    time is not asked a second time. The certificate is still that of the name. A proxy looks names up by itself."""
    places = check_address(str(target))
    proxied = {"all", target.scheme} & getproxies().keys() and not proxy_bypass(target.host)
    if not places or proxied:
        return [{"url": target}]
    host = target.raw_host.decode()
    named = {
        "headers": {"Host": target.netloc.decode()},
        "extensions": {} if _is_number(host) else {"sni_hostname": host},
    }
    return [{"url": target.copy_with(host=place), **named} for place in dict.fromkeys(places[:MOST_PLACES])]


def _is_number(host: str) -> bool:
    try:
        return bool(ipaddress.ip_address(host.strip("[]")))
    except ValueError:
        return False


def _followed(target: httpx.URL, place: str) -> httpx.URL:
    try:
        return target.join(place)
    except (httpx.InvalidURL, ValueError):
        raise Unreadable(_("Server mengalihkan ke alamat yang tidak dapat dibaca.")) from None


def _unpacked(answer: httpx.Response) -> Iterator[bytes]:
    """What was sent, unpacked in small pieces: a little of it may be very much."""
    packing = answer.headers.get("content-encoding", "").strip().lower()
    if packing in ("", "identity"):
        yield from answer.iter_raw()
        return
    if packing not in ("gzip", "x-gzip", "deflate"):
        raise Unreadable(_("Server menjawab dengan pemampatan yang tidak diminta (%s).") % packing[:20])
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 32)
    try:
        for raw in answer.iter_raw():
            while raw:
                yield unpacker.decompress(raw, PIECE)
                raw = unpacker.unconsumed_tail
    except zlib.error:
        raise httpx.DecodingError("damaged packing") from None


def _refused(status: int, body: bytes) -> str:
    """With what kind of answer it was, for whoever asks why: a firewall's page is HTML."""
    if body.lstrip()[:1] == b"<":
        return _("Server menjawab %d dengan halaman web, bukan data; mungkin ditolak oleh firewall.") % status
    return _("Server menjawab %d.") % status
