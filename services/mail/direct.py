"""Mails that bear a secret: a code, a link into one's own data. They are never stored: written, sent, and gone.

What the outbox does for other mail, whoever sends such a mail does for itself: it makes a new secret for each try.
"""

from __future__ import annotations

from typing import Any

from django.core.mail import EmailMultiAlternatives

from services import channels
from services.mail import sending, writing
from services.mail.headers import of_automatic
from services.offices.models import Office


def compose(
    kind: str, *, to: str, office: Office | None, language: str, context: dict[str, Any]
) -> EmailMultiAlternatives:
    """Ready for `.send()`, which raises what the office's mail server answers."""
    written = writing.write(kind, context, office=office, language=language)
    answered_at = office.email if office and office.email and not channels.mailbox(office) else ""
    message = EmailMultiAlternatives(
        written.subject, written.text, sending.named_sender(office), [to],
        headers={"Content-Language": language, **of_automatic()},
        reply_to=[answered_at] if answered_at else None,
        connection=sending.connection_of(office),
    )  # fmt: skip
    message.attach_alternative(written.html, "text/html")
    return message
