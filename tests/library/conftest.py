from __future__ import annotations

import pytest

from library import demo
from services.audit.actors import Actor


@pytest.fixture
def catalogue(offices):
    """The demonstration collections of the four offices: 280 publications, 200 copies."""
    for office in offices.values():
        demo.furnish(office)
    return offices


@pytest.fixture
def lender(offices):
    """Belitung Timur: the one whose standard lends (BT5)."""
    return offices["1906"]


@pytest.fixture
def lending_officer(lender, make_user) -> Actor:
    return Actor("officer", user_id=make_user(lender).pk)
