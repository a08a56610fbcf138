"""Every rule of a standard has a form, and what is stored comes out of it as it went in."""

from __future__ import annotations

import pytest
from django.forms import Form
from django.http import QueryDict

from pst.panel.standards.rule_forms import FORMS
from services.offices.models import StandardRule
from services.offices.rule_names import RULE_NAMES
from services.offices.standards.editing import comparable, mark


def test_every_rule_has_a_form():
    assert set(FORMS) == set(RULE_NAMES)


def posted(form: Form) -> QueryDict:
    """What a browser sends of a form nobody touched."""
    data = QueryDict(mutable=True)
    for bound in form:
        value = bound.value()
        if isinstance(value, list):
            data.setlist(bound.html_name, value)
        elif value not in (None, "") and value is not False:
            data[bound.html_name] = "on" if value is True else str(value)
        elif bound.widget_type != "checkbox":
            data[bound.html_name] = ""
    return data


def test_what_is_stored_comes_out_as_it_went_in(offices):
    rules = list(StandardRule.objects.filter(standard__status="published"))
    assert len(rules) == 5 * 33
    for rule in rules:
        made = FORMS[rule.key](None, prefix="r", initial=FORMS[rule.key].fill(rule.value))
        form = FORMS[rule.key](posted(made), prefix="r", initial=made.initial)
        assert form.is_valid(), (rule.key, form.errors)
        assert mark(comparable(rule.key, form.value())) == mark(comparable(rule.key, rule.value)), rule.key


STEPS = {"guest_book": 1, "service": 2, "finish": 9}


@pytest.mark.parametrize(
    ("key", "typed", "where"),
    [
        ("steps", STEPS | {"finish": 1}, "finish"),
        ("steps", STEPS | {"service": 1}, "service"),
        ("steps", STEPS | {"card_deposit": 3}, "card_return"),
        ("steps", STEPS | {"bag_deposit": 4, "bag_return": 3}, "bag_return"),
        ("steps", {"guest_book": 1, "finish": 2}, "service"),
        ("clock_onsite", {"start": "guest_book", "unit": "working_days", "amount": 0}, "amount"),
        ("clock_onsite", {"start": "nowhere", "unit": "minutes", "amount": 5}, "start"),
        ("excerpt_percent", {"number": 101}, "number"),
        ("complaint_channels", {"kind_0": "email", "value_0": ""}, "value_0"),
        ("complaint_channels", {"kind_0": "", "value_0": "0811"}, "kind_0"),
    ],
)
def test_what_cannot_be_is_told_beside_the_field(key, typed, where):
    form = FORMS[key]({f"r-{name}": value for name, value in typed.items()}, prefix="r", initial={})
    assert not form.is_valid()
    assert where in form.errors
