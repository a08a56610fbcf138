"""The tablet of an office whose standard has no queue: the signature is the arrival."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pst.privacy import retention
from services.accounts import devices
from services.guestbook.models import Visit, Visitor
from tests.guestbook.support import FILLED


@pytest.fixture
def office(offices):
    """Belitung Timur: no numbers, a locker without a card."""
    return offices["1906"]


def tap(kiosk: Client, service: str = "library"):
    """What the tablet is sent to after a tap on a service."""
    token = kiosk.get(reverse("queueing:kiosk")).context["token"]
    return kiosk.post(reverse("queueing:take_number"), {"token": token, "service": service})


def test_a_tap_alone_leaves_no_visit_behind(kiosk):
    page = tap(kiosk)
    assert kiosk.get(page.url).status_code == 200
    assert not Visit.objects.exists()


def test_a_form_with_a_mistake_leaves_no_visit_behind(kiosk):
    page = tap(kiosk)
    answer = kiosk.post(page.url, {**FILLED, "birth_year": "1800"})
    assert answer.status_code == 422
    assert "Sitti Aminah" in answer.content.decode()
    assert not Visit.objects.exists()


def test_signing_opens_the_visit_at_the_time_of_the_tap(kiosk, office):
    began = timezone.now()
    with time_machine.travel(began, tick=False):
        page = tap(kiosk)
    with time_machine.travel(began + timedelta(minutes=2), tick=False):
        assert kiosk.post(page.url, FILLED).status_code == 302
    visit = Visit.objects.get()
    assert (visit.office, visit.visitor.name) == (office, "Sitti Aminah")
    assert abs(visit.arrived_at - began) < timedelta(seconds=1)
    assert visit.guest_book_at - visit.arrived_at > timedelta(minutes=1, seconds=58)


def test_a_form_sent_twice_is_one_visit_of_one_person(kiosk):
    page = tap(kiosk)
    assert [kiosk.post(page.url, FILLED).status_code for _i in range(2)] == [302, 302]
    assert (Visit.objects.count(), Visitor.objects.count()) == (1, 1)


def test_a_form_sent_again_after_an_erasure_brings_nobody_back(kiosk, by):
    page = tap(kiosk)
    kiosk.post(page.url, FILLED)
    retention.erase(Visitor.objects.get(), by=by, why="erasure")
    kiosk.post(page.url, FILLED)
    assert (Visit.objects.count(), Visitor.objects.get().name) == (1, "")


@pytest.mark.parametrize("key", ["", "x", "a:b:c", "\x00"])
def test_a_broken_key_leads_back_to_the_choice(kiosk, key):
    answer = kiosk.get(reverse("queueing:kiosk_new_guest", args=["library"]), {"kunci": key})
    assert answer.status_code == 409
    assert "Silakan pilih layanan sekali lagi" in answer.content.decode()


def test_another_tablets_key_is_refused(kiosk, make_device, office):
    page = tap(kiosk)
    other = Client()
    other.cookies[devices.cookie_name("kiosk")] = make_device(office)[1]
    assert other.post(page.url, FILLED).status_code == 409
    assert not Visit.objects.exists()


def test_two_visitors_within_a_minute_have_names_of_their_own(kiosk):
    noon = timezone.now().replace(hour=5, minute=0, second=10)
    for second in (0, 7):
        with time_machine.travel(noon + timedelta(seconds=second), tick=False):
            kiosk.post(tap(kiosk).url, {"consent": "no"})
    labels = {visit.public_label for visit in Visit.objects.all()}
    assert len(labels) == 2


def test_back_after_signing_is_the_first_screen(kiosk):
    page = tap(kiosk)
    kiosk.post(page.url, FILLED)
    assert kiosk.get(page.url).headers["Location"] == reverse("queueing:kiosk")


def test_the_visitor_is_told_the_name_the_screens_use(kiosk):
    answer = kiosk.post(tap(kiosk).url, FILLED, follow=True)
    assert Visit.objects.get().public_label in answer.content.decode()
    assert "Sitti Aminah" not in answer.content.decode()


def test_saving_before_the_first_question_is_answered_complains_of_that_only(kiosk):
    answer = kiosk.post(tap(kiosk).url, {"name": "Sitti"})
    assert set(answer.context["form"].errors) == {"consent"}
