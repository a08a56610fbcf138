"""Today, and offices side by side."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from complaints.models import Complaint
from complaints.workflows import lodging
from pst.panel.offices import rows as lines
from pst.panel.today import figures
from pst.panel.today.figures import Figures
from queueing import devices as equipment
from queueing.models import Printer
from queueing.workflows import counters, desk
from queueing.workflows.issue import issue
from services.accounts.models import Device, Membership
from services.audit.actors import SYSTEM, VISITOR, Actor
from services.guestbook.models import VisitService
from services.mail.models import Outgoing
from services.offices.models import Office, Service
from services.ratings.models import Rating
from tests.accounts.world import BACKEND, sign
from tests.conftest import new_user
from tests.consultation.support import ask

pytestmark = pytest.mark.django_db


def login(user) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


@pytest.fixture
def chief(make_user, office):
    return make_user(office, role="supervisor")


def of(office, now=None) -> Figures:
    return figures.of_offices([office], Complaint.objects.all(), now or timezone.now())[office.pk]


class TestFigures:
    def test_a_small_morning_counted_by_hand(self, office, library, consultation, chief, counter):
        by = Actor("officer", user_id=chief.pk)
        tickets = [
            issue(office=office, service=library, submission=f"t{n}", by=SYSTEM, party_size=n + 1)
            for n in range(3)
        ]
        counters.open_counter(counter, by=by)
        tickets[0].refresh_from_db()
        desk.call_chosen(counter, tickets[0], by=by)
        sign(tickets[1].received.visit, by)
        late = timezone.now() - timedelta(minutes=9)
        VisitService.objects.filter(pk=tickets[1].received.pk).update(
            clock_result="running", clock_started_at=late, clock_due_at=late + timedelta(minutes=5)
        )
        found = of(office)
        assert (found.waiting, found.serving, found.late, found.visits) == (
            1 + 3,
            1,
            1,
            3,
        )  # whoever signed came alone
        assert found.oldest_start == late
        assert found.next_due is None
        assert (found.counters_open, found.counters_paused) == (1, 0)
        page = login(chief).get(reverse("panel:today")).content.decode()
        assert "A002, janji 5 menit: terlambat 4 menit" in page
        assert "1 lewat janji" in page
        waiting = login(chief).get(reverse("queueing:visits") + "?hasil=waiting")
        assert {row.visit.number for row in waiting.context["page"]} == {"A002", "A003"}
        serving = login(chief).get(reverse("queueing:visits") + "?hasil=serving")
        assert {row.visit.number for row in serving.context["page"]} == {"A001"}

    def test_devices_in_trouble_are_those_the_list_warns_of(self, office):
        now = timezone.now()
        long_ago, just_now = now - timedelta(minutes=5), now - timedelta(seconds=20)
        cases = [
            (None, long_ago, ""),
            (None, just_now, ""),
            (long_ago, long_ago, ""),
            (just_now, long_ago, ""),
            (just_now, long_ago, "sound"),
        ]
        for n, (seen, paired, fault) in enumerate(cases):
            Device.objects.create(
                office=office,
                purpose="kiosk",
                name=f"T{n}",
                secret_hash=f"{n}",
                paired_at=paired,
                last_seen_at=seen,
                fault=fault,
            )
        Device.objects.create(
            office=office, purpose="kiosk", name="lama", secret_hash="r", paired_at=long_ago, revoked_at=now
        )
        for n, (active, fault) in enumerate(((True, "no_paper"), (False, "no_paper"), (True, ""))):
            Printer.objects.create(
                office=office, name=f"P{n}", host="127.0.0.1", active=active, fault=fault, fault_at=now
            )
        warned = [p for p in equipment.equipment(office, now) if p.level in ("warn", "danger")]
        assert of(office, now).devices == len(warned) == 4

    def test_no_single_rating_follows_from_the_mean_of_today_before_and_after_it(self, office, chief):
        """Looked at after each: the number moves by one, the mean by five at a time."""
        said = []
        for n, stars in enumerate([4, 4, 4, 4, 4, 1, 5, 1, 1, 2, 3]):
            at = timezone.now() - timedelta(
                seconds=n
            )  # in the order they were written, whatever their clock says
            Rating.objects.create(
                office=office, stars=stars, channel="tablet", at=at, about="download", about_pk=n
            )
            found = of(office)
            said.append((found.ratings, found.mean))
        assert said == [(n, None if n < 5 else 4 if n < 10 else 3) for n in range(1, 12)]
        assert (
            "rata-rata 3,0 dari 5 (10 penilaian pertama)"
            in login(chief).get(reverse("panel:today")).content.decode()
        )

    def test_a_mean_of_fewer_than_five_is_not_told(self, office, chief):
        for n in range(5):
            Rating.objects.create(
                office=office, stars=4, channel="tablet", at=timezone.now(), about="download", about_pk=n
            )
            assert of(office).mean == (4 if n == 4 else None)
        page = login(chief).get(reverse("panel:today"))
        assert "rata-rata 4" in page.content.decode()
        tile = next(t for g in page.context["groups"] for t in g.tiles if t.key == "ratings")
        behind = login(chief).get(tile.url)
        assert behind.context["page"].paginator.count == int(tile.value) == 5
        assert [n for _key, _text, n in behind.context["rooms"]] == [5, 0]

    def test_a_number_opens_a_list_of_as_many(self, office, chief):
        """Also when one of them is late."""
        now = timezone.now()
        for ago in (timedelta(days=150), timedelta(0)):
            lodging.lodge(office=office, text=f"Kipas {ago}", channel="online", at=now - ago, by=VISITOR)
            ask(office, now - ago)
        tiles = {
            t.key: t for g in login(chief).get(reverse("panel:today")).context["groups"] for t in g.tiles
        }
        for key in ("complaints", "consultations"):
            assert tiles[key].level == "danger"
            behind = login(chief).get(tiles[key].url)
            assert behind.context["page"].paginator.count == int(tiles[key].value) == 2, key

    def test_an_office_that_serves_nobody_says_so(self, office):
        above = new_user(office.parent, role="supervisor")
        page = login(above).get(reverse("panel:today"))
        assert "Lihat kantor yang Anda awasi" in page.content.decode()
        assert "lockers" not in {t.key for g in page.context["groups"] for t in g.tiles}

    def test_a_complaint_about_whoever_looks_is_not_even_counted(self, office, chief, make_user):
        other = make_user(office, role="supervisor")
        row, _secret = lodging.lodge(office=office, text="Lama", channel="online", by=VISITOR)
        row.about.add(chief)
        seen = {}
        for user in (chief, other):
            page = login(user).get(reverse("panel:today"))
            tiles = [t for g in page.context["groups"] for t in g.tiles if t.key == "complaints"]
            seen[user] = tiles[0].value
        assert seen == {chief: "0", other: "1"}

    def test_a_failed_mail_about_a_complaint_one_may_not_read_is_not_counted(self, office, chief, make_user):
        other = make_user(office, role="supervisor")
        row, _secret = lodging.lodge(office=office, text="A", channel="online", by=VISITOR, about=[chief])
        Outgoing.objects.create(
            office=office, kind="x", to="a@b.id", language="id", subject="s", message_id="m", state="dead",
            created_at=timezone.now(), about_type="complaints.complaint", about_id=row.pk,
        )  # fmt: skip
        seen = {}
        for user in (chief, other):
            page = login(user).get(reverse("panel:today"))
            seen[user] = next(t.value for g in page.context["groups"] for t in g.tiles if t.key == "mails")
        assert seen == {chief: "0", other: "1"}

    def test_failed_mail_leads_to_its_room_and_the_fragment_comes_alone(self, office, chief):
        now = timezone.now()
        Outgoing.objects.create(
            office=office,
            kind="x",
            to="a@b.id",
            language="id",
            subject="s",
            message_id="m",
            state="dead",
            created_at=now,
        )
        answer = login(chief).get(reverse("panel:today"), headers={"HX-Request": "true"})
        text = answer.content.decode()
        assert "<html" not in text
        assert f"{reverse('panel:mail')}?status=gagal" in text


class TestOffices:
    def test_who_oversees_what(self, offices, client):
        province = offices["7411"].parent
        above = new_user(province, role="supervisor")
        shown = {line.office.code for line in login(above).get(reverse("panel:offices")).context["page"]}
        assert shown == {"7411"}
        regency = new_user(offices["1906"], role="supervisor")
        shown = {line.office.code for line in login(regency).get(reverse("panel:offices")).context["page"]}
        assert shown == {"1906"}
        Membership.objects.create(
            user=regency, office=offices["6571"], role="frontliner"
        )  # no supervisor there
        assert {
            line.office.code for line in login(regency).get(reverse("panel:offices")).context["page"]
        } == {"1906"}
        national = new_user(province.parent, role="supervisor")
        assert len(login(national).get(reverse("panel:offices")).context["page"].object_list) == 4

    def test_five_hundred_and_fifty_offices(self, offices):
        province = offices["7411"].parent
        made = Office.objects.bulk_create(
            Office(
                code=f"{5000 + n}",
                parent=province,
                level="regency",
                name=f"BPS Kabupaten {n}",
                area=f"Kabupaten {n}",
            )
            for n in range(546)
        )
        Service.objects.bulk_create(
            Service(office=o, slug="library", name="Perpustakaan", kind="library", prefix="A") for o in made
        )
        bad = made[300]
        ticket = issue(office=bad, service=bad.services.get(), submission="x", by=SYSTEM)
        past = timezone.now() - timedelta(minutes=30)
        VisitService.objects.filter(pk=ticket.received.pk).update(
            clock_minutes=5,
            clock_result="running",
            clock_started_at=past,
            clock_due_at=past + timedelta(minutes=5),
        )
        client = login(new_user(province.parent, role="supervisor"))
        address = reverse("panel:offices")
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address)
        assert len(queries) <= 15, [q["sql"][:90] for q in queries]
        page = answer.context["page"]
        assert page.paginator.count == 550
        assert page[0].office == bad
        assert page[0].troubles == ["1 tamu lewat janji"]
        assert "1 tamu lewat janji" in answer.content.decode()
        found = client.get(f"{address}?cari=Kabupaten+54&urut=kantor&arah=turun").context["page"]
        codes = [line.office.code for line in found]
        assert codes == sorted(codes, reverse=True)
        assert {line.office.area for line in found} == {
            "Kabupaten 54",
            *(f"Kabupaten {n}" for n in range(540, 546)),
        }
        assert [n.office for n in client.get(f"{address}?masalah=on").context["page"]] == [bad]
        assert client.get(f"{address}?urut=apa&page=99").status_code == 200

    def test_what_is_not_known_stands_last_either_way(self, offices):
        shares = {"1373": (9, 1), "1906": (1, 9), "6571": (2, 1), "7411": (5, 5)}
        found = lines.lines(
            offices.values(),
            {o.pk: Figures(kept=shares[c][0], missed=shares[c][1]) for c, o in offices.items()},
        )
        order = [line.office.code for line in lines.in_order(found, "janji", False)]
        assert order == ["1906", "7411", "1373", "6571"]
        assert [line.office.code for line in lines.in_order(found, "janji", True)] == [
            "1373",
            "7411",
            "1906",
            "6571",
        ]
