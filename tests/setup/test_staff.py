"""Who works in an office: asked by mail, given a role, let go after what they had open went to somebody else."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from complaints.workflows import handling, lodging
from consultation.workflows import assigning, opening
from pst.setup import leaving
from queueing.workflows import counters, desk
from queueing.workflows.issue import issue
from services.accounts import staff
from services.accounts.models import Invitation, Role, User
from services.audit.actors import VISITOR, Actor
from services.audit.models import AuditEntry
from services.workflow import IllegalMove
from tests.account.support import make_account
from tests.together import at_once

BACKEND = "django.contrib.auth.backends.ModelBackend"
LINK = re.compile(r"/undangan/[\w-]+/")
NEW = {"name": "Rina Wulandari", "password1": "kuda-betul-baterai-7", "password2": "kuda-betul-baterai-7"}


@pytest.fixture
def boss(make_user, office):
    return make_user(office, Role.SUPERVISOR)


@pytest.fixture
def chief(boss) -> Actor:
    return Actor("officer", user_id=boss.pk)


@pytest.fixture
def panel(boss) -> Client:
    client = Client()
    client.force_login(boss, backend=BACKEND)
    return client


def invite(panel: Client, mailbox, email: str = "rina@bps.test", role: str = "frontliner") -> str:
    """The link in the mail."""
    sent = len(mailbox.messages)
    answer = panel.post(reverse("setup:staff"), {"name": "Rina", "email": email, "role": role})
    assert answer.status_code == 302
    assert len(mailbox.messages) == sent + 1
    mail = mailbox.messages[-1]
    assert mail["To"] == email
    return LINK.search(mail.get_body(("plain",)).get_content())[0]


def test_by_a_link_to_a_password_of_ones_own(panel, mailbox, office, settings):
    settings.MAIL_IS_SENT = True
    link = invite(panel, mailbox)
    page = Client().get(link)
    assert office.name in page.content.decode()
    short = Client().post(link, NEW | {"password1": "pendek", "password2": "pendek"})
    assert short.status_code == 422
    assert not User.objects.filter(email="rina@bps.test").exists()
    assert Client().post(link, NEW).status_code == 302
    user = User.objects.get(email="rina@bps.test")
    assert (user.name, user.memberships.get().role) == ("Rina Wulandari", Role.FRONTLINER)
    assert user.check_password(NEW["password1"])
    assert Client().get(link).status_code == 404  # good once
    trace = str(list(AuditEntry.objects.values_list("detail", flat=True)))
    assert "rina" not in trace.lower()
    assert link.split("/")[2] not in trace


def test_a_link_that_is_withdrawn_sent_again_or_old_opens_nothing(panel, mailbox, settings):
    settings.MAIL_IS_SENT = True
    first = invite(panel, mailbox)
    row = Invitation.objects.get()
    panel.post(reverse("setup:invitation_act", args=[row.pk]), {"do": "again"})
    second = LINK.search(mailbox.messages[-1].get_body(("plain",)).get_content())[0]
    assert Client().get(first).status_code == 404
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert Client().post(second, NEW).status_code == 404
    panel.post(reverse("setup:invitation_act", args=[Invitation.objects.latest("pk").pk]), {"do": "withdraw"})
    assert Client().post(second, NEW).status_code == 404
    assert not User.objects.filter(email="rina@bps.test").exists()


def test_a_server_that_takes_no_mail_invites_nobody(panel, mailbox, settings):
    settings.MAIL_IS_SENT = True
    mailbox.refusing = True
    form = {"name": "Rina", "email": "rina@bps.test", "role": "frontliner"}
    answer = panel.post(reverse("setup:staff"), form)
    assert answer.status_code == 422
    assert 'value="rina@bps.test"' in answer.content.decode()
    assert not Invitation.objects.exists()


def test_without_a_mail_server_the_link_is_handed_over_but_to_no_account_that_exists(panel, settings):
    settings.MAIL_IS_SENT = False
    form = {"name": "Rina", "email": "rina@bps.test", "role": "frontliner"}
    shown = panel.post(reverse("setup:staff"), form)
    assert Client().get(LINK.search(shown.content.decode())[0]).status_code == 200
    make_account("ani@rumah.test", "Ani")
    refused = panel.post(reverse("setup:staff"), form | {"email": "ani@rumah.test"})
    assert refused.status_code == 422
    assert refused.context["link"] == ""


def test_who_has_a_password_keeps_it(office, chief):
    user = make_account("ani@rumah.test", "Ani")
    user.set_password("rahasia-lama-sekali")
    user.save()
    row, _secret = staff.invite(office=office, email="Ani@rumah.test", name="A", role="frontliner", by=chief)
    assert not staff.needs_password(row)
    staff.accept(row, name="Orang lain", password="rahasia-baru-sekali")
    user.refresh_from_db()
    assert user.check_password("rahasia-lama-sekali")
    assert user.name == "Ani"
    with pytest.raises(IllegalMove):
        staff.invite(office=office, email="ani@rumah.test", name="A", role="frontliner", by=chief)


def test_whose_mailbox_counts_no_more_gets_no_empty_password(office, chief):
    user = make_account("ani@rumah.test", "Ani")
    user.set_password("rahasia-lama-sekali")
    user.save()
    row, _secret = staff.invite(office=office, email=user.email, name="A", role="frontliner", by=chief)
    user.emailaddress_set.all().delete()  # after the page without a password was opened
    with pytest.raises(IllegalMove):
        staff.accept(row, name="A")
    user.refresh_from_db()
    assert not user.check_password("")
    assert staff.needs_password(row)


def test_an_account_somebody_began_with_that_address_gives_nobody_an_office(office, chief):
    """Whoever typed in an officer's address and a password of theirs waits for the officer to be invited."""
    begun = User.objects.create_user("rina@bps.test", "kata-sandi-orang-lain", name="Orang lain")
    stranger = Client()
    stranger.force_login(begun, backend=BACKEND)
    row, _secret = staff.invite(
        office=office, email="rina@bps.test", name="Rina", role="supervisor", by=chief
    )
    assert staff.needs_password(row)
    staff.accept(row, name="Rina", password=NEW["password1"])
    begun.refresh_from_db()
    assert begun.check_password(NEW["password1"])
    assert begun.name == "Rina"
    assert stranger.get("/meja/").status_code == 302


def test_whom_an_administrator_shut_out_is_not_let_in_by_an_invitation(office, chief, make_user):
    shut = make_user(is_active=False)
    with pytest.raises(IllegalMove):
        staff.invite(office=office, email=shut.email, name="A", role="frontliner", by=chief)


def test_never_oneself_and_never_the_last_supervisor(office, boss, chief, make_user):
    own = boss.memberships.get()
    for act in (lambda: staff.give_role(own, "frontliner", by=chief), lambda: staff.let_go(own, by=chief)):
        with pytest.raises(IllegalMove):
            act()
    other = Actor("officer", user_id=make_user(is_superuser=True, is_staff=True).pk)
    with pytest.raises(IllegalMove):
        staff.let_go(own, by=other)
    second = make_user(office, Role.SUPERVISOR).memberships.get()
    staff.let_go(own, by=other)
    with pytest.raises(IllegalMove):
        staff.give_role(second, "frontliner", by=other)


def test_an_account_for_the_work_alone_is_closed_with_it(office, chief, frontliner):
    browser = Client()
    browser.force_login(frontliner, backend=BACKEND)
    assert browser.get("/meja/").status_code == 200
    staff.let_go(frontliner.memberships.get(), by=chief)
    assert browser.get("/meja/").status_code == 302  # to the log-in: the session is over
    frontliner.refresh_from_db()
    assert not frontliner.has_usable_password()


def test_what_is_open_goes_to_a_colleague_first(
    office, chief, frontliner, by, panel, make_user, library, counter
):
    colleague = make_user(office)
    asked = opening.submit(office=office, channel="portal", subject="", question="PDRB?", by=by)
    assigning.assign(asked, frontliner, by=by)
    complaint, _secret = lodging.lodge(office=office, text="Lama", channel="online", by=by)
    handling.assign(complaint, frontliner, by=chief)
    counters.open_counter(counter, by=by)
    ticket = issue(office=office, service=library, submission="s", by=by)
    desk.call_chosen(counter, ticket, by=by)
    address = reverse("setup:person", args=[frontliner.memberships.get().pk])
    text = panel.get(address).content.decode()
    for open_ in (asked.number, complaint.number, "Loket 1"):
        assert open_ in text
    assert panel.post(address, {"do": "leave"}).status_code == 422  # nobody takes over
    there = panel.post(address, {"do": "leave", "to": colleague.pk})
    assert "masih di loket" in there.content.decode()
    asked.refresh_from_db()
    assert asked.officer == frontliner  # nothing of it happened
    desk.finish_ticket(ticket, by=by, at=timezone.now())
    assert panel.post(address, {"do": "leave", "to": colleague.pk}).status_code == 302
    for row, field in ((asked, "officer"), (complaint, "handler")):
        row.refresh_from_db()
        assert getattr(row, field) == colleague
    counter.refresh_from_db()
    assert counter.officer is None
    assert not frontliner.memberships.exists()


def test_what_a_person_may_not_take_over_stops_it(office, chief, frontliner, make_user):
    named = make_user(office)
    complaint, _secret = lodging.lodge(office=office, text="Lama", channel="online", by=chief)
    handling.assign(complaint, frontliner, by=chief)
    complaint.about.add(named)
    with pytest.raises(handling.NotTheirs):
        leaving.let_go(frontliner.memberships.get(), to=named, by=chief)
    assert frontliner.memberships.exists()


def test_a_complaint_about_whoever_ends_it_is_neither_shown_nor_handed_on(
    office, boss, panel, frontliner, make_user
):
    """Who handles it, that there is one, and that it goes to a friend: none of it is theirs."""
    other = make_user(office, Role.SUPERVISOR)
    complaint, _secret = lodging.lodge(office=office, text="A", channel="online", by=VISITOR, about=[boss])
    handling.assign(complaint, frontliner, by=Actor("officer", user_id=other.pk))
    address = reverse("setup:person", args=[frontliner.memberships.get().pk])
    page = panel.get(address).content.decode()
    assert complaint.number not in page
    assert "Tidak ada yang terbuka." in page
    assert panel.post(address, {"do": "leave", "to": boss.pk}).status_code == 302
    complaint.refresh_from_db()
    assert (complaint.state, complaint.handler, complaint.place) == ("received", None, office)


@pytest.mark.parametrize("form", [{"do": "role", "role": "frontliner"}, {"do": "leave"}])
def test_a_complaint_nobody_is_left_to_read_goes_up(office, boss, panel, make_user, form):
    """Two supervisors: the one it is about makes a frontliner of the other."""
    make_user(office.parent, Role.SUPERVISOR)
    other = make_user(office, Role.SUPERVISOR)
    complaint, _secret = lodging.lodge(office=office, text="A", channel="online", by=VISITOR, about=[boss])
    assert complaint.place == office
    assert panel.post(reverse("setup:person", args=[other.memberships.get().pk]), form).status_code == 302
    complaint.refresh_from_db()
    assert complaint.place == office.parent


def test_who_is_a_supervisor_no_more_has_left_no_way_back(office, chief, make_user):
    other = make_user(office, Role.SUPERVISOR)
    theirs = {"office": office, "role": "supervisor", "by": Actor("officer", user_id=other.pk)}
    row, secret = staff.invite(email="pribadi@rumah.test", name="A", **theirs)
    kept, its_secret = staff.invite(office=office, email="b@bps.test", name="B", role="frontliner", by=chief)
    staff.give_role(other.memberships.get(), "frontliner", by=chief)
    assert staff.by_secret(secret) is None
    assert staff.by_secret(its_secret) == kept
    row.refresh_from_db()
    assert row.withdrawn_at
    own, its_secret = staff.invite(office=office, email="c@bps.test", name="C", role="frontliner", by=chief)
    user = make_user(office)
    User.objects.filter(pk=user.pk).update(email=own.email)  # an administrator was faster
    staff.let_go(user.memberships.get(), by=chief)
    assert staff.by_secret(its_secret) is None


@pytest.mark.django_db(transaction=True)
def test_an_invitation_posted_twice_is_one_mail_whose_link_is_good(boss, panel, mailbox, settings):
    settings.MAIL_IS_SENT = True
    form = {"name": "Rina", "email": "Rina@bps.test", "role": "frontliner"}

    def post(address: str, said: dict) -> int:
        client = Client()
        client.force_login(boss, backend=BACKEND)
        return client.post(address, said).status_code

    here = reverse("setup:staff")
    assert at_once(lambda: post(here, form), lambda: post(here, form)) == [302, 302]
    assert len(mailbox.messages) == Invitation.objects.count() == 1
    again = reverse("setup:invitation_act", args=[Invitation.objects.get().pk])
    assert at_once(lambda: post(again, {"do": "again"}), lambda: post(again, {"do": "again"})) == [302, 302]
    assert len(mailbox.messages) == 2
    link = LINK.search(mailbox.messages[-1].get_body(("plain",)).get_content())[0]
    assert Client().get(link).status_code == 200
    assert panel.post(here, form | {"name": "Rina W."}).status_code == 302  # something else was asked
    assert len(mailbox.messages) == 3
