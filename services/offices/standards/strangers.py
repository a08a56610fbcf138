"""Where a version speaks of another office: its name, its mailbox, its forms. A text taken over often still does."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from services.offices.models import Office, Standard

SHOWN = 80
_NAMED = re.compile(r"\bBPS (?:Kabupaten|Kab\.?|Kota|Provinsi) (?P<place>[A-Z][\w'-]*(?: [A-Z][\w'-]*){0,3})")
_CODED = re.compile(r"(?:bps|pst|layanan)(?P<code>\d{4})(?!\d)", re.I)


def strangers(standard: Standard, *, items: bool = True) -> list[str]:
    """One line for the title and for each item that names another office, for people to read."""
    office = standard.service.office
    ours = [office, *([office.parent] if office.parent else [])]
    found = []
    if who := _other(standard.title, ours):
        found.append(_("Judul menyebut kantor lain (%s).") % who)
    for item in standard.items.all() if items else ():
        if who := _other(item.text, ours):
            found.append(
                _("%(section)s butir %(item)s menyebut kantor lain (%(who)s): “%(text)s”")
                % {
                    "section": item.get_section_display(), "item": item.label or item.position, "who": who,
                    "text": item.text[:SHOWN],
                }
            )  # fmt: skip
    return found


def _other(text: str, ours: list[Office]) -> str:
    """The first office named that is neither this one nor the one above it; "" where there is none."""
    codes = {office.code for office in ours}
    for match in _CODED.finditer(text):
        if match["code"] not in codes:
            return match["code"]
    places = [office.area.casefold() for office in ours]
    for match in _NAMED.finditer(text):
        place = match["place"].casefold()
        if not any(place in area or area.endswith(place.split()[0]) or area in place for area in places):
            return match["place"]
    return ""
