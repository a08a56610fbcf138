import pytest

from services.accounts.models import Role
from services.offices.calendar import seed_national_days
from tests.complaints.support import browser, works


@pytest.fixture
def calendar_of_2026(db):
    seed_national_days([2026])


@pytest.fixture
def head(office):
    """A supervisor of Kolaka Timur."""
    return works(office, "head", Role.SUPERVISOR)


@pytest.fixture
def colleague(office):
    return works(office, "colleague")


@pytest.fixture
def province(office):
    """The office above, with a supervisor of its own."""
    works(office.parent, "province", Role.SUPERVISOR)
    return office.parent


@pytest.fixture
def chief(head):
    """The supervisor's browser."""
    return browser(head)
