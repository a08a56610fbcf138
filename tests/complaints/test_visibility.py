"""Who sees a complaint, and whose it is; and that whoever it is about sees nothing."""

from __future__ import annotations

import json

import pytest
from django.apps import apps
from django.core import serializers

from complaints import visibility
from complaints.models import Complaint, Identity
from complaints.workflows import complainant, handling, lodging
from services.accounts.models import Role
from services.audit.actors import SYSTEM, VISITOR, Actor
from services.audit.models import AuditEntry
from services.mail.models import Outgoing
from tests.complaints.support import fresh, lodge, officer, works
from tests.guestbook.support import arrive

ANI = {"name": "Ani Rahma", "email": "ani@example.test", "phone": "0812 1111 2222"}


def seen(user, office, role=Role.FRONTLINER) -> list[str]:
    return [c.number for c in visibility.visible(user, office, role)]


class TestWhoReadsIt:
    def test_supervisors_and_the_handler_and_nobody_else(self, office, head, colleague):
        complaint, other = lodge(office), works(office, "other")
        assert seen(head, office, Role.SUPERVISOR) == [complaint.number]
        assert seen(colleague, office) == seen(other, office) == []
        handling.assign(complaint, colleague, by=officer(head))
        assert (seen(colleague, office), seen(other, office)) == ([complaint.number], [])

    def test_another_office_sees_nothing(self, offices, office, head):
        stranger = works(offices["6571"], "stranger", Role.SUPERVISOR)
        lodge(office)
        assert seen(stranger, offices["6571"], Role.SUPERVISOR) == []

    def test_whoever_it_is_about_sees_nothing_supervisor_or_not(self, office, head):
        second = works(office, "second", Role.SUPERVISOR)
        complaint = lodge(office, about=[head])
        assert (seen(head, office, Role.SUPERVISOR), seen(second, office, Role.SUPERVISOR)) == (
            [],
            [complaint.number],
        )

    def test_named_later_the_hand_is_taken_off(self, office, head, colleague):
        complaint = lodge(office)
        handling.assign(complaint, colleague, by=officer(head))
        handling.classify(complaint, about=[colleague], by=officer(head))
        found = fresh(complaint)
        assert (found.state, found.handler, found.place) == ("received", None, office)
        assert seen(colleague, office) == []

    @pytest.mark.parametrize("who", ["named", "stranger", "gone"])
    def test_it_is_given_to_nobody_who_may_not(self, offices, office, head, colleague, who):
        complaint = lodge(office, about=[colleague])
        stranger = works(offices["6571"], "stranger")
        gone = works(office, "gone")
        gone.is_active = False
        gone.save()
        with pytest.raises(handling.NotTheirs):
            handling.assign(
                complaint, {"named": colleague, "stranger": stranger, "gone": gone}[who], by=officer(head)
            )

    def test_about_the_only_supervisor_it_goes_to_the_office_above(self, office, head, province):
        complaint = lodge(office, about=[head])
        assert complaint.place == province
        above = visibility.supervisors(province)[0]
        assert seen(above, province, Role.SUPERVISOR) == [complaint.number]
        assert Outgoing.objects.filter(kind="complaint_new").values_list("to", flat=True).get() == above.email

    def test_named_later_it_goes_up_as_well(self, office, head, province):
        complaint = lodge(office)
        handling.classify(complaint, about=[head], by=SYSTEM)
        assert fresh(complaint).place == province

    def test_with_nobody_above_it_waits_where_it_is(self, office, head):
        complaint = lodge(office, about=[head])
        assert complaint.place == office
        assert seen(head, office, Role.SUPERVISOR) == []
        assert not Outgoing.objects.filter(kind="complaint_new").exists()

    def test_late_the_supervisor_above_sees_it_too(self, office, head, province):
        complaint = lodge(office)
        Complaint.objects.update(escalated_to=province)
        above = visibility.supervisors(province)[0]
        assert (
            seen(above, province, Role.SUPERVISOR)
            == seen(head, office, Role.SUPERVISOR)
            == [complaint.number]
        )


class TestWhoseItIs:
    def test_reading_it_is_written_down(self, office, head):
        complaint = lodge(office, person=ANI, privacy="confidential")
        assert visibility.identity(complaint, by=officer(head)).name == "Ani Rahma"
        entry = AuditEntry.objects.get(action="read", target_id=complaint.pk)
        assert (entry.user_id, entry.detail) == (head.pk, {"why": "identity"})

    def test_an_anonymous_one_leads_to_nobody(self, office, head, colleague):
        """Nothing in any table of ours joins it to the person, the visit, the account or the device."""
        visit = arrive(office)
        before = {model: set(model.objects.values_list("pk", flat=True)) for model in ours()}
        complaint, _secret = lodging.lodge(
            office=office, text="Tidak ramah", channel="phone", privacy="anonymous", person=ANI, account=colleague,
            received=visit.main, consultation="K7411-26-00001", about=[head], by=Actor("visitor", user_id=colleague.pk),
        )  # fmt: skip
        complainant.reply(complaint, "Dan lama", by=officer(colleague))
        complainant.withdraw(complaint, by=officer(colleague))
        assert (complaint.received, complaint.consultation, complaint.service) == (
            None,
            "",
            visit.main.service,
        )
        assert not Identity.objects.exists()
        written = [
            row
            for model in ours()
            for row in json.loads(serializers.serialize("json", model.objects.exclude(pk__in=before[model])))
        ]
        assert {row["model"] for row in written} >= {
            "complaints.complaint",
            "complaints.message",
            "audit.auditentry",
        }
        text = json.dumps(written)
        assert not any(value in text for value in [*ANI.values(), visit.token])
        people = {"by_user", "user", "account", "entered_by", "visitor", "received", "device", "by_device"}
        assert [row for row in written for name in people if row["fields"].get(name)] == []

    def test_no_mail_goes_to_an_anonymous_one(self, office, head):
        complaint = lodge(office, person=ANI, privacy="anonymous")
        handling.answer(complaint, "Maaf.", by=officer(head))
        assert not Outgoing.objects.filter(to=ANI["email"]).exists()

    def test_no_words_and_no_name_in_a_mail_to_officers_or_in_a_subject(self, office, head):
        complaint = lodge(office, person=ANI, text="Rahasia sekali")
        handling.answer(complaint, "Jawaban panjang", by=officer(head))
        complainant.reply(complaint, "Belum cukup", by=VISITOR)
        mails = Outgoing.objects.all()
        assert {m.kind for m in mails} == {
            "complaint_receipt",
            "complaint_new",
            "complaint_answered",
            "complaint_wrote",
        }
        for mail in mails:
            words = mail.subject + (mail.text + mail.html if mail.to != ANI["email"] else "")
            assert not any(secret in words for secret in ("Rahasia", "Ani", "ani@", "Jawaban", "Belum cukup"))


def ours():
    names = ("complaints", "audit", "guestbook", "mail", "queueing", "accounts", "ratings", "consultation")
    return [model for name in names for model in apps.get_app_config(name).get_models()]
