"""The supervisor's results, the public page, the report and the files; forms from paper."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader

from services import periods
from services.audit.models import AuditEntry
from services.surveys import figures
from services.surveys.models import FollowUp, Published, Response, SurveyRule
from services.surveys.skm import ELEMENTS
from tests.surveys.support import fill, served, skd
from tests.surveys.test_results import on, thirty

PANEL = "/panel/survei/"


@pytest.fixture
def supervisor(make_user, office) -> Client:
    client = Client()
    client.force_login(make_user(office, "supervisor"), backend="django.contrib.auth.backends.ModelBackend")
    return client


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def fill_needs(office, score: int = 6, importance: int = 9, **more) -> Response:
    from services.audit.actors import VISITOR
    from services.surveys import answering

    scores = {q["code"]: (score, importance) for q in skd().content["questions"]}
    return answering.answer(skd(), office=office, scores=scores, channel="online", by=VISITOR, **more)


class TestPeriods:
    @pytest.mark.parametrize(
        ("key", "since", "until", "label", "before"),
        [
            ("2026-q1", date(2026, 1, 1), date(2026, 3, 31), "Triwulan I 2026", "2025-q4"),
            ("2026-q4", date(2026, 10, 1), date(2026, 12, 31), "Triwulan IV 2026", "2026-q3"),
            ("2024-s2", date(2024, 7, 1), date(2024, 12, 31), "Semester II 2024", "2024-s1"),
            ("2026-y", date(2026, 1, 1), date(2026, 12, 31), "Tahun 2026", "2025-y"),
        ],
    )
    def test_by_key(self, key, since, until, label, before):
        found = periods.read(key, date(2026, 5, 5))
        assert (found.key, found.since, found.until, found.label) == (key, since, until, label)
        assert found.before.key == before
        assert found.before.until == since - timedelta(days=1)

    @pytest.mark.parametrize(
        "key", ["", "2026-q5", "2026-s3", "2026-y1", "own", "2026-q", "1999-q1", "x" * 400]
    )
    def test_what_is_none_is_this_quarter(self, key):
        assert periods.read(key, date(2026, 5, 5)).key == "2026-q2"

    def test_own_months_and_the_same_number_before(self):
        found = periods.read("own", date(2026, 5, 5), date(2026, 3, 1), date(2026, 4, 30))
        assert (found.before.since, found.before.until) == (date(2026, 1, 1), date(2026, 2, 28))

    def test_own_days_and_the_same_number_before(self):
        found = periods.read("own", date(2026, 5, 5), date(2026, 4, 1), date(2026, 4, 10))
        assert (found.before.since, found.before.until) == (date(2026, 3, 22), date(2026, 3, 31))


class TestFew:
    def test_below_five_nothing_is_shown(self, supervisor, office):
        for _n in range(4):
            fill(office, 1)
        page = text(supervisor, PANEL)
        assert "Baru 4 responden" in page
        assert "25,00" not in page
        fill(office, 1)
        assert "25,00" in text(supervisor, PANEL)

    def test_small_numbers_of_the_profile(self):
        assert figures.hide_few([("male", 40), ("female", 30)]) == [["male", 40], ["female", 30]]
        assert dict(figures.hide_few([("male", 40), ("female", 3)])) == {"male": -1, "female": -1}
        shown = dict(figures.hide_few([("a", 40), ("b", 9), ("c", 2)]))
        assert shown == {"a": 40, "b": -1, "c": -1}  # c would follow from the total
        assert dict(figures.hide_few([("a", 40), ("b", 4), ("c", 2)])) == {"a": 40, "b": -1, "c": -1}
        assert figures.hide_few([("a", 3)]) == [["a", -1]]


class TestPanel:
    def test_the_worked_example(self, supervisor, office):
        thirty(office)
        served(office, party_size=50)
        page = text(supervisor, PANEL)
        assert "data-ikm>78,24<" in page
        assert "data-grade>B<" in page
        assert "kurang 14 responden dari 44" in page
        assert "U1 Persyaratan" in page
        assert 'role="img" aria-labelledby="elements-title' in page

    def test_beside_the_period_before(self, supervisor, office):
        last = periods.of_kind("q", office.today()).before
        for _n in range(5):
            fill(office, 3)
            fill(office, 4, day=last.since)
        assert "turun" in text(supervisor, PANEL)
        assert "100,00 (A)" in text(supervisor, PANEL)

    def test_where_no_service_is_recorded_the_sample_is_not_called_enough(self, office, supervisor):
        thirty(office)
        page = text(supervisor, PANEL)
        assert "cukup: paling sedikit" not in page
        assert "Sampel tidak dapat dinilai" in page
        served(office, party_size=20)
        assert "cukup: paling sedikit 19" in text(supervisor, PANEL)

    def test_fifteen_queries_at_most(self, supervisor, office):
        thirty(office)
        text(supervisor, PANEL)
        for query in ("", "?jenis=skd"):
            with CaptureQueriesContext(connection) as queries:
                text(supervisor, PANEL + query)
            assert len(queries) <= 15, [q["sql"][:100] for q in queries]

    def test_gaps_and_needs(self, supervisor, office):
        for _n in range(5):
            fill_needs(office, needs=[{"data": "PDRB <kecamatan>", "got": "no"}])
        page = text(supervisor, f"{PANEL}?jenis=skd")
        assert "PDRB &lt;kecamatan&gt;" in page
        assert "<td>9,00</td><td>6,00</td><td>3,00</td>" in page
        assert "data-ikm" not in page  # never made into the index

    def test_another_offices_answers_are_not_in_it(self, supervisor, office, offices):
        for _n in range(9):
            fill(offices["6571"], 1)
        assert "Belum ada yang mengisi" in text(supervisor, PANEL)

    def test_settings(self, supervisor, office):
        page = reverse("surveys:settings")
        rule = {"kind": "skd", "skd-instrument": "skd-17", "skd-offer": "sample"}
        assert supervisor.post(page, rule).status_code == 422
        assert supervisor.post(page, rule | {"skd-every": "4"}).status_code == 302
        found = SurveyRule.objects.get()
        assert (found.kind, found.offer, found.every) == ("skd", "sample", 4)
        supervisor.post(page, {"kind": "skd", "skd-instrument": "skm-2017", "skd-offer": "always"})
        assert SurveyRule.objects.get().offer == "sample"


class TestFollowUp:
    def test_planned_and_done_with_proof(self, supervisor, office):
        thirty(office)
        page = reverse("surveys:plans")
        plan = {
            "element": "U1",
            "plan": "Sederhanakan syarat",
            "owner_name": "Kasubbag Umum",
            "due_on": "2030-01-31",
        }
        assert supervisor.post(page, plan | {"due_on": ""}).status_code == 422
        assert supervisor.post(page, plan).status_code == 302
        row = FollowUp.objects.get()
        assert "Sederhanakan syarat" in text(supervisor, PANEL)
        act = reverse("surveys:plan_act", args=[row.pk])
        supervisor.post(act, {"do": "done", "proof": " "})
        assert FollowUp.objects.get().done_at is None
        supervisor.post(act, {"do": "done", "proof": "SK 12/2026"})
        supervisor.post(act, {"do": "drop"})
        assert FollowUp.objects.get().proof == "SK 12/2026"

    def test_planned_by_mistake(self, supervisor, office, by):
        row = FollowUp.objects.create(
            office=office, since=office.today(), until=office.today(), element="U1", plan="x", owner_name="y", due_on=office.today()
        )  # fmt: skip
        supervisor.post(reverse("surveys:plan_act", args=[row.pk]), {"do": "drop"})
        assert not FollowUp.objects.exists()


class TestPublished:
    PUBLIC = "/7411/survei/"

    def test_seen_by_everybody_as_it_was_until_withdrawn(self, supervisor, office):
        anyone = Client()
        thirty(office)
        assert "Belum ada hasil" in text(anyone, self.PUBLIC)
        assert supervisor.post(reverse("surveys:publish"), {"jenis": "skm"}).status_code == 302
        fill(office, 1)  # entered later, from paper
        assert "data-ikm>78,24<" in text(anyone, self.PUBLIC)
        row = Published.objects.get()
        assert anyone.get(reverse("surveys:result_pdf", args=["7411", row.pk])).status_code == 200
        supervisor.post(reverse("surveys:withdraw", args=[row.pk]))
        assert "Belum ada hasil" in text(anyone, self.PUBLIC)
        assert anyone.get(reverse("surveys:result_pdf", args=["7411", row.pk])).status_code == 404

    def test_the_report_is_drawn_once_however_often_it_is_asked_for(self, office, by, monkeypatch):
        """Drawing takes seconds and one lock of the whole server; anybody may ask."""
        from services.surveys import report, workflows

        drawn: list[str] = []
        monkeypatch.setattr(report, "draw", lambda html, _style: drawn.append(html) or b"%PDF-1.7")
        thirty(office)
        row = workflows.publish(office, on(office), by=by)
        page = reverse("surveys:result_pdf", args=["7411", row.pk])
        for _n in range(4):
            assert Client().get(page).content == b"%PDF-1.7"
        assert len(drawn) == 1
        assert Client(headers={"accept-language": "en"}).get(page).status_code == 200
        assert len(drawn) == 2
        FollowUp.objects.create(
            office=office, since=row.since, until=row.until, element="U1", plan="Sederhanakan syarat", owner_name="Kasubbag",
            due_on=office.today(),
        )  # fmt: skip
        for _n in range(2):
            Client().get(page)
        assert len(drawn) == 3
        assert "Sederhanakan syarat" in drawn[2]

    def test_drawing_is_limited(self, office, by, monkeypatch):
        from services.accounts import limits
        from services.surveys import workflows

        monkeypatch.setitem(limits.LIMITS, "survey report", 0)
        thirty(office)
        row = workflows.publish(office, on(office), by=by)
        assert Client().get(reverse("surveys:result_pdf", args=["7411", row.pk])).status_code == 429

    def test_published_again_it_replaces(self, supervisor, office):
        thirty(office)
        for _n in range(2):
            supervisor.post(reverse("surveys:publish"), {"jenis": "skm"})
        assert Published.objects.filter(withdrawn_at=None).count() == 1
        assert Published.objects.count() == 2

    def test_too_few_are_not_published(self, supervisor, office):
        for _n in range(4):
            fill(office, 4)
        supervisor.post(reverse("surveys:publish"), {"jenis": "skm"})
        assert not Published.objects.exists()

    def test_another_offices_result_is_not_ours_to_withdraw(self, supervisor, office, offices, by):
        from services.surveys import workflows

        thirty(offices["6571"])
        row = workflows.publish(offices["6571"], on(offices["6571"]), by=by)
        assert supervisor.post(reverse("surveys:withdraw", args=[row.pk])).status_code == 404
        assert Client().get(reverse("surveys:result_pdf", args=["7411", row.pk])).status_code == 404


class TestReport:
    def test_the_text_of_the_pdf(self, supervisor, office):
        thirty(office)
        served(office, party_size=50)  # of nobody no sample is asked for
        period = periods.of_kind("q", office.today())
        FollowUp.objects.create(
            office=office, since=period.since, until=period.until, element="U1", plan="Sederhanakan syarat " * 20,
            owner_name="Kepala Subbagian Umum", due_on=date(2030, 1, 31),
        )  # fmt: skip
        answer = supervisor.get(reverse("surveys:report"))
        pdf = PdfReader(io.BytesIO(answer.content))
        found = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
        for words in (
            "Laporan Survei Kepuasan Masyarakat", office.name, period.label, "PermenPANRB 14/2017", "78,24", "30 orang",
            "U9 Penanganan pengaduan, saran, dan masukan", "Krejcie–Morgan", "Kepala Subbagian Umum", "31 Januari 2030", "NIP.",
        ):  # fmt: skip
            assert words in found, words
        root = pdf.trailer["/Root"]
        assert root["/MarkInfo"]["/Marked"]
        assert root["/Lang"] == "id"

    def test_data_needs(self, supervisor, office):
        for _n in range(5):
            fill_needs(office)
        answer = supervisor.get(f"{reverse('surveys:report')}?jenis=skd")
        pdf = PdfReader(io.BytesIO(answer.content))
        found = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
        assert "Laporan Survei Kebutuhan Data" in found
        assert "A17" in found
        assert "Indeks Kepuasan" not in found


class TestFiles:
    def day(self, office) -> date:
        """Of a quarter that is over."""
        return periods.of_kind("q", office.today()).before.before.since

    def asked(self, office) -> str:
        return f"?periode={periods.of_kind('q', self.day(office)).key}"

    def test_csv_of_skm(self, supervisor, office, library):
        for n in range(5):
            fill(
                office,
                4,
                3,
                2,
                1,
                4,
                3,
                2,
                1,
                4,
                profile={"age": 20 + n, "gender": "male"},
                comment="=1+1",
                service=library,
                day=self.day(office),
            )
        answer = supervisor.get(reverse("surveys:export", args=["isian", "csv"]) + self.asked(office))
        rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
        assert rows[0][:4] == ["Nomor", "Bulan", "Layanan", "Kuesioner"]
        assert rows[0][10:19] == list(ELEMENTS)
        assert len(rows) == 6
        assert rows[1][1] == f"{self.day(office):%Y-%m}"
        assert rows[1][10:] == ["4", "3", "2", "1", "4", "3", "2", "1", "4", "'=1+1"]
        assert rows[1][5] == "Laki-laki"
        assert sorted(row[6] for row in rows[1:]) == ["20", "21", "22", "23", "24"]
        entry = AuditEntry.objects.get(action="export.survey")
        assert (entry.detail["rows"], entry.detail["kind"]) == (5, "skm")

    def test_excel_of_skd(self, supervisor, office):
        for _n in range(5):
            fill_needs(office, needs=[{"data": "PDRB", "quality": 6}], day=self.day(office))
        asked = f"{self.asked(office)}&jenis=skd"
        answer = supervisor.get(reverse("surveys:export", args=["isian", "xlsx"]) + asked)
        rows = list(load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active.values)
        assert rows[0][10:14] == ("A1_K", "A1_P", "A2_K", "A2_P")
        assert rows[1][10:12] == (9, 6)
        answer = supervisor.get(reverse("surveys:export", args=["kebutuhan", "xlsx"]) + asked)
        rows = list(load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active.values)
        assert (len(rows), rows[1][2], rows[1][6]) == (6, "PDRB", 6)

    def test_too_few_are_not_given_away(self, supervisor, office):
        for _n in range(4):
            fill(office, 4, day=self.day(office))
        address = reverse("surveys:export", args=["isian", "csv"]) + self.asked(office)
        assert supervisor.get(address).status_code == 302
        assert not AuditEntry.objects.filter(action="export.survey").exists()
