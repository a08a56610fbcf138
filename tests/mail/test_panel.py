"""The supervisor's page of outgoing mail."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from services.audit.models import AuditEntry
from services.mail import kinds
from services.mail.models import Outgoing
from tests.mail_server import work_off

pytestmark = pytest.mark.django_db
State = Outgoing.State


@pytest.fixture
def supervisor(make_user, office) -> Client:
    client = Client()
    user = make_user(office, role="supervisor")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    client.user_id = user.pk
    return client


@pytest.fixture
def failed(put, mailbox) -> Outgoing:
    mailbox.strangers = {"zubaidah@rahasia.test"}
    row = put()
    work_off()
    mailbox.strangers = set()
    return Outgoing.objects.get(pk=row.pk)


def text(response) -> str:
    return response.content.decode()


def test_empty(supervisor):
    assert "Tidak ada surat yang menunggu" in text(supervisor.get("/panel/surat/"))


def test_dead_letters_stand_first_with_their_reason(supervisor, failed, put):
    put(to="lain@x.id")
    page = text(supervisor.get("/panel/surat/"))
    assert "zubaidah@rahasia.test" in page
    assert "550 5.1.1" in page
    assert "lain@x.id" not in page
    reads = AuditEntry.objects.filter(action="read", target_type="mail.outgoing")
    assert list(reads.values_list("target_id", "user_id")) == [(failed.pk, supervisor.user_id)]
    assert "lain@x.id" in text(supervisor.get("/panel/surat/?status=menunggu"))
    assert supervisor.get("/panel/surat/?status=apa").status_code == 404


def test_another_offices_mail_is_nowhere(supervisor, offices, put, mailbox):
    row = put(office=offices["1906"], to="bukan")
    assert row.state == State.DEAD
    assert "bukan" not in text(supervisor.get("/panel/surat/?status=gagal")).split("<table")[-1]
    assert supervisor.post(f"/panel/surat/{row.pk}/", {"do": "again"}).status_code == 404


def test_sent_again(supervisor, failed, mailbox):
    answer = supervisor.post(f"/panel/surat/{failed.pk}/", {"do": "again"}, follow=True)
    assert "Surat dikirim lagi." in text(answer)
    work_off()
    assert len(mailbox.messages) == 1
    [entry] = AuditEntry.objects.filter(action="mail.again")
    assert entry.user_id == supervisor.user_id
    again = supervisor.post(f"/panel/surat/{failed.pk}/", {"do": "again"}, follow=True)
    assert "tidak dapat dikirim lagi" in text(again)
    assert len(mailbox.messages) == 1


def test_given_up(supervisor, failed):
    supervisor.post(f"/panel/surat/{failed.pk}/", {"do": "drop"})
    failed.refresh_from_db()
    assert (failed.state, failed.text) == (State.DROPPED, "")
    assert supervisor.post(f"/panel/surat/{failed.pk}/", {"do": "other"}).status_code == 404


def test_without_a_server_it_says_so(supervisor, settings):
    settings.MAIL_IS_SENT = False
    assert "Belum ada server e-mail" in text(supervisor.get("/panel/surat/"))


def test_queries_do_not_grow_with_the_mails(supervisor, put, django_assert_max_num_queries):
    for number in range(30):
        put(to=f"x{number}@x.id")
    with django_assert_max_num_queries(16):
        assert "x29@x.id" in text(supervisor.get("/panel/surat/"))


def test_each_mail_can_be_looked_at(supervisor):
    page = text(supervisor.get("/panel/surat/contoh/"))
    for kind in kinds.all_kinds():
        assert f"/panel/surat/contoh/{kind.name}/" in page
        shown = text(supervisor.get(f"/panel/surat/contoh/{kind.name}/"))
        assert shown.count("<iframe") == 2
        assert 'sandbox title="' in shown
    assert supervisor.get("/panel/surat/contoh/lain/").status_code == 404


def test_the_frame_has_a_policy_of_its_own(supervisor):
    answer = supervisor.get("/panel/surat/contoh/consultation_answered/en/")
    policy = answer["Content-Security-Policy"]
    assert re.match("default-src 'none'; style-src 'sha256-[A-Za-z0-9+/=]+'; sandbox", policy)
    assert "script-src" not in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert '<html lang="en">' in text(answer)
    assert supervisor.get("/panel/surat/contoh/consultation_answered/xx/").status_code == 404
    # The page around it keeps the site's policy.
    assert "unsafe-inline" not in supervisor.get("/panel/surat/contoh/")["Content-Security-Policy"]
