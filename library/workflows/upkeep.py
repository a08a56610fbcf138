"""Keeping the shelves right: what was repaired or found, and what became free over night."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from library.models import Copy, Hold, LendingRules, Loan
from library.workflows import circulation
from services.audit import trail
from services.audit.actors import Actor
from services.offices.models import Office
from services.workflow import IllegalMove


@transaction.atomic
def back_on_shelf(copy: Copy, *, by: Actor, at: datetime | None = None) -> Copy:
    """Repaired, or found again: also a book that a reader had lost, whose loan ends with it."""
    copy = Copy.objects.select_for_update(of=("self",)).get(pk=copy.pk)
    if copy.state not in (Copy.State.DAMAGED, Copy.State.LOST):
        raise IllegalMove(
            _("Buku %(copy)s berstatus “%(state)s”.") % {"copy": copy, "state": copy.get_state_display()}
        )
    if copy.state == Copy.State.LOST and copy.loans.filter(state=Loan.State.LOST).exists():
        circulation.bring_back(copy, by=by, at=at)
        return Copy.objects.get(pk=copy.pk)
    return circulation.put_away(copy, Copy.State.SHELF, by=by, at=at)


def serve_line(*, by: Actor, at: datetime | None = None) -> None:
    """Every night: who waits gets what became free while nobody was served, as when another desk held the row."""
    free = Copy.objects.filter(
        state=Copy.State.SHELF, in_house_only=False, publication__holds__state=Hold.State.WAITING,
        publication__holds__office=F("office"),
    )  # fmt: skip
    for copy in free.exclude(holds__state=Hold.State.READY).distinct():
        with transaction.atomic():
            circulation.serve_waiting(copy, by=by, at=at or timezone.now())


@transaction.atomic
def save_rules(rules: LendingRules, office: Office, changed: list[str], *, by: Actor) -> LendingRules:
    """The office's procedure of lending; what is out keeps its due day. The audit names what changed."""
    if changed or not rules.pk:
        rules.save()
        trail.record("lending.rules", rules, by=by, office_id=office.pk, fields=changed)
    return rules
