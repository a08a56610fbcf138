"""The guest book's mails, each with an example of invented people."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

from services.mail import kinds
from services.offices.models import Office


def _tablet(office: Office) -> dict[str, Any]:
    return {"made": [{"who": "S•••• R••••", "secret": "123456"}], "minutes": 10}


def _own_data(office: Office) -> dict[str, Any]:
    return {"made": [{"who": "S•••• R••••", "secret": "contoh"}]}


def register() -> None:
    kinds.register("tablet", gettext_lazy("Kode buku tamu di tablet"), _tablet)
    kinds.register("own_data", gettext_lazy("Tautan ke data sendiri"), _own_data)
    kinds.register("erased", gettext_lazy("Data sudah dihapus"), lambda office: {})
