"""What the guest book asks and takes: by the office's standard, from people of any country and age."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from services.guestbook.forms import GuestBookForm
from tests.guestbook.support import arrive, errors, form


@pytest.fixture
def visit(office):
    return arrive(office)


def pages(visit, desk, kiosk) -> dict[str, str]:
    return {
        "desk": desk.get(reverse("queueing:desk_guest_book", args=[visit.pk])).content.decode(),
        "tablet": kiosk.get(reverse("queueing:kiosk_guest_book", args=[visit.token])).content.decode(),
        "phone": Client().get(reverse("queueing:visit_guest_book", args=[visit.token])).content.decode(),
    }


def test_a_filled_book_is_accepted(visit):
    assert errors(visit) == set()


def test_consent_is_never_ticked_beforehand_on_any_screen(visit, desk, kiosk):
    for where, page in pages(visit, desk, kiosk).items():
        boxes = re.findall(r'<input[^>]*name="consent"[^>]*>', page)
        assert len(boxes) == 2, where
        assert not any("checked" in box for box in boxes), where


def test_the_wording_one_agrees_to_stands_beside_the_choice(visit, desk, kiosk):
    wording = str(GuestBookForm(visit=visit).wording)
    for page in pages(visit, desk, kiosk).values():
        assert wording in page
        assert 'aria-describedby="id_consent_helptext"' in page
        assert 'id="id_consent_helptext"' in page


def test_without_a_choice_nothing_is_stored(visit):
    assert "consent" in errors(visit, consent="")
    assert "consent" in errors(visit, consent="maybe")


def test_every_field_has_a_label_and_every_help_text_is_tied_to_it(visit, desk, kiosk):
    for where, page in pages(visit, desk, kiosk).items():
        ids = set(re.findall(r'\bid="([^"]+)"', page))
        for box in re.findall(r'<(?:input|textarea|select)[^>]*\bname="(?!csrf)[^>]*>', page):
            if 'type="hidden"' in box or 'type="submit"' in box:
                continue
            own = re.search(r'\bid="([^"]+)"', box)
            assert own, (where, box)
            assert f'for="{own[1]}"' in page, (where, box)
        for targets in re.findall(r'aria-describedby="([^"]+)"', page):
            assert set(targets.split()) <= ids, (where, targets)


def test_an_error_stands_at_its_field_and_what_was_typed_stays(visit, desk, kiosk):
    for client, url in (
        (desk, reverse("queueing:desk_guest_book", args=[visit.pk])),
        (kiosk, reverse("queueing:kiosk_guest_book", args=[visit.token])),
        (Client(), reverse("queueing:visit_guest_book", args=[visit.token])),
    ):
        response = client.post(url, {"consent": "yes", "name": "Sitti <Aminah>", "birth_year": "1800"})
        page = response.content.decode()
        assert response.status_code == 422
        assert 'value="Sitti &lt;Aminah&gt;"' in page
        year = re.search(r'<input[^>]*name="birth_year"[^>]*>', page)[0]
        assert 'aria-invalid="true"' in year
        assert "id_birth_year_error" in re.search(r'aria-describedby="([^"]+)"', year)[1]
        assert 'id="id_birth_year_error"' in page
        assert re.search(r'<input[^>]*value="yes"[^>]*checked', page)


@pytest.mark.parametrize(("code", "asked"), [("7411", True), ("1373", True), ("1906", True), ("6571", True)])
def test_email_or_the_reason_why_not_where_the_standard_demands_it(offices, code, asked):
    visit = arrive(offices[code])
    assert visit.main.standard.rules.email_onsite is asked
    assert errors(visit, email="") == {"email"}
    assert errors(visit, email="", email_waiver="Tidak punya") == set()
    assert errors(visit, email="bukan e-mail", email_waiver="Tidak punya") == {"email"}


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("0812 3456 7890", "+6281234567890"),
        ("+62 812-3456-7890", "+6281234567890"),
        ("(0405) 2310123", "+624052310123"),
        ("+60 12 345 6789", "+60123456789"),
        ("+65 6123 4567", "+6561234567"),
        ("+33 6 12 34 56 78", "+33612345678"),
        ("+49 (0)30 901820", "+4930901820"),
        ("+1 202-555-0123", "+12025550123"),
        ("٠٨١٢٣٤٥٦٧٨٩٠", "+6281234567890"),
        ("", ""),
    ],
)
def test_phones_of_any_country_are_stored_one_way(visit, typed, stored):
    filled = form(visit, phone=typed)
    assert filled.is_valid(), filled.errors
    assert filled.person()["phone"] == stored


@pytest.mark.parametrize(
    "typed",
    [
        "12",
        "0812-11",
        "081211",
        "+62 81211",
        "+65 612",
        "abc",
        "+999 123",
        "0812 3456 7890 1234 5678 9",
        "'; DROP TABLE",
        "+",
    ],
)
def test_what_is_no_phone_is_told_at_the_phone(visit, typed):
    assert errors(visit, phone=typed) == {"phone"}


@pytest.mark.parametrize(
    ("year", "accepted"),
    [("2026", True), ("1906", True), ("2027", False), ("1905", False), ("", False), ("-5", False),
     ("1e3", False), ("9" * 5000, False), ("1998.0", True), ("19 98", False)],
)  # fmt: skip
def test_years_of_birth_lie_within_a_long_life(office, year, accepted):
    with time_machine.travel(datetime(2026, 6, 1, tzinfo=UTC), tick=False):
        assert ("birth_year" not in errors(arrive(office), birth_year=year)) is accepted


def test_the_newest_year_is_the_offices_own(offices):
    with time_machine.travel(datetime(2026, 12, 31, 16, 30, tzinfo=UTC), tick=False):  # 00.30 WITA, 23.30 WIB
        assert errors(arrive(offices["7411"]), birth_year="2027") == {"guardian"}
        assert errors(arrive(offices["1373"]), birth_year="2027") == {"birth_year"}


@pytest.mark.parametrize(("size", "accepted"), [("1", 1), ("15", 1), ("200", 1), ("0", 0), ("201", 0), ("-1", 0),
                                               ("", 0), ("1.5", 0), ("banyak", 0)])  # fmt: skip
def test_one_may_sign_for_a_party_of_up_to_two_hundred(visit, size, accepted):
    assert ("party_size" not in errors(visit, party_size=size)) is bool(accepted)


def test_a_card_is_noted_by_the_officer_only_and_only_its_type(visit, desk, kiosk):
    assert visit.main.standard.rules.identity_card
    shown = {where: 'name="card_type"' in page for where, page in pages(visit, desk, kiosk).items()}
    assert shown == {"desk": True, "tablet": False, "phone": False}
    assert form(visit, by_officer=True, card_type="").errors.keys() == {"card_type"}
    assert not [f for f in GuestBookForm(visit=visit, by_officer=True).fields if "number" in f]


def test_a_visitor_cannot_slip_in_a_card_that_nobody_saw(visit, kiosk):
    filled = form(visit, card_type="ktp")
    assert filled.is_valid()
    assert "card_type" not in filled.answers()


@pytest.mark.parametrize("field", ["gender", "education", "job", "institution_category", "use_of_data"])
def test_answers_outside_the_lists_are_not_taken(visit, field):
    assert errors(visit, **{field: "x' OR 1=1"}) == {field}


def test_a_child_needs_somebody_who_agrees(visit):
    assert errors(visit, birth_year="2015") == {"guardian"}
    assert errors(visit, birth_year="2015", guardian="teacher") == set()
    assert form(visit, birth_year="2015", guardian="parent").is_valid()


def test_without_anybody_a_child_is_served_and_nothing_personal_is_kept(visit):
    alone = form(visit, birth_year="2015", guardian="none", name="", gender="")
    assert alone.is_valid(), alone.errors
    entry = alone.entry()
    assert (entry["consent"], entry["person"], entry["needs"]) == (False, {}, [])


def test_who_agreed_for_a_grown_up_is_not_kept(visit):
    grown = form(visit, guardian="parent")
    assert grown.is_valid()
    assert grown.entry()["guardian"] == ""


def test_rows_of_data_wanted(visit):
    rows = form(
        visit,
        need_1_subject="Penduduk",
        need_1_years="2020–2024",
        need_3_subject="PDRB",
        need_3_region="Kolaka",
    )
    assert rows.is_valid()
    assert [r["subject"] for r in rows.entry()["needs"]] == ["Penduduk", "PDRB"]
    assert errors(visit, need_2_region="Kolaka") == {"need_2_subject"}


@pytest.mark.parametrize(("names", "kept"), [
    ("Ali\n\n  Budi   Santoso \r\nCitra", ["Ali", "Budi Santoso", "Citra"]), ("", []),
])  # fmt: skip
def test_names_of_a_group_are_lines(visit, names, kept):
    filled = form(visit, party_size="3", companions=names)
    assert filled.is_valid()
    assert filled.entry()["companions"] == kept


def test_a_name_too_long_for_its_column_is_told(visit):
    assert errors(visit, companions="x" * 121) == {"companions"}


@pytest.mark.parametrize(("wish", "wrong"), [("required", {"phone"}), ("optional", set()), ("off", set())])
def test_the_office_decides_what_is_asked(visit, wish, wrong):
    visit.main.standard.rules.guest_book_fields["phone"] = wish
    filled = form(visit, phone="")
    assert set(filled.errors) == wrong
    assert ("phone" in filled.fields) is (wish != "off")


def test_an_office_that_demands_an_email_still_takes_the_reason_for_none(visit):
    visit.main.standard.rules.guest_book_fields["email"] = "required"
    assert errors(visit, email="", email_waiver="Tidak punya") == set()
    assert errors(visit, email="", email_waiver="") == {"email"}
