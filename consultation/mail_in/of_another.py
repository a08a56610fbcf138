"""A mail that answers what another app sent (services/mail/replies.py): given to it, and emptied here when that is done."""

from __future__ import annotations

from datetime import datetime

from consultation.mail_in import contents
from consultation.models import IncomingMail
from services.audit.actors import Actor
from services.mail import replies
from services.mail.reading.incoming import Incoming
from services.mail.reading.parse import glance

LONGEST = 5_000  # of what is shown; the rest goes along as a file


def take(mail: IncomingMail, found: Incoming, at: datetime) -> str:
    """What the app did with it by itself: one of the words of `services.mail.replies`."""
    assert mail.about_id
    return replies.taker(mail.about_type).take(mail.about_id, _came(mail, found), at)


def put(mail: IncomingMail, found: Incoming, *, by: Actor, at: datetime) -> None:
    """Raises IllegalMove."""
    assert mail.about_id
    replies.taker(mail.about_type).put(mail.about_id, _came(mail, found), by, at)


def forget(mail: IncomingMail) -> list[str]:
    """What it said stands where its readers are, or nowhere; that it came is known, so that it comes once. Returns the fields that
    the caller has to save."""
    mail.raw, mail.sender, mail.sender_name, mail.subject = b"", "", "", ""
    return ["raw", "sender", "sender_name", "subject"]


def _came(mail: IncomingMail, found: Incoming) -> replies.Came:
    return replies.Came(
        office=mail.office, name=glance(bytes(mail.raw)).content_id, mail=found, body=contents.body(mail, found, LONGEST),
        received_at=mail.received_at, files=contents.files(found, LONGEST),
    )  # fmt: skip
