"""What becomes of a WhatsApp message: the right thread, the right person, a receipt, its file."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from consultation.models import Consultation, HandOver, IncomingWhatsApp, Message
from consultation.whatsapp_in import keeping, media
from consultation.workflows import ending
from services import virus
from services.whatsapp.models import Contact, OptIn, OutgoingWhatsApp
from tests.consultation.file_samples import PDF
from tests.consultation.support import ask, fresh
from tests.consultation.whatsapp_support import answer, graph, only, whatsapp
from tests.whatsapp_server import OTHER_ID, PHONE, comes, message, work_off

__all__ = ["graph", "whatsapp"]
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("offices", "whatsapp", "calendar_of_2026", "stored"),
]


@pytest.fixture
def siti(office):
    return office.visitors.create(name="Siti Nurhaliza", phone=PHONE)


def said(wamid: str) -> str:
    return Message.objects.get(incoming_whatsapp__wamid=wamid).body


class TestThread:
    def test_the_first_opens_and_the_next_go_on(self):
        comes(message("a"), message("b", text={"body": "Tahun 2024."}))
        asked = only()
        assert (asked.channel, asked.subject, asked.state) == ("whatsapp", "Berapa PDRB 2024?", "submitted")
        assert [m.body for m in asked.messages.all()] == ["Berapa PDRB 2024?", "Tahun 2024."]
        assert asked.messages.first().address == PHONE

    def test_in_the_order_in_which_they_were_written(self):
        now = time.time()
        comes(message("b", at=now - 5, text={"body": "dua"}), work=False)
        comes(message("a", at=now - 10, text={"body": "satu"}))
        assert [m.body for m in only().messages.order_by("pk")] == ["satu", "dua"]

    def test_its_clock_runs_from_when_it_was_written(self):
        at = datetime(2026, 6, 8, 2, tzinfo=UTC)
        comes(message(at=at.timestamp()))
        assert only().submitted_at == at

    def test_a_quoted_answer_decides(self, by):
        comes(message("a"))
        first = only()
        ours = answer(first, by)
        work_off()
        ending.close(fresh(first), by=by)
        comes(message("b", text={"body": "Hal lain"}, context={"id": "x"}))  # lately closed: opens again
        assert fresh(first).state == "reopened"
        quoted = again_id(ours)
        answer(first, by)
        ending.close(fresh(first), by=by)
        Consultation.objects.filter(pk=first.pk).update(ended_at=timezone.now() - timedelta(days=40))
        comes(message("c", text={"body": "Baru"}))
        assert Consultation.objects.count() == 2
        comes(message("d", text={"body": "Terima kasih"}, context={"id": quoted}))
        assert Message.objects.get(incoming_whatsapp__wamid="d").consultation == first
        assert fresh(first).state == "reopened"

    def test_a_quoted_message_of_another_number_is_not_believed(self):
        comes(message("a"))
        comes(message("b", sender="6281299991111", context={"id": "a"}), sender="6281299991111")
        assert Consultation.objects.count() == 2

    def test_the_newest_open_one(self, by):
        comes(message("a"))
        first = only()
        ending.close(first, by=by)
        Consultation.objects.filter(pk=first.pk).update(ended_at=timezone.now() - timedelta(days=40))
        comes(message("b", text={"body": "Inflasi?"}))
        comes(message("c", text={"body": "Bulan lalu."}))
        second = Consultation.objects.exclude(pk=first.pk).get()
        assert [m.body for m in second.messages.filter(kind="visitor")] == ["Inflasi?", "Bulan lalu."]

    def test_another_office_is_another_consultation(self):
        comes(message("a"))
        comes(message("b"), number=OTHER_ID)
        assert sorted(Consultation.objects.values_list("office__code", flat=True)) == ["1906", "7411"]

    def test_handed_over_it_goes_on_there(self, offices):
        comes(message("a"))
        asked = only()
        HandOver.objects.create(
            consultation=asked, from_office=asked.office, to_office=offices["1906"], at=timezone.now()
        )
        Consultation.objects.filter(pk=asked.pk).update(office=offices["1906"])
        comes(message("b"))
        assert Message.objects.get(incoming_whatsapp__wamid="b").consultation == asked

    def test_in_a_thread_begun_elsewhere_once_an_answer_went_by_whatsapp(self, office, by, siti):
        asked = ask(office, timezone.now(), visitor=siti)
        contact = Contact.objects.create(office=office, phone=PHONE, touched_at=timezone.now(), visitor=siti,
                                         last_wrote_at=timezone.now())  # fmt: skip
        OptIn.objects.create(contact=contact, how="asked", at=timezone.now())
        answer(asked, by)
        work_off()
        comes(message("b"))
        assert Message.objects.get(incoming_whatsapp__wamid="b").consultation == asked


def again_id(message: Message) -> str:
    return Message.objects.get(pk=message.pk).outside_id


class TestPerson:
    def test_by_number_and_name(self, siti):
        comes(message())
        assert only().visitor == siti
        assert only().messages.get(kind="visitor").address == ""
        assert Contact.objects.get().visitor == siti

    @pytest.mark.parametrize("owned", [{"email": "orang@example.test"}, {"account": True}])
    def test_never_a_record_that_somebody_reads_elsewhere(self, siti, make_user, owned):
        """A stranger fills in a form with her number and name, and a mailbox or account of their own."""
        if "account" in owned:
            siti.account = make_user()
        siti.email = owned.get("email", "")
        siti.save()
        comes(message("a"))
        assert (only().visitor, Contact.objects.get().visitor) == (None, None)

    def test_by_the_number_alone_nobody(self, siti):
        """A family shares a phone: what one of them asks is not another's."""
        comes(message(), name="Budi Santoso")
        assert only().visitor is None

    def test_another_offices_visitor_is_unknown_here(self, offices):
        offices["1906"].visitors.create(name="Siti Nurhaliza", phone=PHONE)
        comes(message())
        assert only().visitor is None

    def test_namesakes_with_mailboxes_of_their_own_are_nobody(self, office, siti):
        office.visitors.create(name="Siti Nurhaliza", phone=PHONE, email="lain@example.test")
        comes(message())
        assert only().visitor is None


KINDS = [
    ("text", {"text": {"body": "Halo"}}, "Halo"),
    ("button", {"button": {"text": "Ya", "payload": "Y"}}, "Ya"),
    ("interactive", {"interactive": {"type": "button_reply", "button_reply": {"id": "1", "title": "Setuju"}}}, "Setuju"),
    ("interactive", {"interactive": {"list_reply": {"title": "PDRB", "description": "2024"}}}, "PDRB\n2024"),
    ("location", {"location": {"latitude": -4.05, "longitude": 121.6, "name": "Kantor", "address": "Tirawuta"}},
     "Lokasi: Kantor, Tirawuta · -4.05000, 121.60000"),
    ("contacts", {"contacts": [{"name": {"formatted_name": "Budi"}, "phones": [{"phone": "+62811"}]}]},
     "Kontak:\nBudi · +62811"),
    ("unsupported", {"errors": [{"code": 131051}]}, "unsupported"),
    ("poll", {"poll": {}}, "poll"),
    ("image", {"image": {"caption": "Ini formulirnya"}}, "Ini formulirnya"),
    ("sticker", {"sticker": {}}, "(Stiker)"),
    ("audio", {"audio": {}}, "(Rekaman suara)"),
    ("video", {"video": {}}, "(Video)"),
    ("document", {"document": {}}, "(Dokumen)"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "told", "words"), KINDS)
def test_each_kind_says_something(kind, told, words):
    comes(message(kind=kind, **told))
    assert words in said("wamid.1")


class TestSilent:
    def test_a_reaction_is_a_note_and_opens_nothing(self, by):
        comes(message("r", "reaction", reaction={"message_id": "x", "emoji": "👍"}))
        assert Consultation.objects.count() == 0
        comes(message("a"))
        asked = only()
        answer(asked, by)
        work_off()
        ours = OutgoingWhatsApp.objects.get(kind="answered").wamid
        comes(message("s", "reaction", reaction={"message_id": ours, "emoji": "👍"}))
        assert fresh(asked).state == "answered"
        assert "👍" in asked.messages.get(kind="note").body
        comes(message("t", "reaction", reaction={"message_id": ours}))  # taken back
        assert asked.messages.filter(kind="note").count() == 1

    def test_a_reaction_does_not_open_the_window(self):
        comes(message("r", "reaction", reaction={"message_id": "x", "emoji": "👍"}))
        assert Contact.objects.get().last_wrote_at is None
        assert OptIn.objects.count() == 0


class TestReceipt:
    def test_one_a_day_for_a_number_unknown_with_the_way_to_register(self, graph, by):
        comes(message("a"))
        assert len(graph.bodies()) == 1
        assert only().number in graph.bodies()[0]
        assert "/akun/daftar/" in graph.bodies()[0]
        assert graph.sent[0]["context"] == {"message_id": "a"}
        for n in range(3):
            ending.close(fresh(Consultation.objects.first()), by=by)
            Consultation.objects.update(ended_at=timezone.now() - timedelta(days=40))
            comes(message(f"b{n}"))
        assert Consultation.objects.count() == 4
        assert len(graph.bodies()) == 1

    def test_a_known_person_is_not_asked_to_register(self, graph, siti):
        comes(message())
        assert "/akun/daftar/" not in graph.bodies()[0]
        assert "hari kerja" in graph.bodies()[0]

    def test_in_their_language(self, graph):
        comes(message(text={"body": "Could you please tell me the population of the regency?"}))
        assert only().language == "en"

    def test_what_comes_a_day_late_gets_none(self, graph):
        comes(message(at=time.time() - 90_000))
        assert graph.sent == []


class TestStop:
    @pytest.mark.parametrize("word", ["STOP", "berhenti", " Berhenti. ", "Stop!"])
    def test_it_withdraws_and_nothing_goes_any_more(self, word, graph, by):
        comes(message("a"))
        comes(message("b", text={"body": word}))
        assert OptIn.objects.get().withdrawn_at is not None
        assert "tidak dikirimi" in only().messages.get(kind="note").body
        before = len(graph.sent)
        written = answer(only(), by)
        work_off()
        assert len(graph.sent) == before
        assert Message.objects.get(pk=written.pk).delivery == "failed"

    def test_who_writes_again_allows_again(self):
        comes(message("a"))
        comes(message("b", text={"body": "STOP"}))
        comes(message("c", text={"body": "Ternyata masih ada satu pertanyaan"}))
        assert OptIn.objects.get(withdrawn_at=None).how == "wrote"
        assert OptIn.objects.count() == 2

    def test_a_sentence_with_the_word_is_a_sentence(self):
        comes(message(text={"body": "Kapan survei berhenti?"}))
        assert only().messages.get(kind="visitor").body == "Kapan survei berhenti?"


class TestFiles:
    def came(self, graph, content: bytes = PDF, *, kind: str = "document", **more):
        graph.files["77"] = content
        comes(
            message(
                kind=kind,
                **{kind: {"id": "77", "mime_type": "application/pdf", "filename": "surat.pdf", **more}},
            )
        )
        return only().attachments.get()

    def test_fetched_checked_and_ready(self, graph):
        file = self.came(graph)
        assert (file.name, file.state, file.content_type, file.size) == (
            "surat.pdf",
            "ready",
            "application/pdf",
            len(PDF),
        )
        assert file.file.read() == PDF
        assert graph.tokens == {"Bearer rahasia-token"}
        assert IncomingWhatsApp.objects.get().media == "fetched"

    def test_a_voice_note_can_be_heard(self, graph):
        file = self.came(graph, b"OggS" + b"\0" * 24 + b"OpusHead" + b"\0" * 50, kind="audio", filename="")
        assert (file.content_type, file.state) == ("audio/ogg", "ready")

    def test_told_by_its_content(self, graph):
        file = self.came(graph, b"MZ\x90\0" * 50, filename="foto.jpg")
        assert (file.state, file.refused) == ("refused", "kind")
        assert not file.file

    @pytest.mark.parametrize("fault", ["expired", "500", "wrong"])
    def test_what_fails_is_fetched_later(self, graph, fault):
        graph.file_faults = [fault] * (2 if fault == "expired" else 1)
        file = self.came(graph)
        assert (file.state, file.refused) == ("checking", "fetching")
        assert media.sweep() == 0
        media.sweep(timezone.now() + timedelta(minutes=6))
        work_off()
        file.refresh_from_db()
        assert file.state == "ready"

    def test_an_address_that_has_expired_is_asked_for_anew_at_once(self, graph):
        graph.file_faults = ["expired"]
        assert self.came(graph).state == "ready"
        assert len(graph.asked) == 4

    @pytest.mark.parametrize("fault", ["elsewhere", "redirect"])
    def test_nowhere_else(self, graph, fault):
        """An address inside our own network, or of anybody else's, is not asked, and gets no token."""
        graph.file_faults = [fault]
        file = self.came(graph)
        assert (file.state, file.refused) == ("refused", "not_fetched")
        assert all("/files/" in path or "/v23.0/" in path for path in graph.asked)

    def test_given_up_it_is_said(self, graph):
        graph.file_faults = ["500"] * 100
        file = self.came(graph)
        at = timezone.now()
        for _n in range(20):
            at += timedelta(days=2)
            media.sweep(at)
        file.refresh_from_db()
        assert (file.state, file.refused) == ("refused", "not_fetched")
        assert "tidak dapat diambil" in file.refused_words

    def test_an_id_that_meta_does_not_know_any_more(self, graph):
        comes(message(kind="image", image={"id": "404"}))
        assert only().attachments.get().refused == "not_fetched"

    def test_an_id_that_is_a_path_is_not_asked(self, graph):
        comes(message(kind="image", image={"id": "../me/accounts"}))
        assert only().attachments.get().refused == "not_fetched"
        assert graph.asked == []

    def test_too_large(self, graph, settings):
        settings.ATTACHMENT_MOST_BYTES = 100
        assert self.came(graph, b"%PDF-" + b"x" * 200).refused == "too_large"

    def test_a_virus(self, graph, monkeypatch):

        def found(_file):
            raise virus.Infected("Eicar")

        monkeypatch.setattr(virus, "scan", found)
        assert self.came(graph).refused == "virus"


class TestFailures:
    def test_a_failure_loses_nothing_and_doubles_nothing(self, monkeypatch):
        from consultation.whatsapp_in import placing

        def broken(*_args):
            raise RuntimeError("isi pesan")

        with monkeypatch.context() as patch:
            patch.setattr(placing, "place", broken)
            comes(message())
        row = IncomingWhatsApp.objects.get()
        assert (row.state, row.problem, Consultation.objects.count()) == ("new", "RuntimeError", 0)
        assert keeping.process(at=timezone.now() + timedelta(minutes=2)) == 1
        assert keeping.process(at=timezone.now() + timedelta(minutes=9)) == 0
        assert Message.objects.filter(kind="visitor").count() == 1

    def test_one_whose_job_was_lost_is_found(self):
        comes(message(), work=False)
        assert keeping.process() == 0  # its job may still come
        assert keeping.process(at=timezone.now() + timedelta(minutes=3)) == 1

    def test_given_up_it_waits_for_a_supervisor(self, monkeypatch, by):
        from consultation.whatsapp_in import placing

        def broken(*_args):
            raise RuntimeError

        with monkeypatch.context() as patch:
            patch.setattr(placing, "place", broken)
            comes(message())
            for n in range(1, 9):
                keeping.process(at=timezone.now() + timedelta(days=n))
        row = IncomingWhatsApp.objects.get()
        assert (row.state, row.tries) == ("failed", 5)
        keeping.again(row, by=by)
        work_off()
        assert Consultation.objects.count() == 1
