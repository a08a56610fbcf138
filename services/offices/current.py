"""The one active office of a request, and with it the clock on every page."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone

from services.offices.models import Office


def enter(request: HttpRequest, office: Office) -> None:
    """This request is about `office`: times on its pages are the office's own."""
    request.office = office  # type: ignore[attr-defined]
    timezone.activate(office.zone)
