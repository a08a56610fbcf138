"""A message of a consultation that is really a complaint: handed over in one action, by its own channel, seen by few."""

from __future__ import annotations

import re

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from complaints.models import Complaint, Identity
from consultation import files as consultation_files
from consultation.models import Attachment, Consultation
from consultation.workflows import opening
from services.audit.actors import VISITOR
from services.audit.models import AuditEntry
from services.mail.models import Outgoing
from services.whatsapp.models import Contact, OutgoingWhatsApp
from tests.complaints.support import browser, fresh, officer, works
from tests.consultation.whatsapp_support import graph, whatsapp
from tests.whatsapp_server import comes, message, work_off

__all__ = ["graph", "whatsapp"]  # fixtures
ANI = "ani@example.test"
RUDE = "Petugas loket 2 membentak saya.\n\nSaya ingin data PDRB."


@pytest.fixture
def asked(office):
    """By mail, from an account's owner or not, with a file."""
    person = office.visitors.create(name="Ani Rahma", email=ANI, created_at=timezone.now())
    found = opening.submit(
        office=office, channel="email", question=RUDE, subject="PDRB", visitor=person, by=VISITOR
    )
    return Consultation.objects.get(pk=found.pk)


def first(consultation):
    return consultation.messages.get(kind="visitor")


def address(consultation) -> str:
    return reverse("complain", args=[consultation.number, first(consultation).pk])


def hand_over(who, consultation, **more):
    form = {
        "text": "Petugas loket 2 membentak saya.",
        "kind": "service",
        "privacy": "open",
        "key": "k",
        **more,
    }
    return browser(who).post(address(consultation), form)


class TestByMail:
    def test_the_words_the_writer_and_the_files_come_along(self, asked, head, colleague):
        said = first(asked)
        taken = consultation_files.take(
            asked, said, ContentFile(b"a,b\n1,2\n", name="loket.csv"), name="loket.csv", by=VISITOR
        )
        Attachment.objects.filter(pk=taken.pk).update(state="ready")
        page = browser(colleague).get(address(asked)).content.decode()
        assert "membentak" in page
        assert "loket.csv" in page
        assert hand_over(colleague, asked).url.endswith(f"/{asked.number}/")
        made = Complaint.objects.get()
        assert (made.channel, made.consultation, made.text) == (
            "email",
            asked.number,
            "Petugas loket 2 membentak saya.",
        )
        assert (made.created_at, made.entered_by) == (said.at, colleague)
        assert (made.identity.name, made.identity.email) == ("Ani Rahma", ANI)
        assert [file.name for file in made.attachments.all()] == ["loket.csv"]

    def test_the_secret_goes_by_an_address_that_tells_it_once(self, asked, head, colleague, mailbox_settings):
        page = hand_over(colleague, asked)
        assert "secret" not in page.content.decode()
        mail = Outgoing.objects.get(kind="complaint_receipt")
        assert mail.to == ANI
        made = Complaint.objects.get()
        link = re.search(r"/7411/pengaduan/kode/[-\w:]+/", mail.text)[0]
        before = Client().get(link)
        assert made.number not in before.content.decode()
        told = Client().post(link).content.decode()
        secret = re.search(r"data-complaint-secret>([-A-Z2-9]+)<", told)[1]
        assert made.number in told
        assert secret not in mail.text
        status = {"number": made.number, "secret": secret}
        assert Client().post("/7411/pengaduan/status/", status).status_code == 200
        assert [Client().post(link).status_code, Client().get(link).status_code] == [410, 410]
        assert AuditEntry.objects.filter(action="complaint.claimed", user=None).count() == 1

    def test_the_same_message_is_one_complaint(self, asked, head, colleague):
        hand_over(colleague, asked)
        hand_over(works(asked.office, "other"), asked, text="Lain kata", key="other")
        assert Complaint.objects.get().text == "Petugas loket 2 membentak saya."

    def test_about_oneself_one_sees_nothing_of_it_afterwards(self, asked, head, colleague):
        Identity.objects.all().delete()
        asked.visitor.email = ""
        asked.visitor.save()  # nothing goes out by itself: the secret would be shown
        page = hand_over(colleague, asked, about=[str(colleague.pk)])
        assert page.status_code == 302
        made = Complaint.objects.get()
        mine = browser(colleague)
        assert mine.get(reverse("complaints:detail", args=[made.pk])).status_code == 404
        assert made.number not in mine.get(address(asked)).content.decode()
        assert made.number not in mine.get(page.url).content.decode()
        again = hand_over(colleague, asked, about=[str(colleague.pk)])
        assert (again.status_code, Complaint.objects.count()) == (302, 1)

    def test_without_a_name_nothing_leads_back(self, asked, head, colleague):
        page = hand_over(colleague, asked, privacy="anonymous").content.decode()
        made = Complaint.objects.get()
        assert made.number in page  # to be said to them
        assert (made.consultation, made.entered_by, made.received) == ("", None, None)
        assert not Identity.objects.exists()
        assert made.created_at != first(asked).at
        assert not Outgoing.objects.filter(about_type__startswith="complaints.", to=ANI).exists()
        assert not AuditEntry.objects.filter(action="consultation.complaint").exists()
        assert not AuditEntry.objects.filter(action="complaint.lodged").exclude(user=None).exists()

    def test_of_an_account_it_stands_in_the_account(
        self, asked, head, colleague, make_user, mailbox_settings
    ):
        from tests.account.support import make_account

        user = make_account()
        Consultation.objects.filter(pk=asked.pk).update(account=user, channel="portal")
        asked.messages.update(channel="portal")
        hand_over(colleague, asked)
        made = Complaint.objects.get()
        assert (made.channel, made.identity.account) == ("portal", user)
        mail = Outgoing.objects.get(kind="complaint_receipt")
        assert f"/akun/pengaduan/{made.number}/" in mail.text
        assert "/kode/" not in mail.text

    def test_another_offices_message_is_not_there(self, asked, offices):
        stranger = works(offices["6571"], "stranger", "supervisor")
        assert hand_over(stranger, asked).status_code == 404


@pytest.fixture
def mailbox_settings(settings):
    settings.SITE = "https://pst.example.test"


class TestByWhatsApp:
    def test_number_and_address_go_by_whatsapp_and_answers_too(self, whatsapp, office, head, colleague):
        comes(message("a", text={"body": "Petugas membentak saya"}))
        asked = Consultation.objects.get()
        hand_over(colleague, asked)
        made = Complaint.objects.get()
        contact = Contact.objects.get()
        assert (made.channel, made.identity.phone) == ("whatsapp", contact.phone)
        row = OutgoingWhatsApp.objects.get(kind="complaint")
        assert made.number in row.text
        assert "/pengaduan/kode/" in row.text
        work_off()
        from complaints.workflows import handling

        handling.answer(made, "Sudah kami tegur.", by=officer(head))
        work_off()
        said = fresh(made).messages.get()
        assert (said.reach, OutgoingWhatsApp.objects.filter(kind="complaint", state="sent").count()) == (
            "whatsapp",
            2,
        )

    def test_the_window_closed_meanwhile_an_officer_tells_them(self, whatsapp, office, head, colleague):
        from datetime import timedelta

        from complaints.workflows import handling

        comes(message("a", text={"body": "Petugas membentak saya"}))
        hand_over(colleague, Consultation.objects.get())
        made = Complaint.objects.get()
        handling.answer(made, "Sudah kami tegur.", by=officer(head))
        Contact.objects.update(last_wrote_at=timezone.now() - timedelta(hours=25))
        work_off()
        said = fresh(made).messages.get()
        assert said.is_untold
        chief = browser(head)
        page = chief.get(reverse("complaints:detail", args=[made.pk])).content.decode()
        assert "Belum disampaikan" in page
        assert "https://wa.me/62" in page
        chief.post(reverse("complaints:told", args=[made.pk, said.pk]))
        said.refresh_from_db()
        assert (said.is_untold, said.told_by) == (False, head)
        chief.post(reverse("complaints:told", args=[made.pk, said.pk]))
        assert AuditEntry.objects.filter(action="complaint.told").count() == 1

    def test_who_said_stop_gets_no_whatsapp(self, whatsapp, office, head, colleague):
        comes(message("a", text={"body": "Petugas membentak saya"}))
        asked = Consultation.objects.get()
        comes(message("b", text={"body": "STOP"}))
        page = hand_over(colleague, asked).content.decode()
        assert "data-complaint-secret" in page  # told by the officer
        assert not OutgoingWhatsApp.objects.filter(kind="complaint").exists()

    def test_a_quoted_word_about_a_complaint_leads_into_nobodys_consultation(
        self, whatsapp, office, head, colleague
    ):
        """The two apps count their messages each for itself."""
        comes(message("a", text={"body": "Petugas membentak saya"}))
        asked = Consultation.objects.get()
        hand_over(colleague, asked)
        work_off()
        row = OutgoingWhatsApp.objects.get(kind="complaint")
        from consultation.whatsapp_in.threads import _about

        row.about_type, row.about_id = "complaints.message", first(asked).pk
        assert _about(row) is None
