"""Files come with a complaint, a reply, an answer and as proof; opened to whoever may read the complaint, after the check."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from complaints.files import SHELF
from complaints.models import Attachment, Complaint
from complaints.workflows import acting, complainant, handling, lodging
from services.accounts.models import Role
from services.audit.actors import VISITOR
from services.audit.models import AuditEntry
from tests.complaints.support import fresh, lodge, officer, works
from tests.consultation import file_samples as samples


@pytest.fixture(autouse=True)
def stored(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "files"},
        }
    }
    return tmp_path / "files"


def upload(name="foto.pdf", content=samples.PDF):
    return SimpleUploadedFile(name, content)


def checked() -> None:
    for pk in Attachment.objects.values_list("pk", flat=True):
        SHELF.check(pk)


def browser(user) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_with_the_complaint_by_the_form(office):
    answer = Client().post(
        "/7411/pengaduan/", {"text": "Kipas mati", "attachments": [upload(), upload("b.pdf")]}
    )
    assert answer.status_code == 200
    assert list(Attachment.objects.values_list("name", "message")) == [("foto.pdf", None), ("b.pdf", None)]


def test_what_is_not_taken_is_told_beside_the_field_and_nothing_is_stored(office):
    answer = Client().post(
        "/7411/pengaduan/", {"text": "Kipas mati", "attachments": [upload("x.exe", b"MZ\x90\x00\x03" * 40)]}
    )
    assert answer.status_code == 422
    assert "Kipas mati" in answer.content.decode()
    assert (Complaint.objects.count(), Attachment.objects.count()) == (0, 0)


def test_nobody_has_files_at_a_tablet(kiosk):
    assert 'type="file"' not in kiosk.get("/kios/pengaduan/").content.decode()


def test_of_an_anonymous_one_nothing_says_who_brought_it(office, by):
    complaint, _secret = lodging.lodge(
        office=office, text="Kasar", channel="online", privacy="anonymous", files=[upload()], by=by
    )
    complainant.reply(complaint, "Lagi", files=[upload("c.pdf")], by=VISITOR)
    assert set(Attachment.objects.values_list("by_user", flat=True)) == {None}
    lines = AuditEntry.objects.filter(action="complaint.file")
    assert {(line.user_id, line.actor) for line in lines} == {(None, "visitor")}


class TestOpening:
    @pytest.fixture
    def complaint(self, office, head):
        complaint = lodge(office, files=[upload()])
        handling.answer(complaint, "Ini buktinya", files=[upload("jawaban.pdf")], by=officer(head))
        handling.note(complaint, "Jangan dibagikan", files=[upload("rahasia.pdf")], by=officer(head))
        action = acting.plan(complaint, what="Ganti", owner=head, due_on=date(2027, 1, 1), by=officer(head))
        acting.finish(action, files=[upload("nota.pdf")], by=officer(head))
        checked()
        return fresh(complaint)

    def test_at_the_desk_by_whoever_may_read_it(self, office, complaint, head, colleague):
        url = reverse("complaints:file", args=[complaint.pk, complaint.attachments.first().pk])
        assert browser(head).get(url).status_code == 200
        assert AuditEntry.objects.filter(action="read", detail__why="file").count() == 1
        assert browser(colleague).get(url).status_code == 404

    def test_not_at_another_office(self, offices, complaint):
        stranger = works(offices["6571"], "stranger", Role.SUPERVISOR)
        url = reverse("complaints:file", args=[complaint.pk, complaint.attachments.first().pk])
        assert browser(stranger).get(url).status_code == 404

    def test_a_proof_stands_beside_its_action_not_under_what_was_lodged(self, complaint, head):
        page = browser(head).get(reverse("complaints:detail", args=[complaint.pk])).content.decode()
        lodged, rest = page.split('id="talk"', 1)
        assert "foto.pdf" in lodged
        assert "nota.pdf" not in lodged
        assert page.count(">nota.pdf<") == 1
        assert "nota.pdf" in rest.split("Tindakan perbaikan", 1)[1]

    def test_never_before_it_was_checked(self, office, head):
        complaint = lodge(office, text="Lain", files=[upload()])
        url = reverse("complaints:file", args=[complaint.pk, complaint.attachments.get().pk])
        assert browser(head).get(url).status_code == 404

    @pytest.mark.parametrize(
        ("name", "status"), [("foto.pdf", 200), ("jawaban.pdf", 200), ("rahasia.pdf", 404), ("nota.pdf", 404)]
    )
    def test_the_complainant_opens_their_own_and_the_answers(self, complaint, name, status):
        secret = lodging.hash_secret("ABCD-EFGH-JKMN")
        Complaint.objects.update(secret_hash=secret)
        proof = {"number": complaint.number, "secret": "ABCD-EFGH-JKMN"}
        page = Client().post("/7411/pengaduan/status/", proof).content.decode()
        assert (name in page) == (status == 200)
        wanted = {"do": "file", "file": str(Attachment.objects.get(name=name).pk)}
        answer = Client().post("/7411/pengaduan/status/", proof | wanted)
        assert answer.status_code == status
        assert Client().post("/7411/pengaduan/status/", {**proof, "secret": "x", **wanted}).status_code == 422


def test_an_answer_with_a_file_goes_to_those_who_complained_of_the_same(office, head):
    main, same = lodge(office), lodge(office, text="AC mati")
    handling.link(same, main, by=officer(head))
    handling.answer(main, "Sudah", files=[upload()], by=officer(head))
    assert [c.attachments.count() for c in (main, same)] == [1, 1]
    assert len(set(Attachment.objects.values_list("file", flat=True))) == 2
