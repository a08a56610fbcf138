"""What the office's public page says of its promises: whole periods, services apart, nothing below five."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from pst.panel.promises import published
from services.audit.actors import SYSTEM
from services.audit.models import AuditEntry
from tests.panel.worlds import KEPT, MISSED, received

pytestmark = pytest.mark.django_db


class TestPublished:
    def test_only_complete_periods_services_apart_and_never_below_five(
        self, office, library, consultation, chief, client
    ):
        today = office.today()
        last = today.replace(day=1) - timedelta(days=1)
        at = datetime(last.year, last.month, 2, 2, tzinfo=UTC)
        for n in range(8):
            received(library, KEPT if n else MISSED, at=at)
        for _n in range(4):
            received(consultation, KEPT, at=at)
        page = office.get_absolute_url()
        assert "data-promises-kept" not in client.get(page).content.decode()
        assert chief.post(reverse("panel:promise_public"), {"period": "month"}).status_code == 302
        shown = client.get(page).content.decode().split("data-promises-kept")[1].split("</ul>")[0]
        assert "88 % dari 8" in shown
        assert "belum cukup data" in shown
        assert " 4" not in shown
        entry = AuditEntry.objects.get(action="setting.public_promises")
        assert entry.detail == {"changed": {"period": ["", "month"]}}

    def test_of_two_who_choose_at_once_the_second_is_told(self, chief, office):
        address = reverse("panel:promise_public")
        seen = chief.get(address).context["form"]["seen"].value()
        published.save(office, period="year", by=SYSTEM)
        told = chief.post(address, {"period": "month", "seen": seen})
        assert told.status_code == 422
        assert "Baru saja diubah orang lain" in told.content.decode()
        assert office.published_promises.period == "year"
        again = {"period": "month", "seen": told.context["form"]["seen"].value()}
        assert chief.post(address, again).status_code == 302

    def test_periods(self, office):
        day = date(2026, 5, 20)
        assert published.last_complete("month", day) == (date(2026, 4, 1), date(2026, 4, 30))
        assert published.last_complete("quarter", day) == (date(2026, 1, 1), date(2026, 3, 31))
        assert published.last_complete("quarter", date(2026, 1, 1)) == (date(2025, 10, 1), date(2025, 12, 31))
        assert published.last_complete("year", day) == (date(2025, 1, 1), date(2025, 12, 31))
        published.save(office, period="", by=SYSTEM)
        assert published.shown(office) == ("", [])
