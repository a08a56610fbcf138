"""Somebody who was here before, at the tablet: known by their own code only, asked only what is new, and forgotten."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from services.accounts.models import Device
from services.audit.models import AuditEntry
from services.guestbook import recognition
from services.guestbook.models import Consent, Recognition, Visitor
from tests.guestbook.support import arrive
from tests.mail_server import codes_in, work_off


@pytest.fixture
def visit(office):
    return arrive(office)


@pytest.fixture
def regular(office):
    visitor = Visitor.objects.create(
        office=office, name="Wahyu Lestari", email="wahyu@example.test", phone="+6281234567890",
        gender="female", birth_year=1998, education="bachelor", job="student", institution_category="education",
    )  # fmt: skip
    old = arrive(office)
    old.visitor, old.use_of_data = visitor, "research"
    old.save()
    return visitor


def book(visit) -> str:
    return reverse("queueing:kiosk_guest_book", args=[visit.token])


def show_code(kiosk, visit, code: str):
    return kiosk.post(f"{book(visit)}?kenal=1", {"action": "personal", "code": code}, follow=True)


def test_the_personal_code_is_made_once_and_read_in_any_writing(office, regular):
    code = recognition.personal_code(regular)
    assert recognition.personal_code(regular) == code
    assert len(code.replace("-", "")) == 12
    for typed in (code, code.lower(), code.replace("-", ""), f" {code} "):
        assert recognition.of_personal_code(office, typed) == regular


def test_another_office_does_not_know_it(offices, regular):
    assert recognition.of_personal_code(offices["1906"], recognition.personal_code(regular)) is None


def test_with_the_code_only_what_is_new_is_asked(kiosk, visit, regular):
    page = show_code(kiosk, visit, recognition.personal_code(regular)).content.decode()
    assert "W•••u L•••i" in page
    for hidden in ("Lestari", "wahyu@", "81234567890", 'name="name"', 'name="education"', 'name="email"'):
        assert hidden not in page
    assert re.search(r"""value="research"[^>]*checked""", page)
    assert 'name="consent"' in page
    assert page.count('name="consent" value="yes"') == 1
    assert 'value="yes" id="id_consent_0" checked' not in page


def test_signing_is_one_visitor_with_two_visits_and_a_consent_of_its_own(kiosk, visit, regular):
    show_code(kiosk, visit, recognition.personal_code(regular))
    answer = kiosk.post(book(visit), {"consent": "yes", "use_of_data": "education", "party_size": "1"})
    assert answer.status_code == 302, answer.content.decode()
    visit.refresh_from_db()
    assert visit.visitor == regular
    assert visit.use_of_data == "education"
    regular.refresh_from_db()
    assert (regular.name, regular.education) == ("Wahyu Lestari", "bachelor")
    assert Visitor.objects.count() == 1
    assert Consent.objects.get(visit=visit).given
    assert Recognition.objects.count() == 0


def test_a_known_person_may_refuse_this_time(kiosk, visit, regular):
    show_code(kiosk, visit, recognition.personal_code(regular))
    kiosk.post(book(visit), {"consent": "no"})
    visit.refresh_from_db()
    assert visit.guest_book_at is not None
    assert visit.visitor is None
    assert AuditEntry.objects.filter(action="visitor.recognised").count() == 1


def test_what_the_office_wants_and_the_record_lacks_is_asked(kiosk, visit, regular):
    Visitor.objects.filter(pk=regular.pk).update(education="")
    page = show_code(kiosk, visit, recognition.personal_code(regular)).content.decode()
    assert 'name="education"' in page
    form = {"consent": "yes", "use_of_data": "research", "party_size": "1"}
    assert kiosk.post(book(visit), form).status_code == 422
    kiosk.post(book(visit), {**form, "education": "master"})
    regular.refresh_from_db()
    assert (regular.education, regular.job) == ("master", "student")


def test_a_code_never_puts_a_contact_onto_the_record(kiosk, visit, regular):
    """Or whoever found a code would have the owner's data sent to their own mailbox."""
    Visitor.objects.filter(pk=regular.pk).update(email="", email_waiver="")
    page = show_code(kiosk, visit, recognition.personal_code(regular)).content.decode()
    assert 'name="email"' not in page
    kiosk.post(
        book(visit),
        {
            "consent": "yes",
            "use_of_data": "research",
            "party_size": "1",
            "email": "jahat@example.test",
            "phone": "0811",
        },
    )
    regular.refresh_from_db()
    visit.refresh_from_db()
    assert (visit.visitor, regular.email, regular.phone) == (regular, "", "+6281234567890")


def test_a_child_who_comes_again_needs_somebody_who_agrees(kiosk, visit, regular):
    Visitor.objects.filter(pk=regular.pk).update(birth_year=timezone.now().year - 10)
    page = show_code(kiosk, visit, recognition.personal_code(regular)).content.decode()
    assert 'name="guardian"' in page
    form = {"consent": "yes", "use_of_data": "research", "party_size": "1"}
    assert kiosk.post(book(visit), form).status_code == 422
    assert kiosk.post(book(visit), {**form, "guardian": "parent"}).status_code == 302
    assert Consent.objects.get(visit=visit).guardian == "parent"


def test_not_me_is_the_whole_form_again(kiosk, visit, regular):
    show_code(kiosk, visit, recognition.personal_code(regular))
    page = kiosk.get(f"{book(visit)}?baru=1").content.decode()
    assert 'name="name"' in page
    assert "W•••u" not in page
    assert Recognition.objects.count() == 0


def test_the_first_screen_forgets_who_stood_there(kiosk, visit, regular):
    show_code(kiosk, visit, recognition.personal_code(regular))
    kiosk.get("/kios/?baru=1")
    page = kiosk.get(book(visit)).content.decode()  # "back"
    assert "W•••u" not in page
    assert 'name="name"' in page


def test_for_this_guest_book_and_ten_minutes_only(kiosk, office, visit, regular):
    show_code(kiosk, visit, recognition.personal_code(regular))
    assert "W•••u" not in kiosk.get(book(arrive(office))).content.decode()
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert recognition.at_tablet(Device.objects.get(), visit.token) is None


def test_wrong_codes_are_told_at_the_field_and_end(kiosk, visit, regular):
    answer = show_code(kiosk, visit, "AAAA-BBBB-CCCC")
    assert answer.status_code == 422
    assert "Kode ini tidak kami kenal" in answer.content.decode()
    for _n in range(60):
        answer = show_code(kiosk, visit, "AAAA-BBBB-CCCC")
    assert "Terlalu banyak kali" in answer.content.decode()
    assert (
        "Terlalu banyak kali" in show_code(kiosk, visit, recognition.personal_code(regular)).content.decode()
    )


@pytest.mark.parametrize("typed", ["", "\0", "²" * 12, "x" * 500])
def test_odd_codes_are_no_key(kiosk, visit, regular, typed):
    assert show_code(kiosk, visit, typed).status_code == 422


def test_a_code_by_mail(kiosk, office, visit, regular, mailbox):
    asking = f"{book(visit)}?kenal=1"
    known = kiosk.post(asking, {"action": "mail", "email": "wahyu@example.test"})
    unknown = kiosk.post(asking, {"action": "mail", "email": "siapa@example.test"})
    batches = [page.context["mailed"]["batch"].value() for page in (known, unknown)]
    shown = [
        re.sub('middlewaretoken" value="[^"]+', "", page.content.decode().split("<main")[1]).replace(
            batch, ""
        )
        for page, batch in zip((known, unknown), batches, strict=True)
    ]
    assert shown[0] == shown[1]
    work_off()
    [code] = codes_in(mailbox.messages[-1])
    wrong = kiosk.post(asking, {"action": "mailed", "batch": batches[0], "mailed": "12"})
    assert wrong.status_code == 422
    page = kiosk.post(asking, {"action": "mailed", "batch": batches[0], "mailed": code}, follow=True)
    assert "W•••u L•••i" in page.content.decode()


def test_without_a_mail_server_no_mail_is_offered(kiosk, visit, settings):
    settings.MAIL_IS_SENT = False
    page = kiosk.get(f"{book(visit)}?kenal=1").content.decode()
    assert 'name="email"' not in page
    assert 'name="code"' in page


def test_where_nobody_queues_the_visit_opens_with_the_signature(offices, make_device):
    from django.test import Client

    from services.accounts.devices import cookie_name

    office = offices["1906"]
    kiosk = Client()
    kiosk.cookies[cookie_name("kiosk")] = make_device(office, "kiosk")[1]
    visitor = Visitor.objects.create(
        office=office, name="Siti Rahma", email="siti@example.test", gender="female", birth_year=1990,
        education="bachelor", job="private", institution_category="private",
    )  # fmt: skip
    token = kiosk.get("/kios/").context["token"]
    first = kiosk.post("/kios/ambil/", {"token": token, "service": "library"}, follow=True)
    address = first.redirect_chain[-1][0]
    asking = first.context["known_url"]
    page = kiosk.post(asking, {"action": "personal", "code": recognition.personal_code(visitor)}, follow=True)
    assert "S•••i R•••a" in page.content.decode()
    assert office.visits.count() == 0
    kiosk.post(address, {"consent": "yes", "use_of_data": "research", "party_size": "1"})
    assert office.visits.get().visitor == visitor


def test_at_the_desk_the_officer_gives_it_and_that_is_logged(desk, office, visit, regular):
    visit.visitor = regular
    visit.save()
    answer = desk.post(reverse("queueing:personal_code", args=[visit.pk]), headers={"HX-Request": "true"})
    regular.refresh_from_db()
    assert recognition.personal_code(regular) in answer.content.decode()
    assert AuditEntry.objects.filter(action="read", detail={"why": "personal code"}).count() == 1


def test_nobody_without_a_record_has_one(desk, visit):
    assert desk.post(reverse("queueing:personal_code", args=[visit.pk])).status_code == 404
