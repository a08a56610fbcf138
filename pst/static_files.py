"""Addresses of our own style sheets, scripts and pictures: the same for as long as the process lives."""

from __future__ import annotations

from typing import Any

from django.contrib.staticfiles.storage import StaticFilesStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage


class Remembered(StaticFilesStorage):
    """A page names some thirty files; working their addresses out took a tenth of writing it (tests/bench/search.py).
    Names stand in templates, so they are few."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._known: dict[str | None, str] = {}

    def url(self, name: str | None, *force: bool) -> str:
        if force:
            return super().url(name, *force)
        if name not in self._known:
            self._known[name] = super().url(name)
        return self._known[name]


class Local(Remembered):
    """Under their own names, served as they are: changes show at the next load."""


class Fingerprinted(Remembered, CompressedManifestStaticFilesStorage):
    """Under names that change with their content, so that browsers keep them for ever."""
