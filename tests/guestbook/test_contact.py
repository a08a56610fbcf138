"""Codes in a visitor's own mailbox: whoever reads them there is that person, and nobody learns who is known."""

from __future__ import annotations

import smtplib
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from services.guestbook import contact
from services.guestbook.models import ContactCode, Visitor
from tests.mail_server import codes_in, links_in, text_of, work_off

SITE = "https://pst.example.test"


@pytest.fixture
def regular(office):
    return Visitor.objects.create(office=office, name="Wahyu Lestari", email="wahyu@example.test")


def ask(office, by, email="wahyu@example.test", purpose="tablet", **more) -> str:
    return contact.ask(office=office, email=email, purpose=purpose, site=SITE, by=by, **more)


def check(office, batch, typed):
    return contact.check(office=office, batch=batch, typed=typed)


def test_the_code_in_the_mail_is_good_once(office, regular, by, mailbox):
    batch = ask(office, by, email=" Wahyu@Example.test ")
    assert check(office, batch, "123456") is None  # not sent yet: there is no code
    work_off()
    [code] = codes_in(mailbox.messages[-1])
    assert check(office, batch, f" {code[:3]} {code[3:]} ") == regular
    assert check(office, batch, code) is None


def test_the_mail_names_nobody_in_full_and_answers_go_to_the_office(office, regular, by, mailbox):
    ask(office, by)
    work_off()
    message = mailbox.messages[-1]
    assert message["To"] == "wahyu@example.test"
    assert message["Reply-To"] == office.email
    assert office.name in message["Subject"]
    assert "W•••u L•••i" in text_of(message)
    assert "Lestari" not in text_of(message)


def test_in_the_language_of_the_tablet(office, regular, by, mailbox):
    ask(office, by, language="en")
    work_off()
    assert "within 10 minutes" in text_of(mailbox.messages[-1])


def test_an_unknown_address_gets_the_same_answer_and_no_mail(office, regular, by, mailbox):
    batch = ask(office, by, email="siapa@example.test")
    work_off()
    assert len(batch) == 32
    assert mailbox.messages == []
    assert check(office, batch, "123456") is None


def test_people_who_share_a_mailbox_each_have_a_code(office, regular, by, mailbox):
    other = Visitor.objects.create(office=office, name="Rina Sari", email="wahyu@example.test")
    Visitor.objects.create(office=office, name="wahyu  lestari", email="wahyu@example.test")  # not merged yet
    batch = ask(office, by)
    work_off()
    assert len(mailbox.messages) == 1
    codes = codes_in(mailbox.messages[-1])
    assert len(codes) == 2
    assert {check(office, batch, codes[0])} <= {other, *Visitor.objects.filter(name__istartswith="wahyu")}


def test_five_wrong_codes_end_it(office, regular, by, mailbox):
    batch = ask(office, by)
    work_off()
    [code] = codes_in(mailbox.messages[-1])
    wrong = "000000" if code != "000000" else "111111"
    for _n in range(contact.MOST_TRIES):
        assert check(office, batch, wrong) is None
    assert check(office, batch, code) is None


def test_after_ten_minutes_it_is_too_late(office, regular, by, mailbox):
    batch = ask(office, by)
    work_off()
    [code] = codes_in(mailbox.messages[-1])
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert check(office, batch, code) is None


def test_another_offices_code_is_none(offices, office, regular, by, mailbox):
    batch = ask(office, by)
    work_off()
    [code] = codes_in(mailbox.messages[-1])
    assert check(offices["1906"], batch, code) is None


def test_nobodys_mailbox_is_flooded(office, regular, by, mailbox):
    for _n in range(contact.MOST_AN_HOUR + 3):
        ask(office, by)
    work_off()
    assert len(mailbox.messages) == contact.MOST_AN_HOUR


def test_a_mail_server_out_of_order_is_tried_again_with_a_new_code(office, regular, by, mailbox):
    batch = ask(office, by)
    mailbox.refusing = True
    with pytest.raises(smtplib.SMTPException):
        contact.send(batch, "id", SITE)
    mailbox.refusing = False
    work_off()
    [code] = codes_in(mailbox.messages[-1])
    assert check(office, batch, code) == regular


def test_what_comes_too_late_to_be_of_use_is_not_sent(office, regular, by, mailbox):
    batch = ask(office, by)
    assert contact.send(batch, "id", SITE, at=timezone.now() + timedelta(minutes=11)) == 0
    assert mailbox.messages == []


def test_the_job_holds_no_personal_data_and_the_table_no_secret(office, regular, by, mailbox):
    from procrastinate.contrib.django.models import ProcrastinateJob

    ask(office, by)
    assert set(ProcrastinateJob.objects.get(status="todo", task_name=contact.TASK).args) == {
        "batch",
        "language",
        "site",
    }
    work_off()
    [code] = codes_in(mailbox.messages[-1])
    assert code not in ContactCode.objects.get().secret_hash


def test_a_link_is_good_for_an_hour(office, regular, by, mailbox):
    ask(office, by, purpose="own_data")
    work_off()
    [path] = links_in(mailbox.messages[-1])
    token = path.split("/")[2]
    assert contact.of_link(token) == regular
    assert contact.of_link(token + "x") is None
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert contact.of_link(token) is None


def test_an_erased_person_is_not_known_any_more(office, regular, by, mailbox):
    batch = ask(office, by)
    work_off()
    [code] = codes_in(mailbox.messages[-1])
    Visitor.objects.filter(pk=regular.pk).update(name="")
    assert check(office, batch, code) is None
    assert work_off() == 0


def test_links_asked_in_somebodys_name_do_not_keep_them_from_the_tablet(office, regular, by, mailbox):
    for _n in range(contact.MOST_AN_HOUR):
        ask(office, by, purpose="own_data")
    batch = ask(office, by)
    work_off()
    [code] = codes_in(mailbox.messages[-1])
    assert check(office, batch, code) == regular


def test_names_written_beside_a_strangers_address_push_nobody_out(office, regular, by, mailbox):
    for n in range(contact.MOST_PEOPLE + 2):
        Visitor.objects.create(office=office, name=f"Palsu {n}", email="wahyu@example.test")
    ask(office, by)
    assert regular in {row.visitor for row in ContactCode.objects.all()}


def test_an_address_changed_before_the_mail_goes_out_gets_no_strangers_code(office, regular, by, mailbox):
    other = Visitor.objects.create(office=office, name="Rina Sari", email="wahyu@example.test")
    ask(office, by)
    Visitor.objects.filter(pk=regular.pk).update(email="baru@example.test")
    work_off()
    [message] = mailbox.messages
    assert len(codes_in(message)) == 1
    assert {row.visitor for row in ContactCode.objects.exclude(secret_hash="")} <= {regular, other}
