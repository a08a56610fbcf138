"""An office's mailbox, emptied into PST: each mail is stored before the server is told that it was taken.

Whatever fails in between, the next minute goes on: a mail that was stored and not marked is recognised by its message id, one
that was marked is stored. The server is spoken to outside of any transaction.
"""

from __future__ import annotations

import logging
from datetime import datetime

from django.utils import timezone

from consultation.mail_in import keeping
from consultation.models import IncomingMail
from services import channels
from services.mail.imap import ImapProblem, Inbox
from services.mail.reading.parse import MOST_BYTES
from services.offices.models import Office

log = logging.getLogger(__name__)
TASK = "consultation.mail_in"
AT_ONCE = 200  # mails of one run; the rest follows in the next minute


def offices() -> list[Office]:
    """Those whose mailbox is to be read."""
    codes = [code for code, box in channels.configured().mailboxes.items() if box.imap]
    return list(Office.objects.filter(code__in=codes).order_by("code"))


def run(office: Office, *, at: datetime | None = None) -> int:
    """Fetch, then process what waits; returns how many were processed. A server that is away holds up nothing that is
    here already."""
    try:
        fetch(office, at=at)
    except ImapProblem as problem:
        log.warning("Mailbox of office %s: %s", office.code, problem)
    return process(office, at=at)


def fetch(office: Office, *, at: datetime | None = None) -> int:
    """How many new mails were kept. Raises ImapProblem."""
    box = channels.mailbox(office)
    if box is None or box.imap is None:
        return 0
    new = 0
    with Inbox(box, most_bytes=MOST_BYTES) as inbox:
        uids = inbox.unseen(at or timezone.now())[:AT_ONCE]
        kept = IncomingMail.objects.filter(office=office, uidvalidity=inbox.uidvalidity, uid__in=uids)
        known = set(kept.values_list("uid", flat=True))
        for uid in uids:
            if uid not in known:
                mail = inbox.fetch(uid)
                if mail is None:
                    continue
                new += keeping.keep(
                    office=office, raw=mail.raw, received_at=mail.received_at, uidvalidity=inbox.uidvalidity,
                    uid=uid, size=mail.size,
                )[1]  # fmt: skip
            inbox.mark_seen(uid)
    return new


def process(office: Office | None = None, *, at: datetime | None = None) -> int:
    """What waits, the oldest first."""
    at = at or timezone.now()
    return sum(keeping.process(mail, at=at) for mail in keeping.waiting(at, office))
