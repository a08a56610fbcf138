"""An account and the guest book: one person, not two; and nobody else's records."""

from __future__ import annotations

import pytest

from pst.account import closing, linking
from pst.privacy import workflows as privacy
from services.accounts.models import User
from services.audit.actors import Actor
from services.guestbook import accounts, merging
from services.guestbook import workflows as visits
from services.guestbook.models import ConsentWording, Visitor
from services.workflow import IllegalMove
from tests.account.support import MAIL, NAME, make_account
from tests.guestbook.support import arrive
from tests.queueing.support import fresh
from tests.together import at_once

pytestmark = pytest.mark.usefixtures("offices")


@pytest.fixture
def user(db) -> User:
    return make_account()


@pytest.fixture
def me(user) -> Actor:
    return Actor("visitor", user_id=user.pk)


def written(office, **more) -> Visitor:
    """As somebody wrote themselves in on site."""
    person = {"name": NAME, "email": MAIL} | more
    return visits.sign(
        visit=arrive(office), person=person, answers={}, consent=True, channel="tablet", by=Actor("device"),
        wording=ConsentWording.objects.first(),
    ).visitor  # fmt: skip


def mine(user) -> set[int]:
    return {person.pk for person in accounts.people_of(user)}


class TestRecordFor:
    def test_nobody_knows_them_so_a_record_is_made_once(self, office, user, me):
        made = accounts.record_for(office=office, user=user, by=me)
        assert (made.name, made.email, made.account) == (NAME, MAIL, user)
        assert accounts.record_for(office=office, user=user, by=me) == made

    def test_who_was_here_before_is_the_same_person(self, office, user, me):
        before = written(office, email=MAIL.upper(), name=f" {NAME.lower()} ", job="student")
        assert accounts.record_for(office=office, user=user, by=me) == before
        assert fresh(before).account == user
        assert Visitor.objects.filter(office=office).count() == 1

    def test_several_of_them_are_known_as_one_from_then_on(self, office, user, me):
        first, last = written(office), written(office)
        assert accounts.record_for(office=office, user=user, by=me) == last
        assert fresh(first).known_with == fresh(last).known_with is not None

    @pytest.mark.parametrize(
        "other", [{"name": "Siti"}, {"email": "siti@rumah.test"}, {"email": "", "phone": "+628111"}]
    )
    def test_somebody_with_another_name_or_mailbox_is_somebody_else(self, office, user, me, other):
        stranger = written(office, **other)
        assert accounts.record_for(office=office, user=user, by=me) != stranger
        assert fresh(stranger).account is None

    def test_one_put_into_another_record_is_that_one(self, office, user, me):
        kept, other = written(office, name="Rina K.", email="lama@rumah.test"), written(office)
        merging.merge(kept, other, by=me)
        assert accounts.record_for(office=office, user=user, by=me) == kept

    def test_each_office_has_a_record_of_its_own(self, offices, user, me):
        made = [accounts.record_for(office=offices[code], user=user, by=me) for code in ("7411", "1906")]
        assert [person.office.code for person in made] == ["7411", "1906"]

    def test_an_address_that_was_not_shown_to_be_theirs_leads_to_nobody(self, office, me):
        written(office, email="budi@rumah.test", name="Budi")
        claimed = make_account("budi@rumah.test", "Budi", verified=False)
        with pytest.raises(IllegalMove):
            accounts.record_for(office=office, user=claimed, by=me)
        assert accounts.people_of(claimed) == []

    def test_what_was_erased_stays_so(self, office, user, me, by):
        first = accounts.record_for(office=office, user=user, by=me)
        other = accounts.record_for(office=Visitor.objects.get(pk=first.pk).office, user=user, by=me)
        assert other == first
        Visitor.objects.filter(pk=first.pk).update(name="", email="", account=None)
        assert accounts.record_for(office=office, user=user, by=me) != first


@pytest.mark.django_db(transaction=True)
def test_asked_ten_times_at_once_there_is_one_record(office):
    user = make_account()
    me = Actor("visitor", user_id=user.pk)
    made = at_once(*[lambda: accounts.record_for(office=office, user=user, by=me).pk] * 10)
    assert len(set(made)) == 1
    assert Visitor.objects.filter(account=user).count() == 1


class TestWhatIsTheirs:
    def test_signed_on_site_later_is_theirs_too(self, office, user, me):
        first = accounts.record_for(office=office, user=user, by=me)
        later = written(office)
        assert mine(user) == {first.pk, later.pk}

    def test_of_every_office_and_nobody_else(self, offices, user):
        theirs = {written(offices[code]).pk for code in ("7411", "1373")}
        written(offices["7411"], name="Siti")
        written(offices["1373"], email="x@rumah.test")
        assert mine(user) == theirs

    def test_a_name_corrected_at_the_desk_stays_theirs(self, office, user, me, by):
        first = accounts.record_for(office=office, user=user, by=me)
        privacy.correct(first, fields={"name": "Rina Kartika Dewi"}, by=by)
        assert mine(user) == {first.pk}

    def test_a_mailbox_changed_at_the_desk_is_somebody_elses(self, office, user, me, by):
        first = accounts.record_for(office=office, user=user, by=me)
        privacy.correct(first, fields={"email": "lain@rumah.test"}, by=by)
        assert mine(user) == set()


class TestFollowing:
    def test_a_new_name_goes_to_all_offices(self, offices, user, me):
        theirs = [written(offices[code]) for code in ("7411", "1906")]
        sister = written(offices["7411"], name="Siti")
        linking.rename(user, name="  Rina  Dewi ", by=me)
        assert [fresh(p).name for p in (*theirs, sister, user)] == [
            "Rina Dewi",
            "Rina Dewi",
            "Siti",
            "Rina Dewi",
        ]
        assert mine(fresh(user)) == {p.pk for p in theirs}

    def test_a_new_mailbox_goes_where_the_old_one_stood(self, office, user, me):
        first, second = written(office), written(office)
        other = written(office, email="lama@rumah.test")
        accounts.follow(user, {"email": "baru@rumah.test"}, name=NAME, mailbox=MAIL, by=me)
        assert [fresh(p).email for p in (first, second, other)] == ["baru@rumah.test"] * 2 + [
            "lama@rumah.test"
        ]


class TestTheEnd:
    def erase(self, person, by, channel):
        privacy.fulfil(privacy.receive(person, kind="erasure", channel=channel, by=by), by=by)

    @pytest.mark.parametrize("channel", ["own", "desk"])
    def test_an_erasure_closes_the_account_with_the_last_record(self, offices, user, me, by, channel):
        here = accounts.record_for(office=offices["7411"], user=user, by=me)
        there = accounts.record_for(office=offices["1906"], user=user, by=me)
        self.erase(here, by, channel)
        assert fresh(user).is_active
        assert mine(user) == {there.pk}
        self.erase(there, by, channel)
        closed = fresh(user)
        assert (closed.is_active, closed.name, closed.has_usable_password()) == (False, "", False)
        assert MAIL not in closed.email

    def test_a_name_and_address_written_by_a_stranger_close_nothing(self, office, user, me, by):
        claimed = written(office)
        self.erase(claimed, by, "desk")
        assert fresh(user).is_active

    def test_asked_for_through_the_mailbox_they_are_the_owners(self, office, user, by):
        self.erase(written(office), by, "own")
        assert not fresh(user).is_active

    def test_closing_leaves_the_records_and_a_new_account_finds_them(self, office, user, me):
        first = accounts.record_for(office=office, user=user, by=me)
        closing.close(user, by=me, why="owner")
        assert (fresh(first).name, fresh(first).account) == (NAME, None)
        assert mine(make_account()) == {first.pk}

    def test_an_officer_who_closes_it_can_still_work(self, office, frontliner):
        closing.close(frontliner, by=Actor("officer", user_id=frontliner.pk), why="owner")
        assert fresh(frontliner).is_active
        assert fresh(frontliner).email == frontliner.email
