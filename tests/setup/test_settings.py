"""What the supervisor sets up: each act, what it refuses, and its line in the trace."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from pst.setup.state import State
from queueing import roster
from queueing.models import Counter, Duty, ServiceQueue
from queueing.workflows import counters, places
from queueing.workflows.issue import issue
from services.accounts.models import Role
from services.audit.actors import Actor
from services.audit.models import AuditEntry
from services.audit.settings import stamp, values
from services.lockers import furnishing
from services.lockers import workflows as lockers
from services.offices import decree, founding, loading, offering, settings
from services.offices.calendar import OfficeCalendar
from services.offices.hours import special_day
from services.offices.models import CalendarDay, HoursException, Office
from services.workflow import IllegalMove

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def boss(make_user, office):
    return make_user(office, Role.SUPERVISOR)


@pytest.fixture
def chief(boss) -> Actor:
    return Actor("officer", user_id=boss.pk)


@pytest.fixture
def panel(boss) -> Client:
    client = Client()
    client.force_login(boss, backend=BACKEND)
    return client


def traced(action: str) -> AuditEntry:
    return AuditEntry.objects.filter(action=action).latest("pk")


def facts(office: Office, **other) -> dict:
    return {name: getattr(office, name) for name in settings.FACTS} | other


def test_facts_leave_before_and_after_in_the_trace(office, chief):
    was = office.phone
    assert settings.save_facts(office, facts(office, phone="(0401) 1"), by=chief) == ["phone"]
    line = traced("setting.office")
    assert line.detail == {"changed": {"phone": [was, "(0401) 1"]}}
    assert (line.target_type, line.target_id) == ("offices.office", office.pk)
    assert settings.save_facts(office, facts(office, phone="(0401) 1"), by=chief) == []
    assert traced("setting.office") == line  # nothing changed, nothing written


def test_the_second_of_two_who_change_the_facts_is_told_and_loses_nothing(office, chief, panel):
    page = panel.get(reverse("setup:office"))
    seen = page.context["form"]["seen"].value()
    settings.save_facts(office, facts(office, phone="111"), by=chief)
    form = facts(office, phone="222", seen=seen)
    told = panel.post(reverse("setup:office"), form)
    assert told.status_code == 422
    text = told.content.decode()
    assert "Baru saja diubah orang lain" in text
    assert 'value="222"' in text
    assert "111" in text
    again = panel.post(reverse("setup:office"), form | {"seen": told.context["form"]["seen"].value()})
    assert again.status_code == 302
    office.refresh_from_db()
    assert office.phone == "222"


def test_what_follows_from_the_tree_cannot_be_sent(office, panel):
    panel.post(reverse("setup:office"), facts(office, code="9999", area="X", level="city"))
    office.refresh_from_db()
    assert (office.code, office.area, office.level) == ("7411", "Kolaka Timur", "regency")


def test_a_week(office, chief, panel):
    week = settings.week_of(office)
    week[5] = {"opens": time(8), "closes": time(12), "break_start": None, "break_end": None}
    del week[4]
    assert settings.save_week(office, week, by=chief) == [4, 5]
    assert set(settings.week_of(office)) == {0, 1, 2, 3, 5}
    with pytest.raises(settings.SomebodyElse):
        settings.save_week(office, week, by=chief, seen="older")
    form = {"d0_opens": "08:00", "d0_closes": "07:00", "d1_opens": "08:00", "d2_break_start": "12:00"}
    wrong = panel.post(reverse("setup:hours"), form)
    assert wrong.status_code == 422
    assert set(wrong.context["form"].errors) == {"d0_closes", "d1_closes", "d2_break_end"}
    assert 'value="07:00"' in wrong.content.decode()
    assert len(settings.week_of(office)) == 5


def test_a_special_date_says_what_the_public_reads_and_who_is_in_the_way(office, panel, library):
    day = office.today() + timedelta(days=1)
    while OfficeCalendar(office).hours_on(day) is None:
        day += timedelta(days=1)
    ServiceQueue.objects.create(service=library, slot_people=2)
    at = datetime.combine(day, time(14), tzinfo=office.zone)
    office.appointments.create(service=library, starts_at=at, place=1, created_at=at - timedelta(days=9))
    form = {"date": day.isoformat(), "reason": "Rapat kerja", "opens": "08:00", "closes": "12:00"}
    shown = panel.post(reverse("setup:exception_new"), form | {"do": "look"})
    assert not office.hours_exceptions.exists()
    assert shown.context["said"].endswith("08.00–12.00 (Rapat kerja)")
    assert [a.starts_at for a in shown.context["in_the_way"]] == [at]
    other = panel.post(
        reverse("setup:exception_new"),
        form | {"do": "save", "closes": "13:00", "shown": shown.context["form"].mark},
    )
    assert other.context["preview"]  # of other hours than were in sight: shown first
    assert "Belum disimpan" in other.content.decode()
    assert not office.hours_exceptions.exists()
    form["shown"] = shown.context["form"].mark
    saved = panel.post(reverse("setup:exception_new"), form | {"do": "save"}, follow=True)
    assert "1 janji temu sekarang di luar jam layanan" in saved.content.decode()
    public = Client().get(office.get_absolute_url()).content.decode()
    assert (shown.context["said"] in public) == (day < office.today() + timedelta(days=14))
    again = panel.post(reverse("setup:exception_new"), form | {"do": "save"})
    assert "date" in again.context["form"].errors
    row = office.hours_exceptions.get()
    panel.post(reverse("setup:exception", args=[row.pk]), {"do": "delete"})
    assert traced("setting.hours_exception").detail["deleted"] is True


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2026-02-30", "besok"])
@pytest.mark.parametrize("name", ["setup:exception_new", "setup:calendar", "setup:roster"])
def test_a_date_nobody_means_is_told_at_its_field(panel, name, day):
    answer = panel.post(reverse(name), {"date": day, "reason": "x", "name": "x"})
    assert answer.status_code == 422
    assert "date" in answer.context["form"].errors


def test_a_special_date_within_the_usual_is_said_as_it_will_be(office):
    monday = date(2027, 6, 7)
    row = HoursException(office=office, date=monday, reason="Pelatihan")
    assert str(special_day(OfficeCalendar(office).suppose(row), monday)) == "Senin, 7 Juni: tutup (Pelatihan)"
    sunday = HoursException(office=office, date=date(2027, 6, 6), reason="Minggu saja")
    assert special_day(OfficeCalendar(office).suppose(sunday), date(2027, 6, 6)) is None


DECREE = """Hari Libur Nasional
1. Jumat, 1 Januari 2027 – Tahun Baru 2027 Masehi
2. 9-10 Maret 2027: Hari Raya Idulfitri
17 Agustus 2027 Hari Proklamasi

Cuti Bersama
8 dan 11 Maret 2027 Idulfitri
2027-12-24, Kelahiran Yesus Kristus"""


def test_a_decree_is_read_from_its_pasted_list():
    found = decree.read(DECREE, year=2027, decree="SKB 1/2026")
    assert found.faults == []
    assert [(d.date.isoformat(), d.kind, d.name) for d in found.days] == [
        ("2027-01-01", "holiday", "Tahun Baru 2027 Masehi"),
        ("2027-03-08", "leave", "Idulfitri"),
        ("2027-03-09", "holiday", "Hari Raya Idulfitri"),
        ("2027-03-10", "holiday", "Hari Raya Idulfitri"),
        ("2027-03-11", "leave", "Idulfitri"),
        ("2027-08-17", "holiday", "Hari Proklamasi"),
        ("2027-12-24", "leave", "Kelahiran Yesus Kristus"),
    ]


@pytest.mark.parametrize(
    "line", ["31 Februari 2027 Tidak ada", "1 Mei 2026 Hari Buruh", "12 Mei 2027", "5 hari lagi libur"]
)
def test_a_line_that_is_no_day_of_the_year_is_said(line):
    found = decree.read(f"1 Januari 2027 Tahun Baru\n{line}", year=2027, decree="x")
    assert [n for n, _text in found.faults] == [2]


def test_the_countrys_days_are_the_administrators_and_an_offices_own_beat_them(office, chief, make_user):
    admin = Client()
    admin.force_login(make_user(is_staff=True, is_superuser=True), backend=BACKEND)
    CalendarDay.objects.filter(office=None, date__year=2027).delete()
    form = {"year": 2027, "decree": "SKB 1/2026", "text": DECREE}
    assert len(admin.post(reverse("setup:national"), form | {"do": "look"}).context["days"]) == 7
    assert not CalendarDay.objects.filter(office=None, date__year=2027).exists()
    assert admin.post(reverse("setup:national"), form | {"do": "save"}).status_code == 302
    assert CalendarDay.objects.filter(decree="SKB 1/2026", provisional=False).count() == 7
    leave = date(2027, 3, 8)
    assert not OfficeCalendar(office).is_working_day(leave)
    settings.save_day(CalendarDay(office=office, date=leave, kind="working", name="Masuk"), by=chief)
    assert OfficeCalendar(office).is_working_day(leave)
    assert settings.save_national(decree.read(DECREE, year=2027, decree="SKB 1/2026").days, by=chief) == 0


def new_service(office, chief, **other) -> offering.Service:
    said = {"name": "Rekomendasi", "prefix": "R", "attended": True, "icon": "ticket", "work_url_name": ""}
    return offering.add(office, said | other, kind="other", by=chief)


def test_a_new_service_is_data(office, chief):
    service = new_service(office, chief)
    assert (service.slug, service.kind, service.position) == ("rekomendasi", "other", 3)
    assert traced("setting.service").detail["changed"]["prefix"] == [None, "R"]
    assert new_service(office, chief, name="Baru", prefix="S").slug == "baru-2"  # "baru" is an address
    for field, other in (("prefix", {"name": "Lain"}), ("name", {"prefix": "T"})):
        with pytest.raises(offering.Taken) as problem:
            new_service(office, chief, **other)
        assert problem.value.field == field
    with pytest.raises(offering.Taken):
        offering.add(
            office,
            {"name": "X", "prefix": "X"} | dict.fromkeys(("attended", "icon", "work_url_name"), ""),
            kind="library",
            by=chief,
        )
    offering.step(service, -9, by=chief)
    assert next(s.slug for s in office.services.all()) == "rekomendasi"


def test_another_letter_leaves_todays_numbers_as_they_are(office, chief, library, panel):
    ticket = issue(office=office, service=library, submission="s", by=chief)
    page = panel.get(reverse("setup:service", args=["library"]))
    assert "Hari ini sudah 1 nomor dengan huruf A" in page.content.decode()
    form = {name: getattr(library, name) for name in offering.FIELDS} | {"prefix": "z", "attended": ""}
    told = panel.post(reverse("setup:service", args=["library"]), form, follow=True)
    assert "1 nomor hari ini tetap memakai huruf A" in told.content.decode()
    ticket.refresh_from_db()
    assert ticket.label == "A001"
    library.refresh_from_db()
    assert issue(office=office, service=library, submission="t", by=chief).label == "Z001"


def test_switching_a_service_off_asks_first_when_somebody_waits(office, chief, library, panel):
    issue(office=office, service=library, submission="s", by=chief)
    address = reverse("setup:service_act", args=["library"])
    asked = panel.post(address, {"do": "off"})
    assert asked.status_code == 409
    assert "1 orang sedang menunggu" in asked.content.decode()
    library.refresh_from_db()
    assert library.active
    panel.post(address, {"do": "off", "yes": "1"})
    library.refresh_from_db()
    assert not library.active
    assert traced("setting.service").detail == {"changed": {"active": [True, False]}}


def test_a_counter_cannot_go_while_somebody_sits_there(office, chief, by, counter, consultation):
    counters.open_counter(counter, by=by)
    counter.refresh_from_db()
    counter.active = False
    with pytest.raises(IllegalMove):
        places.save(counter, [consultation], by=chief)
    counter.refresh_from_db()
    assert places.save(counter, [consultation], by=chief) == ["services"]  # its services may change meanwhile
    counters.leave_seat(counter, by=by)
    counter.refresh_from_db()
    counter.active = False
    assert places.save(counter, [consultation], by=chief) == ["active"]
    with pytest.raises(IllegalMove):
        counters.open_counter(counter, by=by)
    with pytest.raises(places.NumberTaken):
        places.save(Counter(office=office, number=counter.number), [consultation], by=chief)


def test_lockers_come_by_a_range_and_go_while_unused(office, chief, library):
    assert furnishing.add(office, 11, 14, size="L", by=chief) == [13, 14]
    first, new = office.lockers.get(number=1), office.lockers.get(number=14)
    visit = issue(office=office, service=library, submission="s", by=chief).received.visit
    lockers.deposit_bag(visit=visit, locker=first, by=chief)
    with pytest.raises(IllegalMove):
        furnishing.delete(first, by=chief)
    furnishing.delete(new, by=chief)
    assert not office.lockers.filter(number=14).exists()


def test_the_roster_says_when_nobody_serves_in_the_break(office, frontliner):
    monday = {"office": office, "user": frontliner, "weekday": 0}
    Duty.objects.create(**monday, starts=time(8), ends=time(12))
    afternoon = Duty.objects.create(**monday, starts=time(13), ends=time(16))
    assert [row.weekday for row in roster.without_anybody(office.hours.all(), office.duties.all())] == [0]
    room = next(room for room in State(office).rooms if room.key == "roster")
    assert room.level == "look"
    afternoon.starts = time(12)
    afternoon.save()
    assert not list(roster.without_anybody(office.hours.all(), office.duties.all()))
    day = date(2027, 6, 7)
    Duty.objects.create(office=office, user=frontliner, date=day, starts=time(9), ends=time(10))
    assert [d.starts for d in roster.on(office, day)] == [time(9)]
    assert len(roster.on(office, day + timedelta(days=7))) == 2


def test_an_office_comes_with_the_units_above_it(db, chief):
    office = founding.found(code="9471", level="city", name="BPS Kota Jayapura", area="Jayapura", by=chief)
    assert [o.code for o in office.breadcrumb] == ["0000", "9400", "9471"]
    assert (office.time_zone, office.hours.count()) == ("Asia/Jayapura", 5)
    for code, level in (
        ("9471", "city"),
        ("9900", "province"),
        ("9472", "province"),
        ("9400", "city"),
        ("9401", "city"),
        ("9473", "regency"),
    ):
        with pytest.raises(founding.CannotFound):
            founding.found(code=code, level=level, name="x", area="x", by=chief)
    assert State(office).missing


def test_stamps_differ_as_values_do(office):
    first = values(office, ("name", "phone"))
    assert stamp(first) == stamp(dict(reversed(first.items())))
    assert stamp(first) != stamp(first | {"phone": "1"})


def test_the_first_standard_is_put_in_force_once(office, chief, library, panel):
    service = new_service(office, chief)
    text = library.standard.source_text
    loading.load_first(text, service, source_name="a", by=chief)
    with pytest.raises(IllegalMove):
        loading.load_first(f"{text}\n", service, source_name="b", by=chief)
    assert [s.source_name for s in service.standards.all()] == ["a"]
    page = reverse("setup:standard", args=[service.slug])
    told = panel.post(page, {"text": text, "do": "save"}, follow=True).content.decode()
    assert "sudah berlaku" in told
