"""A flood from one place: slowed, told once, set aside together and taken back; the honest are not touched by it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from complaints import flood
from complaints.models import Arrival, Complaint, Flood
from complaints.workflows import complainant
from services.accounts import limits
from services.audit.actors import VISITOR
from services.audit.models import AuditEntry
from services.mail.models import Outgoing
from services.offices.models import Office
from tests.complaints.support import fresh
from tests.guestbook.support import arrive

URL = "/7411/pengaduan/"
LIMIT = limits.LIMITS["complaint"]


@pytest.fixture
def behind_proxy(settings):
    settings.TRUSTED_PROXY = True


def send(address: str, text: str, url: str = URL, **form):
    return Client().post(url, {"text": text, "privacy": "anonymous", **form}, HTTP_X_FORWARDED_FOR=address)


def kinds() -> list[str]:
    return list(Outgoing.objects.order_by("kind").values_list("kind", flat=True).distinct())


@pytest.mark.usefixtures("behind_proxy")
def test_three_hundred_from_one_address_and_fifty_honest_ones(office, head):
    flooded = [send("203.0.113.9", f"Banjir {k}").status_code for k in range(200)]
    honest = [send(f"198.51.100.{k}", f"Sungguh {k}").status_code for k in range(50)]
    flooded += [send("203.0.113.9", f"Banjir {k}").status_code for k in range(200, 300)]
    assert (flooded.count(200), flooded.count(429)) == (LIMIT, 300 - LIMIT)
    assert honest == [200] * 50
    found = Flood.objects.get()
    assert (found.complaints.count(), found.held) == (LIMIT - flood.HONEST, 300 - LIMIT)
    assert not found.complaints.filter(text__startswith="Sungguh").exists()
    assert Outgoing.objects.filter(kind="complaint_flood").count() == 1
    assert Outgoing.objects.filter(kind="complaint_new").count() == flood.HONEST + 50
    assert AuditEntry.objects.filter(action=flood.ACTION).count() == 1
    assert "203.0.113" not in str(list(AuditEntry.objects.values()))


@pytest.mark.usefixtures("behind_proxy")
def test_thirty_people_behind_one_address_are_no_flood(office, head):
    assert {send("203.0.113.9", f"Kipas {k}").status_code for k in range(30)} == {200}
    assert not Flood.objects.exists()
    assert "complaint_flood" not in kinds()


@pytest.mark.usefixtures("behind_proxy")
def test_an_anonymous_and_a_named_complaint_of_one_place_are_joined_by_nothing(office):
    """Under the limit nothing says that they came from the same place; only from the eleventh of an hour on."""
    for k in range(flood.HONEST - 1):
        send("203.0.113.9", f"Kipas {k}")
    send("203.0.113.9", "Lampu", privacy="open", name="Ani", email="ani@example.test")
    assert (Complaint.objects.count(), Arrival.objects.count()) == (flood.HONEST, 0)
    send("203.0.113.9", "Yang kesebelas")
    assert Arrival.objects.get().complaint.text == "Yang kesebelas"


@pytest.mark.usefixtures("behind_proxy")
def test_who_holds_a_ticket_gets_through_while_the_wifi_is_flooded(office, monkeypatch):
    monkeypatch.setitem(limits.LIMITS, "complaint", 1)
    assert [send("203.0.113.9", f"Banjir {k}").status_code for k in range(3)] == [200, 429, 429]
    page = reverse("complaints:from_visit", args=[arrive(office).token])
    answers = [send("203.0.113.9", f"Sungguh {k}", page).status_code for k in range(6)]
    assert answers == [200] * 5 + [429]
    assert not Arrival.objects.filter(
        complaint__text__startswith="Sungguh"
    ).exists()  # it would lead to the visit


def test_the_tablet_is_counted_for_itself(office, make_device, monkeypatch):
    monkeypatch.setitem(limits.LIMITS, "complaint", 2)
    for _n in range(3):
        Client().post(URL, {"text": f"Banjir {_n}"})
    _device, secret = make_device(office, "kiosk")
    tablet = Client()
    tablet.cookies["pst_device_kiosk"] = secret
    answers = [tablet.post(reverse("complaints:kiosk"), {"text": f"Kipas {k}"}).status_code for k in range(3)]
    assert answers == [200, 200, 429]
    assert Flood.objects.count() == 2


def test_one_mailbox_gets_few_receipts_of_what_others_lodge_in_its_name(office):
    for k in range(7):
        Client().post(URL, {"text": f"Kipas {k}", "email": "korban@example.test"})
    assert Complaint.objects.count() == 7
    assert Outgoing.objects.filter(to="korban@example.test").count() == limits.LIMITS["complaint receipt"]


class TestAside:
    @pytest.fixture(autouse=True)
    def flooded(self, office, head, monkeypatch):
        monkeypatch.setitem(limits.LIMITS, "complaint", 4)
        monkeypatch.setattr(flood, "HONEST", 0)
        for k in range(6):
            Client().post(URL, {"text": f"Banjir {k}", "email": "a@example.test"})
        self.flood = Flood.objects.get()
        self.page = reverse("complaints:flood", args=[self.flood.pk])

    def test_the_list_leads_there_and_one_action_sets_all_aside(self, chief, office):
        assert self.page in chief.get(reverse("complaints:list")).content.decode()
        page = chief.get(self.page).content.decode()
        assert "Banjir 0" in page
        keys = list(self.flood.complaints.values_list("pk", flat=True))
        sent = Outgoing.objects.count()
        assert chief.post(self.page, {"do": "aside", "pengaduan": keys[1:]}).status_code == 302
        states = dict(self.flood.complaints.values_list("pk", "state"))
        assert states == {keys[0]: "received", **dict.fromkeys(keys[1:], "set_aside")}
        assert not Complaint.objects.filter(state="set_aside").exclude(due_at=None).exists()
        assert AuditEntry.objects.filter(action="complaint.set_aside", actor="officer").count() == 3
        before = Complaint.objects.get(pk=keys[0]).due_at
        chief.post(self.page, {"do": "back", "pengaduan": keys})
        assert set(self.flood.complaints.values_list("state", "due_at")) == {("received", before)}
        assert Outgoing.objects.count() == sent  # nobody gets a mail for either

    def test_of_one_without_a_name_no_hour_is_told(self, chief):
        shown = r"<span class=\"muted small\">[0-9]{2}\.[0-9]{2}</span>"
        assert len(re.findall(shown, chief.get(self.page).content.decode())) == 4
        self.flood.complaints.update(privacy="anonymous")
        assert not re.findall(shown, chief.get(self.page).content.decode())

    def test_what_somebody_handles_or_what_is_of_no_flood_stays(self, chief, office, head):
        kept, of_none, *_more = Complaint.objects.order_by("pk")
        Complaint.objects.filter(pk=kept.pk).update(handler=head)
        Complaint.objects.filter(pk=of_none.pk).update(flood=None)
        chief.post(self.page, {"do": "aside", "pengaduan": [kept.pk, of_none.pk]})
        assert not Complaint.objects.filter(state="set_aside").exists()

    def test_the_complainant_who_replies_is_read_again(self, chief):
        one = Complaint.objects.first()
        chief.post(self.page, {"do": "aside", "pengaduan": [one.pk]})
        complainant.reply(fresh(one), "Ini sungguh", by=VISITOR)
        found = fresh(one)
        assert (found.state, found.ended_at, found.due_at is None) == ("received", None, False)

    def test_whom_it_is_about_finds_none_of_it_there(self, chief, head):
        Complaint.objects.first().about.set([head])
        assert chief.get(self.page).content.decode().count('name="pengaduan"') == 3

    def test_one_that_was_being_stored_while_the_flood_began_is_found_with_the_others(self, office):
        late = self.flood.complaints.latest("pk")
        Complaint.objects.filter(pk=late.pk).update(flood=None)
        flood.forget(timezone.now())
        assert self.flood.complaints.filter(pk=late.pk).exists()

    def test_an_hour_later_it_is_not_known_from_where(self, office):
        at = timezone.now()
        flood.forget(at)
        assert Arrival.objects.count() == 4
        flood.forget(at + timedelta(hours=1, minutes=1))
        assert not Arrival.objects.exists()
        assert not Flood.objects.exclude(source="").exists()
        assert self.flood.complaints.count() == 4
        flood.forget(at + timedelta(days=31))
        assert (Flood.objects.count(), Complaint.objects.count()) == (0, 4)


def test_a_flood_told_again_after_an_hour_while_it_goes_on(office, monkeypatch):
    monkeypatch.setitem(limits.LIMITS, "complaint", 1)
    for k in range(3):
        Client().post(URL, {"text": f"Banjir {k}"})
    AuditEntry.objects.filter(action=flood.ACTION).update(at=timezone.now() - timedelta(hours=1))
    flood.held(Office.objects.get(code="7411"), Flood.objects.get().source)
    assert AuditEntry.objects.filter(action=flood.ACTION).count() == 2
    assert Flood.objects.get().held == 3
    assert mail.outbox == []
