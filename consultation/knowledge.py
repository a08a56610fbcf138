"""The knowledge base as it is read: finding what is published, and seeing what in a draft looks like somebody's own."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext as _

from consultation import matching
from consultation.models import KnowledgeAnswer
from services.guestbook.models import Visitor

MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
PHONE = re.compile(r"(?<![\w.,])(?:\+|\(?0)[\d\s().-]{7,17}\d")
IDENTITY = re.compile(r"(?<!\d)\d{16}(?!\d)")  # NIK
OWN_DOMAIN = "bps.go.id"
SHORTEST_WORD = 4


def published() -> QuerySet[KnowledgeAnswer]:
    rows = KnowledgeAnswer.objects.filter(state=KnowledgeAnswer.State.PUBLISHED)
    return rows.select_related("office").defer("search").order_by("-published_at", "-pk")


def found(typed: str) -> QuerySet[KnowledgeAnswer]:
    return matching.find(published(), typed)


def address(answer: KnowledgeAnswer) -> str:
    return reverse("consultation:knowledge_answer", args=[answer.pk, slug(answer)])


def slug(answer: KnowledgeAnswer) -> str:
    return slugify(answer.question)[:60].strip("-") or "-"


@dataclass(frozen=True)
class Personal:
    """Something that looks like a person. `certain`: it may not be published."""

    text: str
    why: str
    certain: bool


def personal(answer: KnowledgeAnswer) -> list[Personal]:
    """Names, addresses and numbers in a draft: those of whoever asked, and any that look like somebody's."""
    return personal_in(f"{answer.question}\n{answer.answer}\n{' '.join(answer.tags)}", answer)


def personal_in(text: str, answer: KnowledgeAnswer) -> list[Personal]:
    office, asker = answer.office, _asker(answer)
    ours = {_digits(office.phone)} - {""}
    seen: dict[str, Personal] = {}

    def note(words: str, why: str, certain: bool = True) -> None:
        seen.setdefault(words.casefold(), Personal(words, why, certain))

    for mail in MAIL.findall(text):
        if mail.rpartition("@")[2].lower().removeprefix("www.") != OWN_DOMAIN and mail != office.email:
            note(mail, _("alamat e-mail"))
    for number in (m.strip() for m in PHONE.findall(text)):
        if _digits(number) not in ours:
            note(number, _("nomor telepon"))
    for number in IDENTITY.findall(text):
        note(number, _("nomor identitas"))
    if asker and asker.name:
        for name, certain in _names(asker.name):
            if hit := re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE):
                note(hit[0], _("nama penanya"), certain)
    if asker and asker.institution and (hit := re.search(re.escape(asker.institution), text, re.IGNORECASE)):
        note(hit[0], _("instansi penanya"))
    return list(seen.values())


def _asker(answer: KnowledgeAnswer) -> Visitor | None:
    source = answer.source
    if source is None:
        return None
    return source.visitor or (
        source.received.visit.visitor if source.received_id and source.received else None
    )


def _names(name: str) -> list[tuple[str, bool]]:
    """The whole name may not stand there; a part of it may be a place as well."""
    parts = [part for part in re.findall(r"\w+", name) if len(part) >= SHORTEST_WORD]
    whole = len(name.split()) == 1
    return [
        (" ".join(name.split()), not whole or len(name) >= SHORTEST_WORD),
        *((part, False) for part in parts),
    ]


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())


def marked(text: str, things: list[Personal]) -> SafeString:
    """The text with what looks personal marked, for the officer."""
    if not things:
        return conditional_escape(text)
    longest = sorted((re.escape(thing.text) for thing in things), key=len, reverse=True)
    pieces = re.split(f"({'|'.join(longest)})", text, flags=re.IGNORECASE)
    return mark_safe(  # noqa: S308 (each piece is escaped)
        "".join(
            str(format_html("<mark>{}</mark>", piece) if n % 2 else conditional_escape(piece))
            for n, piece in enumerate(pieces)
        )
    )
