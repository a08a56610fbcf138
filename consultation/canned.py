"""Texts that are used again and again, with fields that are filled in: {nama}, {nomor}, {kantor}, {petugas}."""

from __future__ import annotations

import re

from django.db.models import F
from django.utils.translation import gettext as _

from consultation.models import CannedAnswer, Consultation
from services.accounts.models import User

FIELD = re.compile(r"\{([^{}\n]{0,40})\}")
FIELDS = ("nama", "nomor", "kantor", "petugas")


def unknown_fields(text: str) -> list[str]:
    """Words in braces that nothing would be put in for, as they were written."""
    return list(dict.fromkeys(f"{{{name}}}" for name in FIELD.findall(text) if name not in FIELDS))


def fill(text: str, consultation: Consultation, officer: User, name: str) -> str:
    """`name`: how the visitor is called; without one "Bapak/Ibu". What is unknown stays as it was written."""
    values = {
        "nama": name or _("Bapak/Ibu"),
        "nomor": consultation.number,
        "kantor": consultation.office.name,
        "petugas": str(officer),
    }
    return FIELD.sub(lambda found: str(values.get(found.group(1), found.group(0))), text)


def use(answer: CannedAnswer, consultation: Consultation, officer: User, name: str) -> str:
    """The text for this consultation; how often it is used decides its place in the list."""
    CannedAnswer.objects.filter(pk=answer.pk).update(used=F("used") + 1)
    return fill(answer.body, consultation, officer, name)
