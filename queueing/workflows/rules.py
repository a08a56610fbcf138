"""Changing the queue's rules."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.db import transaction

from queueing.models import ServiceQueue
from services.audit import trail
from services.audit.actors import Actor
from services.audit.defaults import usual
from services.audit.settings import record_setting, values
from services.live.publish import QUEUE, publish
from services.offices.models import Office, Service


@transaction.atomic
def save_rules(office: Office, changed: Iterable[forms.ModelForm], *, by: Actor) -> None:
    """Store what the valid forms hold; the audit has what was there before. They count from now on."""
    for form in changed:
        model, names = type(form.instance), list(form.fields)
        if form.instance.pk and not form.changed_data:
            continue
        kept = model._default_manager.select_for_update(of=("self",)).filter(pk=form.instance.pk).first()
        before = values(kept or usual(form.instance), names)
        rules = form.save(commit=False)
        rules.save(
            update_fields=names if kept else None
        )  # of the office somebody else may have changed the rest
        record_setting(
            rules, before, after=values(rules, names), action="setting.queue", by=by, office_id=office.pk
        )
    publish(office.code, QUEUE)


@transaction.atomic
def copy_rules(source: Service, target: Service, *, by: Actor) -> None:
    """A new service queues as the one it was made like; appointments and hints among it."""
    found = ServiceQueue.objects.filter(service=source).first()
    if found is None or ServiceQueue.objects.filter(service=target).exists():
        return
    found.pk, found.service = None, target
    found.save(force_insert=True)
    trail.record("queue.rules", found, by=by, office_id=target.office_id, fields=["copied"])
