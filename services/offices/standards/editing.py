"""Changing a draft: the words of a section and the rules they promise, saved together.

Two editors at once: every piece (an item, a rule, the head) comes back with the mark of what its editor saw. What only one
of them changed is kept from both; what both changed is told to the second, with what is stored now, and nothing is saved.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from services.audit import trail
from services.audit.actors import Actor
from services.offices.models import Standard, StandardItem, StandardRule
from services.offices.reader import DerivedRule
from services.offices.rule_names import show_value
from services.offices.standards import order, reading
from services.offices.standards.states import locked
from services.workflow import IllegalMove

HEAD = ("title", "pledge")
ITEM = ("text", "channel", "depth")
Certainty = StandardRule.Certainty


class Clash(Exception):
    """Both changed these pieces; `stored`: by piece what is there now, for people to read."""

    def __init__(self, stored: dict[str, str]) -> None:
        super().__init__(", ".join(stored))
        self.stored = stored


@dataclass
class Typed:
    """What came back from the form of one section. `items`: pk → its fields; `rules`: key → value; `seen`: piece → mark.

    `action`: one of add (with `new`), delete, up, down (with `at`), or none."""

    items: dict[int, dict[str, Any]] = field(default_factory=dict)
    rules: dict[str, Any] = field(default_factory=dict)
    seen: dict[str, str] = field(default_factory=dict)
    new: dict[str, Any] | None = None
    action: str = ""
    at: int | None = None


def mark(value: Any) -> str:
    """What a piece looked like, short enough for a form."""
    value = reading.plain(value) or (
        value if isinstance(value, bool | int) else None
    )  # nothing is nothing in any form
    text = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def item_value(item: StandardItem) -> dict[str, Any]:
    return {name: getattr(item, name) for name in ITEM}


def marks(standard: Standard, section: str, keys: tuple[str, ...]) -> dict[str, str]:
    """The marks of all pieces of a section, for its form."""
    stored = {rule.key: rule.value for rule in standard.rule_set.all()}
    found = {f"item-{i.pk}": mark(item_value(i)) for i in standard.items.all() if i.section == section}
    return found | {f"rule-{key}": mark(comparable(key, stored.get(key))) for key in keys}


def comparable(key: str, value: Any) -> Any:
    """A rule's value without what its form does not show: the sentences behind each step."""
    return [step["kind"] for step in value or []] if key == "steps" else value


def _held(standard: Standard) -> Standard:
    row = locked(standard)
    if not row.is_draft:
        raise IllegalMove(
            _("Versi ini berstatus “%s” dan tidak dapat diubah lagi.") % row.get_status_display()
        )
    return row


@transaction.atomic
def save_head(standard: Standard, *, given: dict[str, str], seen: dict[str, str], by: Actor) -> Standard:
    """Title and pledge. Raises Clash, IllegalMove."""
    row = _held(standard)
    changed, clash = [], {}
    for name in HEAD:
        stored, typed = getattr(row, name), given[name]
        if typed == stored or mark(typed) == seen.get(name):
            continue
        if seen.get(name) not in (None, mark(stored)):
            clash[name] = stored
        setattr(row, name, typed)
        changed.append(name)
    if clash:
        raise Clash(clash)
    _touch(row, by=by, also=changed, changed=changed)
    return row


@transaction.atomic
def save_section(standard: Standard, section: str, typed: Typed, *, by: Actor) -> list[str]:
    """Words and rules of one section. Returns what changed. Raises Clash, IllegalMove."""
    row = _held(standard)
    items = list(row.items.select_for_update().filter(section=section))
    rules = {rule.key: rule for rule in row.rule_set.select_for_update()}
    clash: dict[str, str] = {}
    changed_items, lost = _items(items, typed, clash)
    changed_rules = _rules(rules, typed, clash)
    if clash:
        raise Clash(clash)
    before = reading.read(row)  # the words as stored: nothing is saved yet
    moved = _arrange(row, section, items, typed, lost)
    for item in changed_items:
        item.save(update_fields=[*ITEM, "source"])
    changed = [f"item-{item.pk}" for item in changed_items] + moved
    if any("depth" in typed.items.get(i.pk, {}) for i in changed_items) or moved:
        order.renumber(row, section, items)
    for key in changed_rules:
        _decide(row, rules.get(key), key, typed.rules[key], by=by)
    if changed or changed_rules:
        follow(row, before)
        _touch(row, by=by, changed=[*changed_rules, *([section] if changed else [])])
    return [*changed, *changed_rules]


def _items(
    items: list[StandardItem], typed: Typed, clash: dict[str, str]
) -> tuple[list[StandardItem], list[dict[str, Any]]]:
    """Put what was typed into the rows (unsaved); also what was typed into rows that are gone by now."""
    rows = {item.pk: item for item in items}
    changed, lost = [], []
    for pk, given in typed.items.items():
        seen = typed.seen.get(f"item-{pk}")
        if mark(given) == seen:
            continue  # this editor left it alone
        item = rows.get(pk)
        if item is None:
            lost.append(given)
            continue
        stored = mark(item_value(item))
        if mark(given) == stored:
            continue
        if seen not in (None, stored):
            clash[f"item-{pk}"] = item.text
        for name in ITEM:
            setattr(item, name, given[name])
        item.source = item.text
        changed.append(item)
    return changed, lost


def _rules(rules: dict[str, StandardRule], typed: Typed, clash: dict[str, str]) -> list[str]:
    changed = []
    for key, value in typed.rules.items():
        stored = rules[key].value if key in rules else None
        seen, now = typed.seen.get(f"rule-{key}"), mark(comparable(key, stored))
        given = mark(comparable(key, value))
        if given in (seen, now):
            continue
        if seen not in (None, now):
            clash[f"rule-{key}"] = show_value(key, stored)
        changed.append(key)
    return changed


def _arrange(
    row: Standard, section: str, items: list[StandardItem], typed: Typed, lost: list[dict[str, Any]]
) -> list[str]:
    """New items and the one action; `items` is afterwards in its new order. Items deleted by somebody else while they
    were being changed here come back at the end: what was typed is not lost."""
    done = [f"item-{order.insert(row, section, items, given).pk}" for given in lost]
    if typed.new and typed.new["text"]:
        done.append(f"item-{order.insert(row, section, items, typed.new).pk}")
    if typed.action in ("up", "down", "delete") and typed.at is not None:
        done += order.act(items, typed.action, typed.at)
    return done


def _decide(row: Standard, rule: StandardRule | None, key: str, value: Any, *, by: Actor) -> None:
    """The office's own decision, confirmed by who made it."""
    rule = rule or StandardRule(standard=row, key=key)
    rule.value, rule.certainty = value, StandardRule.Certainty.DECIDED
    rule.note = _("Ditetapkan kantor, tidak dibaca dari teks.")
    rule.confirmed_at, rule.confirmed_by_id = timezone.now(), by.user_id
    rule.save()


def follow(row: Standard, before: dict[str, DerivedRule]) -> None:
    """After a change: a rule that says what the text says rests on its sentences as they now stand. One that follows the
    text in what is no decision (the words of the fee, another office's contacts not yet confirmed here) goes along."""
    row = Standard.objects.select_related("service__office").get(pk=row.pk)
    now = reading.read(row)
    for rule in row.rule_set.all():
        asked = now.get(rule.key)
        proposed = rule.certainty == Certainty.PROPOSED and rule.confirmed_at is None
        filled_in = proposed and reading.same(rule.key, rule.value, before[rule.key].value)
        if asked is None or not (filled_in or reading.same(rule.key, rule.value, asked.value)):
            continue
        evidence = [list(e) for e in asked.evidence]
        went_along = rule.value == before[rule.key].value and rule.value != asked.value
        value = asked.value if went_along or filled_in or rule.key == "steps" else rule.value
        certainty = Certainty.PROPOSED if proposed else asked.certainty
        fresh = {"value": value, "evidence": evidence, "note": asked.note, "certainty": certainty}
        if any(getattr(rule, name) != new for name, new in fresh.items()):
            for name, new in fresh.items():
                setattr(rule, name, new)
            rule.save(update_fields=list(fresh))


@transaction.atomic
def follow_text(standard: Standard, *, keys: list[str], by: Actor) -> list[str]:
    """These rules become what the text says. Returns those that changed."""
    row = _held(standard)
    now = reading.read(row)
    changed = []
    for rule in row.rule_set.select_for_update().filter(key__in=keys):
        asked = now.get(rule.key)
        if asked is None or reading.same(rule.key, rule.value, asked.value):
            continue
        rule.value, rule.certainty, rule.note = asked.value, asked.certainty, asked.note
        rule.evidence = [list(e) for e in asked.evidence]
        rule.confirmed_at, rule.confirmed_by_id = timezone.now(), by.user_id
        rule.save()
        changed.append(rule.key)
    if changed:
        _touch(row, by=by, changed=changed)
    return changed


def _touch(row: Standard, *, by: Actor, changed: list[str], also: list[str] | None = None) -> None:
    if not changed:
        return
    row.edited_at, row.source_hash = timezone.now(), ""
    row.save(update_fields=["edited_at", "source_hash", *(also or [])])
    trail.record("standard.edited", row, by=by, office_id=row.service.office_id, what=changed)
