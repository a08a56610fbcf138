import pytest

from services.offices.calendar import seed_national_days


@pytest.fixture
def calendar_of_2026(db):
    seed_national_days([2026])
