"""The officer looks at the card of somebody who signed alone (requirement row 6): its type is noted, once."""

from __future__ import annotations

import pytest
from django.urls import reverse

from services.audit.models import AuditEntry
from services.guestbook.models import Visit
from tests.accounts.world import sign
from tests.guestbook.support import arrive


@pytest.fixture
def visit(office, by):
    return sign(arrive(office), by)


def address(visit: Visit) -> str:
    return reverse("queueing:desk_card_check", args=[visit.pk])


def card(desk, visit: Visit) -> str:
    return desk.get(reverse("queueing:desk_visit", args=[visit.pk])).content.decode()


def test_it_is_noted_once_and_then_not_asked_again(desk, visit):
    assert address(visit) in card(desk, visit)
    desk.post(address(visit), {"card_type": "sim"})
    desk.post(address(visit), {"card_type": "ktp"})
    assert Visit.objects.get().card_type == "sim"
    assert address(visit) not in card(desk, visit)
    assert AuditEntry.objects.filter(action="visit.card_checked").count() == 1


def test_who_refused_consent_is_not_asked(desk, office, by):
    visit = arrive(office)
    desk.post(reverse("queueing:desk_guest_book", args=[visit.pk]), {"consent": "no"})
    assert address(visit) not in card(desk, visit)
    desk.post(address(visit), {"card_type": "ktp"})
    assert Visit.objects.get().card_type == ""


def test_an_unknown_card_is_not_found(desk, visit):
    assert desk.post(address(visit), {"card_type": "3171\x00"}).status_code == 404


def test_an_office_whose_standard_asks_for_no_card_does_not(desk, visit):
    visit.main.standard.rule_set.filter(key="identity_card").update(value=False)
    assert address(visit) not in card(desk, visit)
