"""The supervisor's page of mail that came in."""

from __future__ import annotations

import pytest
from django.test import Client

from consultation.mail_in import keeping, placing
from consultation.models import Consultation, IncomingMail
from services.audit.models import AuditEntry
from tests.consultation.mail_support import comes
from tests.mail.awkward import mail

pytestmark = pytest.mark.django_db
PAGE = "/panel/surat-masuk/"


@pytest.fixture
def supervisor(make_user, office) -> Client:
    client = Client()
    client.force_login(
        make_user(office, role="supervisor"), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


@pytest.fixture
def aside(office) -> IncomingMail:
    return comes(office, "Undangan <b>seminar</b>", List_Id="<x.y>", Subject="Seminar")


@pytest.fixture
def failed(office, monkeypatch) -> IncomingMail:
    def explode(*_args, **_more):
        raise ZeroDivisionError

    kept, _new = keeping.keep(office=office, raw=mail())
    with monkeypatch.context() as patch:
        patch.setattr(placing, "read", explode)
        IncomingMail.objects.update(tries=4)
        keeping.process(kept)
    return IncomingMail.objects.get(state="failed")


def text(response) -> str:
    return response.content.decode()


def test_empty(supervisor):
    assert "Tidak ada surat yang perlu diperiksa" in text(supervisor.get(PAGE))


def test_what_was_set_aside_can_be_read_and_becomes_a_consultation(supervisor, aside):
    page = text(supervisor.get(PAGE))
    assert "Undangan &lt;b&gt;seminar&lt;/b&gt;" in page
    assert AuditEntry.objects.filter(action="read", target_id=aside.pk).count() == 1
    supervisor.post(f"{PAGE}{aside.pk}/", {"do": "take_up"})
    assert Consultation.objects.get().messages.get().body == "Undangan <b>seminar</b>"
    again = supervisor.post(f"{PAGE}{aside.pk}/", {"do": "take_up"}, follow=True)
    assert "sudah berstatus" in text(again)
    assert Consultation.objects.count() == 1


def test_what_failed_is_tried_again(supervisor, failed):
    page = text(supervisor.get(PAGE))
    assert "ZeroDivisionError" in page
    assert "PDRB Kolaka" not in page
    supervisor.post(f"{PAGE}{failed.pk}/", {"do": "again"})
    failed.refresh_from_db()
    assert (failed.state, failed.tries) == ("new", 0)
    assert keeping.process(failed)


def test_dropped(supervisor, aside):
    supervisor.post(f"{PAGE}{aside.pk}/", {"do": "drop"})
    assert "Seminar" in text(supervisor.get(f"{PAGE}?status=diabaikan"))
    assert supervisor.post(f"{PAGE}{aside.pk}/", {"do": "apa"}).status_code == 404
    assert supervisor.get(f"{PAGE}?status=apa").status_code == 404


def test_the_whole_mail_for_a_mail_program(supervisor, aside):
    whole = supervisor.get(f"{PAGE}{aside.pk}/utuh/")
    assert whole["Content-Type"] == "message/rfc822"
    assert whole["Content-Disposition"].startswith("attachment")
    assert whole.content == bytes(aside.raw)


def test_another_offices_mail_is_nowhere(supervisor, offices):
    theirs = comes(offices["1906"], "rahasia", List_Id="<x.y>", Subject="Punya mereka")
    assert "Punya mereka" not in text(supervisor.get(PAGE))
    assert supervisor.get(f"{PAGE}{theirs.pk}/utuh/").status_code == 404
    assert supervisor.post(f"{PAGE}{theirs.pk}/", {"do": "drop"}).status_code == 404
