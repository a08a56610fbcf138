"""Rating: once for each service, one to five, within a week, and never in the way of leaving."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from queueing.workflows import desk as work
from services.guestbook import workflows as visits
from services.guestbook.models import Visit, VisitStep
from services.ratings.models import Rating
from services.ratings.workflows import offered_on_tablet, rate
from services.workflow import IllegalMove
from tests.guestbook.support import DEVICE, arrive

NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def served(office, by, at=NINE):
    """A service that ended at this time."""
    received = arrive(office, at=at).services.get()
    work.start(received, by=by, at=at)
    work.end(received, by=by, at=at)
    received.refresh_from_db()
    return received


def give(received, stars=4, at=NINE):
    return rate(received, stars=stars, channel="phone", by=DEVICE, at=at)


def test_a_service_is_rated_once(office, by):
    received = served(office, by)
    give(received, 5)
    with pytest.raises(IllegalMove, match="sudah dinilai"):
        give(received, 1)
    assert Rating.objects.get().stars == 5


def test_a_second_tap_on_the_phone_is_harmless(office, by):
    received = served(office, by, timezone.now())
    url = reverse("queueing:visit_rate", args=[received.visit.token])
    answers = [Client().post(url, {"stars": str(n)}).status_code for n in (5, 1)]
    assert answers == [302, 302]
    assert Rating.objects.get().stars == 5


def test_a_second_tap_on_the_tablet_is_harmless(office, by, kiosk):
    received = served(office, by, timezone.now())
    url = reverse("queueing:kiosk_rating", args=[received.visit.token, received.pk])
    assert [kiosk.post(url, {"stars": "5"}).status_code for _n in range(2)] == [302, 302]
    assert Rating.objects.count() == 1


def test_two_services_of_one_visit_are_rated_each(office, by, consultation):
    visit = arrive(office, at=NINE)
    for service in office.services.all():
        received = visit.services.filter(service=service).first() or visits.add_service(
            visit=visit, service=service, by=by, at=NINE
        )
        work.start(received, by=by, at=NINE)
        work.end(received, by=by, at=NINE)
        received.refresh_from_db()
        give(received)
    assert Rating.objects.count() == 2


def test_the_link_rates_for_a_week_and_not_a_second_longer(office, by):
    received = served(office, by)
    with pytest.raises(IllegalMove, match="sudah lewat"):
        give(received, at=NINE + timedelta(days=7, seconds=1))
    give(received, at=NINE + timedelta(days=7))


def test_the_tablet_offers_a_service_for_half_an_hour(office, by):
    served(office, by)
    offered = [offered_on_tablet(office, NINE + timedelta(minutes=m)).count() for m in (0, 30, 31)]
    assert offered == [1, 1, 0]


def test_a_service_that_is_not_over_cannot_be_rated(office, by):
    with pytest.raises(IllegalMove, match="belum selesai"):
        give(arrive(office, at=NINE).services.get())


@pytest.mark.parametrize("stars", [0, 6])
def test_the_database_itself_takes_one_to_five(office, by, stars):
    received = served(office, by)
    with pytest.raises(IntegrityError, match="one_to_five_stars"), transaction.atomic():
        Rating.objects.create(office=office, received=received, stars=stars, channel="phone", at=NINE)


def test_nobody_is_kept_from_leaving_by_a_rating_that_was_not_given(office, by, desk):
    received = served(office, by)
    assert desk.post(reverse("queueing:desk_close", args=[received.visit_id])).status_code == 302
    assert Visit.objects.get().ended_at
    assert Rating.objects.count() == 0


def test_a_rating_after_leaving_counts_but_does_not_reopen_the_visit(office, by):
    received = served(office, by)
    work.close_visit(received.visit, by=by, at=NINE)
    received.refresh_from_db()
    give(received, at=NINE + timedelta(hours=2))
    assert Rating.objects.count() == 1
    assert not VisitStep.objects.filter(kind="rating").exists()


def test_a_service_of_another_visit_is_not_rated_with_this_ones_link(office, by, kiosk):
    mine, theirs = served(office, by, timezone.now()), served(office, by, timezone.now())
    url = reverse("queueing:kiosk_rating", args=[mine.visit.token, theirs.pk])
    assert kiosk.post(url, {"stars": "1"}).status_code == 404


class TestAParty:
    """Fifteen came with one number: each may rate by the code on it, nobody twice (domain.md §8.4)."""

    @pytest.fixture
    def received(self, office, by):
        received = served(office, by, timezone.now())
        Visit.objects.filter(pk=received.visit_id).update(party_size=3)
        received.visit.refresh_from_db()
        return received

    def url(self, received) -> str:
        return reverse("queueing:visit_rate", args=[received.visit.token])

    def phone(self, received, stars: int) -> Client:
        phone = Client()
        phone.get(self.url(received))
        phone.post(self.url(received), {"stars": str(stars)})
        return phone

    def test_each_phone_once_and_no_more_than_people(self, received):
        for stars in (5, 4, 1, 1):
            self.phone(received, stars)
        assert sorted(Rating.objects.values_list("place", "stars")) == [(1, 5), (2, 4), (3, 1)]

    def test_a_phone_that_rated_is_not_asked_again_and_the_next_is(self, received):
        phone = self.phone(received, 5)
        phone.post(self.url(received), {"stars": "1"})
        page = reverse("queueing:visit", args=[received.visit.token])
        assert [c.stars for c in Rating.objects.all()] == [5]
        assert "to-rate" not in phone.get(page).content.decode()
        assert "to-rate" in Client().get(page).content.decode()

    def test_one_tap_on_the_visits_page_is_one_rating_however_often_it_is_tapped(self, received):
        phone, page = Client(), reverse("queueing:visit", args=[received.visit.token])
        shown = phone.get(page).content.decode()
        assert shown.count('class="rate-star"') == 5
        assert f'action="{self.url(received)}"' in shown
        for stars in (4, 4, 2):
            assert phone.post(self.url(received), {"stars": str(stars)}).status_code == 302
        assert [rating.stars for rating in Rating.objects.all()] == [4]
        assert "rate-star" not in phone.get(page).content.decode()

    def test_the_key_goes_to_this_visit_only_and_says_nothing(self, received):
        cookie = self.phone(received, 5).cookies["pst_rater"]
        assert cookie["path"] == reverse("queueing:visit", args=[received.visit.token])
        assert cookie["httponly"]
        assert Rating.objects.get().rater == cookie.value

    def test_the_tablet_rates_once_for_them(self, received, kiosk):
        url = reverse("queueing:kiosk_rating", args=[received.visit.token, received.pk])
        for _n in range(2):
            kiosk.post(url, {"stars": "5"})
        self.phone(received, 4)
        assert sorted(Rating.objects.values_list("channel", flat=True)) == ["phone", "tablet"]

    def test_a_forged_key_is_none(self, received):
        phone = Client()
        phone.cookies["pst_rater"] = "x" * 500
        phone.post(self.url(received), {"stars": "3"})
        assert len(Rating.objects.get().rater) == 22

    def test_the_step_is_done_once_and_the_desk_sees_how_many(self, received, desk):
        self.phone(received, 5)
        self.phone(received, 4)
        assert VisitStep.objects.filter(visit=received.visit, kind="rating").count() == 1
        page = desk.get(reverse("queueing:desk_visit", args=[received.visit_id])).content.decode()
        assert "2 dari 3 orang sudah menilai" in page

    def test_the_database_itself_counts_people_and_phones(self, received):
        row = {"office": received.office, "received": received, "channel": "phone", "stars": 5, "at": NINE}
        Rating.objects.create(**row, rater="a")
        for clash in ({"place": 1}, {"place": 2, "rater": "a"}):
            with pytest.raises(IntegrityError, match="one_rating"), transaction.atomic():
                Rating.objects.create(**row, **clash)


class TestAfterTheEnd:
    """A visit that is over stays over, whatever a forgotten page still sends."""

    def test_no_service_starts_again(self, office, by, desk):
        received = served(office, by)
        work.close_visit(received.visit, by=by, at=NINE)
        desk.post(reverse("queueing:desk_service", args=[received.pk, "start"]))
        received.refresh_from_db()
        assert received.state == "done"

    def test_no_service_is_added(self, office, by, desk):
        received = served(office, by)
        work.close_visit(received.visit, by=by, at=NINE)
        desk.post(reverse("queueing:desk_add_service", args=[received.visit_id]), {"service": "library"})
        assert received.visit.services.count() == 1

    def test_no_step_happens(self, office, by, desk):
        received = served(office, by)
        work.close_visit(received.visit, by=by, at=NINE)
        desk.post(reverse("queueing:desk_step", args=[received.visit_id, "rating"]), {"skip": "1"})
        assert not VisitStep.objects.filter(kind="rating").exists()

    def test_a_service_added_by_a_double_tap_is_one(self, office, by, desk):
        visit = arrive(office)
        for _n in range(2):
            desk.post(reverse("queueing:desk_add_service", args=[visit.pk]), {"service": "consultation"})
        assert visit.services.filter(service__slug="consultation").count() == 1
