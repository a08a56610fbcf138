"""Where complaints come in: what each standard promises (its rule `complaint_channels`), beside one another and beside what the
office has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from services import channels
from services.offices.models import Office, Service

Key = tuple[str, str]


@dataclass(frozen=True)
class Row:
    """One channel as it is written, and which of the services name it."""

    label: str
    value: str
    named_by: tuple[bool, ...]

    @property
    def everywhere(self) -> bool:
        return all(self.named_by)


def _key(channel: dict[str, Any]) -> Key:
    """The same channel, however it is written: digits of a number, an address without its scheme."""
    value = str(channel.get("value", "")).strip().casefold()
    digits = "".join(c for c in value if c.isdigit())
    if digits and len(digits) >= 6 and not any(c.isalpha() for c in value):
        value = digits.removeprefix("62").lstrip("0")
    return str(channel.get("kind", "")), value.removeprefix("https://").removeprefix("http://").rstrip("/")


def rows(services: Iterable[Service]) -> list[Row]:
    """Every channel some standard names, in the order of the first that does."""
    told = [{_key(c): c for c in s.rules.complaint_channels} for s in services if s.rules]
    order: dict[Key, dict[str, Any]] = {}
    for one in told:
        for key, channel in one.items():
            order.setdefault(key, channel)
    return [
        Row(
            str(c.get("label") or c.get("kind", "")),
            str(c.get("value", "")),
            tuple(key in one for one in told),
        )
        for key, c in order.items()
    ]


def differences(services: Iterable[Service]) -> list[Row]:
    return [row for row in rows(services) if not row.everywhere]


def not_read_here(office: Office, found: Iterable[Row]) -> list[Row]:
    """Mailboxes and numbers that are promised and that this software does not read: an officer has to look there."""
    box, number = channels.mailbox(office), channels.whatsapp(office)
    ours = {box.address.casefold()} if box else set()
    if number:
        ours.add(number.number.lstrip("+").removeprefix("62"))
    looked: list[Row] = []
    for row in found:
        key = _key({"kind": "", "value": row.value})[1]
        if ("@" in row.value or key.isdigit()) and key not in ours:
            looked.append(row)
    return looked
