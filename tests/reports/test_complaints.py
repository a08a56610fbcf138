"""Complaints in reports: every one that may be counted once in every table, and nothing of those about who reads them."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from complaints.models import Complaint, Flood
from complaints.workflows import acting, aside, complainant, ending, handling
from pst.reports import catalogue, issuing, making, scheduling
from pst.reports.models import Schedule
from pst.reports.tables import FEW
from services.accounts.models import Membership, Role
from services.audit.actors import SYSTEM, VISITOR
from services.audit.models import AuditEntry
from services.mail.models import Outgoing
from services.offices.calendar import seed_national_days
from services.periods import of_kind
from tests.complaints.support import at, browser, lodge, officer, works
from tests.reports.support import numbers, parts_are_the_whole, scope, split, sql, tables, totals

pytestmark = pytest.mark.django_db
SUMMED = ("days", "kinds", "channels", "elements", "services", "first_answer", "actions", "due")


@pytest.fixture
def head(office):
    return works(office, "head", Role.SUPERVISOR)


def plan_three(complaint: Complaint, owner) -> None:
    """Done in time, done late, overdue."""
    by, here = officer(owner), complaint.office
    for due, done in (
        ("2026-03-20", "2026-03-10 09:00"),
        ("2026-03-06", "2026-03-12 09:00"),
        ("2026-03-25", None),
    ):
        planned = acting.plan(
            complaint, what="Jadwal baru", owner=owner, due_on=date.fromisoformat(due), by=by, at=at(here, "2026-03-05 09:00"),
        )  # fmt: skip
        if done:
            acting.finish(planned, proof="Jadwal ditempel", by=by, at=at(here, done))


@pytest.fixture
def world(offices, office, head, library):
    """Answered in time and late, closed, withdrawn, running, a suggestion with what was done."""
    seed_national_days([2026])
    here, there, by = office, offices["1906"], officer(head)
    lodge(there, "2026-03-31 23:30", "Kursi rusak", channel="box")
    quick = lodge(here, "2026-03-02 10:00", "Lama menunggu", element="U3", service=library)
    handling.assign(quick, head, by=by, at=at(here, "2026-03-03 09:00"))
    handling.answer(quick, "Petugas ditambah.", by=by, at=at(here, "2026-03-04 09:00"))
    slow = lodge(here, "2026-03-03 10:00", "Kipas mati", channel="whatsapp", element="U8")
    handling.answer(slow, "Kipas diganti.", by=by, at=at(here, "2026-03-27 09:00"))
    plan_three(quick, head)
    ending.close(
        lodge(here, "2026-03-04 10:00", "Tanya arah"),
        "Di luar wewenang.",
        by=by,
        at=at(here, "2026-03-05 10:00"),
    )
    complainant.withdraw(
        lodge(here, "2026-03-05 10:00", "Keliru"), by=VISITOR, at=at(here, "2026-03-06 10:00")
    )
    lodge(here, "2026-04-01 00:10", "Sudah April")
    wish = lodge(
        here, "2026-03-10 10:00", "Tambah colokan", kind="suggestion", privacy="anonymous", channel="tablet"
    )
    handling.answer(wish, "Ditambah.", by=by, at=at(here, "2026-03-11 10:00"))
    handling.publish_change(
        wish, said="Kurang colokan", did="Ditambah", by=by, at=at(here, "2026-03-12 10:00")
    )
    complainant.judge(wish, stars=5, by=VISITOR, at=at(here, "2026-03-13 10:00"))
    return here, there


def test_what_came_and_what_became_of_it(world):
    here, _there = world
    found = tables("complaints", scope(here))
    assert found["days"].total == ["Jumlah", 5, 4, 3, 3, 2]
    assert numbers(found["kinds"]) == {"Pengaduan pelayanan": [4, 3, 2, 2, 2], "Saran": [1, 1, 1, 1, 0]}
    assert numbers(found["elements"])["U3 Waktu penyelesaian"] == [1, 1, 1, 0, 1]
    assert numbers(found["channels"]) == {"Formulir online": [4, 3, 2, 3, 1], "WhatsApp/SMS": [1, 1, 1, 0, 1]}
    assert numbers(found["first_answer"]) == {"Pengaduan pelayanan": [2, 1, 1, 0], "Saran": [1, 0, 0, 0]}
    assert numbers(found["decision"]) == {"Pengaduan pelayanan": [2, 0, 2, 0], "Saran": [1, 0, 0, 0]}
    assert [row[1] for row in found["suggestions"].rows] == [1, 1, 1, 1]


def test_corrective_action_by_kind_of_officer_and_date(world, head):
    here, _there = world
    found = tables("complaints", scope(here))
    assert found["actions"].rows == [["Atasan", 3, 1, 1, 0, 1, "2026-03-25"]]
    assert numbers(found["due"]) == {
        "2026-03-06": [1, 1, 0],
        "2026-03-20": [1, 1, 0],
        "2026-03-25": [1, 0, 1],
    }
    Membership.objects.filter(user=head).delete()
    assert numbers(tables("complaints", scope(here))["actions"]) == {
        "Tidak lagi bertugas di kantor ini": [3, 1, 1, 0, 1]
    }


def test_late_and_gone_up_is_known_after_the_answer_too(world):
    here, _there = world
    slow = Complaint.objects.get(text="Kipas mati")
    assert slow.escalated_at is None
    AuditEntry.objects.create(
        at=at(here, "2026-03-18 00:00"),
        actor="system",
        action="complaint.escalated",
        target_type="complaints.complaint",
        target_id=slow.pk,
    )
    told = {row[0]: row[1] for row in tables("complaints", scope(here))["late"].rows}
    assert told["Melewati batas dan dinaikkan ke atasan"] == 1


def test_satisfaction_of_few_is_not_told(world):
    here, _there = world
    assert tables("complaints", scope(here))["satisfaction"].rows[0][1:] == [FEW, FEW]


def test_a_flood_is_said_once_and_counted_nowhere(world, head):
    here, _there = world
    before = totals("complaints", scope(here), SUMMED)
    came = [lodge(here, "2026-03-20 10:00", f"Banjir {n}") for n in range(12)]
    flood = Flood.objects.create(office=here, began_at=came[0].created_at, last_at=came[0].created_at)
    Complaint.objects.filter(pk__in=[c.pk for c in came]).update(flood=flood)
    assert aside.set_aside(came, by=officer(head), at=at(here, "2026-03-20 11:00")) == 12
    assert totals("complaints", scope(here), SUMMED) == before
    assert tables("complaints", scope(here))["late"].rows[-1][1] == 12


@pytest.mark.parametrize("codes", [["7411"], ["1906"], ["7411", "1906"]])
def test_total_by_another_way(world, offices, codes):
    [(expected, answered)] = sql(
        """SELECT count(*), count(first_answered_at) FROM complaints_complaint c JOIN offices_office o ON o.id = c.office_id
        WHERE o.code = ANY(%s) AND (c.created_at AT TIME ZONE o.time_zone)::date BETWEEN '2026-03-01' AND '2026-03-31'""",
        codes,
    )
    sums = totals("complaints", scope(*(offices[code] for code in codes)), SUMMED)
    assert {tuple(sums[name][:2]) for name in SUMMED[:5]} == {(expected, answered)}
    assert sum(sums["first_answer"]) == expected


@pytest.mark.parametrize("way", range(3))
def test_parts_are_the_whole(world, way):
    parts_are_the_whole("complaints", scope(*world), split(*world)[way], SUMMED)


def everything(key: str, asked) -> list:
    return [
        (table.key, table.rows, table.total, table.definition) for table in catalogue.get(key).tables(asked)
    ]


class TestNobodyReadsOfThemselves:
    """Whatever is lodged about somebody of the office changes no figure of its reports, on screen or handed in."""

    @pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.FRONTLINER])
    @pytest.mark.parametrize("reached", ["lodged", "answered", "gone up"])
    def test_no_figure_moves(self, world, head, role, reached):
        here, _there = world
        named = works(here, "named", role)
        before = everything("complaints", scope(here))
        about = lodge(
            here, "2026-03-06 10:00", "Kasar sekali", about=[named], element="U7", kind="supervisory"
        )
        by = officer(head)
        if reached == "answered":
            handling.answer(about, "Ditegur.", by=by, at=at(here, "2026-03-09 10:00"))
            acting.plan(
                about,
                what="Pelatihan",
                owner=head,
                due_on=date(2026, 3, 30),
                by=by,
                at=at(here, "2026-03-09 10:00"),
            )
            complainant.judge(about, stars=1, by=VISITOR, at=at(here, "2026-03-10 10:00"))
        elif reached == "gone up":
            works(here.parent, "above", Role.SUPERVISOR)
            Complaint.objects.filter(pk=about.pk).update(
                escalated_to=here.parent, escalated_at=about.created_at, due_at=about.created_at
            )
        assert everything("complaints", scope(here)) == before

    def test_named_later_it_leaves_the_figures_for_everybody_alike(self, world, head):
        here, _there = world
        named = works(here, "named")
        before = everything("complaints", scope(here))
        about = lodge(here, "2026-03-06 10:00", "Kasar sekali")
        assert everything("complaints", scope(here)) != before
        handling.classify(about, about=[named], by=officer(head))
        assert everything("complaints", scope(here)) == before

    def test_sent_up_without_a_name_it_is_the_office_aboves(self, world, head):
        here, _there = world
        works(here.parent, "above", Role.SUPERVISOR)
        before = everything("complaints", scope(here))
        about = lodge(here, "2026-03-06 10:00", "Tentang atasan")
        handling.forward(
            about, here.parent, why="Menyangkut saya", by=officer(head), at=at(here, "2026-03-07 10:00")
        )
        assert everything("complaints", scope(here)) == before
        above = scope(here.parent, here)
        assert tables("complaints", above)["days"].total[1] == scope_total(here) + 1

    def test_the_office_above_counts_them(self, world):
        here, _there = world
        works(here.parent, "above", Role.SUPERVISOR)
        lodge(here, "2026-03-06 10:00", "Kasar sekali", about=[works(here, "named")])
        assert tables("complaints", scope(here.parent, here))["days"].total[1] == scope_total(here) + 1

    def test_but_not_to_somebody_who_works_at_both(self, world):
        here, _there = world
        named = works(here, "named")
        Membership.objects.create(user=named, office=here.parent, role=Role.SUPERVISOR)
        lodge(here, "2026-03-06 10:00", "Kasar sekali", about=[named])
        assert tables("complaints", scope(here.parent, here))["days"].total[1] == scope_total(here)

    def test_handed_in_and_sent_the_same(self, world, head):
        """The files of a schedule that goes to whom it is about, and the screen of both supervisors."""
        here, _there = world
        named = works(here, "named", Role.SUPERVISOR)
        lodge(
            here,
            "2026-03-06 10:00",
            "Kasar sekali",
            about=[named],
            element="U7",
            kind="supervisory",
            channel="lapor",
        )
        row = issuing.issue("all", scope(here), by=SYSTEM, at=at(here, "2026-04-02 09:00"))
        text = "".join(page.extract_text() for page in PdfReader(BytesIO(row.pdf.read())).pages)
        for word in ("berkadar pengawasan", "Perilaku pelaksana", "lapor.go.id"):
            assert word not in text
        cells = {
            str(cell)
            for sheet in load_workbook(BytesIO(row.xlsx.read()))
            for line in sheet.iter_rows(values_only=True)
            for cell in line
        }
        assert not cells & {"Pengaduan berkadar pengawasan", "U7 Perilaku pelaksana", "lapor.go.id"}
        assert "pengaduan yang menyebut petugas" in text.replace("\n", " ")
        pages = [
            browser(user).get("/panel/laporan/complaints/?periode=2026-m03").content.decode()
            for user in (head, named)
        ]
        assert [page.count("lapor.go.id") + page.count("Perilaku pelaksana") for page in pages] == [0, 0]

    def test_a_schedule_reaches_only_who_works_there(self, world, head):
        """The wall rests on it: whoever opens a report of the office works at the office."""
        here, _there = world
        outside = works(here.parent, "outside")
        schedule = Schedule.objects.create(office=here, report="complaints")
        schedule.people.set([outside, head])
        scheduling.make(schedule, of_kind("m", date(2026, 3, 1)), at=at(here, "2026-04-02 09:00"))
        assert [mail.to for mail in Outgoing.objects.filter(kind="report_due")] == [head.email]


def scope_total(office) -> int:
    return tables("complaints", scope(office))["days"].total[1]


def test_in_every_form_it_says_what_it_leaves_out(world):
    here, _there = world
    for _title, found in making.parts("complaints", scope(here)):
        assert "menyebut petugas" in found[0].definition
        assert all("menyebut petugas" in table.definition for table in found)
