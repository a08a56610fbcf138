"""What becomes of a mail: the right thread, the right kind, once, and no answer to a machine."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction

from consultation.mail_in import keeping, placing, receive
from consultation.models import Channel, Consultation, HandOver, IncomingMail, Message
from consultation.workflows import ending, thread
from services.audit.models import AuditEntry
from services.mail import tokens
from services.mail.models import Outgoing
from services.workflow import IllegalMove
from tests.consultation.mail_support import BOX, OTHER_BOX, comes, reply_to, visitor, write_channels
from tests.consultation.support import fresh, seen
from tests.mail.awkward import PDF, SENDER, WORDS, all_mails, coded, mail, mixed
from tests.mail.awkward.speakers import report

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mailboxes", "calendar_of_2026")]


@pytest.fixture
def mailboxes(tmp_path, settings):
    write_channels(tmp_path, settings)


@pytest.fixture
def siti(office):
    return visitor(office)


def answered(consultation: Consultation, by) -> Consultation:
    thread.answer(consultation, "Ada di tabel 3.", by=by, seen=seen(consultation))
    return fresh(consultation)


def written(about, to: str = SENDER) -> Outgoing:
    """A mail of ours about this, as the outbox holds it once it is out."""
    office = about.office if isinstance(about, Consultation) else about.consultation.office
    return Outgoing.objects.create(
        office=office, kind="test", to=to, language="id", subject="x", message_id=f"kami-{Outgoing.objects.count()}@bps.test",
        about_type=about._meta.label_lower, about_id=about.pk, state=Outgoing.State.SENT, created_at=datetime.now(UTC),
        sent_at=datetime.now(UTC),
    )  # fmt: skip


def to_visitors():
    """What went to people outside, not to the officers."""
    return Outgoing.objects.exclude(kind__in=["consultation_new", "test"])


def only() -> Consultation:
    return Consultation.objects.select_related("office", "visitor").get()


class TestNew:
    def test_a_known_sender(self, office, siti):
        done = comes(office, Subject="Re: [SPAM] Tanya PDRB")
        asked = only()
        assert (done.state, done.outcome, done.message) == ("done", "opened", asked.messages.get())
        assert (asked.visitor, asked.channel, asked.subject) == (siti, "email", "[SPAM] Tanya PDRB")
        assert (asked.messages.get().address, asked.messages.get().body) == ("", "Berapa PDRB 2024?")
        receipt = to_visitors().get()
        assert (receipt.kind, receipt.to) == ("consultation_receipt", SENDER)
        assert receipt.headers["In-Reply-To"] == f"<{done.mail_id}>"

    def test_its_clock_runs_from_when_the_mail_server_got_it(self, office, siti):
        at = datetime(2026, 6, 8, 2, tzinfo=UTC)
        mail_, _new = keeping.keep(office=office, raw=mail(), received_at=at)
        keeping.process(mail_, at=at + timedelta(days=2))
        assert only().submitted_at == at
        assert only().rounds.get().started_at == at

    @pytest.mark.parametrize(("name", "known"), [("Siti Nurhaliza", True), ("Budi Santoso", False)])
    def test_two_records_of_one_mailbox(self, office, siti, name, known):
        """Twice the same person is one; two people who share a mailbox are nobody certain."""
        visitor(office, name)
        comes(office)
        assert bool(only().visitor) is known

    def test_another_offices_visitor_is_unknown_here(self, office, offices):
        visitor(offices["1906"])
        comes(office)
        assert only().visitor is None

    def test_two_senders_are_nobody(self, office, siti):
        receive(office, b"From: lain@example.test\r\n" + mail())
        assert only().visitor is None
        assert to_visitors().count() == 0

    def test_files_come_along(self, office, siti):
        receive(
            office,
            mixed(
                WORDS,
                coded("application/pdf; name=surat.pdf", PDF),
                coded("application/zip; name=a.zip", b"PK\3\4"),
            ),
        )
        assert [(a.name, a.state) for a in only().attachments.all()] == [
            ("surat.pdf", "checking"),
            ("a.zip", "refused"),
        ]

    def test_a_long_text_is_there_whole(self, office, siti):
        comes(office, "kata " * 10_000)
        assert len(only().messages.get().body) <= 20_000
        assert only().attachments.get().name == "isi-lengkap.txt"

    def test_too_large_to_be_taken(self, office, siti):
        kept, _new = keeping.keep(office=office, raw=mail(""), size=90_000_000)
        keeping.process(kept)
        assert "90 MB" in only().messages.get().body


class TestReceipt:
    def test_one_a_day_with_the_way_to_register(self, office):
        for n in range(3):
            comes(office, f"Pertanyaan {n}")
        receipt = to_visitors().get()
        assert (receipt.to, receipt.about_id) == (SENDER, Consultation.objects.order_by("pk")[0].pk)
        assert receipt.kind == "consultation_mail_receipt"
        assert "Daftar:" in receipt.text
        assert (
            tokens.subject_token(receipt.about_id and Consultation.objects.get(pk=receipt.about_id).number)
            in receipt.subject
        )
        assert "PDRB" not in receipt.subject
        assert SENDER not in receipt.subject
        assert receipt.headers["Auto-Submitted"] == "auto-replied"

    def test_the_next_day_again(self, office):
        now = datetime.now(UTC)
        comes(office, "Satu", at=now - timedelta(days=2))
        comes(office, "Dua", at=now)
        assert to_visitors().count() == 2

    def test_in_the_language_of_the_mail(self, office):
        comes(office, "Dear Sir, could you please send me the data of the regency for 2024? Thank you.")
        assert to_visitors().get().language == "en"

    def test_a_known_sender_has_enough_after_three(self, office, siti):
        for n in range(5):
            comes(office, f"Pertanyaan {n}")
        assert to_visitors().count() == 3

    @pytest.mark.parametrize(
        "header",
        [
            {"Auto_Submitted": "auto-replied"},
            {"List_Id": "<x.example.test>"},
            {"From": "noreply@example.test"},
            {"X_Auto_Response_Suppress": "All"},
            {"From": "Siti"},
            {"From": BOX},
            {"From": OTHER_BOX},
        ],
    )
    def test_never_to_these(self, office, header):
        comes(office, **header)
        assert to_visitors().count() == 0

    def test_a_flood_of_one_address_is_set_aside(self, office):
        for n in range(13):
            comes(office, f"Pertanyaan {n}")
        assert Consultation.objects.count() == 10
        assert IncomingMail.objects.filter(state="aside", outcome="flood").count() == 3


class TestThread:
    @pytest.fixture
    def asked(self, office, siti, by) -> Consultation:
        comes(office)
        return answered(only(), by)

    def test_by_the_signed_address(self, asked):
        done = reply_to(asked, Subject="apa saja")
        assert (done.outcome, done.message.consultation) == ("added", asked)
        assert done.message.address == ""
        assert fresh(asked).state == "reopened"

    def test_in_capitals(self, asked):
        assert reply_to(asked, To=tokens.reply_address(BOX, asked.number).upper()).outcome == "added"

    def test_by_the_subject(self, asked):
        subject = f"Bls: Jawaban {tokens.subject_token(asked.number)}"
        assert comes(asked.office, "Lagi.", Subject=subject).outcome == "added"

    def test_by_our_message_id(self, asked):
        ours = written(asked.messages.last())
        assert comes(asked.office, "Lagi.", In_Reply_To=f"<{ours.message_id}>").outcome == "added"
        ours = written(asked)
        assert comes(asked.office, "Lagi pula.", References=f"<x@y> <{ours.message_id}>").outcome == "added"

    def test_by_their_own_message_id(self, asked):
        first = IncomingMail.objects.get().mail_id
        assert comes(asked.office, "Lupa satu hal.", References=f"<{first}>").outcome == "added"

    def test_the_same_ids_mean_nothing_at_another_office(self, asked, offices):
        ours = written(asked.messages.last())
        done = comes(offices["1906"], "Lagi.", In_Reply_To=f"<{ours.message_id}>")
        assert (done.outcome, done.message.consultation.office.code) == ("opened", "1906")

    def test_a_forged_token_opens_a_new_one_of_nobody(self, asked):
        address = tokens.reply_address(BOX, asked.number)
        forged = f"{address.partition('@')[0][:-3]}aaa@{address.partition('@')[2]}"
        done = reply_to(asked, "Saya mau lihat.", To=forged)
        assert (done.outcome, done.message.consultation_id == asked.pk) == ("opened", False)
        assert done.message.consultation.visitor is None
        assert fresh(asked).state == "answered"
        assert AuditEntry.objects.filter(action="mail_in.forged").count() == 1

    def test_a_token_of_another_office_puts_nothing_there(self, asked, offices):
        done = comes(offices["1906"], "Lagi.", To=tokens.reply_address(OTHER_BOX, asked.number))
        assert done.message.consultation.office.code == "1906"
        assert asked.messages.count() == 2

    def test_somebody_else_is_marked(self, asked):
        before = to_visitors().count()
        done = reply_to(asked, "Saya atasannya.", From="atasan@example.test")
        assert (done.outcome, done.message.address) == ("added", "atasan@example.test")
        assert to_visitors().count() == before

    def test_a_sender_in_doubt_is_marked(self, asked):
        raw = b"From: lain@example.test\r\n" + mail(
            "Lagi", To=tokens.reply_address(BOX, asked.number), Message_ID="<d@x>"
        )
        assert receive(asked.office, raw).message.address == "lain@example.test"

    def test_handed_over_it_still_goes_there(self, asked, offices):
        """Replies go to the mailbox that wrote; the consultation is another office's by now."""
        office, other = asked.office, offices["1906"]
        HandOver.objects.create(consultation=asked, from_office=office, to_office=other, at=datetime.now(UTC))
        Consultation.objects.filter(pk=asked.pk).update(office=other)
        done = comes(office, "Lagi.", To=tokens.reply_address(BOX, asked.number))
        assert (done.outcome, done.message.consultation) == ("added", asked)

    def test_a_closed_one_opens_again_and_the_one_it_was_put_into(self, asked, by, office):
        ending.close(asked, by=by)
        comes(office, "Pertanyaan lain")
        kept = Consultation.objects.exclude(pk=asked.pk).get()
        Consultation.objects.filter(pk=asked.pk).update(merged_into=kept)
        assert reply_to(asked).message.consultation == kept

    def test_crossing_an_answer(self, asked, by):
        """It reached the mail server before the officer's question did, and was read after: no clock runs backwards."""
        reply_to(asked, "Satu lagi.")
        back = thread.answer(fresh(asked), "Tahun berapa?", by=by, seen=seen(asked), ask_back=True)
        kept, _new = keeping.keep(
            office=asked.office, received_at=back.at - timedelta(hours=1),
            raw=mail("2024", To=tokens.reply_address(BOX, asked.number), Message_ID="<silang@x>"),
        )  # fmt: skip
        assert keeping.process(kept)
        assert fresh(asked).state == "assigned"
        assert asked.messages.last().body == "2024"

    def test_an_unknown_sender_goes_on_being_the_one_who_asked(self, office, by):
        comes(office)
        asked = answered(only(), by)
        reply_to(asked)
        assert [m.address for m in asked.messages.filter(kind="visitor")] == [SENDER, SENDER]
        assert to_visitors().filter(kind="consultation_mail_receipt").count() == 1


class TestMachines:
    @pytest.fixture
    def asked(self, office, siti, by) -> Consultation:
        comes(office)
        return answered(only(), by)

    def test_an_automatic_reply_is_noted_and_moves_nothing(self, asked):
        before = fresh(asked)
        done = reply_to(asked, "Saya cuti.", Auto_Submitted="auto-replied")
        after = fresh(asked)
        assert (done.outcome, done.message.kind) == ("noted", "note")
        assert "Saya cuti." in done.message.body
        assert (after.state, after.closes_at, after.rounds.count()) == (before.state, before.closes_at, 1)

    def test_while_it_waits_for_the_visitor_the_clock_stands_still(self, asked, by):
        reply_to(asked)
        thread.answer(fresh(asked), "Tahun berapa?", by=by, seen=seen(asked), ask_back=True)
        reply_to(asked, "Saya cuti.", Auto_Submitted="auto-replied")
        assert fresh(asked).state == "waiting"

    def test_a_bounce_fails_the_message_it_is_about(self, asked):
        answer = asked.messages.last()
        ours = written(answer)
        done = receive(asked.office, report(about=ours.message_id))
        answer.refresh_from_db()
        assert Outgoing.objects.get(pk=ours.pk).state == "dead"
        assert (done.outcome, answer.delivery) == ("bounced", "failed")
        assert answer.delivery_problem == "5.1.1 550 5.1.1 No such user"
        assert fresh(asked).messages.count() == 2

    def test_late_is_not_failed(self, asked):
        ours = written(asked.messages.last())
        receive(asked.office, report("delayed", "4.4.1", about=ours.message_id))
        assert asked.messages.last().delivery != "failed"

    def test_a_bounce_of_nothing_we_sent(self, asked):
        assert receive(asked.office, report(about="bukan@kami.test")).outcome == "bounced"
        assert Consultation.objects.count() == 1

    def test_a_list_waits_for_somebody_to_look_and_can_be_taken_up(self, office, by):
        done = comes(office, "Undangan seminar", List_Id="<x.y>")
        assert (done.state, done.outcome, Consultation.objects.count()) == ("aside", "list", 0)
        assert list(office.incoming_mail.to_look_at()) == [done]
        taken = keeping.take_up(done, by=by)
        assert (taken.state, taken.message.body) == ("done", "Undangan seminar")
        with pytest.raises(IllegalMove):
            keeping.take_up(done, by=by)

    def test_our_own_mail_come_back(self, asked):
        ours = written(asked.messages.last())
        for header in ({"Message_ID": f"<{ours.message_id}>"}, {"From": f"BPS <{BOX}>"}):
            assert reply_to(asked, "Kembali", **header).outcome == "loop"
        assert asked.messages.count() == 2

    def test_a_machine_that_does_not_say_so(self, asked):
        """The same words again: at once after our mail, or the third time whenever."""
        assert [reply_to(asked, "Terima kasih, kami baca.").outcome for _n in range(4)] == [
            "added",
            "added",
            "noted",
            "noted",
        ]
        written(asked.messages.last())
        assert [reply_to(asked, "Lagi pula.").outcome for _n in range(2)] == ["added", "noted"]


class TestOnce:
    def test_the_same_mail_twice(self, office, siti):
        raw = mail()
        first, second = receive(office, raw), receive(office, b"Received: from a by b\r\n" + raw)
        assert first.pk == second.pk
        assert Message.objects.count() == 1

    def test_to_two_offices_it_comes_to_both(self, offices):
        for code in ("7411", "1906"):
            assert receive(offices[code], mail()).outcome == "opened"
        assert sorted(Consultation.objects.values_list("office__code", flat=True)) == ["1906", "7411"]

    def test_known_also_when_its_row_was_forgotten(self, office, siti):
        receive(office, mail())
        IncomingMail.objects.all().delete()
        assert receive(office, mail()).outcome == "known"
        assert Message.objects.count() == 1

    def test_processed_once(self, office, siti):
        kept, _new = keeping.keep(office=office, raw=mail())
        assert keeping.process(kept)
        assert not keeping.process(kept)

    def test_the_database_holds_it_too(self, office, siti):
        receive(office, mail())
        with pytest.raises(Exception, match="message_comes_once"), transaction.atomic():
            Message.objects.create(
                consultation=only(), kind="visitor", channel=Channel.EMAIL, body="x", at=datetime.now(UTC),
                outside_id="7411:<satu@example.test>",
            )  # fmt: skip


class TestTrouble:
    def test_a_poison_mail_is_tried_five_times_and_then_shown(self, office, monkeypatch, by):
        def explode(*_args, **_more):
            raise ZeroDivisionError

        kept, _new = keeping.keep(office=office, raw=mail())
        monkeypatch.setattr(placing, "read", explode)
        at = datetime.now(UTC)
        tried = 0
        for hour in range(24):
            for due in keeping.waiting(at + timedelta(hours=hour)):
                keeping.process(due, at=at + timedelta(hours=hour))
                tried += 1
        kept.refresh_from_db()
        assert (tried, kept.state, kept.problem) == (5, "failed", "ZeroDivisionError")
        assert list(office.incoming_mail.to_look_at()) == [kept]
        monkeypatch.undo()
        keeping.again(kept, by=by)
        assert keeping.process(kept)
        assert only().messages.count() == 1

    def test_one_that_kills_its_worker_is_given_up(self, office, monkeypatch):
        class Killed(BaseException):
            pass

        def kill(*_args, **_more):
            raise Killed

        kept, _new = keeping.keep(office=office, raw=mail())
        monkeypatch.setattr(placing, "read", kill)
        at = datetime.now(UTC)
        for hour in range(10):
            for due in keeping.waiting(at + timedelta(hours=hour)):
                with pytest.raises(Killed):
                    keeping.process(due, at=at + timedelta(hours=hour))
        kept.refresh_from_db()
        assert (kept.state, kept.tries, kept.problem) == ("failed", 5, "WorkerEnded")

    def test_half_way_nothing_is_there(self, office, siti, monkeypatch):
        """The text was stored, then a file fails: all of it is done again, once."""
        from consultation import files

        whole = files.take_what_came

        def fail(*_args, **_more):
            raise OSError("disk")

        monkeypatch.setattr(files, "take_what_came", fail)
        kept, _new = keeping.keep(office=office, raw=mail())
        keeping.process(kept)
        assert Consultation.objects.count() == 0
        monkeypatch.setattr(files, "take_what_came", whole)
        assert keeping.process(kept, at=datetime.now(UTC) + timedelta(hours=1))
        assert Message.objects.count() == 1

    def test_dropped(self, office, by):
        done = comes(office, List_Id="<x.y>")
        assert keeping.drop(done, by=by).state == "dropped"
        assert not office.incoming_mail.to_look_at().exists()


@pytest.mark.parametrize("awkward", [m for m in all_mails() if len(m.raw) < 1_000_000], ids=str)
def test_every_awkward_mail_finds_its_place(office, awkward):
    """As the header says, whatever it holds: a person's becomes a consultation, no other does."""
    done = receive(office, awkward.raw)
    assert done.state in ("done", "aside"), done.problem
    kind = awkward.expect.get("kind", "person")
    assert Consultation.objects.count() == (1 if kind == "person" else 0)
    if kind == "person":
        assert done.message.body.strip()
    else:
        assert to_visitors().count() == 0
    connection.check_constraints()


def test_another_mail_under_the_same_message_id_is_not_lost(office):
    """Whoever knows or guesses the name of a mail must not be able to have it taken for one that is here already."""
    first = comes(office, "Berapa PDRB 2024?", Message_ID="<sama@x.test>")
    for _twice in range(2):
        other = comes(office, "Berapa inflasi?", Message_ID="<sama@x.test>", From="Rini <rini@lain.test>")
    assert (other.state, other.outcome) == ("done", "opened")
    assert comes(office, "Berapa PDRB 2024?", Message_ID="<sama@x.test>") == first
    assert IncomingMail.objects.count() == Consultation.objects.count() == 2
