"""Every column about people has its time; when it is over the name is nowhere, and the statistics are whole."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps
from django.db import models
from django.utils import timezone

from complaints.models import Complaint, Identity
from complaints.workflows import acting, handling, lodging
from consultation.models import Consultation
from consultation.workflows import ending, opening
from consultation.workflows import onsite as consulting
from library.models import LibraryUse
from pst.privacy import retention, tasks
from pst.privacy import workflows as privacy
from queueing.workflows import desk
from queueing.workflows.issue import issue
from services.accounts.models import User
from services.audit.models import AuditEntry
from services.guestbook import contact, recognition
from services.guestbook import workflows as visits
from services.guestbook.models import (
    Companion,
    ConsentWording,
    ContactCode,
    DataNeed,
    GuestBookDraft,
    Recognition,
    Visit,
    Visitor,
    VisitService,
)
from services.mail.models import Outgoing
from services.ratings.workflows import rate
from tests.conftest import new_device
from tests.guestbook.test_signing import anywhere
from tests.queueing.support import fresh

SECRETS = ["zubaidah", "rahasiawati", "teman-zubaidah", "zubaidah@rahasia.test", "+6281399998888"]
POLICY = retention.policy()
RULES = {rule.table: rule for rule in POLICY.rules}


def columns(model) -> set[str]:
    """All but keys and links to other rows."""
    return {
        f.name
        for f in model._meta.local_concrete_fields
        if not f.primary_key and not isinstance(f, models.ForeignKey)
    }


class TestFile:
    def test_every_table_is_named_exactly_once(self):
        named = [*RULES, *POLICY.elsewhere, *POLICY.staff, *POLICY.harmless]
        tables = {model._meta.label for model in apps.get_models()}
        assert sorted(named) == sorted(set(named))
        assert set(named) == tables

    @pytest.mark.parametrize("table", RULES)
    def test_every_column_of_a_table_about_people_is_named(self, table):
        rule = RULES[table]
        assert set(rule.personal) | set(rule.statistics) == columns(rule.model)
        assert not set(rule.personal) & set(rule.statistics)

    @pytest.mark.parametrize("table", POLICY.harmless)
    def test_a_table_called_harmless_has_no_column_that_sounds_personal(self, table):
        """Published facts of offices and devices apart."""
        if table.startswith("offices.") or table in ("auth.Permission", "auth.Group"):
            return
        telling = {
            "name",
            "email",
            "phone",
            "contact",
            "contact_name",
            "comment",
            "question",
            "answer",
            "address",
        }
        found = columns(apps.get_model(table)) & telling
        assert found <= {
            "accounts.Device": {"name"},
            "queueing.Counter": {"name"},
            "queueing.Printer": {"name"},
            "library.Region": {"name"},
            "surveys.Instrument": {"name"},
            "library.Subject": {"name"},
            "consultation.KnowledgeAnswer": {
                "question",
                "answer",
            },  # made anonymous, and read by a second officer
            "library.CatalogueSource": {"address"},
            "socialaccount.SocialApp": {"name"},  # of a server
            "library.Import": {"name"},  # of a file
        }.get(table, set())

    @pytest.mark.parametrize("row", POLICY.elsewhere.values(), ids=lambda row: row["table"])
    def test_who_deletes_elsewhere_is_there(self, row):
        module, _dot, name = row["by"].rpartition(".")
        assert hasattr(__import__(module, fromlist=[name]), name)

    @pytest.mark.parametrize("rule", POLICY.rules, ids=lambda rule: rule.table)
    def test_each_rule_can_be_asked_and_says_why(self, rule, db):
        assert rule.then in ("clear", "delete")
        assert rule.days > 0
        assert len(rule.why) > 20
        assert rule.due().count() == 0


@pytest.fixture
def person(office, consultation, library, by, counter):
    """Somebody who has left traces everywhere."""
    counter.officer_id = by.user_id
    counter.save()
    ticket = issue(office=office, service=consultation, submission="z", by=by)
    desk.call_next(counter, by=by)
    visits.sign(
        visit=ticket.received.visit, channel="desk", by=by, consent=True, wording=ConsentWording.objects.first(),
        person={
            "name": "Zubaidah Rahasiawati", "email": "zubaidah@rahasia.test", "phone": "+6281399998888",
            "email_waiver": "rahasiawati", "assistance": "kursi roda zubaidah", "institution": "Yayasan Zubaidah",
            "gender": "female", "birth_year": 1990, "education": "master", "job": "researcher",
        },
        answers={"use_of_data": "research"}, companions=["Teman-Zubaidah"],
        needs=[{"subject": "skripsi zubaidah", "region": "", "years": ""}],
    )  # fmt: skip
    desk.arrived(fresh(ticket), by=by)
    desk.start(fresh(ticket).received, by=by)
    received = VisitService.objects.get(pk=ticket.received_id)
    now = timezone.now()
    consulting.write(received, question="Tanya zubaidah", answer="Jawab rahasiawati", seen="", by=by)
    online = opening.submit(
        office=office, channel="portal", subject="Data zubaidah", question="Rahasiawati minta data", by=by,
        visitor=Visit.objects.get(pk=received.visit_id).visitor, sought="zubaidah",
        wanted=[{"topic": "upah zubaidah"}],
    )  # fmt: skip
    ending.close(online, by=by, why="diminta Zubaidah")
    LibraryUse.objects.create(
        office=office, received=received, kind="scan", what="Skripsi Zubaidah", submission="s", at=now
    )
    desk.end(fresh(ticket).received, by=by)
    received.refresh_from_db()
    rate(received, stars=5, comment="Terima kasih dari Zubaidah", channel="phone", by=by)
    _complaint, _secret = lodging.lodge(
        office=office, text="Kursi rahasiawati kurang", channel="online", by=by, received=received,
        person={"name": "Zubaidah", "email": "zubaidah@rahasia.test"},
    )  # fmt: skip
    # Not from the visit's page, but with their own number, as people write it at home.
    lodging.lodge(
        office=office, text="Parkir zubaidah sempit", channel="online", by=by, received=None,
        person={"name": "Rahasiawati", "phone": "0813-9999 8888"}, about_text="Adik zubaidah",
    )  # fmt: skip
    desk.close_visit(received.visit, by=by)
    visitor = Visit.objects.get(pk=received.visit_id).visitor
    recognition.personal_code(visitor)
    contact.ask(office=office, email=visitor.email, purpose="tablet", site="https://pst.example.test", by=by)
    device, _secret = new_device(office)
    recognition.remember(device, visitor, "book", how="personal code", by=by)
    return visitor


def found() -> dict[str, list[str]]:
    return {secret: tables for secret in SECRETS if (tables := anywhere(secret))}


def statistics() -> list:
    return [
        list(Visit.objects.order_by("pk").values("day", "arrived_at", "ended_at", "party_size", "use_of_data", "visitor")),
        list(Visitor.objects.order_by("pk").values("gender", "birth_year", "education", "job")),
        list(VisitService.objects.order_by("pk").values("state", "clock_result", "ratings__stars")),
        Consultation.objects.count(), LibraryUse.objects.count(),
    ]  # fmt: skip


def test_an_erased_visitor_is_nowhere_and_the_statistics_are_whole(person, by, client):
    assert set(found()) == set(SECRETS)  # else the search below would find nothing either
    before, address = statistics(), f"/k/{person.visits.get().token}/"
    done = retention.erase(person, by=by, why="request")
    assert found() == {}
    assert statistics() == before
    assert done["guestbook.Visitor"] == 1
    assert client.get(address).status_code == 404
    assert AuditEntry.objects.get(action="visitor.erased").detail["why"] == "request"


def test_no_code_of_theirs_opens_anything_any_more(person, by):
    code = person.personal_code
    retention.erase(person, by=by, why="erasure")
    assert recognition.of_personal_code(person.office, code) is None
    assert ContactCode.objects.count() == Recognition.objects.count() == 0


def test_somebody_elses_complaint_with_another_number_stays(person, office, by):
    lodging.lodge(office=office, text="Lama", channel="online", by=by, person={"phone": "0813-9999 8889"})
    retention.erase(person, by=by, why="erasure")
    assert Complaint.objects.get(identity__phone="0813-9999 8889").text == "Lama"


def test_a_complaint_that_another_of_the_family_made_by_the_same_phone_stays(person, office, by):
    other = {"contact": "0813-9999 8888", "name": "Hadi Gunawan"}
    lodging.lodge(office=office, text="Antrian lama", channel="online", by=by, person=other)
    assert "Antrian lama" not in str(privacy.everything(person))
    retention.erase(person, by=by, why="erasure")
    assert Complaint.objects.get(text="Antrian lama").identity.name == "Hadi Gunawan"


def test_an_earlier_answer_to_a_complaint_with_their_number_goes_too(person, office, by):
    lodged, _secret = lodging.lodge(
        office=office, text="Antrian", channel="online", by=by, person={"contact": "0813-9999 8888"}
    )
    officer = User.objects.get(pk=by.user_id)
    handling.assign(lodged, officer, by=by)
    acting.plan(lodged, what="Telepon Zubaidah", owner=officer, due_on=office.today(), by=by)
    handling.answer(lodged, "Maaf, Ibu Zubaidah", by=by)
    retention.erase(person, by=by, why="erasure")
    assert anywhere("zubaidah") == []
    assert not Identity.objects.filter(complaint=lodged).exists()


def test_others_stay_who_they_are(person, office, by):
    other = Visitor.objects.create(office=office, name="Hadi Gunawan", email="hadi@example.test")
    retention.erase(person, by=by, why="request")
    other.refresh_from_db()
    assert other.name == "Hadi Gunawan"


def test_each_thing_goes_when_its_own_time_is_over(person):
    now = timezone.now()
    Outgoing.objects.update(state="sent", sent_at=now)  # one that waits to go out is still needed
    for days, gone in [
        (29, set()),
        (32, {"teman-zubaidah"}),
        (733, {*SECRETS} - {"zubaidah", "rahasiawati"}),
    ]:
        retention.run(now + timedelta(days=days))
        if days < 700:
            assert set(SECRETS) - set(found()) == gone
    assert "complaints_complaint" in anywhere("zubaidah")  # five years
    retention.run(now + timedelta(days=1830))
    assert found() == {}


def test_the_preview_says_what_the_run_then_does(person):
    later = timezone.now() + timedelta(days=1830)
    expected = {due.rule.table: due.rows for due in retention.preview(later) if due.rows}
    before = found()
    assert before
    assert found() == before  # the preview changed nothing
    assert retention.run(later) == expected
    assert all(due.rows == 0 for due in retention.preview(later))
    assert AuditEntry.objects.filter(action="retention.applied").latest("pk").detail == {"rows": expected}


def test_somebody_who_comes_again_is_kept_from_the_latest_visit(person, office, consultation, by):
    again = visits.arrive(office=office, service=consultation, by=by, at=datetime(2031, 3, 2, 1, tzinfo=UTC))
    again.visitor = person
    again.save()
    retention.run(datetime(2031, 6, 1, tzinfo=UTC))
    person.refresh_from_db()
    assert person.name == "Zubaidah Rahasiawati"


def test_more_rows_than_one_transaction_takes(office, monkeypatch):
    monkeypatch.setattr(retention, "AT_ONCE", 3)
    visit = visits.arrive(
        office=office,
        service=office.services.first(),
        by=retention.SYSTEM,
        at=datetime(2020, 1, 6, 1, tzinfo=UTC),
    )
    Companion.objects.bulk_create([Companion(visit=visit, name=f"Nama {n}") for n in range(8)])
    DataNeed.objects.create(visit=visit, subject="Penduduk")
    GuestBookDraft.objects.create(visit=visit, values={"name": "x"}, saved_at=visit.arrived_at)
    assert retention.run() == {
        "guestbook.Companion": 8, "guestbook.DataNeed": 1, "guestbook.GuestBookDraft": 1,
    }  # fmt: skip


def test_the_nightly_task_does_it(person, monkeypatch):
    person.visits.update(day="2020-01-06")
    tasks.keep_no_longer(0)
    person.refresh_from_db()
    assert person.name == ""
    assert person.gender == "female"


def test_the_supervisor_sees_the_rules_tonights_work_and_what_was_done(make_user, office, person):
    from django.test import Client

    client = Client()
    client.force_login(
        make_user(office, role="supervisor"), backend="django.contrib.auth.backends.ModelBackend"
    )
    page = client.get("/panel/data-pribadi/").content.decode()
    assert "Belum pernah dijalankan" in page
    for rule in POLICY.rules:
        assert f'data-table="{rule.table}"' in page
    person.visits.update(day="2020-01-06")
    page = client.get("/panel/data-pribadi/").content.decode()
    assert "tertua 6 Januari 2020" in page
    retention.run()
    assert "3 baris" in client.get("/panel/data-pribadi/").content.decode()
