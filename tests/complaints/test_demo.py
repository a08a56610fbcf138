"""What `make run` shows of complaints, surveys and ratings."""

from __future__ import annotations

import pytest

from complaints import demo as complaints
from complaints.models import Channel, Complaint
from services.accounts.models import Role
from services.mail.models import Outgoing
from services.ratings import demo as ratings
from services.surveys import demo as surveys
from services.surveys.models import FollowUp, Published
from tests.complaints.support import works


@pytest.fixture
def staffed(offices):
    for office in offices.values():
        works(office, f"head{office.code}", Role.SUPERVISOR)
        works(office, f"officer{office.code}")
    return offices


def test_one_of_each_state_and_channel_and_no_more_the_second_time(offices):
    assert complaints.furnish(offices["7411"]) == 0  # nobody works there yet
    works(offices["7411"], "head", Role.SUPERVISOR)
    works(offices["7411"], "officer")
    assert complaints.furnish(offices["7411"]) == len(complaints.CASES)
    assert set(Complaint.objects.values_list("state", flat=True)) == set(Complaint.State.values)
    assert set(Complaint.objects.values_list("channel", flat=True)) == set(Channel.values)
    assert Complaint.objects.exclude(published_at=None).count() == 2
    assert not Outgoing.objects.exists()
    assert complaints.furnish(offices["7411"]) == 0


def test_one_office_has_a_published_result_with_a_plan_the_others_too_few(staffed):
    for code, office in staffed.items():
        assert surveys.furnish(office, full=code == "7411") == (36 if code == "7411" else 4)
        assert surveys.furnish(office, full=code == "7411") == 0
        assert ratings.furnish(office) == 24
        assert ratings.furnish(office) == 0
    out = Published.objects.get()
    assert (out.office.code, out.figures["respondents"], out.figures["lowest"][0]) == ("7411", 36, "U3")
    assert FollowUp.objects.get().element == "U3"
