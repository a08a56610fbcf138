"""Asked by mail what one thought: once, seldom, only with consent, never again after one click; opening it rates nothing."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from consultation.workflows import ending, thread
from library.workflows import rating as things
from pst.account.models import Agreement
from pst.privacy import retention
from pst.rating_mails import asked
from queueing import mailed
from services.audit.actors import SYSTEM
from services.audit.models import AuditEntry
from services.guestbook.models import ConsentWording, Visit, Visitor, VisitService
from services.mail.models import Outgoing
from services.ratings import asking, workflows
from services.ratings.models import Asked, RatingRules
from tests.account.support import make_account
from tests.consultation.support import ask, fresh, seen
from tests.guestbook.support import DEVICE
from tests.mail_server import text_of, work_off
from tests.ratings.support import HOUR, MAIL, paths, person, returned, taken, visited

pytestmark = pytest.mark.usefixtures("mailbox")


@pytest.fixture
def visit(office) -> Visit:
    return visited(office)


class TestTheMail:
    def test_five_stars_the_survey_and_the_way_out_and_nothing_of_the_person_in_the_subject(
        self, visit, mailbox
    ):
        assert asked.ask_all() == 1
        links = paths(mailbox)
        page = mailed.address(visit)
        assert links[:5] == [f"{page}?n={n}" for n in (5, 4, 3, 2, 1)]
        assert links[5:] == [mailed.survey_address(visit), asking.stop_address(MAIL)]
        message = mailbox.messages[-1]
        assert message["Subject"].strip() == f"Bagaimana pelayanan kami? – {visit.office.name}"
        assert "Siti" not in text_of(message)
        assert message["List-Unsubscribe"].strip("<>").endswith(links[-1])
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert message["Auto-Submitted"] == "auto-generated"
        html = message.get_body(("html",)).get_content()
        assert html.count("mail-button") >= 6
        assert html.count(f"{page}?n=5") == 1  # a button, its long address not beside it

    def test_once_however_often_the_worker_comes(self, visit):
        assert [asked.ask_all() for _n in range(3)] == [1, 0, 0]
        assert Outgoing.objects.count() == Asked.objects.count() == 1
        entry = AuditEntry.objects.get(action="rating.asked")
        assert MAIL not in str(entry.detail)

    @pytest.mark.parametrize(
        "why",
        ["rated", "off", "stopped", "too early", "too late", "paper", "older wording", "refused", "a child",
         "a child says so", "no address", "lately", "a consultation asked", "erased", "not served"],
    )  # fmt: skip
    def test_not_when(self, office, why, by):
        more = {
            "too early": {"ago": HOUR}, "too late": {"ago": timedelta(days=3)}, "older wording": {"version": 2},
            "refused": {"consent": False}, "a child": {"person": {"birth_year": timezone.now().year - 12}},
            "a child says so": {"guardian": "parent"}, "no address": {"email": ""},
        }.get(why, {})  # fmt: skip
        visit = visited(office, **more)
        if why == "rated":
            workflows.rate(visit.main, stars=4, channel="tablet", by=DEVICE)
        elif why == "off":
            RatingRules.objects.create(office=office, by_mail=False)
        elif why == "stopped":
            asking.stop(asking.hashes(MAIL.upper())[0])
        elif why == "paper":
            Visit.objects.update(entered_at=timezone.now())
        elif why == "lately":
            other = visited(office, ago=timedelta(days=20))
            Asked.objects.create(
                office=office, visitor=other.visitor, about="visit", about_pk=other.pk, mailbox=asking.hashes(MAIL)[0],
                at=timezone.now() - timedelta(days=29),
            )  # fmt: skip
        elif why == "a consultation asked":
            thread_ = ask(office, "2026-06-08 10:00", visitor=visit.visitor)
            thread.answer(thread_, "Tabel 4.", by=by, seen=seen(thread_))
            ending.close(fresh(thread_), by=by)
        elif why == "erased":
            retention.erase(visit.visitor, by=SYSTEM, why="erasure")
        elif why == "not served":
            VisitService.objects.update(state="cancelled")
        assert asked.ask_all() == 0
        assert not Outgoing.objects.filter(kind=asking.KIND).exists()

    def test_after_the_offices_number_of_days_again_and_by_all_offices_together(self, office, offices):
        RatingRules.objects.create(office=office, days_between=10)
        first = visited(office)
        assert asked.ask_all() == 1
        second = visited(offices["6571"])  # the same mailbox, elsewhere: 30 days there
        assert asked.ask_all() == 0
        Asked.objects.update(at=timezone.now() - timedelta(days=11))
        assert asked.ask_all() == 0
        third = visited(office, ago=4 * HOUR)
        assert asked.ask_all() == 1
        assert set(Asked.objects.values_list("about_pk", flat=True)) == {first.pk, third.pk}
        assert second.pk not in {first.pk, third.pk}

    def test_two_visits_of_one_day_are_one_mail(self, office):
        visited(office)
        visited(office, ago=5 * HOUR)
        assert asked.ask_all() == 1

    def test_a_hash_of_a_former_key_is_still_known(self, visit, settings):
        asking.stop(asking.hashes(MAIL)[0])
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
        settings.SECRET_KEY = "another-key-" * 5
        assert asked.ask_all() == 0

    def test_a_book_that_came_back_and_a_download(self, office, mailbox):
        loan, copy = (
            returned(office, person(office)),
            taken(office, person(office, "dewi@rumah.test")),
        )
        assert asked.ask_all() == 2
        assert sorted(Asked.objects.values_list("about", "about_pk")) == [
            ("download", copy.pk),
            ("loan", loan.pk),
        ]
        work_off()
        for message, row in zip(sorted(mailbox.messages, key=lambda m: m["To"]), (copy, loan), strict=True):
            assert f"{things.address(row)}?n=5" in text_of(message)
        page = Client().get(f"{things.address(loan)}?n=4").content.decode()
        assert re.search(r'value="4" checked', page)
        assert asked.ask_all() == 0

    @pytest.mark.parametrize(("version", "sent"), [(1, 0), (2, 1)])
    def test_an_accounts_owner_agreed_when_they_made_it(self, office, version, sent):
        user = make_account(MAIL, "Siti")
        Agreement.objects.filter(user=user).delete()
        wording = ConsentWording.objects.get(purpose="account", version=version)
        Agreement.objects.create(user=user, wording=wording, at=timezone.now())
        taken(office, Visitor.objects.create(office=office, name="Siti", email=MAIL, account=user))
        assert asked.ask_all() == sent

    def test_what_goes_wrong_with_one_office_keeps_no_other_from_theirs(self, visit, offices, monkeypatch):
        real = asked.after_visits

        def broken(office, at):
            if office.code == "1906":
                raise RuntimeError
            return real(office, at)

        monkeypatch.setattr(asked, "after_visits", broken)
        assert asked.ask_all() == 1
