"""Filling in on the phone and on the tablet, by plain forms."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pst.account.surveys import open_surveys
from services.accounts.models import User
from services.guestbook.models import Visitor
from services.surveys import offering
from services.surveys.models import Response, SurveyRule
from services.surveys.skm import ELEMENTS
from tests.account.support import make_account, signed_in
from tests.surveys.support import fill, served, skd, skm

FOURS = dict.fromkeys(ELEMENTS, "4")


def phone_page(received) -> str:
    return reverse("queueing:visit_survey", args=[received.visit.token])


def long_answers(score: int = 8) -> dict[str, str]:
    codes = [question["code"] for question in skd().content["questions"]]
    return {c: str(score) for c in codes} | {f"{c}_importance": "9" for c in codes}


@pytest.fixture
def received(office):
    return served(office)


def test_the_ticket_page_leads_to_it(received):
    page = Client().get(reverse("queueing:visit", args=[received.visit.token])).content.decode()
    assert phone_page(received) in page


def test_nine_answers_and_the_profile_arrive(office, received):
    client = Client()
    answer = client.post(
        phone_page(received), FOURS | {"U3": "2", "gender": "female", "age": "31", "job": "student", "comment": "Ramah"}
    )  # fmt: skip
    assert answer.status_code == 302
    row = Response.objects.get()
    assert (row.channel, row.gender, row.age, row.job, row.education) == (
        "phone",
        "female",
        31,
        "student",
        "",
    )
    assert (row.service_id, row.comment, row.office_id) == (received.service_id, "Ramah", office.pk)
    assert dict(row.answers.values_list("code", "score")) == {c: 2 if c == "U3" else 4 for c in ELEMENTS}
    assert "Terima kasih" in client.get(answer["Location"]).content.decode()


def test_what_was_tapped_stays_when_something_is_missing(received):
    answer = Client().post(
        phone_page(received), {k: v for k, v in FOURS.items() if k != "U6"} | {"gender": "male"}
    )
    page = answer.content.decode()
    assert (answer.status_code, Response.objects.count()) == (422, 0)
    assert len(re.findall(r'name="U\d"[^>]* checked|checked[^>]* name="U\d"', page)) == 8
    assert re.search(r'value="male"[^>]*checked', page)
    assert 'href="#id_U6_0"' in page
    assert page.count('class="field-error"') == 1


@pytest.mark.parametrize(
    "wrong", [{"U1": "5"}, {"U1": "0"}, {"U1": "x"}, {"age": "300"}, {"gender": "robot"}]
)
def test_what_is_no_answer_is_refused(received, wrong):
    assert Client().post(phone_page(received), FOURS | wrong).status_code == 422
    assert not Response.objects.exists()


def test_once_for_each_service(received):
    client = Client()
    for score in ("4", "1"):
        client.post(phone_page(received), dict.fromkeys(ELEMENTS, score))
    Client().post(phone_page(received), dict.fromkeys(ELEMENTS, "1"))  # another phone, the same visitor
    assert Response.objects.count() == 1
    assert "sudah diisi" in Client().get(phone_page(received)).content.decode()


def test_a_party_answers_by_as_many_phones_as_it_has_people(office):
    received = served(office, party_size=2)
    first = Client()
    for client in (first, first, Client(), Client()):
        client.post(phone_page(received), FOURS)
    assert Response.objects.count() == 2


def test_not_asked_nothing_is_offered(office, received):
    SurveyRule.objects.create(office=office, kind="skm", instrument=skm(), offer="never")
    page = Client().get(reverse("queueing:visit", args=[received.visit.token])).content.decode()
    assert phone_page(received) not in page
    Client().post(phone_page(received), FOURS)
    assert not Response.objects.exists()


def test_nothing_is_asked_before_the_service_is_over(office):
    received = served(office)
    type(received).objects.filter(pk=received.pk).update(state="serving", ended_at=None)
    Client().post(phone_page(received), FOURS)
    assert not Response.objects.exists()


class TestLong:
    @pytest.fixture(autouse=True)
    def asked(self, office):
        SurveyRule.objects.create(office=office, kind="skd", instrument=skd(), offer="always")

    def test_both_on_after_the_other(self, received):
        client = Client()
        thanks = client.post(phone_page(received), FOURS)["Location"]
        assert "?jenis=skd" in client.get(thanks).content.decode()
        client.post(f"{phone_page(received)}?jenis=skd", long_answers())
        assert sorted(Response.objects.values_list("instrument__kind", flat=True)) == ["skd", "skm"]

    def test_another_row_of_data_needs_without_script(self, received):
        client, page = Client(), f"{phone_page(received)}?jenis=skd"
        typed = long_answers() | {"rows": "1", "need0_data": "PDRB kecamatan", "gender": "female"}
        answer = client.post(page, typed | {"more": "1"})
        shown = answer.content.decode()
        assert (answer.status_code, Response.objects.count()) == (200, 0)
        assert 'name="need1_data"' in shown
        assert 'value="PDRB kecamatan"' in shown
        assert shown.count("checked") == 2 * 17 + 4  # and the four lists of the profile
        assert "field-error" not in shown
        row = {"rows": "2", "need1_data": "Inflasi", "need1_got": "partly", "need1_quality": "6"}
        client.post(page, typed | row)
        assert Response.objects.get().needs == [
            {"data": "PDRB kecamatan"}, {"data": "Inflasi", "got": "partly", "quality": 6},
        ]  # fmt: skip

    def test_importance_and_satisfaction_are_kept_apart(self, received):
        Client().post(f"{phone_page(received)}?jenis=skd", long_answers(score=3))
        pairs = set(Response.objects.get().answers.values_list("score", "importance"))
        assert pairs == {(3, 9)}


class TestTablet:
    def page(self, received) -> str:
        return reverse("queueing:kiosk_survey", args=[received.visit.token, received.pk])

    @pytest.fixture
    def received(self, office):
        received = served(office)
        type(received).objects.filter(pk=received.pk).update(ended_at=timezone.now())
        return type(received).objects.select_related("visit", "service").get(pk=received.pk)

    def test_it_is_offered_after_the_rating(self, kiosk, received):
        rating = reverse("queueing:kiosk_rating", args=[received.visit.token, received.pk])
        thanks = kiosk.post(rating, {"stars": "5"})["Location"]
        assert self.page(received) in kiosk.get(thanks).content.decode()
        answer = kiosk.post(self.page(received), FOURS)
        assert "Terima kasih" in kiosk.get(answer["Location"]).content.decode()
        assert Response.objects.get().channel == "tablet"
        assert self.page(received) not in kiosk.get(thanks).content.decode()

    def test_the_list_shows_numbers_and_only_those_who_are_asked(self, kiosk, office, received):
        listed = kiosk.get(reverse("queueing:kiosk_surveys")).content.decode()
        assert self.page(received) in listed
        fill(office, 4, received=received)
        assert self.page(received) not in kiosk.get(reverse("queueing:kiosk_surveys")).content.decode()

    def test_a_second_time_changes_nothing(self, kiosk, received):
        for score in ("4", "1"):
            assert kiosk.post(self.page(received), dict.fromkeys(ELEMENTS, score)).status_code == 302
        assert Response.objects.get().answers.filter(score=4).count() == 9

    def test_half_an_hour_later_nobody_is_asked(self, office, received):
        assert offering.just_served(office) == [received]
        later = timezone.now() + offering.ON_TABLET * 1.1
        assert offering.just_served(office, at=later) == []


class TestAccount:
    @pytest.fixture
    def own(self, office, received):
        user = make_account("rina@rumah.test", "Rina")
        person = Visitor.objects.create(office=office, name="Rina", email="rina@rumah.test")
        type(received.visit).objects.filter(pk=received.visit_id).update(visitor=person)
        return signed_in(user)

    def test_ones_own_visit_of_the_week(self, own, received):
        page = reverse("account:survey", args=[received.pk, "skm"])
        user = User.objects.get(email="rina@rumah.test")
        assert open_surveys(user) == [(received, skm())]
        assert own.get(page).status_code == 200
        assert own.post(page, FOURS)["Location"] == reverse("account:home")
        row = Response.objects.get()
        assert (row.channel, row.entered_by_id) == ("online", None)
        assert open_surveys(user) == []

    def test_an_account_answers_once_for_a_party_and_the_others_by_their_phones(self, office, received, own):
        type(received.visit).objects.filter(pk=received.visit_id).update(party_size=3)
        page = reverse("account:survey", args=[received.pk, "skm"])
        for _n in range(3):
            own.post(page, FOURS)
        assert Response.objects.count() == 1
        assert open_surveys(User.objects.get(email="rina@rumah.test")) == []
        for _n in range(3):
            Client().post(reverse("queueing:visit_survey", args=[received.visit.token]), FOURS)
        assert Response.objects.count() == 3

    def test_nobody_elses(self, received):
        stranger = signed_in(make_account("siti@rumah.test", "Siti"))
        assert stranger.post(reverse("account:survey", args=[received.pk, "skm"]), FOURS).status_code == 404


NASTY = (
    "👩🏽‍🦽🇮🇩",
    "\u202eحسن",
    "a\x01\x08\x0b\x1b[31m\x7f",
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "{{ 7|add:7 }}",
    "\x00",
    "x" * 9_000,
)


@pytest.mark.parametrize("typed", NASTY, ids=range(len(NASTY)))
def test_whatever_is_typed_is_kept_or_told(office, received, kiosk, typed):
    SurveyRule.objects.create(office=office, kind="skd", instrument=skd(), offer="always")
    page = f"{phone_page(received)}?jenis=skd"
    more = {"more": "1", "rows": typed, "need0_data": typed, "comment": typed, "gender": typed, "age": typed}
    shown = Client().post(page, long_answers() | more)
    assert shown.status_code == 200
    assert "<script>alert" not in shown.content.decode()
    sent = Client().post(page, long_answers() | {"comment": typed, "need0_data": typed[:200]})
    assert sent.status_code in (302, 422)
    kept = list(Response.objects.values_list("comment", flat=True))
    assert kept == ([typed.replace("\x00", "").strip()] if sent.status_code == 302 else [])
    assert Client().post(page, FOURS | {"U1": typed, "age": typed}).status_code in (302, 422)


def test_another_language_in_the_middle_keeps_what_was_answered(received):
    client = Client()
    half = {k: v for k, v in FOURS.items() if k < "U5"} | {
        "comment": "Ramah",
        "gender": "female",
        "age": "31",
    }
    page = client.post(phone_page(received), half | {"language": "en"})
    shown = page.content.decode()
    assert (page.status_code, Response.objects.count()) == (200, 0)
    assert "Satisfaction survey" in shown
    assert "Ramah" in shown
    assert 'value="31"' in shown
    assert shown.count("checked") == 4 + 4  # four answers; the four lists of the profile
    assert "field-error" not in shown
    assert client.get(phone_page(received)).content.decode().count('lang="en"') >= 2  # and so on from here
    assert client.post(phone_page(received), FOURS | {"language": "xx"}).status_code == 302
