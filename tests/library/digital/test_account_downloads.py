"""A download from an account: whose standard holds, one marked copy each time, and nothing for anybody else."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from library.models import MarkedCopy, PublicationUse, TermsAcceptance
from library.workflows import downloads, intake
from services.accounts import limits
from services.audit.actors import SYSTEM, Actor
from services.audit.models import AuditEntry
from services.guestbook.models import Visitor
from services.guestbook.one_person import everyone
from services.workflow import IllegalMove
from tests.account.support import MAIL, NAME, make_account, signed_in
from tests.conftest import new_device, new_user
from tests.library.digital.handing_support import SITE, described, flat, softcopy, texts, visitor

HERE = "library:download"


@pytest.fixture
def user(db):
    return make_account()


def page(client, digital, **query):
    return client.get(reverse(HERE, args=[digital.publication_id]), query)


def take(client, digital, office, **data):
    fields = {"kantor": office.code, "terms": "1"} | data
    return client.post(reverse(HERE, args=[digital.publication_id]), fields)


def bytes_of(answer) -> bytes:
    return b"".join(answer.streaming_content)


@pytest.mark.parametrize(("code", "mark"), [("7411", True), ("6571", True), ("1373", False)])
def test_the_standard_decides_about_the_mark(offices, user, tmp_path, code, mark):
    office = offices[code]
    digital = softcopy(office)
    answer = take(signed_in(user), digital, office)
    assert answer.status_code == 200
    content = bytes_of(answer)
    row = MarkedCopy.objects.get()
    assert hashlib.sha256(content).hexdigest() == row.sha256
    assert answer["Content-Length"] == str(len(content)) == str(row.size)
    assert (row.office, row.handed, row.marked, row.name, row.email) == (office, "account", mark, NAME, MAIL)
    assert described(content, tmp_path / "got.pdf")[0] == row.serial
    stamped = [flat(NAME), MAIL, flat(office.name), row.serial]
    for text in texts(content):
        assert all((what in flat(text)) is mark for what in stamped)
    assert row.visitor.account == user
    assert row.visitor.office == office
    entry = AuditEntry.objects.get(action="softcopy.downloaded")
    assert (entry.actor, entry.user_id, entry.office_id) == ("visitor", user.pk, office.pk)
    assert MAIL not in str(entry.detail)
    assert PublicationUse.objects.get(kind="downloaded").office == office


def test_a_mark_is_not_got_rid_of_by_another_office_s_standard(offices, user):
    kolaka, sawahlunto = offices["7411"], offices["1373"]
    assert not downloads.marked(softcopy(sawahlunto), sawahlunto)
    digital = softcopy(kolaka)
    assert downloads.marked(digital, sawahlunto)
    bytes_of(take(signed_in(user), digital, sawahlunto))
    assert MarkedCopy.objects.get().marked


def test_belitung_timur_gives_none(offices, user):
    office = offices["1906"]
    digital = softcopy(office)
    with pytest.raises(IllegalMove, match="tidak diunduh"):
        downloads.by_account(
            user, digital, office, agreed=True, by=Actor("visitor", user_id=user.pk), site=SITE
        )
    client = signed_in(user)
    assert take(client, digital, office).status_code == 409
    assert not MarkedCopy.objects.exists()
    assert not Visitor.objects.exists()
    assert f'value="{office.code}"' not in page(client, digital).content.decode()


def test_no_office_gives_any(offices, user):
    office = offices["7411"]
    digital = softcopy(office)
    for other in offices.values():
        other.services.update(active=False)
    client = signed_in(user)
    answer = page(client, digital)
    assert answer.status_code == 409
    assert "Belum ada kantor" in answer.content.decode()
    assert (
        reverse(HERE, args=[digital.publication_id])
        not in client.get(digital.publication.get_absolute_url()).content.decode()
    )


class TestWhichOffice:
    def chosen(self, client, digital) -> str:
        return page(client, digital).context["chosen"].code

    def test_the_keeper_s_for_somebody_who_was_nowhere(self, offices, user):
        client = signed_in(user)
        assert self.chosen(client, softcopy(offices["6571"])) == "6571"
        assert self.chosen(client, softcopy(offices["1906"])) in ("7411", "6571", "1373")  # itself gives none

    def test_the_last_visited_one(self, offices, user):
        digital = softcopy(offices["7411"])
        visitor(offices["1373"], name=NAME, email=MAIL)
        visitor(offices["6571"], name=NAME, email=MAIL)
        client = signed_in(user)
        assert self.chosen(client, digital) == "6571"
        visitor(offices["1373"], name=NAME, email=MAIL)
        assert self.chosen(client, digital) == "1373"
        visitor(offices["6571"], name="Orang Lain", email=MAIL)  # somebody else with the mailbox
        assert self.chosen(client, digital) == "1373"

    def test_it_is_said_and_may_be_another(self, offices, user):
        digital = softcopy(offices["7411"])
        client = signed_in(user)
        said = page(client, digital).content.decode()
        assert f"<strong>{offices['7411'].name}</strong>" in said
        said = page(client, digital, kantor="6571").content.decode()
        assert f"<strong>{offices['6571'].name}</strong>" in said
        assert page(client, digital, kantor="1906").status_code == 409
        assert page(client, digital, kantor="x\0").status_code == 409


def test_terms_are_accepted_once_and_nothing_is_written_before(office, user):
    client, digital = signed_in(user), softcopy(office)
    assert "Ketentuan pemakaian" in page(client, digital).content.decode()
    assert take(client, digital, office, terms="").status_code == 409
    assert not Visitor.objects.exists()
    assert take(client, digital, office).status_code == 200
    assert take(client, digital, office, terms="").status_code == 200
    assert TermsAcceptance.objects.count() == 1
    assert "Ketentuan pemakaian" not in page(client, digital).content.decode()


def test_terms_accepted_at_the_desk_hold_here_too(offices, user):
    theirs = visitor(offices["6571"], name=NAME, email=MAIL).visit.visitor
    TermsAcceptance.objects.create(visitor=theirs, version=1, at=timezone.now())
    office = offices["7411"]
    assert take(signed_in(user), softcopy(office), office, terms="").status_code == 200


def test_the_copy_is_noted_for_the_person_of_the_guest_book(office, user):
    known = visitor(office, name=NAME, email=MAIL).visit.visitor
    take(signed_in(user), softcopy(office), office)
    assert MarkedCopy.objects.get().visitor in everyone(known)


def test_a_day_s_limit_holds_over_all_offices(offices, user, monkeypatch):
    monkeypatch.setattr(downloads, "MOST_A_DAY", 2)
    client, digital = signed_in(user), softcopy(offices["7411"])
    for code in ("7411", "6571"):
        assert take(client, digital, offices[code]).status_code == 200
    refused = take(client, digital, offices["1373"])
    assert refused.status_code == 409
    assert "Batas 2 unduhan sehari" in refused.content.decode()
    assert (
        take(signed_in(make_account("lain@example.test", "Lain")), digital, offices["1373"]).status_code
        == 200
    )


def test_a_network_s_limit(office, user, monkeypatch):
    monkeypatch.setitem(limits.LIMITS, "softcopy download", 1)
    client, digital = signed_in(user), softcopy(office)
    assert take(client, digital, office).status_code == 200
    assert take(client, digital, office).status_code == 429
    assert MarkedCopy.objects.count() == 1


# Who may have it, by the publication's access. An officer with their own verified mailbox is a visitor like others.
WHO = {
    "visitor": {"public": 200, "registered": 200, "in_house": 409, "embargo": 404},
    "officer with an account": {"public": 200, "registered": 200, "in_house": 409, "embargo": 404},
    **dict.fromkeys(("anonymous", "unverified", "frontliner", "supervisor", "administrator"), dict.fromkeys(
        ("public", "registered", "in_house", "embargo"), 302
    )),
    **dict.fromkeys(("reader", "kiosk", "visitor at the PST computer"), dict.fromkeys(
        ("public", "registered", "in_house", "embargo"), 403
    )),
}  # fmt: skip


def knocks(who: str, office) -> Client:
    if who == "visitor":
        return signed_in(make_account())
    if who == "unverified":
        return signed_in(make_account(verified=False))
    if who == "officer with an account":
        user = make_account()
        user.memberships.create(office=office, role="frontliner")
        return signed_in(user)
    if who in ("frontliner", "supervisor"):
        return signed_in(new_user(office, who))
    if who == "administrator":
        return signed_in(new_user(is_staff=True, is_superuser=True))
    if who == "anonymous":
        return Client()
    client = signed_in(make_account()) if who.startswith("visitor") else Client()
    purpose = "kiosk" if who == "kiosk" else "reader"
    client.cookies[f"pst_device_{purpose}"] = new_device(office, purpose)[1]
    return client


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("access", ["public", "registered", "in_house", "embargo"])
def test_who_gets_a_copy(office, who, access):
    digital = softcopy(office)
    rows = type(digital.publication).objects.filter(pk=digital.publication_id)
    if access == "embargo":
        rows.update(embargo_until=timezone.now() + timedelta(days=9))
    else:
        rows.update(access=access)
    client = knocks(who, office)
    answer = take(client, digital, office)
    assert answer.status_code == WHO[who][access]
    assert MarkedCopy.objects.count() == (answer.status_code == 200)
    if answer.status_code == 200:
        assert bytes_of(answer).startswith(b"%PDF-")
    elif access == "embargo":
        assert "Profil Kemiskinan" not in answer.content.decode()


@pytest.mark.parametrize(
    "who", ["visitor", "anonymous", "unverified", "reader", "visitor at the PST computer", "frontliner"]
)
@pytest.mark.parametrize("access", ["public", "registered", "in_house"])
def test_the_publication_s_page_offers_it_to_who_may(office, who, access):
    digital = softcopy(office)
    type(digital.publication).objects.update(access=access)
    link, where = reverse(HERE, args=[digital.publication_id]), digital.publication.get_absolute_url()
    offers = f'"{link}"' in knocks(who, office).get(where).content.decode()
    assert offers is (who in ("visitor", "anonymous") and access != "in_house")


def test_an_embargo_that_comes_while_the_copy_is_made(office, user, monkeypatch):
    digital = softcopy(office)
    real = downloads.copies.made

    def slow(*args, **more):
        made = real(*args, **more)
        type(digital.publication).objects.update(embargo_until=timezone.now() + timedelta(days=1))
        return made

    monkeypatch.setattr(downloads.copies, "made", slow)
    assert take(signed_in(user), digital, office).status_code == 409
    assert not MarkedCopy.objects.exists()
    assert not Visitor.objects.exists()


def test_a_withdrawn_file_is_gone(office, user):
    digital = softcopy(office)
    intake.withdraw(digital, why="salah", by=SYSTEM)
    assert page(signed_in(user), digital).status_code == 410


def test_my_downloads_are_mine_alone(offices, user):
    office = offices["7411"]
    client, digital = signed_in(user), softcopy(office)
    assert "Belum ada unduhan" in client.get(reverse("account:downloads")).content.decode()
    take(client, digital, office)
    row = MarkedCopy.objects.get()
    said = client.get(reverse("account:downloads")).content.decode()
    assert row.serial in said
    assert f"{office.local(row.made_at):%H.%M} WITA" in said
    assert row.serial in client.get(reverse("account:home")).content.decode()
    other = signed_in(make_account("lain@example.test", "Orang Lain"))
    assert row.serial not in other.get(reverse("account:downloads")).content.decode()


def test_the_limits_of_links_and_accounts_are_one(office, user, monkeypatch):
    """Copies by the desk's link count for the account too: it is one person."""
    monkeypatch.setattr(downloads, "MOST_A_DAY", 1)
    digital, received = softcopy(office), visitor(office, name=NAME, email=MAIL)
    MarkedCopy.objects.create(
        serial="PST-X", kind="download", handed="link", office=office, digital=digital, publication=digital.publication,
        visitor=received.visit.visitor, name=NAME, email=MAIL, sha256="0" * 64, size=1, made_at=timezone.now(), submission="x",
    )  # fmt: skip
    assert take(signed_in(user), digital, office).status_code == 409
