"""Where a new draft comes from: an earlier version, another office's standard, a text, or nothing yet."""

from __future__ import annotations

import hashlib
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from services.audit import trail
from services.audit.actors import Actor
from services.offices import loading
from services.offices.models import Service, Standard, StandardItem, StandardRule
from services.offices.reader import DerivedRule, derive_rules, read_standard
from services.offices.standards import reading
from services.offices.standards.states import remember
from services.offices.standards.theirs import OWN_RULES, Ours

LONGEST_ITEM = 4000  # characters; beyond that it is to be split
COPIED_ITEM = ("section", "channel", "position", "parent", "depth", "label", "source", "text")
COPIED_RULE = ("key", "value", "evidence", "certainty", "note")
DECISIONS = (StandardRule.Certainty.DECIDED, StandardRule.Certainty.PROPOSED)
CONFIRMED = ("confirmed_at", "confirmed_by_id")


def _held(service: Service) -> Service:
    """Two supervisors who begin at once get two versions."""
    return Service.objects.select_for_update(no_key=True).select_related("office").get(pk=service.pk)


def _begun(standard: Standard, origin: str, *, by: Actor) -> Standard:
    remember(standard, by=by, at=timezone.now())
    trail.record(
        "standard.drafted", standard, by=by, office_id=standard.service.office_id, origin=origin,
        base=standard.base_id,
    )  # fmt: skip
    return standard


@transaction.atomic
def from_version(base: Standard, *, by: Actor) -> Standard:
    """A new draft that says what this version of the same service says: the one in force, or an old one to go back to."""
    service = _held(base.service)
    draft = Standard.objects.create(
        service=service, version=loading.next_version(service), base=base, title=base.title, title_source=base.title_source,
        pledge=base.pledge, source_name=base.source_name, source_text=base.source_text, source_hash="",
        corrections=base.corrections, unplaced=base.unplaced, warnings=base.warnings,
    )  # fmt: skip
    _copy_items(base, draft, lambda text: text)
    StandardRule.objects.bulk_create(
        StandardRule(standard=draft, **{f: getattr(rule, f) for f in (*COPIED_RULE, *CONFIRMED)})
        for rule in base.rule_set.all()
    )
    return _begun(draft, "version", by=by)


@transaction.atomic
def from_office(base: Standard, service: Service, *, by: Actor) -> Standard:
    """Another office's words for a service of ours: its name and contacts become ours where we have them, what else is its own
    becomes a blank (standards/theirs.py). The rules are read anew; what it decided itself is only proposed here."""
    service = _held(service)
    ours = Ours(base.service.office, service.office)
    draft = Standard.objects.create(
        service=service, version=loading.next_version(service), base=base, title=ours.said(base.title)[:300],
        pledge=ours.said(base.pledge), source_text="", source_hash="",
    )  # fmt: skip
    _copy_items(base, draft, ours.said)
    theirs = {rule.key: rule for rule in base.rule_set.all() if rule.certainty in DECISIONS}
    for asked in derive_rules(reading.parsed(draft)):
        _propose(draft, asked, theirs.get(asked.key), ours)
    draft.corrections = ours.corrections()
    draft.warnings = ours.left_over(draft)
    draft.save(update_fields=["corrections", "warnings"])
    return _begun(draft, "office", by=by)


@transaction.atomic
def from_text(data: bytes | str, service: Service, *, source_name: str, by: Actor) -> Standard:
    """A pasted or uploaded text through the reader. Raises reader.UnreadableStandard."""
    parsed = read_standard(data, source_name=source_name)
    service = _held(service)
    digest = hashlib.sha256(parsed.source.encode()).hexdigest()
    draft = loading.store(service, parsed, source_name=source_name, digest=digest)
    told = _too_long(draft)
    if parsed.office.code and parsed.office.code != service.office.code:
        told = [
            _("Naskah ini menyebut kantor lain (%s); periksa nama dan kontaknya.") % parsed.office.name,
            *told,
        ]
    if told:
        draft.warnings = [*told, *draft.warnings]
        draft.save(update_fields=["warnings"])
    return _begun(draft, "text", by=by)


def _too_long(draft: Standard) -> list[str]:
    """Items nobody would read in one piece: they stay, and the editor lets them get no longer."""
    return [
        _("%(section)s butir %(item)s terlalu panjang (%(n)d tanda); pecahlah menjadi beberapa butir.")
        % {"section": item.get_section_display(), "item": item.label or item.position, "n": len(item.text)}
        for item in draft.items.all()
        if len(item.text) > LONGEST_ITEM
    ]


@transaction.atomic
def blank(service: Service, *, by: Actor) -> Standard:
    """A draft without a word yet; the rules begin as the software's own."""
    service = _held(service)
    draft = Standard.objects.create(
        service=service, version=loading.next_version(service), title=str(service.name)[:300], source_text="",
        source_hash="",
    )  # fmt: skip
    loading.store_rules(draft, derive_rules(reading.parsed(draft, [])))
    return _begun(draft, "blank", by=by)


def _propose(draft: Standard, asked: DerivedRule, theirs: StandardRule | None, ours: Ours) -> None:
    """What the words ask for; what the other office decided besides is a proposal, without what is its own."""
    proposed = asked.key in OWN_RULES or theirs is not None
    value, note = asked.value, asked.note
    if theirs is not None and asked.key not in OWN_RULES:
        value, note = ours.value(theirs.value), _("Ditetapkan %s.") % ours.theirs.name
    StandardRule.objects.create(
        standard=draft, key=asked.key, value=value, evidence=[list(e) for e in asked.evidence], note=note,
        certainty=StandardRule.Certainty.PROPOSED if proposed else asked.certainty,
    )  # fmt: skip


def _copy_items(base: Standard, draft: Standard, said: Any) -> None:
    rows = []
    for item in base.items.all():
        copied = {field: getattr(item, field) for field in COPIED_ITEM}
        text = said(item.text)
        if text != item.text:
            copied |= {"text": text, "source": text}
        rows.append(StandardItem(standard=draft, **copied))
    StandardItem.objects.bulk_create(rows)
