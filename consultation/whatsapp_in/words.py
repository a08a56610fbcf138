"""What each kind of WhatsApp message says in a thread, and which of them ask for nothing."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext as _

from services.whatsapp.reading import MEDIA

LONGEST = 20_000
STOP = {"stop", "berhenti", "unsubscribe", "stop pesan", "berhenti langganan"}
MOST_NAMED = 10
ENDINGS = {
    "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "application/pdf": "pdf", "audio/ogg": "ogg",
    "audio/mpeg": "mp3", "audio/mp4": "m4a", "audio/aac": "aac", "audio/amr": "amr", "video/mp4": "mp4",
    "video/3gpp": "3gp",
}  # fmt: skip


def wants_to_stop(kind: str, said: dict[str, Any]) -> bool:
    """Nothing but the word: who writes "jangan berhenti" means something else. Also as the button of a template."""
    if kind not in ("text", "button"):
        return False
    return re.sub(r"[^a-z ]", "", body(kind, said).lower()).strip() in STOP


def body(kind: str, said: dict[str, Any]) -> str:
    """Always something: an officer must see that they wrote, whatever it was."""
    text = _READERS.get(kind, _of_file if kind in MEDIA else _unknown)(said, kind).strip()
    return text[:LONGEST] if text else _("(Pesan kosong.)")


def _at(said: Any, *path: str) -> str:
    for name in path:
        said = said.get(name) if isinstance(said, dict) else None
    return said if isinstance(said, str) else ""


def _of_text(said: dict[str, Any], _kind: str) -> str:
    return _at(said, "text", "body")


def _of_button(said: dict[str, Any], _kind: str) -> str:
    return _at(said, "button", "text") or _at(said, "button", "payload")


def _of_interactive(said: dict[str, Any], _kind: str) -> str:
    """A choice of ours that they tapped."""
    for name in ("button_reply", "list_reply"):
        title, more = _at(said, "interactive", name, "title"), _at(said, "interactive", name, "description")
        if title:
            return f"{title}\n{more}".strip()
    return _at(said, "interactive", "nfm_reply", "body")


def _of_location(said: dict[str, Any], _kind: str) -> str:
    place = said.get("location")
    place = place if isinstance(place, dict) else {}
    named = ", ".join(part for part in (_at(place, "name"), _at(place, "address")) if part)
    numbers = [place.get("latitude"), place.get("longitude")]
    point = ", ".join(f"{n:.5f}" for n in numbers if isinstance(n, int | float) and abs(n) <= 180)
    return f"{_('Lokasi')}: {' · '.join(part for part in (named, point) if part)}"


def _of_contacts(said: dict[str, Any], _kind: str) -> str:
    cards = said.get("contacts")
    lines = []
    for card in cards[:MOST_NAMED] if isinstance(cards, list) else []:
        phones = card.get("phones") if isinstance(card, dict) else None
        numbers = [_at(phone, "phone") for phone in phones] if isinstance(phones, list) else []
        name = _at(card, "name", "formatted_name")
        lines.append(" · ".join(part for part in [name, *numbers[:3]] if part))
    return "\n".join([f"{_('Kontak')}:", *filter(None, lines)])


def _of_file(said: dict[str, Any], kind: str) -> str:
    """The caption; without one what it is."""
    names = {
        "image": _("(Gambar)"), "document": _("(Dokumen)"), "audio": _("(Rekaman suara)"),
        "voice": _("(Rekaman suara)"), "video": _("(Video)"), "sticker": _("(Stiker)"),
    }  # fmt: skip
    return _at(said, kind, "caption") or names[kind]


def _of_system(said: dict[str, Any], _kind: str) -> str:
    return _("(Nomor WhatsApp pengguna ini diganti.)")


def _unknown(said: dict[str, Any], kind: str) -> str:
    """Polls, orders, messages that vanish, kinds that Meta adds later."""
    return _(
        "(Pesan jenis “%s” tidak diteruskan oleh WhatsApp. Minta pengguna menulisnya sebagai teks.)"
    ) % re.sub(r"[^a-z_]", "", kind)


_READERS = {
    "text": _of_text, "button": _of_button, "interactive": _of_interactive, "location": _of_location,
    "contacts": _of_contacts, "system": _of_system,
}  # fmt: skip


def reaction(said: dict[str, Any]) -> str:
    """The sign; empty: it was taken back."""
    return _at(said, "reaction", "emoji")[:16]


def file_name(kind: str, file: dict[str, str]) -> str:
    """The sender's own, else one by its kind."""
    ending = ENDINGS.get(file["type"].partition(";")[0].strip(), "")
    return file["name"] or (f"{kind}.{ending}" if ending else kind)
