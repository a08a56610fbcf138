"""What Meta sends to the webhook, in words of our own. Anybody who has the app's secret may have written it, and Meta adds
kinds and fields as it likes: nothing in it is trusted to be there or to be of its kind.

Source: WhatsApp Cloud API, webhooks "messages" (Graph API v23.0).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.utils import timezone

from services.whatsapp.contacts import number_of

LONGEST_ID = 255
MEDIA = ("image", "document", "audio", "video", "sticker", "voice")
STATUSES = ("sent", "delivered", "read", "failed")


class NotReadable(Exception):
    """No JSON, or not of this shape."""


@dataclass(frozen=True)
class Came:
    """A message. `quoted`: the wamid of what it answers; `said`: as it came, without what cannot be stored."""

    phone_number_id: str
    wamid: str
    sender: str  # +62…
    name: str
    at: datetime
    kind: str
    quoted: str = ""
    said: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Told:
    """A status of one of our messages. `key`: the one that went along with it."""

    phone_number_id: str
    wamid: str
    status: str
    at: datetime
    key: str = ""
    code: int = 0


def read(body: bytes) -> list[Came | Told]:
    """Raises NotReadable. What is not about messages is left out."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        raise NotReadable from None
    if not isinstance(told, dict) or told.get("object") != "whatsapp_business_account":
        raise NotReadable
    found: list[Came | Told] = []
    for value in _values(clean(told)):
        number = _text(_dict(value.get("metadata")).get("phone_number_id"))
        names = _names(value)
        for one in _dicts(value.get("messages")):
            if came := _came(one, number, names):
                found.append(came)
        for one in _dicts(value.get("statuses")):
            if status := _told(one, number):
                found.append(status)
    return found


def clean(value: Any) -> Any:
    """Without what PostgreSQL cannot store: NUL, halves of characters."""
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {clean(str(key)): clean(one) for key, one in value.items()}
    if isinstance(value, list):
        return [clean(one) for one in value]
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return None
    return value


def _values(told: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for entry in _dicts(told.get("entry")):
        for change in _dicts(entry.get("changes")):
            if change.get("field") == "messages":
                yield _dict(change.get("value"))


def _names(value: dict[str, Any]) -> dict[str, str]:
    """What the profiles call themselves, by number."""
    return {
        _text(one.get("wa_id")): " ".join(_text(_dict(one.get("profile")).get("name")).split())
        for one in _dicts(value.get("contacts"))
    }


def _came(one: dict[str, Any], number: str, names: dict[str, str]) -> Came | None:
    wamid, sender = _text(one.get("id")), _text(one.get("from"))
    phone = number_of(sender)
    if not wamid or len(wamid) > LONGEST_ID or not phone:
        return None
    quoted = _text(_dict(one.get("context")).get("id")) or _text(_dict(one.get("reaction")).get("message_id"))
    kind = _text(one.get("type"))[:20] or "unknown"
    return Came(
        number, wamid, phone, names.get(sender, "")[:120], _moment(one), kind, quoted[:LONGEST_ID], one
    )


def _told(one: dict[str, Any], number: str) -> Told | None:
    wamid, status = _text(one.get("id")), _text(one.get("status"))
    if not wamid or len(wamid) > LONGEST_ID or status not in STATUSES:
        return None
    problems = [p.get("code") for p in _dicts(one.get("errors"))]
    code = next((c for c in problems if isinstance(c, int) and 0 <= c < 2**31), 0)
    key = _text(one.get("biz_opaque_callback_data"))
    return Told(number, wamid, status, _moment(one), key if len(key) == 32 else "", code)


def _moment(one: dict[str, Any]) -> datetime:
    """WhatsApp's own time for it, never later than now."""
    now = timezone.now()
    try:
        return min(datetime.fromtimestamp(int(str(one.get("timestamp"))[:12]), UTC), now)
    except (ValueError, OverflowError, OSError):
        return now


def media_of(said: dict[str, Any], kind: str) -> dict[str, str]:
    """id, caption, name and type of the file of a message; {} without one."""
    file = _dict(said.get(kind)) if kind in MEDIA else {}
    if not _text(file.get("id")):
        return {}
    names = {"id": "id", "caption": "caption", "name": "filename", "type": "mime_type"}
    return {ours: _text(file.get(theirs)) for ours, theirs in names.items()}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
