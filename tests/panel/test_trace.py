"""The trace: whose lines, page by page, what leaves the house, and settings put back."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from complaints.workflows import lodging
from consultation.workflows import opening
from pst.panel.trace import search
from queueing.forms import OfficeQueueForm, PromiseForm
from queueing.models import OfficeQueue
from queueing.models.rules import of_office
from queueing.workflows.rules import save_rules
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
        for typed in ("rina dewi", "RINA@rumah.test", f"guestbook.visitor:{person.pk}"):
            page = client.get(reverse(TRACE), {"catatan": typed})
            assert [line.reads for line in page.context["lines"]] == [True], typed
        assert "rina" not in page.content.decode().split("<table")[1].lower()
        assert texts(client, "?catatan=siapa+saja") == []

    def test_looking_at_it_is_a_line_itself_without_what_was_typed(self, client, office, chief):
        client.get(reverse(TRACE), {"catatan": "Rina Rahasia", "kelompok": "baca"})
        entry = AuditEntry.objects.get(action="trace.viewed")
        assert (entry.user_id, entry.detail) == (chief.pk, {"fields": ["catatan", "kelompok"]})

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
            assert above.get(reverse(TRACE), query | {"catatan": typed}).context["lines"] == [], typed

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


class TestUndo:
    def change(self, office, chief, **values) -> AuditEntry:
        form = OfficeQueueForm(instance=of_office(office))
        data = {
            name: form[name].value() for name in form.fields if form[name].value() not in (None, False)
        } | values
        form = OfficeQueueForm(data, instance=of_office(office))
        assert form.is_valid(), form.errors
        save_rules(office, [form], by=Actor("officer", user_id=chief.pk))
        office.refresh_from_db()
        return AuditEntry.objects.filter(action="setting.queue").first()

    def undo(self, client, entry) -> str:
        answer = client.post(reverse("panel:change_undo", args=[entry.pk]), follow=True)
        return " ".join(str(m) for m in answer.context["messages"])

    def test_back_and_forth(self, client, office, chief):
        entry = self.change(office, chief, most_calls=5)
        assert entry.detail == {"changed": {"most_calls": [3, 5]}}
        page = client.get(reverse("panel:changes"))
        assert [problem for _line, problem in page.context["rows"]] == [""]
        assert "dipanggil paling banyak (kali): 3 → 5" in page.content.decode()
        assert self.undo(client, entry) == "Pengaturan dikembalikan."
        assert OfficeQueue.objects.get().most_calls == 3
        back = AuditEntry.objects.filter(action="setting.queue").first()
        assert back.detail == {"changed": {"most_calls": [5, 3]}, "undoes": entry.pk}
        assert "Sudah diubah lagi" in self.undo(client, entry)
        assert self.undo(client, back) == "Pengaturan dikembalikan."
        assert OfficeQueue.objects.get().most_calls == 5

    def test_what_stands_in_the_office_itself(self, client, office, chief):
        before = office.break_pauses_promise
        form = PromiseForm({} if before else {"break_pauses_promise": "on"}, instance=office)
        assert form.is_valid()
        save_rules(office, [form], by=Actor("officer", user_id=chief.pk))
        entry = AuditEntry.objects.filter(action="setting.queue").first()
        assert entry.target_type == "offices.office"
        assert self.undo(client, entry) == "Pengaturan dikembalikan."
        office.refresh_from_db()
        assert office.break_pauses_promise == before

    def test_not_over_a_later_change_and_not_what_the_form_refuses(self, client, office, chief):
        first = self.change(office, chief, most_calls=5)
        self.change(office, chief, most_calls=6)
        assert "Sudah diubah lagi" in self.undo(client, first)
        assert OfficeQueue.objects.get().most_calls == 6
        odd = AuditEntry.objects.filter(action="setting.queue").first()
        AuditEntry.objects.filter(pk=odd.pk).update(detail={"changed": {"most_calls": [99, 6]}})
        assert "tidak dapat dipakai lagi" in self.undo(client, odd)
        assert OfficeQueue.objects.get().most_calls == 6

    def test_what_is_put_back_elsewhere_says_so(self, client, office, chief):
        by = Actor("officer", user_id=chief.pk)
        trail.record(
            "setting.hours", office, by=by, office_id=office.pk, changed={"opens": ["08:00", "09:00"]}
        )
        trail.record("queue.rules", office, by=by, office_id=office.pk, fields=["most_calls"])
        trail.record(
            "setting.locker", office, by=by, office_id=office.pk, changed={"number": [None, 3]}, added=True
        )
        problems = [problem for _line, problem in client.get(reverse("panel:changes")).context["rows"]]
        assert problems == [
            "Baris yang ditambah atau dihapus dikembalikan di halamannya sendiri.",
            "Baris lama ini tidak mencatat nilai sebelumnya.",
            "Ubah kembali di halamannya sendiri.",
        ]
