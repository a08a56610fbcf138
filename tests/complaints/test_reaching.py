"""How word gets to the complainant by each channel, what an officer has to tell themself, and what waits for whom."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from complaints import finding, notices, reaching
from complaints.models import Complaint, Identity
from complaints.workflows import handling
from services.accounts.models import Role
from services.mail.models import Outgoing
from tests.complaints.support import browser, fresh, lodge, officer, works

MAILED = {"email": "ani@example.test"}
CALLED = {"phone": "0812 1111 0001"}
WRITTEN = {"contact": "Jalan Melati 3"}


@pytest.mark.parametrize(
    ("channel", "person", "privacy", "how"),
    [
        ("call", CALLED, "open", "hand"),
        ("call", CALLED | MAILED, "open", "email"),
        ("box", WRITTEN, "open", "hand"),
        ("box", {}, "open", ""),
        ("desk", CALLED, "confidential", "hand"),
        ("whatsapp", CALLED, "open", "hand"),  # no number of the office is set up
        ("whatsapp", CALLED | MAILED, "open", "email"),
        ("email", MAILED, "open", "email"),
        ("social", {"contact": "Instagram: ani"}, "open", "hand"),
        ("social", {"contact": "Instagram: ani"}, "anonymous", ""),
        ("lapor", {}, "anonymous", "hand"),
        ("lapor", MAILED, "open", "hand"),
        ("online", {}, "open", ""),
        ("online", MAILED, "anonymous", ""),
    ],
)
def test_each_channel(office, head, channel, person, privacy, how):
    complaint = lodge(office, channel=channel, person=person, privacy=privacy, by=officer(head))
    handling.answer(complaint, "Sudah diganti.", by=officer(head))
    assert fresh(complaint).messages.get().reach == how
    mails = Outgoing.objects.filter(kind="complaint_answered").count()
    assert mails == int("email" in person and privacy != "anonymous")


def test_a_mail_that_does_not_arrive_is_an_officers_to_tell(office, head):
    complaint = lodge(office, person=MAILED)
    handling.answer(complaint, "Sudah diganti.", by=officer(head))
    row = Outgoing.objects.get(kind="complaint_answered")
    row.state = Outgoing.State.DEAD
    notices.mailed(row)
    assert complaint.messages.get().is_untold
    row.state = Outgoing.State.SENT
    notices.mailed(row)  # the supervisor let it go once more
    assert not complaint.messages.get().is_untold


def test_of_a_confidential_one_no_number_stands_on_the_page_before_it_is_asked_for(office, head, chief):
    complaint = lodge(office, channel="call", person=CALLED, privacy="confidential")
    handling.answer(complaint, "Sudah diganti.", by=officer(head))
    page = reverse("complaints:detail", args=[complaint.pk])
    shown = chief.get(page).content.decode()
    assert "Belum disampaikan" in shown
    assert "1111" not in shown
    assert (
        "0812 1111 0001" in chief.post(reverse("complaints:identity", args=[complaint.pk])).content.decode()
    )
    assert "1111" not in chief.get(page, headers={"HX-Request": "true"}).content.decode()


@pytest.mark.parametrize(
    ("where", "href"), [("javascript:alert(1)", ""), ("Instagram: https://x.test/a", "https://x.test/a")]
)
def test_a_link_is_one_of_the_web(office, where, href):
    complaint = lodge(office, channel="social", person={"contact": where})
    assert reaching.by_hand(complaint, complaint.identity).href == href


class TestEntry:
    @pytest.mark.parametrize(
        ("channel", "missing", "given"),
        [
            ("whatsapp", "phone", {"phone": "0812 1111 0001"}),
            ("email", "email", MAILED),
            ("social", "contact", {"platform": "Instagram", "contact": "ani"}),
            ("social", "platform", {"platform": "Instagram", "contact": "ani"}),
            ("lapor", "reference", {"reference": "LAPOR-1"}),
        ],
    )
    def test_what_a_channel_needs_is_asked_for(self, office, head, colleague, channel, missing, given):
        form = {"channel": channel, "kind": "service", "privacy": "open", "text": "Kipas mati", **given}
        desk, url = browser(colleague), reverse("complaints:entry")
        assert desk.post(url, form | {missing: ""}).status_code == 422
        assert desk.post(url, form).status_code == 200
        made = Complaint.objects.get()
        assert made.reference == given.get("reference", "")
        if channel == "social":
            assert made.identity.contact == "Instagram: ani"

    def test_of_social_media_without_a_name_no_link_is_kept(self, office, head, colleague):
        form = {"channel": "social", "kind": "service", "privacy": "anonymous", "text": "Kipas", "platform": "Instagram",
                "contact": "https://instagram.test/ani", "reference": "https://instagram.test/ani"}  # fmt: skip
        assert browser(colleague).post(reverse("complaints:entry"), form).status_code == 200
        assert Complaint.objects.get().reference == ""
        assert not Identity.objects.exists()

    def test_about_oneself_one_is_not_told_the_secret(self, office, head, colleague):
        form = {
            "channel": "desk",
            "kind": "service",
            "privacy": "open",
            "text": "Kasar",
            "about": [str(colleague.pk)],
        }
        page = browser(colleague).post(reverse("complaints:entry"), form).content.decode()
        assert "data-complaint-secret" not in page
        assert Complaint.objects.get().number not in page


class TestWhatWaits:
    def of(self, user, office, role=Role.FRONTLINER) -> int:
        cache.clear()
        return finding.waiting(user, office, role)

    def test_for_whom(self, office, head, colleague):
        second = works(office, "second", Role.SUPERVISOR)
        new, given, late = (
            lodge(office, f"{year}-06-08 10:00", text=f"{year}") for year in (2126, 2127, 2025)
        )
        handling.assign(given, colleague, by=officer(head))
        handling.assign(late, second, by=officer(head))
        assert self.of(colleague, office) == 1
        assert self.of(head, office, Role.SUPERVISOR) == 2  # the new one, and what is late
        handling.classify(new, about=[head], by=officer(second))
        assert self.of(head, office, Role.SUPERVISOR) == 1
        assert self.of(second, office, Role.SUPERVISOR) == 2
        handling.answer(given, "Sudah.", by=officer(colleague))
        assert self.of(colleague, office) == 0

    def test_what_is_still_to_be_told(self, office, head, colleague):
        complaint = lodge(office, channel="call", person=CALLED)
        handling.assign(complaint, colleague, by=officer(head))
        handling.answer(complaint, "Sudah.", by=officer(colleague))
        assert self.of(colleague, office) == 1
        said = complaint.messages.get()
        browser(colleague).post(reverse("complaints:told", args=[complaint.pk, said.pk]))
        assert self.of(colleague, office) == 0

    @pytest.mark.parametrize("role", [Role.FRONTLINER, Role.SUPERVISOR])
    def test_it_is_one_question_and_then_none(self, office, head, role):
        lodge(office, at_all := f"{timezone.now():%Y-%m-%d %H:%M}", text=at_all)
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            finding.waiting(head, office, role)
            finding.waiting(head, office, role)
        assert len(queries) == 1

    def test_it_stands_in_the_navigation_and_follows_what_is_done(self, office, head, chief):
        cache.clear()
        lodged = lodge(office)
        assert (
            '<span class="badge badge-warn">1</span>'
            in chief.get(reverse("complaints:list")).content.decode()
        )
        chief.post(reverse("complaints:detail", args=[lodged.pk]), {"what": "answer", "body": "Sudah."})
        assert (
            '<span class="badge badge-warn">1</span>'
            not in chief.get(reverse("complaints:list")).content.decode()
        )
