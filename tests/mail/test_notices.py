"""What visitors and officers are told by mail about a consultation, sent through a real server."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from consultation import rounds
from consultation.models import Attachment, Message
from consultation.workflows import assigning, opening, thread
from pst.account import closing
from services.audit.actors import VISITOR
from services.guestbook import accounts
from services.guestbook.models import Visitor
from services.mail import outbox, tokens
from services.mail.models import Outgoing
from services.offices.calendar import seed_national_days
from services.offices.models import Office
from tests.account.support import make_account
from tests.consultation.support import ask, at, fresh, say, seen
from tests.mail_server import work_off

pytestmark = pytest.mark.django_db
THEIRS = "zubaidah@rahasia.test"


@pytest.fixture
def office(offices) -> Office:
    office = offices["7411"]
    office.hours.filter(weekday__lt=5).update(closes=time(15, 30))
    Office.objects.filter(pk=office.pk).update(email="bps7411@bps.go.id")
    seed_national_days([2026])
    return Office.objects.get(pk=office.pk)


@pytest.fixture
def visitor(office) -> Visitor:
    return Visitor.objects.create(office=office, name="Zubaidah", email=THEIRS)


@pytest.fixture
def post(mailbox):
    """Let the worker send; what arrived since, by the address it went to."""

    def deliver() -> dict[str, list]:
        before = len(mailbox.messages)
        work_off()
        arrived: dict[str, list] = {}
        for message in mailbox.messages[before:]:
            arrived.setdefault(message["To"], []).append(message)
        return arrived

    return deliver


def text(message) -> str:
    return message.get_body(("plain",)).get_content()


def answer(consultation, by, when="2026-06-09 10:00", **more) -> Message:
    return thread.answer(
        consultation, "Angkanya ada di tabel 1.", by=by, seen=seen(consultation),
        at=at(consultation.office, when), **more,
    )  # fmt: skip


class TestVisitor:
    def test_receipt(self, office, visitor, post):
        asked = ask(office, "2026-03-13 16:30", visitor=visitor)
        mails = post()
        [receipt] = mails[THEIRS]
        said = text(receipt)
        assert asked.number in said
        assert "Rabu, 25 Maret 2026 pukul 15.30 WITA" in said
        assert "3 hari kerja menurut standar pelayanan, Waktu Penyelesaian butir" in said
        assert f"http://localhost/konsultasi/k/{asked.token}/" in said
        assert "PDRB" not in said  # nobody's mailbox is filled with a stranger's words
        assert receipt["Auto-Submitted"] == "auto-generated"
        assert tokens.number_in_subject(receipt["Subject"]) == asked.number
        assert receipt["Reply-To"] == "bps7411@bps.go.id"
        [told] = mails["bps7411@bps.go.id"]
        assert f"/meja/konsultasi/utas/{asked.number}/" in text(told)
        assert tokens.number_in_subject(told["Subject"]) is None

    def test_in_the_visitors_language(self, office, visitor, post):
        ask(office, "2026-03-13 16:30", visitor=visitor, language="en")
        mails = post()
        assert mails[THEIRS][0]["Content-Language"] == "en"
        assert "25 March 2026" in text(mails[THEIRS][0])
        assert mails["bps7411@bps.go.id"][0]["Content-Language"] == "id"

    def test_no_mail_about_what_an_officer_noted(self, office, visitor, by, post):
        opening.submit(office=office, channel="phone", subject="", question="PDRB?", by=by, visitor=visitor)
        assert post() == {}

    def test_answered(self, office, visitor, by, post):
        asked = ask(office, "2026-06-08 10:00", visitor=visitor)
        post()
        written = answer(asked, by)
        assert written.delivery == Message.Delivery.WAITING
        [mail] = post()[THEIRS]
        assert "Angkanya ada di tabel 1." in text(mail)
        assert "Jumat, 12 Juni 2026 pukul 15.30 WITA" in text(mail)
        written.refresh_from_db()
        assert written.delivery == Message.Delivery.SENT
        assert mail["Message-ID"] == f"<{written.outside_id}>"

    def test_files_come_as_links(self, office, visitor, by, post):
        asked = ask(office, "2026-06-08 10:00", visitor=visitor)
        post()

        def attach(message: Message) -> None:
            given = {"consultation": asked, "message": message, "at": message.at, "state": "ready"}
            Attachment.objects.create(name="tabel.xlsx", **given)
            Attachment.objects.create(
                name="Kolaka Timur Dalam Angka", publication=7, address="/pustaka/7/", **given
            )

        answer(asked, by, attach=attach)
        said = text(post()[THEIRS][0])
        assert f"- tabel.xlsx: http://localhost/konsultasi/k/{asked.token}/" in said
        assert "- Kolaka Timur Dalam Angka: http://localhost/pustaka/7/" in said

    def test_asked_back(self, office, visitor, by, post):
        asked = ask(office, "2026-06-08 10:00", visitor=visitor)
        post()
        answer(asked, by, ask_back=True)
        [mail] = post()[THEIRS]
        assert mail["Subject"].strip().startswith("Petugas bertanya")
        assert "ditutup Jumat, 12 Juni 2026" in text(mail)

    def test_by_mail_it_is_one_thread(self, office, by, post):
        given = {"address": "asal@x.id", "outside_id": "satu@x.id"}
        asked = ask(office, "2026-06-08 10:00", channel="email", message=given)
        [receipt] = post()["asal@x.id"]
        assert receipt["In-Reply-To"] == "<satu@x.id>"
        assert receipt["Auto-Submitted"] == "auto-replied"
        thread.visitor_wrote(
            asked, "Lagi", channel="email", by=VISITOR, at=at(office, "2026-06-08 11:00"),
            outside_id="dua@x.id", address="lain@x.id",
        )  # fmt: skip
        answer(asked, by)
        mails = post()
        assert "lain@x.id" not in mails  # a forwarded mail brings nobody the answers
        [mail] = mails["asal@x.id"]
        assert mail["In-Reply-To"] == "<dua@x.id>"
        assert mail["References"] == "<satu@x.id> <dua@x.id>"
        assert "Auto-Submitted" not in mail

    def test_refused_by_the_server_is_seen_in_the_thread(self, office, visitor, by, mailbox):
        asked = ask(office, "2026-06-08 10:00", visitor=visitor)
        mailbox.strangers = {THEIRS}
        written = answer(asked, by)
        work_off()
        written.refresh_from_db()
        assert written.delivery == Message.Delivery.FAILED
        assert written.delivery_problem.startswith("550")

    def test_nobody_to_write_to(self, office, by, post):
        asked = ask(office, "2026-06-08 10:00")
        assert answer(asked, by).delivery == Message.Delivery.NONE
        assert list(post()) == ["bps7411@bps.go.id"]

    def test_replies_are_only_promised_where_they_are_read(
        self, office, visitor, post, channels_file, mailbox
    ):
        ask(office, "2026-06-08 10:00", visitor=visitor)
        assert "tidak masuk ke konsultasi" in text(post()[THEIRS][0])
        channels_file(
            '[7411.mail]\naddress = "bps7411@bps.go.id"\nimap = "imaps://u:p@x.id"\nplus = true\n'
            f'smtp = "smtp://127.0.0.1:{mailbox.port}"\n'
        )
        asked = ask(office, "2026-06-08 10:00", visitor=visitor)
        [mail] = post()[THEIRS]
        assert "membalas e-mail ini" in text(mail)
        assert tokens.number_in_address(mail["Reply-To"]) == asked.number


class TestSilence:
    @pytest.fixture
    def answered(self, office, visitor, by, post):
        asked = ask(office, "2026-06-08 10:00", visitor=visitor)
        answer(asked, by)
        post()
        return fresh(asked)

    def test_reminded_once_one_working_day_before(self, answered, office, post):
        assert rounds.remind(at(office, "2026-06-11 15:29")) == 0
        assert rounds.remind(at(office, "2026-06-11 15:30")) == 1
        assert rounds.remind(at(office, "2026-06-11 15:35")) == 0
        [mail] = post()[THEIRS]
        assert "segera ditutup" in mail["Subject"]
        assert "Jumat, 12 Juni 2026 pukul 15.30 WITA" in text(mail)

    def test_a_new_holiday_brings_no_second_reminder(self, answered, office, post):
        from tests.consultation.support import day_off

        rounds.follow_calendar(at(office, "2026-06-11 15:00"))
        assert rounds.remind(at(office, "2026-06-11 15:30")) == 1
        day_off("2026-06-12")
        assert rounds.follow_calendar(at(office, "2026-06-11 16:00")) == 1
        assert fresh(answered).remind_at is None
        assert rounds.remind(at(office, "2026-06-20 15:30")) == 0

    def test_who_answers_is_not_reminded(self, answered, office, post):
        say(answered, "2026-06-11 09:00")
        assert rounds.remind(at(office, "2026-06-11 15:30")) == 0

    def test_a_worker_that_was_away_for_a_week_only_closes(self, answered, office, post):
        moment = at(office, "2026-06-20 10:00")
        assert rounds.remind(moment) == 0
        assert rounds.close_silent(moment) == 1
        [mail] = post()[THEIRS]
        assert "ditutup" in mail["Subject"]
        assert f"http://localhost/konsultasi/k/{answered.token}/" in text(mail)
        assert "http://localhost/konsultasi/nilai/" in text(mail)
        assert "3 hari kerja menurut standar pelayanan" in text(mail)
        assert rounds.close_silent(moment) == 0


class TestOfficers:
    def test_assigned_by_a_colleague(self, office, by, make_user, post):
        asked = ask(office, "2026-06-08 10:00")
        post()
        colleague = make_user(office)
        assigning.assign(asked, colleague, by=by, at=at(office, "2026-06-08 11:00"))
        [mail] = post()[colleague.email]
        assert mail["Subject"].strip() == f"Konsultasi {asked.number} ditugaskan kepada Anda – {office.name}"

    def test_taken_by_oneself(self, office, by, frontliner, post):
        asked = ask(office, "2026-06-08 10:00")
        post()
        assigning.assign(asked, frontliner, by=by, at=at(office, "2026-06-08 11:00"))
        assert post() == {}

    def test_overdue_goes_up_once(self, office, visitor, make_user, post):
        asked = ask(office, "2026-06-08 10:00", visitor=visitor)
        post()
        first, second = make_user(office, role="supervisor"), make_user(office, role="supervisor")
        moment = at(office, "2026-06-11 15:31")
        assert rounds.escalate_late(moment) == 1
        assert rounds.escalate_late(moment + timedelta(hours=1)) == 0
        mails = post()
        assert set(mails) == {first.email, second.email}
        assert asked.number in mails[first.email][0]["Subject"]
        assert "Zubaidah" not in text(mails[first.email][0])

    def test_not_into_the_mailbox_that_pst_reads_itself(
        self, office, make_user, post, channels_file, mailbox
    ):
        channels_file(
            '[7411.mail]\naddress = "BPS7411@bps.go.id"\nimap = "imaps://u:p@x.id"\n'
            f'smtp = "smtp://127.0.0.1:{mailbox.port}"\n'
        )
        supervisor = make_user(office, role="supervisor")
        ask(office, "2026-06-08 10:00")
        assert list(post()) == [supervisor.email]


def test_a_question_that_is_not_stored_sends_nothing(office, visitor, monkeypatch):
    from django.db import transaction

    with transaction.atomic():
        ask(office, "2026-06-08 10:00", visitor=visitor)
        transaction.set_rollback(True)
    assert not Outgoing.objects.exists()
    assert outbox.sweep() == 0


def test_a_closed_account_is_written_to_by_its_record(office, by, post):
    """Nobody reads what goes to the address that an account has after its end."""
    user = make_account(THEIRS, "Zubaidah")
    person = accounts.record_for(office=office, user=user, by=VISITOR)
    asked = ask(office, "2026-06-08 10:00", visitor=person, account=user)
    closing.close(user, by=VISITOR, why="owner")
    post()
    answer(fresh(asked), by)
    assert list(post()) == [THEIRS]
