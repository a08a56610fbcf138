"""Ratings and questionnaires sent again and again from one phone: what one person may give is stored, the others go on."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from services.accounts import limits
from services.accounts.models import Role
from services.audit.models import AuditEntry
from services.ratings.models import Rating
from services.surveys.models import Response
from tests.complaints.support import browser, works
from tests.surveys.support import served
from tests.surveys.test_filling import FOURS


@pytest.mark.parametrize(
    ("name", "page", "form", "rows"),
    [("rating", "queueing:visit_rate", {"stars": "1"}, Rating), ("survey", "queueing:visit_survey", FOURS, Response)],
)  # fmt: skip
def test_slowed_told_once_and_the_honest_of_the_same_wifi_get_through(office, name, page, form, rows):
    flooded, honest = served(office), [served(office) for _n in range(5)]
    sent = limits.LIMITS[name] + 40
    address = reverse(page, args=[flooded.visit.token])
    answers = [Client().post(address, form).status_code for _n in range(sent)]
    assert answers == [302, *answers[1 : limits.LIMITS[name]], *[429] * 40]
    for one in honest:
        assert Client().post(reverse(page, args=[one.visit.token]), form).status_code == 302
    assert rows.objects.count() == 1 + len(honest)
    assert AuditEntry.objects.filter(action=f"{name}.flood", office=office).count() == 1
    supervisor = browser(works(office, "head", Role.SUPERVISOR))
    assert "Yang berlebih ditolak" in supervisor.get(reverse("panel:insight")).content.decode()


def test_a_party_of_thirty_is_no_flood(office):
    received = served(office, party_size=30)
    address = reverse("queueing:visit_rate", args=[received.visit.token])
    assert {Client().post(address, {"stars": "5"}).status_code for _n in range(30)} == {302}
    assert Rating.objects.count() == 30
