"""Mails about books: on the day before, then every week, four in all; and none twice, whatever happens to the night."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.db import IntegrityError, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from library import tasks
from library.models import Hold, Loan, LoanNotice
from library.workflows import circulation as work
from library.workflows import holds, notices, shelves
from services.audit.actors import Actor
from services.audit.models import AuditEntry
from tests.guestbook.support import arrive
from tests.library.support import TUESDAY, client_of, copy_of, fresh, reader, title
from tests.mail_server import text_of, work_off
from tests.together import at_once

DUE = TUESDAY + timedelta(days=7)  # 17 March, a working day


@pytest.fixture
def book(lender):
    return title(lender)


@pytest.fixture
def wahyu(lender):
    return reader(lender, email="wahyu@example.test")


@pytest.fixture
def loan(book, lender, wahyu, lending_officer) -> Loan:
    return work.lend(copy_of(book, lender), wahyu, by=lending_officer, at=TUESDAY)


def night(day: int) -> int:
    """So many days after the due day, at the hour of the nightly task (01.20 WIB); returns the mails sent."""
    at = (DUE + timedelta(days=day)).replace(hour=18, minute=20) - timedelta(days=1)
    with time_machine.travel(at, tick=False):
        notices.write()
        return work_off()


class TestWhen:
    def test_the_day_before_the_day_after_and_every_week_four_in_all(self, loan, mailbox):
        told = [day for day in range(-7, 60) if night(day)]
        assert told == [-1, 1, 8, 15]
        assert [(n.number, n.kind) for n in loan.notices.all()] == [
            (1, "soon"), (2, "late"), (3, "late"), (4, "late"),
        ]  # fmt: skip
        assert len(mailbox.messages) == 4

    def test_a_night_that_was_missed_is_made_up_for_and_the_week_counts_from_then(self, loan, mailbox):
        assert [day for day in range(4, 20) if night(day)] == [4, 11, 18]

    def test_a_second_run_of_the_same_night_says_nothing(self, loan, mailbox):
        assert [night(1), night(1)] == [1, 0]

    def test_what_came_back_or_was_renewed_is_not_spoken_of(self, loan, mailbox, lending_officer):
        work.renew(loan, by=lending_officer, at=DUE - timedelta(days=2))
        assert [night(day) for day in (-1, 0, 1)] == [0, 0, 0]
        work.bring_back(loan.copy, by=lending_officer)
        assert [night(day) for day in range(2, 30)] == [0] * 28

    def test_back_between_the_night_and_the_mail(self, loan, mailbox, lending_officer):
        with time_machine.travel(DUE + timedelta(days=1), tick=False):
            notices.write()
            work.bring_back(loan.copy, by=lending_officer)
            assert work_off() == 1
        assert mailbox.messages == []

    def test_not_of_reading_a_permission_or_a_lost_book(self, book, lender, wahyu, lending_officer, mailbox):
        visit = arrive(lender)
        visit.visitor = wahyu
        visit.save()
        work.permit(copy_of(book, lender, "P"), visit, by=lending_officer, at=TUESDAY)
        work.read_here(copy_of(book, lender, "R"), visit=visit, by=lending_officer, at=TUESDAY)
        lost = work.lend(copy_of(book, lender, "L"), wahyu, by=lending_officer, at=TUESDAY)
        work.lose(lost, by=lending_officer, at=TUESDAY)
        assert [night(day) for day in (-1, 1)] == [0, 0]


class TestWhat:
    def test_one_mail_with_all_books_of_one_person_and_nobody_else_s(
        self, loan, lender, lending_officer, mailbox
    ):
        second = title(lender, "Profil Kemiskinan 2025")
        work.lend(
            copy_of(second, lender, "B2"), loan.visitor, by=lending_officer, at=TUESDAY + timedelta(days=3)
        )
        other = reader(lender, "Rina Rahasia", "+62811", "rina@example.test")
        third = title(lender, "Statistik Daerah 2025")
        work.lend(copy_of(third, lender, "B3"), other, by=lending_officer, at=TUESDAY)
        assert night(1) == 2
        mail = next(m for m in mailbox.messages if m["To"] == "wahyu@example.test")
        text = text_of(mail)
        assert "Belitung Timur Dalam Angka 2025: seharusnya kembali 17 Maret 2026" in text
        assert "Profil Kemiskinan 2025: kembali paling lambat 25 Maret 2026" in text
        assert "Statistik Daerah" not in text
        assert "Rahasia" not in text
        assert "sudah lewat jatuh tempo" in mail["Subject"]

    def test_in_the_reader_s_language(self, loan, wahyu, lender, mailbox, settings):
        visit = arrive(lender, at=TUESDAY)
        visit.visitor, visit.language = wahyu, "en"
        visit.save()
        night(-1)
        assert "17 March 2026" in text_of(mailbox.messages[0])

    def test_the_job_holds_nothing_about_the_person(self, loan):
        with time_machine.travel(DUE + timedelta(days=1), tick=False):
            notices.write()
        [job] = ProcrastinateJob.objects.filter(task_name=notices.LOANS_TASK)
        assert set(job.args) == {"batch"}
        assert job.args["batch"] == LoanNotice.objects.get().batch

    def test_who_has_no_address_or_was_erased_gets_none(self, book, lender, lending_officer, mailbox):
        who = reader(lender)
        work.lend(copy_of(book, lender), who, by=lending_officer, at=TUESDAY)
        assert night(1) == 0
        who.email, who.name = "x@example.test", ""
        who.save()
        assert night(2) == 0


class TestOnce:
    def test_killed_before_the_night_is_stored_it_is_all_done_again(self, loan, mailbox):
        with time_machine.travel(DUE + timedelta(days=1), tick=False):
            with transaction.atomic():
                assert notices.write() == 1
                transaction.set_rollback(True)
            assert (LoanNotice.objects.count(), work_off()) == (0, 0)
        assert night(1) == 1

    def test_a_job_that_runs_twice_sends_once(self, loan, mailbox):
        with time_machine.travel(DUE + timedelta(days=1), tick=False):
            notices.write()
            batch = LoanNotice.objects.get().batch
            assert [notices.send(batch), notices.send(batch)] == [1, 0]
        assert len(mailbox.messages) == 1

    def test_a_mail_server_that_is_away_is_tried_again(self, loan, mailbox):
        with time_machine.travel(DUE + timedelta(days=1), tick=False):
            notices.write()
            batch = LoanNotice.objects.get().batch
            mailbox.refusing = True
            with pytest.raises(OSError, match=r"."):
                notices.send(batch)
            assert LoanNotice.objects.get().sent_at is None
            mailbox.refusing = False
            assert notices.send(batch) == 1
        assert LoanNotice.objects.get().sent_at is not None

    def test_the_database_holds_four(self, loan):
        row = {"loan": loan, "kind": "late", "due_on": loan.due_on, "batch": "b"}
        LoanNotice.objects.create(number=4, day="2026-04-01", **row)
        for number, day in ((5, "2026-04-09"), (4, "2026-04-09"), (3, "2026-04-01")):
            with pytest.raises(IntegrityError), transaction.atomic():
                LoanNotice.objects.create(number=number, day=day, **row)

    def test_without_mail_nobody_is_told_and_nothing_is_counted(self, loan, settings):
        settings.MAIL_IS_SENT = False
        assert night(1) == 0
        assert not LoanNotice.objects.exists()


class TestReady:
    def test_a_mail_when_it_is_ready(self, loan, lender, lending_officer, mailbox, book):
        rina = reader(lender, "Rina", "+62811", "rina@example.test")
        asked = holds.ask(book, lender, rina, by=lending_officer, at=TUESDAY)
        work.bring_back(loan.copy, by=lending_officer, at=TUESDAY)
        work_off()
        [mail] = mailbox.messages
        assert mail["To"] == "rina@example.test"
        assert "siap diambil sampai 13 Maret 2026" in mail["Subject"]
        assert "Wahyu" not in text_of(mail)
        assert fresh(asked).told_at
        assert not notices.send_ready(asked.pk, "2026-03-13")

    def test_not_when_it_was_fetched_before_the_mail_went(self, loan, lender, lending_officer, mailbox, book):
        rina = reader(lender, "Rina", "+62811", "rina@example.test")
        holds.ask(book, lender, rina, by=lending_officer, at=TUESDAY)
        work.bring_back(loan.copy, by=lending_officer, at=TUESDAY)
        work.lend(loan.copy, rina, by=lending_officer, at=TUESDAY)
        assert work_off() == 1
        assert mailbox.messages == []

    def test_kept_anew_it_is_told_anew(self, loan, lender, lending_officer, mailbox, book):
        rina = reader(lender, "Rina", "+62811", "rina@example.test")
        holds.ask(book, lender, rina, by=lending_officer, at=TUESDAY)
        work.bring_back(loan.copy, by=lending_officer, at=TUESDAY)
        work_off()
        shelves.put_away(loan.copy, "damaged", by=lending_officer, at=TUESDAY)
        shelves.put_away(loan.copy, "shelf", by=lending_officer, at=TUESDAY + timedelta(days=1))
        work_off()
        assert len(mailbox.messages) == 2


class TestCalled:
    @pytest.fixture
    def desk(self, lender, make_user):
        return client_of(make_user(lender))

    @pytest.fixture
    def late(self, book, lender, lending_officer) -> Loan:
        return work.lend(copy_of(book, lender), reader(lender), by=lending_officer, at=TUESDAY)

    def test_without_an_address_the_desk_calls_and_the_number_is_masked_until_opened(self, desk, late):
        page = desk.get("/meja/pustaka/?daftar=terlambat").content.decode()
        assert "Hubungi lewat telepon ••• 890" in page
        assert "1234567890" not in page
        opened = desk.post(f"/meja/pustaka/hubungi/pinjaman/{late.pk}/").content.decode()
        assert "+6281234567890" in opened
        entry = AuditEntry.objects.get(action="read")
        assert (entry.target_id, entry.detail) == (late.visitor_id, {"why": "phone"})

    def test_whoever_gets_mail_is_called_after_the_fourth(self, desk, loan, mailbox):
        page = "/meja/pustaka/?daftar=terlambat"
        assert "Hubungi lewat telepon" not in desk.get(page).content.decode()
        for day in (-1, 1, 8, 15):
            night(day)
        assert "Hubungi lewat telepon" in desk.get(page).content.decode()

    @pytest.mark.parametrize("path", ["pinjaman/999", "pesanan/1", "apa/1", f"pinjaman/{10**25}"])
    def test_a_number_there_is_not(self, desk, path, db):
        assert desk.post(f"/meja/pustaka/hubungi/{path}/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_nights_at_once_write_one_mail(offices, make_user):
    office = offices["1906"]
    officer = Actor("officer", user_id=make_user(office).pk)
    book = title(office)
    for n in range(4):
        who = reader(office, f"Rina {n}", f"+62811{n}", f"rina{n}@example.test")
        work.lend(copy_of(book, office, f"B{n}"), who, by=officer, at=TUESDAY)
    answers = at_once(*[partial(notices.write, at=DUE + timedelta(days=1)) for _n in range(3)])
    assert sum(answers) == 4
    assert LoanNotice.objects.count() == 4
    assert ProcrastinateJob.objects.filter(task_name=notices.LOANS_TASK).count() == 4


def test_the_nightly_task_does_all_of_it(loan, lender, lending_officer, book, mailbox):
    with time_machine.travel(DUE + timedelta(days=1), tick=False):
        tasks.nightly(timestamp=0)
        work_off()
    assert len(mailbox.messages) == 1


def test_what_became_free_by_an_erasure_goes_to_the_next(book, lender, lending_officer):
    copy = copy_of(book, lender)
    first = holds.ask(book, lender, reader(lender, "Rina", "+62811"), by=lending_officer)
    second = holds.ask(book, lender, reader(lender, "Sari", "+62812"), by=lending_officer)
    Hold.objects.filter(pk=first.pk).delete()
    tasks.nightly(timestamp=0)
    assert (fresh(second).state, fresh(second).copy) == ("ready", copy)


@pytest.mark.django_db
def test_a_step_of_the_night_that_fails_stops_no_other(monkeypatch):
    def broken(**_more):
        raise RuntimeError("broken")

    done = []
    monkeypatch.setattr(tasks.holds, "expire", broken)
    monkeypatch.setattr(tasks.notices, "write", lambda: done.append("notices"))
    with pytest.raises(RuntimeError, match="failed: expire"):
        tasks.nightly(timestamp=0)
    assert done == ["notices"]
