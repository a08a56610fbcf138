"""What people ask about their own data: taken down in seconds, answered within 3 × 24 hours, done exactly."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from pst.privacy import retention, workflows
from pst.privacy.models import PrivacyRequest
from services.audit.models import AuditEntry
from services.guestbook import returning
from services.guestbook.models import Visitor
from services.lockers import workflows as lockers
from services.workflow import IllegalMove
from tests.guestbook.support import arrive
from tests.guestbook.test_signing import anywhere

FRIDAY = datetime(2026, 3, 13, 8, 30, tzinfo=UTC)
HERE = "/meja/data-pribadi/"


@pytest.fixture
def visitor(office):
    visit = arrive(office)
    visit.visitor = Visitor.objects.create(
        office=office, name="Zubaidah Rahasiawati", email="zubaidah@rahasia.test", phone="+6281399998888"
    )
    visit.save()
    return visit.visitor


@pytest.fixture
def boss(make_user, office):
    client = Client()
    client.force_login(
        make_user(office, role="supervisor"), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


def ask(visitor, by, kind="erasure", at=FRIDAY) -> PrivacyRequest:
    return workflows.receive(visitor, kind=kind, channel="phone", by=by, at=at)


def test_the_clock_runs_over_the_weekend(visitor, by):
    """3 × 24 elapsed hours, not working days (domain.md §4)."""
    assert ask(visitor, by).due_at == FRIDAY + timedelta(hours=72)


@pytest.mark.parametrize("kind", ["erasure", "withdrawal"])
def test_erased_at_once_and_answered_in_time(visitor, by, kind):
    done = workflows.fulfil(ask(visitor, by, kind), by=by, at=FRIDAY + timedelta(hours=71))
    assert (done.state, done.late(FRIDAY)) == ("done", False)
    assert anywhere("zubaidah") == anywhere("rahasiawati") == []
    assert [s.state for s in done.steps.all()] == ["open", "done"]


def test_other_open_requests_end_with_the_record(visitor, by):
    ask(visitor, by, "access")
    workflows.fulfil(ask(visitor, by), by=by)
    assert not PrivacyRequest.objects.filter(state="open").exists()


def test_asked_twice_is_asked_once(visitor, by):
    assert ask(visitor, by) == ask(visitor, by, at=FRIDAY + timedelta(hours=1))
    assert PrivacyRequest.objects.get().due_at == FRIDAY + timedelta(hours=72)


def test_nothing_is_asked_about_an_empty_record(visitor, by):
    retention.erase(visitor, by=by, why="erasure")
    with pytest.raises(IllegalMove, match="sudah dihapus"):
        ask(visitor, by)


def test_fulfilled_by_a_colleague_meanwhile(visitor, by):
    asked = ask(visitor, by)
    workflows.refuse(asked, answer="Bukan pemilik data", by=by)
    with pytest.raises(IllegalMove):
        workflows.fulfil(asked, by=by)
    visitor.refresh_from_db()
    assert visitor.name == "Zubaidah Rahasiawati"


def test_taken_down_at_the_desk_by_a_masked_choice(desk, visitor):
    page = desk.post(HERE, {"asked": "0813 9999 8888"}).content.decode()
    assert "Z•••h R•••i" in page
    assert "Zubaidah" not in page
    key = returning.key_of(visitor)
    answer = desk.post(
        reverse("privacy:take"), {"visitor": key, "kind": "access", "channel": "desk"}, follow=True
    )
    assert "Dijawab paling lambat" in answer.content.decode()
    assert PrivacyRequest.objects.get().kind == "access"


@pytest.mark.parametrize(("key", "kind"), [("forged", "access"), (None, "everything")])
def test_odd_posts_take_nothing_down(desk, visitor, key, kind):
    form = {"visitor": key or returning.key_of(visitor), "kind": kind, "channel": "desk"}
    assert desk.post(reverse("privacy:take"), form).status_code == 302
    assert not PrivacyRequest.objects.exists()


def test_what_is_late_stands_out(desk, visitor, by):
    ask(visitor, by)
    with time_machine.travel(FRIDAY + timedelta(hours=73)):
        assert "Terlambat" in desk.get(HERE).content.decode()
    with time_machine.travel(FRIDAY + timedelta(hours=71)):
        assert "Terlambat" not in desk.get(HERE).content.decode()


def test_the_supervisor_sees_all_that_is_kept_and_the_reading_is_logged(boss, visitor, by):
    asked = ask(visitor, by, "access")
    page = boss.get(reverse("privacy:answer", args=[asked.pk])).content.decode()
    assert "Zubaidah Rahasiawati" in page
    assert AuditEntry.objects.filter(action="read", detail={"why": "request"}).count() == 1
    file = boss.post(reverse("privacy:export", args=[asked.pk]))
    assert json.loads(file.content)["guestbook.Visitor"][0]["email"] == "zubaidah@rahasia.test"
    assert "attachment" in file.headers["Content-Disposition"]


def test_corrected_as_the_person_says(boss, visitor, by):
    asked = ask(visitor, by, "correction")
    url = reverse("privacy:answer", args=[asked.pk])
    wrong = boss.post(url, {"name": "Zubaidah Rahasia", "email": "bukan e-mail"})
    assert wrong.status_code == 422
    assert 'value="bukan e-mail"' in wrong.content.decode()
    visitor.refresh_from_db()
    assert visitor.name == "Zubaidah Rahasiawati"
    boss.post(url, {"name": "Zubaidah Rahasia", "email": "z@rahasia.test"})
    visitor.refresh_from_db()
    asked.refresh_from_db()
    assert (visitor.name, visitor.email, asked.state) == ("Zubaidah Rahasia", "z@rahasia.test", "done")
    assert AuditEntry.objects.get(action="visitor.corrected").detail == {
        "columns": ["email", "name", "phone"]
    }


def test_a_refusal_needs_its_reason(boss, visitor, by):
    asked = ask(visitor, by)
    boss.post(reverse("privacy:refuse", args=[asked.pk]), {"answer": " "})
    asked.refresh_from_db()
    assert asked.state == "open"
    boss.post(reverse("privacy:refuse", args=[asked.pk]), {"answer": "Bukan pemilik data"})
    asked.refresh_from_db()
    assert (asked.state, asked.answer) == ("refused", "Bukan pemilik data")


def test_all_records_of_one_person_are_erased_and_shown(office, visitor, by):
    """Whoever signs on the tablet has a record of their own each time."""
    second = Visitor.objects.create(office=office, name="zubaidah  RAHASIAWATI", phone="+6281399998888")
    kin = Visitor.objects.create(office=office, name="Salma", phone="+6281399998888")
    asked = ask(visitor, by)
    assert len(workflows.everything(visitor)["guestbook.Visitor"]) == 2
    workflows.fulfil(asked, by=by)
    second.refresh_from_db()
    kin.refresh_from_db()
    assert second.name == ""
    assert kin.name == "Salma"


def test_an_answered_request_is_no_key_to_the_record(boss, visitor, by):
    asked = ask(visitor, by, "access")
    workflows.fulfil(asked, by=by)
    assert "Zubaidah" not in boss.get(reverse("privacy:answer", args=[asked.pk])).content.decode()
    assert boss.post(reverse("privacy:export", args=[asked.pk])).status_code == 302


def test_a_corrected_phone_is_found_again(boss, office, visitor, by):
    asked = ask(visitor, by, "correction")
    boss.post(reverse("privacy:answer", args=[asked.pk]), {"name": "Zubaidah", "phone": "0812 1111 2222"})
    assert len(returning.search(office, "081211112222")) == 1


def test_a_note_about_a_thing_is_erased_too(office, visitor, by):
    thing = lockers.report_item(office=office, what="Tas Zubaidah", place="Ruang baca", by=by)
    type(thing).objects.filter(pk=thing.pk).update(visit=visitor.visits.get())
    lockers.resolve(thing, outcome="owner", note="Diambil zubaidah", by=by)
    workflows.fulfil(ask(visitor, by), by=by)
    assert anywhere("zubaidah") == []
