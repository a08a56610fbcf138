"""Somebody who came three times has three records: what is asked for one concerns all of them."""

from __future__ import annotations

from contextlib import suppress
from functools import partial

import pytest
from django.utils import timezone

from pst.privacy import retention
from pst.privacy import workflows as privacy
from pst.privacy.models import PrivacyRequest
from services.guestbook import contact, correcting, merging, returning, workflows
from services.guestbook.models import ConsentWording, ContactCode, GuestBookDraft, Visit, Visitor
from services.workflow import IllegalMove
from tests.accounts.world import sign
from tests.guestbook.support import arrive
from tests.guestbook.test_signing import anywhere
from tests.together import Beside, Held, at_once

MAIL = "w@example.test"


@pytest.fixture
def records(office):
    people = []
    for _n in range(3):
        visit = arrive(office)
        visit.visitor = Visitor.objects.create(
            office=office, name="Wahyu Lestri", email=MAIL, phone="+6281234567890"
        )
        visit.save()
        people.append(visit.visitor)
    return people


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def erase(visitor, by, channel="desk"):
    privacy.fulfil(privacy.receive(fresh(visitor), kind="erasure", channel=channel, by=by), by=by)


@pytest.mark.parametrize(
    "fields", [{"name": "Wahyu Lestari"}, {"email": "wahyu@example.test"}, {"phone": "+62811"}]
)
@pytest.mark.parametrize("channel", ["desk", "own"])
def test_corrected_and_then_erased(records, by, fields, channel):
    correct = privacy.corrected_by_owner if channel == "own" else privacy.correct
    correct(records[-1], fields=fields, by=by)
    assert len(retention.everyone(fresh(records[-1]), proven=channel == "own")) == 3
    erase(records[-1], by, channel)
    assert anywhere("w@example.test") == anywhere("+6281234567890") == anywhere("wahyu") == []


def test_signed_again_under_another_spelling_and_then_erased(records, office, by):
    again = workflows.sign(
        visit=arrive(office), person={"name": "Wahyu Lestari"}, answers={}, consent=True, channel="desk", by=by,
        wording=ConsentWording.objects.first(), visitor=records[-1],
    )  # fmt: skip
    erase(again.visitor, by)
    assert anywhere(MAIL) == []


def test_what_only_the_mailbox_proves_corrects_no_other_mailbox(records, by):
    other = Visitor.objects.create(
        office=records[0].office, name="Wahyu Lestri", email="other@example.test", phone="+6281234567890"
    )
    privacy.corrected_by_owner(records[0], fields={"name": "Somebody Else"}, by=by)
    assert fresh(other).name == "Wahyu Lestri"


def test_a_request_goes_to_the_record_that_stands(records, by):
    key = returning.key_of(records[1])
    merging.merge(records[0], records[1], by=by)
    chosen = returning.of_key(records[1].office, key)
    assert privacy.receive(chosen, kind="erasure", channel="desk", by=by).visitor_id == records[0].pk


def test_parting_with_the_same_request_on_both_says_so(records, by):
    privacy.receive(records[1], kind="access", channel="desk", by=by)
    merged = merging.merge(records[0], records[1], by=by)
    PrivacyRequest.objects.create(
        office=records[0].office, visitor=records[1], kind="access", channel="desk",
        received_at=merged.at, due_at=merged.at,
    )  # fmt: skip
    with pytest.raises(IllegalMove):
        merging.undo(merged, by=by)


def test_the_newer_merge_is_undone_first(records, by):
    one, two, three = records
    inner = merging.merge(one, two, by=by)
    outer = merging.merge(three, one, by=by)
    with pytest.raises(IllegalMove, match="lebih baru"):
        merging.undo(inner, by=by)
    merging.undo(outer, by=by)
    merging.undo(inner, by=by)
    assert [Visit.objects.filter(visitor=p).count() for p in records] == [1, 1, 1]


def links(visitor) -> int:
    return ContactCode.objects.filter(visitor=visitor).count()


def test_links_in_the_old_mailbox_open_nothing_any_more(records, office, by):
    contact.ask(office=office, email=MAIL, purpose="own_data", by=by, language="id", site="https://x.test")
    person = ContactCode.objects.first().visitor
    workflows.sign(
        visit=arrive(office), person={"email": "new@example.test"}, answers={}, consent=True, channel="desk", by=by,
        wording=ConsentWording.objects.first(), visitor=person,
    )  # fmt: skip
    assert ContactCode.objects.count() == 0


def test_a_merge_closes_the_links_of_both(records, office, by):
    contact.ask(office=office, email=MAIL, purpose="own_data", by=by, language="id", site="https://x.test")
    person = ContactCode.objects.first().visitor
    other = Visitor.objects.create(office=office, name="Wahyu L", email="z@example.test")
    merging.merge(other, person, by=by)
    assert ContactCode.objects.count() == 0


def test_a_reason_of_refusal_goes_with_the_person(records, by):
    asked = privacy.receive(records[0], kind="access", channel="desk", by=by)
    privacy.refuse(asked, answer="Wahyu Lestri bukan pemiliknya", by=by)
    erase(records[0], by)
    assert anywhere("lestri") == []


def test_a_form_filled_from_the_record_goes_with_the_person(records, office, by):
    GuestBookDraft.objects.create(
        visit=arrive(office), values={"name": "wahyu lestri"}, saved_at=timezone.now()
    )
    other = GuestBookDraft.objects.create(
        visit=arrive(office), values={"name": "Rina"}, saved_at=timezone.now()
    )
    erase(records[0], by)
    assert list(GuestBookDraft.objects.all()) == [other]


class TestNamesakes:
    """Same name, same phone of the family: two people as far as anybody knows, as long as their mailboxes differ."""

    @pytest.fixture
    def victim(self, office):
        return person(office, email="victim@example.test", institution="RAHASIA")

    @pytest.fixture
    def other(self, office):
        return person(office, email="other@example.test")

    @pytest.mark.parametrize("how", ["sign", "correct"])
    def test_a_new_address_goes_into_no_record_with_another_mailbox(self, office, by, victim, other, how):
        if how == "sign":
            workflows.sign(
                visit=arrive(office), person={"email": "new@example.test"}, answers={}, consent=True, channel="desk",
                by=by, wording=ConsentWording.objects.first(), visitor=other,
            )  # fmt: skip
        else:
            privacy.correct(other, fields={"email": "new@example.test"}, by=by)
        assert fresh(victim).email == "victim@example.test"
        assert "RAHASIA" not in str(privacy.everything(fresh(other), proven=True))
        erase(other, by, "own")
        assert fresh(victim).name == "Wahyu Lestari"

    def test_a_new_phone_reaches_nobody_else_s_page(self, office, by, victim, other):
        privacy.correct(victim, fields={"phone": "+6289999999"}, by=by)
        assert "+6289999999" not in str(privacy.everything(fresh(other), proven=True))

    def test_a_record_without_a_mailbox_gets_none_from_a_namesake(self, office, by, other):
        nobody = person(office, email="", institution="RAHASIA")
        privacy.correct(other, fields={"email": "new@example.test"}, by=by)
        assert fresh(nobody).email == ""
        assert "RAHASIA" not in str(privacy.everything(fresh(other), proven=True))


def person(office, **more):
    visit = arrive(office)
    visit.visitor = Visitor.objects.create(
        office=office, **{"name": "Wahyu Lestari", "phone": "+6281234567890", **more}
    )
    visit.save()
    return visit.visitor


@pytest.mark.parametrize(
    "typed",
    [
        {"name": "Wahyu  LESTRI"},
        {"name": "Wahyu L., S.Si", "phone": "0812-3456-7890"},
        {"name": "W", "known": "<key>"},
        {"name": "W", "phone": "62-812 3456 7890"},
        {"name": "W", "phone": "+62 (0) 812 3456 7890"},
        {"name": "Rina", "companions": "Ani\nWahyu Lestri\nBudi"},
    ],
)
def test_a_form_filled_from_the_record_goes_however_it_is_spelled(records, office, by, typed):
    values = {name: value.replace("<key>", returning.key_of(records[0])) for name, value in typed.items()}
    GuestBookDraft.objects.create(visit=arrive(office), values=values, saved_at=timezone.now())
    erase(records[0], by)
    assert not GuestBookDraft.objects.exists()


@pytest.mark.parametrize("name", ["Yes", "1", "student"])
def test_a_stranger_s_form_stays_whatever_the_erased_are_called(records, office, by, name):
    """Their name may stand among the answers that are no names."""
    Visitor.objects.update(name=name)
    values = {"consent": "yes", "name": "Rina", "party_size": "1", "job": "student"}
    GuestBookDraft.objects.create(visit=arrive(office), values=values, saved_at=timezone.now())
    erase(records[0], by)
    assert GuestBookDraft.objects.exists()


def test_what_only_the_mailbox_proves_takes_no_form_by_name_or_phone(records, office, by):
    forms = [
        GuestBookDraft.objects.create(visit=arrive(office), values=values, saved_at=timezone.now())
        for values in (
            {"name": "Wahyu Lestri", "phone": "081234567890"},
            {"name": "W", "email": " W@example.test"},
        )
    ]
    erase(records[0], by, "own")
    assert list(GuestBookDraft.objects.all()) == forms[:1]


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_merge_beside_erase(self, records, by):
        for _round in range(3):
            people = [
                Visitor.objects.create(office=records[0].office, name="Budi", email="b@example.test")
                for _n in "ab"
            ]
            for person in people:
                visit = arrive(records[0].office)
                visit.visitor = person
                visit.save()
            found = at_once(
                lambda p=people: merging.merge(p[0], p[1], by=by),
                lambda p=people: retention.erase(p[1], by=by, why="erasure"),
            )
            assert not [f for f in found if isinstance(f, Exception) and not isinstance(f, IllegalMove)]
        assert anywhere("b@example.test") == []

    def test_merge_beside_hand_over(self, records, by):
        office = records[0].office
        for n in range(4):
            kept = Visitor.objects.create(office=office, name="Budi", phone=f"+62812{n}")
            signed = sign(arrive(office), by, name="Budi")
            found = at_once(
                partial(merging.merge, kept, signed.visitor, by=by),
                partial(correcting.hand_over, signed, arrive(office), by=by),
            )
            assert not [f for f in found if isinstance(f, Exception) and not isinstance(f, IllegalMove)]

    def test_parting_beside_a_signature(self, records, by):
        office = records[0].office
        for n in range(4):
            kept, other = (
                Visitor.objects.create(office=office, name=w, phone=f"+62812{n}") for w in ("Budi", "Bu")
            )
            merged = merging.merge(kept, other, by=by)
            wording = ConsentWording.objects.first()
            found = at_once(
                partial(
                    workflows.sign, visit=arrive(office), person={}, answers={}, consent=True, wording=wording,
                    channel="tablet", by=by, visitor=other,
                ),
                partial(merging.undo, merged, by=by),
            )  # fmt: skip
            assert not [f for f in found if isinstance(f, Exception) and not isinstance(f, IllegalMove)]

    def test_somebody_signs_while_their_erasure_and_a_hand_over_wait(self, records, by, monkeypatch):
        """The erasure began before the visit was theirs; the hand-over of that visit wants their row."""
        office = records[0].office
        known = Visitor.objects.create(office=office, name="Budi", email="b@example.test")
        visit, other = arrive(office), arrive(office)
        signing = partial(
            workflows.sign, visit=visit, person={"name": "Budi"}, answers={}, consent=True, channel="desk", by=by,
            wording=ConsentWording.objects.first(), visitor=known,
        )  # fmt: skip
        with Held(signing) as held:
            erased = Beside(partial(retention.erase, known, by=by, why="erasure"))
            moved = Beside(partial(correcting.hand_over, visit, other, by=by))
            held.let_go()
            for beside in (erased, moved):
                with suppress(IllegalMove):
                    beside.finish()
        assert anywhere("b@example.test") == []
