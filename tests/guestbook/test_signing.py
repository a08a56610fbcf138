"""Signing: once, by one person; a refusal leaves nothing of them behind."""

from __future__ import annotations

from functools import partial

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from services.guestbook import steps, workflows
from services.guestbook.models import Consent, ConsentWording, Visit, Visitor
from services.guestbook.workflows import sign
from services.workflow import IllegalMove
from tests.guestbook.support import DEVICE, FILLED, arrive
from tests.together import at_once

LEFTOVERS = {
    **FILLED, "consent": "no", "name": "Zubaidah Terhapus", "email": "not an address terhapus", "phone": "zubaidah",
    "birth_year": "1800", "gender": "x", "assistance": "terhapus", "need_1_subject": "terhapus",
    "need_2_region": "terhapus", "companions": "Zubaidah terhapus", "complained_before": "yes",
    "institution": "terhapus", "email_waiver": "terhapus", "card_type": "ktp",
}  # fmt: skip


@pytest.fixture
def visit(office):
    return arrive(office)


def screens(visit, desk, kiosk):
    return {
        "desk": (desk, reverse("queueing:desk_guest_book", args=[visit.pk])),
        "tablet": (kiosk, reverse("queueing:kiosk_guest_book", args=[visit.token])),
        "phone": (Client(), reverse("queueing:visit_guest_book", args=[visit.token])),
    }


def anywhere(text: str) -> list[str]:
    """Every table of the database that holds this text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        tables = [row[0] for row in cursor.fetchall()]
        found = []
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text ILIKE %s', [f"%{text}%"])
            if cursor.fetchone()[0]:
                found.append(table)
    return found


@pytest.mark.parametrize("where", ["desk", "tablet", "phone"])
def test_a_refusal_needs_nothing_else_on_any_screen(visit, desk, kiosk, where):
    client, url = screens(visit, desk, kiosk)[where]
    assert client.post(url, {"consent": "no"}).status_code == 302
    visit.refresh_from_db()
    assert visit.guest_book_at
    assert visit.party_size == 1


@pytest.mark.parametrize("where", ["desk", "tablet", "phone"])
def test_a_refusal_stores_nothing_of_what_was_typed_before(visit, desk, kiosk, where):
    client, url = screens(visit, desk, kiosk)[where]
    assert client.post(url, {**LEFTOVERS, "party_size": "3"}).status_code == 302
    visit.refresh_from_db()
    assert Visitor.objects.count() == 0
    assert visit.visitor is None
    assert (visit.party_size, visit.use_of_data, visit.card_type, visit.complained_before) == (
        3,
        "",
        "",
        None,
    )
    assert anywhere("terhapus") == []
    assert anywhere("zubaidah") == []
    consent = Consent.objects.get()
    assert (consent.given, consent.visitor) == (False, None)


def test_the_browser_itself_demands_nothing_of_one_who_refuses(visit, kiosk):
    page = kiosk.get(reverse("queueing:kiosk_guest_book", args=[visit.token])).content.decode()
    assert " required" not in page


def test_one_who_refused_is_served_all_the_same(visit, desk):
    desk.post(reverse("queueing:desk_guest_book", args=[visit.pk]), {"consent": "no"})
    assert desk.post(reverse("queueing:desk_service", args=[visit.main.pk, "start"])).status_code == 302
    assert visit.services.get().state == "serving"
    assert (
        "Tamu (tanpa data pribadi)"
        in desk.get(reverse("queueing:desk_visit", args=[visit.pk])).content.decode()
    )


def test_a_consent_keeps_the_wording_the_channel_and_the_time(visit, kiosk):
    kiosk.post(reverse("queueing:kiosk_guest_book", args=[visit.token]), FILLED)
    consent = Consent.objects.get()
    visit.refresh_from_db()
    assert consent.given
    assert consent.wording == ConsentWording.objects.first()
    assert (consent.channel, consent.at, consent.visitor) == ("tablet", visit.guest_book_at, visit.visitor)


@pytest.mark.parametrize("where", ["desk", "tablet", "phone"])
def test_a_signed_book_is_never_shown_nor_overwritten(visit, desk, kiosk, where):
    Client().post(reverse("queueing:visit_guest_book", args=[visit.token]), FILLED)
    client, url = screens(visit, desk, kiosk)[where]
    shown = client.get(url, follow=True)
    if where != "desk":
        assert "Sitti" not in shown.content.decode()
    assert client.post(url, {**FILLED, "name": "Orang Lain"}).status_code == 302
    assert list(Visitor.objects.values_list("name", flat=True)) == ["Sitti Aminah"]


def test_public_pages_never_name_the_visitor(visit, kiosk):
    Client().post(reverse("queueing:visit_guest_book", args=[visit.token]), FILLED)
    for client, url in (
        (Client(), reverse("queueing:visit", args=[visit.token])),
        (kiosk, reverse("queueing:kiosk")),
        (kiosk, reverse("queueing:kiosk_sign")),
        (kiosk, reverse("queueing:kiosk_rate")),
    ):
        assert "Sitti" not in client.get(url).content.decode()


def test_pages_with_entries_are_not_kept_by_the_browser(visit, desk, kiosk):
    for client, url in screens(visit, desk, kiosk).values():
        assert "no-store" in client.get(url).headers["Cache-Control"]


def test_a_book_cannot_be_signed_after_the_visit(visit, desk):
    desk.post(reverse("queueing:desk_close", args=[visit.pk]))
    with pytest.raises(IllegalMove):
        sign(visit=visit, person={"name": "X"}, answers={}, consent=True, wording=ConsentWording.objects.first(),
             channel="desk", by=DEVICE)  # fmt: skip
    Client().post(reverse("queueing:visit_guest_book", args=[visit.token]), FILLED)
    assert Visitor.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_who_sign_the_same_visit_at_the_same_instant_are_one_visitor(offices):
    visit = arrive(offices["7411"])
    url = reverse("queueing:visit_guest_book", args=[visit.token])

    def send(number: int) -> int:
        return Client().post(url, {**FILLED, "name": f"Tamu {number}"}).status_code

    assert at_once(*(partial(send, n) for n in range(4))) == [302] * 4
    assert Visitor.objects.count() == Consent.objects.count() == 1
    assert Visit.objects.get().visitor == Visitor.objects.get()


def test_a_second_service_brings_its_own_steps_in_its_own_places(office, by):
    """Consultation first, library added: the card and the bag of the library's standard join the list."""
    consultation, library = office.services.get(slug="consultation"), office.services.get(slug="library")
    visit = workflows.arrive(office=office, service=consultation, by=by)
    workflows.add_service(visit=visit, service=library, by=by)
    visit = Visit.objects.with_services().get(pk=visit.pk)
    kinds = [s.kind for s in steps.procedure(visit)]
    assert kinds == [
        "ticket", "guest_book", "card_deposit", "bag_deposit", "service", "rating", "bag_return", "card_return", "finish"
    ]  # fmt: skip
