"""Which records are one person: recognised once they stay together, and nobody writes into a namesake's."""

from __future__ import annotations

import time

import pytest
from django.test import Client, TestCase
from django.urls import reverse

from pst.privacy import retention
from pst.privacy import workflows as privacy
from services.guestbook import merging, workflows
from services.guestbook.models import ConsentWording, Visitor
from services.workflow import IllegalMove
from tests.guestbook.support import arrive
from tests.queueing.support import fresh

PHONE, OTHER_PHONE = "+6281234567890", "+62899999999"
MAIL = "w@example.test"


def person(office, **more):
    visit = arrive(office)
    visit.visitor = Visitor.objects.create(office=office, **{"name": "Wahyu Lestari", **more})
    visit.save()
    return visit.visitor


def sign_again(visitor, by, **person):
    return workflows.sign(
        visit=arrive(visitor.office), person=person, answers={}, consent=True, channel="desk", by=by,
        wording=ConsentWording.objects.first(), visitor=visitor,
    ).visitor  # fmt: skip


def erase(visitor, by, channel="desk"):
    privacy.fulfil(privacy.receive(fresh(visitor), kind="erasure", channel=channel, by=by), by=by)


def names(*people) -> list[str]:
    return [fresh(p).name for p in people]


class TestRemembered:
    @pytest.mark.parametrize("how", ["corrected", "signed"])
    def test_an_address_taken_back_leaves_no_record_behind(self, office, by, how):
        first, last = person(office, email=MAIL, institution="RAHASIA"), person(office, email=MAIL)
        if how == "corrected":
            privacy.correct(last, fields={"email": ""}, by=by)
        else:
            sign_again(last, by, name=last.name, email="", email_waiver="lupa")
        assert fresh(first).email == ""  # who takes it back wants no mail there any more
        erase(last, by)
        assert names(first) == [""]

    def test_a_phone_taken_back_leaves_no_record_behind(self, office, by):
        first = person(office, phone=PHONE, institution="RAHASIA")
        last = person(office, phone=PHONE, email=MAIL)
        privacy.correct(last, fields={"phone": ""}, by=by)
        assert fresh(first).phone == PHONE
        erase(last, by)
        assert names(first) == [""]

    def test_a_new_name_on_the_own_page_leaves_no_record_behind(self, office, by):
        last, first = person(office, email=MAIL, phone=PHONE), person(office, phone=PHONE)
        privacy.corrected_by_owner(last, fields={"name": "Wahyu L."}, by=by)
        assert names(first) == ["Wahyu Lestari"]  # a mailbox proves nothing about a record without one
        erase(last, by)
        assert names(first) == [""]

    def test_parted_by_an_officer_they_are_not_known_as_one(self, office, by):
        one, two = person(office, email=MAIL, phone=PHONE), person(office, phone=PHONE)
        privacy.correct(one, fields={"name": "Wahyu L."}, by=by)
        merged = merging.merge(fresh(one), fresh(two), by=by)
        assert fresh(one).known_with == fresh(two).known_with is not None
        merging.undo(merged, by=by)
        erase(one, by)
        assert names(two) == ["Wahyu Lestari"]

    def test_an_erased_record_is_known_with_nobody(self, office, by):
        one, two = person(office, email=MAIL), person(office, email=MAIL)
        privacy.correct(one, fields={"name": "Wahyu L."}, by=by)
        assert fresh(two).known_with
        erase(one, by)
        assert (fresh(one).known_with, fresh(two).known_with) == (None, None)

    def test_what_a_family_shares_links_nobody(self, office, by):
        """Two mailboxes beside one name and phone: whose the record without one is, nobody knows."""
        one, two = (
            person(office, phone=PHONE, email=MAIL),
            person(office, phone=PHONE, email="b@example.test"),
        )
        without = person(office, phone=PHONE)
        for known in (one, two):
            privacy.correct(known, fields={"institution": "BPS"}, by=by)
        assert {fresh(p).known_with for p in (one, two, without)} == {None}
        erase(one, by)
        assert names(two) == ["Wahyu Lestari"]


class TestNobodyElse:
    @pytest.mark.parametrize(
        "fields",
        [
            {"name": "Orang Lain"},
            {"phone": OTHER_PHONE},
            {"email": "mine@example.test", "phone": OTHER_PHONE},
        ],
    )
    def test_a_record_without_a_mailbox_writes_into_none_that_has_one(self, office, by, fields):
        victim, mine = person(office, phone=PHONE, email="victim@example.test"), person(office, phone=PHONE)
        privacy.correct(mine, fields=fields, by=by)
        victim = fresh(victim)
        assert (victim.name, victim.phone, victim.email) == ("Wahyu Lestari", PHONE, "victim@example.test")

    def test_nor_into_several(self, office, by):
        victims = [person(office, phone=PHONE, email=f"{n}@example.test") for n in "ab"]
        mine = person(office, phone=PHONE)
        privacy.correct(mine, fields={"name": "Kakek", "phone": OTHER_PHONE}, by=by)
        assert names(*victims) == ["Wahyu Lestari"] * 2

    def test_erasing_it_leaves_the_namesake_with_a_mailbox(self, office, by):
        victim, mine = person(office, phone=PHONE, email="victim@example.test"), person(office, phone=PHONE)
        erase(mine, by)
        assert names(victim, mine) == ["Wahyu Lestari", ""]

    def test_without_a_mailbox_anywhere_name_and_phone_are_enough(self, office, by):
        one, two = person(office, phone=PHONE), person(office, phone=PHONE)
        privacy.correct(one, fields={"name": "Wahyu L.", "email": MAIL}, by=by)
        assert names(two) == ["Wahyu L."]
        assert fresh(two).email == ""
        assert len(retention.everyone(fresh(one), proven=True)) == 1


class TestAllOfThem:
    def test_over_a_record_between(self, office, by):
        first = person(office, email=MAIL)
        between, last = person(office, email=MAIL, phone=PHONE), person(office, phone=PHONE)
        erase(first, by)
        assert names(between, last) == ["", ""]

    @pytest.mark.parametrize("asked", ["head", "twin"])
    def test_over_a_merge_down_and_up(self, office, by, asked):
        head = person(office, name="Budi Santoso", phone="+628111111111")
        merged, twin = person(office, email=MAIL), person(office, email=MAIL, institution="RAHASIA")
        merging.merge(head, merged, by=by)
        erase({"head": head, "twin": twin}[asked], by)
        assert names(head, merged, twin) == ["", "", ""]

    def test_asked_through_a_mailbox_that_was_merged_since(self, office, by):
        asking, twin = person(office, email=MAIL), person(office, email=MAIL, institution="RAHASIA")
        asked = privacy.receive(asking, kind="erasure", channel="own", by=by)
        merging.merge(person(office, name="Wahyu L", phone=PHONE), asking, by=by)
        privacy.fulfil(asked, by=by)
        assert names(twin) == [""]


class TestAsked:
    def test_at_the_office_too_it_concerns_all_of_them(self, office, by, mailoutbox):
        asking, other = person(office, email=MAIL, phone=PHONE), person(office, phone=PHONE)
        online = privacy.receive(asking, kind="erasure", channel="own", by=by)
        asked = privacy.receive(asking, kind="erasure", channel="desk", by=by)
        assert (asked, asked.due_at) == (online, online.due_at)
        with TestCase.captureOnCommitCallbacks(execute=True):
            privacy.fulfil(online, by=by)
        assert names(other) == [""]
        assert [m.to for m in mailoutbox] == [[MAIL]]

    def test_online_after_the_office_it_stays_the_wider(self, office, by):
        asking = person(office, email=MAIL, phone=PHONE)
        privacy.receive(asking, kind="erasure", channel="desk", by=by)
        assert privacy.receive(asking, kind="erasure", channel="own", by=by).channel == "desk"

    def test_whoever_asked_is_told_after_a_merge(self, office, by, mailoutbox):
        asking = person(office, email=MAIL)
        asked = privacy.receive(asking, kind="erasure", channel="own", by=by)
        merging.merge(person(office, name="Wahyu L", phone=PHONE), asking, by=by)
        with TestCase.captureOnCommitCallbacks(execute=True):
            privacy.fulfil(asked, by=by)
        assert [m.to for m in mailoutbox] == [[MAIL]]

    def test_what_was_asked_for_another_record_ends_with_it(self, office, by):
        one, two = person(office, email=MAIL), person(office, email=MAIL)
        others = [
            privacy.receive(two, kind=kind, channel=channel, by=by)
            for kind, channel in (("erasure", "own"), ("correction", "desk"))
        ]
        erase(one, by)
        assert [fresh(other).state for other in others] == ["done", "done"]

    def test_the_narrower_erasure_does_not_hide_what_the_office_was_asked_for(self, office, by):
        first, both = person(office, email=MAIL), person(office, email=MAIL, phone=PHONE)
        last = person(office, phone=PHONE, institution="RAHASIA")
        at_the_office = privacy.receive(both, kind="erasure", channel="desk", by=by)
        erase(first, by, channel="own")
        assert names(first, both, last) == ["", "", ""]
        assert fresh(at_the_office).state == "done"


class TestApart:
    def test_namesakes_with_mailboxes_of_their_own_are_two_whatever_was_thought_before(self, office, by):
        father, son = person(office, phone=PHONE), person(office, phone=PHONE)
        sign_again(father, by, name=father.name, phone=PHONE, email="father@example.test")
        sign_again(son, by, name=son.name, phone=PHONE, email="son@example.test")
        erase(son, by)
        assert names(father, son) == ["Wahyu Lestari", ""]

    def test_a_form_of_a_record_that_was_merged_writes_only_what_was_typed(self, office, by, make_user):
        kept = person(office, name="Kartini", email="k@example.test", phone=OTHER_PHONE)
        old = person(office, name="Kartini S", email=MAIL, institution="BPS")
        asked = privacy.receive(old, kind="correction", channel="desk", by=by)
        supervisor = Client()
        supervisor.force_login(
            make_user(office, "supervisor"), backend="django.contrib.auth.backends.ModelBackend"
        )
        address = reverse("privacy:answer", args=[asked.pk])
        form = supervisor.get(address).context["form"]
        sent = {name: form[name].value() or "" for name in form.fields} | {"institution": "Diperbaiki"}
        merging.merge(kept, old, by=by)
        assert supervisor.post(address, sent | {"record": str(old.pk)}).status_code == 302
        kept = fresh(kept)
        assert (kept.name, kept.email, kept.phone) == ("Kartini", "k@example.test", OTHER_PHONE)
        assert kept.institution == "Diperbaiki"

    def test_whoever_proved_one_mailbox_does_not_write_into_a_record_with_another(self, office, by):
        kept, old = (
            person(office, name="Kartini", email="k@example.test"),
            person(office, name="Oemar", email=MAIL),
        )
        merging.merge(kept, old, by=by)
        with pytest.raises(IllegalMove, match="digabung"):
            privacy.corrected_by_owner(old, fields={"name": "Oemar Baru"}, by=by)
        assert names(kept) == ["Kartini"]

    def test_two_links_that_meet_become_one(self, office, by):
        one, two = person(office, phone=PHONE), person(office, phone=PHONE)
        privacy.correct(one, fields={"institution": "BPS"}, by=by)
        three, four = person(office, phone=OTHER_PHONE), person(office, phone=OTHER_PHONE)
        privacy.correct(three, fields={"institution": "BPS"}, by=by)
        assert fresh(one).known_with != fresh(three).known_with
        Visitor.objects.filter(pk=four.pk).update(phone=PHONE)
        privacy.correct(one, fields={"institution": "BPS RI"}, by=by)
        assert len({fresh(p).known_with for p in (one, two, three, four)}) == 1


class TestGaps:
    """What the first rules of docs/decisions/022 missed."""

    @pytest.fixture
    def parted(self, office, by):
        one, two = person(office, phone=PHONE), person(office, phone=PHONE)
        merging.undo(merging.merge(one, two, by=by), by=by)
        return one, two

    @pytest.mark.parametrize("again", [0, 1])
    def test_two_by_an_officer_s_word_stay_two_though_name_and_phone_agree(self, parted, by, again):
        sign_again(parted[again], by, name="Wahyu Lestari", phone=PHONE, institution="BPS")
        erase(parted[again], by)
        assert names(*parted) == (["", "Wahyu Lestari"] if again == 0 else ["Wahyu Lestari", ""])

    @pytest.mark.parametrize("mail", ["", MAIL])
    def test_nor_does_a_third_record_make_them_one(self, office, parted, by, mail):
        Visitor.objects.update(email=mail)
        third = person(office, phone=PHONE, email=mail)
        sign_again(third, by, name="Wahyu Lestari", phone=PHONE, institution="BPS")
        assert {fresh(p).known_with for p in (*parted, third)} == {None}
        erase(third, by)
        assert names(*parted, third) == ["Wahyu Lestari", "Wahyu Lestari", ""]
        erase(parted[0], by)
        assert names(*parted) == ["", "Wahyu Lestari"]

    def test_nor_does_a_link_of_what_was_merged_before(self, office, by):
        kept, twin = person(office, email=MAIL), person(office, email=MAIL)
        sign_again(twin, by, name="Wahyu Lestari", email=MAIL, institution="BPS")
        other = person(office, name="Rina", email=MAIL)
        merging.merge(other, fresh(twin), by=by)
        merging.undo(merging.merge(fresh(kept), fresh(other), by=by), by=by)
        erase(kept, by)
        assert names(kept, twin, other) == ["", "Wahyu Lestari", "Rina"]

    def test_merged_again_they_are_one(self, parted, by):
        merging.merge(*map(fresh, parted), by=by)
        erase(parted[1], by)
        assert names(*parted) == ["", ""]

    @pytest.mark.parametrize("how", ["corrected", "signed"])
    def test_a_new_phone_in_a_record_without_a_mailbox_hides_it_from_nobody(self, office, by, how):
        twin, without = person(office, phone=PHONE, email=MAIL), person(office, phone=PHONE)
        if how == "corrected":
            privacy.correct(without, fields={"phone": OTHER_PHONE}, by=by)
        else:
            sign_again(without, by, name="Wahyu Lestari", phone=OTHER_PHONE)
        assert fresh(twin).phone == PHONE
        erase(twin, by)
        assert names(twin, without) == ["", ""]

    def test_while_two_mailboxes_stand_beside_it_belongs_to_neither(self, office, by):
        twins = [person(office, phone=PHONE, email=f"{n}@example.test") for n in "ab"]
        without = person(office, phone=PHONE)
        privacy.correct(without, fields={"phone": OTHER_PHONE}, by=by)
        erase(twins[0], by)
        assert names(*twins, without) == ["", "Wahyu Lestari", "Wahyu Lestari"]

    @pytest.mark.parametrize(
        ("fields", "left"), [({"email": ""}, ("", PHONE)), ({"phone": ""}, (MAIL, "")), ({"phone": "+628"}, (MAIL, PHONE))]
    )  # fmt: skip
    def test_what_was_taken_back_leaves_a_merged_record_too(self, office, by, fields, left):
        kept = person(office, name="Wahyu L.", email=MAIL, phone=PHONE)
        old = person(office, email=MAIL.upper(), phone=PHONE, institution="BPS")
        merging.merge(kept, old, by=by)
        privacy.correct(kept, fields=fields, by=by)
        old = fresh(old)
        assert (old.email.lower(), old.phone) == left
        assert (old.name, old.institution) == ("Wahyu Lestari", "BPS")

    def test_a_link_does_not_lead_from_one_mailbox_over_none_to_another(self, office, by):
        father, son, third = (person(office, phone=PHONE) for _n in range(3))
        sign_again(father, by, name="Wahyu Lestari", phone=PHONE, email="father@example.test")
        assert fresh(father).known_with == fresh(son).known_with == fresh(third).known_with is not None
        sign_again(son, by, name="Wahyu Lestari", phone=PHONE, email="son@example.test")
        Visitor.objects.filter(pk=third.pk).update(phone=OTHER_PHONE)
        assert "father@" not in str(privacy.everything(fresh(son)))
        erase(son, by)
        assert names(father, son, third) == ["Wahyu Lestari", "", "Wahyu Lestari"]

    def test_many_records_of_one_person_take_no_time(self, office, by):
        people = [
            Visitor(office=office, name="Wahyu Lestari", phone=PHONE, email=MAIL if n % 2 else "")
            for n in range(400)
        ]
        first = Visitor.objects.bulk_create(people)[0]
        began = time.process_time()
        privacy.correct(first, fields={"institution": "BPS"}, by=by)
        assert len(retention.everyone(fresh(first))) == 400
        assert time.process_time() - began < 5
