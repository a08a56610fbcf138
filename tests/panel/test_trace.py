"""The trace: whose lines, page by page, what leaves the house, and settings put back."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO

import openpyxl
import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from complaints.workflows import lodging
from consultation.workflows import opening
from pst.panel.trace import search
from services.audit import trail
from services.audit.actors import SYSTEM, VISITOR, Actor
from services.audit.models import AuditEntry
from services.guestbook.models import Visitor
from services.mail.models import Outgoing
from services.offices.models import Office
from tests.accounts.world import BACKEND

pytestmark = pytest.mark.django_db
TRACE = "panel:trace"


@pytest.fixture
def chief(make_user, office):
    return make_user(office, role="supervisor")


@pytest.fixture
def client(chief) -> Client:
    client = Client()
    client.force_login(chief, backend=BACKEND)
    return client


def asked(office, **more) -> search.Asked:
    today = office.today()
    return search.Asked(today - timedelta(days=29), today, **more)


def texts(client, query="") -> list[str]:
    return [line.what for line in client.get(f"{reverse(TRACE)}{query}").context["lines"]]


class TestSearch:
    def test_by_who_what_and_whose_record(self, client, office, chief, make_user):
        other = make_user(office)
        person = Visitor.objects.create(office=office, name="Rina Dewi", email="rina@rumah.test")
        trail.record_read(person, by=Actor("officer", user_id=other.pk), office_id=office.pk, why="desk")
        trail.record("counter.opened", None, by=Actor("officer", user_id=other.pk), office_id=office.pk)
        trail.record("mail.dead", None, by=SYSTEM, office_id=office.pk)
        assert texts(client, f"?siapa={other.pk}") == ["Loket: dibuka", "Membaca catatan"]
        assert texts(client, "?siapa=system&kelompok=surat") == ["Surat keluar: gagal"]
        assert texts(client, "?kelompok=baca") == ["Membaca catatan"]
        assert texts(client, f"?catatan=guestbook.visitor:{person.pk}") == ["Membaca catatan"]
        assert texts(client, "?catatan=siapa+saja") == []

    @pytest.mark.parametrize("typed", ["rina dewi", "RINA@rumah.test"])
    def test_whom_somebody_looked_for_is_in_no_address_and_no_line(self, client, office, typed):
        """Page after page, and in the file: the address has the key of the record."""
        person = Visitor.objects.create(office=office, name="Rina Dewi", email="rina@rumah.test")
        other = Visitor.objects.create(office=office, name="Rina Dewi", email="rina@rumah.test")
        for n in range(search.PAGE + 1):
            trail.record_read((person, other)[n % 2], by=SYSTEM, office_id=office.pk, why="desk")
        asked_for = client.post(reverse(TRACE), {"catatan": typed, "kelompok": "baca"})
        assert asked_for.status_code == 302
        pages = [asked_for["Location"]]
        page = client.get(pages[0])
        pages.append(page.context["next"])
        assert len(page.context["lines"]) == search.PAGE
        assert len(client.get(f"{reverse(TRACE)}?{pages[1]}").context["lines"]) == 1
        assert not [address for address in pages if "rina" in address.lower()]
        assert "rina" not in page.content.decode().lower()
        trace = str(list(AuditEntry.objects.values_list("action", "detail")))
        assert ("rina" not in trace.lower(), "trace.searched" in trace) == (True, True)
        file = client.post(
            f"{reverse('panel:trace_file')}?{page.context['query']}",
            {"alasan": "Pemeriksaan", "bentuk": "csv"},
        )
        assert b"".join(file.streaming_content).count(b"Membaca catatan") == search.PAGE + 1

    def test_a_name_nobody_has_stays_on_the_page_alone(self, client, office, chief):
        page = client.post(reverse(TRACE), {"catatan": "Rina Rahasia", "kelompok": "baca"})
        assert (page.status_code, page.context["lines"]) == (200, [])
        assert page.content.decode().count("Rina Rahasia") == 1  # in its field
        entries = AuditEntry.objects.filter(action__startswith="trace.").order_by("pk")
        assert [(entry.action, entry.user_id, entry.detail) for entry in entries] == [
            ("trace.searched", chief.pk, {"found": False}),
            ("trace.viewed", chief.pk, {"fields": ["catatan", "kelompok"]}),
        ]

    def test_a_number_leads_to_an_address_that_can_be_kept(self, client, office):
        row = opening.submit(office=office, channel="portal", subject="", question="PDRB?", by=VISITOR)
        answer = client.post(reverse(TRACE), {"catatan": row.number.lower()}, follow=True)
        assert row.number.lower() in answer.redirect_chain[0][0]
        assert answer.context["lines"]

    def test_an_office_in_another_zone_is_shown_by_its_own_clock(self, offices, office, make_user):
        """WIT is an hour ahead of the reader's WITA; its day begins an hour sooner."""
        there = Office.objects.create(
            code="7499", level="regency", name="BPS Timur", area="Timur", time_zone="Asia/Jayapura", parent=office.parent
        )  # fmt: skip
        there.services.create(slug="library", name="P", prefix="A")
        office.parent.services.create(slug="library", name="P", prefix="A")
        above = Client()
        above.force_login(make_user(office.parent, role="supervisor"), backend=BACKEND)
        late = datetime(2026, 3, 2, 15, 30, tzinfo=UTC)  # 23.30 WITA, 00.30 WIT of the next day
        with time_machine.travel(late, tick=False):
            trail.record("counter.opened", None, by=SYSTEM, office_id=there.pk, at=late)
            page = above.get(reverse(TRACE), {"kantor": there.code})
            assert [line.what for line in page.context["lines"]] == ["Loket: dibuka"]
        text = page.content.decode()
        assert "(WIT)" in text
        assert ("03/03/2026 00.30.00" in text, "02/03/2026 23.30.00" in text) == (True, False)
        address = f"{reverse('panel:trace_file')}?kantor={there.code}&dari=2026-03-03&sampai=2026-03-03"
        file = above.post(address, {"alasan": "Pemeriksaan", "bentuk": "csv"})
        rows = b"".join(file.streaming_content).decode()
        assert "(WIT)" in rows
        assert "2026-03-03 00:30:00" in rows

    def test_other_offices_and_complaints_about_oneself_are_not_there(self, client, offices, office, chief):
        trail.record("counter.opened", None, by=SYSTEM, office_id=offices["1906"].pk)
        row, _secret = lodging.lodge(office=office, text="Lama", channel="online", by=VISITOR)
        assert any("Pengaduan" in text for text in texts(client))
        row.about.add(chief)
        found = client.get(reverse(TRACE)).context["lines"]
        assert not [x for x in found if "Pengaduan" in x.what or x.what == "Loket: dibuka"]
        assert texts(client, f"?catatan={row.number}") == []
        assert texts(client, "?kantor=1906&kelompok=kunjungan") == []

    @pytest.mark.parametrize(
        "query",
        [
            "?dari=x",
            "?sesudah=x_1",
            "?sesudah=2026-01-01T00:00:00_1",
            "?siapa=99999999999999999999",
            "?catatan=%00",
        ],
    )
    def test_odd_addresses(self, client, query):
        assert client.get(f"{reverse(TRACE)}{query}").status_code in (200, 422)


class TestWhatIsNotThere:
    def test_nothing_leads_to_a_complaint_about_oneself(self, client, office, chief, make_user):
        """Neither its mails, nor the consultation it came from: there stands who complained."""
        question = opening.submit(office=office, channel="portal", subject="", question="PDRB?", by=VISITOR)
        complaint, _secret = lodging.lodge(
            office=office, text="A", channel="online", by=VISITOR, about=[chief], consultation=question.number
        )
        mail = Outgoing.objects.create(
            office=office, kind="complaint_answer", to="a@b.id", language="id", subject="s", message_id="m", state="dead",
            created_at=timezone.now(), about_type="complaints.complaint", about_id=complaint.pk,
        )  # fmt: skip
        other = make_user(office, role="supervisor")
        by, since = Actor("officer", user_id=other.pk), AuditEntry.objects.latest("pk").pk
        trail.record("mail.dead", mail, by=SYSTEM, office_id=office.pk, kind=mail.kind)
        trail.record_read(mail, by=by, office_id=office.pk, why="outbox")
        trail.record_export("mail", mail, by=by, office_id=office.pk, form="eml")
        trail.record("consultation.complaint", question, by=by, office_id=office.pk)
        written = set(AuditEntry.objects.filter(pk__gt=since).values_list("pk", flat=True))
        shown = {
            user: {line.pk for line in search.find(office, asked(office), user)} for user in (chief, other)
        }
        assert written <= shown[other]
        assert not written & shown[chief]
        assert client.get(reverse("panel:exports")).context["rows"] == []

    def test_nobody_is_found_by_name_at_an_office_below(self, office, make_user):
        """That somebody was there is what the office above may not learn."""
        person = Visitor.objects.create(office=office, name="Rina Dewi", email="rina@rumah.test")
        trail.record_read(person, by=SYSTEM, office_id=office.pk, why="desk")
        above = Client()
        above.force_login(make_user(office.parent, role="supervisor"), backend=BACKEND)
        # The province receives nobody itself, so the form offers offices only where there are two.
        Office.objects.get(pk=office.parent_id).services.create(slug="library", name="P", prefix="A")
        query = {"kantor": office.code, "kelompok": "baca"}
        assert len(above.get(reverse(TRACE), query).context["lines"]) == 1
        for typed in ("Rina Dewi", "rina@rumah.test"):
            assert above.post(reverse(TRACE), query | {"catatan": typed}).context["lines"] == [], typed

    def test_when_a_visitor_gave_stars_or_answers_is_not_told(self, client, office):
        given = ("rating.given", "survey.answered")
        for action in given:
            trail.record(action, None, by=VISITOR, office_id=office.pk)
        assert AuditEntry.objects.filter(office=office, action__in=given).count() == 2
        lines = client.get(reverse(TRACE)).context["lines"]
        assert lines
        assert not [line for line in lines if line.entry.action in given]


class TestSize:
    """Fifty thousand lines of fifty offices: a page is read from an index of the office, not from the whole."""

    @pytest.fixture(autouse=True)
    def lines(self, office, make_user):
        self.user = make_user(office)
        Office.objects.bulk_create(
            Office(code=f"{5000 + n}", level="regency", name="BPS", area="X") for n in range(49)
        )
        with connection.cursor() as cursor:
            cursor.execute(
                """INSERT INTO audit_auditentry (at, office_id, user_id, actor, action, target_type, detail)
                   SELECT now() - (n / 150) * interval '1 second', o.id, CASE (n / 50) %% 10 WHEN 0 THEN %s ELSE NULL END, 'system',
                     CASE (n / 50) %% 8 WHEN 0 THEN 'export.survey' ELSE 'counter.opened' END, '', '{}'
                   FROM generate_series(0, 49999) n
                   JOIN (SELECT id, row_number() OVER (ORDER BY id = %s DESC, code DESC) - 1 AS place FROM offices_office) o
                     ON o.place = n %% 50""",
                [self.user.pk, office.pk],
            )
            cursor.execute("ANALYZE audit_auditentry")

    def test_pages_follow_each_other_without_a_gap(self, office, chief):
        rows = search.find(office, asked(office, group="ekspor"), chief)
        whole = list(rows.order_by("-at", "-pk").values_list("pk", flat=True))
        assert len(whole) == 125
        found, after = search.page(rows, "")
        more, end = search.page(rows, after)
        assert [e.pk for e in (*found, *more)] == whole
        assert end == ""

    def test_the_plan(self, office, chief):
        for more in ({}, {"group": "ekspor"}, {"group": "baca"}, {"who": str(self.user.pk)}):
            rows = search.find(office, asked(office, **more), chief).order_by("-at", "-pk")[:101]
            plan = rows.explain(analyze=True)
            assert more or "audit_of_office" in plan, plan
            assert "Seq Scan on audit_auditentry" not in plan, plan
            read = [int(n) for n in re.findall(r"audit_auditentry .*? rows=\d+.*? rows=(\d+)", plan)]
            assert read, plan
            assert max(read) <= 1001, plan  # of fifty thousand


class TestExports:
    def test_the_trace_goes_only_with_a_reason_and_stands_in_the_register(self, client, office, chief):
        address = reverse("panel:trace_file")
        trail.record("counter.opened", None, by=SYSTEM, office_id=office.pk)
        refused = client.post(address, {"alasan": "", "bentuk": "xlsx"})
        assert refused.status_code == 422
        assert not AuditEntry.objects.filter(action="export.trace").exists()
        answer = client.post(
            f"{address}?kelompok=kunjungan", {"alasan": "Pemeriksaan triwulan", "bentuk": "xlsx"}
        )
        sheet = openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content))).active
        assert [row[2].value for row in sheet.iter_rows(min_row=2)] == ["Loket: dibuka"]
        rows = client.get(reverse("panel:exports")).context["rows"]
        assert [(r["line"].who, r["rows"], r["form"], r["reason"]) for r in rows] == [
            (chief.name, 1, "xlsx", "Pemeriksaan triwulan")
        ]

    def test_lines_written_under_their_old_names_are_in_it(self, client, office):
        trail.record("survey.exported", None, by=SYSTEM, office_id=office.pk, rows=7, form="csv")
        rows = client.get(reverse("panel:exports")).context["rows"]
        assert [(r["line"].what, r["rows"]) for r in rows] == [("Mengunduh: isian survei", 7)]
