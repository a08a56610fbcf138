"""The officer's page of one consultation: writing, colliding, attaching, what another office sees."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consultation import files
from consultation.models import CannedAnswer, Consultation, Message, Presence
from consultation.workflows import assigning, handover, onsite, thread
from queueing.workflows.issue import issue
from services.accounts.models import User
from services.audit.models import AuditEntry
from services.guestbook.models import Visitor
from tests.consultation.support import ask, at, fresh, say, seen

pytestmark = pytest.mark.usefixtures("calendar_of_2026")
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def sitti(office) -> Visitor:
    return Visitor.objects.create(office=office, name="Sitti Rahma", email="sitti@example.test")


@pytest.fixture
def asked(office, sitti) -> Consultation:
    return ask(office, timezone.now(), visitor=sitti, wanted=[{"topic": "PDRB", "years": "2020–2024"}])


def page(consultation: Consultation, name: str = "thread_desk", *more) -> str:
    return reverse(f"consultation:{name}", args=[consultation.number, *more])


def post(client: Client, consultation: Consultation, what: str = "answer", **form):
    given = {"body": "Ini jawabannya.", "seen": seen(consultation), "what": what, "channel": "portal"}
    return client.post(page(consultation), given | form)


class TestPage:
    def test_says_who_asked_what_and_by_which_rule_it_is_due(self, desk, asked):
        text = desk.get(page(asked)).content.decode()
        for words in ("Sitti Rahma", "Berapa PDRB 2024?", "PDRB, 2020–2024", "3 hari kerja sejak diajukan"):
            assert words in text
        assert "Konsultasi Statistik: Waktu Penyelesaian butir 2" in text

    def test_opening_it_is_logged_once_its_fragment_not(self, desk, asked):
        desk.get(page(asked))
        desk.get(page(asked), headers={"HX-Request": "true"})
        desk.post(page(asked, "thread_presence"), {"body": "", "seen": "0"})
        assert AuditEntry.objects.filter(action="read", target_id=asked.pk).count() == 1

    def test_the_fragment_is_the_talk_only(self, desk, asked):
        text = desk.get(page(asked), headers={"HX-Request": "true"}).content.decode()
        assert "Berapa PDRB 2024?" in text
        assert "<form" not in text

    def test_an_answered_one_says_when_it_closes_and_why(self, desk, asked, by):
        thread.answer(asked, "Ini.", by=by, seen=seen(asked))
        text = desk.get(page(asked)).content.decode()
        assert "Ditutup otomatis" in text
        assert "3 hari kerja tanpa tanggapan pengguna" in text

    def test_what_was_noted_in_the_office_leads_to_its_record(self, desk, office, by):
        service = office.services.get(slug="consultation")
        received = issue(office=office, service=service, submission="s", by=by).received
        record = onsite.write(received, question="Peta?", answer="", seen="", by=by)
        text = desk.get(page(record)).content.decode()
        assert reverse("consultation:onsite", args=[received.pk]) in text
        assert page(record) in desk.get(reverse("consultation:onsite", args=[received.pk])).content.decode()


class TestWriting:
    @pytest.mark.parametrize(
        ("what", "state", "kind"), [("answer", "answered", "officer"), ("ask", "waiting", "officer"), ("note", "submitted", "note")]
    )  # fmt: skip
    def test_answer_question_and_note(self, desk, asked, what, state, kind):
        assert post(desk, asked, what).status_code == 302
        assert (fresh(asked).state, asked.messages.last().kind) == (state, kind)

    def test_what_came_in_meanwhile_is_shown_and_nothing_typed_is_lost(self, desk, asked, frontliner):
        old = seen(asked)
        say(asked, f"{timezone.now():%Y-%m-%d} 10:00", "Yang 2023 juga, ya.")
        answer = post(desk, asked, seen=old)
        text = answer.content.decode()
        assert answer.status_code == 422
        assert "Yang 2023 juga, ya." in text
        assert "Ini jawabannya.</textarea>" in text
        assert Presence.objects.get(user=frontliner).draft == "Ini jawabannya."
        assert not asked.messages.filter(kind=Message.Kind.OFFICER).exists()
        again = post(desk, asked, seen=answer.context["form"]["seen"].value())
        assert again.status_code == 302
        assert fresh(asked).state == "answered"

    def test_nothing_written_is_refused(self, desk, asked):
        assert post(desk, asked, body="  ").status_code == 422
        assert post(desk, asked, "shout").status_code == 404

    def test_what_is_over_is_not_answered_and_says_so(self, desk, asked):
        desk.post(page(asked, "thread_act", "tutup"), {"why": "Salah alamat"})
        assert fresh(asked).state == "closed"
        answer = post(desk, asked)
        assert answer.status_code == 422
        assert asked.steps.last().why == "Salah alamat"

    def test_a_file_and_a_publication_go_with_it(self, desk, asked, django_capture_on_commit_callbacks):
        file = SimpleUploadedFile("tabel.csv", b"tahun,pdrb\n2024,1\n", "text/csv")
        address = "/pustaka/12/kolaka-timur-dalam-angka-2024/"
        form = {
            "attached": file,
            "publication": address,
            "publication_title": "Kolaka Timur Dalam Angka 2024",
        }
        assert post(desk, asked, **form).status_code == 302
        taken, item = asked.messages.last().attachments.all()
        assert (taken.name, taken.state) == ("tabel.csv", "checking")
        assert (item.name, item.publication, item.address) == ("Kolaka Timur Dalam Angka 2024", 12, address)
        assert address in desk.get(page(asked)).content.decode()

    def test_a_program_is_refused_and_nothing_is_sent(self, desk, asked):
        file = SimpleUploadedFile("data.exe", b"MZ\x90\x00" + b"\0" * 100, "application/octet-stream")
        answer = post(desk, asked, attached=file)
        assert answer.status_code == 422
        assert asked.messages.count() == 1
        assert "Ini jawabannya.</textarea>" in answer.content.decode()

    @pytest.mark.parametrize("typed", ["/cari/", "https://example.test/pustaka/1/x", "Kolaka Timur"])
    def test_what_is_no_publication_is_refused(self, desk, asked, typed):
        assert post(desk, asked, publication_title=typed).status_code == 422
        assert asked.messages.count() == 1

    def test_a_publications_address_is_enough(self, desk, asked):
        post(desk, asked, publication_title="http://testserver/pustaka/7/statistik-daerah/")
        item = asked.messages.last().attachments.get()
        assert (item.name, item.publication, item.address) == (
            "Statistik daerah",
            7,
            "/pustaka/7/statistik-daerah/",
        )


class TestColleagues:
    @pytest.fixture
    def colleague(self, office, make_user) -> Client:
        client = Client()
        client.force_login(make_user(office), backend=BACKEND)
        return client

    def test_somebody_else_is_writing(self, desk, colleague, asked, frontliner):
        there = desk.post(page(asked, "thread_presence"), {"body": "Menurut", "seen": seen(asked)})
        assert "sedang menulis" not in there.content.decode()  # not to oneself
        seen_by_other = colleague.post(page(asked, "thread_presence"), {"body": "", "seen": seen(asked)})
        assert f"{frontliner} sedang menulis jawaban" in seen_by_other.content.decode()
        assert f"{frontliner} sedang menulis jawaban" in colleague.get(page(asked)).content.decode()

    def test_a_minute_ago_is_not_now(self, desk, colleague, asked, frontliner):
        desk.post(page(asked, "thread_presence"), {"body": "Menurut", "seen": seen(asked)})
        Presence.objects.update(at=timezone.now() - Presence.FRESH)
        assert "sedang menulis" not in colleague.get(page(asked)).content.decode()

    def test_what_was_typed_survives_a_reload_and_goes_with_the_answer(self, desk, colleague, asked):
        desk.post(page(asked, "thread_presence"), {"body": "Menurut publikasi", "seen": seen(asked)})
        assert "Menurut publikasi</textarea>" in desk.get(page(asked)).content.decode()
        assert "Menurut publikasi" not in colleague.get(page(asked)).content.decode()
        post(desk, asked)
        assert "Menurut publikasi" not in desk.get(page(asked)).content.decode()

    def test_the_page_that_is_left_does_not_bring_the_answer_back(self, desk, colleague, asked, frontliner):
        old = seen(asked)
        post(desk, asked, body="Menurut\r\npublikasi")
        desk.post(page(asked, "thread_presence"), {"body": "Menurut\npublikasi ", "seen": old})
        assert "Menurut\npublikasi</textarea>" not in desk.get(page(asked)).content.decode()
        assert "sedang menulis" not in colleague.get(page(asked)).content.decode()
        desk.post(page(asked, "thread_presence"), {"body": "Sesudah itu", "seen": old})
        assert "Sesudah itu</textarea>" in desk.get(page(asked)).content.decode()

    def test_files_that_were_chosen_are_asked_for_again(self, desk, office, asked):
        ready = CannedAnswer.objects.create(
            office=office, title="Salam", body="Halo", updated_at=timezone.now()
        )
        chosen = {"canned": str(ready.pk), "attached": SimpleUploadedFile("tabel.csv", b"a,b\n1,2\n")}
        text = post(desk, asked, "canned", **chosen).content.decode()
        assert "Halo</textarea>" in text
        assert "Pilih berkasnya sekali lagi." in text
        assert "Pilih berkasnya" not in post(desk, asked, "canned", canned=str(ready.pk)).content.decode()

    def test_new_messages_are_told(self, desk, colleague, asked):
        old = seen(asked)
        post(colleague, asked, "note")
        text = desk.post(page(asked, "thread_presence"), {"body": "", "seen": old}).content.decode()
        assert "1 pesan baru" in text

    def test_taking_over_and_letting_go(self, desk, asked, frontliner, office, make_user):
        other = make_user(office)
        desk.post(page(asked, "thread_act", "tugaskan"), {"officer": other.pk})
        assert fresh(asked).officer == other
        desk.post(page(asked, "thread_act", "ambil"))
        assert fresh(asked).officer == frontliner
        desk.post(page(asked, "thread_act", "lepas"))
        assert (fresh(asked).officer, fresh(asked).state) == (None, "submitted")

    def test_not_to_somebody_elsewhere(self, desk, asked, offices, make_user):
        stranger = make_user(offices["1906"])
        assert desk.post(page(asked, "thread_act", "tugaskan"), {"officer": stranger.pk}).status_code == 404
        assert fresh(asked).officer is None


class TestCanned:
    def test_put_behind_what_was_typed_with_its_fields_filled_in(self, desk, asked, office, frontliner):
        text = "Yth. {nama}, tentang {nomor}: {lain}. {petugas}, {kantor}"
        answer = CannedAnswer.objects.create(
            office=office, title="Salam", body=text, updated_at=timezone.now()
        )
        got = post(desk, asked, "canned", canned=answer.pk, body="Selamat pagi.")
        body = got.context["form"]["body"].value()
        assert body == (
            f"Selamat pagi.\n\nYth. Sitti Rahma, tentang {asked.number}: {{lain}}. {frontliner}, {office.name}"
        )
        assert asked.messages.count() == 1
        assert CannedAnswer.objects.get().used == 1

    def test_an_unknown_field_is_named(self, desk, office):
        form = {"title": "Salam", "body": "Yth. {nama} dan {alamat}"}
        got = desk.post(reverse("consultation:canned"), form)
        assert got.status_code == 422
        assert "{alamat}" in str(got.context["form"].errors["body"])
        desk.post(reverse("consultation:canned"), form | {"body": "Yth. {nama}"})
        answer = office.canned_answers.get()
        assert (
            desk.post(reverse("consultation:canned"), form | {"body": "x"}).status_code == 422
        )  # same title
        desk.post(reverse("consultation:canned_edit", args=[answer.pk]), form | {"body": "Halo {nama}"})
        assert office.canned_answers.get().body == "Halo {nama}"
        desk.post(reverse("consultation:canned_delete", args=[answer.pk]))
        assert not office.canned_answers.exists()

    def test_offered_in_the_page_without_a_script(self, desk, asked, office):
        CannedAnswer.objects.create(office=office, title="Salam", body="Halo", updated_at=timezone.now())
        assert "Salam" in desk.get(f"{page(asked)}?siap=1").content.decode()
        assert "Salam" in desk.get(page(asked, "thread_canned")).content.decode()


class TestManaging:
    def test_filing(self, desk, asked):
        form = {"subject": "PDRB Koltim", "tags": "PDRB, kbli 47111,  pdrb ", "reference": "S-12"}
        assert desk.post(page(asked, "thread_manage"), form).status_code == 302
        found = fresh(asked)
        assert (found.subject, found.tags, found.reference) == ("PDRB Koltim", ["PDRB", "kbli 47111"], "S-12")

    def test_merging_asks_when_they_are_two_people(self, desk, asked, office):
        other = ask(office, timezone.now())
        assert desk.post(page(asked, "thread_merge"), {"number": "K7411-99-1"}).status_code == 422
        refused = desk.post(page(asked, "thread_merge"), {"number": other.number})
        assert refused.status_code == 422
        assert "orangnya sama" in refused.content.decode()
        desk.post(page(asked, "thread_merge"), {"number": other.number[1:].lower(), "confirmed": "on"})
        assert fresh(other).merged_into == asked
        assert asked.number in desk.get(page(other)).content.decode()

    def test_splitting(self, desk, asked):
        say(asked, f"{timezone.now():%Y-%m-%d} 10:00", "Lain lagi: jumlah sekolah?")
        question = asked.messages.get(body__startswith="Lain")
        assert desk.post(page(asked, "thread_split"), {}).status_code == 422
        went = desk.post(page(asked, "thread_split"), {"message": question.pk, "subject": "Sekolah"})
        new = Consultation.objects.get(split_from=asked)
        assert went.headers["Location"] == page(new)
        assert new.subject == "Sekolah"

    def test_handed_over_the_old_office_sees_the_number_and_where_it_went(
        self, desk, asked, offices, make_user
    ):
        form = {"to": "6571 BPS Kota Tarakan", "why": "Datanya ada di sana."}
        assert desk.post(page(asked, "thread_hand_over"), form).status_code == 302
        text = desk.get(page(asked)).content.decode()
        assert asked.number in text
        assert offices["6571"].name in text
        for hidden in ("Berapa PDRB", "Sitti", "Datanya ada"):
            assert hidden not in text
        for name in ("thread_manage", "thread_history", "thread_merge", "thread_split", "thread_hand_over"):
            assert desk.get(page(asked, name)).status_code == 404
        assert post(desk, asked).status_code == 404
        listed = desk.get(reverse("consultation:list"), {"lihat": "dialihkan"}).content.decode()
        assert asked.number in listed
        there = Client()
        there.force_login(make_user(offices["6571"]), backend=BACKEND)
        shown = there.get(page(asked)).content.decode()
        assert "Datanya ada di sana." in shown

    @pytest.mark.parametrize("form", [{"to": "9999 Tidak Ada"}, {"to": ""}, {"to": "0000"}])
    def test_to_nowhere(self, desk, asked, form):
        assert desk.post(page(asked, "thread_hand_over"), form | {"why": "x"}).status_code == 422

    def test_history_tells_everything(self, desk, asked, by, offices):
        assigning.assign(asked, by_user(by), by=by)
        desk.get(page(asked))
        text = desk.get(page(asked, "thread_history")).content.decode()
        for words in (
            "dibaca",
            "ditugaskan",
            "Pertanyaan diterima",
            "Batas jawaban",
            "Berjalan",
            "Ditangani",
        ):
            assert words in text

    def test_a_file_of_another_consultation_is_not_given(self, desk, asked, office, by):
        other = ask(office, timezone.now())
        taken = files.take(
            other, other.messages.get(), SimpleUploadedFile("a.csv", b"a,b\n1,2\n"), name="a.csv", by=by
        )
        assert desk.get(page(asked, "thread_file", taken.pk)).status_code == 404
        assert desk.get(page(other, "thread_file", taken.pk)).status_code == 404  # not checked yet
        files.check(taken.pk)
        got = desk.get(page(other, "thread_file", taken.pk))
        assert b"".join(got.streaming_content) == b"a,b\n1,2\n"


def by_user(by):
    return User.objects.get(pk=by.user_id)


class TestLogging:
    def form(self, **more) -> dict:
        return {
            "channel": "phone",
            "question": "Inflasi?",
            "answer": "Dua.",
            "key": "k1",
            "promised": "on",
        } | more

    def test_a_call_is_a_consultation(self, desk, office, frontliner):
        desk.post(reverse("consultation:log"), self.form(name="La Ode", phone="081234567890", finished="on"))
        made = office.consultations.get()
        assert (made.state, made.channel, made.officer, made.visitor.phone) == (
            "closed", "phone", frontliner, "+6281234567890",
        )  # fmt: skip

    def test_somebody_recognised(self, desk, office, sitti):
        found = desk.post(reverse("consultation:log_who"), {"asked": "sitti@example.test"})
        text = found.content.decode()
        assert "Sitti" not in text
        assert "S•••i" in text
        key = text.split("dikenal=")[1].split('"')[0]
        assert "Sitti Rahma" in desk.get(f"{reverse('consultation:log')}?dikenal={key}").content.decode()
        desk.post(reverse("consultation:log"), self.form(known=key))
        assert office.consultations.get().visitor == sitti
        assert Visitor.objects.filter(office=office).count() == 1

    def test_without_an_answer_it_says_where_to(self, desk, office):
        assert desk.post(reverse("consultation:log"), self.form(answer="")).status_code == 422
        assert (
            desk.post(reverse("consultation:log"), self.form(answer="", phone="0812345678")).status_code
            == 422
        )
        assert not office.consultations.exists()

    def test_not_of_tomorrow(self, desk, office):
        when = office.local(timezone.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
        assert desk.post(reverse("consultation:log"), self.form(when=when)).status_code == 422

    def test_of_yesterday_is_due_from_then(self, desk, office):
        desk.post(
            reverse("consultation:log"),
            self.form(when="2026-06-08T10:00", answer="", name="La Ode", email="laode@example.test"),
        )
        made = office.consultations.get()
        assert made.submitted_at == at(office, "2026-06-08 10:00")
        assert office.local(made.due_at).strftime("%d %H:%M") == "11 15:30"


class TestHandover:
    def test_other_visitors_record_stays_behind(self, desk, asked, offices, by, sitti):
        moved = handover.hand_over(asked, office=offices["6571"], why="x", by=by)
        assert moved.visitor.office == offices["6571"]
        assert Visitor.objects.filter(pk=sitti.pk, office__code="7411").exists()


@pytest.mark.parametrize(
    ("name", "form"),
    [("thread_split", {"message": "9" * 5000}), ("thread_desk", {"what": "canned", "canned": "9" * 5000})],
)
def test_keys_that_are_no_keys_are_not_found(desk, asked, name, form):
    assert desk.post(page(asked, name), form).status_code == 404
