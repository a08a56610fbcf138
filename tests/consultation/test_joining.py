"""Two consultations put together, one taken apart: nothing said is lost, and the earlier question decides when."""

from __future__ import annotations

import pytest

from consultation import notices
from consultation.models import Message
from consultation.workflows import joining, logged, thread
from services.audit.models import AuditEntry
from services.guestbook.models import Visitor
from tests.consultation.support import ask, at, fresh, local, say, seen

pytestmark = pytest.mark.usefixtures("calendar_of_2026")


@pytest.fixture
def sitti(office) -> Visitor:
    return Visitor.objects.create(office=office, name="Sitti Rahma", email="sitti@example.test")


def bodies(consultation) -> list[str]:
    return [m.body for m in consultation.messages.exclude(kind=Message.Kind.SYSTEM)]


class TestMerge:
    def test_everything_goes_over_and_the_other_points_there(self, office, by, sitti):
        kept = ask(office, "2026-06-09 10:00", visitor=sitti)
        other = ask(office, "2026-06-08 10:00", visitor=sitti, question="Dan IPM?")
        thread.note(other, "Sudah dicari.", by=by, at=at(office, "2026-06-09 11:00"))
        joining.merge(kept, other, by=by, at=at(office, "2026-06-09 12:00"))
        kept, other = fresh(kept), fresh(other)
        assert bodies(kept) == ["Dan IPM?", "Berapa PDRB 2024?", "Sudah dicari."]
        assert (other.state, other.merged_into, bodies(other)) == ("closed", kept, [])
        assert other.messages.get().body == f"Konsultasi ini dilanjutkan di {kept.number}."
        assert AuditEntry.objects.get(action="consultation.merged").detail["other"] == other.number

    def test_the_earlier_question_decides_when(self, office, by, sitti):
        kept, other = (
            ask(office, "2026-06-09 10:00", visitor=sitti),
            ask(office, "2026-06-08 10:00", visitor=sitti),
        )
        joining.merge(kept, other, by=by, at=at(office, "2026-06-09 12:00"))
        kept = fresh(kept)
        assert local(kept, kept.due_at) == "2026-06-11 15:30"
        assert kept.clock_changes.last().why == "merged"
        assert fresh(other).rounds.get().result == "excluded"

    def test_a_later_question_moves_nothing(self, office, by, sitti):
        kept, other = (
            ask(office, "2026-06-08 10:00", visitor=sitti),
            ask(office, "2026-06-09 10:00", visitor=sitti),
        )
        joining.merge(kept, other, by=by, at=at(office, "2026-06-09 12:00"))
        assert local(kept, fresh(kept).due_at) == "2026-06-11 15:30"

    @pytest.mark.parametrize(("ask_back", "state"), [(False, "reopened"), (True, "submitted")])
    def test_what_is_owed_in_the_other_is_owed_in_the_kept(self, office, by, sitti, ask_back, state):
        kept = ask(office, "2026-06-08 10:00", visitor=sitti)
        when = at(office, "2026-06-08 11:00")
        thread.answer(kept, "Ini.", by=by, seen=seen(kept), ask_back=ask_back, at=when)
        other = ask(office, "2026-06-09 10:00", visitor=sitti)
        joining.merge(kept, other, by=by, at=at(office, "2026-06-09 12:00"))
        kept = fresh(kept)
        assert kept.is_ours
        assert kept.state == ("assigned" if state == "submitted" else state)
        assert kept.closes_at is None
        assert kept.due_at is not None
        assert kept.rounds.filter(ended_at=None).count() == 1

    def test_another_persons_only_when_confirmed(self, office, by, sitti):
        stranger = Visitor.objects.create(office=office, name="Wahyu", email="wahyu@example.test")
        kept, other = (
            ask(office, "2026-06-08 10:00", visitor=sitti),
            ask(office, "2026-06-08 10:00", visitor=stranger),
        )
        with pytest.raises(joining.NotTheSamePerson):
            joining.merge(kept, other, by=by)
        assert bodies(fresh(other)) == ["Berapa PDRB 2024?"]
        joining.merge(kept, other, by=by, confirmed=True)
        assert fresh(other).merged_into == kept

    def test_one_person_written_down_twice(self, office, by, sitti):
        twice = Visitor.objects.create(office=office, name="sitti  rahma", email="SITTI@example.test")
        kept, other = (
            ask(office, "2026-06-08 10:00", visitor=sitti),
            ask(office, "2026-06-08 10:00", visitor=twice),
        )
        joining.merge(kept, other, by=by)
        assert fresh(other).merged_into == kept

    def test_not_into_itself_nor_twice_nor_across_offices(self, office, offices, by, sitti):
        kept, other = (
            ask(office, "2026-06-08 10:00", visitor=sitti),
            ask(office, "2026-06-08 10:00", visitor=sitti),
        )
        elsewhere = ask(offices["1906"], "2026-06-08 10:00")
        for one, two in ((kept, kept), (kept, elsewhere)):
            with pytest.raises(joining.CannotJoin):
                joining.merge(one, two, by=by, confirmed=True)
        joining.merge(kept, other, by=by)
        with pytest.raises(joining.CannotJoin):
            joining.merge(other, kept, by=by)

    def test_what_the_visitor_writes_to_the_old_one_arrives_in_the_kept(self, office, by, sitti):
        kept, other = (
            ask(office, "2026-06-08 10:00", visitor=sitti),
            ask(office, "2026-06-08 10:00", visitor=sitti),
        )
        joining.merge(kept, other, by=by, at=at(office, "2026-06-08 12:00"))
        say(fresh(other), "2026-06-09 09:00", "Ada lagi.")
        assert bodies(fresh(kept))[-1] == "Ada lagi."
        assert fresh(other).state == "closed"


class TestSplit:
    def test_the_chosen_become_one_of_their_own_asked_then(self, office, by, sitti):
        asked = ask(office, "2026-06-08 10:00", visitor=sitti)
        asked = say(asked, "2026-06-09 10:00", "Lain lagi: jumlah sekolah?")
        chosen = asked.messages.last()
        new = joining.split(asked, [chosen.pk], by=by, at=at(office, "2026-06-10 10:00"))
        assert (new.split_from, new.visitor, new.state, bodies(new)) == (
            asked, sitti, "assigned", ["Lain lagi: jumlah sekolah?"],
        )  # fmt: skip
        assert (
            local(new, new.due_at) == "2026-06-12 15:30"
        )  # from when it was asked, not from when it was split
        assert bodies(fresh(asked)) == ["Berapa PDRB 2024?"]
        assert new.subject == "Lain lagi: jumlah sekolah?"

    def test_an_answer_that_came_along_is_an_answer(self, office, by, sitti):
        asked = say(ask(office, "2026-06-08 10:00", visitor=sitti), "2026-06-09 10:00", "Jumlah sekolah?")
        question = asked.messages.last()
        answer = thread.answer(
            asked, "Dua belas.", by=by, seen=seen(asked), at=at(office, "2026-06-10 10:00")
        )
        new = joining.split(asked, [question.pk, answer.pk], by=by, at=at(office, "2026-06-10 11:00"))
        assert (new.state, [r.result for r in new.rounds.all()]) == ("answered", ["kept"])
        assert new.closes_at is not None

    @pytest.mark.parametrize("which", ["all", "none", "notes"])
    def test_a_question_stays_on_either_side(self, office, by, which):
        asked = say(ask(office, "2026-06-08 10:00"), "2026-06-09 10:00")
        note = thread.note(asked, "Catatan", by=by)
        keys = {"all": list(asked.messages.values_list("pk", flat=True)), "none": [], "notes": [note.pk]}
        with pytest.raises(joining.CannotJoin):
            joining.split(asked, keys[which], by=by)

    def test_messages_of_another_are_not_taken(self, office, by):
        asked = say(ask(office, "2026-06-08 10:00"), "2026-06-09 10:00")
        strange = ask(office, "2026-06-08 10:00").messages.get()
        with pytest.raises(joining.CannotJoin):
            joining.split(asked, [strange.pk], by=by)


class TestLogged:
    def test_a_call_answered_at_once_is_over(self, office, by, frontliner):
        who = logged.Person("La Ode", phone="+6281234567890")
        done = logged.log(
            office=office, channel="phone", question="Inflasi?", answer="Dua koma satu.", who=who, by=by,
            officer=frontliner, finished=True, at=at(office, "2026-06-08 10:00"),
        )  # fmt: skip
        done = fresh(done)
        assert (done.state, done.channel, done.visitor.name, done.officer) == (
            "closed", "phone", "La Ode", frontliner,
        )  # fmt: skip
        assert [r.result for r in done.rounds.all()] == ["kept"]
        assert [m.delivery for m in done.messages.all()] == ["", ""]

    def test_one_without_an_answer_is_due(self, office, by, frontliner):
        when = at(office, "2026-06-08 10:00")
        done = logged.log(
            office=office, channel="whatsapp", question="Inflasi?", by=by, officer=frontliner, at=when
        )
        done = fresh(done)
        assert (done.state, local(done, done.due_at)) == ("assigned", "2026-06-11 15:30")

    def test_one_for_which_nothing_is_promised_is_not(self, office, by, frontliner):
        done = logged.log(
            office=office, channel="phone", question="Inflasi?", by=by, officer=frontliner, promised=False
        )
        assert (fresh(done).due_at, done.rounds.count()) == (None, 0)

    def test_the_same_form_twice_is_one(self, office, by, frontliner):
        form = {"question": "Inflasi?", "answer": "Dua.", "submission": "k", "channel": "phone"}
        one, two = (logged.log(office=office, officer=frontliner, by=by, **form) for _n in range(2))
        assert one.pk == two.pk
        assert one.messages.count() == 2


class TestWhose:
    """Who is answered, and who sees it, after two were put together or one was taken apart."""

    def test_where_nobody_was_known_it_is_whoever_asked_the_other(
        self, office, by, sitti, frontliner, make_user
    ):
        user = make_user()
        kept = logged.log(office=office, channel="phone", question="Inflasi?", by=by, officer=frontliner)
        other = ask(office, "2026-06-08 10:00", visitor=sitti, account=user)
        kept = joining.merge(kept, other, by=by, confirmed=True)
        assert (kept.visitor, kept.account, notices.address_of(kept)) == (sitti, user, user.email)

    def test_an_account_goes_along_with_its_own_person_only(self, office, by, sitti, make_user):
        user = make_user()
        stranger = Visitor.objects.create(office=office, name="La Ode", email="ode@example.test")
        for person, account in ((sitti, user), (stranger, None)):
            kept = ask(office, "2026-06-08 10:00", visitor=person)
            other = ask(office, "2026-06-08 11:00", visitor=sitti, account=user)
            kept = joining.merge(kept, other, by=by, confirmed=True)
            assert (kept.visitor, kept.account) == (person, account)

    @pytest.mark.parametrize("address", ["lain@example.test", ""])
    def test_what_somebody_else_wrote_is_answered_to_them(self, office, by, sitti, make_user, address):
        user = make_user()
        asked = ask(office, "2026-06-08 10:00", visitor=sitti, account=user)
        written = thread.visitor_wrote(asked, "Dan saya?", channel="email", by=by, address=address)
        new = joining.split(fresh(asked), [written.pk], by=by)
        assert (new.visitor, new.account) == ((None, None) if address else (sitti, user))
        assert notices.address_of(new) == (address or user.email)
