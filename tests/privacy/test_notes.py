"""What officers noted for each other is in no file that is made without a look, and is erased with the rest."""

from __future__ import annotations

import json

from consultation.models import Message
from consultation.workflows import thread
from pst.privacy import workflows
from services.audit.actors import SYSTEM
from tests.consultation.support import ask


def test_a_note_is_not_told_and_goes_with_the_person(office, by):
    person = office.visitors.create(name="Siti Nurhaliza", email="siti@example.test")
    asked = ask(office, "2026-06-08 10:00", visitor=person)
    thread.note(asked, "Hati-hati, sering menelepon", by=by)
    told = json.dumps(workflows.everything(person, proven=True, named=True), default=str)
    assert asked.subject in told
    assert "sering menelepon" not in told
    workflows.fulfil(workflows.receive(person, kind="erasure", channel="desk", by=by), by=SYSTEM)
    assert not Message.objects.filter(body__contains="menelepon").exists()
