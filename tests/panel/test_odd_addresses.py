"""What nobody types and somebody sends: days at the ends of the calendar, endless numbers. Never an error page."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from services.audit.actors import SYSTEM
from services.offices.standards import drafts
from tests.accounts.world import BACKEND

pytestmark = pytest.mark.django_db
ENDLESS = "9" * 5_000  # more digits than int() reads


@pytest.fixture
def chief(make_user, office) -> Client:
    client = Client()
    client.force_login(make_user(office, role="supervisor"), backend=BACKEND)
    return client


@pytest.mark.parametrize("days", [("0001-01-01", "0001-01-09"), ("9999-12-01", "9999-12-31")])
@pytest.mark.parametrize(
    ("name", "args"),
    [("panel:promises", []), ("panel:promise", ["kunjungan"]), ("panel:promise_cases", ["online"]), ("panel:trace", [])],
)  # fmt: skip
def test_days_at_the_ends_of_the_calendar_are_told_at_their_fields(chief, name, args, days):
    since, until = days
    answer = chief.get(reverse(name, args=args), {"dari": since, "sampai": until})
    assert answer.status_code == (200 if name.endswith("cases") else 422)
    form = answer.context["asked"].form if name.endswith("cases") else answer.context["form"]
    assert set(form.errors) == {"dari", "sampai"}


@pytest.mark.parametrize(
    ("name", "query", "status"),
    [
        ("panel:trace", {"sesudah": "2026-01-01T00:00:00+23:59_1"}, 200),
        ("panel:trace", {"sesudah": "0001-01-01T00:00:00+07:00_1"}, 200),
        ("panel:trace", {"sesudah": "9999-12-31T23:59:59-07:00_1"}, 200),
        ("panel:exports", {"sesudah": "2026-01-01T00:00:00-23:59_1"}, 200),
        ("panel:ratings", {"untuk": "kunjungan", "hari": "0001-01-01"}, 200),
        ("reports:list", {"periode": "own", "dari": "0001-01-01", "sampai": "0001-02-01"}, 422),
        ("setup:calendar", {"tahun": "02026999"}, 404),
        ("setup:calendar", {"tahun": ENDLESS}, 404),
        ("setup:calendar", {"tahun": "2100"}, 200),
    ],
)
def test_an_odd_address_is_answered(chief, name, query, status):
    assert chief.get(reverse(name), query).status_code == status


def test_a_report_of_no_days_there_are(chief):
    query = {"periode": "own", "dari": "0001-01-01", "sampai": "0001-02-01"}
    assert chief.get(reverse("reports:report", args=["visits"]), query).status_code in (200, 422)


def test_endless_numbers_in_the_standards_editor(chief, library):
    draft = drafts.from_version(library.standard, by=SYSTEM)
    compare = reverse("panel:standard_compare", args=[draft.pk])
    assert chief.get(compare, {"dengan": ENDLESS}).status_code == 200
    assert chief.get(compare, {"dengan": "9" * 18}).status_code == 404
    section = reverse("panel:standard_section", args=[draft.pk, "procedure"])
    sent = {"do": "step-up-finish", "rule-steps-finish": ENDLESS, "rule-steps-guest_book": "1"}
    assert chief.post(section, sent).status_code == 422
