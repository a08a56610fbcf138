"""The visitor's own page: reached through their mailbox, where everything is seen, taken along, corrected and ended."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from complaints.models import Complaint
from complaints.workflows import lodging
from pst.privacy import retention, workflows
from pst.privacy.models import PrivacyRequest
from services.audit.models import AuditEntry
from services.guestbook.models import ContactCode, Visitor
from tests.accounts.world import sign
from tests.guestbook.support import arrive
from tests.mail_server import links_in, text_of, work_off


@pytest.fixture
def visitor(office, by):
    visit = sign(arrive(office), by, name="Wahyu Lestari", email="wahyu@example.test", job="student")
    return visit.visitor


@pytest.fixture
def page(client, office, visitor, mailbox) -> str:
    """The address in the mail."""
    client.post(reverse("privacy:own_ask", args=[office.code]), {"email": "Wahyu@example.test"})
    work_off()
    [path] = links_in(mailbox.messages[-1])
    return path


def test_known_or_not_the_answer_is_the_same(client, office, visitor, mailbox):
    asking = reverse("privacy:own_ask", args=[office.code])
    answers = [client.post(asking, {"email": e}) for e in ("wahyu@example.test", "siapa@example.test")]
    assert [a.status_code for a in answers] == [200, 200]
    assert answers[0].content.decode().split("<main")[1] == answers[1].content.decode().split("<main")[1]
    work_off()
    assert len(mailbox.messages) == 1


def test_everything_in_words(client, page):
    shown = client.get(page).content.decode()
    for text in ("Wahyu Lestari", "wahyu@example.test", "Pelajar/mahasiswa", "setuju", "naskah versi"):
        assert text in shown


def test_seeing_and_taking_along_stand_in_the_trail(client, page):
    client.get(page)
    file = client.get(f"{page}berkas/")
    assert file.json()["guestbook.Visitor"][0]["name"] == "Wahyu Lestari"
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"contact.asked", "contact.sent", "visitor.own_read", "export.own_data"} <= actions


def test_corrected_at_once_and_counted(client, page, visitor):
    answer = client.post(page, {"name": "Wahyu L. Ningsih", "phone": "0812 3456 7890", "birth_year": "1998"})
    assert answer.status_code == 302
    visitor.refresh_from_db()
    assert (visitor.name, visitor.phone, visitor.email) == (
        "Wahyu L. Ningsih",
        "+6281234567890",
        "wahyu@example.test",
    )
    request = PrivacyRequest.objects.get()
    assert (request.kind, request.channel, request.state) == ("correction", "own", "done")


def test_what_is_wrong_is_told_and_kept(client, page, visitor):
    answer = client.post(page, {"name": "", "phone": "12", "birth_year": "x"})
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "Nomor ini tidak lengkap" in shown
    assert 'value="12"' in shown
    visitor.refresh_from_db()
    assert visitor.name == "Wahyu Lestari"


def test_a_nul_is_no_crash(client, page, visitor):
    assert client.post(page, {"name": "a\0b"}).status_code in (302, 422)
    visitor.refresh_from_db()
    assert "\0" not in visitor.name


def test_the_address_itself_is_not_changed_here(client, page, visitor):
    client.post(page, {"name": "Wahyu", "email": "lain@example.test"})
    visitor.refresh_from_db()
    assert visitor.email == "wahyu@example.test"


@pytest.mark.parametrize("kind", ["withdrawal", "erasure"])
def test_the_office_gets_the_request_with_its_clock(client, desk, page, kind, visitor):
    client.post(f"{page}minta/", {"kind": kind})
    client.post(f"{page}minta/", {"kind": kind})  # a second tap
    request = PrivacyRequest.objects.get()
    assert (request.kind, request.channel, request.state) == (kind, "own", "open")
    assert request.due_at - request.received_at == timedelta(hours=72)
    assert "sudah diminta" in client.get(page).content.decode()
    assert str(request) in desk.get(reverse("privacy:requests")).content.decode()


@pytest.mark.parametrize("kind", ["withdrawal", "erasure"])
def test_who_asked_by_their_mailbox_is_told_that_it_is_done(
    client, page, visitor, mailbox, by, kind, office, django_capture_on_commit_callbacks
):
    client.post(f"{page}minta/", {"kind": kind})
    with django_capture_on_commit_callbacks(execute=True):
        workflows.fulfil(PrivacyRequest.objects.get(), by=by)
        assert len(mailbox.messages) == 1  # the link; the other one follows what is stored
    told = mailbox.messages[-1]
    assert (told["To"], told["Subject"]) == (
        "wahyu@example.test",
        f"Data Anda di {office.name} sudah dihapus",
    )
    assert "Wahyu" not in text_of(told)
    visitor.refresh_from_db()
    assert (visitor.name, visitor.email) == ("", "")
    assert not ProcrastinateJob.objects.filter(args__icontains="wahyu").exists()


@pytest.mark.parametrize("out_of_order", [True, False])
def test_the_erasure_stands_though_the_mail_cannot_be_sent(
    client, page, visitor, mailbox, by, settings, caplog, out_of_order, django_capture_on_commit_callbacks
):
    client.post(f"{page}minta/", {"kind": "erasure"})
    mailbox.refusing = out_of_order
    if not out_of_order:
        settings.EMAIL_PORT = 1  # nobody listens there
    with django_capture_on_commit_callbacks(execute=True):
        workflows.fulfil(PrivacyRequest.objects.get(), by=by)
    visitor.refresh_from_db()
    assert visitor.name == ""
    said = [r.getMessage() for r in caplog.records if r.name.startswith(("services", "pst", "django"))]
    assert any("was not sent" in line for line in said)
    assert "wahyu" not in str(said).casefold()


def test_asked_in_person_nobody_writes_to_the_mailbox(
    visitor, mailbox, by, django_capture_on_commit_callbacks
):
    asked = workflows.receive(visitor, kind="erasure", channel="desk", by=by)
    with django_capture_on_commit_callbacks(execute=True):
        workflows.fulfil(asked, by=by)
    assert mailbox.messages == []


def test_the_visits_name_their_services(client, page, visitor):
    services = [str(r.service) for r in visitor.visits.get().services.all()]
    assert services
    assert all(name in client.get(page).content.decode() for name in services)
    assert client.get(f"{page}berkas/").json()["visits"][0]["service_names"] == ", ".join(services)


@pytest.mark.parametrize("kind", ["", "access", "x" * 300, "\0"])
def test_only_those_two(client, page, kind):
    assert client.post(f"{page}minta/", {"kind": kind}).status_code == 302
    assert not PrivacyRequest.objects.exists()


def test_after_the_erasure_the_link_opens_nothing(client, page, by):
    client.post(f"{page}minta/", {"kind": "erasure"})
    workflows.fulfil(PrivacyRequest.objects.get(), by=by)
    for address in (page, f"{page}berkas/"):
        answer = client.get(address)
        assert answer.status_code == 410
        assert "Wahyu" not in answer.content.decode()
    assert client.post(f"{page}kode/").status_code == 410


def test_and_says_for_its_hour_that_the_data_are_gone(client, page, visitor, by, office):
    client.post(f"{page}minta/", {"kind": "erasure"})
    workflows.fulfil(PrivacyRequest.objects.get(), by=by)
    shown = client.get(page).content.decode()
    assert "Data Anda sudah dihapus" in shown
    assert office.name in shown
    assert "berlaku satu jam" not in shown
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert "berlaku satu jam" in client.get(page).content.decode()
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        retention.run()
    assert not ContactCode.objects.exists()


def test_the_personal_code(client, page, visitor):
    client.post(f"{page}kode/")
    visitor.refresh_from_db()
    shown = client.get(page).content.decode()
    assert visitor.personal_code[:4] in shown
    assert "<svg" in shown


def test_an_old_link_and_a_guessed_one(client, page):
    assert client.get("/data-saya/abc/").status_code == 410
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert client.get(page).status_code == 410
        assert client.post(f"{page}minta/", {"kind": "erasure"}).status_code == 410
    assert not PrivacyRequest.objects.exists()


def test_without_a_mail_server_the_office_is_the_way(client, office, visitor, settings):
    settings.MAIL_IS_SENT = False
    asking = reverse("privacy:own_ask", args=[office.code])
    assert 'name="email"' not in client.get(asking).content.decode()
    client.post(asking, {"email": "wahyu@example.test"})
    assert not visitor.contact_codes.exists()


def test_a_shared_mailbox_gets_a_link_for_each_person(client, office, visitor, mailbox):
    Visitor.objects.create(office=office, name="Rina Sari", email="wahyu@example.test")
    client.post(reverse("privacy:own_ask", args=[office.code]), {"email": "wahyu@example.test"})
    work_off()
    names = set()
    for path in links_in(mailbox.messages[-1]):
        shown = client.get(path).content.decode()
        names |= {n for n in ("Wahyu Lestari", "Rina Sari") if n in shown}
        assert ("Wahyu Lestari" in shown) != ("Rina Sari" in shown)
    assert len(names) == 2


@pytest.fixture
def victim(office, by):
    visit = sign(
        arrive(office), by, name="Sitti Aminah", email="sitti@example.test", phone="+6281234567890",
        assistance="kursi roda",
    )  # fmt: skip
    lodging.lodge(
        office=office, text="Rahasia saya", channel="online", by=by, person={"phone": "0812 3456 7890"}
    )
    return visit.visitor


def test_a_name_and_a_phone_that_anybody_may_write_open_nothing(client, page, victim, by):
    """Only the mailbox was shown to be theirs."""
    client.post(page, {"name": "sitti  AMINAH", "phone": "081234567890", "birth_year": "1990"})
    for address in (page, f"{page}berkas/"):
        shown = client.get(address).content.decode()
        for secret in ("sitti@example.test", "kursi roda", "Rahasia saya"):
            assert secret not in shown
    client.post(f"{page}minta/", {"kind": "erasure"})
    workflows.fulfil(PrivacyRequest.objects.get(kind="erasure"), by=by)
    victim.refresh_from_db()
    assert victim.name == "Sitti Aminah"
    assert Complaint.objects.get().text == "Rahasia saya"


def test_the_same_mailbox_and_name_are_one_person(client, page, visitor, office, by):
    again = sign(
        arrive(office), by, name="wahyu lestari", email="WAHYU@example.test", assistance="kursi roda"
    )
    assert "kursi roda" in client.get(f"{page}berkas/").content.decode()
    client.post(f"{page}minta/", {"kind": "erasure"})
    workflows.fulfil(PrivacyRequest.objects.get(), by=by)
    assert Visitor.objects.get(pk=again.visitor_id).name == ""


def test_its_questions_do_not_grow_with_the_records(client, page, office, by):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(page)
        return len(queries)

    sign(arrive(office), by, name="Wahyu Lestari", email="wahyu@example.test")
    few = count()
    for _n in range(8):
        sign(arrive(office), by, name="Wahyu Lestari", email="wahyu@example.test")
    assert count() == few


def test_a_request_that_is_open_at_the_office_stays_open(client, page, visitor, by):
    asked = workflows.receive(visitor, kind="correction", channel="phone", by=by)
    client.post(page, {"name": "Wahyu L.", "phone": "", "birth_year": ""})
    asked.refresh_from_db()
    assert asked.state == "open"
    assert PrivacyRequest.objects.filter(channel="own", state="done").count() == 1


@pytest.mark.parametrize("year", ["0", "3000", "32000", "1800"])
def test_an_impossible_birth_year_is_told(client, page, year):
    assert client.post(page, {"name": "Wahyu", "birth_year": year}).status_code == 422


def test_a_child_does_not_grow_up_by_writing_so(client, page, visitor):
    Visitor.objects.filter(pk=visitor.pk).update(birth_year=timezone.now().year - 10)
    client.post(page, {"name": "Wahyu", "birth_year": "1990"})
    visitor.refresh_from_db()
    assert visitor.birth_year == timezone.now().year - 10


def test_a_new_code_instead_of_one_that_others_may_know(client, page, visitor):
    client.post(f"{page}kode/")
    visitor.refresh_from_db()
    old = visitor.personal_code
    client.post(f"{page}kode/", {"new": "1"})
    visitor.refresh_from_db()
    assert visitor.personal_code not in (None, old)


def test_a_new_address_ends_what_was_sent_to_the_old_one(client, page, visitor, by):
    workflows.correct(visitor, fields={"email": "baru@example.test"}, by=by)
    assert client.get(page).status_code == 410


def test_erased_in_the_same_moment_is_told(client, page, visitor, by, monkeypatch):
    from pst.privacy import own

    stale = Visitor.objects.select_related("office").get(pk=visitor.pk)
    retention.erase(visitor, by=by, why="erasure")
    monkeypatch.setattr(own.contact, "of_link", lambda token: stale)
    assert client.post(page, {"name": "Wahyu"}).status_code == 302
    client.post(f"{page}kode/")
    visitor.refresh_from_db()
    assert (visitor.name, visitor.personal_code) == ("", None)
