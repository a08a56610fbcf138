"""What was read: loans within the room and uses on a visit's page, each once, by day, subject and title."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from library.models import LibraryUse, Loan, Publication, ScanRequest, Subject
from pst.reports.lists import MOST
from services.codes import new_key
from tests.library.support import copy_of, title
from tests.panel.worlds import KEPT, received
from tests.reports.support import at, numbers, parts_are_the_whole, scope, split, sql, tables, totals

pytestmark = pytest.mark.django_db
SUMMED = ("kinds", "days", "weekdays", "subjects", "series", "books", "scans")
IN_MARCH = """
    SELECT count(*) FROM (
        SELECT l.out_at AT TIME ZONE o.time_zone AS at FROM library_loan l JOIN offices_office o ON o.id = l.office_id
            WHERE l.kind = 'reading' AND o.code = ANY(%s)
        UNION ALL SELECT u.at AT TIME ZONE o.time_zone FROM library_libraryuse u JOIN offices_office o ON o.id = u.office_id
            WHERE u.kind IN ('read_printed', 'read_digital', 'scan') AND NOT u.at_shelf AND o.code = ANY(%s)
    ) AS used WHERE at >= '2026-03-01' AND at < '2026-04-01'
"""


def use(visit, office, kind: str, when: str, **more) -> LibraryUse:
    return LibraryUse.objects.create(
        office=office, received=visit, kind=kind, at=at(office, when), submission=new_key(), **more
    )


def reading(office, book, when: str, n: int = 1) -> None:
    for _n in range(n):
        copy = copy_of(book, office, barcode=new_key()[:12])
        moment = at(office, when)
        Loan.objects.create(
            office=office, copy=copy, kind="reading", state="returned", out_at=moment, back_at=moment + timedelta(minutes=9)
        )  # fmt: skip


@pytest.fixture
def world(offices, library):
    """Two offices an hour apart; the last instants of March are April in one of them."""
    here, there = offices["7411"], offices["1906"]
    subject = Subject.objects.create(code="uji", name="Sosial uji")
    book = title(here, "Kolaka Timur Dalam Angka 2025")
    Publication.objects.filter(pk=book.pk).update(subject=subject)
    visit = received(library, KEPT)
    reading(here, book, "2026-03-02 09:00", 2)
    reading(here, book, "2026-04-01 00:10")
    reading(there, title(there), "2026-03-31 23:50")
    use(
        visit, here, "read_printed", "2026-03-02 09:05", publication=book, at_shelf=True
    )  # a loan is there too
    use(visit, here, "read_printed", "2026-03-03 10:00", what="Buku pribadi")
    use(visit, here, "read_digital", "2026-03-31 23:50", publication=book)
    scan = use(visit, here, "scan", "2026-03-10 10:00", publication=book)
    ScanRequest.objects.create(office=here, use=scan, pages="1-3", asked_at=scan.at)
    use(visit, here, "download", "2026-03-10 10:00", publication=book)
    return here, there


def test_each_once_and_by_its_own_midnight(world):
    here, there = world
    found = tables("library", scope(here))
    assert found["kinds"].rows == [
        ["Membaca buku tercetak", 3, 3 / 5], ["Membaca softcopy di komputer PST", 1, 1 / 5], ["Minta pindaian", 1, 1 / 5],
    ]  # fmt: skip
    assert numbers(found["days"]) == {
        "2026-03-02": [2, 2, 0, 0], "2026-03-03": [1, 1, 0, 0], "2026-03-10": [1, 0, 0, 1], "2026-03-31": [1, 0, 1, 0],
    }  # fmt: skip
    assert numbers(found["weekdays"]) == {"Senin": [2, 2, 0, 0], "Selasa": [3, 1, 1, 1]}
    assert numbers(found["subjects"]) == {"Sosial uji": [4, 2, 1, 1], "Di luar katalog": [1, 1, 0, 0]}
    assert numbers(found["scans"]) == {"Diminta": [1]}
    assert totals("library", scope(there), ["days"]) == {"days": [1, 1, 0, 0]}


@pytest.mark.parametrize("codes", [["7411"], ["1906"], ["7411", "1906"]])
def test_total_by_another_way(world, offices, codes):
    [(expected,)] = sql(IN_MARCH, codes, codes)
    asked = scope(*(offices[code] for code in codes))
    sums = totals("library", asked, SUMMED)
    assert {sums[name][0] for name in SUMMED if name != "scans"} == {expected}


@pytest.mark.parametrize("way", range(3))
def test_parts_are_the_whole(world, way):
    parts_are_the_whole("library", scope(*world), split(*world)[way], SUMMED)


def test_a_year_by_months_and_the_longest_list(world, office):
    for n in range(MOST + 2):
        reading(office, title(office, f"Kecamatan {n:02d}"), "2026-01-05 09:00", 1)
    found = tables("library", scope(office, since=date(2026, 1, 1), until=date(2026, 12, 31)))
    assert [row[:2] for row in found["days"].rows] == [
        ["2026-01", 22], ["2026-02", 0], ["2026-03", 5], ["2026-04", 1],
    ]  # fmt: skip
    assert len(found["books"].rows) == MOST + 1
    assert found["books"].rows[-1][0] == "Lainnya (4)"
    assert found["books"].total[1] == 28


def test_of_another_office_nothing_before_its_release(world):
    here, there = world
    secret = title(there, "Rahasia sampai rilis")
    Publication.objects.filter(pk=secret.pk).update(embargo_until=at(there, "2199-01-01 00:00"))
    reading(there, secret, "2026-03-05 09:00")
    assert "Rahasia sampai rilis" in numbers(tables("library", scope(there))["books"])
    above = numbers(tables("library", scope(here, there))["books"])
    assert "Rahasia sampai rilis" not in above
    assert above["Belum dirilis"] == [1, 1, 0, 0]
