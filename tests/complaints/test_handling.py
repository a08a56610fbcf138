"""Each thing one may do with a complaint, and that nothing else moves it."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from complaints.models import Action, Complaint
from complaints.workflows import acting, complainant, ending, handling, lodging
from services.audit.actors import VISITOR
from services.mail.models import Outgoing
from services.workflow import IllegalMove
from tests.complaints.support import fresh, lodge, officer

DO = {
    "assign": lambda c, u: handling.assign(c, u, by=officer(u)),
    "ask": lambda c, u: handling.ask_completion(c, "Kapan?", by=officer(u)),
    "say": lambda c, u: handling.say(c, "Kami periksa", by=officer(u)),
    "answer": lambda c, u: handling.answer(c, "Sudah", by=officer(u)),
    "close": lambda c, u: ending.close(c, "Bukan pelayanan kami", by=officer(u)),
    "reopen": lambda c, u: ending.reopen(c, why="keliru", by=officer(u)),
    "reply": lambda c, u: complainant.reply(c, "Masih", by=VISITOR),
    "withdraw": lambda c, u: complainant.withdraw(c, by=VISITOR),
    "judge": lambda c, u: complainant.judge(c, stars=4, by=VISITOR),
}
REACHES = {
    "received": {"assign": "handled", "ask": "incomplete", "say": "received", "answer": "answered", "close": "closed",
                 "reply": "received", "withdraw": "withdrawn"},
    "incomplete": {"assign": "incomplete", "say": "incomplete", "answer": "answered", "close": "closed",
                   "reply": "received", "withdraw": "withdrawn"},
    "handled": {"assign": "handled", "ask": "incomplete", "say": "handled", "answer": "answered", "close": "closed",
                "reply": "handled", "withdraw": "withdrawn"},
    "answered": {"say": "answered", "answer": "answered", "close": "closed", "reopen": "handled", "reply": "received",
                 "judge": "closed"},
    "closed": {"reopen": "handled", "reply": "received", "judge": "closed"},
    "auto_closed": {"reopen": "handled", "reply": "received", "judge": "auto_closed"},
    "withdrawn": {},
    "set_aside": {"reopen": "handled", "reply": "received"},
}  # fmt: skip


@pytest.mark.parametrize("state", Complaint.State.values)
@pytest.mark.parametrize("do", DO)
def test_every_action_from_every_state(office, head, state, do):
    complaint = lodge(office)
    Complaint.objects.update(
        state=state,
        due_at=None,
        decided_at=complaint.created_at if state in ("answered", "closed", "auto_closed") else None,
    )
    complaint.steps.create(state=state, at=complaint.created_at, actor="system")
    to = REACHES[state].get(do)
    if to is None:
        with pytest.raises(IllegalMove):
            DO[do](fresh(complaint), head)
        assert fresh(complaint).state == state
        return
    DO[do](fresh(complaint), head)
    found = fresh(complaint)
    assert found.state == to
    assert (found.due_at is not None) == (to in Complaint.OURS)
    assert (found.awaited_until is not None) == (to in Complaint.THEIRS)


def test_an_answer_goes_to_those_who_complained_of_the_same(office, head):
    main, same = lodge(office), lodge(office, text="AC mati", person={"email": "ani@example.test"})
    handling.link(same, main, by=officer(head))
    handling.answer(main, "Sudah diperbaiki.", by=officer(head))
    assert [fresh(c).state for c in (main, same)] == ["answered", "answered"]
    assert "Sudah diperbaiki." in Outgoing.objects.get(kind="complaint_answered").text


@pytest.mark.parametrize("wrong", ["itself", "chain", "main of others", "another office"])
def test_what_cannot_be_linked(offices, office, head, wrong):
    a, b, c = (lodge(office, text=text) for text in "abc")
    elsewhere = lodge(offices["6571"])
    handling.link(b, a, by=officer(head))
    pair = {"itself": (c, c), "chain": (c, b), "main of others": (a, c), "another office": (c, elsewhere)}[
        wrong
    ]
    with pytest.raises(IllegalMove):
        handling.link(*pair, by=officer(head))


def test_unlinked_it_is_answered_by_itself(office, head):
    main, same = lodge(office), lodge(office, text="AC mati")
    handling.link(same, main, by=officer(head))
    handling.unlink(same, by=officer(head))
    handling.answer(main, "Sudah.", by=officer(head))
    assert fresh(same).state == "received"


def test_forwarding_up_and_only_up(offices, office, head, province):
    complaint = handling.assign(lodge(office), head, by=officer(head))
    with pytest.raises(IllegalMove):
        handling.forward(complaint, offices["6571"], why="salah alamat", by=officer(head))
    handling.forward(complaint, province, why="wewenang provinsi", by=officer(head))
    found = fresh(complaint)
    assert (found.place, found.office, found.state, found.handler) == (province, office, "received", None)
    assert found.messages.get(who="note").body == "wewenang provinsi"


def test_a_reply_sent_twice_is_one(office):
    complaint = lodge(office)
    first = complainant.reply(complaint, "Tambahan", by=VISITOR)
    assert complainant.reply(complaint, "Tambahan", by=VISITOR) == first
    assert complainant.reply(complaint, "Tambahan", seen=first.pk, by=VISITOR) != first


class TestActions:
    def test_done_with_proof_only(self, office, head):
        action = acting.plan(
            lodge(office), what="Ganti kipas", owner=head, due_on=date(2026, 7, 1), by=officer(head)
        )
        with pytest.raises(IllegalMove):
            acting.finish(action, proof=" ", by=officer(head))
        acting.finish(action, proof="Nota 12", by=officer(head))
        with pytest.raises(IllegalMove):
            acting.finish(action, proof="Nota 13", by=officer(head))
        with pytest.raises(IntegrityError), transaction.atomic():
            Action.objects.update(proof="")

    def test_whoever_it_is_about_is_not_the_one_to_mend_it(self, office, head, colleague):
        complaint = lodge(office, about=[colleague])
        with pytest.raises(handling.NotTheirs):
            acting.plan(
                complaint, what="Minta maaf", owner=colleague, due_on=date(2026, 7, 1), by=officer(head)
            )


def test_you_said_we_did_is_taken_back_by_empty_words(office, head):
    complaint = lodge(office, kind="suggestion")
    handling.publish_change(complaint, said="Buka Sabtu", did="Buka Sabtu pertama", by=officer(head))
    assert fresh(complaint).published_at
    handling.publish_change(complaint, said="Buka Sabtu", did="", by=officer(head))
    assert fresh(complaint).published_at is None


def test_the_secret_opens_it_and_nothing_else_does(office):
    complaint, secret = lodging.lodge(office=office, text="Kipas", channel="online", by=VISITOR)
    assert lodging.find(complaint.number.lower(), secret.lower().replace("-", " ")) == complaint
    assert lodging.find(complaint.number, "ABCD-EFGH-JKMN") is None
    assert secret not in str(Complaint.objects.values().get())
