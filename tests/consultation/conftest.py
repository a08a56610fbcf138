import pytest

from services.offices.calendar import seed_national_days


@pytest.fixture
def calendar_of_2026(db):
    seed_national_days([2026])


@pytest.fixture
def stored(settings, tmp_path):
    """Where this test's files lie: nothing of it stays."""
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "files"},
        }
    }
    return tmp_path / "files"
