"""An office's mailbox, read by IMAP: what is new in it, a mail's bytes, the mark that it was taken.

Nothing is deleted or moved. What somebody has read with another program counts as dealt with there.
"""

from __future__ import annotations

import imaplib
import re
import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any

from services.channels import Mailbox

TIMEOUT = 30  # seconds without a word from the server
SINCE = timedelta(days=30)  # older mail is left alone, also at the first fetch from an old mailbox
SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
INTERNAL_DATE = re.compile(rb'INTERNALDATE "([^"]{10,40})"')
DAYS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class ImapProblem(Exception):
    """The server is away, refuses the log-in, or says what nobody understands; `str()` holds no secret."""


@dataclass(frozen=True)
class Fetched:
    """`size`: of the whole mail, also where only its header was fetched."""

    uid: int
    raw: bytes = field(repr=False)
    size: int
    received_at: datetime | None


class Inbox:
    """A connection, as a context manager. Every method raises ImapProblem."""

    def __init__(self, box: Mailbox, *, most_bytes: int):
        self.box, self.most_bytes = box, most_bytes
        self.uidvalidity = 0
        self._server: Any = None

    def __enter__(self) -> Inbox:
        assert self.box.imap
        at = self.box.imap
        try:
            if at.tls == "tls":
                context = ssl.create_default_context()
                self._server = imaplib.IMAP4_SSL(at.host, at.port, ssl_context=context, timeout=TIMEOUT)
            else:
                self._server = imaplib.IMAP4(at.host, at.port, timeout=TIMEOUT)
                if at.tls == "starttls":
                    self._server.starttls(ssl.create_default_context())
            self._server.login(at.user, at.password)
        except imaplib.IMAP4.error:
            self._hang_up()
            raise ImapProblem("login") from None
        except OSError as problem:
            self._hang_up()
            raise ImapProblem(type(problem).__name__) from None
        self._open_folder()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hang_up()

    def _hang_up(self) -> None:
        if self._server is not None:
            try:
                self._server.logout()
            except (OSError, imaplib.IMAP4.error):
                self._server.shutdown()
            self._server = None

    def _open_folder(self) -> None:
        folder = self.box.folder.replace("\\", "\\\\").replace('"', '\\"')
        self._ask("select", f'"{folder}"')
        said = self._server.response("UIDVALIDITY")[1]
        self.uidvalidity = int(said[0]) if said and said[0] and said[0].isdigit() else 0

    def unseen(self, now: datetime) -> list[int]:
        """The numbers of what nobody has read, the oldest first."""
        day = (now - SINCE).date()
        since = f"{day.day:02d}-{DAYS[day.month - 1]}-{day.year}"
        said = self._ask("uid", "SEARCH", "UNSEEN", "SINCE", since)
        return sorted(int(n) for line in said if line for n in line.split() if n.isdigit())

    def fetch(self, uid: int) -> Fetched | None:
        """The mail, without marking it; of one that is too large its header. None: it is gone by now."""
        said = self._ask("uid", "FETCH", str(uid), "(RFC822.SIZE INTERNALDATE)")
        told = b" ".join(_lines(said))
        size = SIZE.search(told)
        if size is None:
            return None
        what = "BODY.PEEK[]" if int(size[1]) <= self.most_bytes else "BODY.PEEK[HEADER]"
        said = self._ask("uid", "FETCH", str(uid), f"({what})")
        raw = next((piece[1] for piece in said if isinstance(piece, tuple) and len(piece) > 1), None)
        if raw is None:
            return None
        return Fetched(uid, raw, int(size[1]), _moment(told))

    def mark_seen(self, uid: int) -> None:
        self._ask("uid", "STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)")

    def _ask(self, command: str, *words: str) -> list[Any]:
        try:
            answer, said = getattr(self._server, command)(*words)
        except (OSError, imaplib.IMAP4.error, ValueError) as problem:
            raise ImapProblem(type(problem).__name__) from None
        if answer != "OK":
            raise ImapProblem(f"{words[0] if command == 'uid' else command}: {answer}")
        return said


def _lines(said: list[Any]) -> list[bytes]:
    return [piece[0] if isinstance(piece, tuple) else piece for piece in said if piece]


def _moment(told: bytes) -> datetime | None:
    found = INTERNAL_DATE.search(told)
    try:
        return (
            parsedate_to_datetime(found[1].decode("ascii", "replace").strip()).astimezone(UTC)
            if found
            else None
        )
    except (ValueError, TypeError, OverflowError):
        return None
