"""From a published text to an office, its service and a standard with rules: `services.offices.reader` reads,
this stores. No office's name or text is special-cased: what differs comes from the text or from `KINDS`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, time

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from services.audit import trail
from services.audit.actors import Actor
from services.offices.models import Office, Service, ServiceHours, Standard, StandardItem, StandardRule
from services.offices.reader import DerivedRule, OfficeFacts, ParsedStandard, derive_rules, read_standard
from services.offices.standards.states import remember
from services.offices.zones import PROVINCES, zone_of
from services.workflow import IllegalMove


@dataclass(frozen=True)
class Kind:
    """What a kind of service starts with; every value can be changed afterwards."""

    name: str
    prefix: str
    attended: bool
    work_url_name: str
    icon: str


KINDS = {
    "library": Kind(gettext_noop("Perpustakaan"), "A", False, "library:use", "book"),
    "consultation": Kind(gettext_noop("Konsultasi Statistik"), "B", True, "consultation:onsite", "chat"),
    "other": Kind("", "C", True, "", "ticket"),
}


class OfficeUnknown(ValueError):
    """The text does not say which office it is of; `str()` says what to add."""


@dataclass(frozen=True)
class Loaded:
    standard: Standard
    created: bool
    parsed: ParsedStandard


@transaction.atomic
def load(
    data: bytes | str,
    *,
    source_name: str,
    by: Actor,
    office: Office | None = None,
    service: Service | None = None,
    at: datetime | None = None,
) -> Loaded:
    """Read and store one standard as the version in force; the text that is in force already changes nothing.

    `office` overrides what the text says, and so does `service`, which is one of that office. Raises reader.UnreadableStandard or OfficeUnknown.
    """
    at = at or timezone.now()
    parsed = read_standard(data, source_name=source_name)
    digest = hashlib.sha256(parsed.source.encode()).hexdigest()
    office = office or (service.office if service else _office(parsed.office))
    _complete(office, parsed.office)
    service = service or _service(office, parsed)
    existing = service.standards.filter(source_hash=digest, status=Standard.Status.PUBLISHED).first()
    if existing:
        return Loaded(existing, False, parsed)
    for old in service.standards.select_for_update().filter(status=Standard.Status.PUBLISHED):
        old.status = Standard.Status.RETIRED
        old.save(update_fields=["status"])
        remember(old, by=by, at=at)
    standard = store(service, parsed, source_name=source_name, digest=digest)
    standard.status, standard.published_at = Standard.Status.PUBLISHED, at
    standard.effective_on = office.today(at)
    standard.save(update_fields=["status", "published_at", "effective_on"])
    remember(standard, by=by, at=at)
    trail.record("standard.loaded", standard, by=by, office_id=office.pk, at=at, source=source_name)
    return Loaded(standard, True, parsed)


@transaction.atomic
def load_first(data: bytes | str, service: Service, *, source_name: str, by: Actor) -> Standard:
    """The first standard of a service. Raises IllegalMove when somebody else has put one in force meanwhile."""
    row = Service.objects.select_for_update(no_key=True).select_related("office").get(pk=service.pk)
    if row.standards.filter(status=Standard.Status.PUBLISHED).exists():
        raise IllegalMove(_("Standar %s baru saja diberlakukan orang lain.") % row)
    return load(data, source_name=source_name, by=by, service=row).standard


def _office(facts: OfficeFacts) -> Office:
    """Find or create the office and the units above it; facts already there are kept, gaps are filled."""
    if not facts.code:
        raise OfficeUnknown(
            _(
                "Teks ini tidak menyebut kode wilayah kantor (misalnya dalam e-mail bps7411@bps.go.id). Pilih kantornya."
            )
        )
    head, _new = Office.objects.get_or_create(
        code="0000",
        defaults={"level": Office.Level.NATIONAL, "name": "Badan Pusat Statistik", "area": "Indonesia"},
    )
    parent = head
    province = facts.province or PROVINCES.get(facts.code[:2], "")
    if facts.level in (Office.Level.REGENCY, Office.Level.CITY):
        parent, _new = Office.objects.get_or_create(
            code=f"{facts.code[:2]}00",
            defaults={
                "parent": head,
                "level": Office.Level.PROVINCE,
                "name": f"BPS Provinsi {province}".strip(),
                "area": province,
                "time_zone": zone_of(facts.code),
            },
        )
    office, _new = Office.objects.get_or_create(
        code=facts.code,
        defaults={
            "parent": parent if facts.level != Office.Level.NATIONAL else None,
            "level": facts.level,
            "name": facts.name,
            "area": facts.area,
            "time_zone": zone_of(facts.code),
        },
    )
    return office


def _complete(office: Office, facts: OfficeFacts) -> None:
    """Fill what is still empty: facts (if they are this office's), and the usual hours."""
    if facts.code in ("", office.code):
        _fill_facts(office, facts)
    if not office.hours.exists():
        usual_hours(office)


def _fill_facts(office: Office, facts: OfficeFacts) -> None:
    fields = []
    for field in ("name", "area", "address", "phone", "email", "website"):
        published = getattr(facts, field)
        if published and not getattr(office, field):
            setattr(office, field, published[: _limit(field)])
            fields.append(field)
    if not fields:
        return
    try:
        office.full_clean()
    except ValidationError as problem:
        for field in set(problem.message_dict) & set(fields):
            setattr(office, field, "")  # an unusable fact is left blank; the source text still has it
    office.save(update_fields=fields)


def _limit(field: str) -> int | None:
    return getattr(Office._meta.get_field(field), "max_length", None)


def usual_hours(office: Office) -> None:
    """The civil-service week as a start: Mon–Thu 08:00–15:30, Fri with the longer break (Perpres 21/2023)."""
    for weekday in range(5):
        noon = (time(11, 30), time(13, 0)) if weekday == 4 else (time(12, 0), time(13, 0))
        ServiceHours.objects.get_or_create(
            office=office,
            weekday=weekday,
            defaults={
                "opens": time(8, 0),
                "closes": time(15, 30),
                "break_start": noon[0],
                "break_end": noon[1],
            },
        )


def _service(office: Office, parsed: ParsedStandard) -> Service:
    """The office's service this standard is of. A kind we know is one service; any other goes by its title."""
    kind = KINDS.get(parsed.service_kind, KINDS["other"])
    name = (kind.name or parsed.title)[:120]
    slug = parsed.service_kind if kind.name else slugify(name)[:40].strip("-") or parsed.service_kind
    taken = set(office.services.values_list("prefix", flat=True))
    service, _new = Service.objects.get_or_create(
        office=office,
        slug=slug,
        defaults={
            "kind": parsed.service_kind,
            "name": name,
            "prefix": next(p for p in _prefixes(kind.prefix) if p not in taken),
            "attended": kind.attended,
            "work_url_name": kind.work_url_name,
            "icon": kind.icon,
            "position": office.services.count() + 1,
        },
    )
    return service


def _prefixes(usual: str) -> Iterator[str]:
    """The letter of the kind, then the other letters, then pairs of letters."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    yield usual
    yield from letters[2:]
    yield from (first + second for first in letters for second in letters)


def store(service: Service, parsed: ParsedStandard, *, source_name: str, digest: str) -> Standard:
    """A draft of what was read: the service's next version, with its items and the rules that follow from them."""
    standard = Standard.objects.create(
        service=service,
        version=next_version(service),
        title=parsed.title[:300],
        title_source=parsed.title_source[:300],
        decree_number=parsed.decree_number[:100],
        source_name=source_name[:200],
        source_text=parsed.source,
        source_hash=digest,
        corrections=[asdict(c) for c in parsed.corrections],
        unplaced=[asdict(u) for u in parsed.unplaced],
        warnings=list(parsed.warnings),
    )
    StandardItem.objects.bulk_create(
        StandardItem(
            standard=standard,
            section=i.section,
            channel=i.channel,
            position=i.position,
            parent=i.parent,
            depth=i.depth,
            label=i.label[:30],
            source=i.source,
            text=i.text,
        )
        for i in parsed.items
    )
    store_rules(standard, derive_rules(parsed))
    return standard


def store_rules(standard: Standard, rules: list[DerivedRule]) -> None:
    StandardRule.objects.bulk_create(
        StandardRule(
            standard=standard,
            key=r.key,
            value=r.value,
            evidence=[list(e) for e in r.evidence],
            certainty=r.certainty,
            note=r.note,
        )
        for r in rules
    )


def next_version(service: Service) -> int:
    """The caller holds the service's row or is the only one who makes versions."""
    latest = service.standards.order_by("-version").first()
    return latest.version + 1 if latest else 1
