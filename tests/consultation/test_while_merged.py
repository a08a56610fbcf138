"""What a visitor writes to a consultation that was merged, or is just being merged, arrives whole in the kept one."""

from __future__ import annotations

import threading

import pytest
from django.core.files.base import ContentFile
from django.db import connection

from consultation.models import Attachment, Message
from consultation.workflows import joining, thread, visiting
from services.audit.actors import VISITOR
from tests.consultation.file_samples import PDF
from tests.consultation.mail_support import visitor
from tests.consultation.support import ask, fresh
from tests.together import Held, at_once

pytestmark = pytest.mark.usefixtures("stored")


def two(office):
    siti = visitor(office)
    kept = ask(office, "2026-06-08 10:00", visitor=siti)
    return kept, ask(office, "2026-06-08 11:00", visitor=siti, question="Dan IPM?")


def test_a_file_goes_with_its_message_and_a_second_tap_is_none(office, by, calendar_of_2026):
    kept, other = two(office)
    joining.merge(kept, other, by=by)
    for _tap in range(2):
        visiting.reply(other, "Ini.", by=VISITOR, seen=0, files=[ContentFile(PDF, name="a.pdf")])
    written, file = Message.objects.get(body="Ini."), Attachment.objects.get()
    assert (written.consultation, file.consultation, file.message) == (kept, kept, written)


@pytest.mark.django_db(transaction=True)
def test_what_is_written_while_it_is_merged(offices, office, by, calendar_of_2026):
    kept, other = two(office)
    answers: list = []

    def write():
        answers.extend(at_once(lambda: thread.visitor_wrote(other, "Sela.", channel="email", by=VISITOR)))

    with Held(lambda: joining.merge(kept, other, by=by)) as merging:
        writing = threading.Thread(target=write)
        writing.start()
        wait_for_a_lock()
        merging.let_go()
    writing.join(30)
    assert (answers[0].consultation, fresh(other).state) == (kept, "closed")


def wait_for_a_lock() -> None:
    """Until somebody waits for what the open transaction holds."""
    for _look in range(300):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        threading.Event().wait(0.1)
    raise AssertionError("nobody waits")
