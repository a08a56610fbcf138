"""Which of Indonesia's time zones a province keeps (source: Keppres 41/1987), by BPS domain code."""

from services.offices.models.office import TimeZone

WITA = {"51", "52", "53", "63", "64", "65", "71", "72", "73", "74", "75", "76"}
WIT = {"81", "82", "91", "92", "93", "94", "95", "96", "97"}


def zone_of(code: str) -> str:
    """The zone of an office's 4-digit code; the rest of the country, and the head office, keep WIB."""
    province = code[:2]
    if province in WITA:
        return TimeZone.WITA
    return TimeZone.WIT if province in WIT else TimeZone.WIB
