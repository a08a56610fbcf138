"""Answers by WhatsApp: as text while the window is open, else as a template, else by e-mail; once, whatever goes wrong."""

from __future__ import annotations

import time
from datetime import timedelta

import httpx
import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from consultation import whatsapp_out
from consultation.models import Attachment, Channel, Consultation, Message
from services.mail.models import Outgoing
from services.whatsapp import api, contacts, outbox
from services.whatsapp.models import Contact, OptIn, OutgoingWhatsApp, StatusSeen
from services.workflow import IllegalMove
from tests.consultation.support import ask, fresh
from tests.consultation.whatsapp_support import again, answer, graph, only, whatsapp, with_template
from tests.whatsapp_server import PHONE, SENDER, TOKEN, comes, message, status, tells, work_off

__all__ = ["graph", "whatsapp", "with_template"]
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("offices", "whatsapp", "calendar_of_2026", "stored"),
]
LATE = timedelta(hours=25)


@pytest.fixture
def siti(office):
    return office.visitors.create(name="Siti Nurhaliza", phone=PHONE, email="siti@example.test")


@pytest.fixture
def asked(graph) -> Consultation:
    """Just now, by somebody unknown; the receipt is out."""
    comes(message("a"))
    graph.sent.clear()
    return only()


def joined(siti) -> Consultation:
    """As after what she asked by WhatsApp was merged into what she asked by mail."""
    Consultation.objects.update(visitor=siti)
    return only()


def row() -> OutgoingWhatsApp:
    return OutgoingWhatsApp.objects.get(kind__in=["answered", "asked_back"])


def window_closed() -> None:
    """As if they had written yesterday."""
    Contact.objects.update(last_wrote_at=timezone.now() - LATE)


def later(**more) -> int:
    return outbox.sweep(timezone.now() + timedelta(**more))


def notes(consultation: Consultation) -> list[str]:
    return list(consultation.messages.filter(kind="note").values_list("body", flat=True))


class TestOpenWindow:
    def test_as_it_was_written_with_number_and_address(self, asked, graph, by):
        written = answer(asked, by)
        assert (written.delivery, len(graph.sent)) == ("waiting", 0)
        work_off()
        sent = graph.sent[0]
        assert (sent["to"], sent["type"], sent["context"]) == (SENDER, "text", {"message_id": "a"})
        assert sent["text"]["body"].startswith("Ada di tabel 3.\n\n" + asked.number)
        assert asked.token in sent["text"]["body"]
        assert (again(written).delivery, again(written).outside_id) == ("sent", row().wamid)
        assert graph.tokens == {f"Bearer {TOKEN}"}

    def test_files_go_as_names_and_the_address(self, asked, graph, by):
        def attach(written):
            Attachment.objects.create(
                consultation=asked, message=written, name="tabel.xlsx", state="ready", at=timezone.now()
            )

        answer(asked, by, attach=attach)
        work_off()
        assert "Berkas: tabel.xlsx" in graph.bodies()[0]
        assert {m["type"] for m in graph.sent} == {"text"}

    def test_a_long_one_is_cut_and_says_where_the_rest_is(self, asked, graph, by):
        answer(asked, by, "kata " * 3000)
        work_off()
        assert len(graph.bodies()[0]) <= 4096
        assert "Selengkapnya" in graph.bodies()[0]
        assert asked.token in graph.bodies()[0]

    def test_nothing_goes_before_the_transaction_is_stored(self, asked, graph, by):
        from django.db import transaction

        try:
            with transaction.atomic():
                answer(asked, by)
                raise RuntimeError
        except RuntimeError:
            work_off()
        assert graph.sent == []
        assert not OutgoingWhatsApp.objects.filter(kind="answered").exists()

    def test_answers_go_in_their_order(self, asked, graph, by):
        answer(asked, by, "satu")
        answer(asked, by, "dua")
        work_off()
        assert [b.split("\n")[0] for b in graph.bodies()] == ["satu", "dua"]


class TestClosedWindow:
    def test_a_template_with_number_and_address(self, with_template, by):
        comes(message("a"))
        asked, graph = only(), with_template
        graph.sent.clear()
        window_closed()
        written = answer(asked, by)
        work_off()
        sent = graph.sent[0]
        assert (sent["type"], sent["template"]["name"], sent["template"]["language"]) == (
            "template", "jawaban_konsultasi", {"code": "id"},
        )  # fmt: skip
        places = [p["text"] for p in sent["template"]["components"][0]["parameters"]]
        assert places == [asked.number, whatsapp_out.notices.thread_address(asked)]
        assert again(written).delivery == "sent"
        assert "templat" in notes(asked)[0]

    def test_by_mail_where_there_is_no_template_and_it_is_said(self, siti, by, graph, mailbox, settings):
        settings.MAIL_IS_SENT = True
        comes(message("a"))
        asked = joined(siti)
        graph.sent.clear()
        window_closed()
        written = answer(asked, by)
        work_off()
        assert graph.sent == []
        assert (again(written).channel, again(written).delivery) == ("email", "sent")
        assert "e-mail" in notes(asked)[0]
        assert row().state == "diverted"
        assert any(m["To"] == "siti@example.test" for m in mailbox.messages)

    def test_without_an_address_they_must_be_called(self, asked, by, graph):
        window_closed()
        written = answer(asked, by)
        work_off()
        assert (again(written).delivery, row().state, graph.sent) == ("failed", "dead", [])
        assert "telepon" in notes(asked)[0]

    def test_a_window_that_closes_between_typing_and_sending(self, asked, by, graph):
        written = answer(asked, by)
        assert whatsapp_out.reach(fresh(asked)).how == "text"
        window_closed()
        work_off()
        assert graph.sent == []
        assert again(written).delivery == "failed"

    def test_one_that_opens_meanwhile(self, asked, by, graph):
        window_closed()
        answer(asked, by)
        comes(message("b"), work=False)
        work_off()
        assert graph.bodies()[0].startswith("Ada di tabel 3.")

    def test_the_last_minute_is_left_out(self, asked):
        contact = Contact.objects.get()
        until = contacts.open_until(contact)
        assert contacts.is_open(contact, until - timedelta(minutes=2))
        assert not contacts.is_open(contact, until - timedelta(seconds=30))

    def test_an_older_message_that_comes_later_does_not_close_it(self, asked):
        comes(message("old", at=time.time() - 90_000))
        assert contacts.is_open(Contact.objects.get())


class TestConsent:
    def test_nothing_without_it(self, asked, by, graph):
        OptIn.objects.all().delete()
        answer(asked, by)
        work_off()
        assert graph.sent == []
        assert "tidak mengizinkan" in notes(asked)[0]

    def test_withdrawn_between_typing_and_sending(self, asked, by, graph):
        answer(asked, by)
        contacts.withdraw(Contact.objects.get(), by=by, at=timezone.now())
        work_off()
        assert graph.sent == []


class TestFaults:
    @pytest.mark.parametrize("fault", ["500", "html", "429", "empty", 130429, 80007, 131056, 190, 368])
    def test_what_passes_is_tried_again(self, asked, by, graph, fault):
        graph.faults = [fault]
        written = answer(asked, by)
        work_off()
        assert (again(written).delivery, row().state, graph.sent) == ("waiting", "waiting", [])
        assert row().problem
        assert SENDER not in row().problem
        later(seconds=30)
        assert graph.sent == []
        later(minutes=6)
        assert (again(written).delivery, row().state) == ("sent", "sent")
        assert len(graph.sent) == 1

    def test_a_token_that_has_expired_is_named(self, asked, by, graph):
        graph.faults = [190]
        answer(asked, by)
        work_off()
        assert "Token" in row().problem
        assert TOKEN not in row().problem

    def test_after_a_day_it_is_given_up(self, asked, by, graph):
        graph.faults = ["500"] * 100
        written = answer(asked, by)
        work_off()
        at = timezone.now()
        for _n in range(20):
            at += timedelta(hours=5)
            Contact.objects.update(last_wrote_at=at)
            outbox.sweep(at)
        assert (row().state, row().attempts) == ("dead", len(outbox.WAITS) + 1)
        assert again(written).delivery == "failed"

    def test_an_api_that_is_away_is_asked_once_in_a_run(self, asked, by, graph):
        for n in range(3):
            answer(asked, by, f"jawaban {n}")
        graph.faults = ["500"] * 3
        work_off()
        graph.faults = [130429, "500", "500"]
        later(minutes=6)
        assert len(graph.faults) == 2

    def test_a_number_that_cannot_be_reached_goes_by_mail(self, siti, by, graph, mailbox, settings):
        settings.MAIL_IS_SENT = True
        comes(message("a"))
        graph.faults = [131026]
        written = answer(joined(siti), by)
        work_off()
        assert (again(written).channel, row().state) == ("email", "diverted")

    def test_the_api_says_that_the_window_is_closed(self, with_template, by):
        comes(message("a"))
        graph = with_template
        graph.sent.clear()
        graph.faults = [131047]
        written = answer(only(), by)
        work_off()
        assert [m["type"] for m in graph.sent] == ["template"]
        assert again(written).delivery == "sent"
        assert whatsapp_out.reach(fresh(only())).how == "template"
        comes(message("b"))
        assert whatsapp_out.reach(fresh(only())).how == "text"

    def test_a_template_that_does_not_exist(self, with_template, by):
        comes(message("a"))
        with_template.faults = [132001]
        window_closed()
        written = answer(only(), by)
        work_off()
        assert (again(written).delivery, row().state) == ("failed", "dead")

    def test_no_answer_at_all(self, asked, by, graph, monkeypatch):
        monkeypatch.setattr(api, "TIMEOUT", httpx.Timeout(0.3))
        graph.faults = ["hang"]
        answer(asked, by)
        work_off()
        assert row().state == "waiting"
        assert row().next_try_at > timezone.now() + timedelta(minutes=4)  # time for a status to come

    def test_a_slow_one_is_waited_for(self, asked, by, graph):
        graph.faults = ["slow"]
        answer(asked, by)
        work_off()
        assert row().state == "sent"

    def test_nobody_there(self, asked, by, graph):
        graph.stop()
        graph.server.server_close()
        answer(asked, by)
        work_off()
        assert row().state == "waiting"

    def test_a_worker_that_died_is_followed(self, asked, by, graph):
        answer(asked, by)
        OutgoingWhatsApp.objects.filter(kind="answered").update(state="sending", attempts=1)
        later(minutes=1)
        assert row().state == "waiting"
        later(minutes=10)
        assert (row().state, len(graph.sent)) == ("sent", 1)
        OutgoingWhatsApp.objects.filter(kind="answered").update(state="sending")
        later(minutes=20)
        assert row().state == "dead"

    def test_a_job_that_was_lost_is_put_again(self, asked, by, graph):
        from django.db import connection
        from procrastinate.contrib.django.models import ProcrastinateJob

        answer(asked, by)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs")
        later(minutes=10)
        assert ProcrastinateJob.objects.filter(task_name=outbox.TASK).count() == 1
        work_off()
        assert len(graph.sent) == 1


class TestStatuses:
    @pytest.mark.parametrize(
        "order",
        [
            ["sent", "delivered", "read"],
            ["read", "delivered", "sent"],
            ["delivered", "read", "sent", "read"],
            ["read"],
        ],
    )
    def test_in_any_order_and_twice(self, asked, by, order):
        written = answer(asked, by)
        work_off()
        for what in order:
            tells(status(row().wamid, what), status(row().wamid, what))
        assert (again(written).delivery, row().status, row().text) == ("read", "read", "")
        assert StatusSeen.objects.count() == len(set(order))

    def test_what_arrived_did_not_fail(self, asked, by):
        written = answer(asked, by)
        work_off()
        tells(status(row().wamid, "delivered"), status(row().wamid, "failed", code=131000))
        assert again(written).delivery == "delivered"

    def test_before_our_own_call_is_answered(self, asked, by, graph):
        def at_once(wamid, sent):
            told.append((wamid, sent["biz_opaque_callback_data"]))

        told: list = []
        graph.before_answer = at_once
        written = answer(asked, by)
        key = OutgoingWhatsApp.objects.get(kind="answered").key
        tells(status("wamid.OUT1", "delivered", key=key), work=False)  # kept before the worker sends
        StatusSeen.objects.update(key="")  # and known by its wamid only
        work_off()
        assert told == [("wamid.OUT1", key)]
        assert again(written).delivery == "delivered"

    def test_one_whose_answer_was_lost_is_not_sent_twice(self, asked, by, graph):
        graph.faults = ["lost"]
        written = answer(asked, by)
        work_off()
        assert row().state == "waiting"
        tells(status("wamid.OUT1", "delivered", key=row().key))
        assert (again(written).delivery, row().wamid) == ("delivered", "wamid.OUT1")
        later(hours=5)
        assert len(graph.sent) == 1

    def test_failed_later_because_of_the_window(self, with_template, by):
        comes(message("a"))
        graph = with_template
        graph.sent.clear()
        written = answer(only(), by)
        work_off()
        first = row().wamid
        tells(status(first, "failed", code=131047))
        assert [m["type"] for m in graph.sent] == ["text", "template"]
        assert again(written).delivery == "sent"
        tells(status(row().wamid, "read"))
        assert again(written).delivery == "read"

    def test_failed_later_for_good(self, asked, by):
        written = answer(asked, by)
        work_off()
        tells(status(row().wamid, "failed", code=131026))
        assert (again(written).delivery, row().state) == ("failed", "dead")
        assert "131026" in again(written).delivery_problem

    def test_of_something_we_never_sent(self):
        tells(status("wamid.LAIN", "read", key="0" * 32))
        assert StatusSeen.objects.count() == 1

    def test_of_another_office_changes_nothing(self, asked, by, offices):
        answer(asked, by)
        work_off()
        StatusSeen.objects.create(office=offices["1906"], wamid=row().wamid, status="read", at=timezone.now())
        tells(status(row().wamid, "delivered"))
        assert row().status == "delivered"


class TestAgain:
    @pytest.fixture
    def dead(self, asked, by, graph):
        graph.faults = [100]
        answer(asked, by)
        work_off()
        assert row().state == "dead"
        return row()

    def test_by_the_supervisor(self, dead, by, graph):
        outbox.again(dead, by=by)
        work_off()
        assert (row().state, len(graph.sent)) == ("sent", 1)
        with pytest.raises(IllegalMove):
            outbox.again(row(), by=by)

    def test_one_that_waits_is_given_up(self, asked, by):
        written = answer(asked, by)
        outbox.drop(row(), by=by)
        work_off()
        assert again(written).delivery == "failed"

    def test_given_up(self, dead, by):
        outbox.drop(dead, by=by)
        assert (row().state, row().text) == ("dropped", "")


class TestReminders:
    def test_by_template_where_no_mail_reaches(self, tmp_path, settings, graph, by):
        from consultation import rounds
        from tests.whatsapp_server import write_channels

        write_channels(tmp_path, settings, graph, templates='reminder = "pengingat"\nclosed = "ditutup"')
        comes(message("a"))
        answer(only(), by)
        work_off()
        graph.sent.clear()
        window_closed()
        at = fresh(only()).remind_at
        with time_machine.travel(at, tick=False):
            assert rounds.remind(at) == 1
            work_off()
        assert graph.sent[0]["template"]["name"] == "pengingat"
        at = fresh(only()).closes_at
        with time_machine.travel(at, tick=False):
            assert rounds.close_silent(at) == 1
            work_off()
        assert graph.sent[1]["template"]["name"] == "ditutup"

    def test_without_one_nothing_goes(self, asked, by, graph):
        from consultation import rounds

        answer(asked, by)
        work_off()
        graph.sent.clear()
        window_closed()
        at = fresh(asked).remind_at
        with time_machine.travel(at, tick=False):
            rounds.remind(at)
            work_off()
        assert graph.sent == []


class TestByHand:
    @pytest.fixture
    def without(self, settings):
        settings.CHANNELS_FILE = ""

    def test_the_prepared_chat(self, without, office, siti, desk, by):

        asked = ask(office, timezone.now(), visitor=siti, channel="whatsapp")
        page = desk.get(f"/meja/konsultasi/utas/{asked.number}/").content.decode()
        assert f"https://wa.me/{SENDER}?text=" in page
        written = answer(asked, by)
        work_off()
        assert (written.channel, written.delivery) == ("whatsapp", "")
        assert OutgoingWhatsApp.objects.count() == 0
        page = desk.get(f"/meja/konsultasi/utas/{asked.number}/").content.decode()
        assert f"https://wa.me/{SENDER}?text=Ada%20di%20tabel%203." in page
        assert "data-whatsapp" not in page

    def test_an_unknown_number_after_a_hand_over(self, asked, offices, settings, make_user, by):
        """The new office has no number of its own: its officers write by hand to the one that asked."""
        Consultation.objects.filter(pk=asked.pk).update(office=offices["6571"])
        assert whatsapp_out.reach(fresh(asked)) is None
        answer(asked, by)
        other = Client()
        other.force_login(make_user(offices["6571"]), backend="django.contrib.auth.backends.ModelBackend")
        page = other.get(f"/meja/konsultasi/utas/{asked.number}/").content.decode()
        assert page.count(f"https://wa.me/{SENDER}?text=") == 2

    def test_noted_by_hand(self, without, office, desk):
        got = desk.post("/meja/konsultasi/catat/", {
            "channel": "whatsapp", "question": "PDRB?", "name": "Rina", "phone": "081234567890", "promised": "on", "key": "k",
        })  # fmt: skip
        assert got.status_code == 302
        asked = Consultation.objects.get()
        assert (asked.channel, asked.visitor.phone) == (Channel.WHATSAPP, "+6281234567890")

    def test_no_address_for_what_is_no_number(self):
        assert whatsapp_out.prepared_chat("0551 31715") == ""
        assert whatsapp_out.prepared_chat("") == ""


class TestShownBefore:
    def page(self, asked, desk, part: str = "") -> str:
        return desk.get(f"/meja/konsultasi/utas/{asked.number}/{part}").content.decode()

    def test_open(self, asked, desk, office):
        until = office.local(contacts.open_until(Contact.objects.get()))
        for part in ("", "whatsapp/"):
            assert 'data-whatsapp="text"' in self.page(asked, desk, part)
            assert f"terbuka sampai {until:%H.%M} WITA" in self.page(asked, desk, part)

    def test_closed(self, asked, desk):
        window_closed()
        assert 'data-whatsapp="call"' in self.page(asked, desk)

    def test_template(self, with_template, desk):
        comes(message("a"))
        window_closed()
        assert 'data-whatsapp="template"' in self.page(only(), desk)

    def test_mail(self, siti, graph, desk):
        comes(message("a"))
        window_closed()
        page = self.page(joined(siti), desk)
        assert 'data-whatsapp="email"' in page
        assert "siti@example.test" in page

    def test_withdrawn(self, asked, desk, by):
        contacts.withdraw(Contact.objects.get(), by=by, at=timezone.now())
        assert "tidak mengizinkan" in self.page(asked, desk)

    def test_another_offices_officer_sees_nothing(self, asked, offices, make_user):
        other = Client()
        other.force_login(make_user(offices["1906"]), backend="django.contrib.auth.backends.ModelBackend")
        assert other.get(f"/meja/konsultasi/utas/{asked.number}/whatsapp/").status_code == 404


def test_mails_of_the_same_answer_are_not_written_twice(siti, by, graph, mailbox, settings):
    settings.MAIL_IS_SENT = True
    comes(message("a"))
    answer(only(), by)
    work_off()
    assert not Outgoing.objects.filter(kind="consultation_answered").exists()
    assert Message.objects.filter(kind="officer").count() == 1


def test_the_officers_page_asks_few_questions_more(asked, desk, by, settings):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    here = f"/meja/konsultasi/utas/{asked.number}/"
    for n in range(3):
        answer(asked, by, f"jawaban {n}")
    with CaptureQueriesContext(connection) as configured:
        desk.get(here)
    settings.CHANNELS_FILE = ""
    with CaptureQueriesContext(connection) as without:
        desk.get(here)
    assert len(configured) - len(without) <= 3


class TestWhoseNumber:
    """A number on a record is typed in by whoever knows name and mailbox; an answer goes only where it is surely the asker's."""

    @pytest.fixture
    def allowed(self, office, siti):
        contact = Contact.objects.create(office=office, phone=PHONE, touched_at=timezone.now(), visitor=siti)
        OptIn.objects.create(contact=contact, how="asked", at=timezone.now())
        return contact

    def test_not_the_number_somebody_once_wrote_beside_her_mailbox(self, office, siti, allowed):
        asked = ask(office, timezone.now() + timedelta(days=1), visitor=siti)
        assert whatsapp_out.contact_of(asked) is None

    def test_not_for_her_account(self, office, siti, allowed, make_user):
        at = timezone.now()
        type(siti).objects.update(created_at=at)
        siti.refresh_from_db()
        assert whatsapp_out.contact_of(ask(office, at, visitor=siti, account=make_user())) is None

    def test_the_one_typed_with_this_question(self, office, siti, allowed):
        at = timezone.now()
        type(siti).objects.update(created_at=at)
        siti.refresh_from_db()
        assert whatsapp_out.contact_of(ask(office, at, visitor=siti)) == allowed

    def test_that_of_somebody_known_by_it_alone(self, office, siti, allowed):
        type(siti).objects.update(email="")
        siti.refresh_from_db()
        asked = ask(office, timezone.now() + timedelta(days=1), visitor=siti)
        assert whatsapp_out.contact_of(asked) == allowed
