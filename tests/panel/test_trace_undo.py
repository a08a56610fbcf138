"""Settings put back from the trace: what they were, unless something came after it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from queueing.forms import OfficeQueueForm, PromiseForm
from queueing.models import OfficeQueue
from queueing.models.rules import of_office
from queueing.workflows.rules import save_rules
from services.audit import trail
from services.audit.actors import Actor
from services.audit.models import AuditEntry
from tests.panel.test_trace import chief, client

__all__ = ["chief", "client"]
pytestmark = pytest.mark.django_db


class TestUndo:
    def change(self, office, chief, **values) -> AuditEntry:
        form = OfficeQueueForm(instance=of_office(office))
        data = {
            name: form[name].value() for name in form.fields if form[name].value() not in (None, False)
        } | values
        form = OfficeQueueForm(data, instance=of_office(office))
        assert form.is_valid(), form.errors
        save_rules(office, [form], by=Actor("officer", user_id=chief.pk))
        office.refresh_from_db()
        return AuditEntry.objects.filter(action="setting.queue").first()

    def undo(self, client, entry) -> str:
        answer = client.post(reverse("panel:change_undo", args=[entry.pk]), follow=True)
        return " ".join(str(m) for m in answer.context["messages"])

    def test_back_and_forth(self, client, office, chief):
        entry = self.change(office, chief, most_calls=5)
        assert entry.detail == {"changed": {"most_calls": [3, 5]}}
        page = client.get(reverse("panel:changes"))
        assert [problem for _line, problem in page.context["rows"]] == [""]
        assert "dipanggil paling banyak (kali): 3 → 5" in page.content.decode()
        assert self.undo(client, entry) == "Pengaturan dikembalikan."
        assert OfficeQueue.objects.get().most_calls == 3
        back = AuditEntry.objects.filter(action="setting.queue").first()
        assert back.detail == {"changed": {"most_calls": [5, 3]}, "undoes": entry.pk}
        assert "Sudah diubah lagi" in self.undo(client, entry)
        assert self.undo(client, back) == "Pengaturan dikembalikan."
        assert OfficeQueue.objects.get().most_calls == 5

    def test_what_stands_in_the_office_itself(self, client, office, chief):
        before = office.break_pauses_promise
        form = PromiseForm({} if before else {"break_pauses_promise": "on"}, instance=office)
        assert form.is_valid()
        save_rules(office, [form], by=Actor("officer", user_id=chief.pk))
        entry = AuditEntry.objects.filter(action="setting.queue").first()
        assert entry.target_type == "offices.office"
        assert self.undo(client, entry) == "Pengaturan dikembalikan."
        office.refresh_from_db()
        assert office.break_pauses_promise == before

    def test_not_over_a_later_change_and_not_what_the_form_refuses(self, client, office, chief):
        first = self.change(office, chief, most_calls=5)
        self.change(office, chief, most_calls=6)
        assert "Sudah diubah lagi" in self.undo(client, first)
        assert OfficeQueue.objects.get().most_calls == 6
        odd = AuditEntry.objects.filter(action="setting.queue").first()
        AuditEntry.objects.filter(pk=odd.pk).update(detail={"changed": {"most_calls": [99, 6]}})
        assert "tidak dapat dipakai lagi" in self.undo(client, odd)
        assert OfficeQueue.objects.get().most_calls == 6

    def test_what_is_put_back_elsewhere_says_so(self, client, office, chief):
        by = Actor("officer", user_id=chief.pk)
        trail.record(
            "setting.hours", office, by=by, office_id=office.pk, changed={"opens": ["08:00", "09:00"]}
        )
        trail.record("queue.rules", office, by=by, office_id=office.pk, fields=["most_calls"])
        trail.record(
            "setting.locker", office, by=by, office_id=office.pk, changed={"number": [None, 3]}, added=True
        )
        problems = [problem for _line, problem in client.get(reverse("panel:changes")).context["rows"]]
        assert problems == [
            "Baris yang ditambah atau dihapus dikembalikan di halamannya sendiri.",
            "Baris lama ini tidak mencatat nilai sebelumnya.",
            "Ubah kembali di halamannya sendiri.",
        ]
