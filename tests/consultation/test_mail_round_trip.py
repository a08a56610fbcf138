"""By real servers: an answer goes out by SMTP, the visitor's reply comes in by IMAP; and a week of two autoresponders."""

from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
import time_machine

from consultation import rounds
from consultation.mail_in import fetching, receipts, receive
from consultation.models import Consultation
from consultation.workflows import thread
from services.mail import outbox
from services.mail.models import Outgoing
from tests.consultation.mail_support import BOX, visitor, write_channels
from tests.consultation.support import fresh, seen
from tests.imap_server import dovecot, needs_dovecot
from tests.mail.awkward import SENDER, mail
from tests.mail_server import work_off

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendar_of_2026")]


def words_of(message: EmailMessage) -> str:
    return message.get_body(("plain",)).get_content()


def reply(to: EmailMessage, words: str, *, number: int = 0, **more: str | None) -> bytes:
    """As Gmail answers: to Reply-To, above the quotation, with the ids of what it answers."""
    quoted = "\n".join(f"> {line}" for line in words_of(to).splitlines())
    body = f"{words}\n\nPada Sel, 9 Jun 2026 pukul 10.15 BPS <{BOX}> menulis:\n\n{quoted}"
    given = {
        "To": str(to["Reply-To"] or to["From"]), "Subject": f"Re: {to['Subject']}", "In_Reply_To": str(to["Message-ID"]),
        "References": f"{to['References'] or ''} {to['Message-ID']}", "Message_ID": f"<balas-{number}@example.test>",
    }  # fmt: skip
    return mail(body, **given | more)


@needs_dovecot
def test_there_and_back(office, by, mailbox, tmp_path, settings):
    root = Path(tempfile.mkdtemp(prefix="pst-imap-"))
    siti = visitor(office)
    with dovecot(root) as server:
        write_channels(tmp_path, settings, smtp=mailbox.port, imap=server.port)
        server.deliver(mail("Berapa PDRB 2024?", To=BOX))
        fetching.run(office)
        work_off()
        asked = Consultation.objects.get()
        receipt = next(m for m in mailbox.messages if m["To"] == SENDER)
        assert asked.number in receipt["Subject"]
        thread.answer(asked, "Ada di tabel 3.", by=by, seen=seen(asked))
        work_off()
        answer = [m for m in mailbox.messages if m["To"] == SENDER][-1]
        assert "Ada di tabel 3." in words_of(answer)
        assert answer["From"].endswith(f"<{BOX}>")
        assert "<satu@example.test>" in answer["References"]
        server.deliver(reply(answer, "Terima kasih. Tahun 2023?"))
        fetching.run(office)
    shutil.rmtree(root, ignore_errors=True)
    asked = fresh(asked)
    last = asked.messages.last()
    assert (asked.state, asked.visitor) == ("reopened", siti)
    assert (last.body, last.address) == ("Terima kasih. Tahun 2023?", "")
    assert "Ada di tabel 3." in last.quoted
    assert asked.messages.get(kind="officer").delivery == "sent"
    assert Consultation.objects.count() == 1


MONDAY = datetime(2026, 6, 8, 1, tzinfo=UTC)


class TestAWeekOfAutoresponders:
    """Every mail of ours to this address is answered at once by a machine, every hour for a week; our own side only ever
    answers what came from a person."""

    @pytest.fixture(params=["marked", "unmarked", "without a thread", "changing", "worst"])
    def machine(self, request):
        def say(to: EmailMessage, number: int) -> bytes:
            words = "Terima kasih atas surat Anda. Saya sedang cuti."
            more: dict[str, str | None] = {}
            if request.param == "marked":
                more["Auto_Submitted"] = "auto-replied"
            if request.param in ("without a thread", "worst"):
                more |= {"To": BOX, "Subject": "Terima kasih", "In_Reply_To": None, "References": None}
            if request.param in ("changing", "worst"):
                words += f" Tiket {number}."
            return reply(to, words, number=number, **more)

        say.how = request.param  # type: ignore[attr-defined]
        return say

    @pytest.mark.parametrize("known", [True, False], ids=["a known visitor", "an unknown address"])
    def test_it_ends(self, office, by, mailbox, tmp_path, settings, machine, known):
        write_channels(tmp_path, settings, smtp=mailbox.port)
        if known:
            visitor(office)
        read = 0
        with time_machine.travel(MONDAY, tick=False) as clock:
            receive(office, mail("Berapa PDRB 2024?", To=BOX))
            for hour in range(24 * 7):
                clock.move_to(MONDAY + timedelta(hours=hour))
                outbox.sweep()
                for message in mailbox.messages[read:]:
                    read += 1
                    if message["To"] == SENDER:
                        receive(office, machine(message, read))
                if hour == 5:
                    asked = Consultation.objects.order_by("pk")[0]
                    thread.answer(asked, "Ada di tabel 3.", by=by, seen=seen(asked))
                rounds.remind(datetime.now(UTC))
                rounds.close_silent(datetime.now(UTC))
        ours = Outgoing.objects.filter(to=SENDER).count()
        # A machine that hides in every way is held by the number of receipts a day; all others end by themselves.
        most = 7 * max(receipts.MOST_A_DAY.values()) + 5 if machine.how == "worst" else 8
        assert ours <= most
        assert Consultation.objects.count() <= most
        if machine.how == "marked":
            assert Consultation.objects.get().state == "auto_closed"
            assert ours <= 4  # receipt, answer, reminder, closing
