"""The office's visits as a list: found, counted, told without a name, however many there are."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from queueing.workflows import desk as work
from queueing.workflows.issue import issue
from services.audit.actors import SYSTEM
from services.guestbook import clocks, workflows
from services.guestbook.models import ConsentWording, Visit, Visitor, VisitService
from services.lockers.workflows import deposit_bag
from tests.guestbook.support import DEVICE, arrive

HERE = "/meja/kunjungan/"


@pytest.fixture
def fill(office):
    """Visits of earlier days straight into the tables: `how_many`, ten minutes apart, newest first."""
    services = list(office.services.all())

    def many(how_many: int, *, since=None) -> None:
        now = since or timezone.now()
        person = Visitor.objects.create(office=office, name="Sitti Aminah")
        results = [("kept", ""), ("missed", ""), ("excluded", clocks.IMPORTED)]
        visits = []
        for n in range(how_many):
            at = now - timedelta(minutes=10 * n)
            visits.append(
                Visit(
                    office=office, visitor=person, day=office.today(at), arrived_at=at, ended_at=at,
                    end_reason="finished", party_size=2, guest_book_at=at, guest_book_channel="paper",
                )
            )  # fmt: skip
        Visit.objects.bulk_create(visits)
        VisitService.objects.bulk_create(
            VisitService(
                visit=visit, office=office, service=services[n % 2], number=f"A{n % 900:03d}", state="done",
                ended_at=visit.ended_at, clock_minutes=5, clock_result=results[n % 3][0], clock_reason=results[n % 3][1],
            )
            for n, visit in enumerate(visits)
        )  # fmt: skip

    return many


def get(desk, **asked) -> str:
    answer = desk.get(HERE, asked)
    assert answer.status_code == 200, answer
    return answer.content.decode()


def rows(page: str) -> list[str]:
    return re.findall(r'<tr data-row="\d+">.*?</tr>', page, re.S)


def totals(page: str) -> dict[str, int]:
    tiles = re.findall(r'stat-label">([^<]+)</p>\s*<p class="stat-value">([\d.]+)', page)
    promises = re.findall(r"</svg> ([^:<]+): <strong>(\d+)</strong>", page)
    return {name: int(value.replace(".", "")) for name, value in (*tiles, *promises)}


def test_todays_visits_without_a_name(desk, office, by):
    visit = arrive(office)
    workflows.sign(
        visit=visit, person={"name": "Sitti Aminah", "phone": "+6281234567890"}, answers={"party_size": 3}, consent=True,
        wording=ConsentWording.objects.first(), channel="tablet", by=by,
    )  # fmt: skip
    arrive(office, at=timezone.now() - timedelta(days=1))
    page = get(desk)
    (row,) = rows(page)
    assert "Sitti" not in page
    assert "81234" not in page
    assert visit.public_label in row
    assert "Tablet" in row
    assert "Belum berakhir" in row
    assert "Menunggu" in row
    assert f"/meja/?kunjungan={visit.pk}" in row
    assert totals(page)["Jumlah orang"] == 3


def test_the_desk_leads_to_it(desk):
    assert f'href="{HERE}"' in desk.get("/meja/").content.decode()


def test_a_visit_with_two_services_and_a_bag_in_a_locker(desk, office, by):
    visit = arrive(office)
    workflows.add_service(visit=visit, service=office.services.last(), by=by)
    deposit_bag(visit=visit, locker=office.lockers.first(), by=by)
    page = get(desk)
    (row,) = rows(page)
    assert all(str(service) in row for service in office.services.all())
    assert "Loker 1" in row
    assert totals(page)["Jumlah kunjungan"] == totals(page)["Jumlah orang"] == 1


def test_the_promise_is_shown_as_on_the_card(desk, office, counter, by):
    service = office.services.get(slug="consultation")
    issue(office=office, service=service, submission="one", by=by)
    called = work.call_next(counter, by=by)
    workflows.sign(
        visit=called.received.visit, person={}, answers={}, consent=False,
        wording=ConsentWording.objects.first(), channel="desk", by=by,
    )  # fmt: skip
    work.start(called.received, by=by)
    page = get(desk)
    assert "Tepat waktu" in rows(page)[0]
    assert "Dilayani" in rows(page)[0]
    assert totals(page)["Ditepati"] == 1
    assert "Janji waktu: 1 ditepati, 0 terlambat, 0 tidak dihitung" in page


def test_counts_are_of_all_pages_and_of_each_visit_once(desk, office, fill, by):
    fill(60)
    two = office.visits.first()
    VisitService.objects.create(
        visit=two, office=office, service=office.services.first(), state="done", ended_at=two.ended_at,
        clock_minutes=5, clock_result="missed",
    )  # fmt: skip
    closed = arrive(office)
    workflows.close(closed, by=SYSTEM, reason="day_end")
    day = office.today() - timedelta(days=2)
    page = get(desk, dari=day, sampai=office.today())
    assert totals(page) == {
        "Jumlah kunjungan": 61, "Jumlah orang": 121, "Tanpa buku tamu": 1, "Ditutup pada akhir hari": 1,
        "Ditepati": 20, "Terlambat": 21, "Tidak dihitung": 20 + bool(closed.services.get().clock_minutes),
    }  # fmt: skip
    assert len(rows(page)) == 50
    assert "Halaman 1 dari 2" in page
    further = re.search(r'rel="next" href="([^"]+)"', page)[1].replace("&amp;", "&")
    assert len(rows(desk.get(HERE + further).content.decode())) == 11


def test_why_a_promise_of_an_imported_visit_is_not_counted(desk, office, fill):
    fill(3)
    assert "diimpor dari catatan lama" in get(desk, dari=office.today() - timedelta(days=1))


def test_by_service_promises_are_of_that_service_only(desk, office, by):
    visit = arrive(office)
    workflows.add_service(visit=visit, service=office.services.last(), by=by)
    VisitService.objects.filter(visit=visit).update(clock_result="kept", clock_minutes=5)
    first, last = office.services.first().slug, office.services.last().slug
    assert totals(get(desk))["Ditepati"] == 2
    for slug in (first, last):
        assert totals(get(desk, layanan=slug))["Ditepati"] == 1
    assert len(rows(get(desk, layanan=first))) == 1


@pytest.mark.parametrize("reason", ["finished", "left", "no_show", "day_end"])
def test_by_how_it_ended(desk, office, reason):
    for end in ("finished", "left", "no_show", "day_end"):
        visit = arrive(office)
        Visit.objects.filter(pk=visit.pk).update(ended_at=timezone.now(), end_reason=end)
    arrive(office)
    page = get(desk, hasil=reason)
    assert len(rows(page)) == 1
    assert str(Visit.EndReason(reason).label) in rows(page)[0]
    assert len(rows(get(desk, hasil="open"))) == 1


@pytest.mark.parametrize("typed", ["A001", "a1", " a-001 "])
def test_by_number_as_people_say_it(desk, office, typed, by):
    for n in range(3):
        issue(office=office, service=office.services.get(slug="library"), submission=str(n), by=by)
    (row,) = rows(get(desk, nomor=typed))
    assert "A001" in row


def test_a_day_is_the_offices_own(desk, office):
    at = timezone.now().replace(hour=17, minute=0) - timedelta(
        days=3
    )  # 01.00 of the next day in Kolaka Timur
    arrive(office, at=at)
    assert len(rows(get(desk, dari=at.date() + timedelta(days=1), sampai=at.date() + timedelta(days=1)))) == 1
    assert rows(get(desk, dari=at.date(), sampai=at.date())) == []


def test_only_this_offices_visits(desk, offices):
    workflows.arrive(office=offices["1906"], service=offices["1906"].services.first(), by=DEVICE)
    page = get(desk)
    assert rows(page) == []
    assert "Tidak ada kunjungan yang cocok" in page


@pytest.mark.parametrize(
    ("asked", "at"),
    [
        ({"dari": "kemarin"}, "dari"),
        ({"dari": "2026-02-30"}, "dari"),
        ({"sampai": "٢٠٢٦-٠١-٠١"}, ""),
        ({"dari": "2026-01-02", "sampai": "2026-01-01"}, "sampai"),
        ({"layanan": "perpus"}, "layanan"),
        ({"layanan": "x\x00"}, "layanan"),
        ({"hasil": "moved"}, "hasil"),
        ({"nomor": "Sitti"}, "nomor"),
        ({"nomor": "٣"}, "nomor"),
        ({"nomor": "9" * 5000}, "nomor"),
        ({"nomor": "<script>"}, "nomor"),
    ],
)
def test_what_cannot_be_asked_is_told_at_its_field(desk, asked, at):
    answer = desk.get(HERE, asked)
    assert answer.status_code == 422 if at else answer.status_code in (200, 422)
    page = answer.content.decode()
    assert not at or f'id="id_{at}_error"' in page
    assert "<script>" not in page.replace("<script src", "")


@pytest.mark.parametrize("page", ["0", "-1", "x", "9" * 5000, "٣", "\x00", "2"])
def test_a_page_that_does_not_exist_is_the_nearest(desk, office, page):
    arrive(office)
    assert len(rows(get(desk, page=page))) == 1


@pytest.mark.parametrize(
    "asked", [{"dari": "", "sampai": ""}, {"dari": "2000-01-01"}, {"sampai": "2100-12-31"}]
)
def test_days_left_empty_or_far_away(desk, office, asked):
    arrive(office)
    assert len(rows(get(desk, **asked))) == 1


@pytest.mark.parametrize("asked", [{"dari": "0001-01-01"}, {"sampai": "9999-12-31"}])
def test_days_at_either_end_of_the_calendar_are_told_at_the_field(desk, asked):
    answer = desk.get(HERE, asked)
    assert answer.status_code == 422
    assert "Tahun dari 2000 sampai 2100." in answer.content.decode()


def test_the_number_of_questions_is_the_same_for_3_300_and_10000_visits(desk, office, fill):
    def ask(**more) -> int:
        since = office.today() - timedelta(days=400)
        desk.get(HERE)
        with CaptureQueriesContext(connection) as queries:
            page = get(desk, dari=since, **more)
        assert rows(page)
        return len([q for q in queries if "SAVEPOINT" not in q["sql"]])

    fill(3)
    few = ask()
    assert few <= 10
    fill(297, since=timezone.now() - timedelta(days=1))
    assert ask() == few
    fill(9_700, since=timezone.now() - timedelta(days=10))
    with connection.cursor() as cursor:  # as the database does by itself soon after so many new rows
        cursor.execute("ANALYZE guestbook_visit, guestbook_visitservice, guestbook_visitor")
    assert Visit.objects.count() == 10_000
    assert ask() == few
    assert ask(page="200", layanan="library", hasil="finished") == few
