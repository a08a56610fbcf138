"""What offices took down before complaints had a conversation is there afterwards, word for word."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from complaints import rounds
from complaints.models import Complaint
from services.guestbook import workflows
from services.guestbook.models import Visit, Visitor
from tests.guestbook.support import DEVICE
from tests.old_migrations import executor, to_the_newest

OLD = ("complaints", "0003_complaintstep_reply")
AT = datetime(2026, 6, 8, 2, tzinfo=UTC)


@pytest.fixture
def before(transactional_db):
    """The schema as it was, and back again whatever happens."""
    executor().migrate([OLD])
    yield executor().loader.project_state([OLD]).apps.get_model
    to_the_newest()


def old(before, office, number: str, state: str = "received", **more):
    steps = more.pop("steps", [("received", "")])
    row = before("complaints", "Complaint").objects.create(
        office_id=office.pk, number=number, submission=number, secret_hash="h", text=f"Isi {number}",
        channel="online", state=state, created_at=AT, **more,
    )  # fmt: skip
    for n, (name, reply) in enumerate(steps):
        at = AT + timedelta(hours=n)
        before("complaints", "ComplaintStep").objects.create(
            subject=row, state=name, at=at, actor="officer", reply=reply
        )
    return row


def test_contact_and_answers_become_rows(before, offices):
    office = offices["7411"]
    visit = workflows.arrive(office=office, service=office.services.get(slug="library"), by=DEVICE)
    Visit.objects.filter(pk=visit.pk).update(visitor=Visitor.objects.create(office=office, name="Ani"))
    old(before, office, "A", contact_name="Ani", contact="Ani@Example.Test")
    old(before, office, "B", contact="0812 3456-7890")
    old(before, office, "C", contact="titip pesan di kelurahan")
    old(before, office, "D")
    old(before, office, "E", received_id=visit.main.pk)
    steps = [("received", ""), ("answered", "Sedang kami cek."), ("answered", "Sudah."), ("closed", "")]
    old(before, office, "F", state="closed", reply="Sudah.", steps=steps)
    old(before, office, "G", state="answered", reply="Dari catatan lama.", steps=[("received", "")])
    to_the_newest()

    now = {c.number: c for c in Complaint.objects.select_related("identity")}
    whose = {n: (c.identity.name, c.identity.email, c.identity.phone, c.identity.contact)
             for n, c in now.items() if hasattr(c, "identity")}  # fmt: skip
    assert whose == {
        "A": ("Ani", "ani@example.test", "", ""), "B": ("", "", "0812 3456-7890", ""),
        "C": ("", "", "", "titip pesan di kelurahan"), "E": ("", "", "", ""),
    }  # fmt: skip
    assert (now["E"].identity.visitor.name, now["E"].service.slug) == ("Ani", "library")
    assert {c.place_id for c in now.values()} == {office.pk}
    assert {c.text for c in now.values()} == {f"Isi {n}" for n in "ABCDEFG"}
    assert [(m.who, m.body) for m in now["F"].messages.all()] == [
        ("office", "Sedang kami cek."),
        ("office", "Sudah."),
    ]
    assert (now["F"].first_answered_at, now["F"].decided_at) == (
        AT + timedelta(hours=1), AT + timedelta(hours=2),
    )  # fmt: skip
    assert (now["F"].ended_at, now["A"].ended_at) == (AT + timedelta(hours=3), None)
    assert [m.body for m in now["G"].messages.all()] == ["Dari catatan lama."]
    assert not now["A"].messages.exists()
    rounds.recompute(AT + timedelta(hours=4))
    assert Complaint.objects.get(number="A").due_at > AT
    assert Complaint.objects.get(number="F").due_at is None
