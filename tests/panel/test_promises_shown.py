"""What the page of promises lists: only what is promised, beside the time before, and never a dead link."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from complaints.models import Complaint
from pst.panel.promises import figures
from pst.panel.promises.cases import Scope
from pst.panel.promises.registry import BY_KEY, reason_words, sources
from tests.accounts.world import BACKEND
from tests.panel.worlds import KEPT, MISSED, MONDAY, many, received

pytestmark = pytest.mark.django_db


def test_only_what_the_standards_promise_is_listed_as_a_promise(offices, make_user):
    """Tarakan promises its on-line library at once: that is no promise of answers in working days."""
    tarakan, client = offices["6571"], Client()
    client.force_login(make_user(tarakan, role="supervisor"), backend=BACKEND)
    page = client.get(reverse("panel:promises"))
    assert [row[0].key for row in page.context["rows"]] == ["kunjungan", "buku-tamu"]
    assert len(page.context["absent"]) == 4
    assert sources(BY_KEY["online"], [tarakan.pk]) == []
    assert [s.standard.standard.service.slug for s in sources(BY_KEY["online"], [offices["7411"].pk])] == [
        "consultation"
    ]


def test_every_reason_a_complaint_is_not_counted_for_has_words():
    assert [state for state in Complaint.OVER if reason_words(state).lower() == state] == []


def test_this_time_and_the_one_before_in_one_question(office, library, consultation):
    many([library, consultation], 120, seed=7)
    asked = Scope((office.pk,), since=MONDAY + timedelta(days=21), until=MONDAY + timedelta(days=41))
    for key in ("kunjungan", "buku-tamu"):
        found = figures.now_and_before(BY_KEY[key].find, asked)
        assert found == tuple(figures.tally(BY_KEY[key].find(one)) for one in (asked, asked.before()))
        assert min(one.kept for one in found) > 0


def test_who_serves_nobody_starts_with_all_they_oversee_and_finds_no_dead_links(offices, library, make_user):
    for minutes in (1, 2, 3, 4, 10):
        received(library, MISSED if minutes > 5 else KEPT, minutes * 60)
    client, days = Client(), "dari=2026-03-01&sampai=2026-03-31"
    client.force_login(make_user(library.office.parent.parent, role="supervisor"), backend=BACKEND)
    listed = client.get(f"{reverse('panel:promises')}?{days}")
    assert [row[1].kept for row in listed.context["rows"] if row[0].key == "kunjungan"] == [4]
    side_by_side = client.get(reverse("panel:offices")).content.decode()
    assert f'href="{reverse("panel:promises")}?kantor=7411"' in side_by_side
    one = client.get(f"{reverse('panel:promise', args=['kunjungan'])}?{days}&kantor=7411")
    assert one.context["tally"].kept == 4
    assert reverse("panel:promise_cases", args=["kunjungan"]) not in one.content.decode()
