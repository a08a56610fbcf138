"""A mail as PST understands it: plain values, no models."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from services.mail.reading.headers import Address


class Kind(StrEnum):
    """Who speaks. Only a person is ever answered."""

    PERSON = "person"
    AUTO = "auto"  # away, received, read
    BOUNCE = "bounce"
    LIST = "list"
    LOOP = "loop"  # our own mail, come back


@dataclass(frozen=True)
class File:
    """`inline`: shown within the text, a picture in a signature for instance."""

    name: str
    content_type: str
    content: bytes = field(repr=False)
    inline: bool = False


@dataclass(frozen=True)
class Report:
    """What a bounce tells. `final`: given up, not only late. `about`: the message id it is about, where it says so."""

    about: str = ""
    recipient: str = ""
    status: str = ""
    why: str = ""
    final: bool = True


@dataclass(frozen=True)
class Incoming:
    """`message_id` without angle brackets; made from the content where the mail has none (`own_id` is False then).
    `doubtful`: the sender's address is not one certain address, so it proves nothing."""

    message_id: str
    own_id: bool
    in_reply_to: list[str]
    references: list[str]
    sender: Address
    doubtful: bool
    to: list[Address]
    subject: str
    sent_at: datetime | None
    text: str
    quoted: str
    files: list[File]
    kind: Kind
    why: str = ""  # by which mark the kind was recognised: a code for logs
    report: Report | None = None
    problems: list[str] = field(default_factory=list)
    wants_no_answer: bool = False
