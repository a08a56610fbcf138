"""Whatever is typed into any field of any form: never an error page; a message at the field; nothing typed is lost."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from complaints.models import Complaint
from complaints.workflows.lodging import lodge
from queueing.slots import days_with_places
from services.accounts.models import Pairing
from services.offices.models import Service
from services.ratings.models import Rating
from tests.accounts.world import World, shared_world
from tests.guestbook.support import FILLED

LONG = "x" * 10_000
NASTY = {
    "long word": LONG,
    "long text": "kata " * 2_000,
    "emoji": "👩🏽‍🦽🇮🇩" * 5,
    "right to left": "\u202eحسن \u2066مرحبا\u2069",
    "control": "a\x01\x08\x0b\x1b[31m\x7f\u0085b",
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "attribute": "\" onfocus=alert(1) autofocus x='",
    "sql": "'; DROP TABLE guestbook_visitor; --",
    "template": "{{ 7|add:7 }}{% load x %}%(name)s {0}",
    "combining": "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L",
    "blank": "\u00a0 \u200b \t",
    "header": "a\r\nSet-Cookie: x=1",
}


@dataclass
class Target:
    """A form: who sends it where, a sound filling, its text fields, and what counts as "stored"."""

    who: str
    address: Callable[[dict], str]
    filled: dict
    texts: list[str]
    secret: list[str] = field(default_factory=list)  # never shown again: passwords


def at(name: str, *keys: str) -> Callable[[dict], str]:
    return lambda world: reverse(name, args=[world.get(k, k) for k in keys])


def first_day_of_booking(world: dict) -> str:
    """The page of the first day that has times, as the visitor reaches it."""
    service = Service.objects.get(office__code="7411", slug="library")
    return f"{reverse('queueing:book', args=['7411'])}?hari={days_with_places(service)[0].day}"


BOOK = [
    "name",
    "email",
    "email_waiver",
    "phone",
    "birth_year",
    "institution",
    "need_1_subject",
    "need_5_years",
    "companions",
    "party_size",
    "assistance",
]
COMPLAINT = {
    "text": "Lama menunggu", "kind": "service", "privacy": "open", "name": "", "email": "", "phone": "", "happened_on": "",
    "about_text": "",
}  # fmt: skip
ASK = {
    "question": "Berapa penduduk?", "office": "7411", "subject": "Penduduk", "use_of_data": "research",
    "name": "Rina", "email": "rina@example.test", "phone": "+6281234567890", "consent": "on",
    "wanted_1_topic": "penduduk", "wanted_1_region": "Tirawuta", "wanted_1_years": "2024", "wanted_1_level": "desa",
}  # fmt: skip
TARGETS = {
    "guest book, desk": Target(
        "frontliner", at("queueing:desk_guest_book", "waiting"), {**FILLED, "card_type": "ktp"}, BOOK
    ),
    "guest book, tablet": Target(
        "kiosk", at("queueing:kiosk_guest_book", "waiting token"), FILLED, [f for f in BOOK if f != "companions"]
    ),
    "guest book, phone": Target("anonymous", at("queueing:visit_guest_book", "waiting token"), FILLED, BOOK),
    "complaint, public": Target("anonymous", at("complaints:public", "7411"), COMPLAINT, list(COMPLAINT)),
    "complaint, tablet": Target("kiosk", at("complaints:kiosk"), COMPLAINT, list(COMPLAINT)),
    "complaint, phone": Target("anonymous", at("complaints:from_visit", "gone token"), COMPLAINT, list(COMPLAINT)),
    "complaint status": Target(
        "anonymous", at("complaints:status", "7411"), {"number": "P7411-ABCDEF", "secret": "s"}, ["number", "secret"]
    ),
    "complaint answer": Target(
        "supervisor", at("complaints:detail", "complaint"), {"what": "note", "body": "Terima kasih"}, ["body"],
        ["what"],
    ),
    "complaint, written down": Target(
        "frontliner", at("complaints:entry"), {"channel": "box", "privacy": "open", "text": "Lama"},
        ["channel", "when", "reference", "text", "happened_on", "privacy", "name", "email", "phone", "contact"],
    ),
    "complaint rules": Target(
        "supervisor", at("complaints:rules"), {"first_answer_days": "14"}, ["first_answer_days", "lodge_days"]
    ),
    "rating, tablet": Target(
        "kiosk", at("queueing:kiosk_rating", "gone token", "gone service"), {"stars": "4"}, ["comment", "stars"]
    ),
    "rating, phone": Target("anonymous", at("queueing:visit_rate", "gone token"), {"stars": "4"}, ["comment", "stars"]),
    "rating, by mail": Target("anonymous", at("queueing:mailed", "mailed"), {"stars": "4"}, ["comment", "stars"]),
    "rating rules": Target(
        "supervisor", at("ratings:rules"), {"days_between": "30", "link_days": "7"}, ["days_between", "link_days"]
    ),
    "consultation": Target(
        "frontliner", at("consultation:onsite", "here service"), {"question": "PDRB?", "answer": ""}, ["question", "answer"]
    ),
    "asking": Target(
        "anonymous", at("consultation:ask"), ASK,
        [name for name in ASK if name not in ("office", "consent", "use_of_data")] + ["wanted_3_years"],
        secret=["consent", "office"],  # no text
    ),
    "reply of a visitor": Target("anonymous", at("consultation:thread", "asked token"), {"body": "Ya"}, ["body"]),
    "rating of a consultation": Target(
        "anonymous", at("consultation:thread", "rated token"), {"do": "rate", "stars": "4", "comment": ""},
        ["comment", "stars"],
    ),
    "knowledge": Target(
        "frontliner", at("consultation:knowledge_desk"), {"question": "Apa?", "answer": "Itu.", "tags": "PDRB"},
        ["question", "answer", "tags"],
    ),
    "library use": Target(
        "frontliner", at("library:use", "gone service"), {"kind": "read_printed", "what": ""}, ["what", "kind"]
    ),
    "login": Target(
        "anonymous", at("accounts:login"), {"username": "a@example.test", "password": "x"},
        ["username", "password"], secret=["password"],
    ),
    "print slips": Target("frontliner", at("queueing:slips"), {"service": "library", "count": "8"}, ["count"]),
    "paper slip": Target(
        "frontliner", at("queueing:slip_entry"),
        {"number": "A900", "day": "2020-01-01", "people": "1", "arrived": "08.00", "began": "08.10",
         "ended": "08.20", "outcome": "served"},
        ["number", "day", "people", "arrived", "began", "ended"],
    ),
    "appointment code": Target("kiosk", at("queueing:kiosk_check_in"), {"code": "AAAAAA"}, ["code"]),
    "booking": Target("anonymous", first_day_of_booking, {"starts_at": "2020-01-01", "party_size": "1"}, ["party_size"]),
    "pairing": Target("frontliner", at("queueing:devices"), {"code": "ABCDEF", "name": "TV"}, ["code", "name"]),
    "publication": Target(
        "frontliner", at("library:publication_new"), {"title": "Buku"},
        ["title", "year", "year_end", "region", "series", "catalogue_number", "isbn", "issn", "pages",
         "released_on", "web_address"],
    ),
    "series": Target(
        "frontliner", at("library:series", "series"), {"title": "Seri"}, ["title", "region", "issn", "continues"]
    ),
}  # fmt: skip
FIELDS = [(name, text) for name, target in TARGETS.items() for text in target.texts]


@pytest.fixture(scope="module")
def shared(django_db_setup, django_db_blocker):
    with shared_world(django_db_blocker) as world:
        yield world


@pytest.fixture
def world(shared, db) -> World:
    return shared.as_at_first()


def send(world: World, target: Target, **changes):
    client = world.people[target.who]
    return client.post(target.address(world.keys), {**target.filled, **changes})


def shown(page: str, name: str) -> str:
    """What stands in this field on the page."""
    area = re.search(rf'<textarea[^>]*name="{name}"[^>]*>\n?(.*?)</textarea>', page, re.S)
    box = re.search(rf'<input[^>]*name="{name}"[^>]*?value="([^"]*)"', page)
    found = area or box
    return html.unescape(found[1]) if found else ""


def choices(page: str, name: str) -> bool:
    return bool(re.search(rf'<input type="radio" name="{name}"', page))


@pytest.mark.parametrize(("name", "text"), FIELDS)
def test_nothing_typed_into_a_field_breaks_the_page_or_is_lost(world, name, text):
    target = TARGETS[name]
    for kind, value in NASTY.items():
        with transaction.atomic():
            response = send(world, target, **{text: value})
            page = response.content.decode()
            transaction.set_rollback(True)
        assert response.status_code in (200, 302, 422, 429), kind
        assert "<script>alert" not in page, kind
        assert "onerror=alert(1)>" not in page.replace("&gt;", ""), kind
        assert "onfocus=alert(1) autofocus x='\"" not in page, kind
        assert "14{%" not in page, kind
        if response.status_code == 422 and text not in target.secret and not choices(page, text):
            assert shown(page, text).replace("\r\n", "\n") == value.replace("\r\n", "\n"), kind
            for other, filled in target.filled.items():
                if other != text and other not in target.secret and not choices(page, other):
                    assert shown(page, other) == filled, (kind, other)


@pytest.mark.parametrize(("name", "text"), [(n, t) for n, t in FIELDS if n != "login"])
def test_too_much_text_is_told_at_its_own_field(world, name, text):
    response = send(world, TARGETS[name], **{text: LONG})
    page = response.content.decode()
    assert response.status_code == 422
    told = text if f'id="id_{text}_error"' in page else ""
    assert told or text == "stars", "no message at the field"
    assert "data-autofocus" in page  # the summary that leads to it


def test_a_login_with_a_very_long_name_is_told_at_the_name(world):
    page = send(world, TARGETS["login"], username=LONG).content.decode()
    assert 'id="id_username_error"' in page


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_bytes_that_are_no_text_are_read_as_far_as_they_can_be(world, name):
    target = TARGETS[name]
    for raw in (
        b"%ff%fe%fd",
        b"%ED%A0%80%ED%B0%80",
        b"\xff\xfe\xed\xa0\x80",
        b"%00a%00",
        b"%C0%80",
        b"%",
        b"%zz",
        b"%u1234",
    ):
        for text in target.texts:
            body = b"&".join(
                [
                    f"{k}=".encode() + raw if k == text else f"{k}={v}".encode()
                    for k, v in {**target.filled, text: ""}.items()
                ]
            )
            response = world.people[target.who].generic(
                "POST", target.address(world.keys), body, content_type="application/x-www-form-urlencoded"
            )
            assert response.status_code in (200, 302, 400, 422, 429), (raw, text)


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_an_empty_form_is_answered_with_its_page(world, name):
    target = TARGETS[name]
    response = world.people[target.who].post(target.address(world.keys), {"x": ""})
    assert response.status_code in (200, 422)
    assert b"form-errors" in response.content


def test_nul_characters_are_dropped_and_the_rest_is_stored(world):
    send(world, TARGETS["complaint, public"], text="lama\x00sekali")
    assert Complaint.objects.order_by("-pk").first().text == "lamasekali"


def test_emoji_and_right_to_left_text_is_stored_as_typed(world):
    for kind in ("emoji", "right to left", "combining"):
        send(world, TARGETS["complaint, public"], text=NASTY[kind])
        assert Complaint.objects.order_by("-pk").first().text == NASTY[kind]


def test_an_injected_comment_is_only_text(world):
    send(world, TARGETS["rating, phone"], comment=NASTY["sql"])
    assert Rating.objects.get().comment == NASTY["sql"]


@pytest.mark.parametrize("stars", ["0", "6", "-1", "٤", "4.5", "5" * 400, "five"])
def test_only_one_to_five_stars_count(world, stars):
    assert send(world, TARGETS["rating, phone"], stars=stars).status_code == 422
    assert Rating.objects.count() == 0


def test_a_pairing_purpose_that_does_not_exist_asks_again(db):
    for purpose in ("", "root", LONG, "kiosk\x00x", "'; --"):
        assert Client().post("/perangkat/", {"purpose": purpose}).status_code == 200
        assert Client().get("/perangkat/", {"untuk": purpose}).status_code == 200
    assert Pairing.objects.count() == 0


def test_a_tag_in_a_complaint_is_shown_as_text_to_the_officer(make_user, office, by):
    complaint, _secret = lodge(
        office=office, text=NASTY["html"], person={"name": NASTY["attribute"]}, channel="online", by=by
    )
    desk = Client()
    desk.force_login(
        make_user(office, role="supervisor"), backend="django.contrib.auth.backends.ModelBackend"
    )
    page = desk.get(reverse("complaints:detail", args=[complaint.pk])).content.decode()
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page
