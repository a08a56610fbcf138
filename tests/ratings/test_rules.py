"""How an office has itself rated: the supervisor's page, and what follows from it."""

from __future__ import annotations

import pytest
from django.test import Client

from services.audit.models import AuditEntry
from services.ratings.models import RatingRules

PAGE = "/panel/penilaian/aturan/"
SAID = {"of_officers": "on", "by_mail": "on", "days_between": "14", "link_days": "5"}  # no reasons


@pytest.fixture
def head(make_user, office) -> Client:
    client = Client()
    client.force_login(
        make_user(office, role="supervisor"), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


def test_what_is_set_stands_in_the_trail_and_who_is_rated_is_warned_of(office, offices, head):
    page = head.get(PAGE).content.decode()
    assert "Beri tahu petugas lebih dahulu" in page
    assert "lima penilaian atau lebih" in page
    assert head.post(PAGE, SAID).status_code == 302
    rules = RatingRules.objects.get()
    assert (rules.office, rules.of_officers, rules.ask_reasons, rules.days_between, rules.link_days) == (
        office, True, False, 14, 5,
    )  # fmt: skip
    entry = AuditEntry.objects.get(action="rating.rules_set")
    assert entry.detail == {"of_officers": True, "ask_reasons": False, "days_between": 14, "link_days": 5}
    head.post(PAGE, SAID)
    assert AuditEntry.objects.filter(action="rating.rules_set").count() == 1  # nothing changed


@pytest.mark.parametrize(
    "wrong", [{"days_between": "0"}, {"days_between": "366"}, {"link_days": "8"}, {"link_days": "x"}]
)
def test_days_that_cannot_be_are_told_next_to_the_field(head, wrong):
    page = head.post(PAGE, SAID | wrong)
    assert page.status_code == 422
    assert page.content.decode().count('class="field-error"') == 1
    assert not RatingRules.objects.exists()


def test_without_reasons_the_tablet_asks_for_a_word_alone(office, kiosk):
    from tests.surveys.support import served

    RatingRules.objects.create(office=office, ask_reasons=False)
    received = served(office)
    thanks = kiosk.post(f"/kios/penilaian/{received.visit.token}/{received.pk}/", {"stars": "2"})["Location"]
    page = kiosk.get(thanks).content.decode()
    assert 'name="reasons"' not in page
    assert 'name="comment"' in page
