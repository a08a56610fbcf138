"""What the stars of a period say, against ratings laid by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from complaints.models import Complaint
from services.audit.actors import VISITOR
from services.guestbook.models import VisitService
from services.ratings import insight
from services.ratings.models import Rating, RatingRules
from tests.complaints.support import lodge, works
from tests.guestbook.support import arrive

MARCH = (date(2026, 3, 1), date(2026, 3, 31))


def rate(office, stars, at="2026-03-10T02:00", **more) -> Rating:
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    return Rating.objects.create(
        office=office, about="consultation", stars=stars, channel="online", at=moment, **more
    )


def told(rows) -> dict[str, tuple[int, float | None]]:
    return {row.label: (row.count, row.mean) for row in rows}


def test_a_month_begins_and_ends_at_the_offices_own_midnight(office):
    """Kolaka Timur is eight hours ahead: 28 February 16:00 UTC is the first of March there."""
    for at in ("2026-02-28T15:59", "2026-02-28T16:00", "2026-03-31T15:59", "2026-03-31T16:00"):
        rate(office, 4, at)
    assert insight.of(office, *MARCH).count == 2


def test_a_mean_of_fewer_than_five_is_not_told(office):
    library = office.services.get(slug="library")
    for _n in range(4):
        rate(office, 1, service=library)
    found = insight.of(office, *MARCH)
    assert (found.mean, told(found.services)) == (None, {library.name: (4, None)})
    rate(office, 5, service=library)
    found = insight.of(office, *MARCH)
    assert (found.mean, told(found.services)) == (1.8, {library.name: (5, 1.8)})


def test_hours_are_the_offices_own(office):
    rate(office, 3, "2026-03-10T01:30")
    assert list(told(insight.of(office, *MARCH).hours)) == ["09"]


def test_the_parts_sum_to_the_whole(office, offices):
    for n in range(30):
        rate(office, 1 + n % 5, f"2026-03-{1 + n % 28:02d}T0{n % 10}:15")
    rate(offices["6571"], 1)
    found = insight.of(office, *MARCH)
    assert found.count == 30
    for rows in (found.trend, found.hours, found.things):
        assert sum(row.count for row in rows) == 30
    assert sum(n or 0 for _stars, n in found.stars) == 30


def test_reasons_praise_or_complain_and_stand_for_an_element(office):
    for n in range(5):
        rate(office, 5, reasons=["time", "conduct"])
        rate(office, 2, reasons=["time"] if n else ["time", "conduct"])
    rate(office, 1, reasons=["facilities"])
    found = insight.of(office, *MARCH)
    assert found.reasons == [("Cepat / Menunggu lama", 5, 5), ("Ramah / Kurang ramah", 5, None)]
    assert found.elements == [("U3", 5, 5), ("U7", 5, None)]


def test_of_one_rating_neither_stars_nor_reasons_are_told(office):
    rate(office, 1, reasons=["conduct"])
    found = insight.of(office, *MARCH)
    assert (found.count, found.mean, found.stars, found.reasons, found.elements) == (1, None, [], [], [])


def test_few_of_a_number_of_stars_are_hidden_with_the_next(office):
    for stars, n in ((5, 9), (4, 6), (1, 2)):
        for _n in range(n):
            rate(office, stars)
    assert insight.of(office, *MARCH).stars == [(5, 9), (4, None), (3, 0), (2, 0), (1, None)]


def test_a_hidden_mean_does_not_follow_from_the_whole(office):
    """Five of the library and one of the consultation: the mean of all less that of the five is the one's."""
    library, consultation = (office.services.get(slug=slug) for slug in ("library", "consultation"))
    for _n in range(5):
        rate(office, 5, service=library)
    rate(office, 1, service=consultation)
    found = insight.of(office, *MARCH)
    assert found.mean is not None
    assert set(told(found.services).values()) == {(5, None), (1, None)}


def test_nor_from_what_has_no_row(office):
    library = office.services.get(slug="library")
    for service in [library] * 5 + [None] * 2:
        rate(office, 3, service=service)
    assert told(insight.of(office, *MARCH).services) == {library.name: (5, None)}


def test_officers_are_told_only_while_the_office_wants_it(office, make_user):
    rules = RatingRules.objects.create(office=office, of_officers=True)
    who = make_user(office)
    for _n in range(5):
        rate(office, 1, officer=who)
    assert told(insight.of(office, *MARCH).officers) == {who.name: (5, 1.0)}
    RatingRules.objects.filter(pk=rules.pk).update(of_officers=False)
    assert insight.of(office, *MARCH).officers == []


def test_a_promise_kept_beside_one_that_was_not(office):
    for result, stars in (("kept", 5), ("missed", 2), ("excluded", 1)):
        for _n in range(5):
            received = arrive(office).main
            VisitService.objects.filter(pk=received.pk).update(
                clock_result=result, clock_reason="left" if result == "excluded" else ""
            )
            Rating.objects.create(
                office=office,
                received=received,
                stars=stars,
                channel="phone",
                at=datetime(2026, 3, 9, tzinfo=UTC),
            )
    assert told(insight.of(office, *MARCH).promise) == {
        "Dilayani tepat waktu": (5, 5.0),
        "Dilayani terlambat": (5, 2.0),
    }


def test_words_that_five_people_wrote(office):
    for n in range(5):
        rate(office, 2, comment=f"Antrian lama sekali, antrian! Pak Budi {n if n else ''}")
    rate(office, 2, comment="Toilet kotor")
    assert dict(insight.of(office, *MARCH).words) == {"antrian": 5, "lama": 5, "sekali": 5, "budi": 5}


class TestPeriodsSubtracted:
    """January to March less January to February is March: told is only what leaves five or nobody."""

    QUARTER, TWO = (date(2026, 1, 1), date(2026, 3, 31)), (date(2026, 1, 1), date(2026, 2, 28))

    def test_one_more_rating_of_an_officer_is_in_no_difference(self, office):
        RatingRules.objects.create(office=office, of_officers=True)
        who, other = works(office, "a"), works(office, "b")
        for n in range(8):
            rate(office, 5, f"2026-02-{n + 1:02d}T02:00", officer=who)
            rate(office, 4, f"2026-03-{n + 1:02d}T02:00", officer=other)
            rate(office, 4, f"2026-02-{n + 1:02d}T02:00", officer=other)
        rate(office, 1, officer=who)  # in March
        for n in range(4):
            rate(office, 3, officer=other, at=f"2026-03-{n + 10:02d}T02:00")
        quarter, two = insight.of(office, *self.QUARTER), insight.of(office, *self.TWO)
        mine = [dict_of[who.name] for dict_of in (told(quarter.officers), told(two.officers))]
        assert [count for count, _mean in mine] == [9, 8]
        assert None in [mean for _count, mean in mine]

    def test_nor_of_all_of_them(self, office):
        for n in range(8):
            rate(office, 5, f"2026-02-{n + 1:02d}T02:00", reasons=["time"])
        rate(office, 1, reasons=["conduct"])
        quarter, two = insight.of(office, *self.QUARTER), insight.of(office, *self.TWO)
        assert quarter.mean is not None  # by it the office reports
        assert (two.count, two.mean, two.stars, two.reasons) == (8, None, [], [])
        assert [row.mean for row in quarter.trend] == [None, None]

    def test_with_enough_in_every_month_all_is_told(self, office):
        library = office.services.get(slug="library")
        for month in (1, 2, 3):
            for n in range(5):
                rate(office, 4, f"2026-{month:02d}-{n + 1:02d}T02:00", service=library)
        for asked in (self.QUARTER, self.TWO, MARCH):
            found = insight.of(office, *asked)
            assert found.mean == 4.0
            assert [mean for _count, mean in told(found.services).values()] == [4.0]
            assert [row.mean for row in found.trend] == [4.0] * len(found.trend)


class TestThePage:
    @pytest.fixture
    def head(self, make_user, office) -> Client:
        client, self.user = Client(), make_user(office, role="supervisor")
        client.force_login(self.user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    def test_few_queries_however_many_ratings(self, office, head, django_assert_max_num_queries):
        for n in range(60):
            rate(office, 1 + n % 5, comment="Lama sekali", reasons=["time"])
        with django_assert_max_num_queries(25):
            assert head.get("/panel/wawasan/?dari=2026-03-01&sampai=2026-03-31").status_code == 200

    @pytest.mark.parametrize(
        "query", ["dari=2026-03-31&sampai=2026-03-01", "dari=x&sampai=", "dari=1990-01-01&sampai=2026-01-01"]
    )
    def test_days_that_cannot_be_are_told_next_to_the_field(self, head, query):
        page = head.get(f"/panel/wawasan/?{query}")
        assert page.status_code == 422
        assert "field-error" in page.content.decode()

    def test_the_days_shown_stand_in_the_form_and_figures_are_written_with_a_comma(self, office, head):
        for stars in (4, 4, 5, 5, 4):
            rate(office, stars, office.today().replace(day=1).strftime("%Y-%m-%dT02:00"))
        page = head.get("/panel/wawasan/").content.decode()
        assert f'value="{office.today().isoformat()}"' in page
        assert ">3,75</text>" in page
        assert ">4,4</text>" in page
        assert "4.4" not in page

    def test_complaints_are_counted_without_their_words(self, office, head):
        lodge(office, text="Kipas mati", element="U8")
        lodge(office, text="Tentang Anda", element="U7", about=[self.user], by=VISITOR)
        since = (office.today() - timedelta(days=400)).isoformat()
        page = head.get(f"/panel/wawasan/?dari={since}&sampai=2027-12-31").content.decode()
        assert "Sarana dan prasarana" in page
        assert "Perilaku pelaksana" not in page
        assert "Kipas" not in page
        assert Complaint.objects.count() == 2

    def test_what_was_set_aside_is_not_counted(self, office, head):
        lodge(office, text="Kipas mati", element="U8")
        aside = lodge(office, text="Banjir", element="U4")
        Complaint.objects.filter(pk=aside.pk).update(state="set_aside", due_at=None)
        page = head.get("/panel/wawasan/").content.decode()
        assert "Biaya/tarif" not in page
