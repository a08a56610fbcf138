"""Erasing and the nightly run, while somebody signs or a guest book changes hands in the same instant."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from library.models import Copy, Publication
from library.workflows import circulation
from pst.privacy import retention
from pst.privacy import workflows as privacy
from services.audit.actors import SYSTEM, Actor
from services.guestbook import correcting, merging, workflows
from services.guestbook.models import ConsentWording, Visit, Visitor
from services.workflow import IllegalMove
from tests.accounts.world import sign
from tests.guestbook.support import arrive
from tests.queueing.support import fresh
from tests.together import Beside, Held, at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_who_comes_again_tonight_is_not_forgotten_tonight(offices):
    office = offices["7411"]
    visitor = Visitor.objects.create(
        office=office,
        name="Lama Sekali",
        email="l@example.test",
        created_at=timezone.now() - timedelta(days=2000),
    )
    old = arrive(office, at=timezone.now() - timedelta(days=900))
    Visit.objects.filter(pk=old.pk).update(visitor=visitor)
    visit = arrive(office)
    signing = partial(
        workflows.sign, visit=visit, person={}, answers={"party_size": 1}, consent=True,
        wording=ConsentWording.objects.first(), channel="tablet", by=Actor("device"), visitor=visitor,
    )  # fmt: skip
    with Held(signing) as held:
        night = Beside(retention.run)
        held.let_go()
        night.finish()
    assert fresh(visitor).name == "Lama Sekali"
    assert fresh(visit).visitor_id == visitor.pk


def test_an_erasure_and_a_guest_book_that_changes_hands_do_not_wait_for_each_other_for_ever(offices):
    office = offices["7411"]
    visits = [arrive(office), arrive(office)]
    person = sign(visits[0], SYSTEM, email="a@example.test").visitor
    for _time in range(5):
        mine, other = sorted(map(fresh, visits), key=lambda v: v.guest_book_at is None)
        answers = at_once(
            partial(correcting.hand_over, mine, other, by=SYSTEM),
            partial(retention.erase, person, by=SYSTEM, why="erasure"),
        )
        assert not [a for a in answers if isinstance(a, Exception)], answers
        assert fresh(person).name == ""
        Visitor.objects.filter(pk=person.pk).update(name="Tamu Uji", email="a@example.test")


def test_a_merge_that_brings_a_borrowed_book_stands_before_the_erasure(offices, make_user):
    office = offices["1906"]
    by = Actor("officer", user_id=make_user(office).pk)
    book = Publication.objects.create(title="Belitung Timur Dalam Angka", keeper=office)
    copy = Copy.objects.create(office=office, publication=book, barcode="B1")
    asking = Visitor.objects.create(office=office, name="Wahyu Lestari", phone="+6281234567890")
    kept = Visitor.objects.create(office=office, name="Wahyu L", phone="+628111")
    circulation.lend(copy, asking, by=by)
    asked = privacy.receive(asking, kind="erasure", channel="desk", by=by)
    with Held(partial(merging.merge, kept, asking, by=by)) as held:
        erasing = Beside(partial(privacy.fulfil, asked, by=by))
        held.let_go()
        with pytest.raises(IllegalMove, match="masih membawa buku"):
            erasing.finish()
    assert (fresh(kept).name, fresh(asked).state) == ("Wahyu L", "open")


@pytest.mark.parametrize("kept_first", [True, False])
def test_a_merge_meanwhile_takes_the_erasure_along(offices, make_user, kept_first):
    office = offices["7411"]
    by = Actor("officer", user_id=make_user(office).pk)
    people = [
        Visitor.objects.create(
            office=office, name=f"Orang {n}", phone=f"+62811{n}", email=f"{n}@example.test"
        )
        for n in (1, 2)
    ]
    asked = privacy.receive(people[0], kind="erasure", channel="desk", by=by)
    with Held(partial(merging.merge, *(people if kept_first else people[::-1]), by=by)) as held:
        erasing = Beside(partial(privacy.fulfil, asked, by=by))
        held.let_go()
        erasing.finish()
    assert [fresh(p).name for p in people] == ["", ""]


def test_a_correction_while_a_merge_is_taken_back_stays_with_its_own_record(offices, make_user):
    office = offices["7411"]
    by = Actor("officer", user_id=make_user(office).pk)
    kept = Visitor.objects.create(office=office, name="Kartini", email="k@example.test")
    other = Visitor.objects.create(office=office, name="Oemar", email="o@example.test")
    merged = merging.merge(kept, other, by=by)
    with Held(partial(merging.undo, merged, by=by)) as held:
        correction = Beside(partial(privacy.correct, other, fields={"name": "Oemar Baru"}, by=by))
        held.let_go()
        correction.finish()
    assert (fresh(kept).name, fresh(other).name) == ("Kartini", "Oemar Baru")


def test_who_is_parted_while_the_other_s_erasure_waits_keeps_their_request(offices, make_user, mailoutbox):
    office = offices["7411"]
    by = Actor("officer", user_id=make_user(office).pk)
    kept = Visitor.objects.create(office=office, name="Kartini", email="k@example.test")
    other = Visitor.objects.create(office=office, name="Oemar", email="o@example.test")
    theirs = privacy.receive(other, kind="access", channel="desk", by=by)
    asked = privacy.receive(kept, kind="erasure", channel="own", by=by)
    merged = merging.merge(kept, other, by=by)
    with Held(partial(merging.undo, merged, by=by)) as held:
        erasing = Beside(partial(privacy.fulfil, asked, by=by))
        held.let_go()
        erasing.finish()
    assert (fresh(kept).name, fresh(other).name, fresh(theirs).state) == ("", "Oemar", "open")
    assert [mail.to for mail in mailoutbox] == [["k@example.test"]]
