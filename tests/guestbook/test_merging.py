"""One person written down twice: found, put together, and taken apart when it was a mistake."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from pst.privacy import retention
from pst.privacy import workflows as privacy
from services.audit.actors import Actor
from services.guestbook import merging, returning
from services.guestbook.models import Visit, Visitor
from services.workflow import IllegalMove
from tests.guestbook.support import arrive
from tests.guestbook.test_signing import anywhere
from tests.together import at_once

BOSS = Actor("officer")


@pytest.fixture
def pair(office):
    one = Visitor.objects.create(office=office, name="Wahyu Lestari", phone="+6281234567890", birth_year=1998)
    two = Visitor.objects.create(
        office=office, name="wahyu  lestari", email="w@example.test", birth_year=1998
    )
    for person in (one, two):
        visit = arrive(office)
        visit.visitor = person
        visit.save()
    return one, two


def visits_of(visitor) -> int:
    return Visit.objects.filter(visitor=visitor).count()


class TestFound:
    def test_by_name_and_year(self, office, pair):
        assert [{p.pk for p in group} for group in merging.suspects(office)] == [{p.pk for p in pair}]

    @pytest.mark.parametrize(("field", "values"), [
        ("phone", ("+628111", "+628111")), ("email", ("A@example.test", "a@EXAMPLE.test")),
    ])  # fmt: skip
    def test_by_a_contact_they_share(self, office, field, values):
        for n, value in enumerate(values):
            Visitor.objects.create(office=office, name=f"Orang {n}", **{field: value})
        assert len(merging.suspects(office)) == 1

    def test_not_by_the_name_alone_nor_across_offices(self, offices, office, pair):
        pair[1].birth_year = 1970
        pair[1].save()
        Visitor.objects.create(office=offices["1373"], name="Wahyu Lestari", phone="+6281234567890")
        assert merging.suspects(office) == []

    def test_nobody_by_what_is_left_empty(self, office):
        for n in range(3):
            Visitor.objects.create(office=office, name=f"Orang {n}", birth_year=None)
            Visitor.objects.create(office=office, name="Wahyu Lestari", phone=f"+62811{n}")
        assert merging.suspects(office) == []

    def test_with_as_few_questions_for_many_as_for_none(self, office, django_assert_num_queries):
        for n in range(40):
            Visitor.objects.create(office=office, name=f"Orang {n}", phone=f"+62811{n // 2}")
        with django_assert_num_queries(1):
            assert len(merging.suspects(office)) == 20

    def test_once_for_several_signs(self, office, pair):
        Visitor.objects.filter(pk=pair[1].pk).update(phone=pair[0].phone)
        assert len(merging.suspects(office)) == 1

    def test_not_again_when_merged_or_erased(self, office, pair, by):
        merged = merging.merge(*pair, by=by)
        assert merging.suspects(office) == []
        merging.undo(merged, by=by)
        retention.erase(pair[1], by=by, why="erasure")
        assert merging.suspects(office) == []


class TestMerged:
    def test_all_visits_are_the_ones_of_one_person(self, pair, by):
        merging.merge(*pair, by=by)
        assert (visits_of(pair[0]), visits_of(pair[1])) == (2, 0)

    def test_only_one_is_recognised(self, office, pair, by):
        merging.merge(*pair, by=by)
        assert len(returning.search(office, "wahyu")) == 1

    def test_taken_apart_everyone_has_their_own_and_what_came_since_stays(self, office, pair, by):
        merged = merging.merge(*pair, by=by)
        since = arrive(office)
        since.visitor = pair[0]
        since.save()
        merging.undo(merged, by=by)
        assert (visits_of(pair[0]), visits_of(pair[1])) == (2, 1)
        with pytest.raises(IllegalMove):
            merging.undo(merged, by=by)

    def test_requests_go_along(self, pair, by):
        asked = privacy.receive(pair[1], kind="access", channel="desk", by=by)
        merging.merge(*pair, by=by)
        asked.refresh_from_db()
        assert asked.visitor == pair[0]

    def test_two_open_requests_of_a_kind_are_answered_first(self, pair, by):
        for person in pair:
            privacy.receive(person, kind="access", channel="desk", by=by)
        with pytest.raises(IllegalMove, match="permintaan atau pesanan"):
            merging.merge(*pair, by=by)
        assert visits_of(pair[1]) == 1

    def test_erasing_one_erases_the_other(self, pair, by):
        merging.merge(*pair, by=by)
        retention.erase(pair[0], by=by, why="erasure")
        assert anywhere("wahyu") == anywhere("w@example.test") == []

    def test_the_second_record_is_emptied_when_its_time_is_over(self, pair, by):
        merging.merge(*pair, by=by)
        retention.run(timezone.now() + timedelta(days=740))
        assert anywhere("w@example.test") == []

    @pytest.mark.parametrize("how", ["itself", "twice", "another office", "erased"])
    def test_what_cannot_be(self, offices, pair, by, how):
        one, two = pair
        if how == "twice":
            merging.merge(one, two, by=by)
        elif how == "another office":
            two = Visitor.objects.create(office=offices["1373"], name="Wahyu Lestari")
        elif how == "erased":
            retention.erase(two, by=by, why="erasure")
        with pytest.raises(IllegalMove):
            merging.merge(one, one if how == "itself" else two, by=by)

    @pytest.mark.django_db(transaction=True)
    def test_each_into_the_other_at_once_is_one_merge(self, pair):
        def put(kept, other):
            try:
                return merging.merge(kept, other, by=BOSS).pk
            except IllegalMove:
                return None

        done = at_once(lambda: put(*pair), lambda: put(pair[1], pair[0]))
        assert sorted(pk is None for pk in done) == [False, True]


def test_the_supervisors_page_shows_merges_and_parts(make_user, office, pair, client):
    client.force_login(
        make_user(office, role="supervisor"), backend="django.contrib.auth.backends.ModelBackend"
    )
    page = client.get("/panel/tamu-ganda/").content.decode()
    assert page.count("data-group") == 1
    newest, older = pair[1], pair[0]
    client.post("/panel/tamu-ganda/gabung/", {"keep": newest.pk, "other": older.pk})
    assert visits_of(newest) == 2
    page = client.get("/panel/tamu-ganda/").content.decode()
    assert "Pisahkan lagi" in page
    assert "data-group" not in page
