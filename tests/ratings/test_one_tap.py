"""One tap on the tablet; why, if one likes; and a supervisor hears of a low one while the visitor is still there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from queueing.workflows import desk as work
from services.accounts import devices
from services.audit.actors import VISITOR
from services.audit.models import AuditEntry
from services.guestbook.models import Visit
from services.guestbook.workflows import arrive
from services.ratings import reasons, workflows
from services.ratings.models import Rating, RatingRules
from services.workflow import IllegalMove
from tests.guestbook.support import DEVICE
from tests.guestbook.support import arrive as arrives


@pytest.fixture
def received(office, by):
    found = arrives(office, at=timezone.now()).services.get()
    work.start(found, by=by)
    work.end(found, by=by)
    found.refresh_from_db()
    return found


@pytest.fixture
def head(make_user, office) -> Client:
    client = Client()
    client.force_login(
        make_user(office, role="supervisor"), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


def tap(kiosk, received, stars=2, **more):
    return kiosk.post(
        reverse("queueing:kiosk_rating", args=[received.visit.token, received.pk]),
        {"stars": str(stars), **more},
    )


def test_one_tap_beside_the_number_is_the_whole_rating(kiosk, received):
    page = kiosk.get("/kios/keluar/").content.decode()
    assert page.count('name="stars"') == 5
    tap(kiosk, received, 4)
    rating = Rating.objects.get()
    assert (rating.stars, rating.reasons, rating.comment, rating.service) == (4, [], "", received.service)
    assert 'name="stars"' not in kiosk.get("/kios/keluar/").content.decode()


@pytest.mark.parametrize(("at_exit", "home"), [("1", "/kios/keluar/"), ("", "/kios/?baru=1")])
def test_each_tablet_comes_back_to_where_it_stands(kiosk, received, at_exit, home):
    thanks = tap(kiosk, received, keluar=at_exit).url
    assert f'data-idle-url="{home}"' in kiosk.get(thanks).content.decode()
    assert kiosk.post(thanks, {"reasons": ["time"], "keluar": at_exit}).url == home


def test_why_is_said_once_and_only_for_some_minutes(kiosk, received, monkeypatch):
    thanks = tap(kiosk, received).url
    assert "Menunggu lama" in kiosk.get(thanks).content.decode()
    kiosk.post(thanks, {"reasons": ["time", "conduct"], "comment": " Dua jam "})
    rating = Rating.objects.get()
    assert (rating.reasons, rating.comment) == (["conduct", "time"], "Dua jam")
    kiosk.post(thanks, {"comment": "Lain"})
    assert Rating.objects.get().comment == "Dua jam"
    Rating.objects.update(reasons=[], comment="")
    monkeypatch.setattr(workflows, "EXPLAINED_WITHIN", timedelta(0))
    assert 'name="reasons"' not in kiosk.get(thanks).content.decode()


def test_chips_that_are_none_are_refused_next_to_them(kiosk, received):
    assert kiosk.post(tap(kiosk, received).url, {"reasons": ["rude"]}).status_code == 422
    assert Rating.objects.get().reasons == []


@pytest.mark.parametrize("key", ["-", "1", "1:1sX:abc", "%00"])
def test_a_key_nobody_gave_explains_nothing(kiosk, received, key):
    tap(kiosk, received)
    assert kiosk.post(reverse("queueing:kiosk_rated", args=[key]), {"comment": "x"}).status_code == 200
    assert Rating.objects.get().comment == ""


def test_the_same_chip_praises_and_complains():
    assert dict(reasons.offered(5))["time"] == "Cepat"
    assert dict(reasons.offered(3))["time"] == "Menunggu lama"
    assert reasons.words(2, ["time"]) == ["Menunggu lama"]


class TestTheOfficer:
    def test_is_not_stored_unless_the_office_wants_it(self, kiosk, received):
        tap(kiosk, received)
        assert Rating.objects.get().officer is None

    def test_is_stored_where_it_does(self, kiosk, received, office, frontliner):
        RatingRules.objects.create(office=office, of_officers=True)
        tap(kiosk, received)
        assert Rating.objects.get().officer == frontliner


class TestLowAndStillHere:
    def test_the_supervisor_is_told_the_service_and_not_the_number(self, kiosk, received, head):
        tap(kiosk, received, 2)
        page = head.get("/meja/nilai-rendah/").content.decode()
        assert "nilai 2 untuk" in page
        assert received.visit.public_label not in page

    @pytest.mark.parametrize("why", ["good", "gone", "seen"])
    def test_and_is_not_bothered_otherwise(self, kiosk, received, head, why):
        tap(kiosk, received, 3 if why == "good" else 1)
        if why == "gone":
            Visit.objects.update(ended_at=timezone.now())
        if why == "seen":
            head.post("/meja/nilai-rendah/", {"key": str(Rating.objects.get().pk)})
            assert AuditEntry.objects.filter(action="rating.noticed").count() == 1
        assert "nilai" not in head.get("/meja/nilai-rendah/").content.decode()

    def test_officers_are_not_told(self, kiosk, received, desk):
        tap(kiosk, received, 1)
        assert desk.get("/meja/nilai-rendah/").status_code == 403
        assert "low-ratings" not in desk.get("/meja/").content.decode()

    def test_another_offices_rating_cannot_be_put_aside(self, kiosk, received, offices, make_user):
        tap(kiosk, received, 1)
        stranger = Client()
        user = make_user(offices["6571"], role="supervisor")
        stranger.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        stranger.post("/meja/nilai-rendah/", {"key": str(Rating.objects.get().pk)})
        assert Rating.objects.get().noticed_at is None


class TestThings:
    def test_a_download_is_rated_once(self, office):
        workflows.rate_thing("download", 7, office=office, stars=5, by=VISITOR)
        with pytest.raises(IllegalMove):
            workflows.rate_thing("download", 7, office=office, stars=1, by=VISITOR)
        workflows.rate_thing("loan", 7, office=office, stars=4, by=VISITOR)
        assert sorted(Rating.objects.values_list("about", "stars")) == [("download", 5), ("loan", 4)]


def test_a_party_of_two_rates_twice_and_the_tablet_once(office, by, kiosk):
    visit = arrive(office=office, service=office.services.get(slug="library"), party_size=2, by=DEVICE)
    received = visit.main
    work.start(received, by=by)
    work.end(received, by=by)
    tap(kiosk, received, 5)
    tap(kiosk, received, 1)
    assert [r.stars for r in Rating.objects.all()] == [5]


def test_a_tablet_of_another_office_adds_no_reason(received, offices, make_device):
    given = workflows.rate(received, stars=1, channel="tablet", by=VISITOR)
    _device, secret = make_device(offices["6571"], "kiosk")
    other = Client()
    other.cookies[devices.cookie_name("kiosk")] = secret
    page = reverse("queueing:kiosk_rated", args=[workflows.signed(given)])
    assert 'name="comment"' not in other.get(page).content.decode()
    other.post(page, {"comment": "bukan saya"})
    given.refresh_from_db()
    assert given.comment == ""


def test_a_reason_that_is_not_kept_is_told_and_one_sent_twice_is_not(kiosk, received):
    """From an old page: another word, after one was kept."""
    given = workflows.rate(received, stars=1, channel="tablet", by=VISITOR)
    page = reverse("queueing:kiosk_rated", args=[workflows.signed(given)])
    assert kiosk.post(page, {"comment": "Lama"}).status_code == 302
    assert "tidak tersimpan" not in kiosk.post(page, {"comment": "Lama"}).content.decode()
    assert "tidak tersimpan" in kiosk.post(page, {"comment": "Kotor"}).content.decode()
    given.refresh_from_db()
    assert given.comment == "Lama"


def test_the_list_of_visits_ratings_tells_the_day_not_the_minute(head, office, received):
    given = workflows.rate(received, stars=1, channel="phone", by=VISITOR)
    page = head.get("/panel/penilaian/?untuk=kunjungan").content.decode()
    local = office.local(given.at)
    assert f'<time datetime="{local:%Y-%m-%d}">' in page
    item = page.split("data-rating=")[1].split("</li>")[0]
    assert f"{local:%H.%M}" not in item
    assert f"{local:%H:%M}" not in item
