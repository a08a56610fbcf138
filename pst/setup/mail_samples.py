"""The mail that asks somebody to work in an office, with an example."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext_lazy

from pst.setup import inviting
from services.accounts.models import Invitation, Role
from services.mail import kinds
from services.offices.models import Office


def _sample(office: Office) -> dict[str, Any]:
    """Not stored."""
    moment = datetime(2026, 3, 25, 7, 30, tzinfo=UTC)
    invitation = Invitation(
        office=office, email="rina@contoh.test", name="Rina Wulandari", role=Role.FRONTLINER, sent_at=moment
    )
    return inviting.context(invitation, "contoh")


def register() -> None:
    kinds.register(inviting.KIND, gettext_lazy("Undangan untuk petugas"), _sample)
