"""Which service a text is of, and which version of it is in force."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core.management.sql import emit_post_migrate_signal
from django.db import IntegrityError, transaction
from django.utils import timezone

from pst.portal.demo import TEXTS
from services.audit.actors import SYSTEM
from services.offices.calendar import OfficeCalendar, seed_national_days
from services.offices.loading import load
from services.offices.models import CalendarDay, HoursException, Office, ServiceHours
from services.offices.tasks import keep_calendar

LIBRARY = next(iter(sorted(TEXTS.glob("000_*")))).read_text()


def other(name: str) -> str:
    """The text of a service of a kind the software has no room for."""
    return f"{name}\nBPS Kabupaten Kolaka Timur\n\nPersyaratan\n1. Membawa kartu identitas.\n\nProsedur\n1. Menemui petugas.\n"


def test_two_services_of_an_unknown_kind_stand_side_by_side(office):
    for name in ("Penjualan Publikasi Cetak", "Rekomendasi Kegiatan Statistik"):
        load(other(name), source_name="x.txt", by=SYSTEM, office=office)
    services = list(office.services.exclude(slug__in=["library", "consultation"]))
    assert len({s.slug for s in services}) == len({s.prefix for s in services}) == len(services) == 2
    assert all(s.standard for s in services)
    load(
        other("Penjualan Publikasi Cetak").replace("kartu", "satu kartu"),
        source_name="y.txt",
        by=SYSTEM,
        office=office,
    )
    assert office.services.count() == 4
    assert sorted(s.standard.version for s in services) == [1, 1]


def test_a_letter_that_is_taken_is_not_given_again(office):
    office.services.filter(slug="library").update(prefix="C")
    office.services.filter(slug="consultation").update(prefix="D")
    first = load(other("Penjualan Publikasi Cetak"), source_name="x.txt", by=SYSTEM, office=office)
    assert first.standard.service.prefix not in {"C", "D"}


def test_going_back_to_an_earlier_text_is_a_new_version(office):
    old = load(LIBRARY, source_name="a.txt", by=SYSTEM).standard
    new = load(LIBRARY.replace("menit", "Menit"), source_name="b.txt", by=SYSTEM).standard
    back = load(LIBRARY, source_name="a.txt", by=SYSTEM)
    assert back.created
    assert (old.version, new.version, back.standard.version) == (1, 2, 3)
    assert office.services.get(slug="library").standard == back.standard


def test_an_office_chosen_by_hand_gets_hours_and_its_facts(db):
    office = Office.objects.create(code="7499", name="BPS Uji", level="regency", area="Uji")
    load(LIBRARY, source_name="a.txt", by=SYSTEM, office=office)
    office.refresh_from_db()
    assert office.hours.count() == 5
    assert office.email == ""  # the text speaks of another office


@pytest.mark.parametrize("model", [ServiceHours, HoursException])
@pytest.mark.parametrize(
    "half",
    [{"opens": "08:00"}, {"closes": "15:00"}, {"opens": "08:00", "closes": "15:00", "break_end": "13:00"}],
)
def test_half_opening_hours_are_refused(office, model, half):
    day = {"weekday": 6} if model is ServiceHours else {"date": "2026-03-02", "reason": "x"}
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.create(office=office, **day, **half)


def test_a_new_installation_knows_the_national_days(office):
    CalendarDay.objects.all().delete()
    emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
    assert CalendarDay.objects.filter(office=None, date__month=8, date__day=17).count() == 2
    anniversary = datetime(timezone.now().year, 8, 17, 2, 0, tzinfo=UTC)
    assert OfficeCalendar(office).state(anniversary).state == "closed"


def test_the_worker_keeps_them_and_leaves_what_somebody_changed(db):
    keep_calendar(timestamp=0)
    row = CalendarDay.objects.filter(office=None).first()
    CalendarDay.objects.filter(pk=row.pk).update(kind="working", name="Diubah")
    CalendarDay.objects.filter(pk=CalendarDay.objects.last().pk).delete()
    assert seed_national_days([row.date.year, row.date.year + 1]) == 1
    row.refresh_from_db()
    assert (row.kind, row.name) == ("working", "Diubah")
