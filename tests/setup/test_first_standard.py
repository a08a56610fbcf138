"""A service begun from another office's text: what is that office's own has to be filled in before it is in force."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from services.offices.standards import theirs
from tests.accounts.world import BACKEND


@pytest.mark.parametrize("code", ["1373", "1906", "6571"])
def test_another_offices_text_is_in_force_without_what_is_its_own(make_user, office, offices, code):
    panel = Client()
    panel.force_login(make_user(office, role="supervisor"), backend=BACKEND)
    service = office.services.create(slug="baru", name="Baru", kind="library", prefix="Q")
    there = offices[code]
    page = reverse("setup:standard", args=[service.slug])
    text = panel.get(page, {"dari": there.services.get().standard.pk}).context["form"]["text"].value()
    own = [
        there.phone,
        there.email,
        there.name,
        "24E",
        "025A",
        "0851-8310-6571",
        "081278563877",
        "Syahroni",
        "s.bps.go.id/",
    ]
    assert not [one for one in own if one and one in text]
    refused = panel.post(page, {"text": text, "do": "save"})
    assert (refused.status_code, "Lengkapi dahulu" in refused.content.decode()) == (422, True)
    assert refused.context["form"]["text"].value() == text
    assert panel.post(page, {"text": theirs.BLANK.sub("0401 555", text), "do": "save"}).status_code == 302
    assert service.standards.get().status == "published"
