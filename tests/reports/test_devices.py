"""Gaps written down when a device is here again, and how much of the open hours they were: by hand, by brute force, by SQL."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from pst.reports import catalogue
from pst.reports.kinds import devices as kind
from pst.reports.scope import Scope
from queueing.availability import merged, overlap, without
from queueing.models import Printer, PrinterGap
from queueing.printing.faults import Fault
from queueing.workflows import printing
from services.accounts import devices
from services.accounts.models import Device, DeviceGap
from services.audit.actors import SYSTEM
from services.offices.models import HoursException
from services.periods import Period

MONDAY = date(2026, 3, 2)  # Kolaka Timur serves 08.00–15.30 with a break, eight hours ahead of UTC
DAY = Period("own", MONDAY, MONDAY)


def wita(hour: int, minute: int = 0, day: int = 2) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


def at(moment: datetime):
    return time_machine.travel(moment, tick=False)


@pytest.fixture
def tv(make_device, office) -> Device:
    """Heard of at 8.00 on Monday, an open day from 8 to 16 with a break from 12 to 13."""
    HoursException.objects.create(
        office=office,
        date=MONDAY,
        reason="uji",
        opens="08:00",
        closes="16:00",
        break_start="12:00",
        break_end="13:00",
    )
    with at(wita(7)):
        device, _secret = make_device(office, "display")
    Device.objects.filter(pk=device.pk).update(last_seen_at=wita(8))
    return device


def seen(device: Device, moment: datetime) -> None:
    with at(moment):
        devices.touch(Device.objects.select_related("office").get(pk=device.pk))


def seen_until(device: Device, moment: datetime) -> None:
    """As if it had given its sign of life all the time."""
    Device.objects.filter(pk=device.pk).update(last_seen_at=moment)


def tables(office, now: datetime, offices=None, period: Period = DAY) -> dict:
    with at(now):
        return {t.key: t for t in catalogue.get("devices").tables(Scope(office, offices or [office], period))}


@pytest.mark.django_db
class TestWhatIsWrittenDown:
    def test_a_device_that_is_here_again_was_gone_since_it_was_last_heard_of(self, tv):
        seen(tv, wita(8, 30))
        seen(tv, wita(8, 31))
        assert list(DeviceGap.objects.values_list("since", "until", "reason")) == [
            (wita(8), wita(8, 30), "silent")
        ]

    def test_signs_of_life_leave_nothing(self, tv):
        for second in range(0, 600, 40):
            seen(tv, wita(8) + timedelta(seconds=second))
        assert not DeviceGap.objects.exists()

    def test_the_first_minute_after_pairing_is_none(self, office, make_device):
        with at(wita(9)):
            device, _secret = make_device(office, "kiosk")
        seen(device, wita(9, 1))
        assert not DeviceGap.objects.exists()

    def test_what_it_complained_of_until_it_was_well(self, tv):
        for moment, fault in (
            (wita(9), "locked"),
            (wita(10), "locked"),
            (wita(11), "broken"),
            (wita(12), ""),
        ):
            with at(moment):
                devices.report_fault(tv, fault=fault, by=SYSTEM)
        assert list(DeviceGap.objects.values_list("since", "until", "reason")) == [
            (wita(9), wita(11), "locked"), (wita(11), wita(12), "broken"),
        ]  # fmt: skip

    def test_printers(self, office):
        printer = Printer.objects.create(office=office, name="P", host="10.0.0.9")
        for hour, fault in ((9, Fault.PAPER), (10, None), (11, Fault.PAPER_LOW), (12, Fault.UNREACHABLE)):
            printing.note_state(printer, fault, reached=True, at=wita(hour))
        for hour, active in ((13, False), (14, True)):
            with at(wita(hour)):
                printing.switch(printer, active=active, by=SYSTEM)
            printer.refresh_from_db()
        assert list(PrinterGap.objects.values_list("since", "until", "reason")) == [
            (wita(9), wita(10), "paper"), (wita(12), wita(13), "unreachable"), (wita(13), wita(14), "off"),
        ]  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_two_requests_of_a_device_that_is_here_again_write_one_gap(office, make_device):
    device, _secret = make_device(office, "display")
    long_ago = device.paired_at - timedelta(hours=1)
    Device.objects.filter(pk=device.pk).update(last_seen_at=long_ago)
    both = [Device.objects.select_related("office").get(pk=device.pk) for _n in range(4)]

    def one(found: Device) -> None:
        try:
            devices.touch(found)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=[found]) for found in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert DeviceGap.objects.filter(device=device).count() == 1


@pytest.mark.django_db
class TestAvailability:
    def test_an_hour_and_a_half_of_seven_with_the_break_taken_out(self, office, tv):
        """Gone from 11.30 to 14.00, an hour of it in the break."""
        seen_until(tv, wita(11, 30))
        seen(tv, wita(14))
        seen_until(tv, wita(16))
        found = tables(office, wita(18))
        (row,) = found["devices"].rows
        assert row == [tv.name, "Layar antrian (TV)", 7.0, 1.5, pytest.approx(5.5 / 7)]
        assert found["reasons"].rows == [["tidak terlihat", 1, 1.5]]

    def test_what_still_lasts_counts_until_now(self, office, tv):
        seen_until(tv, wita(9))
        (row,) = tables(office, wita(10))["devices"].rows
        assert row[2:4] == [2.0, 1.0]

    def test_two_faults_at_once_take_an_hour_once(self, office, tv):
        DeviceGap.objects.create(device=tv, since=wita(9), until=wita(11), reason="locked")
        DeviceGap.objects.create(device=tv, since=wita(10), until=wita(12), reason="silent")
        seen_until(tv, wita(16))
        found = tables(office, wita(18))
        assert found["devices"].rows[0][2:4] == [7.0, 3.0]
        assert {row[0]: row[2] for row in found["reasons"].rows} == {"locked": 2.0, "tidak terlihat": 2.0}

    def test_it_counts_from_when_it_was_watched_and_until_it_was_taken_away(self, office, tv, by):
        Device.objects.update(watched_since=wita(10), last_seen_at=wita(14), revoked_at=wita(15))
        (row,) = tables(office, wita(18))["devices"].rows
        assert row[2:4] == [4.0, 1.0]  # 10–12, 13–15; silent from 14

    def test_a_printer_that_is_off_is_not_counted_on(self, office, tv):
        seen_until(tv, wita(16))
        printer = Printer.objects.create(office=office, name="P", host="10.0.0.9", watched_since=wita(7))
        PrinterGap.objects.create(printer=printer, since=wita(8), until=wita(10), reason="off")
        PrinterGap.objects.create(printer=printer, since=wita(10), until=wita(11), reason="paper")
        Printer.objects.create(office=office, name="B", kind="browser", watched_since=wita(7))
        rows = {row[0]: row[2:4] for row in tables(office, wita(18))["devices"].rows}
        assert rows == {tv.name: [7.0, 0.0], "P": [5.0, 1.0]}

    def test_a_night_is_no_trouble(self, office, tv):
        seen_until(tv, wita(16))
        seen(tv, wita(7, day=3))
        assert tables(office, wita(18, day=3))["devices"].rows[0][3] == 0

    @pytest.mark.parametrize("key", ["months", "kinds", "devices", "offices"])
    def test_the_parts_sum_to_the_whole(self, office, offices, tv, make_device, key):
        with at(wita(7)):
            for each in (office, offices["6571"]):
                make_device(each, "kiosk")
        spring = Period("own", date(2026, 2, 20), date(2026, 4, 20))
        chosen = [office, offices["6571"]] if key == "offices" else [office]
        table = tables(office, wita(18, day=31), chosen, spring)[key]
        first = len(table.columns) - 3
        assert len(table.rows) > 1 or key == "devices" or key == "months"
        for n in (first, first + 1):
            assert sum(row[n] for row in table.rows) == pytest.approx(table.total[n])

    def test_by_independent_sql(self, office, tv):
        """Minutes of Monday that lie in opening hours and in a gap, counted one by one."""
        for n, (since, until) in enumerate(
            [((8, 10), (8, 40)), ((8, 30), (9, 5)), ((11, 50), (13, 20)), ((15, 55), (23, 0))]
        ):
            DeviceGap.objects.create(device=tv, since=wita(*since), until=wita(*until), reason=f"r{n}")
        seen_until(tv, wita(16))
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM generate_series(%s::timestamptz, %s::timestamptz, '1 minute') AS minute "
                "WHERE ((minute >= %s AND minute < %s) OR (minute >= %s AND minute < %s)) "
                "AND EXISTS (SELECT 1 FROM accounts_devicegap g WHERE minute >= g.since AND minute < g.until)",
                [wita(7), wita(18), wita(8), wita(12), wita(13), wita(16)],
            )
            (minutes,) = cursor.fetchone()
        assert tables(office, wita(18))["devices"].rows[0][3] == pytest.approx(minutes / 60)

    def test_questions_do_not_grow(self, office, offices, tv, make_device):
        counts = []
        for chosen in ([office], list(offices.values())):
            for each in chosen:
                make_device(each, "kiosk")
            with CaptureQueriesContext(connection) as queries:
                list(kind.build(Scope(office, chosen, DAY)))
            counts.append(len(queries))
        assert counts[0] == counts[1] <= 8


SPANS = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 8)), max_size=5)


@settings(max_examples=15, deadline=None)
@given(SPANS, SPANS)
def test_spans_against_minutes_counted_one_by_one(some, others):
    def spans(pairs):
        return merged((wita(0) + timedelta(minutes=a), wita(0) + timedelta(minutes=a + n)) for a, n in pairs)

    def minutes(pairs):
        return {m for a, n in pairs for m in range(a, a + n)}

    def length(found):
        return sum((until - since).total_seconds() for since, until in found) / 60

    one, two = spans(some), spans(others)
    assert length(overlap(one, two)) == len(minutes(some) & minutes(others))
    assert length(without(one, two)) == len(minutes(some) - minutes(others))
