"""What a supervisor does with the office's standards."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from services.audit import trail
from services.audit.actors import Actor
from services.offices.models import Standard, StandardRule

Certainty = StandardRule.Certainty


@transaction.atomic
def confirm_rules(standard: Standard, *, by: Actor, key: str = "") -> list[str]:
    """Somebody has read the rules and stands by them: the one of this key, or all still open. What another office
    proposed is thereby this office's decision. Returns the keys."""
    rules = standard.rule_set.select_for_update().filter(confirmed_at=None)
    if key:
        rules = rules.filter(key=key)
    keys = [rule.key for rule in rules]
    confirmed = standard.rule_set.filter(key__in=keys)
    confirmed.update(confirmed_at=timezone.now(), confirmed_by=by.user_id)
    confirmed.filter(certainty=Certainty.PROPOSED).update(certainty=Certainty.DECIDED)
    if keys:
        trail.record(
            "standard.rules_confirmed", standard, by=by, office_id=standard.service.office_id, keys=keys
        )
    return keys
