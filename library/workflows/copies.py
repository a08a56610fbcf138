"""The office's copies: taken in with a barcode, moved to another shelf, withdrawn."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import islice

from django.db import IntegrityError, transaction
from django.db.models import IntegerField, Max
from django.db.models.functions import Cast, Substr, Upper
from django.utils import timezone

from library.models import Copy, Publication
from library.workflows import holds, shelves
from library.workflows.crossing import patient
from services.audit import trail
from services.audit.actors import Actor
from services.offices.models import Office

DIGITS = 5  # 7411 00012: the office's code and a running number
PRINTABLE = re.compile(r"[!-~](?:[ -~]*[!-~])?")  # what Code 128 can write (ISO/IEC 15417, code set B)


class Taken(Exception):
    """Barcodes that other copies of the office have already: {barcode: title}."""

    def __init__(self, found: dict[str, str]) -> None:
        self.found = found


def taken(office: Office, barcodes: list[str], *, but: Copy | None = None) -> dict[str, str]:
    """Of these, in capitals, what other copies have, and which books those are."""
    rows = office.copies.annotate(capitals=Upper("barcode")).filter(
        capitals__in=[b.upper() for b in barcodes]
    )
    rows = rows.exclude(pk=but.pk) if but else rows
    return dict(rows.values_list("capitals", "publication__title"))


@contextmanager
def _untaken(office: Office, barcodes: list[str]) -> Iterator[None]:
    """An import may have taken them in this very moment; it waits for no desk."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        raise Taken(taken(office, barcodes)) from None


def next_numbers(office: Office, count: int) -> list[str]:
    """The office's code and the numbers after its highest; where these are used up, the lowest that are free."""
    own = office.copies.filter(barcode__regex=rf"^{office.code}[0-9]{{{DIGITS},{DIGITS + 1}}}$")
    number = Cast(Substr("barcode", len(office.code) + 1), IntegerField())
    last = own.aggregate(last=Max(number))["last"] or 0
    if last + count < 10 ** (DIGITS + 1):
        return [f"{office.code}{last + n:0{DIGITS}d}" for n in range(1, count + 1)]
    used = set(own.values_list(number, flat=True))
    free = (n for n in range(1, 10 ** (DIGITS + 1)) if n not in used)
    return [f"{office.code}{n:0{DIGITS}d}" for n in islice(free, count)]


@patient
def add(
    publication: Publication, office: Office, *, barcodes: list[str], count: int, shelf: str, in_house_only: bool,
    by: Actor, at: datetime | None = None,
) -> list[Copy]:  # fmt: skip
    """A copy for each barcode; without barcodes `count` copies with the next free numbers. Raises Taken."""
    Office.objects.select_for_update(no_key=True).get(pk=office.pk)  # two desks number in turn
    barcodes = barcodes or next_numbers(office, count)
    if found := taken(office, barcodes):
        raise Taken(found)
    with _untaken(office, barcodes):
        made = Copy.objects.bulk_create(
            Copy(office=office, publication=publication, barcode=b, shelf=shelf, in_house_only=in_house_only)
            for b in barcodes
        )
    for copy in made:
        trail.record("copy.added", copy, by=by, office_id=office.pk, at=at)
    holds.serve_waiting(made[0], by=by, at=at or timezone.now())
    return made


@patient
def change(
    copy: Copy, *, barcode: str, shelf: str, in_house_only: bool, by: Actor, at: datetime | None = None
) -> Copy:
    """Another shelf, a new barcode for a torn one, in house only or not. Raises Taken."""
    Office.objects.select_for_update(no_key=True).get(pk=copy.office_id)
    copy = Copy.objects.select_for_update(of=("self",)).select_related("office").get(pk=copy.pk)
    if found := taken(copy.office, [barcode], but=copy):
        raise Taken(found)
    wanted = {"barcode": barcode, "shelf": shelf}
    changed = [name for name, value in wanted.items() if getattr(copy, name) != value]
    for name in changed:
        setattr(copy, name, wanted[name])
    if changed:
        with _untaken(copy.office, [barcode]):
            copy.save(update_fields=changed)
    if copy.in_house_only != in_house_only:
        changed.append("in_house_only")
        shelves.keep_in_house(copy, in_house_only, by=by, at=at)
    if changed:
        trail.record("copy.changed", copy, by=by, office_id=copy.office_id, at=at, changed=", ".join(changed))
    return copy
