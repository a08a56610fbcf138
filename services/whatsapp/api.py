"""The calls to Meta's Cloud API, and what their answers mean. Nothing here knows of rows.

The token goes to the configured address and to Meta's own places for files, nowhere else. Neither it nor a number nor a
text is ever logged or put into an exception.
"""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO
from urllib.parse import urljoin, urlsplit

import httpx

from services.channels import LOOPBACK, WhatsApp
from services.whatsapp import errors

TIMEOUT = httpx.Timeout(20, connect=10)
MOST_BYTES = 100_000  # of an answer in JSON
MOST_SECONDS = 120  # of one file, however slowly it drips
MOST_REDIRECTS = 2
META = ("facebook.com", "fbsbx.com", "fbcdn.net", "whatsapp.net", "whatsapp.com")
# Their lines hold whole addresses, and those of files open them.
logging.getLogger("httpx").setLevel(logging.WARNING)
logging.getLogger("httpcore").setLevel(logging.WARNING)


@dataclass(frozen=True)
class Answer:
    """`how`: "sent", "window", "template", "later", "away" or "never" (errors.how). `unsure`: it may have been taken."""

    how: str
    wamid: str = ""
    problem: str = ""
    code: int = 0
    unsure: bool = False


class MediaProblem(Exception):
    """A file that could not be had; `final`: nor will it."""

    def __init__(self, why: str, *, final: bool = False):
        super().__init__(why)
        self.why, self.final = why, final


class TooLarge(MediaProblem):
    pass


@dataclass(frozen=True)
class Place:
    """Where a file lies, for five minutes."""

    url: str
    content_type: str
    sha256: str
    size: int


def send(number: WhatsApp, message: dict[str, Any]) -> Answer:
    """POST one message. Never raises for what a server can do."""
    try:
        address = f"{number.url}/{number.phone_number_id}/messages"
        with _client(number) as client, client.stream("POST", address, json=message) as got:
            status, said = got.status_code, _json(got)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
        return Answer("away", problem=errors.words(0, 0))
    except (httpx.HTTPError, ValueError, OSError):
        return Answer("away", problem=errors.words(0, 0), unsure=True)
    if 200 <= status < 300:
        wamid = _wamid(said)
        return (
            Answer("sent", wamid) if wamid else Answer("away", problem=errors.words(0, status), unsure=True)
        )
    code = _code(said)
    return Answer(
        errors.how(code, status), "", errors.words(code, status), code, unsure=status >= 500 and not code
    )


def text(to: str, body: str, *, key: str, quotes: str = "") -> dict[str, Any]:
    said = {**_to(to, key), "type": "text", "text": {"preview_url": False, "body": body}}
    return {**said, "context": {"message_id": quotes}} if quotes else said


def template(to: str, name: str, language: str, places: list[str], *, key: str) -> dict[str, Any]:
    parameters = [{"type": "text", "text": place} for place in places]
    components = [{"type": "body", "parameters": parameters}] if parameters else []
    named = {"name": name, "language": {"code": language}, "components": components}
    return {**_to(to, key), "type": "template", "template": named}


def _to(to: str, key: str) -> dict[str, Any]:
    return {
        "messaging_product": "whatsapp", "recipient_type": "individual", "to": to.removeprefix("+"),
        "biz_opaque_callback_data": key,
    }  # fmt: skip


# ---- files ----


def place_of(number: WhatsApp, media_id: str) -> Place:
    """Where this file lies now. Raises MediaProblem."""
    if not (media_id.isascii() and media_id.replace("-", "").replace("_", "").isalnum()):
        raise MediaProblem("id", final=True)
    try:
        with _client(number) as client:
            asked = {"phone_number_id": number.phone_number_id}
            with client.stream("GET", f"{number.url}/{media_id}", params=asked) as got:
                status, said = got.status_code, _json(got)
    except (httpx.HTTPError, ValueError, OSError):
        raise MediaProblem("away") from None
    if status != 200:
        code = _code(said)
        # An id that is not known (any more) is an invalid parameter (100); a token that is not, is not its fault.
        raise MediaProblem(f"answer {code or status}", final=status in (404, 410) or code in (100, 131052))
    url, size = said.get("url"), said.get("file_size")
    if not isinstance(url, str):
        raise MediaProblem("no address")
    _check(number, url)
    digits = str(size) if str(size).isdecimal() else "0"
    return Place(url, str(said.get("mime_type") or ""), str(said.get("sha256") or ""), int(digits))


def fetch(number: WhatsApp, place: Place, into: BinaryIO, *, most: int) -> int:
    """Write the file into `into`; returns its size. Raises MediaProblem: `expired` when a new address is to be asked for."""
    if place.size > most:
        raise TooLarge("too large", final=True)
    try:
        with _client(number) as client, _followed(client, number, place.url) as got:
            if got.status_code in (401, 403, 404, 410):
                raise MediaProblem("expired")
            if got.status_code != 200:
                raise MediaProblem(f"answer {got.status_code}")
            size, digest = _copied(got, into, most)
    except (httpx.HTTPError, OSError):
        raise MediaProblem("away") from None
    if len(place.sha256) == 64 and place.sha256.lower() != digest:
        raise MediaProblem("another content")
    return size


def _copied(got: httpx.Response, into: BinaryIO, most: int) -> tuple[int, str]:
    size, digest, until = 0, hashlib.sha256(), time.monotonic() + MOST_SECONDS
    for piece in got.iter_bytes(64_000):
        size += len(piece)
        if size > most:
            raise TooLarge("too large", final=True)
        if time.monotonic() > until:
            raise MediaProblem("too slow")
        digest.update(piece)
        into.write(piece)
    return size, digest.hexdigest()


@contextmanager
def _followed(client: httpx.Client, number: WhatsApp, url: str) -> Iterator[httpx.Response]:
    """Redirects are looked at like the address itself, one by one."""
    for _hop in range(MOST_REDIRECTS + 1):
        _check(number, url)
        with client.stream("GET", url) as got:
            if not got.is_redirect:
                yield got
                return
            url = urljoin(url, got.headers.get("location", ""))
    raise MediaProblem("redirects")


def _check(number: WhatsApp, url: str) -> None:
    """Only Meta's own places, over https: whoever could write another address into an answer would have our token, or
    have us ask a machine of our own network. A server of the tests on this machine may name itself."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        raise MediaProblem("address", final=True) from None
    ours = urlsplit(number.url)
    if ours.hostname in LOOPBACK and (host, port) == (ours.hostname, ours.port) and parts.scheme == "http":
        return
    metas = any(host == name or host.endswith(f".{name}") for name in META)
    if parts.scheme != "https" or not metas or port not in (None, 443) or parts.username:
        raise MediaProblem("address", final=True)


def _client(number: WhatsApp) -> httpx.Client:
    headers = {
        "Authorization": f"Bearer {number.token}",
        "User-Agent": "PST/1.0",
        "Accept-Encoding": "identity",
    }
    return httpx.Client(timeout=TIMEOUT, headers=headers, follow_redirects=False)


def _json(got: httpx.Response) -> dict[str, Any]:
    """The answer as an object; {} for anything else, a page of HTML for instance."""
    body, until = b"", time.monotonic() + MOST_SECONDS
    for piece in got.iter_bytes(16_000):
        body += piece
        if len(body) > MOST_BYTES or time.monotonic() > until:
            return {}
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _wamid(said: dict[str, Any]) -> str:
    messages = said.get("messages")
    first = messages[0] if isinstance(messages, list) and messages else {}
    found = first.get("id") if isinstance(first, dict) else ""
    return found[:255] if isinstance(found, str) else ""


def _code(said: dict[str, Any]) -> int:
    problem = said.get("error")
    code = problem.get("code") if isinstance(problem, dict) else 0
    return code if isinstance(code, int) and 0 <= code < 2**31 else 0
