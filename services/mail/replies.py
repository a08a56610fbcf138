"""Mail that answers what another app sent than the one that reads the mailbox: whose it is, and who takes it.

    replies.register(Taker("complaints.complaint", whose, numbered, take, put))

What a mail is about is found in its bytes as it is kept, before anybody is shown anything of it: by the names of our own mails in
it, also where a server sends one back or somebody passes it on, and by the signed address that ours bear. Which people may see
such a mail, the app alone knows whose it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.audit.actors import Actor
from services.mail import tokens
from services.mail.models import Outgoing
from services.mail.reading.incoming import Incoming
from services.offices.models import Office

LOOKED_AT = 1_000_000  # bytes; a header and what is quoted stand at the beginning
MOST = 100  # names and addresses of one mail
OWN_NAME = re.compile(
    r"(?<![0-9a-z])([0-9a-f]{32}@[a-z0-9.-]{1,200})", re.IGNORECASE
)  # as the outbox makes them
# What became of it. All but UNSURE are done with.
TAKEN, NOTED, KNOWN, AUTO, UNSURE = "taken", "noted", "known", "auto", "unsure"


@dataclass(frozen=True)
class Came:
    """`name`: made of its content, the same for the same mail; `body`: as it is shown; `files`: (name, file)."""

    office: Office
    name: str
    mail: Incoming
    body: str
    received_at: datetime
    files: list[tuple[str, Any]] = field(default_factory=list, repr=False)


@dataclass(frozen=True)
class Taker:
    """`about`: the label of the records; `whose`: the record that a mail of ours (about_type, about_id) is of; `numbered`: the record of a
    number; `take`: does what can be done by itself and says what became of it; `put`: an officer has read it and says that it belongs
    there, raises IllegalMove."""

    about: str
    whose: Callable[[str, int], int | None]
    numbered: Callable[[str], int | None]
    take: Callable[[int, Came, datetime], str]
    put: Callable[[int, Came, Actor, datetime], None]


_takers: dict[str, Taker] = {}


def register(taker: Taker) -> None:
    _takers[taker.about] = taker


def taker(about: str) -> Taker:
    """Raises KeyError for records nobody registered."""
    return _takers[about]


def find(raw: bytes) -> tuple[str, int] | None:
    """Label and key of the record that a mail is about; None: of no other app's."""
    text = raw[:LOOKED_AT].decode("latin-1")
    for number in tokens.numbers_in(text):
        for one in _takers.values():
            if pk := one.numbered(number):
                return one.about, pk
    names = list(dict.fromkeys(OWN_NAME.findall(text)))[:MOST]
    rows = Outgoing.objects.filter(message_id__in=names).exclude(about_id=None)
    for about_type, about_id in rows.order_by("-pk").values_list("about_type", "about_id"):
        for one in _takers.values():
            if pk := one.whose(about_type, about_id or 0):
                return one.about, pk
    return None
