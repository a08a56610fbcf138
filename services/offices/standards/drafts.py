"""Where a new draft comes from: an earlier version, another office's standard, a text, or nothing yet."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from services.audit import trail
from services.audit.actors import Actor
from services.offices import loading
from services.offices.models import Office, Service, Standard, StandardItem, StandardRule
from services.offices.reader import derive_rules, read_standard
from services.offices.standards import reading
from services.offices.standards.states import remember

COPIED_ITEM = ("section", "channel", "position", "parent", "depth", "label", "source", "text")
COPIED_RULE = ("key", "value", "evidence", "certainty", "note")
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
    """Another office's words for a service of ours. Its name and contacts become ours where we have them, which is
    noted; the rules are read anew and have to be confirmed here."""
    service = _held(service)
    ours = Ours(base.service.office, service.office)
    draft = Standard.objects.create(
        service=service, version=loading.next_version(service), base=base, title=ours.said(base.title)[:300],
        pledge=ours.said(base.pledge), source_text="", source_hash="",
    )  # fmt: skip
    _copy_items(base, draft, ours.said)
    theirs = {rule.key: rule for rule in base.rule_set.all()}
    for asked in derive_rules(reading.parsed(draft)):
        rule = theirs.get(asked.key)
        decided = rule is not None and rule.certainty == StandardRule.Certainty.DECIDED
        StandardRule.objects.create(
            standard=draft, key=asked.key, value=rule.value if rule and decided else asked.value,
            evidence=[list(e) for e in asked.evidence], note=asked.note,
            certainty=rule.certainty if rule and decided else asked.certainty,
        )  # fmt: skip
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
    if parsed.office.code and parsed.office.code != service.office.code:
        told = _("Naskah ini menyebut kantor lain (%s); periksa nama dan kontaknya.") % parsed.office.name
        draft.warnings = [told, *draft.warnings]
        draft.save(update_fields=["warnings"])
    return _begun(draft, "text", by=by)


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


def _copy_items(base: Standard, draft: Standard, said: Any) -> None:
    rows = []
    for item in base.items.all():
        copied = {field: getattr(item, field) for field in COPIED_ITEM}
        text = said(item.text)
        if text != item.text:
            copied |= {"text": text, "source": text}
        rows.append(StandardItem(standard=draft, **copied))
    StandardItem.objects.bulk_create(rows)


class Ours:
    """Another office's name and contacts in a text, replaced by ours; what cannot be replaced is named."""

    def __init__(self, theirs: Office, ours: Office) -> None:
        self.theirs = theirs
        self.done: dict[str, str] = {}
        pairs = [
            (getattr(theirs, f), getattr(ours, f)) for f in ("name", "area", "email", "phone", "website")
        ]
        pairs += [(_bare(theirs.website), _bare(ours.website))]
        found = {before: after for before, after in pairs if before and after and before != after}
        self.pairs = dict(sorted(found.items(), key=lambda pair: -len(pair[0])))
        self.pattern = re.compile("|".join(map(re.escape, self.pairs)), re.I) if self.pairs else None
        self.known = {before.casefold(): after for before, after in self.pairs.items()}

    def said(self, text: str) -> str:
        if not self.pattern:
            return text

        def ours(match: re.Match[str]) -> str:
            after = self.known[match[0].casefold()]
            self.done[match[0]] = after
            return after

        return self.pattern.sub(ours, text)

    def corrections(self) -> list[dict[str, Any]]:
        reason = _("Disalin dari %s.") % self.theirs.name
        return [{"line": 0, "before": b, "after": a, "reason": reason} for b, a in self.done.items()]

    def left_over(self, draft: Standard) -> list[str]:
        """Items that still speak of the other office."""
        place = self.theirs.area.split(maxsplit=1)[-1]
        marks = [m for m in (place, self.theirs.code, self.theirs.phone) if m]
        pattern = re.compile("|".join(map(re.escape, marks)), re.I)
        return [
            _("%(section)s butir %(item)s masih menyebut %(office)s: “%(text)s”")
            % {
                "section": item.get_section_display(), "item": item.label or item.position, "office": self.theirs.area,
                "text": item.text[:80],
            }
            for item in draft.items.all()
            if pattern.search(item.text)
        ]  # fmt: skip


def _bare(link: str) -> str:
    return re.sub(r"^https?://", "", link).rstrip("/")
