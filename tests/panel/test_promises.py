"""Promises kept: small worlds reckoned by hand, parts that sum to the whole, and totals by another way (plain SQL)."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pst.panel.promises import figures
from pst.panel.promises.registry import BY_KEY
from services.offices.models import Standard
from tests.panel.worlds import EXCLUDED, FIRST, KEPT, MISSED, MONDAY, WEEKS, many, received, scope, tally

pytestmark = pytest.mark.django_db


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


def test_the_pages_of_all_offices_read_no_documents(chief):
    """Of 550 offices with several versions each, hundreds of megabytes for the words of a filter."""
    with CaptureQueriesContext(connection) as asked:
        chief.get(reverse("panel:promises"))
    assert "source_text" not in str(asked.captured_queries)
