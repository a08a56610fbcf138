"""Mail leaves the house once, whatever its server does, and what cannot leave is seen."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from services.audit.models import AuditEntry
from services.mail import outbox, tokens
from services.mail.models import Outgoing
from services.offices.models import Office
from services.workflow import IllegalMove
from tests.mail_server import work_off

pytestmark = pytest.mark.django_db
State = Outgoing.State


def fresh(row: Outgoing) -> Outgoing:
    return Outgoing.objects.get(pk=row.pk)


def failing(row: Outgoing, times: int) -> Outgoing:
    """Let it be tried so often, each time when it is due."""
    for _time in range(times):
        found = fresh(row)
        assert found.next_try_at
        outbox.sweep(found.next_try_at)
    return fresh(row)


class TestWriting:
    def test_nothing_leaves_before_the_transaction_is_stored(self, put, mailbox):
        with transaction.atomic():
            put()
            transaction.set_rollback(True)
        assert work_off() == 0
        assert not Outgoing.objects.exists()
        put()
        assert mailbox.messages == []
        assert work_off() == 1
        assert len(mailbox.messages) == 1

    def test_a_job_holds_no_personal_data(self, put):
        row = put()
        [job] = ProcrastinateJob.objects.filter(task_name=outbox.TASK)
        assert job.args == {"pk": row.pk}

    def test_plain_and_html_say_the_same(self, put, mailbox):
        put()
        work_off()
        message = mailbox.messages[0]
        plain = message.get_body(("plain",)).get_content()
        html = message.get_body(("html",)).get_content()
        assert "Baris & <b>tebal</b> https://bps.go.id/data" in plain
        assert 'Baris &amp; &lt;b&gt;tebal&lt;/b&gt; <a href="https://bps.go.id/data"' in html
        assert html.count("<li>") == 2
        assert "> kata mereka" in plain
        assert "<blockquote" in html
        assert 'class="mail-button" href="http://localhost/konsultasi/"' in html
        assert "BPS Kabupaten Kolaka Timur" in plain

    def test_headers(self, put, mailbox, office):
        Office.objects.filter(pk=office.pk).update(email="bps7411@bps.go.id")
        office.refresh_from_db()
        put(
            office=office, thread="K7411-26-00012", in_reply_to="a@x.id\r\nBcc: jahat@x.id",
            references=["<r@x.id> <s@x.id>", "bukan", "<a@x.id>"],
        )  # fmt: skip
        put(office=office, auto=False)
        work_off()
        message, other = mailbox.messages
        assert message["Subject"].endswith(tokens.subject_token("K7411-26-00012"))
        assert message["Auto-Submitted"] == "auto-replied"
        assert message["In-Reply-To"] == "<a@x.id>"
        assert message["References"] == "<r@x.id> <s@x.id> <a@x.id>"
        assert message["Bcc"] is None
        assert message["Reply-To"] == "bps7411@bps.go.id"
        assert message["Content-Language"] == "id"
        assert message["From"].addresses[0].display_name == office.name
        assert "Auto-Submitted" not in other
        assert message["Message-ID"] != other["Message-ID"]

    def test_its_language_is_the_visitors_and_its_clock_the_offices(self, put, mailbox):
        put(language="en")
        work_off()
        message = mailbox.messages[0]
        assert message["Subject"] == "Complaints and suggestions BPS Kabupaten Kolaka Timur"
        assert "15.30" in message.get_body(("plain",)).get_content()  # 07.30 UTC in Kolaka Timur

    def test_attachments_come_from_the_storage(self, put, mailbox, settings, tmp_path):
        settings.STORAGES = {
            **settings.STORAGES,
            "default": {
                "BACKEND": "django.core.files.storage.FileSystemStorage",
                "OPTIONS": {"location": tmp_path},
            },
        }
        name = default_storage.save("consultation/x", ContentFile(b"%PDF-1.7 isi"))
        put(attachments=[outbox.Attached(name, "Tabel é.pdf", "application/pdf")])
        gone = put(attachments=[outbox.Attached("consultation/gone", "b.pdf", "application/pdf")])
        work_off()
        [attached] = mailbox.messages[0].iter_attachments()
        assert attached.get_filename() == "Tabel é.pdf"
        assert attached.get_content() == b"%PDF-1.7 isi"
        assert fresh(gone).state == State.DEAD

    def test_what_it_said_is_not_kept_twice(self, put, mailbox):
        row = put()
        assert "Zubaidah" in row.text
        work_off()
        sent = fresh(row)
        assert (sent.state, sent.text, sent.html) == (State.SENT, "", "")

    def test_no_address_fails_without_stopping_anybody(self, put, mailbox):
        for wrong in ("", "bukan alamat", "a@x.id\nBcc: b@x.id"):
            assert put(to=wrong).state == State.DEAD
        assert work_off() == 0

    def test_an_unknown_kind_is_a_mistake(self, put):
        with pytest.raises(KeyError):
            put(kind="never_registered")

    def test_without_a_server_there_is_no_mail(self, put, settings):
        settings.MAIL_IS_SENT = False
        assert put() is None


class TestFaults:
    def test_a_server_that_is_busy_gets_it_later(self, put, mailbox, caplog):
        mailbox.faults = ["451 4.7.1 Greylisted, try again", "452 4.2.2 Mailbox full"]
        row = put()
        work_off()
        waits = fresh(row)
        assert (waits.state, waits.attempts, waits.problem) == (
            State.WAITING, 1, "451 4.7.1 Greylisted, try again",
        )  # fmt: skip
        assert waits.next_try_at
        outbox.sweep(waits.next_try_at - timedelta(seconds=1))
        assert fresh(row).attempts == 1
        assert failing(row, 2).state == State.SENT
        assert [m["Message-ID"] for m in mailbox.messages] == [f"<{row.message_id}>"]
        ours = [r.getMessage() for r in caplog.records if r.name.startswith(("services", "procrastinate"))]
        assert ours
        assert "zubaidah" not in " ".join(ours)

    def test_the_waits_grow_for_about_a_day(self, put, mailbox):
        mailbox.refusing = True
        row, times = put(), []
        work_off()
        while fresh(row).state == State.WAITING:
            times.append(fresh(row).next_try_at)
            failing(row, 1)
        gaps = [b - a for a, b in itertools.pairwise(times)]
        assert gaps == sorted(gaps)
        assert timedelta(hours=23) < times[-1] - times[0] < timedelta(hours=25)
        assert fresh(row).state == State.DEAD
        assert AuditEntry.objects.filter(action="mail.dead", target_id=row.pk).count() == 1

    def test_refused_for_good(self, put, mailbox):
        mailbox.strangers = {"zubaidah@rahasia.test"}
        mailbox.faults = ["552 5.3.4 Message too big"]
        stranger, big, other = put(), put(to="b@x.id"), put(to="c@x.id")
        work_off()
        assert (fresh(stranger).state, fresh(stranger).attempts) == (State.DEAD, 1)
        assert fresh(stranger).problem.startswith("550 5.1.1")
        assert fresh(big).problem == "552 5.3.4 Message too big"
        assert fresh(other).state == State.SENT
        trail = AuditEntry.objects.filter(action="mail.dead")
        assert "rahasia" not in str(list(trail.values_list("detail", flat=True)))

    @pytest.mark.parametrize(("fault", "copies"), [("lost", 1), ("kept and lost", 2)])
    def test_a_connection_lost_in_mid_message(self, put, mailbox, fault, copies):
        """Whether the server had taken it nobody knows: it comes again, and is recognised as the same."""
        mailbox.faults = [fault]
        row = put()
        work_off()
        assert fresh(row).state == State.WAITING
        assert failing(row, 1).state == State.SENT
        assert [m["Message-ID"] for m in mailbox.messages] == [f"<{row.message_id}>"] * copies

    def test_nobody_there(self, put, mailbox, settings):
        settings.EMAIL_PORT = 1
        rows = [put() for _ in range(5)]
        now = timezone.now()
        assert outbox.sweep(now) == 0
        # One try says that the server is away; it is not asked five times in a run.
        assert [fresh(row).attempts for row in rows] == [1, 0, 0, 0, 0]
        settings.EMAIL_PORT = mailbox.port
        assert outbox.sweep(now + timedelta(minutes=1)) == 5
        assert mailbox.connections == 1

    def test_a_wrong_password_is_not_the_mails_fault(self, put, mailbox, channels_file, office):
        """The test's server knows no log-in at all, which a client must take as "not now"."""
        channels_file(
            f'[7411.mail]\naddress = "bps7411@bps.go.id"\nsmtp = "smtp://u:salah@127.0.0.1:{mailbox.port}"\n'
        )
        row = put()
        work_off()
        assert fresh(row).state == State.WAITING
        assert "salah" not in fresh(row).problem


class TestOfficesOwnMailbox:
    def test_it_is_the_sender(self, put, mailbox, channels_file, settings, offices):
        channels_file(
            f'[7411.mail]\naddress = "bps7411@bps.go.id"\nsmtp = "smtp://127.0.0.1:{mailbox.port}"\nplus = true\n'
            'imap = "imap://127.0.0.1:143"\n[1906.mail]\naddress = "bps1906@bps.go.id"\n'
        )
        put(thread="K7411-26-00012")
        put(office=offices["1906"])
        put(office=None)
        settings.EMAIL_PORT = mailbox.port
        work_off()
        own, through, nobodys = mailbox.messages
        assert own["From"].addresses[0].addr_spec == "bps7411@bps.go.id"
        assert own["Message-ID"].endswith("@bps.go.id>")
        assert tokens.number_in_address(own["Reply-To"]) == "K7411-26-00012"
        assert through["From"].addresses[0].addr_spec == "bps1906@bps.go.id"
        assert nobodys["From"].addresses[0].addr_spec == settings.DEFAULT_FROM_EMAIL

    def test_one_offices_dead_server_holds_up_no_other(self, put, mailbox, channels_file, offices):
        channels_file('[7411.mail]\naddress = "bps7411@bps.go.id"\nsmtp = "smtp://127.0.0.1:1"\n')
        mine, other = put(), put(office=offices["1906"])
        assert outbox.sweep(timezone.now()) == 1
        assert (fresh(mine).state, fresh(other).state) == (State.WAITING, State.SENT)


class TestPeople:
    def test_sent_again_by_hand(self, put, mailbox, by):
        mailbox.strangers = {"zubaidah@rahasia.test"}
        row = put()
        work_off()
        mailbox.strangers = set()
        outbox.again(fresh(row), by=by)
        assert work_off() == 1
        assert fresh(row).state == State.SENT
        with pytest.raises(IllegalMove):
            outbox.again(fresh(row), by=by)
        assert AuditEntry.objects.filter(action="mail.again", user_id=by.user_id).exists()

    def test_given_up(self, put, mailbox, by):
        row = put()
        outbox.drop(row, by=by)
        assert work_off() == 1  # the job finds nothing to do
        assert (fresh(row).state, fresh(row).text, mailbox.messages) == (State.DROPPED, "", [])

    def test_came_back(self, put, mailbox):
        row = put()
        work_off()
        found = outbox.bounced(f"<{row.message_id}>", "550 no such user")
        assert found
        assert (found.state, found.problem) == (State.DEAD, "550 no such user")
        assert not found.can_be_sent_again
        assert outbox.bounced(row.message_id, "once more") is None
        assert outbox.bounced("<other@x.id>", "") is None

    def test_who_asked_for_it_is_told(self, put, mailbox, monkeypatch, office):
        told = []
        monkeypatch.setattr(outbox, "_watchers", {})
        outbox.watch(Office, lambda row: told.append((row.about_id, row.state)))
        mailbox.faults = ["552 no"]
        put(about=office)
        put(about=office)
        work_off()
        assert told == [(office.pk, "dead"), (office.pk, "sent")]

    def test_what_hangs_on_it_may_fail(self, put, mailbox, monkeypatch, office):
        monkeypatch.setattr(outbox, "_watchers", {})
        outbox.watch(Office, lambda row: 1 / 0)
        row = put(about=office)
        work_off()
        assert fresh(row).state == State.SENT
