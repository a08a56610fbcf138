"""What a test finds after another one flushed the database is what the standards give."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core.management import call_command

from services.offices.models import Office
from tests.conftest import demo_offices, load_offices


def counts() -> dict[str, int]:
    found = {
        model._meta.label: model._base_manager.count() for model in apps.get_models() if model._meta.managed
    }
    return {label: count for label, count in found.items() if count}


@pytest.mark.django_db(transaction=True)
def test_put_back_and_loaded_anew_are_the_same():
    demo_offices()
    first = counts()
    rules = sorted(map(str, Office.objects.get(code="1906").services.get().standard.rule_set.all()))
    call_command("flush", "--no-input", verbosity=0)
    load_offices()
    assert counts() == first
    assert sorted(map(str, Office.objects.get(code="1906").services.get().standard.rule_set.all())) == rules
    call_command("flush", "--no-input", verbosity=0)
    demo_offices()
    assert counts() == first
    assert Office.objects.create(code="9999", name="Baru").pk > Office.objects.get(code="1906").pk
