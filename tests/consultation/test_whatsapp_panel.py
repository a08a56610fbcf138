"""The supervisor's page, the tick when asking, the visitor's own way, and what an erasure leaves."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from consultation import whatsapp_out
from consultation.models import Consultation, IncomingWhatsApp
from pst.privacy import workflows as privacy
from services.audit.models import AuditEntry
from services.whatsapp.models import Contact, OptIn, OutgoingWhatsApp
from tests.consultation.whatsapp_support import answer, graph, only, whatsapp, with_template
from tests.whatsapp_server import PHONE, SENDER, body, call, comes, message, work_off

__all__ = ["graph", "whatsapp", "with_template"]
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("offices", "whatsapp", "calendar_of_2026", "stored"),
]
PANEL = "/panel/whatsapp/"
ASK = {
    "question": "Berapa penduduk Kolaka Timur?", "office": "7411", "key": "k1", "name": "Rina",
    "email": "rina@example.test", "phone": "081299990000", "whatsapp": "on", "consent": "on",
}  # fmt: skip


@pytest.fixture
def supervisor(make_user, office) -> Client:
    client = Client()
    client.force_login(
        make_user(office, role="supervisor"), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


def text(response) -> str:
    return response.content.decode()


class TestPanel:
    def test_empty(self, supervisor):
        assert "Tidak ada pesan yang menunggu" in text(supervisor.get(PANEL))

    def test_what_failed_stands_first_and_is_sent_again(self, supervisor, graph, by):
        comes(message("a"))
        graph.faults = [100]
        answer(only(), by)
        work_off()
        page = text(supervisor.get(PANEL))
        assert "Pesan ini ditolak oleh WhatsApp. (100)" in page
        assert PHONE in page
        row = OutgoingWhatsApp.objects.get(state="dead")
        reads = AuditEntry.objects.filter(action="read", target_type="whatsapp.outgoingwhatsapp")
        assert list(reads.values_list("target_id", flat=True)) == [row.pk]
        assert supervisor.post(f"{PANEL}{row.pk}/", {"do": "again"}).status_code == 302
        work_off()
        assert OutgoingWhatsApp.objects.get(pk=row.pk).state == "sent"
        assert supervisor.get(f"{PANEL}?status=apa").status_code == 404

    def test_wrong_signatures_are_counted(self, supervisor):
        call(body(messages=[message()]), secret="salah")
        assert "1 panggilan ditolak" in text(supervisor.get(PANEL))

    def test_without_a_number_it_says_so(self, supervisor, settings):
        settings.CHANNELS_FILE = ""
        assert "belum diatur" in text(supervisor.get(PANEL))

    def test_queries_do_not_grow(self, supervisor, by, django_assert_max_num_queries):
        comes(message("a"))
        for n in range(5):
            answer(only(), by, f"jawaban {n}")
        with django_assert_max_num_queries(13):
            supervisor.get(f"{PANEL}?status=menunggu")


class TestTick:
    def test_recorded_with_when_and_how(self, client, office):
        assert client.post("/konsultasi/tanya/", ASK).status_code == 302
        allowed = OptIn.objects.get()
        assert (allowed.how, allowed.contact.phone, allowed.contact.visitor.name) == ("asked", PHONE, "Rina")
        assert allowed.withdrawn_at is None

    def test_never_ticked_already(self, client, office):
        page = text(client.post("/konsultasi/tanya/", {"step": "more", "question": "x", "office": "7411"}))
        assert 'name="whatsapp"' in page
        assert "checked" not in page.split('name="whatsapp"')[1].split(">")[0]
        client.post("/konsultasi/tanya/", {k: v for k, v in ASK.items() if k != "whatsapp"})
        assert OptIn.objects.count() == 0

    def test_a_number_goes_with_it(self, client, office):
        got = client.post("/konsultasi/tanya/", {**ASK, "phone": ""})
        assert got.status_code == 422
        assert "nomor WhatsApp yang boleh" in text(got)

    def test_nobody_else_takes_back_a_stop(self, client, office):
        comes(message("a"))
        comes(message("b", text={"body": "STOP"}))
        client.post("/konsultasi/tanya/", ASK)
        assert not OptIn.objects.filter(withdrawn_at=None).exists()

    def test_then_an_answer_goes_by_template(self, client, with_template, by):
        client.post("/konsultasi/tanya/", ASK)
        asked = only()
        assert whatsapp_out.reach(asked).how == "template"
        answer(asked, by)
        work_off()
        assert with_template.sent[0]["to"] == SENDER

    def test_without_a_number_of_the_office_it_is_not_asked(self, client, office, settings):
        settings.CHANNELS_FILE = ""
        page = text(client.post("/konsultasi/tanya/", {"step": "more", "question": "x", "office": "7411"}))
        assert 'name="whatsapp"' not in page
        assert client.post("/konsultasi/tanya/", ASK).status_code == 302
        assert Contact.objects.count() == 0


class TestVisitorsWay:
    def page(self, client, code: str = "7411") -> str:
        return text(
            client.post("/konsultasi/tanya/", {"step": "more", "question": "Inflasi?", "office": code})
        )

    def test_a_prepared_chat_with_the_office(self, client):
        assert "https://wa.me/6281111117411?text=Inflasi%3F" in self.page(client)

    def test_without_a_number_set_up_the_mobile_number_it_publishes(self, client, settings):
        settings.CHANNELS_FILE = ""
        assert "https://wa.me/6282188887411?text=Inflasi%3F" in self.page(client)

    def test_a_telephone_in_the_office_has_no_whatsapp(self, offices, settings):
        settings.CHANNELS_FILE = ""
        assert whatsapp_out.number_of(offices["6571"]) == ""


def test_an_erasure_takes_number_permission_and_messages(office, by, graph):
    siti = office.visitors.create(name="Siti Nurhaliza", phone=PHONE)
    comes(message("a"))
    answer(only(), by)
    work_off()
    privacy.fulfil(privacy.receive(siti, kind="erasure", channel="desk", by=by), by=by)
    assert [m.objects.count() for m in (Contact, OptIn, OutgoingWhatsApp, IncomingWhatsApp)] == [0, 0, 0, 0]
    assert Consultation.objects.get().subject == ""


def test_what_is_old_goes(office, by, graph):
    from datetime import timedelta

    from pst.privacy import retention

    comes(message("a"))
    retention.run(timezone.now() + timedelta(days=91))
    assert IncomingWhatsApp.objects.count() == 0
    assert Contact.objects.count() == 1
    retention.run(timezone.now() + timedelta(days=731))
    assert Contact.objects.count() == 0
