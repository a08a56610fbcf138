from __future__ import annotations

import pytest

from library import demo


@pytest.fixture
def catalogue(offices):
    """The demonstration collections of the four offices: 280 publications, 200 copies."""
    for office in offices.values():
        demo.furnish(office)
    return offices
