"""Nobody reads the names of tables and columns: every one of them has a word."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client

from pst.privacy import retention, words, workflows
from services.guestbook.models import Visitor
from tests.guestbook.support import arrive


def test_every_table_and_column_has_a_word():
    policy = retention.policy()
    for rule in policy.rules:
        assert words.table(rule.table)
        for name in (*rule.personal, *rule.statistics):
            if name not in (*words.NOT_SHOWN, *workflows.NOT_TELLING):
                assert "_" not in words.column(rule.table, name)
    for name in policy.elsewhere:
        assert words.table(name)


@pytest.mark.django_db
def test_what_is_kept_as_the_supervisor_reads_it(office, by, make_user):
    visit = arrive(office)
    visit.visitor = Visitor.objects.create(
        office=office, name="Sitti", education="bachelor", phone="+628139999"
    )
    visit.save()
    asked = workflows.receive(
        visit.visitor, kind="access", channel="desk", by=by, at=datetime(2026, 3, 13, 0, 30, tzinfo=UTC)
    )
    client = Client()
    client.force_login(
        make_user(office, role="supervisor"), backend="django.contrib.auth.backends.ModelBackend"
    )
    page = client.get(f"/meja/data-pribadi/{asked.pk}/").content.decode()
    assert "Data diri di buku tamu" in page
    assert "Pendidikan tertinggi" in page
    assert "D4/S1" in page
    assert "guestbook." not in page
    assert "_at" not in page[page.index("Data yang disimpan") :]
    policy = client.get("/panel/data-pribadi/").content.decode()
    assert "<code>" not in policy
    assert "Konsultasi statistik" in policy


@pytest.mark.django_db
def test_a_personal_code_is_masked_on_the_screen_and_whole_in_the_file(office, by):
    visit = arrive(office)
    visit.visitor = Visitor.objects.create(office=office, name="Sitti", personal_code="ABCDEFGH2345")
    visit.save()
    found = workflows.everything(visit.visitor)
    shown = str(words.described(found, office))
    assert "ABCDEFGH" not in shown
    assert "2345" in shown
    assert str(visit.main.service) in shown
    assert found["guestbook.Visitor"][0]["personal_code"] == "ABCDEFGH2345"
