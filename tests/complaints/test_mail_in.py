"""A reply by mail to what was written about a complaint: it reaches the complaint, or waits; whom it is about sees none of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from complaints import clocks, reaching
from complaints.models import Complaint, Message
from complaints.workflows import complainant, handling
from consultation.mail_in import keeping, receive
from consultation.models import Consultation, IncomingMail
from pst.privacy import retention, workflows
from services.accounts.models import Role
from services.audit.actors import VISITOR
from services.mail import replies, tokens
from services.mail.models import Outgoing
from services.workflow import IllegalMove
from tests.complaints.support import browser, fresh, lodge, officer, works
from tests.consultation.mail_support import BOX, comes, write_channels
from tests.mail.awkward import PDF, mail, mixed, part
from tests.mail.awkward.speakers import report

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mailboxes", "calendar_of_2026")]
ANI = "ani@example.test"
PANEL = "/panel/surat-masuk/"
FILE = part("application/pdf", PDF, 'Content-Disposition: attachment; filename="surat.pdf"')
SECRET = "Masih belum selesai, petugas loket 2 mengulanginya."


@pytest.fixture
def mailboxes(tmp_path, settings):
    write_channels(tmp_path, settings)


@pytest.fixture
def bad(office):
    """A supervisor whom the complaint is about."""
    return works(office, "bad", Role.SUPERVISOR)


@pytest.fixture
def made(office, head, bad):
    """Answered by mail, about a supervisor."""
    made = lodge(office, person={"name": "Ani Rahma", "email": ANI}, about=[bad])
    handling.answer(made, "Sudah kami tegur.", by=officer(head))
    Outgoing.objects.update(state="sent", sent_at=timezone.now())
    return fresh(made)


def notice(complaint: Complaint) -> Outgoing:
    return Outgoing.objects.filter(kind="complaint_answered", to=ANI).latest("pk")


def answers(complaint: Complaint, body: str = SECRET, **header) -> IncomingMail:
    """As the complainant's program does: by the name of the notice."""
    header.setdefault("In_Reply_To", f"<{notice(complaint).message_id}>")
    header.setdefault("Subject", "Re: Tanggapan atas pengaduan Anda")
    header.setdefault("From", f"Ani <{ANI}>")
    return comes(complaint.office, body, **header)


def said(complaint: Complaint) -> list[str]:
    return list(complaint.messages.filter(who="complainant").values_list("body", flat=True))


def pages(user, *rows: IncomingMail) -> str:
    """All that this supervisor finds of mail that came in."""
    client = browser(user)
    found = [client.get(f"{PANEL}?status={room}") for room in ("periksa", "menunggu", "selesai", "diabaikan")]
    found += [client.get(reverse("panel:mail_in_whole", args=[row.pk])) for row in rows]
    return "".join(page.content.decode() for page in found)


class TestTheirs:
    def test_by_the_notices_name_it_is_the_complainants_message(self, made, head):
        done = answers(made)
        assert (done.state, done.outcome) == ("done", "taken")
        assert said(made) == [SECRET]
        assert (fresh(made).state, Message.objects.get(body=SECRET).channel) == ("handled", "email")
        assert not Consultation.objects.exists()
        assert Outgoing.objects.filter(kind="complaint_wrote", to=head.email).count() == 1

    def test_by_the_signed_address_too(self, made):
        address = notice(made).headers["Reply-To"]
        assert address == tokens.reply_address(BOX, made.number)
        assert answers(made, To=address.upper(), In_Reply_To="").outcome == "taken"

    def test_by_references_alone(self, made):
        name = notice(made).message_id
        assert answers(made, In_Reply_To="", References=f"<x@y.test> <{name}>").outcome == "taken"

    def test_its_account_s_address_is_theirs(self, made, make_user, office):
        account = make_user(None)
        made.identity.email, made.identity.account = "", account
        made.identity.save()
        assert answers(made, From=account.email).outcome == "taken"

    def test_files_come_along_and_nothing_is_left_in_the_mailbox_table(self, made):
        kept = receive(
            made.office,
            mixed(part("text/plain", SECRET), FILE, From=ANI, In_Reply_To=f"<{notice(made).message_id}>"),
        )
        assert [file.name for file in made.attachments.all()] == ["surat.pdf"]
        assert (bytes(kept.raw), kept.sender, kept.sender_name, kept.subject) == (b"", "", "", "")

    def test_what_is_too_long_comes_whole_as_a_file(self, made):
        answers(made, "Panjang sekali. " * 400)
        assert len(said(made)[0]) == 5_000
        assert [file.name for file in made.attachments.all()] == ["isi-lengkap.txt"]

    def test_the_same_mail_again_is_said_once(self, made):
        for _n in range(4):
            answers(made, Message_ID="<sama@pengirim.test>")
        assert said(made) == [SECRET]

    def test_the_same_words_after_another_answer_are_said_again(self, made, head):
        answers(made)
        Outgoing.objects.update(sent_at=timezone.now() - timedelta(days=1))
        handling.answer(fresh(made), "Sudah kami tegur lagi.", by=officer(head))
        answers(made, Date="Tue, 10 Mar 2026 08:00:00 +0800")
        assert said(made) == [SECRET] * 2

    def test_handled_above_the_notice_comes_from_there_and_the_reply_too(self, made, office, province):
        Complaint.objects.filter(pk=made.pk).update(place=province)
        assert answers(made).outcome == "taken"


class TestMachines:
    def test_an_absence_is_noted_and_opens_nothing(self, made):
        done = answers(made, "Saya cuti.", Auto_Submitted="auto-replied")
        assert (done.outcome, bytes(done.raw)) == ("noted", b"")
        assert fresh(made).state == "answered"
        assert "Saya cuti." in made.messages.get(who="note").body

    def test_an_officers_absence_is_nothing(self, made, head):
        row = Outgoing.objects.filter(to=head.email).first()
        done = answers(
            made, From=head.email, In_Reply_To=f"<{row.message_id}>", Auto_Submitted="auto-replied"
        )
        assert (done.outcome, done.subject) == ("auto", "")

    def test_one_without_a_mark_opens_it_once(self, made, head):
        answers(made, "Saya cuti.")
        handling.answer(fresh(made), "Baik.", by=officer(head))
        Outgoing.objects.update(state="sent", sent_at=timezone.now())
        again = answers(made, "Saya cuti.", Date="Tue, 10 Mar 2026 08:00:00 +0800")
        assert again.outcome == "noted"
        assert fresh(made).state == "answered"

    def test_what_comes_back_is_told_at_the_message_and_shown_to_nobody_else(self, made, head, bad):
        row = notice(made)
        kept = receive(made.office, report(about=row.message_id))
        assert made.messages.get(who="office").reach == "hand"
        assert kept.outcome == "bounced"
        assert (bytes(kept.raw), "Undelivered" in pages(bad, kept) + pages(head, kept)) == (b"", False)


class TestAside:
    @pytest.fixture
    def aside(self, made):
        return answers(made, From="Budi <budi@example.test>")

    def test_from_another_address_it_waits_with_its_readers(self, made, aside, head):
        assert (aside.state, aside.outcome) == ("aside", "unsure")
        assert (said(made), Consultation.objects.exists()) == ([], False)
        page = pages(head)
        assert SECRET in page
        assert made.number in page

    def test_whom_it_is_about_finds_nothing_of_it(self, made, aside, bad, head):
        found = pages(bad, aside)
        for word in (SECRET, made.number, "budi@", "Tanggapan atas"):
            assert word not in found
        client = browser(bad)
        for do in ("put", "take_up", "drop"):
            assert client.post(f"{PANEL}{aside.pk}/", {"do": do}).status_code == 404
        assert IncomingMail.objects.get(pk=aside.pk).state == "aside"
        told = [room["count"] for room in client.get(PANEL).context["rooms"]]
        assert told == [0, 0, 0, 0]

    def test_nor_before_it_is_read(self, made, bad, head):
        raw = mail(SECRET, From=ANI, In_Reply_To=f"<{notice(made).message_id}>")
        kept, _new = keeping.keep(office=made.office, raw=raw)
        assert ANI not in pages(bad, kept)
        assert ANI in pages(head, kept)

    def test_named_later_they_do_not_see_it_any_more(self, made, aside, head):
        handling.classify(fresh(made), by=officer(head), about=[head])
        assert SECRET not in pages(head)

    def test_an_officer_who_may_read_it_puts_it_there(self, made, aside, head):
        browser(head).post(f"{PANEL}{aside.pk}/", {"do": "put"})
        aside.refresh_from_db()
        assert (said(made), aside.outcome, bytes(aside.raw), aside.sender) == ([SECRET], "taken", b"", "")

    def test_or_lets_it_go(self, aside, head):
        browser(head).post(f"{PANEL}{aside.pk}/", {"do": "drop"})
        aside.refresh_from_db()
        assert (aside.state, bytes(aside.raw), aside.subject) == ("dropped", b"", "")

    def test_it_becomes_no_consultation_that_the_desk_reads(self, aside, head):
        with pytest.raises(IllegalMove):
            keeping.take_up(aside, by=officer(head))
        assert not Consultation.objects.exists()

    def test_handled_above_it_waits_there(self, made, aside, province, head):
        above = browser(province.memberships.get().user)
        assert SECRET not in above.get(PANEL).content.decode()
        Complaint.objects.filter(pk=made.pk).update(place=province)
        assert SECRET in above.get(PANEL).content.decode()
        assert SECRET not in pages(head)

    def test_of_a_confidential_one_the_list_shows_no_address(self, made, aside, head):
        Complaint.objects.filter(pk=made.pk).update(privacy="confidential")
        page = browser(head).get(PANEL).content.decode()
        assert SECRET in page
        assert "budi@" not in page

    def test_an_officers_own_reply_to_their_notice_waits_too(self, made, head, bad):
        row = Outgoing.objects.filter(to=head.email).first()
        done = answers(made, "Siapa yang menangani?", From=head.email, In_Reply_To=f"<{row.message_id}>")
        assert done.outcome == "unsure"
        assert "Siapa yang" not in pages(bad, done)

    def test_a_withdrawn_one_takes_nothing_by_itself(self, made, office):
        other = lodge(office, person={"name": "Ani", "email": ANI}, text="Lain")
        name = Outgoing.objects.get(kind="complaint_receipt", about_id=other.pk).message_id
        complainant.withdraw(other, by=VISITOR)
        assert comes(office, "Lagi", From=ANI, In_Reply_To=f"<{name}>").outcome == "unsure"

    def test_a_sender_in_doubt_proves_nothing(self, made):
        raw = b"From: lain@example.test\r\n" + mail(
            SECRET, From=ANI, In_Reply_To=f"<{notice(made).message_id}>", Message_ID="<d@x>"
        )
        assert receive(made.office, raw).outcome == "unsure"

    def test_who_sends_twenty_a_day_waits_with_the_next(self, made):
        done = [answers(made, f"Nomor {n}").outcome for n in range(21)]
        assert done == ["taken"] * 20 + ["unsure"]


class TestWithoutAName:
    @pytest.fixture
    def nobodys(self, office, head):
        return lodge(office, privacy="anonymous")

    def test_no_address_is_its_own(self, nobodys, head, office):
        done = comes(office, SECRET, From=ANI, To=tokens.reply_address(BOX, nobodys.number))
        assert (done.outcome, said(nobodys)) == ("unsure", [])

    def test_put_there_by_an_officer_only_the_words_are_kept(self, nobodys, head, office):
        done = comes(office, SECRET, From=ANI, To=tokens.reply_address(BOX, nobodys.number))
        browser(head).post(f"{PANEL}{done.pk}/", {"do": "put"})
        written = nobodys.messages.get()
        assert (written.body, written.outside_id, written.by_user) == (SECRET, "", None)
        assert written.at == clocks.shown_of(office, timezone.now())
        assert not IncomingMail.objects.exclude(sender="").exists()
        assert reaching.identity_of(nobodys) is None


def test_a_forged_address_is_a_question_like_any_other(made, office):
    address = tokens.reply_address(BOX, made.number)
    forged = f"{address.partition('@')[0][:-3]}aaa@{address.partition('@')[2]}"
    assert comes(office, "Berapa PDRB?", From=ANI, To=forged).outcome == "opened"
    assert said(made) == []


def test_a_question_that_answers_nothing_of_ours_is_a_consultation(made, office):
    assert comes(office, "Berapa PDRB?", From=ANI).outcome == "opened"


def test_no_large_mail_takes_long_to_look_through():
    for piece in (b"a" * 31, b"+p7411-aaaaaa-", b"0123456789abcdef@", b"+"):
        assert replies.find(piece * (2_000_000 // len(piece))) is None


class TestPrivacy:
    def test_the_desks_file_has_nothing_of_what_waits_for_others(self, made, office, bad):
        budi = office.visitors.create(name="Budi", email="budi@example.test")
        answers(made, From="Budi <budi@example.test>")
        seen = Complaint.objects.exclude(about=bad)
        found = str(workflows.everything(budi, complaints=seen))
        assert "Tanggapan atas" not in found
        people = retention.everyone(budi)
        found_by = retention.rows_about(people, seen, Complaint.objects.none(), proven=False)
        rows = {rule.table: list(rows) for rule, rows in found_by}
        assert rows["consultation.IncomingMail"] == []
