"""The last steps of a mail: its headers, the server it goes to, and what the server's answer means for it."""

from __future__ import annotations

import logging
import smtplib
from dataclasses import dataclass
from email.utils import formataddr, parseaddr
from types import TracebackType
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.mail import EmailMultiAlternatives, get_connection
from django.utils.translation import gettext as _

from services import channels
from services.mail.models import Outgoing
from services.offices.models import Office

log = logging.getLogger(__name__)
SMTP = "django.core.mail.backends.smtp.EmailBackend"
MOST_BY_ONE = 50  # mails over one connection; servers end those that go on for ever


@dataclass(frozen=True)
class Outcome:
    """`how`: "sent"; "later": another try may succeed; "never": none will. `away`: it was the server, not the mail."""

    how: str
    problem: str = ""
    away: bool = False


def sender(office: Office | None) -> str:
    """The address mail of this office comes from: its own mailbox, or the installation's."""
    box = channels.mailbox(office)
    return box.address if box else parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def named_sender(office: Office | None) -> str:
    return formataddr((office.name if office else "Pelayanan Statistik Terpadu", sender(office)))


def connection_of(office: Office | None) -> Any:
    """To the server of this office's mail; not opened yet."""
    box = channels.mailbox(office)
    return _connection_to(box.smtp if box else None)


def can_send(office: Office | None) -> bool:
    """Whether there is a server for this office's mail at all; on one PC it is read in the log."""
    box = channels.mailbox(office)
    return bool(settings.MAIL_IS_SENT or (box and box.smtp))


def message_of(row: Outgoing) -> EmailMultiAlternatives:
    """Raises what a storage raises for an attachment that is gone, ValueError for headers that cannot be."""
    message = EmailMultiAlternatives(
        row.subject,
        row.text,
        named_sender(row.office),
        [row.to],
        headers={"Message-ID": f"<{row.message_id}>", "Content-Language": row.language, **row.headers},
    )
    if row.html:
        message.attach_alternative(row.html, "text/html")
    for given in row.attachments:
        with default_storage.open(given["file"]) as file:
            message.attach(given["name"], file.read(), given["type"])
    return message


class Post:
    """Connections to the servers of one run: one for each server, and none again to one that was away."""

    def __init__(self) -> None:
        self._open: dict[channels.Server | None, tuple[Any, int]] = {}
        self._away: dict[channels.Server | None, Outcome] = {}

    def __enter__(self) -> Post:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server in list(self._open):
            self._hang_up(server)

    def is_away(self, office: Office | None) -> bool:
        return self._server(office) in self._away

    def deliver(self, row: Outgoing) -> Outcome:
        """Give one mail to its server. Never raises for what a mail or a server can do."""
        server = self._server(row.office)
        try:
            message = message_of(row)
            message.message()  # a header that cannot be written is not the server's fault
        except (OSError, ValueError) as problem:
            return Outcome("never", _("Surat tidak dapat disusun (%s).") % type(problem).__name__)
        try:
            connection = self._connection(server)
        except (smtplib.SMTPException, OSError) as problem:
            self._hang_up(server)
            return self._was_away(server, problem)
        try:
            message.connection = connection
            message.send()
        except (smtplib.SMTPException, OSError, ValueError) as problem:
            self._hang_up(server)
            return judged(problem)
        return Outcome("sent")

    def _was_away(self, server: channels.Server | None, problem: Exception) -> Outcome:
        """Whatever is wrong before the first mail is not the mail's fault: a wrong password least of all."""
        self._away[server] = Outcome("later", said(problem), away=True)
        return self._away[server]

    @staticmethod
    def _server(office: Office | None) -> channels.Server | None:
        """None: the installation's own."""
        box = channels.mailbox(office)
        return box.smtp if box else None

    def _connection(self, server: channels.Server | None) -> Any:
        connection, used = self._open.get(server, (None, 0))
        if connection is not None and used >= MOST_BY_ONE:
            self._hang_up(server)
            connection, used = None, 0
        if connection is None:
            connection = _connection_to(server)
            connection.open()
        self._open[server] = (connection, used + 1)
        return connection

    def _hang_up(self, server: channels.Server | None) -> None:
        connection, _used = self._open.pop(server, (None, 0))
        if connection is not None:
            try:
                connection.close()
            except (smtplib.SMTPException, OSError):
                log.info("A mail server hung up by itself")


def _connection_to(server: channels.Server | None) -> Any:
    if server is None:
        return get_connection()
    return get_connection(
        SMTP, host=server.host, port=server.port, username=server.user, password=server.password,
        use_tls=server.tls == "starttls", use_ssl=server.tls == "tls", timeout=settings.EMAIL_TIMEOUT,
    )  # fmt: skip


def judged(problem: Exception) -> Outcome:
    """A refusal for good (5xx) ends it; anything else may pass. A connection lost on the way leaves open whether the
    server has the mail: it is sent again, with the same Message-ID."""
    code = _code(problem)
    if code >= 500 and not isinstance(problem, smtplib.SMTPAuthenticationError):
        return Outcome("never", said(problem))
    if isinstance(problem, ValueError):  # an address that cannot be written
        return Outcome("never", said(problem))
    away = isinstance(problem, (smtplib.SMTPServerDisconnected, OSError)) and not code
    return Outcome("later", said(problem), away=away)


def said(problem: Exception) -> str:
    """For the supervisor: the server's own words where it said any."""
    code, words = _code(problem), ""
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        words = next(iter(problem.recipients.values()))[1]  # type: ignore[assignment]
    elif isinstance(problem, smtplib.SMTPResponseException):
        words = problem.smtp_error  # type: ignore[assignment]
    text = words.decode(errors="replace") if isinstance(words, bytes) else str(words)
    text = " ".join(text.split())
    if code:
        return f"{code} {text}"[:300]
    return (text or _("Server e-mail tidak dapat dihubungi (%s).") % type(problem).__name__)[:300]


def _code(problem: Exception) -> int:
    """What the server answered; 0: nothing."""
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        return max((code for code, _words in problem.recipients.values()), default=0)
    return int(problem.smtp_code) if isinstance(problem, smtplib.SMTPResponseException) else 0
