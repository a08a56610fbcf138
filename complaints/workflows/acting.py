"""Corrective action: what is done so that it does not happen again, by whom, until when, and the proof."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints import files as keeping
from complaints import visibility
from complaints.models import Action, Complaint
from complaints.workflows.changing import locked, save
from complaints.workflows.handling import NotTheirs
from services.accounts.models import User
from services.audit.actors import Actor
from services.workflow import IllegalMove


@transaction.atomic
def plan(
    complaint: Complaint, *, what: str, owner: User, due_on: date, by: Actor, at: datetime | None = None
) -> Action:
    """Raises NotTheirs when the owner does not read the complaint: they could not prove it; and IllegalMove."""
    at = at or timezone.now()
    found = locked(complaint)
    if found.state == Complaint.State.WITHDRAWN:
        raise IllegalMove(_("Pengaduan ini sudah dicabut."))
    if owner not in visibility.readers(found):
        raise NotTheirs
    action = found.actions.create(what=what, owner=owner, due_on=due_on, created_at=at)
    save(found, [], action="action_planned", by=by, at=at)
    return action


@transaction.atomic
def give(action: Action, owner: User, *, by: Actor, at: datetime | None = None) -> Action:
    """To somebody else. Raises NotTheirs when they do not read the complaint, and IllegalMove when it is done."""
    at = at or timezone.now()
    complaint = locked(Complaint(pk=action.complaint_id))
    found = Action.objects.select_for_update(of=("self",)).get(pk=action.pk)
    if found.done_at:
        raise IllegalMove(_("Tindakan ini sudah dinyatakan selesai."))
    if owner not in visibility.readers(complaint):
        raise NotTheirs
    found.owner = owner
    found.save(update_fields=["owner"])
    save(complaint, [], action="action_given", by=by, at=at)
    return found


@transaction.atomic
def finish(
    action: Action, *, proof: str = "", files: Sequence[File] = (), by: Actor, at: datetime | None = None
) -> Action:
    """With proof: words or files. Raises FileRefused, and IllegalMove without proof, or when it is done."""
    at = at or timezone.now()
    complaint = locked(Complaint(pk=action.complaint_id))
    found = Action.objects.select_for_update(of=("self",)).get(pk=action.pk)
    if found.done_at:
        raise IllegalMove(_("Tindakan ini sudah dinyatakan selesai."))
    if not proof.strip() and not files:
        raise IllegalMove(_("Sebutkan buktinya, atau lampirkan berkas."))
    found.done_at, found.proof = at, proof.strip()
    proofs = [keeping.take(complaint, None, f, name=str(f.name), by=by, at=at, proves=found) for f in files]
    found.file = proofs[0] if proofs else None
    found.save(update_fields=["done_at", "proof", "file"])
    save(complaint, [], action="action_done", by=by, at=at)
    return found
