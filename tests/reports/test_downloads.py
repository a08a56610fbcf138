"""Files that left the house: of what, how, under which standard, for what purpose; each file once in every table."""

from __future__ import annotations

import pytest

from library.models import DigitalCopy, ExcerptRequest, MarkedCopy
from pst.reports.tables import FEW
from services.codes import new_key
from services.guestbook.models import Visit
from tests.library.support import title
from tests.panel.worlds import KEPT, received
from tests.reports.support import at, numbers, parts_are_the_whole, scope, split, sql, tables, totals

pytestmark = pytest.mark.django_db
SUMMED = ("days", "ways", "marks", "subjects", "books", "standards")


def softcopy(office, words: str) -> DigitalCopy:
    return DigitalCopy.objects.create(
        office=office, publication=title(office, words), state="ready", file_name="a.pdf", prepared="softcopy/prepared/aa/a.pdf", sha256=new_key()[:64], size=9, pages=40,
        added_at=at(office, "2026-01-01 00:00"),
    )  # fmt: skip


def handed(digital, when: str, way: str = "link", pages: int = 0, visit=None, **more) -> MarkedCopy:
    return MarkedCopy.objects.create(
        serial=new_key()[:20], kind="excerpt" if pages else "download", handed=way, office=digital.office, digital=digital,
        publication=digital.publication, received=visit, name="Seseorang", pages=list(range(1, pages + 1)), sha256=new_key()[:64],
        size=9, made_at=at(digital.office, when), submission=new_key(), **more,
    )  # fmt: skip


@pytest.fixture
def world(offices, library, consultation, make_user):
    here, there = offices["7411"], offices["1906"]
    book, other = (
        softcopy(here, "Kolaka Timur Dalam Angka 2025"),
        softcopy(there, "Belitung Timur Dalam Angka 2025"),
    )
    visit = received(library, KEPT)
    for n in range(3):
        handed(book, f"2026-03-0{n + 2} 09:00", visit=visit)
    handed(book, "2026-03-31 23:59", "account")
    handed(book, "2026-04-01 00:00", "account")
    handed(book, "2026-03-16 10:00", "desk", pages=8, visit=received(consultation, KEPT), marked=False)
    handed(
        book,
        "2026-03-17 10:00",
        "print",
        pages=4,
        visit=visit,
        allowed_by=make_user(here),
        reason="Tugas akhir",
    )
    handed(other, "2026-03-31 23:59", "desk", pages=2)
    for state in ("asked", "refused"):
        ExcerptRequest.objects.create(
            office=here, received=visit, digital=book, pages=[1], handed="desk", state=state, submission=new_key(),
            asked_at=at(here, "2026-03-17 10:00"), answered_at=at(here, "2026-03-17 10:05"),
        )  # fmt: skip
    return here, there


def test_by_way_standard_and_title(world, library):
    here, _there = world
    found = tables("downloads", scope(here))
    assert numbers(found["ways"]) == {
        "Tautan e-mail": [3, 3, 0], "Diserahkan di meja": [1, 0, 1], "Dicetak": [1, 0, 1], "Menu unduh": [1, 1, 0],
    }  # fmt: skip
    assert found["days"].total == ["Jumlah", 6, 4, 2, 12]
    version = library.standard.version
    assert numbers(found["standards"])[f"{library.name}, versi {version}"] == [4, 3, 1]
    assert numbers(found["standards"])["Tanpa kunjungan"] == [1, 1, 0]
    assert numbers(found["books"]) == {"Kolaka Timur Dalam Angka 2025": [6, 4, 2]}
    assert numbers(found["marks"]) == {"Bertanda air": [5, 4, 1], "Tanpa tanda air": [1, 0, 1]}
    assert [row[1] for row in found["excerpts"].rows] == [2, 12, 1, 1, 0, 1]


def test_of_one_service_what_was_given_in_its_visits(world, library):
    here, _there = world
    found = tables("downloads", scope(here, service=library))
    assert found["days"].total == ["Jumlah", 4, 3, 1, 4]


def test_a_purpose_is_counted_by_visits_and_hidden_when_few(world, library):
    """Three files of one visit are one person."""
    here, _there = world
    book = DigitalCopy.objects.get(office=here)
    for n in range(7):
        visit = received(library, KEPT)
        Visit.objects.filter(pk=visit.visit_id).update(use_of_data="research" if n else "commercial")
        handed(book, "2026-03-20 09:00", visit=visit)
    rows = tables("downloads", scope(here))["purposes"].rows
    assert sum(row[1] != FEW for row in rows) == 0  # 6 are told by no rest of three either
    for _n in range(6):
        visit = received(library, KEPT)
        Visit.objects.filter(pk=visit.visit_id).update(use_of_data="school")
        handed(book, "2026-03-20 09:00", visit=visit)
        handed(book, "2026-03-20 09:00", visit=visit)
    assert not any(
        0 < n < 5 for row in tables("downloads", scope(here))["purposes"].rows for n in row[1:2] if n != FEW
    )


@pytest.mark.parametrize("codes", [["7411"], ["1906"], ["7411", "1906"]])
def test_total_by_another_way(world, offices, codes):
    [expected] = sql(
        """SELECT count(*), count(*) FILTER (WHERE kind = 'download'), count(*) FILTER (WHERE kind = 'excerpt')
        FROM library_markedcopy c JOIN offices_office o ON o.id = c.office_id
        WHERE o.code = ANY(%s) AND (made_at AT TIME ZONE o.time_zone)::date BETWEEN '2026-03-01' AND '2026-03-31'""",
        codes,
    )
    sums = totals("downloads", scope(*(offices[code] for code in codes)), SUMMED)
    assert {tuple(counts[:3]) for counts in sums.values()} == {expected}


@pytest.mark.parametrize("way", range(3))
def test_parts_are_the_whole(world, way):
    parts_are_the_whole("downloads", scope(*world), split(*world)[way], SUMMED)
