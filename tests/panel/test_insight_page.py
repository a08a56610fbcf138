"""The page of insight: what is counted of complaints, and of which."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from complaints.models import Element
from complaints.workflows import lodging
from services.audit.actors import VISITOR
from tests.accounts.world import BACKEND

pytestmark = pytest.mark.django_db


def test_complaints_are_counted_by_kind_and_channel_but_not_those_about_who_looks(make_user, offices):
    office = offices["7411"]
    chief = make_user(office, role="supervisor")
    client = Client()
    client.force_login(chief, backend=BACKEND)

    def lodged(kind: str, channel: str = "online", office=office):
        row, _secret = lodging.lodge(office=office, text="Lama", kind=kind, channel=channel, by=VISITOR)
        return row

    for kind, channel in (("service", "online"), ("service", "box"), ("suggestion", "online")):
        last = lodged(kind, channel)
    last.element = Element.values[0]
    last.save(update_fields=["element"])
    lodged("service", office=offices["1906"])
    lodged("service").about.add(chief)
    found = dict(client.get(reverse("panel:insight")).context["complaints"])
    assert [n for _word, n in found["Jenis"]] == [2, 1]
    assert [n for _word, n in found["Saluran"]] == [2, 1]
    assert found["Unsur"] == [(Element.labels[0], 1)]
