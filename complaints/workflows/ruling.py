"""The times an office gives itself."""

from __future__ import annotations

from django.db import transaction

from complaints.models import ComplaintRules
from services.audit.actors import Actor
from services.audit.defaults import usual
from services.audit.settings import record_setting, values
from services.offices.models import Office

NAMES = (*ComplaintRules.OFFICES, *ComplaintRules.COMPLAINANTS)


@transaction.atomic
def save(rules: ComplaintRules, *, by: Actor) -> ComplaintRules:
    """Raises ValidationError beyond what the law allows. The running deadlines follow with the next round."""
    rules.clean()
    Office.objects.select_for_update(no_key=True).get(pk=rules.office_id)
    kept = ComplaintRules.objects.filter(office_id=rules.office_id).first()
    before = values(kept or usual(rules), NAMES)
    rules.pk = kept.pk if kept else None
    names = (*ComplaintRules.OFFICES, *ComplaintRules.COMPLAINANTS)
    before = values(kept, names) if kept else {}
    rules.save()
    record_setting(
        rules,
        before,
        after=values(rules, NAMES),
        action="setting.complaints",
        by=by,
        office_id=rules.office_id,
    )
    return rules
