"""The address in the mail: it rates by one tap and nothing by being opened; the way out of such mails; what an erasure finds."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from library.workflows import rating as things
from pst.privacy import retention
from pst.privacy import workflows as privacy
from pst.rating_mails import asked
from queueing import mailed
from services.accounts import limits
from services.audit.actors import SYSTEM, VISITOR
from services.audit.models import AuditEntry
from services.guestbook.models import Visit
from services.ratings import asking, workflows
from services.ratings.models import Asked, MailStop, Rating, RatingRules
from services.surveys.models import Response
from services.surveys.skm import ELEMENTS
from tests.consultation.support import fresh
from tests.ratings.support import HOUR, MAIL, person, returned, taken, visited

pytestmark = pytest.mark.usefixtures("mailbox")


@pytest.fixture
def visit(office) -> Visit:
    return visited(office)


class TestTheLink:
    def test_opening_it_rates_nothing_one_tap_does_and_the_second_changes_nothing(self, visit):
        page = mailed.address(visit)
        for n in range(1, 6):
            shown = Client().get(f"{page}?n={n}").content.decode()
            assert re.search(rf'value="{n}" checked', shown)
            assert "Siti" not in shown
            assert visit.public_label not in shown
        assert not Rating.objects.exists()
        done = Client().post(f"{page}?n=4", {"stars": "4"})
        Client().post(page, {"stars": "1"})
        rating = Rating.objects.get()
        assert (rating.stars, rating.channel, rating.received_id) == (4, "mail", visit.main.pk)
        thanks = Client().get(done["Location"]).content.decode()
        assert 'name="reasons"' in thanks
        assert mailed.survey_address(visit) in thanks
        Client().post(done["Location"], {"reasons": ["time"], "comment": "Cepat"})
        rating.refresh_from_db()
        assert (rating.reasons, rating.comment) == (["time"], "Cepat")
        assert 'name="reasons"' not in Client().get(done["Location"]).content.decode()

    def test_the_survey_too_and_once(self, visit):
        page, client = mailed.survey_address(visit), Client()
        for score in ("4", "1"):
            client.post(page, dict.fromkeys(ELEMENTS, score))
        Client().post(page, dict.fromkeys(ELEMENTS, "2"))
        response = Response.objects.get()
        assert (response.channel, response.answers.filter(score=4).count()) == ("online", 9)

    def test_for_seven_days_where_the_tickets_page_is_good_for_one(self, office):
        visit = visited(office, ago=timedelta(days=6, hours=23))
        ticket = reverse("queueing:visit_rate", args=[visit.token])
        page, survey = mailed.address(visit), mailed.survey_address(visit)
        assert [Client().get(url).status_code for url in (ticket, page, survey)] == [410, 200, 200]
        RatingRules.objects.create(office=office, link_days=6)
        assert [Client().get(url).status_code for url in (page, survey)] == [410, 410]
        assert Client().post(page, {"stars": "5"}).status_code == 410
        assert not Rating.objects.exists()

    def test_an_erasure_ends_it(self, visit):
        page = mailed.address(visit)
        retention.erase(visit.visitor, by=SYSTEM, why="erasure")
        assert Client().get(page).status_code == 404
        assert not Asked.objects.exists()

    def test_a_rating_of_another_visit_is_not_explained_here(self, office, visit):
        other = visited(office, email="lain@rumah.test")
        given = workflows.rate(other.main, stars=2, channel="mail", by=VISITOR)
        page = f"{mailed.address(visit)}?t={workflows.signed(given)}"
        Client().post(page, {"comment": "Bukan saya"})
        given.refresh_from_db()
        assert given.comment == ""

    def test_keys_are_not_to_be_tried_and_who_has_one_is_not_held_up(self, visit, monkeypatch):
        monkeypatch.setitem(limits.LIMITS, "rating link", 3)
        wrong = [Client().get(f"/nilai/{visit.token}.x{n}/").status_code for n in range(5)]
        assert wrong == [404, 404, 404, 429, 429]
        assert Client().get(mailed.address(visit)).status_code == 200

    @pytest.mark.parametrize("what", ["rating", "survey"])
    def test_who_keeps_sending_for_one_visit_is_slowed(self, visit, what, monkeypatch):
        monkeypatch.setitem(limits.LIMITS, what, 3)
        page = mailed.address(visit) if what == "rating" else mailed.survey_address(visit)
        sent = [Client().post(page, {"stars": "9"}).status_code for _n in range(5)]
        assert sent == [422, 422, 422, 429, 429]

    @settings(
        max_examples=25, deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )  # fmt: skip
    @given(
        key=st.text(max_size=60), stars=st.text(max_size=12), n=st.text(max_size=12), t=st.text(max_size=40)
    )
    @example(key="..", stars="٤", n="٤", t="1:x")
    @example(key="\x00", stars="5\x00", n="9" * 12, t="\ud7ff")
    @example(key="good", stars="²", n="²", t="-")
    def test_nothing_that_is_typed_breaks_it(self, visit, monkeypatch, key, stars, n, t):
        monkeypatch.setitem(limits.LIMITS, "rating", 10_000)
        monkeypatch.setitem(limits.LIMITS, "rating link", 10_000)
        client = Client()
        for name, whole in (
            ("mailed", mailed.address(visit)),
            ("mailed_survey", mailed.survey_address(visit)),
        ):
            odd = key.replace("/", "").strip() or "x"
            for url in (reverse(f"queueing:{name}", args=[odd]), whole):
                assert client.get(url, {"n": n, "jenis": n}).status_code in (200, 302, 404)
                assert client.post(url, {"stars": stars, "U1": stars}).status_code in (302, 404, 422)
        assert client.get(mailed.address(visit), {"t": t}).status_code == 200
        assert client.get(reverse("ratings:stop", args=[odd])).status_code == 404
        assert {r.stars for r in Rating.objects.all()} <= {1, 2, 3, 4, 5}


class TestStopping:
    def test_opening_it_stops_nothing_and_one_click_stops_it_for_good(self, visit):
        assert asked.ask_all() == 1
        address = asking.stop_address(MAIL)
        outside = Client(enforce_csrf_checks=True)  # the mail server sends no cookie and no token
        assert "Ya, hentikan" in outside.get(address).content.decode()
        assert not MailStop.objects.exists()
        for _n in range(2):
            assert outside.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
        assert (
            MailStop.objects.count() == AuditEntry.objects.filter(action="rating.mail_stopped").count() == 1
        )
        assert "Sudah dihentikan" in outside.get(address).content.decode()
        Asked.objects.update(at=timezone.now() - timedelta(days=99))
        visited(visit.office, ago=5 * HOUR)
        assert asked.ask_all() == 0

    def test_another_mailbox_cannot_be_stopped_by_a_hash_alone(self, visit):
        assert Client().post(f"/nilai/berhenti/{asking.hashes(MAIL)[0]}/").status_code == 404


class TestPersonalData:
    @pytest.mark.parametrize("kind", ["loan", "download"])
    def test_a_word_beside_the_stars_of_a_thing_goes_with_the_person(self, office, kind):
        visitor = person(office)
        row = returned(office, visitor) if kind == "loan" else taken(office, visitor)
        Client().post(things.address(row), {"stars": "2", "comment": "Petugas Budi lama"})
        row.refresh_from_db()
        assert row.rating == Rating.objects.get()
        told = privacy.everything(visitor)["ratings.Rating"]
        assert [(r["comment"], r["stars"]) for r in told] == [("Petugas Budi lama", 2)]
        other = person(office, "lain@rumah.test")
        assert privacy.everything(other)["ratings.Rating"] == []
        retention.erase(visitor, by=SYSTEM, why="erasure")
        rating = Rating.objects.get()
        assert (rating.stars, rating.comment) == (2, "")

    def test_of_a_consultation_noted_at_a_visit_too(self, office, by):
        from consultation.workflows import onsite
        from consultation.workflows import rating as consulted

        visit = visited(office)
        noted = onsite.write(visit.main, question="Inflasi?", answer="2,3 persen", seen="", by=by)
        given = consulted.rate(fresh(noted), stars=1, comment="Bu Ani", by=VISITOR)
        assert given.comment
        retention.erase(visit.visitor, by=SYSTEM, why="erasure")
        given.refresh_from_db()
        assert given.comment == ""
