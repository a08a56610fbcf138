"""Who works in the standards editor, and on what."""

from __future__ import annotations

import pytest
from django.test import Client

from services.accounts.models import Role
from services.audit.actors import SYSTEM
from services.offices.models import Standard
from services.offices.standards import drafts
from tests.accounts.world import BACKEND
from tests.conftest import new_user


@pytest.fixture
def supervisor(office, client) -> Client:
    client.force_login(new_user(office, Role.SUPERVISOR))
    return client


@pytest.fixture
def draft(library) -> Standard:
    return drafts.from_version(library.standard, by=SYSTEM)


@pytest.fixture
def chief(make_user, office) -> Client:
    client = Client()
    client.force_login(make_user(office, role="supervisor"), backend=BACKEND)
    return client
