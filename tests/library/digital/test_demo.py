"""The demonstration has softcopies that can be read; loading it again adds none."""

from __future__ import annotations

import pytest

from library import demo as catalogue
from library.digital import demo
from library.models import DigitalCopy
from library.workflows import intake

pytestmark = pytest.mark.django_db


def test_two_books_of_an_office_once(office):
    catalogue.furnish(office)
    said: list[str] = []
    assert demo.furnish(office, said.append) == 2
    for digital in DigitalCopy.objects.all():
        intake.check(digital.pk)
    assert demo.furnish(office, said.append) == 0
    found = DigitalCopy.objects.select_related("publication")
    assert {d.state for d in found} == {"ready"}
    assert {d.publication.year for d in found} == {2025}
    assert {d.publication.access for d in found} == {"public", "registered"}
    assert all(d.pages == 10 and len(d.outline) == 9 for d in found)
    assert len(said) == 2
