"""In which section of the standard a rule is promised, so that both are edited in one place."""

from __future__ import annotations

from services.offices.models import StandardItem

RULES_OF: dict[str, tuple[str, ...]] = {
    "requirements": (
        "location", "identity_card", "identity_card_types", "email_onsite", "guest_book_fields", "service_request",
        "contact_online", "account_online",
    ),
    "procedure": (
        "queue", "steps", "guest_book", "locker", "bag_optional", "allowed_inside", "read_hardcopy", "scan_request",
        "lending", "removal_permission", "self_copying_forbidden", "excerpt_percent", "search_online", "read_online",
        "download", "watermark", "ask_when_not_found", "consultation_channels", "rating_onsite", "rating_online",
    ),
    "time": ("clock_onsite", "clock_online", "auto_close_working_days"),
    "fee": ("fee",),
    "product": ("products",),
    "complaints": ("complaint_channels",),
    **dict.fromkeys(StandardItem.MANAGEMENT, ()),
}  # fmt: skip
SECTION_OF = {key: section for section, keys in RULES_OF.items() for key in keys}
