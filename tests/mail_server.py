"""A real SMTP server on a loopback port, for what PST sends by mail."""

from __future__ import annotations

import asyncio
import re
import socket
import time
from email import message_from_bytes, policy
from email.message import EmailMessage
from urllib.parse import urlsplit

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from library.workflows import handing, notices
from services.guestbook import contact
from services.mail import outbox

TASKS = (outbox.TASK, contact.TASK, notices.LOANS_TASK, notices.READY_TASK, handing.TASK)


class Mailbox:
    """Keeps what arrives; `refusing` answers as a server that is out of order.

    `faults`: what goes wrong with the next messages, one each: an answer ("452 …", "552 …") to their text, "lost" (the
    connection breaks in mid-message), "kept and lost" (the message is taken, the answer never comes). `strangers`: addresses it
    knows nothing of. While `holding`, it takes a message's text and does not answer; `held` counts those.
    """

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.refusing = False
        self.faults: list[str] = []
        self.strangers: set[str] = set()
        self.holding = False
        self.held = self.connections = 0
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    async def handle_EHLO(self, server: SMTP, session, envelope, hostname, responses) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server: SMTP, session, envelope, address: str, options) -> str:
        if address in self.strangers:
            return f"550 5.1.1 <{address}>: Recipient address rejected: User unknown"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session, envelope) -> str:
        if self.refusing:
            return "451 Out of order, try again later"
        fault = self.faults.pop(0) if self.faults else ""
        if fault and fault[0].isdigit():
            return fault
        while self.holding:
            self.held += 1
            await asyncio.sleep(0.05)
        if fault != "lost":
            self.messages.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        if fault:
            server.transport.abort()
        return "250 OK"

    def stop(self) -> None:
        self.controller.stop()

    def wait(self, count: int, seconds: float = 30) -> EmailMessage:
        """The last message, as soon as there are so many."""
        deadline = time.monotonic() + seconds
        while len(self.messages) < count:
            assert time.monotonic() < deadline, f"{len(self.messages)} messages, not {count}"
            time.sleep(0.05)
        return self.messages[-1]


def work_off() -> int:
    """Send what waits to be sent, as the worker would; returns how many jobs. A real worker of an earlier test may have
    left its own periodic ones."""
    waiting = list(ProcrastinateJob.objects.filter(status="todo", task_name__in=TASKS).order_by("pk"))
    for job in waiting:
        app.tasks[job.task_name].func(**job.args)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE id = ANY(%s)", [[job.pk for job in waiting]])
    return len(waiting)


def text_of(message: EmailMessage) -> str:
    """The plain text; what an HTML mail says beside it is the same (services/mail/writing.py)."""
    plain = message.get_body(("plain",))
    assert plain is not None
    return plain.get_content()


def codes_in(message: EmailMessage) -> list[str]:
    """The six-digit codes of a message, in their order."""
    return re.findall(r"\b[0-9]{6}\b", text_of(message))


def links_in(message: EmailMessage) -> list[str]:
    """The paths of the links in a message."""
    return [urlsplit(link).path for link in re.findall(r"https?://\S+", text_of(message))]
