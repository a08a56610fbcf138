"""What becomes of imports and sources every night: taken up again, read, let go."""

from __future__ import annotations

from django.utils import timezone

from library.models import CatalogueSource, Import, ImportRow
from library.workflows.imports import BUSY, REMEMBERED, State, defer, from_source
from services.audit.actors import SYSTEM
from services.offices.models import Office


def forget_old() -> int:
    """Rows and files of imports that cannot be taken back any more; the import itself stays, with its counts."""
    old = timezone.now() - REMEMBERED
    gone = 0
    for batch in Import.objects.filter(made_at__lt=old).exclude(state__in=BUSY).exclude(file=""):
        batch.file.delete(save=False)
        Import.objects.filter(pk=batch.pk).update(file="")
    done = Import.objects.filter(made_at__lt=old).exclude(state__in=BUSY).exclude(applied_at__gt=old)
    for pk in done.filter(rows__isnull=False).distinct().values_list("pk", flat=True):
        gone += ImportRow.objects.filter(batch=pk).delete()[0]
    # What was called off is of no use to anybody.
    for batch in Import.objects.filter(state=State.CANCELLED, rows__isnull=False).distinct():
        gone += batch.rows.all().delete()[0]
    for batch in Import.objects.filter(state=State.CANCELLED).exclude(file=""):
        batch.file.delete(save=False)
        Import.objects.filter(pk=batch.pk).update(file="")
    return gone


def take_up() -> int:
    """Every night: what a worker left undone because the database was away. Done twice at once it does no harm."""
    left = Import.objects.filter(state__in=BUSY)
    for batch in left:
        defer(batch)
    return len(left)


def read_nightly() -> int:
    """One job for every source that is read each night, unless its last reading still waits for somebody."""
    begun = 0
    for source in CatalogueSource.objects.filter(nightly=True, office__in=Office.objects.serving()):
        waiting = source.imports.filter(state__in=(*BUSY, State.READY))
        if not waiting.exists():
            from_source(source, by=SYSTEM)
            begun += 1
    return begun
