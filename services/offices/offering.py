"""Which services an office has: as data, from a kind we know or like another one. Each function is one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from services.audit.actors import Actor
from services.audit.settings import record_setting, values
from services.live.publish import QUEUE, publish
from services.offices.loading import KINDS
from services.offices.models import Office, Service
from services.offices.settings import as_seen

NEW = "baru"  # stands in the addresses of the set-up where a slug stands
FIELDS = ("name", "prefix", "attended", "icon", "work_url_name")
ALL = ("slug", "kind", *FIELDS, "position", "active")


class Taken(ValueError):
    """`field` is used by another service of the office; `str()` says by which."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field


def free_prefix(office: Office, usual: str) -> str:
    """The usual letter, or the next one nobody has."""
    taken = set(office.services.values_list("prefix", flat=True))
    letters = [usual, *"CDEFGHIJKLMNOPQRSTUVWXYZAB"]
    pairs = (first + second for first in letters[1:] for second in letters[1:])
    return next(p for p in (*letters, *pairs) if p not in taken)


@transaction.atomic
def add(office: Office, said: Mapping[str, Any], *, kind: str, by: Actor) -> Service:
    """At the end of the list. A kind with screens of its own is there once. Raises Taken."""
    _locked(office)
    service = Service(office=office, kind=kind, position=_last(office) + 1)
    for name in FIELDS:
        setattr(service, name, said[name])
    service.slug = _slug(office, service)
    _refuse_clash(service)
    service.save()
    record_setting(
        service, {}, after=values(service, ALL), action="setting.service", by=by, office_id=office.pk
    )
    publish(office.code, QUEUE)
    return service


def _slug(office: Office, service: Service) -> str:
    taken = {*office.services.values_list("slug", flat=True), NEW}
    if KINDS.get(service.kind, KINDS["other"]).name:
        if service.kind in taken:
            raise Taken("kind", _("Kantor ini sudah mempunyai layanan jenis ini."))
        return service.kind
    base = slugify(service.name)[:34].strip("-") or "layanan"
    names = (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken and name not in KINDS)


def _last(office: Office) -> int:
    return max(office.services.values_list("position", flat=True), default=0)


def _locked(office: Office) -> None:
    """One change of the list at a time."""
    Office.objects.select_for_update(no_key=True).get(pk=office.pk)


def _refuse_clash(service: Service) -> None:
    others = Service.objects.filter(office=service.office_id).exclude(pk=service.pk)
    if other := others.filter(prefix=service.prefix).first():
        raise Taken(
            "prefix",
            _("Huruf %(prefix)s dipakai %(service)s.") % {"prefix": service.prefix, "service": other},
        )
    if others.filter(name__iexact=service.name).exists():
        raise Taken("name", _("Sudah ada layanan dengan nama ini."))


@transaction.atomic
def save(service: Service, said: Mapping[str, Any], *, by: Actor, seen: str = "") -> list[str]:
    """Numbers given out today keep their letters. Raises Taken, SomebodyElse."""
    _locked(service.office)
    row = Service.objects.select_for_update(of=("self",)).select_related("office").get(pk=service.pk)
    before = values(row, FIELDS)
    as_seen(seen, before)
    for name in FIELDS:
        setattr(row, name, said[name])
    _refuse_clash(row)
    row.save(update_fields=FIELDS)
    publish(row.office.code, QUEUE)
    return record_setting(row, before, action="setting.service", by=by, office_id=row.office_id)


@transaction.atomic
def switch(service: Service, *, active: bool, by: Actor) -> None:
    """Off: no new numbers, appointments or pages. Who waits is still called, what is open goes on."""
    row = Service.objects.select_for_update(of=("self",)).select_related("office").get(pk=service.pk)
    before = values(row, ("active",))
    row.active = active
    row.save(update_fields=["active"])
    record_setting(row, before, action="setting.service", by=by, office_id=row.office_id)
    publish(row.office.code, QUEUE)


@transaction.atomic
def step(service: Service, by_places: int, *, by: Actor) -> None:
    """One place up (-1) or down (1) in the order in which tablet and pages show them."""
    _locked(service.office)
    rows = list(service.office.services.select_for_update(of=("self",)))
    here = next(n for n, row in enumerate(rows) if row.pk == service.pk)
    there = min(max(here + by_places, 0), len(rows) - 1)
    rows.insert(there, rows.pop(here))
    for place, row in enumerate(rows, start=1):
        if row.position != place:
            before = values(row, ("position",))
            row.position = place
            row.save(update_fields=["position"])
            record_setting(row, before, action="setting.service", by=by, office_id=row.office_id)
    publish(service.office.code, QUEUE)
