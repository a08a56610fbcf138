"""Each office's own mailbox and WhatsApp number: a TOML file that only the operator reads (PST_CHANNELS).

    [7411.mail]
    address = "bps7411@bps.go.id"
    smtp = "smtp://bps7411%40bps.go.id:password@mail.bps.go.id:587"
    imap = "imaps://bps7411%40bps.go.id:password@mail.bps.go.id"
    plus = true

    [7411.whatsapp]
    number = "+6281234567890"
    phone_number_id = "106540352242922"
    token = "EAAG…"
    app_secret = "…"
    verify_token = "…"

    [7411.whatsapp.templates]
    answered = "jawaban_konsultasi"

What is wrong is said with the file, the section and the key, never with a value: values are secrets. They are kept out of
`repr` too, so that no log and no error page shows them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

PORTS = {"smtp": 587, "smtps": 465, "imap": 143, "imaps": 993}
# What may have to be said after the 24 hours.
TEMPLATES = {"answered", "asked_back", "reminder", "closed", "complaint"}
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
GRAPH_API = "https://graph.facebook.com/v23.0"
MAIL_KEYS = {"address", "smtp", "imap", "folder", "plus"}
WHATSAPP_KEYS = {
    "number", "phone_number_id", "token", "app_secret", "verify_token", "url", "templates", "template_language",
}  # fmt: skip


class ChannelsError(ImproperlyConfigured):
    """The file cannot be used; the sentence is for the operator and holds no secret."""


@dataclass(frozen=True)
class Server:
    """Where mail is sent or fetched. `tls`: "tls" from the first byte, "starttls", or "none" (never across a network)."""

    host: str
    port: int
    tls: str
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)


@dataclass(frozen=True)
class Mailbox:
    """One office's mailbox. Without `imap` mail is only sent, without `smtp` it goes through PST_EMAIL_URL.

    `plus`: its server also delivers `name+anything@` to it, so that replies may come to a signed address
    (services/mail/tokens.py). Not every server does; one that does not would refuse the visitor's reply.
    """

    office: str
    address: str
    smtp: Server | None = None
    imap: Server | None = None
    folder: str = "INBOX"
    plus: bool = False


@dataclass(frozen=True)
class WhatsApp:
    """One office's number at the WhatsApp Cloud API. `templates`: what is said outside the 24 hours → approved name."""

    office: str
    number: str
    phone_number_id: str
    token: str = field(repr=False)
    app_secret: str = field(repr=False)
    verify_token: str = field(repr=False)
    url: str = GRAPH_API
    templates: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    template_language: str = "id"


@dataclass(frozen=True)
class Channels:
    """Everything the file says, by office code."""

    mailboxes: Mapping[str, Mailbox] = field(default_factory=dict)
    whatsapps: Mapping[str, WhatsApp] = field(default_factory=dict)


def mailbox(office: Any) -> Mailbox | None:
    """The office's own mailbox; None: the installation's sender is used and nothing is fetched."""
    return configured().mailboxes.get(office.code) if office else None


def whatsapp(office: Any) -> WhatsApp | None:
    """The office's number; None: WhatsApp is noted by hand."""
    return configured().whatsapps.get(office.code) if office else None


def configured() -> Channels:
    """What the file says now: it is read again when it changed. Raises ChannelsError."""
    name = settings.CHANNELS_FILE
    if not name:
        return Channels()
    try:
        seen = Path(name).stat()
    except OSError as problem:
        raise ChannelsError(f"PST_CHANNELS: {name} cannot be read ({problem.strerror}).") from None
    return _read(name, seen.st_mtime_ns, seen.st_size)


@lru_cache(maxsize=4)
def _read(name: str, _changed: int, _size: int) -> Channels:
    try:
        told = tomllib.loads(Path(name).read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        # The decoder's sentence says where ("at line 4, column 9"), and may show a character of what stands there.
        where = re.search(r"\(at [^()]*\)", str(problem))
        raise ChannelsError(
            f"PST_CHANNELS: {name} is not TOML {where.group() if where else ''}".rstrip()
        ) from None
    except OSError as problem:
        raise ChannelsError(f"PST_CHANNELS: {name} cannot be read ({problem.strerror}).") from None
    mailboxes, whatsapps = {}, {}
    for code, sections in told.items():
        if not re.fullmatch(r"\d{4}", code) or not isinstance(sections, dict):
            raise ChannelsError(f"PST_CHANNELS: [{code}] is not an office's code of four digits.")
        for kind, said in sections.items():
            section = _Section(name, f"{code}.{kind}", said)
            if kind == "mail":
                mailboxes[code] = _mailbox(code, section)
            elif kind == "whatsapp":
                whatsapps[code] = _whatsapp(code, section)
                if [w.phone_number_id for w in whatsapps.values()].count(whatsapps[code].phone_number_id) > 1:
                    raise section.wrong("is another office's already", "phone_number_id")
            else:
                raise section.wrong("is neither mail nor whatsapp")
    return Channels(MappingProxyType(mailboxes), MappingProxyType(whatsapps))


def _mailbox(code: str, section: _Section) -> Mailbox:
    section.only(MAIL_KEYS)
    address = section.text("address", required=True)
    try:
        validate_email(address)
    except ValidationError:
        raise section.wrong("is not an e-mail address", "address") from None
    smtp, imap = section.server("smtp"), section.server("imap")
    return Mailbox(code, address, smtp, imap, section.text("folder") or "INBOX", section.flag("plus"))


def _whatsapp(code: str, section: _Section) -> WhatsApp:
    section.only(WHATSAPP_KEYS)
    number = re.sub(r"[ -]", "", section.text("number", required=True))
    if not re.fullmatch(r"\+\d{8,15}", number):
        raise section.wrong("must be an international number like +6281234567890", "number")
    phone, token, app, verify = (
        section.text(key, required=True) for key in ("phone_number_id", "token", "app_secret", "verify_token")
    )
    if not (phone.isascii() and phone.isdecimal()):
        raise section.wrong("is the number's id at Meta: digits only", "phone_number_id")
    templates = section.texts("templates")
    if strange := sorted(set(templates) - TEMPLATES):
        known = ", ".join(sorted(TEMPLATES))
        raise section.wrong(f"{strange[0]} is not known here; known are {known}", "templates")
    return WhatsApp(
        code, number, phone, token, app, verify,
        url=section.url("url") or GRAPH_API,
        templates=templates,
        template_language=section.text("template_language") or "id",
    )  # fmt: skip


class _Section:
    """One section of the file, read with errors that say where and not what."""

    def __init__(self, file: str, name: str, said: Any):
        self.file, self.name, self.said = file, name, said
        if not isinstance(said, dict):
            raise self.wrong("must be a section")

    def wrong(self, why: str, key: str = "") -> ChannelsError:
        return ChannelsError(f"PST_CHANNELS: {self.file}: [{self.name}] {key + ' ' if key else ''}{why}.")

    def only(self, keys: set[str]) -> None:
        if strange := sorted(set(self.said) - keys):
            raise self.wrong(f"is not known here; known are {', '.join(sorted(keys))}", strange[0])

    def text(self, key: str, *, required: bool = False) -> str:
        value = self.said.get(key, "")
        if not isinstance(value, str):
            raise self.wrong("must be text in quotation marks", key)
        if required and not value.strip():
            raise self.wrong("is missing", key)
        if any(ord(c) < 32 for c in value):
            raise self.wrong("holds a line break or another control character", key)
        return value.strip()

    def flag(self, key: str) -> bool:
        value = self.said.get(key, False)
        if not isinstance(value, bool):
            raise self.wrong("must be true or false, without quotation marks", key)
        return value

    def texts(self, key: str) -> Mapping[str, str]:
        value = self.said.get(key, {})
        if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
            raise self.wrong("must be a section of texts", key)
        return MappingProxyType(dict(value))

    def url(self, key: str) -> str:
        value = self.text(key).rstrip("/")
        parts = urlsplit(value)
        loopback = parts.scheme == "http" and parts.hostname in LOOPBACK
        if value and not (parts.hostname and (parts.scheme == "https" or loopback)):
            raise self.wrong("must be an https:// address", key)
        return value

    def server(self, key: str) -> Server | None:
        """`smtp://` and `imap://` go over to TLS before the password is said; only on this machine they need not."""
        value = self.text(key)
        if not value:
            return None
        try:
            parts = urlsplit(value)
            port = parts.port or PORTS.get(parts.scheme, 0)
        except ValueError:
            raise self.wrong("is not an address", key) from None
        if parts.scheme not in (key, f"{key}s") or not parts.hostname or parts.path.strip("/"):
            raise self.wrong(f"must be like {key}s://user:password@host:{PORTS[key + 's']}", key)
        wanted = parse_qs(parts.query).get("tls", [""])[0]
        plain = parts.hostname in LOOPBACK and wanted != "starttls"
        tls = "tls" if parts.scheme == f"{key}s" else "none" if plain else "starttls"
        return Server(parts.hostname, port, tls, unquote(parts.username or ""), unquote(parts.password or ""))
