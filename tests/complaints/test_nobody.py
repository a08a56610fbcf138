"""An anonymous complaint leads nowhere: not by its channel, its hour, its files, nor by what counts attempts."""

from __future__ import annotations

import io
import json

import pytest
from django.apps import apps
from django.core import serializers
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from complaints import clocks
from complaints.files import SHELF
from complaints.models import Attachment, Complaint
from complaints.workflows import complainant, handling
from services.audit.actors import VISITOR
from services.audit.models import AuditEntry
from services.guestbook.models import Visit, Visitor
from tests.complaints.support import at, fresh, local, lodge, officer
from tests.guestbook.support import arrive

WHO = {"name": "Zubaidah Rahasiawati", "email": "zubaidah@rahasia.test", "phone": "+6281399998888"}


@pytest.fixture
def stored(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        }
    }


def from_ticket(visit, **form) -> Complaint:
    Client().post(
        reverse("complaints:from_visit", args=[visit.token]),
        {"text": "kasar", "privacy": "anonymous", **form},
    )
    return Complaint.objects.get()


def test_from_the_ticket_it_leads_nowhere(office):
    visit = arrive(office)
    Visit.objects.filter(pk=visit.pk).update(visitor=Visitor.objects.create(office=office, **WHO))
    before = {m: set(m._default_manager.values_list("pk", flat=True)) for m in apps.get_models()}
    assert from_ticket(visit, **WHO).service_id == visit.main.service_id
    new = [
        json.dumps(row["fields"], default=str)
        for model, known in before.items()
        for row in serializers.serialize("python", model._default_manager.exclude(pk__in=known))
    ]
    assert len(new) > 3
    for text in new:
        assert visit.token not in text
        assert "zubaidah" not in text.lower()
        assert f'"visit": {visit.pk}' not in text


@pytest.mark.parametrize("channel", ["phone", "tablet", "portal"])
def test_its_channel_says_nothing(office, channel):
    assert lodge(office, channel=channel, privacy="anonymous").channel == "online"
    assert lodge(office, channel=channel, text="b").channel == channel


def test_no_page_and_no_row_says_the_hour(office, chief, head):
    visit = arrive(office)
    found = from_ticket(visit)
    complainant.reply(found, "Dan lama", by=VISITOR)
    assert not found.created_at.minute
    assert office.local(found.created_at).hour <= 2
    times = {
        *found.steps.values_list("at", flat=True),
        *found.messages.values_list("at", flat=True),
        *AuditEntry.objects.filter(target_type="complaints.complaint").values_list("at", flat=True),
    }
    assert times == {found.created_at}
    detail = chief.get(reverse("complaints:detail", args=[found.pk])).content.decode()
    rows = chief.get(reverse("complaints:list")).content.decode()
    for page in (detail, rows):
        assert f"{office.local(found.created_at):%H.%M}" not in page
        assert "dari tiket" not in page


@pytest.mark.usefixtures("calendar_of_2026")
@pytest.mark.parametrize("when", ["2026-06-08 00:30", "2026-06-08 10:17", "2026-06-08 23:59"])
@pytest.mark.parametrize("code", ["7411", "1906", "6571"])
def test_its_clocks_are_those_of_any_other(offices, code, when):
    office = offices[code]
    named, nobodys = lodge(office, when), lodge(office, when, text="b", privacy="anonymous")
    assert local(office, named.due_at) == local(office, nobodys.due_at)
    for place in (office, *office.breadcrumb):  # also where the day begins an hour or two later
        assert place.today(nobodys.created_at) in (
            office.today(named.created_at),
            place.today(named.created_at),
        )
    assert clocks.shown_of(office, at(office, when)) <= at(office, when)


def photo(name: str) -> SimpleUploadedFile:
    file, exif = io.BytesIO(), Image.Exif()
    exif[0x013B] = "Ani Rahma"  # the artist
    Image.new("RGB", (20, 20), "red").save(file, "JPEG", exif=exif)
    return SimpleUploadedFile(name, file.getvalue())


@pytest.mark.parametrize(("privacy", "kept"), [("anonymous", False), ("open", True)])
def test_what_a_picture_says_of_who_took_it(office, stored, privacy, kept):
    Client().post(
        "/7411/pengaduan/",
        {"text": "x", "privacy": privacy, "attachments": photo("Foto Ani Rahma.jpg")},
    )
    row = Attachment.objects.get()
    with row.file.open("rb") as opened:
        content = opened.read()
    assert (b"Ani" in content) == ("Ani" in row.name) == kept
    assert row.content_type == "image/jpeg"
    assert Image.open(io.BytesIO(content)).getpixel((10, 10))[0] > 200


def test_a_document_keeps_its_words_and_loses_its_name(office, head, stored):
    found = lodge(office, privacy="anonymous")
    file = SimpleUploadedFile("surat Ani.txt", b"isi surat")
    complainant.reply(found, "lihat", files=[file], by=VISITOR)
    handling.answer(found, "ini", files=[SimpleUploadedFile("Putusan.txt", b"isi")], by=officer(head))
    assert list(Attachment.objects.values_list("name", flat=True)) == ["lampiran.txt", "Putusan.txt"]
    theirs = Attachment.objects.get(name="lampiran.txt")
    SHELF.check(theirs.pk)
    lines = AuditEntry.objects.filter(target_type="complaints.attachment", target_id=theirs.pk)
    assert set(lines.values_list("at", flat=True)) == {theirs.at}


def test_a_picture_that_cannot_be_drawn_is_told_in_words(office, stored):
    broken = photo("a.jpg")
    broken = SimpleUploadedFile("a.jpg", broken.read()[:-200])
    answer = Client().post("/7411/pengaduan/", {"text": "x", "privacy": "anonymous", "attachments": broken})
    assert answer.status_code == 422
    assert not Complaint.objects.exists()


def test_documents_are_warned_about_on_the_form(office):
    assert "PDF dan dokumen disimpan apa adanya" in Client().get("/7411/pengaduan/").content.decode()


def test_a_withdrawn_one_too(office):
    found = lodge(office, privacy="anonymous")
    complainant.withdraw(found, by=VISITOR)
    assert not fresh(found).ended_at.minute
