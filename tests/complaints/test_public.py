"""The form anybody may fill in, and what becomes of who they are."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from complaints.models import Complaint, Identity
from services.accounts import limits
from services.audit.models import AuditEntry
from services.guestbook.models import VisitService
from tests.account.support import make_account, signed_in
from tests.complaints.support import works
from tests.guestbook.support import arrive

URL = "/7411/pengaduan/"
ANI = {"name": "Ani", "email": "ani@example.test", "phone": "0812 1111 2222"}


def post(url=URL, client=None, **form):
    return (client or Client()).post(url, {"text": "Kipas mati", **form})


def test_what_is_chosen_and_who_asks_is_kept(office):
    service = office.services.get(slug="library")
    post(
        kind="suggestion",
        privacy="confidential",
        service=service.pk,
        happened_on="2026-06-01",
        about_text="Loket 2",
        **ANI,
    )
    found = Complaint.objects.get()
    assert (found.kind, found.privacy, found.channel, found.service) == (
        "suggestion",
        "confidential",
        "online",
        service,
    )
    assert (str(found.happened_on), found.about_text) == ("2026-06-01", "Loket 2")
    assert (found.identity.name, found.identity.email, found.identity.phone) == tuple(ANI.values())


def test_without_a_name_nothing_of_the_person_is_kept_though_it_was_typed(office):
    visit = arrive(office)
    post(reverse("complaints:from_visit", args=[visit.token]), privacy="anonymous", **ANI)
    found = Complaint.objects.get()
    assert (found.received, found.service) == (None, visit.main.service)
    assert not Identity.objects.exists()
    assert mail.outbox == []


def test_the_receipt_says_whose_turn_and_until_when_by_which_rule(office):
    page = post(kind="information").content.decode()
    rule = re.search(r"data-clock-rule>([^<]+)<", page)[1]
    assert "Paling lambat" in rule
    assert "5 hari kerja" in rule


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"happened_on": "2099-01-01"}, "belum tiba"),
        ({"happened_on": "9999-12-31"}, "tahun dari 2000"),
        ({"happened_on": "0001-01-01"}, "tahun dari 2000"),
        ({"email": "bukan"}, "e-mail"),
        ({"kind": "x"}, "pilihan"),
    ],
)
def test_what_makes_no_sense_is_told_and_the_text_stays(office, form, told):
    response = post(**form)
    assert response.status_code == 422
    page = response.content.decode()
    assert told in page.lower()
    assert "Kipas mati" in page
    assert not Complaint.objects.exists()


class TestFromTheTicket:
    @pytest.fixture
    def visit(self, office):
        visit = arrive(office)
        VisitService.objects.filter(pk=visit.main.pk).update(officer=works(office, "budi"))
        return visit

    def address(self, visit):
        return reverse("complaints:from_visit", args=[visit.token])

    def test_about_who_served_without_naming_them(self, office, visit, head):
        address = self.address(visit)
        assert "budi" not in Client().get(address).content.decode()
        page = post(address, about_served="on")
        assert "budi" not in page.content.decode()
        found = Complaint.objects.get()
        assert [user.name for user in found.about.all()] == ["budi"]
        assert found.channel == "phone"

    def test_nobody_served_yet_nothing_is_asked(self, office):
        assert "petugas yang melayani" not in Client().get(self.address(arrive(office))).content.decode()


class TestFromTheAccount:
    def test_it_is_theirs_and_told_without_the_secret(self, office):
        user = make_account()
        me = signed_in(user)
        post(client=me, phone="0812 1111 2222")
        found = Complaint.objects.get()
        assert (found.channel, found.identity.account, found.identity.email) == ("portal", user, user.email)
        assert found.number in me.get(reverse("account:home")).content.decode()
        page = me.get(reverse("complaints:mine", args=[found.number])).content.decode()
        assert "Kipas mati" in page
        other = signed_in(make_account("lain@rumah.test", "Lain"))
        assert other.get(reverse("complaints:mine", args=[found.number])).status_code == 404

    def test_an_anonymous_one_is_in_no_account(self, office):
        me = signed_in(make_account())
        post(client=me, privacy="anonymous")
        found = Complaint.objects.get()
        assert found.channel == "online"
        assert not Identity.objects.exists()
        assert not AuditEntry.objects.filter(target_type="complaints.complaint").exclude(user=None).exists()
        assert found.number not in me.get(reverse("account:home")).content.decode()
        assert me.get(reverse("complaints:mine", args=[found.number])).status_code == 404

    def test_replying_and_judging_from_the_account(self, office, head):
        from complaints.workflows import handling
        from tests.complaints.support import officer

        me = signed_in(make_account())
        post(client=me)
        found = Complaint.objects.get()
        page = reverse("complaints:mine", args=[found.number])
        assert me.post(page, {"do": "reply", "body": "Lantai dua"}).status_code == 302
        handling.answer(found, "Sudah.", by=officer(head))
        assert me.post(page, {"do": "judge", "stars": "4", "word": "cepat"}).status_code == 302
        found.refresh_from_db()
        assert (found.state, found.satisfied, found.satisfied_word) == ("closed", 4, "cepat")
        assert [(m.channel, m.body) for m in found.messages.filter(who="complainant")] == [
            ("portal", "Lantai dua")
        ]


class TestFlood:
    @pytest.fixture(autouse=True)
    def low(self, monkeypatch):
        monkeypatch.setitem(limits.LIMITS, "complaint", 2)

    def flood(self, n=6):
        return [post(text=f"Banjir {k}") for k in range(n)]

    def test_slowed_told_once_and_the_honest_one_gets_through(self, office, chief):
        answers = self.flood()
        assert [a.status_code for a in answers] == [200, 200, 429, 429, 429, 429]
        assert "Banjir 5" in answers[5].content.decode()
        honest = Client().post(URL, {"text": "Kipas mati"}, REMOTE_ADDR="10.9.9.9")
        assert honest.status_code == 200
        assert Complaint.objects.count() == 3
        told = AuditEntry.objects.filter(action="complaint.flood")
        assert [(e.office, e.detail, e.actor) for e in told] == [(office, {}, "system")]
        assert "terlalu banyak pengaduan" in chief.get(reverse("complaints:list")).content.decode()

    def test_an_hour_later_it_is_told_again_and_the_line_is_gone(self, office, chief):
        self.flood(3)
        AuditEntry.objects.filter(action="complaint.flood").update(at=timezone.now() - timedelta(hours=1))
        assert "terlalu banyak pengaduan" not in chief.get(reverse("complaints:list")).content.decode()
        self.flood(1)
        assert AuditEntry.objects.filter(action="complaint.flood").count() == 2


def test_an_officer_who_complains_on_the_portal_is_nobody_who_wrote_it_down(office, chief):
    post(client=chief)
    assert Complaint.objects.get().entered_by is None


def test_you_said_we_did_is_there_for_everybody_and_names_no_number(office, head):
    from complaints.workflows import handling
    from tests.complaints.support import lodge, officer

    complaint = lodge(office, kind="suggestion", text="Rahasia saya")
    address = reverse("complaints:published", args=["7411"])
    assert "Belum ada" in Client().get(address).content.decode()
    handling.publish_change(complaint, said="Buka Sabtu", did="Buka Sabtu pertama", by=officer(head))
    page = Client().get(address).content.decode()
    assert "Buka Sabtu pertama" in page
    assert complaint.number not in page
    assert "Rahasia saya" not in page
