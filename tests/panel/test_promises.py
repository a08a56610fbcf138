"""Promises kept: small worlds reckoned by hand, parts that sum to the whole, and totals by another way (plain SQL)."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from complaints.models import Complaint
from complaints.workflows import lodging
from consultation.models import ClockChange, Consultation, ConsultationStep, Round
from consultation.workflows import opening
from library.models import Copy, DigitalCopy, Loan, MarkedCopy, Publication
from pst.panel.promises import figures, published
from pst.panel.promises.cases import Scope
from pst.panel.promises.registry import BY_KEY, PROMISES
from services.audit.actors import SYSTEM, VISITOR
from services.audit.models import AuditEntry
from services.offices.models import Standard
from tests.accounts.world import BACKEND
from tests.panel.worlds import EXCLUDED, FIRST, KEPT, MISSED, MONDAY, many, received

pytestmark = pytest.mark.django_db
WEEKS = (MONDAY, MONDAY + timedelta(days=41))


def scope(*offices, since=WEEKS[0], until=WEEKS[1], **more) -> Scope:
    return Scope(tuple(o.pk for o in offices), since, until, **more)


def tally(key: str, asked: Scope) -> figures.Tally:
    return figures.tally(BY_KEY[key].find(asked))


@pytest.fixture
def chief(make_user, office) -> Client:
    client = Client()
    client.force_login(make_user(office, role="supervisor"), backend=BACKEND)
    return client


class TestByHand:
    """Five waits of 1, 2, 3, 4 and 10 minutes under a promise of five; two that are not counted."""

    @pytest.fixture(autouse=True)
    def world(self, library):
        for minutes in (1, 2, 3, 4, 10):
            received(library, MISSED if minutes > 5 else KEPT, minutes * 60)
        received(library, EXCLUDED, reason="power_cut")
        received(library, EXCLUDED, reason="left", at=FIRST + timedelta(days=1))

    def test_counts_share_and_waits(self, office):
        found, waits = figures.tally_and_waits(BY_KEY["kunjungan"].find(scope(office)))
        assert (found.kept, found.missed, found.excluded, found.share) == (4, 1, 2, 80)
        assert (waits.median, waits.worst, waits.count) == (180, 600, 5)
        assert waits.most == pytest.approx(456)  # 240 + 0.6 * (600 - 240)

    def test_reasons_days_and_buckets(self, office):
        rows = BY_KEY["kunjungan"].find(scope(office))
        assert dict(figures.by_reason(rows)) == {"power_cut": 1, "left": 1}
        days = figures.by_time(rows, "hari")
        assert [(d, t.whole) for d, t in days] == [(MONDAY, 6), (date(2026, 3, 3), 1)]
        assert [d for d, _t in figures.by_time(rows, "bulan")] == [date(2026, 3, 1)]
        assert [d for d, _t in figures.by_time(rows, "minggu")] == [MONDAY]
        buckets = {(a, b): n for a, b, n in figures.spread(rows, "minutes") if n}
        assert buckets == {(1, 2): 1, (2, 3): 1, (3, 4): 1, (4, 5): 1, (10, 15): 1}
        assert set(figures.by_clock(rows)) == {
            (9, 1),
            (9, 2),
        }  # nine o'clock at the office, Monday and Tuesday

    def test_fewer_than_five_tell_no_share_and_no_time(self, office, library):
        asked = scope(office, until=MONDAY)
        library.visits.filter(clock_result=MISSED).delete()
        found, waits = figures.tally_and_waits(BY_KEY["kunjungan"].find(asked))
        assert (found.told, found.share) == (4, None)
        assert (waits.median, waits.most, waits.worst, waits.count) == (None, None, None, 4)
        assert figures.spread(BY_KEY["kunjungan"].find(asked), "minutes") == []

    def test_the_page_leads_to_the_cases_and_back_to_the_sentence(self, chief, office):
        query = "?dari=2026-03-01&sampai=2026-03-31"
        page = chief.get(reverse("panel:promise", args=["kunjungan"]) + query).content.decode()
        assert "80" in page
        assert "Listrik padam" in page
        sentence = next(s for s in _sentences(office) if "5" in s)
        assert sentence[:40] in page
        cases = chief.get(reverse("panel:promise_cases", args=["kunjungan"]) + f"{query}&hasil=missed")
        assert [row["took"] for row in cases.context["rows"]] == ["10 menit"]
        by_reason = chief.get(
            reverse("panel:promise_cases", args=["kunjungan"]) + f"{query}&hasil=excluded&sebab=left"
        )
        assert by_reason.context["page"].paginator.count == 1

    def test_the_time_before_stands_beside(self, office, library):
        for n in range(5):
            received(library, KEPT if n < 3 else MISSED, at=FIRST - timedelta(days=3))
        asked = scope(office, since=MONDAY, until=MONDAY + timedelta(days=4))
        assert tally("kunjungan", asked.before()).share == 60


def _sentences(office) -> list[str]:
    standard = office.services.get(slug="library").standard
    rule = standard.rule_set.get(key="clock_onsite")
    return [standard.items.get(section=s, position=p).text for s, p in rule.evidence]


class TestSums:
    """The parts of any filter sum to the whole, and the whole is what plain SQL counts."""

    @pytest.fixture(autouse=True)
    def world(self, offices, library, consultation):
        there = list(offices["1906"].services.all())
        many([library, consultation, *there], 160, seed=7)
        old = Standard.objects.create(
            service=library, version=90, status="retired", title="Lama", source_text="", source_hash=""
        )
        library.visits.filter(pk__in=list(library.visits.values_list("pk", flat=True)[:20])).update(
            standard=old
        )
        self.old = old.pk

    def asked(self, offices):
        both = (offices["7411"], offices["1906"])
        middle = MONDAY + timedelta(days=20)
        for whose, days, service, version in itertools.product(
            (both, both[:1], both[1:]), (WEEKS, (WEEKS[0], middle), (middle, WEEKS[1]), (MONDAY, MONDAY)), ("", "library"), (None, self.old)
        ):  # fmt: skip
            yield scope(*whose, since=days[0], until=days[1], service=service, standard=version)

    def test_parts_sum_to_the_whole_under_any_filter(self, offices):
        whole_of_all = 0
        for asked in self.asked(offices):
            rows = BY_KEY["kunjungan"].find(asked)
            whole = figures.tally(rows)
            parts = figures.parts(rows)
            none = figures.Tally()
            for group in (parts.offices, parts.services, parts.standards, figures.by_clock(rows)):
                assert sum(group.values(), none) == whole, asked
            for step in figures.STEPS:
                assert sum((t for _d, t in figures.by_time(rows, step)), none) == whole, (asked, step)
            assert sum(n for _r, n in figures.by_reason(rows)) == whole.excluded
            spread = figures.spread(rows, "minutes")
            assert sum(n for *_e, n in spread) in ({whole.told} if spread else {0})
            whole_of_all = max(whole_of_all, whole.whole)
        assert whole_of_all == 160

    def test_by_another_way(self, offices):
        for asked in self.asked(offices):
            with connection.cursor() as cursor:
                cursor.execute(
                    """SELECT vs.clock_result, count(*), percentile_cont(0.9) WITHIN GROUP (ORDER BY
                         extract(epoch FROM vs.clock_stopped_at - vs.clock_started_at)::float)
                       FROM guestbook_visitservice vs JOIN guestbook_visit v ON v.id = vs.visit_id
                       JOIN offices_service s ON s.id = vs.service_id
                       WHERE v.office_id = ANY(%s) AND v.day BETWEEN %s AND %s AND (%s = '' OR s.slug = %s)
                         AND (%s::bigint IS NULL OR vs.standard_id = %s) GROUP BY 1""",
                    [list(asked.offices), asked.since, asked.until, asked.service, asked.service, asked.standard, asked.standard],
                )  # fmt: skip
                told = {result: n for result, n, _p in cursor.fetchall()}
            found = tally("kunjungan", asked)
            assert (found.kept, found.missed, found.excluded, found.running) == tuple(
                told.get(name, 0) for name in ("kept", "missed", "excluded", "running")
            )


class TestOtherPromises:
    def test_questions(self, office):
        days = [(1, None), (2, None), (9, None), (None, None), (None, 3)]  # answered, closed without
        for answered, ended in days:
            asked = opening.submit(
                office=office, channel="portal", subject="", question="PDRB?", by=VISITOR, at=FIRST
            )
            done = FIRST + timedelta(days=answered) if answered else None
            over = done or (FIRST + timedelta(days=ended) if ended else None)
            Round.objects.filter(consultation=asked).update(
                started_at=FIRST,
                working_days=3,
                due_at=FIRST + timedelta(days=3),
                answered_at=done,
                ended_at=over,
            )
        found = tally("online", scope(office))
        assert (found.kept, found.missed, found.excluded, found.running) == (2, 1, 1, 1)

    def test_closed_by_silence_not_too_early(self, office):
        for n, late in enumerate((0, 5, -1)):
            asked = opening.submit(
                office=office, channel="portal", subject="", question=f"Inflasi {n}?", by=VISITOR, at=FIRST
            )
            at = FIRST + timedelta(days=20)
            ClockChange.objects.create(
                consultation=asked,
                what="closes",
                at=at,
                was=at - timedelta(hours=late),
                now=None,
                why="ended",
            )
            ConsultationStep.objects.create(subject=asked, state="auto_closed", at=at, actor="system")
        other = Consultation.objects.first()
        ClockChange.objects.create(
            consultation=other, what="closes", at=FIRST, was=FIRST, now=None, why="ended"
        )  # by an officer
        assert tally("tutup-otomatis", scope(office)) == figures.Tally(kept=2, missed=1)

    def test_guest_book_before_service(self, office, library):
        received(library, KEPT, 60)
        received(library, KEPT, 60, book=None)
        received(library, KEPT, 60, book=FIRST + timedelta(minutes=2))
        received(library, EXCLUDED, 60, reason="manual_entry", entered=FIRST + timedelta(days=1))
        assert tally("buku-tamu", scope(office)) == figures.Tally(kept=1, missed=2, excluded=1)

    def test_books_out_and_excerpts(self, office, library, make_user):
        officer = make_user(office)
        book = Publication.objects.create(title="Statistik Daerah", keeper=office)
        for n, by in enumerate((officer, None)):
            copy = Copy.objects.create(office=office, publication=book, barcode=f"7411{n}")
            Loan.objects.create(office=office, copy=copy, kind="permission", out_at=FIRST, approved_by=by)
        assert tally("izin-keluar", scope(office)) == figures.Tally(kept=1, missed=1)
        library.standard.rule_set.update_or_create(
            key="excerpt_percent", defaults={"value": 20, "certainty": "stated"}
        )
        digital = DigitalCopy.objects.create(
            office=office,
            publication=book,
            state="ready",
            pages=10,
            file_name="a.pdf",
            prepared="softcopy/none.pdf",
            sha256="0" * 64,
            size=1,
            added_at=FIRST,
        )
        of = received(library, KEPT)
        for n, (pages, allowed) in enumerate((([1, 2], None), ([1, 2, 3], None), ([1, 2, 3], officer))):
            MarkedCopy.objects.create(
                serial=f"S{n}", kind="excerpt", handed="desk", office=office, digital=digital, publication=book, received=of, name="x",
                pages=pages, allowed_by=allowed, sha256="1" * 64, size=1, made_at=FIRST, submission=f"s{n}",
            )  # fmt: skip
        assert tally("batas-salinan", scope(office)) == figures.Tally(kept=1, missed=1, excluded=1)

    def test_complaints_by_calendar_days_of_the_office_and_only_those_one_may_see(
        self, office, chief, make_user
    ):
        by = make_user(office, role="supervisor")
        for n, answered in enumerate(
            ("2026-03-16 15:30", "2026-03-16 16:30", None, None)
        ):  # 23:30 and 00:30 in WITA
            row, _secret = lodging.lodge(
                office=office, text=f"Lama {n}", channel="online", by=VISITOR, at=FIRST
            )
            done = datetime.strptime(f"{answered} +0000", "%Y-%m-%d %H:%M %z") if answered else None
            state = "withdrawn" if n == 3 else "handled"
            Complaint.objects.filter(pk=row.pk).update(
                first_answered_at=done, state=state, due_at=None, awaited_until=None
            )
        all_of_them = scope(office, complaints=Complaint.objects.all())
        assert tally("pengaduan-tanggapan", all_of_them) == figures.Tally(kept=1, missed=2, excluded=1)
        row.about.add(by)
        seen = scope(office, complaints=Complaint.objects.exclude(about=by))
        assert tally("pengaduan-tanggapan", seen).excluded == 0

    def test_every_promise_has_a_rule_or_a_law_and_a_page(self, chief, office):
        for promise in PROMISES:
            assert promise.rule or promise.law
            assert chief.get(reverse("panel:promise", args=[promise.key])).status_code == 200
            assert chief.get(reverse("panel:promise_cases", args=[promise.key])).status_code == 200
        assert chief.get(reverse("panel:promise", args=["apa"])).status_code == 404
        assert chief.get(reverse("panel:promises") + "?dari=2026-03-02&sampai=2026-03-01").status_code == 422
        assert (
            chief.get(reverse("panel:promise_cases", args=["online"]) + "?kantor=1906").status_code == 200
        )  # not theirs: ignored


def test_the_pages_of_all_offices_read_no_documents(chief):
    """Of 550 offices with several versions each, hundreds of megabytes for the words of a filter."""
    with CaptureQueriesContext(connection) as asked:
        chief.get(reverse("panel:promises"))
    assert "source_text" not in str(asked.captured_queries)


class TestPublished:
    def test_only_complete_periods_services_apart_and_never_below_five(
        self, office, library, consultation, chief, client
    ):
        today = office.today()
        last = today.replace(day=1) - timedelta(days=1)
        at = datetime(last.year, last.month, 2, 2, tzinfo=UTC)
        for n in range(8):
            received(library, KEPT if n else MISSED, at=at)
        for _n in range(4):
            received(consultation, KEPT, at=at)
        page = office.get_absolute_url()
        assert "data-promises-kept" not in client.get(page).content.decode()
        assert chief.post(reverse("panel:promise_public"), {"period": "month"}).status_code == 302
        shown = client.get(page).content.decode().split("data-promises-kept")[1].split("</ul>")[0]
        assert "88 % dari 8" in shown
        assert "belum cukup data" in shown
        assert " 4" not in shown
        entry = AuditEntry.objects.get(action="setting.public_promises")
        assert entry.detail == {"changed": {"period": ["", "month"]}}

    def test_of_two_who_choose_at_once_the_second_is_told(self, chief, office):
        address = reverse("panel:promise_public")
        seen = chief.get(address).context["form"]["seen"].value()
        published.save(office, period="year", by=SYSTEM)
        told = chief.post(address, {"period": "month", "seen": seen})
        assert told.status_code == 422
        assert "Baru saja diubah orang lain" in told.content.decode()
        assert office.published_promises.period == "year"
        again = {"period": "month", "seen": told.context["form"]["seen"].value()}
        assert chief.post(address, again).status_code == 302

    def test_periods(self, office):
        day = date(2026, 5, 20)
        assert published.last_complete("month", day) == (date(2026, 4, 1), date(2026, 4, 30))
        assert published.last_complete("quarter", day) == (date(2026, 1, 1), date(2026, 3, 31))
        assert published.last_complete("quarter", date(2026, 1, 1)) == (date(2025, 10, 1), date(2025, 12, 31))
        assert published.last_complete("year", day) == (date(2025, 1, 1), date(2025, 12, 31))
        published.save(office, period="", by=SYSTEM)
        assert published.shown(office) == ("", [])
