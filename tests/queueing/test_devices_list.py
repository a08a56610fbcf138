"""Tablets, TVs and printers in one list; the desk hears of what vanished or complains, and only then."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from queueing.devices import alarms, equipment
from queueing.models import Printer, PrintJob
from queueing.workflows import counters
from services.accounts import devices
from services.accounts.models import Device

OPEN = datetime(2026, 3, 2, 2, 12, tzinfo=UTC)  # Monday 10.12 WITA, in service hours
NIGHT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
ALERT, LIST = reverse("queueing:devices_alert"), reverse("queueing:devices")
NEW = reverse("queueing:printer_new")
FIELDS = {"name": "Printer pintu", "kind": "network", "host": "192.168.1.50", "port": "9100", "width": "80"}


def at(moment: datetime):
    return time_machine.travel(moment, tick=False)


@pytest.fixture
def tv(make_device, office) -> tuple[Device, Client]:
    """The TV of Kolaka Timur, seen at 10.12."""
    with at(OPEN):
        device, secret = make_device(office, "display")
        client = Client()
        client.cookies[devices.cookie_name("display")] = secret
        Device.objects.filter(pk=device.pk).update(name="Layar antrian Lobi")
        client.get(reverse("queueing:here_display"))
    return device, client


@pytest.fixture
def supervisor(make_user, office) -> Client:
    client = Client()
    client.force_login(make_user(office, "supervisor"), backend="django.contrib.auth.backends.ModelBackend")
    return client


def words(office, moment: datetime) -> list[str]:
    with at(moment):
        return [piece.alarm for piece in alarms(office)]


class TestTheAlert:
    def test_a_screen_that_vanished_is_told_after_two_minutes_and_not_before(self, office, tv):
        assert words(office, OPEN + timedelta(seconds=119)) == []
        assert words(office, OPEN + timedelta(minutes=2)) == [
            "Layar antrian Lobi tidak terlihat sejak 10.12. Periksa sambungannya."
        ]

    def test_a_sign_of_life_every_forty_seconds_keeps_an_idle_screen_off_the_list(self, office, tv):
        _device, client = tv
        for second in range(40, 1200, 40):
            with at(OPEN + timedelta(seconds=second)):
                assert client.get(reverse("queueing:here_display")).status_code == 204
                assert alarms(office) == []
            assert words(office, OPEN + timedelta(seconds=second + 39)) == []

    def test_it_is_gone_with_the_next_sign_of_life(self, office, tv):
        _device, client = tv
        later = OPEN + timedelta(minutes=30)
        assert words(office, later)
        with at(later):
            client.get(reverse("queueing:here_display"))
        assert words(office, later) == []

    def test_nobody_is_told_at_night_unless_an_officer_sits_at_a_counter(self, office, tv, counter, by):
        assert words(office, NIGHT) == []
        counters.open_counter(counter, by=by)
        assert words(office, NIGHT)

    def test_on_another_day_the_date_stands_with_the_time(self, office, tv):
        assert "sejak 2 Mar 10.12" in words(office, OPEN + timedelta(days=1))[0]

    def test_a_device_that_was_taken_away_is_no_ones_trouble(self, office, tv, by):
        devices.revoke(tv[0], by=by)
        assert words(office, OPEN + timedelta(minutes=5)) == []

    def test_a_device_that_was_never_opened_is_told(self, office, make_device):
        with at(OPEN):
            make_device(office, "kiosk")
        assert words(office, OPEN + timedelta(seconds=60)) == []
        assert words(office, OPEN + timedelta(minutes=3)) == ["kiosk uji belum dibuka sejak dihubungkan."]

    def test_what_a_device_reports_itself_is_told(self, office, tv):
        Device.objects.update(fault="suara terkunci", fault_at=OPEN)
        assert words(office, OPEN) == ["Layar antrian Lobi: suara terkunci (sejak 10.12)."]

    @pytest.mark.parametrize(
        ("fault", "minutes", "told"),
        [("paper", 0, True), ("cover", 0, True), ("unreachable", 1, False), ("unreachable", 2, True),
         ("paper_low", 60, False), ("", 60, False)],
    )  # fmt: skip
    def test_printers(self, office, fault, minutes, told):
        Printer.objects.create(
            office=office, name="Printer pintu", host="10.0.0.9", last_ok_at=OPEN, fault=fault,
            fault_at=OPEN if fault else None,
        )  # fmt: skip
        assert bool(words(office, OPEN + timedelta(minutes=minutes))) is told

    def test_a_printer_that_is_off_is_silent(self, office):
        Printer.objects.create(
            office=office, name="P", host="10.0.0.9", fault="paper", fault_at=OPEN, active=False
        )
        assert words(office, OPEN) == []

    def test_put_aside_for_today_per_device(self, office, tv, desk, frontliner):
        later = OPEN + timedelta(minutes=5)
        with at(later):
            page = desk.get(ALERT).content.decode()
            assert "Layar antrian Lobi tidak terlihat sejak 10.12." in page
            answer = desk.post(ALERT, {"key": f"device-{tv[0].pk}"}, headers={"HX-Request": "true"})
            assert "Lobi" not in answer.content.decode()
            assert "Lobi" not in desk.get(ALERT).content.decode()
            Printer.objects.create(office=office, name="Printer pintu", fault="paper", fault_at=OPEN)
            assert "kertas habis" in desk.get(ALERT).content.decode()
        with at(later + timedelta(days=1)):
            desk.force_login(frontliner, backend="django.contrib.auth.backends.ModelBackend")
            assert "Lobi" in desk.get(ALERT).content.decode()

    def test_putting_aside_works_without_script(self, tv, desk):
        with at(OPEN + timedelta(minutes=5)):
            assert desk.post(ALERT, {"key": f"device-{tv[0].pk}"}).headers["Location"] == "/meja/"
            assert "Lobi" not in desk.get(ALERT).content.decode()

    def test_made_up_keys_are_not_kept(self, tv, desk):
        desk.post(ALERT, {"key": ["x" * 5000, "device-0"]})
        assert desk.session["devices_hidden"]["keys"] == []

    def test_of_many_two_are_named(self, office, desk):
        for n in range(5):
            Printer.objects.create(office=office, name=f"Printer {n}", fault="paper", fault_at=OPEN)
        with at(OPEN):
            page = desk.get(ALERT).content.decode()
        assert page.count("data-alarm") == 2
        assert "Dan 3 perangkat lain." in page


class TestTheList:
    def test_everything_in_one_list_with_what_it_serves(self, office, tv, kiosk, supervisor):
        printer = Printer.objects.create(office=office, name="Printer pintu", host="10.0.0.9", automatic=True)
        printer.tablets.set(Device.objects.filter(purpose="kiosk"))
        with at(OPEN):
            rows = {piece.name: piece for piece in equipment(office)}
        assert rows["kiosk uji"].serves == "Mencetak ke Printer pintu"
        assert rows["Printer pintu"].serves == "kiosk uji (setiap nomor)"
        assert rows["Layar antrian Lobi"].state == "Aktif"
        page = supervisor.get(LIST).content.decode()
        for name in rows:
            assert name in page

    def test_another_offices_devices_are_not_in_it(self, offices, tv, desk):
        Printer.objects.create(office=offices["6571"], name="Printer Tarakan")
        assert "Printer Tarakan" not in desk.get(LIST).content.decode()

    def test_the_fault_stands_there_in_words_with_the_last_slip(self, office, desk):
        printer = Printer.objects.create(
            office=office, name="Printer pintu", fault="paper", fault_at=timezone.now()
        )
        PrintJob.objects.create(
            office=office, printer=printer, copy=True, state="failed", error="late", created_at=timezone.now()
        )
        page = desk.get(LIST).content.decode()
        assert "kertas habis (sejak" in page
        assert "Cetak percobaan: Gagal (terlalu lama menunggu printer; tidak dicetak lagi)" in page

    def test_the_number_of_queries_does_not_grow(
        self, office, desk, django_assert_max_num_queries, make_device
    ):
        def count() -> int:
            with django_assert_max_num_queries(40) as queries:
                desk.get(LIST)
            return len(queries)

        Printer.objects.create(office=office, name="P0")
        make_device(office, "kiosk")
        desk.get(LIST)  # what a process asks once
        few = count()
        for n in range(1, 5):
            Printer.objects.create(office=office, name=f"P{n}").tablets.add(make_device(office, "kiosk")[0])
        assert count() == few


class TestSettingUp:
    def test_a_supervisor_adds_a_printer_and_its_tablet(self, office, kiosk, supervisor):
        tablet = Device.objects.get()
        answer = supervisor.post(NEW, {**FIELDS, "tablets": [tablet.pk], "automatic": "on"}, follow=True)
        assert "Printer pintu disimpan" in answer.content.decode()
        printer = Printer.objects.get()
        assert (printer.office, printer.host, printer.automatic) == (office, "192.168.1.50", True)
        assert list(printer.tablets.all()) == [tablet]

    @pytest.mark.parametrize(
        ("change", "field", "said"),
        [
            ({"host": "http://192.168.1.50"}, "host", "tanpa http://"),
            ({"host": "192.168.1.50:9100"}, "host", "tanpa http:// dan tanpa port"),
            ({"host": "192.168.1.999"}, "host", "Tulis alamat IP"),
            ({"host": "8.8.8.8"}, "host", "di luar jaringan kantor"),
            ({"host": "169.254.169.254"}, "host", "di luar jaringan kantor"),
            ({"host": ""}, "host", "Isi alamat printer"),
            ({"port": "0"}, "port", ""),
            ({"port": "70000"}, "port", ""),
            ({"width": "57"}, "width", ""),
            ({"name": "Sudah ada"}, "name", "Pilih nama lain"),
            ({"tablets": "999999"}, "tablets", ""),
        ],
    )
    def test_a_mistake_is_told_at_its_field_and_nothing_typed_is_lost(
        self, office, supervisor, kiosk, change, field, said
    ):
        Printer.objects.create(office=office, name="Sudah ada")
        answer = supervisor.post(NEW, FIELDS | change)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert f'id="id_{field}_error"' in page
        assert said in page
        assert f'value="{(FIELDS | change)["name"]}"' in page
        assert Printer.objects.count() == 1

    def test_one_tablet_has_one_printer(self, office, kiosk, supervisor):
        tablet = Device.objects.get()
        Printer.objects.create(office=office, name="Pertama").tablets.add(tablet)
        answer = supervisor.post(NEW, {**FIELDS, "tablets": [tablet.pk]})
        assert "Tablet ini sudah memakai Pertama" in answer.content.decode()

    def test_a_frontliner_tries_it_but_does_not_set_it_up(self, office, desk):
        printer = Printer.objects.create(office=office, name="Printer pintu", host="127.0.0.1")
        page = desk.get(LIST).content.decode()
        assert "Cetak percobaan di Printer pintu" in page
        assert f'href="{reverse("queueing:printer", args=[printer.pk])}"' not in page
        assert desk.post(reverse("queueing:printer_trial", args=[printer.pk])).status_code == 302
        job = PrintJob.objects.get()
        assert (job.ticket, job.state) == (None, "queued")

    def test_off_and_on(self, office, supervisor):
        printer = Printer.objects.create(office=office, name="Printer pintu", host="127.0.0.1", fault="paper")
        switch = reverse("queueing:printer_switch", args=[printer.pk])
        supervisor.post(switch, {"active": "0"})
        printer.refresh_from_db()
        assert (printer.active, printer.fault) == (False, "")
        trial = supervisor.post(reverse("queueing:printer_trial", args=[printer.pk]), follow=True)
        assert "tidak dapat dicoba" in trial.content.decode()
        supervisor.post(switch, {"active": "1"})
        printer.refresh_from_db()
        assert printer.active
