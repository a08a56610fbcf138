"""From a parsed standard to the settings of the software; a supervisor confirms each of them."""

from __future__ import annotations

from .clocks import clock_rules
from .contacts import contact_rules
from .evidence import Reading
from .facts import DerivedRule, ParsedStandard
from .rules_service import service_rules
from .rules_visit import visit_rules
from .steps import step_rules, visit

RULE_KEYS = (
    "queue", "steps", "guest_book", "locker", "bag_optional", "allowed_inside", "identity_card", "identity_card_types",
    "email_onsite", "contact_online", "account_online", "service_request", "location", "clock_onsite", "clock_online",
    "auto_close_working_days", "search_online", "read_online", "download", "watermark", "scan_request", "read_hardcopy",
    "lending", "removal_permission", "self_copying_forbidden", "excerpt_percent", "rating_onsite", "rating_online",
    "ask_when_not_found", "consultation_channels", "fee", "products", "complaint_channels",
)  # fmt: skip


def derive_rules(parsed: ParsedStandard) -> list[DerivedRule]:
    """Every rule key exactly once, in the order of RULE_KEYS."""
    reading = Reading(parsed)
    found = visit(reading)
    rules = [
        *step_rules(reading, found),
        *visit_rules(reading, found),
        *clock_rules(reading),
        *service_rules(reading),
        *contact_rules(reading),
    ]
    by_key = {rule.key: rule for rule in rules}
    return [by_key[key] for key in RULE_KEYS]
