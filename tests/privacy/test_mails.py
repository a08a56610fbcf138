"""Mails from an address the office did not know go with the person whose mailbox it was; nobody else's do."""

from __future__ import annotations

import pytest

from consultation.models import Consultation, IncomingMail, Message
from consultation.workflows import thread
from pst.privacy import retention
from pst.privacy import workflows as privacy
from tests.consultation.conftest import calendar_of_2026
from tests.consultation.mail_support import comes, reply_to, visitor
from tests.consultation.support import ask, seen
from tests.guestbook.test_signing import anywhere

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendar_of_2026")]
__all__ = ["calendar_of_2026"]
THEIRS = "zubaidah@rahasia.test"


@pytest.fixture
def written(office, by) -> Consultation:
    """Asked and answered by mail before the office knew whose address it is."""
    comes(
        office,
        "Saya Zubaidah, minta data upah.",
        From=f"Zubaidah <{THEIRS.upper()}>",
        Subject="Upah zubaidah",
    )
    asked = Consultation.objects.get()
    assert (asked.visitor, asked.messages.get().address.lower()) == (None, THEIRS)
    thread.answer(asked, "Yth. Ibu Zubaidah, ada di tabel 2.", by=by, seen=seen(asked))
    return asked


def test_what_an_unknown_address_wrote_goes_with_the_person_who_has_it(office, by, written):
    person = visitor(office, name="Zubaidah", email=THEIRS)
    assert anywhere("zubaidah")
    retention.erase(person, by=by, why="request", proven=True)
    assert anywhere("zubaidah") == []
    assert anywhere(THEIRS) == []
    written.refresh_from_db()
    assert (written.number[:5], written.state) == ("K7411", "answered")  # the statistics are whole
    assert not IncomingMail.objects.exists()


def test_what_they_wrote_into_somebody_elses_thread(office, by):
    siti = visitor(office)
    asked = ask(office, "2026-06-08 10:00", visitor=siti)
    reply_to(asked, "Saya rekannya, Zubaidah.", From=THEIRS)
    person = visitor(office, name="Zubaidah", email=THEIRS)
    retention.erase(person, by=by, why="request")
    bodies = list(asked.messages.order_by("pk").values_list("body", "address"))
    assert bodies == [("Berapa PDRB 2024?", ""), ("", "")]
    asked.refresh_from_db()
    assert asked.visitor == siti


def test_another_address_or_another_office_is_not_touched(office, offices, by, written):
    visitor(offices["6571"], name="Zubaidah", email=THEIRS)
    for person in (visitor(office, email="lain@rahasia.test"), offices["6571"].visitors.get()):
        retention.erase(person, by=by, why="request")
    assert Message.objects.get(kind="visitor").body == "Saya Zubaidah, minta data upah."
    written.refresh_from_db()
    assert written.visitor is None


def test_only_the_one_whose_mailbox_it_is_sees_it(office, by, written):
    person = visitor(office, name="Zubaidah", email=THEIRS)
    other = visitor(office, name="Sitti", email="sitti@rahasia.test")
    assert "upah" in str(privacy.everything(person, proven=True)["consultation.Message"])
    assert privacy.everything(other, proven=True)["consultation.Message"] == []
