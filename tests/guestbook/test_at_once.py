"""A guest book is signed, or changes hands, while the supervisor records a power cut: no promise is lost sight of."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from services.audit.actors import SYSTEM
from services.guestbook import correcting, interruptions
from services.guestbook.models import VisitService
from tests.accounts.world import sign
from tests.guestbook.support import arrive
from tests.together import Beside, Held

pytestmark = pytest.mark.django_db(transaction=True)


def power_cut(office):
    now = timezone.now()
    return partial(
        interruptions.record, office=office, kind="power_cut", started_at=now - timedelta(minutes=9),
        ended_at=now + timedelta(minutes=1), by=SYSTEM,
    )  # fmt: skip


def reasons() -> list[str]:
    return sorted(VisitService.objects.values_list("clock_reason", flat=True))


def test_the_power_cut_waits_for_a_signature_that_is_being_written(offices):
    office = offices["7411"]
    visit = arrive(office)
    with Held(partial(sign, visit, SYSTEM)) as held:
        recorded = Beside(power_cut(office))
        held.let_go()
        recorded.finish()
    # Signed before the record could see it, or counted with it: never half.
    received = visit.services.get()
    assert (received.clock_result, received.clock_reason) in {("running", ""), ("excluded", "power_cut")}
    assert received.clock_due_at is not None


def test_a_guest_book_changes_hands_after_the_power_cut_was_recorded(offices):
    office = offices["7411"]
    one, two = sign(arrive(office), SYSTEM), sign(arrive(office), SYSTEM)
    with Held(power_cut(office)) as held:
        handed = Beside(partial(correcting.hand_over, one, two, by=SYSTEM))
        held.let_go()
        handed.finish()
    assert reasons() == ["wrong_number", "wrong_number"]
    assert set(VisitService.objects.values_list("clock_result", flat=True)) == {"excluded"}


def test_a_guest_book_that_changes_hands_and_the_power_cut_do_not_wait_for_each_other_for_ever(offices):
    office = offices["7411"]
    earlier, later = sign(arrive(office), SYSTEM), sign(arrive(office), SYSTEM)
    first_row = VisitService.objects.select_for_update().filter(visit=earlier)
    with Held(lambda: list(first_row)) as held:
        recorded = Beside(power_cut(office))
        handed = Beside(partial(correcting.hand_over, later, earlier, by=SYSTEM))
        held.let_go()
        handed.finish()
        recorded.finish()
    assert set(VisitService.objects.values_list("clock_result", flat=True)) == {"excluded"}


def test_what_is_not_counted_for_another_reason_stays_so(offices):
    office = offices["7411"]
    one, two = sign(arrive(office), SYSTEM), arrive(office)
    VisitService.objects.filter(visit=one).update(clock_result="excluded", clock_reason="paper_slip")
    correcting.hand_over(one, two, by=SYSTEM)
    assert VisitService.objects.get(visit=one).clock_reason == "paper_slip"
