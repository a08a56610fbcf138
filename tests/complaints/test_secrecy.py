"""Whoever a complaint is about sees nothing of it, by none of the ways that lead around its own pages."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from complaints import own
from complaints.models import Complaint, Identity
from complaints.workflows import acting, ending, handling
from pst.account import closing, records
from pst.privacy import workflows as privacy
from services.accounts.models import Role
from services.audit.actors import SYSTEM
from services.audit.models import AuditEntry
from services.guestbook.models import Visit, Visitor
from services.live.publish import COMPLAINTS
from services.mail.models import Outgoing
from services.workflow import IllegalMove
from tests.account.support import make_account, signed_in
from tests.account.test_pages import close
from tests.complaints.support import browser, fresh, lodge, officer, works
from tests.guestbook.support import arrive

ANI = {"name": "Ani Rahma", "email": "ani@example.test", "phone": "081211112222"}
WORDS = "KepalaKantorMemintaUang"


@pytest.fixture(autouse=True)
def mail(mailbox):
    return mailbox


@pytest.fixture
def ani(office):
    return Visitor.objects.create(office=office, **ANI)


def about_head(office, head, province, **more) -> Complaint:
    found = lodge(office, text=WORDS, about=[head], person=ANI, **more)
    assert found.place == province
    return found


class TestRequestsAboutPersonalData:
    @pytest.mark.parametrize("secrecy", ["open", "confidential"])
    def test_the_desk_is_shown_no_complaint_about_itself(self, office, head, chief, province, ani, secrecy):
        found = about_head(office, head, province, privacy=secrecy)
        mine = lodge(office, text="Kipas mati", person=ANI)
        asked = privacy.receive(ani, kind="access", channel="desk", by=officer(head))
        page = chief.get(reverse("privacy:answer", args=[asked.pk])).content.decode()
        file = chief.post(reverse("privacy:export", args=[asked.pk])).content.decode()
        for shown in (page, file):
            assert WORDS not in shown
            assert found.number not in shown
            assert "Kipas mati" in shown  # what this officer may read anyway
        reads = AuditEntry.objects.filter(action="read", target_type="complaints.complaint", user=head)
        assert set(reads.values_list("target_id", flat=True)) == {mine.pk}
        assert WORDS in json.dumps(privacy.everything(ani, proven=True), default=str)  # to Ani herself

    def test_a_made_up_record_with_the_suspected_mailbox_shows_nothing(self, office, head, chief, province):
        about_head(office, head, province, privacy="confidential")
        made_up = Visitor.objects.create(office=office, name="Siapa Saja", email=ANI["email"])
        asked = privacy.receive(made_up, kind="access", channel="desk", by=officer(head))
        page = chief.get(reverse("privacy:answer", args=[asked.pk])).content.decode()
        assert WORDS not in page

    def test_another_mailbox_written_into_the_record_proves_nothing(self, office, head, province, ani):
        found = about_head(office, head, province)
        Identity.objects.filter(complaint=found).update(visitor=ani)
        Visitor.objects.filter(pk=ani.pk).update(email="head@example.test")
        ani.refresh_from_db()
        assert WORDS not in json.dumps(privacy.everything(ani, proven=True), default=str)

    def test_the_subject_empties_nothing(self, office, head, chief, province, ani):
        found = about_head(office, head, province)
        asked = privacy.receive(ani, kind="erasure", channel="desk", by=officer(head))
        assert (
            chief.post(reverse("privacy:fulfil", args=[asked.pk])).status_code == 302
            or not Visitor.objects.get(pk=ani.pk).name
        )
        kept = fresh(found)
        assert (kept.text, kept.state) == (WORDS, "received")
        assert kept.identity.email == ANI["email"]
        told = Outgoing.objects.get(kind="complaint_kept")
        assert (told.to, told.office) == (ANI["email"], province)
        assert not Visitor.objects.get(pk=ani.pk).name

    def test_whoever_may_read_it_erases_and_ends_it(self, office, head, ani):
        found = lodge(office, text=WORDS, person=ANI)
        handling.assign(found, head, by=officer(head))
        asked = privacy.receive(ani, kind="erasure", channel="desk", by=officer(head))
        privacy.fulfil(asked, by=officer(head))
        after = fresh(found)
        assert (after.state, after.text, after.due_at) == ("closed", "", None)
        assert after.steps.last().why == "erasure"
        assert not Identity.objects.exists()
        with pytest.raises(IllegalMove):
            handling.answer(after, "x", by=officer(head))
        with pytest.raises(IllegalMove):
            ending.reopen(after, why="x", by=officer(head))
        assert not Outgoing.objects.filter(to=ANI["email"]).exists()

    def test_the_persons_own_proven_wish_ends_it_at_the_province_too(self, office, head, province, ani):
        found = about_head(office, head, province)
        asked = privacy.receive(ani, kind="erasure", channel="own", by=SYSTEM)
        privacy.fulfil(asked, by=officer(head))
        after = fresh(found)
        assert (after.state, after.text, after.due_at) == ("closed", "", None)
        assert not Outgoing.objects.filter(kind="complaint_kept").exists()

    def test_the_file_of_the_person_holds_no_internal_matters(self, office, head, ani, settings, tmp_path):
        from django.core.files.uploadedfile import SimpleUploadedFile

        settings.STORAGES = settings.STORAGES | {
            "default": {
                "BACKEND": "django.core.files.storage.FileSystemStorage",
                "OPTIONS": {"location": tmp_path},
            }
        }
        found = lodge(office, person=ANI)
        handling.note(found, "x", files=[SimpleUploadedFile("Saksi Budi.txt", b"a")], by=officer(head))
        handling.say(found, "y", files=[SimpleUploadedFile("Untuk Ani.txt", b"b")], by=officer(head))
        action = acting.plan(
            found, what="Tegur Budi", owner=head, due_on=office.today() + timedelta(3), by=officer(head)
        )
        proof = SimpleUploadedFile("Teguran.txt", b"c")
        acting.finish(action, proof="Budi ditegur", files=[proof], by=officer(head))
        ending.close(found, "z", by=officer(head))
        ending.reopen(found, why="Saksi Budi bilang lain", by=officer(head))
        told = json.dumps(privacy.everything(ani, proven=True), default=str)
        assert "Untuk Ani" in told
        for internal in ("Budi", "Teguran", "Tegur"):
            assert internal not in told


class TestTheListOfMails:
    def test_the_subject_sees_and_drops_none_about_it(self, office, head, chief):
        works(office, "second", Role.SUPERVISOR)  # so it stays in the office
        found = lodge(office, text=WORDS, about=[head], person=ANI)
        for status in ("menunggu", "terkirim", "gagal"):
            page = chief.get(reverse("panel:mail") + f"?status={status}").content.decode()
            for secret in (ANI["email"], found.number, "second@example.test"):
                assert secret not in page
        for row in Outgoing.objects.all():
            assert chief.post(reverse("panel:mail_act", args=[row.pk]), {"do": "drop"}).status_code == 404
        assert Outgoing.objects.filter(office=office).count() == 2
        assert not Outgoing.objects.filter(state="dropped").exists()

    @pytest.mark.parametrize(("secrecy", "shown"), [("open", True), ("confidential", False)])
    def test_the_address_of_a_confidential_one_is_masked(self, office, chief, head, secrecy, shown):
        lodge(office, person=ANI, privacy=secrecy)
        page = chief.get(reverse("panel:mail") + "?status=menunggu").content.decode()
        assert (ANI["email"] in page) == shown
        assert "head@example.test" in page  # an officer's is no secret


class TestLinked:
    @pytest.fixture
    def pair(self, office, head, colleague):
        main, same = lodge(office, text="a"), lodge(office, text=WORDS)
        handling.assign(main, colleague, by=officer(head))
        handling.link(same, main, by=officer(head))
        return main, same

    @pytest.mark.parametrize("named", ["handler", "head"])
    def test_naming_somebody_takes_it_out_of_the_same_hand(
        self, office, head, colleague, province, pair, named
    ):
        main, same = pair
        who = {"handler": colleague, "head": head}[named]
        handling.classify(same, about=[who], by=officer(head))
        handling.answer(main, "Tidak ada masalah.", by=officer(who))
        after = fresh(same)
        assert (after.state, after.handler, after.duplicate_of) == ("received", None, None)
        page = browser(colleague).get(reverse("complaints:detail", args=[main.pk]))
        assert same.number not in page.content.decode()

    def test_an_old_link_does_not_answer_for_whom_it_is_about(self, head, colleague, pair):
        main, same = pair
        same.about.add(colleague)  # as it was left by an earlier version
        handling.answer(main, "Sudah kami tegur.", by=officer(colleague))
        assert fresh(same).state == "received"
        page = browser(colleague).get(reverse("complaints:detail", args=[main.pk])).content.decode()
        assert same.number not in page

    def test_forwarded_it_is_linked_no_more(self, office, head, province, pair):
        main, same = pair
        handling.forward(main, province, why="x", by=officer(head))
        assert fresh(same).duplicate_of is None


class TestScreens:
    def test_the_office_it_is_about_is_not_woken(self, office, head, province, monkeypatch):
        told: list[tuple[str, tuple[str, ...]]] = []
        for module in ("complaints.workflows.changing", "complaints.workflows.handling", "services.workflow"):
            monkeypatch.setattr(f"{module}.publish", lambda code, *topics: told.append((code, topics)))
        found = about_head(office, head, province)
        above = works(province, "above", Role.SUPERVISOR)
        handling.assign(found, above, by=officer(above))
        assert {code for code, _topics in told} == {province.code}
        topics = {topic for _code, topics in told for topic in topics}
        assert COMPLAINTS in topics
        assert not any(topic.endswith(f"-{found.pk}") for topic in topics)


class TestWhoseItIs:
    def test_a_companions_is_not_the_representatives(self, office):
        me = make_account()
        visit = arrive(office)
        rep = Visitor.objects.create(office=office, name=me.name, email=me.email)
        Visit.objects.filter(pk=visit.pk).update(visitor=rep, party_size=15)
        sent = {"text": WORDS, "privacy": "confidential", "name": "Teman", "email": "teman@example.test"}
        Client().post(reverse("complaints:from_visit", args=[visit.token]), sent)
        found = Complaint.objects.get()
        assert found.identity.visitor is None
        assert found not in list(own.of_account(me))
        assert WORDS not in json.dumps(privacy.everything(rep, proven=True), default=str)

    def test_lodged_from_an_account_that_no_guest_book_knows(self, office):
        user = make_account()
        signed_in(user).post("/7411/pengaduan/", {"text": WORDS, "phone": "081299998888"})
        assert WORDS in json.dumps(records.everything(user), default=str)
        closing.close(user, by=SYSTEM, why="owner")
        left = Identity.objects.get()
        assert (left.account, left.name, left.email, left.phone) == (None, "", "", "")
        assert Complaint.objects.get().text == WORDS  # it is handled all the same

    def test_who_gave_only_an_address_sees_and_erases_it_by_that_mailbox(self, office):
        user = make_account()
        found = lodge(office, text=WORDS, person={"email": user.email})
        assert records.everything(user)["complaints"]["complaints.Complaint"][0]["text"] == WORDS
        assert close(signed_in(user), "erase").status_code == 200
        after = fresh(found)
        assert (after.state, after.text) == ("closed", "")
        assert not Identity.objects.exists()

    def test_an_account_closed_by_somebody_elses_request_cuts_no_complainant_off(self, office):
        user = make_account()
        signed_in(user).post("/7411/pengaduan/", {"text": WORDS})
        address = user.email
        closing.close(user, by=SYSTEM, why="erasure")
        assert Identity.objects.get().email == address
