"""The desk: who finds what in the list, what the page shows to whom, and that nothing typed is lost."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from complaints.models import Complaint, ComplaintRules
from complaints.workflows import ending, handling
from services.accounts.models import Role
from services.audit.models import AuditEntry
from tests.complaints.support import browser, fresh, lodge, officer, works

LIST = reverse("complaints:list")
ANI = {"name": "Ani Rahma", "email": "ani@example.test"}


def page(complaint, name="detail"):
    return reverse(f"complaints:{name}", args=[complaint.pk])


def shown(client, **asked) -> list[str]:
    return re.findall(r'case-what"><a href="[^"]+">([^<]+)<', client.get(LIST, asked).content.decode())


class TestList:
    def test_what_is_due_first_stands_on_top_and_late_is_marked(self, office, chief):
        late = lodge(office, "2026-01-05 10:00", text="lama")
        soon, later = (lodge(office, when, text=when) for when in ("2126-01-05 10:00", "2126-02-05 10:00"))
        assert shown(chief) == [late.number, soon.number, later.number]
        assert chief.get(LIST).content.decode().count("is-late") == 1

    def test_tabs_and_filters(self, office, chief, head):
        mine, waiting, over = (lodge(office, text=t) for t in "abc")
        handling.assign(mine, head, by=officer(head))
        handling.classify(
            waiting,
            kind="suggestion",
            element="U8",
            service=office.services.get(slug="library"),
            reference="LAPOR-77",
            by=officer(head),
        )
        handling.ask_completion(waiting, "Apa?", by=officer(head))
        ending.close(over, "Bukan kami", by=officer(head))
        assert shown(chief) == shown(chief, lihat="saya") == [mine.number]
        assert shown(chief, lihat="menunggu") == [waiting.number]
        assert shown(chief, lihat="selesai") == [over.number]
        assert len(shown(chief, lihat="semua")) == 3
        for asked in (
            {"jenis": "suggestion"},
            {"unsur": "U8"},
            {"layanan": "library"},
            {"q": "lapor-77"},
            {"q": waiting.number[-4:]},
        ):
            assert shown(chief, lihat="semua", **asked) == [waiting.number], asked
        assert shown(chief, lihat="semua", jenis="nonsense") != []

    def test_a_frontliner_sees_their_own_and_how_many_others(self, office, head, colleague):
        theirs, about, other = (lodge(office, text=t) for t in "abc")
        handling.assign(theirs, colleague, by=officer(head))
        handling.classify(about, about=[colleague], by=officer(head))
        desk = browser(colleague)
        assert shown(desk, lihat="semua") == [theirs.number]
        assert "1 pengaduan lain" in desk.get(LIST).content.decode()
        assert [desk.get(page(c)).status_code for c in (theirs, about, other)] == [200, 404, 404]

    def test_no_words_and_no_name_in_the_list(self, office, chief):
        lodge(office, text="Rahasia sekali", person=ANI)
        text = chief.get(LIST).content.decode()
        assert "Rahasia sekali" not in text
        assert "Ani" not in text

    def test_pages(self, office, chief):
        for n in range(26):
            lodge(office, text=str(n))
        assert len(shown(chief)) == 25
        assert len(shown(chief, page="2")) == 1

    def test_the_fragment_is_the_rows_only(self, office, chief):
        lodge(office)
        text = chief.get(LIST, headers={"HX-Request": "true"}).content.decode()
        assert "case-what" in text
        assert "<h1" not in text


class TestIdentity:
    def test_an_open_one_is_shown_and_the_look_is_written_down(self, office, chief):
        text = chief.get(page(lodge(office, person=ANI))).content.decode()
        assert "Ani Rahma" in text
        assert AuditEntry.objects.filter(action="read", detail__why="identity").count() == 1

    def test_a_confidential_one_behind_a_button_each_look_written_down(self, office, chief, head):
        complaint = lodge(office, person=ANI, privacy="confidential")
        text = chief.get(page(complaint)).content.decode()
        assert "Ani Rahma" not in text
        assert "Tampilkan identitas" in text
        assert not AuditEntry.objects.filter(detail__why="identity").exists()
        for n in (1, 2):
            text = chief.post(page(complaint, "identity")).content.decode()
            assert "ani@example.test" in text
            assert AuditEntry.objects.filter(user=head, detail__why="identity").count() == n
        assert chief.get(page(complaint, "identity")).status_code == 405

    def test_an_anonymous_one_says_so(self, office, chief):
        text = chief.get(page(lodge(office, privacy="anonymous"))).content.decode()
        assert "Tanpa nama" in text
        assert "Tampilkan identitas" not in text


class TestWork:
    @pytest.fixture
    def complaint(self, office, chief):
        return lodge(office)

    def do(self, client, complaint, **form):
        return client.post(page(complaint, "manage"), {"was": fresh(complaint).state, **form})

    def test_sorted_given_asked_answered_closed(self, office, complaint, chief, head, colleague):
        service = office.services.get(slug="library")
        form = {
            "do": "classify",
            "kind": "supervisory",
            "element": "U7",
            "service": service.pk,
            "happened_on": "2026-06-01",
            "reference": "S-1",
        }
        assert self.do(chief, complaint, **form).status_code == 302
        assert self.do(chief, complaint, do="assign", officer=colleague.pk).status_code == 302
        found = fresh(complaint)
        assert (found.kind, found.element, found.service, found.handler, found.state) == (
            "supervisory",
            "U7",
            service,
            colleague,
            "handled",
        )
        desk = browser(colleague)
        for what, state in (
            ("note", "handled"),
            ("say", "handled"),
            ("ask", "incomplete"),
            ("answer", "answered"),
            ("close", "closed"),
        ):
            form = {"what": what, "body": f"Kata {what}", "was": fresh(complaint).state}
            assert desk.post(page(complaint), form).status_code == 302
            assert fresh(complaint).state == state
        text = desk.get(page(complaint)).content.decode()
        assert all(f"Kata {what}" in text for what in ("note", "say", "ask", "answer", "close"))
        assert self.do(desk, complaint, do="reopen", why="keliru").status_code == 302
        assert fresh(complaint).state == "handled"

    @pytest.mark.parametrize("do", ["assign", "forward", "link", "unlink", "give", "publish"])
    def test_what_only_a_supervisor_decides(self, complaint, head, colleague, do):
        handling.assign(complaint, colleague, by=officer(head))
        desk = browser(colleague)
        assert self.do(desk, complaint, do=do, officer=colleague.pk).status_code == 403
        assert f'value="{do}"' not in desk.get(page(complaint, "manage")).content.decode()

    def test_naming_oneself_takes_it_out_of_ones_sight(self, office, complaint, chief, head):
        works(office, "second", Role.SUPERVISOR)
        response = chief.post(
            page(complaint, "manage"), {"do": "classify", "kind": "service", "about": [head.pk]}
        )
        assert response.headers["Location"] == LIST
        assert chief.get(page(complaint)).status_code == 404

    def test_whom_it_is_about_is_offered_for_nothing(self, complaint, chief, head, colleague):
        handling.classify(complaint, about=[colleague], by=officer(head))
        text = chief.get(page(complaint, "manage")).content.decode()
        for field in ("assign_officer", "plan_officer"):
            choices = re.search(rf'id="{field}".*?</select>', text, re.S)[0]
            assert f'value="{colleague.pk}"' not in choices
        assert self.do(chief, complaint, do="assign", officer=colleague.pk).status_code == 422

    def test_up_to_the_office_above(self, complaint, chief, province):
        form = {"do": "forward", "place": province.code, "why": "wewenang provinsi"}
        assert self.do(chief, complaint, **form).headers["Location"] == LIST
        assert fresh(complaint).place == province
        assert chief.get(page(complaint)).status_code == 404

    def test_linked_and_unlinked_by_number(self, office, complaint, chief, head):
        other = lodge(office, text="lain")
        hidden = lodge(office, text="tentang penyelia", about=[head])
        assert self.do(chief, complaint, do="link", number=hidden.number).status_code == 422
        self.do(chief, complaint, do="link", number=other.number.lower())
        assert fresh(complaint).duplicate_of == other
        assert other.number in chief.get(page(complaint)).content.decode()
        self.do(chief, complaint, do="unlink")
        assert fresh(complaint).duplicate_of is None

    def test_an_action_with_owner_date_and_proof(self, complaint, chief, colleague):
        self.do(chief, complaint, do="assign", officer=colleague.pk)  # who does not read it is not asked
        form = {"do": "plan", "what": "Ganti kipas", "officer": colleague.pk, "due_on": "2099-01-01"}
        assert self.do(chief, complaint, **{**form, "due_on": "2020-01-01"}).status_code == 422
        for end in ("0001-01-01", "9999-12-31"):
            told = self.do(chief, complaint, **{**form, "due_on": end})
            assert (told.status_code, "Tahun dari 2000" in told.content.decode()) == (422, True)
        assert self.do(chief, complaint, **form).status_code == 302
        action = complaint.actions.get()
        assert self.do(chief, complaint, do="finish", action=action.pk, proof="").status_code == 422
        self.do(chief, complaint, do="finish", action=action.pk, proof="Nota 12")
        action.refresh_from_db()
        assert (action.owner, action.proof, action.done_at is None) == (colleague, "Nota 12", False)
        assert "Nota 12" in chief.get(page(complaint)).content.decode()

    @pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
    def test_a_day_at_either_end_of_the_calendar_is_told_at_the_field(self, complaint, chief, day):
        form = {"do": "classify", "kind": "service", "happened_on": day}
        told = self.do(chief, complaint, **form)
        assert (told.status_code, "Tahun dari 2000" in told.content.decode()) == (422, True)
        assert fresh(complaint).happened_on is None

    def test_published_and_taken_back(self, complaint, chief):
        self.do(chief, complaint, do="publish", said="Panas", did="Kipas baru")
        assert fresh(complaint).published_at
        self.do(chief, complaint, do="publish", said="Panas", did="")
        assert fresh(complaint).published_at is None

    def test_what_was_typed_stays_when_a_colleague_was_faster_and_goes_through_when_sent_again(
        self, complaint, chief, head
    ):
        form = {"what": "answer", "body": "Panjang lebar", "was": "received"}
        handling.assign(complaint, head, by=officer(head))
        response = chief.post(page(complaint), form)
        text = response.content.decode()
        assert response.status_code == 422
        assert "Panjang lebar" in text
        assert 'name="was" value="handled"' in text
        assert chief.post(page(complaint), {**form, "was": "handled"}).status_code == 302
        assert complaint.messages.filter(body="Panjang lebar").count() == 1

    @pytest.mark.parametrize(
        "form",
        [
            {"do": "assign", "officer": "999999"},
            {"do": "classify", "kind": "x"},
            {"do": "forward", "place": "9999", "why": "x"},
        ],
    )
    def test_choices_that_are_none_are_told(self, complaint, chief, form):
        assert self.do(chief, complaint, **form).status_code == 422

    def test_late_the_province_sees_it_and_answers(self, office, chief, province):
        from complaints import rounds
        from complaints.visibility import supervisors

        complaint = lodge(office, "2026-01-05 10:00", kind="information")
        above = browser(supervisors(province)[0])
        assert shown(above) == []
        rounds.escalate_late(complaint.created_at.replace(year=2027))
        assert shown(above) == [complaint.number]
        assert above.post(page(complaint), {"what": "answer", "body": "Dari provinsi"}).status_code == 302
        assert fresh(complaint).state == "answered"


class TestRules:
    URL = reverse("complaints:rules")

    def filled(self, **more):
        form = {
            name: ComplaintRules.law(name) for name in (*ComplaintRules.OFFICES, *ComplaintRules.COMPLAINANTS)
        }
        return {**form, **more}

    def test_the_defaults_are_shown_and_stricter_ones_kept(self, office, chief):
        assert 'value="60"' in chief.get(self.URL).content.decode()
        for days in (3, 2):
            assert chief.post(self.URL, self.filled(first_answer_days=days)).status_code == 302
        assert ComplaintRules.objects.get().first_answer_days == 2
        assert AuditEntry.objects.filter(action="setting.complaints").first().detail == {
            "changed": {"first_answer_days": [3, 2]}
        }

    @pytest.mark.parametrize("name", ComplaintRules.OFFICES)
    def test_nobody_gives_the_office_more_than_the_law(self, chief, name):
        for days in (ComplaintRules.law(name) + 1, 0):
            assert chief.post(self.URL, self.filled(**{name: days})).status_code == 422
        assert not ComplaintRules.objects.exists()

    @pytest.mark.parametrize("name", ComplaintRules.COMPLAINANTS)
    def test_nobody_gives_the_complainant_less(self, chief, name):
        assert chief.post(self.URL, self.filled(**{name: ComplaintRules.law(name) - 1})).status_code == 422
        assert chief.post(self.URL, self.filled(**{name: ComplaintRules.law(name) + 5})).status_code == 302


class TestEntry:
    URL = reverse("complaints:entry")

    @pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
    def test_a_day_at_either_end_of_the_calendar_is_told_at_the_field(self, office, colleague, day):
        form = {"channel": "box", "kind": "service", "privacy": "open", "text": "Surat", "happened_on": day}
        told = browser(colleague).post(self.URL, form)
        assert (told.status_code, "Tahun dari 2000" in told.content.decode()) == (422, True)

    def test_written_down_and_out_of_ones_sight(self, office, head, colleague):
        desk = browser(colleague)
        text = desk.post(self.URL, {
            "channel": "box", "kind": "service", "privacy": "open", "text": "Surat", "reference": "L-12", "name": "Ani",
        }).content.decode()  # fmt: skip
        found = Complaint.objects.get()
        assert (found.channel, found.reference, found.entered_by, found.identity.name) == (
            "box",
            "L-12",
            colleague,
            "Ani",
        )
        assert found.number in text
        assert "data-complaint-secret" in text
        assert "Anda tidak melihatnya lagi" in text
        assert desk.get(page(found)).status_code == 404

    def test_a_supervisor_may_open_it(self, office, chief):
        text = chief.post(
            self.URL, {"channel": "call", "kind": "service", "privacy": "open", "text": "Telepon"}
        ).content.decode()
        assert page(Complaint.objects.get()) in text

    def test_without_a_name_it_leads_neither_to_the_person_nor_to_who_wrote_it(self, office, colleague):
        browser(colleague).post(
            self.URL,
            {"channel": "box", "kind": "service", "privacy": "anonymous", "text": "Surat", "name": "Ani"},
        )
        found = Complaint.objects.get()
        assert found.entered_by is None
        assert not hasattr(found, "identity")
        assert not AuditEntry.objects.filter(target_type="complaints.complaint").exclude(user=None).exists()

    def test_the_clocks_run_from_when_it_came_in(self, office, colleague):
        from datetime import timedelta

        from django.utils import timezone

        came = office.local(timezone.now() - timedelta(days=3))
        form = {
            "channel": "email",
            "email": "ani@example.test",
            "kind": "service",
            "privacy": "open",
            "text": "Surat",
            "when": f"{came:%Y-%m-%dT%H:%M}",
        }
        browser(colleague).post(self.URL, form)
        found = Complaint.objects.get()
        assert abs((found.created_at - came).total_seconds()) < 60
        for wrong in (came + timedelta(days=4), came - timedelta(days=90)):
            answer = browser(colleague).post(self.URL, {**form, "when": f"{wrong:%Y-%m-%dT%H:%M}"})
            assert answer.status_code == 422

    def test_the_channels_are_called_as_the_standard_calls_them(self, office, colleague):
        text = browser(colleague).get(self.URL).content.decode()
        published = office.services.filter(active=True).first().standard.rules.complaint_channels
        box = next(c for c in published if c["kind"] in ("email", "whatsapp", "box") and c.get("value"))
        assert box["value"] in text

    def test_about_an_officer_it_is_not_theirs_to_read(self, office, head, colleague):
        browser(colleague).post(
            self.URL,
            {"channel": "box", "kind": "service", "privacy": "open", "text": "Surat", "about": [head.pk]},
        )
        assert browser(head).get(page(Complaint.objects.get())).status_code == 404
