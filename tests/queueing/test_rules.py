"""The queue's rules as the supervisor changes them."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from queueing.forms import OfficeQueueForm, PromiseForm, ServiceQueueForm
from queueing.models import OfficeQueue, ServiceQueue
from queueing.models.rules import of_office, of_service
from queueing.workflows.rules import save_rules
from services.accounts.models import Role
from services.audit.models import AuditEntry
from services.offices.models import Office

PAGE = "queueing:rules"


@pytest.fixture
def supervisor(make_user, office):
    client = Client()
    client.force_login(
        make_user(office, Role.SUPERVISOR), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


def filled(office, **changes):
    """The page's form as a browser sends it, with some fields changed."""
    forms = [OfficeQueueForm(instance=of_office(office), prefix="kantor")]
    forms += [ServiceQueueForm(instance=of_service(s), prefix=s.slug) for s in office.services.all()]
    data = {f.add_prefix(name): f[name].value() for f in forms for name in f.fields}
    data = {name: value for name, value in data.items() if value is not None and value is not False}
    return {**data, **changes}


def test_saved_together_and_noted(supervisor, office, library):
    form = filled(office, **{"kantor-priority_run": "1", "library-quota": "30", "library-hint": "Membaca"})
    answer = supervisor.post(reverse(PAGE), form)
    assert answer.status_code == 302, [f.errors for f in answer.context["wrong"]]
    assert OfficeQueue.objects.get().priority_run == 1
    assert (library.queue_rules.quota, library.queue_rules.highest) == (30, 30)
    noted = AuditEntry.objects.filter(action="setting.queue")
    changed = {f: said for entry in noted for f, said in entry.detail["changed"].items()}
    assert changed == {"priority_run": [2, 1], "quota": [None, 30], "hint": ["", "Membaca"]}


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("library-last", "0", "library-last"),
        ("library-last", "1000", "library-last"),
        ("library-first", "900", "sesudah nomor pertama"),
        ("library-quota", "-1", "library-quota"),
        ("kantor-most_calls", "0", "kantor-most_calls"),
        ("kantor-voice", "opera", "kantor-voice"),
        ("consultation-slot_minutes", "x", "consultation-slot_minutes"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_saved(supervisor, office, field, value, says):
    answer = supervisor.post(reverse(PAGE), filled(office, **{field: value, "library-hint": "Tetap ada"}))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert says in page
    assert "Tetap ada" in page
    assert "Tidak ada yang disimpan" in page
    assert not ServiceQueue.objects.exists()
    assert not OfficeQueue.objects.exists()


def test_the_page_says_how_right_the_estimates_were(supervisor):
    assert "Belum ada yang dapat dibandingkan" in supervisor.get(reverse(PAGE)).content.decode()


def test_the_roster_says_that_nobody_serves_in_the_break(supervisor, office):
    page = supervisor.get(reverse(PAGE)).content.decode()
    assert "Janji waktu berhenti selama jam istirahat" in page
    assert "Jumat 11.30–13.00" in page
    form = filled(office, **{"janji-break_pauses_promise": "on"})
    assert supervisor.post(reverse(PAGE), form).status_code == 302
    office.refresh_from_db()
    assert office.break_pauses_promise
    noted = AuditEntry.objects.filter(action="setting.queue", target_type="offices.office")
    changed = {"changed": {"break_pauses_promise": [False, True]}}
    assert [(e.target_id, e.detail) for e in noted] == [(office.pk, changed)]


def test_what_somebody_else_changed_of_the_office_meanwhile_stays(office, by):
    form = PromiseForm({"break_pauses_promise": "on"}, instance=office)
    assert form.is_valid()
    Office.objects.filter(pk=office.pk).update(phone="0401-123456")
    save_rules(office, [form], by=by)
    office.refresh_from_db()
    assert (office.phone, office.break_pauses_promise) == ("0401-123456", True)
