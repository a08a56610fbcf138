"""What `make run` shows at the desk."""

from __future__ import annotations

from consultation import demo


def test_one_in_each_state_and_no_more_the_second_time(offices, make_user):
    office = offices["7411"]
    assert demo.furnish(office) == 0  # nobody works there yet
    make_user(office)
    assert demo.furnish(office) == 6
    states = set(office.consultations.values_list("state", flat=True))
    assert states == {"submitted", "assigned", "waiting", "answered", "closed"}
    assert demo.furnish(office) == 0
    assert office.canned_answers.count() == 3


def test_an_office_without_a_standard_for_it(offices, make_user):
    office = offices["1373"]
    make_user(office)
    assert demo.furnish(office) == 6
    assert not office.consultations.exclude(due_at=None).exists()
