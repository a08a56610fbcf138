"""The one active office of a request, and with it the clock on every page."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone, translation

from services.offices.models import Office


def enter(request: HttpRequest, office: Office) -> None:
    """This request is about `office`: times on its pages are the office's own."""
    request.office = office  # type: ignore[attr-defined]
    timezone.activate(office.zone)


def speak(request: HttpRequest, language: str) -> None:
    """The visitor chose this language on the tablet: their phone goes on in it, whatever it is set to, until they
    choose otherwise there (domain.md §8.7). The office's own language is nobody's choice."""
    known = dict(settings.LANGUAGES)
    if (
        language == settings.LANGUAGE_CODE
        or language not in known
        or settings.LANGUAGE_COOKIE_NAME in request.COOKIES
    ):
        return
    translation.activate(language)
    request.LANGUAGE_CODE = language
