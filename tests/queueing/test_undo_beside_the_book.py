"""An action at the desk taken back while, or after, the guest book is signed."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from queueing.models import DeskAction
from queueing.workflows import desk as work
from queueing.workflows.undo import undo
from services.audit.actors import Actor
from services.guestbook import correcting
from services.workflow import IllegalMove
from tests.accounts.world import sign
from tests.guestbook.support import arrive
from tests.together import Beside, Held


@pytest.mark.parametrize("how", ["signed", "handed over"])
def test_a_service_begun_too_early_and_taken_back_runs_from_the_guest_book(office, by, how):
    """Signed between the start and its undoing: the promise counts from the signature."""
    visit = arrive(office)
    start = timezone.now()
    work.start(visit.services.get(), by=by, at=start)
    assert visit.services.get().clock_reason == "before_book"
    if how == "signed":
        sign(visit, by)
    else:
        correcting.hand_over(sign(arrive(office), by), visit, by=by, at=start)
    undo(DeskAction.objects.latest("id"), by=by, at=start + timedelta(seconds=20))
    received = visit.services.get()
    assert (received.clock_result, received.clock_reason) == ("running", "")
    work.start(received, by=by, at=start + timedelta(hours=3))
    assert visit.services.get().clock_result == "missed"


@pytest.mark.django_db(transaction=True)
def test_taking_back_an_end_beside_a_signature(offices, make_user):
    """A visit without a number: its row is locked before what hangs on it, as the signature does."""
    office = offices["7411"]
    by = Actor("officer", user_id=make_user(office).pk)
    visit = arrive(office)
    work.start(visit.services.get(), by=by)
    work.end(visit.services.get(), by=by)
    with Held(partial(sign, visit, by)) as held:
        undone = Beside(partial(undo, DeskAction.objects.latest("id"), by=by))
        held.let_go()
        with suppress(IllegalMove):
            undone.finish()
    assert visit.services.get().state in ("serving", "done")
