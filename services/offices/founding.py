"""An administrator opens an office under its province; everything else is its supervisor's."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from services.audit.actors import Actor
from services.audit.settings import record_setting, values
from services.offices.loading import usual_hours
from services.offices.models import Office
from services.offices.zones import PROVINCES, zone_of

HEAD, TREE = "0000", ("code", "level", "name", "area", "time_zone")


class CannotFound(ValueError):
    """`str()` says what to do instead."""


@transaction.atomic
def found(*, code: str, level: str, name: str, area: str, by: Actor) -> Office:
    """The office, its province and the head office where they are missing. Raises CannotFound."""
    if Office.objects.filter(code=code).exists():
        raise CannotFound(_("Kantor dengan kode %s sudah ada.") % code)
    if level != Office.Level.NATIONAL and code[:2] not in PROVINCES:
        raise CannotFound(_("Dua angka pertama %s bukan kode provinsi BPS.") % code)
    if (level == Office.Level.PROVINCE) != (code[2:] == "00") and level != Office.Level.NATIONAL:
        raise CannotFound(_("Kode provinsi berakhir dengan 00, kode kabupaten dan kota tidak."))
    # BPS numbers regencies from 01 and cities from 71 on.
    if level in (Office.Level.REGENCY, Office.Level.CITY) and (level == Office.Level.CITY) != (
        code[2:] >= "71"
    ):
        raise CannotFound(_("Angka ketiga dan keempat kode kota mulai dari 71, kode kabupaten di bawahnya."))
    head = _unit(HEAD, Office.Level.NATIONAL, "Badan Pusat Statistik", "Indonesia", None, by=by)
    parent = head
    if level in (Office.Level.REGENCY, Office.Level.CITY):
        province = PROVINCES[code[:2]]
        parent = _unit(
            f"{code[:2]}00", Office.Level.PROVINCE, f"BPS Provinsi {province}", province, head, by=by
        )
    office = _unit(code, level, name, area, parent, by=by)
    usual_hours(office)
    return office


def _unit(code: str, level: str, name: str, area: str, parent: Office | None, *, by: Actor) -> Office:
    """The one there is, or a new one."""
    fields = {"level": level, "name": name, "area": area, "parent": parent, "time_zone": zone_of(code)}
    row, new = Office.objects.get_or_create(code=code, defaults=fields)
    if new:
        record_setting(
            row, {}, after=values(row, TREE), action="setting.office_founded", by=by, office_id=row.pk
        )
    return row
