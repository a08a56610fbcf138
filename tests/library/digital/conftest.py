from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def stored(settings, tmp_path) -> Path:
    """Where this test's files lie: nothing of it stays."""
    settings.VAR_DIR = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "files"},
        }
    }
    return tmp_path / "files"
