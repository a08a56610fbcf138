"""What the reader reads in the words of a version as they stand now, and where its rules say otherwise.

The editor knows section and channel of each item, so only the reader's second half works here: from items to rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from services.offices.models import Standard, StandardItem, StandardRule
from services.offices.reader import DerivedRule, Item, OfficeFacts, ParsedStandard, derive_rules
from services.offices.reader.cautions import cautions
from services.offices.rule_names import RULE_NAMES, show_value
from services.offices.standards.places import SECTION_OF

KINDS = ("library", "consultation")


@dataclass(frozen=True)
class Disagreement:
    """`unsaid`: the text is silent about what the rule does; else the two say different things."""

    key: str
    rule: str
    text: str
    note: str
    unsaid: bool = False
    read: bool = True  # there is a value in the text that the rule could take over

    @property
    def name(self) -> str:
        return str(RULE_NAMES.get(self.key, self.key))

    @property
    def section(self) -> str:
        return SECTION_OF.get(self.key, "procedure")


def parsed(standard: Standard, items: Iterable[StandardItem] | None = None) -> ParsedStandard:
    """The version as the reader hands one out, from its items instead of from a text."""
    office = standard.service.office
    rows = standard.items.all() if items is None else items
    return ParsedStandard(
        office=OfficeFacts(
            code=office.code, name=office.name, level=office.level, area=office.area, province="",  # type: ignore[arg-type]
            address=office.address, phone=office.phone, website=office.website, email=office.email, breadcrumb=(),
        ),
        title=standard.title,
        title_source=standard.title_source,
        service_kind=standard.service.kind if standard.service.kind in KINDS else "other",  # type: ignore[arg-type]
        decree_number=standard.decree_number,
        items=tuple(_item(row) for row in rows if row.section in StandardItem.DELIVERY),
        unplaced=(), corrections=(), source="", warnings=(),
    )  # fmt: skip


def _item(row: StandardItem) -> Item:
    return Item(
        section=row.section, channel=row.channel, position=row.position, label=row.label, depth=row.depth,  # type: ignore[arg-type]
        parent=row.parent, source=row.source, text=row.text,
    )  # fmt: skip


def read(standard: Standard) -> dict[str, DerivedRule]:
    """The rules that the words of this version ask for, by key."""
    return {rule.key: rule for rule in derive_rules(parsed(standard))}


def warnings(standard: Standard) -> list[str]:
    """What the words leave open or contradict among themselves; as the reader says it of a text."""
    found = parsed(standard)
    return cautions(
        found.items, found.service_kind, found.office, found.decree_number, titled=bool(found.title)
    )


def disagreements(standard: Standard, read_rules: dict[str, DerivedRule] | None = None) -> list[Disagreement]:
    """Where text and rule say different things, in the order of the editor; then what the text does not say."""
    rules = {rule.key: rule for rule in standard.rule_set.all()}
    words = read(standard) if read_rules is None else read_rules
    found = [
        _between(rules[key], asked)
        for key, asked in words.items()
        if key in rules and not same(key, rules[key].value, asked.value)
    ]
    found += _among_rules({key: rule.value for key, rule in rules.items()})
    order = list(SECTION_OF)
    return sorted(found, key=lambda d: (d.unsaid, order.index(d.key)))


def _between(rule: StandardRule, asked: DerivedRule) -> Disagreement:
    return Disagreement(
        key=rule.key,
        rule=show_value(rule.key, rule.value),
        text=show_value(rule.key, asked.value),
        note=asked.note,
        unsaid=asked.certainty == "default",
    )


def _among_rules(values: dict[str, Any]) -> list[Disagreement]:
    """Rules that cannot both be followed: the steps of the visit against queue and locker."""
    steps = {step["kind"] for step in values.get("steps") or []}
    found = []

    def add(key: str, note: str) -> None:
        shown = show_value(key, values.get(key))
        found.append(Disagreement(key, shown, "", note, read=False))

    if "steps" not in values:
        return []
    if values.get("queue") and "ticket" not in steps:
        add("queue", _("Nomor antrian dipakai, tetapi langkah kunjungan tidak memuat “Ambil nomor antrian”."))
    if values.get("queue") is False and "ticket" in steps:
        add("queue", _("Langkah kunjungan memuat “Ambil nomor antrian”, tetapi nomor antrian tidak dipakai."))
    locker = values.get("locker", "none")
    if (locker == "card_deposit") != ("card_deposit" in steps):
        add("locker", _("Loker dan langkah kunjungan tidak sejalan tentang titip kartu."))
    elif (locker != "none") != ("bag_deposit" in steps):
        add("locker", _("Loker dan langkah kunjungan tidak sejalan tentang menyimpan tas."))
    return found


def same(key: str, one: Any, other: Any) -> bool:
    """Whether two values of a rule ask for the same; order and spelling count only where they mean something."""
    means = MEANINGS.get(key, plain)
    return means(one) == means(other)


def plain(value: Any) -> Any:
    """Without what is empty, so that an absent entry equals an empty one."""
    if isinstance(value, dict):
        return {k: plain(v) for k, v in sorted(value.items()) if v not in (None, "", [], {})}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    return value


def _words(value: Any) -> str:
    return " ".join(str(value or "").casefold().split()).strip(" .;,")


def _set(value: Any) -> Any:
    return sorted(_words(v) for v in value or [])


def _contacts(value: Any) -> Any:
    """Telephone numbers by their digits, addresses without their scheme."""
    found = []
    for row in value or []:
        text = _words(row.get("value")).removeprefix("https://").removeprefix("http://").rstrip("/")
        digits = "".join(c for c in text if c.isdigit())
        number = row.get("kind") in ("phone", "whatsapp", "sms_whatsapp")
        found.append((row.get("kind"), digits if number else text))
    return sorted(found, key=str)


MEANINGS: dict[str, Callable[[Any], Any]] = {
    "steps": lambda value: [step["kind"] for step in value or []],
    "identity_card_types": _set,
    "allowed_inside": _set,
    "consultation_channels": _set,
    "complaint_channels": _contacts,
    "products": lambda value: {c: _set((value or {}).get(c)) for c in ("onsite", "online")},
    "fee": lambda value: bool((value or {}).get("free")),
    "location": _words,
    "account_online": lambda value: (bool((value or {}).get("required")), _words((value or {}).get("url"))),
}
