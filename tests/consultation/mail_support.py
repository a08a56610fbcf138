"""Mails as they come to an office's mailbox in these tests, and the file that says where that is."""

from __future__ import annotations

from pathlib import Path

from consultation.mail_in import receive
from consultation.models import Consultation, IncomingMail
from services.mail import tokens
from services.offices.models import Office
from tests.mail.awkward import SENDER, mail

BOX = "bps7411@bps.example.test"
OTHER_BOX = "bps1906@bps.example.test"
CHANNELS = """
[7411.mail]
address = "{box}"
smtp = "smtp://127.0.0.1:{smtp}"
imap = "imap://petugas:rahasia@127.0.0.1:{imap}"
plus = true

[1906.mail]
address = "{other}"
smtp = "smtp://127.0.0.1:{smtp}"
"""


def write_channels(folder: Path, settings, *, smtp: int = 1, imap: int = 1) -> None:
    path = folder / "channels.toml"
    path.write_text(CHANNELS.format(box=BOX, other=OTHER_BOX, smtp=smtp, imap=imap))
    settings.CHANNELS_FILE = str(path)


def comes(office: Office, body: str = "Berapa PDRB 2024?", *, at=None, **header) -> IncomingMail:
    """A mail like `tests.mail.awkward.mail`; each its own Message-ID unless one is given."""
    header.setdefault("Message_ID", f"<{IncomingMail.objects.count()}@pengirim.test>")
    header.setdefault("To", BOX)
    return receive(office, mail(body, **header), at=at)


def reply_to(
    consultation: Consultation, body: str = "Terima kasih, satu hal lagi.", **header
) -> IncomingMail:
    """To the signed address, as the visitor's program does when it answers one of ours."""
    header.setdefault("To", tokens.reply_address(BOX, consultation.number))
    header.setdefault("Subject", f"Re: {consultation.subject}")
    return comes(consultation.office, body, at=header.pop("at", None), **header)


def visitor(office: Office, name: str = "Siti Nurhaliza", email: str = SENDER):
    return office.visitors.create(name=name, email=email)
