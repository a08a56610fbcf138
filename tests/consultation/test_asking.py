"""Asking on the portal: what may answer it already, the form in two steps, files, who asks, the visitor's own page."""

from __future__ import annotations

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from consultation import files
from consultation.models import Agreement, Attachment, Classification, Consultation, Suggested
from consultation.workflows import knowledge, thread, visiting
from services.guestbook.models import Visitor
from services.mail.models import Outgoing
from services.ratings.models import Rating
from tests.account.support import make_account, signed_in
from tests.consultation import file_samples as samples
from tests.consultation.mail_support import write_channels
from tests.consultation.support import ask, fresh, seen

ASK = reverse("consultation:ask")
SENT = {
    "question": "Berapa penduduk Kolaka Timur menurut kecamatan?", "office": "7411", "key": "k1",
    "name": "Rina", "email": "rina@example.test", "consent": "on", "use_of_data": "research",
    "wanted_1_topic": "penduduk", "wanted_1_region": "Kolaka Timur", "wanted_1_years": "2024",
    "wanted_3_topic": "luas wilayah",
}  # fmt: skip


def send(client, **changes):
    return client.post(ASK, {**SENT, **changes})


def page_of(response) -> str:
    return response.content.decode()


def upload(content: bytes, name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


class TestBefore:
    def test_a_search_that_found_nothing_is_carried_over(self, client, office):
        asked = client.get(reverse("library:ask"), {"q": "harga cabai 1987", "kantor": "7411"}, follow=True)
        page = page_of(asked)
        assert ">harga cabai 1987</textarea>" in page
        assert 'name="office" value="7411"' in page
        assert 'name="sought" value="harga cabai 1987"' in page

    def test_the_place_in_the_question_chooses_the_office(self, client, offices):
        for question, code in (("penduduk kolaka TIMUR 2024", "7411"), ("penduduk 2024", "")):
            page = page_of(client.post(ASK, {"step": "more", "question": question}))
            assert f'<option value="{code}" selected>' in page

    def test_a_question_is_written_before_the_rest_is_asked(self, client, office):
        assert 'name="email"' not in page_of(client.get(ASK))
        assert 'name="email"' not in page_of(client.post(ASK, {"step": "more", "question": " "}))
        page = page_of(client.post(ASK, {"step": "more", "question": "Inflasi?", "key": "k9"}))
        assert 'name="email"' in page
        assert ">Inflasi?</textarea>" in page.replace("\n", "")
        assert 'value="k9"' in page

    def test_who_goes_to_sign_in_finds_what_was_written(self, client, office):
        away = send(client, step="login", attachments=[])
        assert away.url == f"{reverse('account_login')}?next=%2Fkonsultasi%2Ftanya%2F"
        page = page_of(client.get(ASK))
        assert 'value="penduduk"' in page
        assert SENT["question"] in page
        assert "rina@example.test" not in page  # it may be another who signs in
        assert SENT["question"] not in page_of(client.get(ASK))

    def test_published_answers_and_codes_are_offered_and_counted_when_they_are_enough(
        self, client, office, by
    ):
        known = knowledge.write_new(
            office, question="Apa itu angka kemiskinan?", answer="Persen penduduk.", by=by
        )
        type(known).objects.filter(pk=known.pk).update(state="published", published_at="2026-01-05T00:00Z")
        hidden = knowledge.write_new(office, question="Kemiskinan menurut desa?", answer="Belum ada.", by=by)
        code = Classification.objects.create(
            kind="kbli", edition="2020", code="01111", title="Pertanian jagung"
        )
        offered = page_of(
            client.post(reverse("consultation:suggestions"), {"question": "berapa kemiskinan di sini"})
        )
        assert known.question in offered
        assert hidden.question not in offered
        for kind, key in (("answer", known.pk), ("answer", known.pk), ("class", code.pk), ("publication", 7)):
            done = client.post(reverse("consultation:enough"), {"kind": kind, "key": key, "kantor": "7411"})
            assert done.url == reverse("consultation:thanks")
        rows = set(Suggested.objects.values_list("kind", "key", "enough", "office__code"))
        assert rows == {
            ("answer", str(known.pk), 2, "7411"), ("class", str(code.pk), 1, "7411"), ("publication", "7", 1, "7411"),
        }  # fmt: skip

    @pytest.mark.parametrize("wrong", [{}, {"kind": "answer", "key": "9999"}, {"kind": "x", "key": "1"}])
    def test_only_what_is_there_is_counted(self, client, office, wrong):
        assert client.post(reverse("consultation:enough"), wrong).status_code in (400, 404)
        assert not Suggested.objects.exists()


class TestSending:
    def test_without_an_account_name_contact_and_consent_are_stored(self, client, office):
        response = send(client, sought="penduduk desa")
        asked = Consultation.objects.get()
        assert response.url == reverse("consultation:thread", args=[asked.token])
        assert (asked.channel, asked.state, asked.office, asked.account) == (
            "portal",
            "submitted",
            office,
            None,
        )
        assert (asked.visitor.name, asked.visitor.email, asked.sought) == (
            "Rina",
            "rina@example.test",
            "penduduk desa",
        )
        assert [str(row) for row in asked.wanted.all()] == ["penduduk, Kolaka Timur, 2024", "luas wilayah"]
        assert Agreement.objects.get().consultation == asked
        assert asked.due_at

    def test_sent_twice_it_is_one(self, client, office):
        assert send(client).url == send(client).url
        assert (Consultation.objects.count(), Visitor.objects.filter(name="Rina").count()) == (1, 1)

    def test_two_who_write_the_same_address_are_not_one_person(self, client, office):
        send(client)
        send(client, key="k2", name="Rini")
        assert Visitor.objects.filter(email="rina@example.test").count() == 2

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"consent": ""}, "consent"), ({"name": ""}, "name"), ({"email": ""}, "email"), ({"office": "9999"}, "office"),
            ({"question": ""}, "question"), ({"wanted_2_years": "2024"}, "wanted_2_topic"), ({"phone": "12"}, "phone"),
        ],
    )  # fmt: skip
    def test_what_is_missing_is_told_at_its_place_and_nothing_typed_is_lost(
        self, client, office, changes, field
    ):
        response = send(client, **changes)
        assert response.status_code == 422
        page = page_of(response)
        assert f'id="id_{field}_error"' in page
        assert 'value="penduduk"' in page
        assert not Consultation.objects.exists()

    def test_where_the_standard_takes_mail_or_whatsapp_one_is_enough(self, client, office, consultation):
        assert consultation.standard.rules.contact_online == "email_or_whatsapp"
        send(client, email="", phone="0812 3456 7890")
        assert Consultation.objects.get().visitor.phone == "+6281234567890"

    def test_files_come_with_it_and_wait_for_their_check(self, client, office, stored):
        good = [upload(samples.PDF, "surat.exe"), upload(samples.picture("PNG"), "foto.png")]
        send(client, attachments=good)
        assert {a.name for a in Attachment.objects.all()} == {"surat.exe.pdf", "foto.png"}
        assert set(Attachment.objects.values_list("state", flat=True)) == {"checking"}

    @pytest.mark.parametrize("bad", [[(b"MZ\0\0", "a.pdf")], [(samples.PDF, f"{n}.pdf") for n in range(6)]])
    def test_a_file_that_is_not_taken_is_told_before_anything_is_stored(self, client, office, stored, bad):
        response = send(client, attachments=[upload(content, name) for content, name in bad])
        assert response.status_code == 422
        assert 'id="id_attachments_error"' in page_of(response)
        assert not Consultation.objects.exists()

    def test_so_often_an_hour(self, client, office):
        statuses = [send(client, key=f"k{n}", question=f"Tanya {n}?").status_code for n in range(21)]
        assert statuses[-2:] == [302, 429]


class TestTheVisitorsPage:
    @pytest.fixture
    def asked(self, office, calendar_of_2026):
        return ask(office, "2026-03-13 16:30")

    @pytest.fixture
    def address(self, asked):
        return reverse("consultation:thread", args=[asked.token])

    def test_until_when_and_by_which_rule(self, client, asked, address):
        page = page_of(client.get(address))
        assert "Rabu, 25 Maret 2026 pukul 15.30 WITA: 3 hari kerja menurut standar pelayanan, Waktu" in page
        assert 'content="noindex' in page

    def test_notes_and_names_of_officers_are_not_shown(self, client, asked, address, by, frontliner):
        thread.note(asked, "Orang ini rewel", by=by)
        thread.answer(asked, "Rp 4 triliun.", by=by, seen=seen(asked))
        page = page_of(client.get(address))
        assert "Rp 4 triliun." in page
        assert "rewel" not in page
        assert frontliner.name not in page

    def test_a_reply_opens_it_again_and_sent_twice_is_one(self, client, asked, address, by):
        with time_machine.travel("2026-03-16 02:00Z", tick=False):
            thread.answer(asked, "Sudah.", by=by, seen=seen(asked))
            client.post(address, {"do": "close"})
        assert fresh(asked).state == "closed"
        last = seen(asked)
        for _n in range(2):
            client.post(address, {"body": "Tahun 2023?", "seen": last})
        assert fresh(asked).state == "reopened"
        assert asked.messages.filter(body="Tahun 2023?").count() == 1

    def test_answered_it_is_rated_once(self, client, asked, address, by, office):
        client.post(address, {"do": "rate", "stars": "5"})
        assert not Rating.objects.exists()  # nothing was answered yet
        thread.answer(asked, "Sudah.", by=by, seen=seen(asked))
        assert 'name="stars"' in page_of(client.get(address))
        for stars in ("5", "1"):
            client.post(address, {"do": "rate", "stars": stars, "comment": "Cepat"})
        rating = Rating.objects.get()
        assert (rating.stars, rating.received, rating.office, rating.consultation) == (5, None, office, asked)
        assert 'name="stars"' not in page_of(client.get(address))

    def test_a_file_is_read_when_it_was_checked_by_who_has_this_address(
        self, client, asked, address, stored, office, by
    ):
        visiting.reply(asked, "Lihat", by=by, seen=0, files=[upload(samples.PDF, "surat.pdf")])
        file = asked.attachments.get()
        read = reverse("consultation:visitor_file", args=[asked.token, file.pk])
        assert client.get(read).status_code == 404
        files.check(file.pk)
        answer = client.get(read)
        assert b"".join(answer) == samples.PDF
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        other = ask(office, "2026-03-13 16:30")
        assert (
            client.get(reverse("consultation:visitor_file", args=[other.token, file.pk])).status_code == 404
        )

    def test_a_file_beside_a_note_is_nobody_elses(self, client, asked, stored, by):
        note = thread.note(asked, "Catatan", by=by)
        file = files.take(asked, note, upload(samples.PDF, "x.pdf"), name="x.pdf", by=by)
        files.check(file.pk)
        assert (
            client.get(reverse("consultation:visitor_file", args=[asked.token, file.pk])).status_code == 404
        )

    def test_wrong_addresses_lead_nowhere_and_are_counted(self, client, asked, address):
        wrong = reverse("consultation:thread", args=["x" * 22])
        assert {client.get(wrong).status_code for _n in range(59)} == {404}
        assert client.get(wrong).status_code == 429
        assert (
            client.get(address).status_code == 200
        )  # whoever has the address is not kept out by their neighbour

    def test_the_page_of_an_account_is_for_nobody_else(self, client, office):
        me, other = (signed_in(make_account(f"{n}@example.test", name=n.title())) for n in ("rina", "lain"))
        sent = send(me)
        asked = Consultation.objects.get()
        assert sent.url == reverse("consultation:mine", args=[asked.number])
        assert (asked.visitor.email, asked.visitor.name) == ("rina@example.test", "Rina")
        assert not Agreement.objects.exists()  # an account has agreed to its own
        assert me.get(sent.url).status_code == 200
        assert other.get(sent.url).status_code == 404
        assert client.get(sent.url).status_code == 302
        assert "Tahun 2023" not in page_of(other.post(sent.url, {"body": "Tahun 2023"}))
        assert asked.messages.count() == 1


def test_nobody_fills_a_strangers_mailbox_with_receipts(client, office, tmp_path, settings):
    write_channels(tmp_path, settings)
    for number in range(7):
        assert send(client, key=f"k{number}").status_code == 302
    assert Outgoing.objects.filter(kind="consultation_receipt", to="rina@example.test").count() == 5
    assert Consultation.objects.count() == 7
