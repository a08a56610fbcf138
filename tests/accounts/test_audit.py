"""The trace: every change has an actor, every look at a person's record a line, and no line holds who it was."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from complaints.workflows.lodging import lodge
from queueing.models import Ticket
from services.accounts.models import Device
from services.audit.models import AuditEntry
from services.guestbook.models import Visit
from services.guestbook.workflows import arrive
from tests.accounts.world import BACKEND, sign

NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
PERSON = {
    "consent": "yes", "name": "Nurhayati Rahasia", "email": "nurhayati@rahasia.test", "phone": "0812 3456 7890",
    "gender": "female", "birth_year": "1990", "education": "bachelor", "job": "student",
    "institution": "Universitas Rahasia", "institution_category": "education", "use_of_data": "research",
    "need_1_subject": "penduduk rahasia", "assistance": "kursi rahasia", "party_size": "1", "card_type": "ktp",
}  # fmt: skip


def actions() -> list[str]:
    return list(AuditEntry.objects.order_by("id").values_list("action", flat=True))


def post(client, view, /, *args, **form):
    before = AuditEntry.objects.count()
    response = client.post(reverse(view, args=args), form or {"x": "1"})
    assert response.status_code in (200, 302), response.status_code
    assert AuditEntry.objects.count() > before, f"{view} left no trace"
    return response


def handle(supervisor, complaint) -> None:
    """Read, given to oneself, answered and closed."""
    chief, page = Client(), reverse("complaints:detail", args=[complaint.pk])
    chief.force_login(supervisor, backend=BACKEND)
    assert chief.get(page).status_code == 200
    post(chief, "complaints:manage", complaint.pk, do="assign", officer=str(supervisor.pk))
    for what, body in (("answer", "Ibu Nurhayati, sudah."), ("close", "Selesai")):
        post(chief, "complaints:detail", complaint.pk, what=what, body=body)


@pytest.fixture
def whole_day(desk, kiosk, office, make_user):
    """A visitor of Kolaka Timur from the tablet's tap to the door, over HTTP."""
    page = kiosk.get("/kios/").context["token"]
    post(kiosk, "queueing:take_number", token=page, service="library")
    visit, ticket = Visit.objects.get(), Ticket.objects.get()
    post(desk, "queueing:open_counter", counter="1")
    post(desk, "queueing:call_next")
    post(desk, "queueing:ticket_action", ticket.pk, "recall")
    post(
        kiosk,
        "queueing:kiosk_guest_book",
        visit.token,
        **{k: v for k, v in PERSON.items() if k != "card_type"},
    )
    desk.get(reverse("queueing:desk_visit", args=[visit.pk]))
    post(desk, "lockers:deposit_card", visit.pk, card_type="ktp", locker="3")
    post(desk, "lockers:deposit_bag", visit.pk, locker="3")
    received = visit.services.get()
    post(desk, "queueing:desk_service", received.pk, "start")
    post(desk, "library:use", received.pk, kind="read_printed", what="Kolaka Timur Dalam Angka")
    post(desk, "queueing:desk_add_service", visit.pk, service="consultation")
    other = visit.services.last()
    post(desk, "queueing:desk_service", other.pk, "start")
    post(desk, "consultation:onsite", other.pk, question="PDRB untuk Nurhayati?", answer="Tabel 1")
    post(desk, "queueing:desk_service", other.pk, "end")
    post(desk, "queueing:desk_service", received.pk, "end")
    post(Client(), "queueing:visit_rate", visit.token, stars="4", comment="Terima kasih, Nurhayati Rahasia")
    post(Client(), "complaints:from_visit", visit.token, text="Kursi", name="Nurhayati Rahasia",
         email="nurhayati@rahasia.test")  # fmt: skip
    complaint = office.complaints.get()
    handle(make_user(office, role="supervisor"), complaint)
    for what in ("bag", "card"):
        post(desk, "lockers:give_back", visit.pk, what)
    post(desk, "queueing:desk_close", visit.pk, reason="finished")
    post(desk, "accounts:revoke", Device.objects.get().pk)
    return visit


def test_every_change_of_a_whole_visit_leaves_its_line(whole_day):
    assert {
        "visit.arrived", "counter.opened", "ticket.called", "visit.signed", "deposit.received",
        "visitservice.serving", "visitservice.done", "library.used", "consultation.saved", "rating.given",
        "complaint.lodged", "complaint.handled", "complaint.answered", "complaint.closed",
        "deposit.returned", "visit.closed", "device.paired", "device.revoked", "ticket.arrived", "read",
    } <= set(actions())  # fmt: skip


def test_every_line_names_who_acted_and_in_which_office(whole_day, office, frontliner):
    for entry in AuditEntry.objects.exclude(actor="system"):
        assert entry.actor in {"officer", "device", "visitor"}
        assert (entry.user_id is not None) == (entry.actor == "officer")
        assert (entry.device_id is not None) == (entry.actor == "device")
        assert entry.office == office


def test_no_line_holds_anything_personal(whole_day):
    trace = json.dumps(
        list(AuditEntry.objects.values("action", "target_type", "detail")), default=str
    ).lower()
    for secret in ("nurhayati", "rahasia", "812", "3456", "1990", "female", "kursi", "pdrb"):
        assert secret not in trace


def test_changed_over_http_by_an_officer_is_traced_to_that_officer(whole_day, frontliner):
    entry = AuditEntry.objects.get(action="visit.closed")
    assert (entry.user, entry.target_id) == (frontliner, whole_day.pk)


def reads() -> int:
    return AuditEntry.objects.filter(action="read").count()


@pytest.fixture
def known_visit(library, by, frontliner):
    with time_machine.travel(NINE, tick=False):
        return sign(arrive(office=library.office, service=library, by=by), by)


def test_an_open_card_counts_one_read_in_ten_minutes(known_visit, frontliner):
    seen = []
    for minute in (0, 1, 9, 11, 12):
        with time_machine.travel(NINE + timedelta(minutes=minute), tick=False):
            client = Client()
            client.force_login(frontliner, backend=BACKEND)
            client.get(reverse("queueing:desk_visit", args=[known_visit.pk]))
        seen.append(reads())
    assert seen == [1, 1, 1, 2, 2]


def test_two_officers_who_read_are_two_lines(known_visit, desk, make_user, office):
    colleague = Client()
    colleague.force_login(make_user(office), backend=BACKEND)
    for client in (desk, colleague):
        client.get(reverse("queueing:desk_visit", args=[known_visit.pk]))
    assert AuditEntry.objects.filter(action="read").values("user").distinct().count() == 2


def test_an_anonymous_visit_is_nobodys_record(desk, library, by):
    visit = arrive(office=library.office, service=library, by=by)
    desk.get(reverse("queueing:desk_visit", args=[visit.pk]))
    assert reads() == 0


def test_reading_a_consultation_is_noted(desk, consultation, by):
    visit = arrive(office=consultation.office, service=consultation, by=by)
    url = reverse("consultation:onsite", args=[visit.main.pk])
    desk.get(url)
    assert reads() == 0
    desk.post(url, {"question": "PDRB?"})
    desk.get(url)
    assert AuditEntry.objects.get(action="read").target_type == "consultation.consultation"


def test_a_reply_that_is_refused_shows_the_complaint_and_is_a_read(make_user, office, by):
    chief = Client()
    chief.force_login(make_user(office, role="supervisor"), backend=BACKEND)
    complaint, _secret = lodge(office=office, text="Isi", channel="online", by=by)
    response = chief.post(reverse("complaints:detail", args=[complaint.pk]), {"what": "answer", "body": ""})
    assert response.status_code == 422
    assert reads() == 1
