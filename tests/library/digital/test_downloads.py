"""A link in the visitor's mailbox, and the one copy that each download makes."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from library import handed_out
from library.models import CopyLink, LibraryUse, MarkedCopy, PublicationUse, TermsAcceptance
from library.views import verify
from library.workflows import downloads, handing
from pst.privacy import retention
from services.accounts import limits
from services.audit.actors import SYSTEM, VISITOR
from services.audit.models import AuditEntry
from services.guestbook import merging
from services.guestbook.models import Visitor
from services.workflow import IllegalMove
from tests.library.digital import support
from tests.library.digital.handing_support import SITE, described, flat, officer, softcopy, texts, visitor
from tests.mail_server import links_in, text_of, work_off

Kind = CopyLink.Kind


@pytest.fixture
def taken(offices, mailbox):
    """Issues a link at an office and gives the path from the mail."""

    def take(code="7411", kind=Kind.DOWNLOAD, digital=None, received=None) -> tuple[str, CopyLink]:
        office = offices[code]
        received = received or visitor(office)
        link = handing.issue_link(received, digital or softcopy(office), kind, by=officer(office), site=SITE)
        assert work_off() >= 1
        return links_in(mailbox.messages[-1])[0], link

    return take


def post(path, **data):
    return Client().post(path, {"do": "take", "terms": "1", **data})


def bytes_of(answer) -> bytes:
    return b"".join(answer.streaming_content)


@pytest.mark.parametrize("code", ["7411", "6571"])
def test_kolaka_timur_and_tarakan_give_a_marked_copy(offices, taken, tmp_path, code):
    path, link = taken(code)
    assert text_of_page(path).count("Sitti Rahma") == 1
    answer = post(path)
    assert answer.status_code == 200
    content = bytes_of(answer)
    row = MarkedCopy.objects.get()
    assert (row.kind, row.office.code, row.marked, row.pages, row.file.name) == (
        "download",
        code,
        True,
        [],
        "",
    )
    assert hashlib.sha256(content).hexdigest() == row.sha256
    assert len(content) == row.size == int(answer["Content-Length"])
    assert f"Profil Kemiskinan 2025 {row.serial}.pdf" in answer["Content-Disposition"]
    serial, xmp = described(content, tmp_path / "got.pdf")
    assert serial == row.serial
    assert row.serial in xmp
    local = offices[code].local(row.made_at)
    for number, page in enumerate(texts(content), start=1):
        for said in (
            row.serial,
            "Sitti Rahma",
            "sitti@example.test",
            offices[code].name,
            f"{local:%H.%M} WITA",
        ):
            assert flat(said) in flat(page), (number, said)
        assert f"halaman{number}" in flat(page)
    assert list((tmp_path / "scratch").iterdir()) == []
    assert LibraryUse.objects.get(kind="download").received_id == link.received_id
    assert PublicationUse.objects.get(kind="downloaded").times == 1


def text_of_page(path) -> str:
    answer = Client().get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_sawahlunto_s_copy_shows_no_mark_and_still_has_its_number(taken, tmp_path):
    path, _link = taken("1373")
    content = bytes_of(post(path))
    row = MarkedCopy.objects.get()
    assert not row.marked
    assert all(row.serial not in page and "Sitti" not in page for page in texts(content))
    serial, xmp = described(content, tmp_path / "got.pdf")
    assert serial == row.serial
    assert row.serial in xmp
    assert hashlib.sha256(content).hexdigest() == row.sha256


def test_belitung_timur_downloads_nothing_and_reads(offices, mailbox):
    office = offices["1906"]
    received, digital = visitor(office), softcopy(office)
    with pytest.raises(IllegalMove, match="tidak diunduh"):
        handing.issue_link(received, digital, Kind.DOWNLOAD, by=SYSTEM, site=SITE)
    assert handing.issue_link(received, digital, Kind.READ, by=SYSTEM, site=SITE).kind == "read"


@pytest.mark.parametrize("kind", [Kind.READ, Kind.DOWNLOAD])
@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"access": "in_house"}, "hanya dibaca di komputer PST"),
        ({"embargo_until": timezone.now() + timedelta(days=400)}, "tidak tersedia"),
    ],
)
def test_in_house_and_embargo_have_no_link(office, mailbox, kind, change, said):
    received, digital = visitor(office), softcopy(office)
    type(digital.publication).objects.filter(pk=digital.publication_id).update(**change)
    with pytest.raises(IllegalMove, match=said):
        handing.issue_link(received, support.fresh(digital), kind, by=SYSTEM, site=SITE)


def test_without_an_address_or_a_mail_server_there_is_no_link(office, settings):
    digital = softcopy(office)
    with pytest.raises(IllegalMove, match="tidak menulis e-mail"):
        handing.issue_link(visitor(office, email=""), digital, Kind.DOWNLOAD, by=SYSTEM, site=SITE)
    settings.MAIL_IS_SENT = False
    with pytest.raises(IllegalMove, match="belum dapat mengirim"):
        handing.issue_link(visitor(office), digital, Kind.DOWNLOAD, by=SYSTEM, site=SITE)


def test_only_the_hash_of_the_secret_is_kept(taken, mailbox):
    path, link = taken()
    secret = path.strip("/").rpartition("/")[2]
    link.refresh_from_db()
    assert secret not in link.secret_hash
    assert len(secret) > 40
    assert mailbox.messages[-1]["To"] == "sitti@example.test"
    assert "kali pakai" in text_of(mailbox.messages[-1])


def test_a_press_too_many_sends_one_mail(office, mailbox):
    received, digital, by = visitor(office), softcopy(office), officer(office)
    first, again = (handing.issue_link(received, digital, Kind.READ, by=by, site=SITE) for _n in range(2))
    assert first == again
    assert work_off() == 1
    other = handing.issue_link(received, digital, Kind.DOWNLOAD, by=by, site=SITE)
    assert other != first


def test_terms_are_accepted_once_for_all_records_of_a_person(office, taken):
    path, link = taken()
    refused = Client().post(path, {"do": "take"})
    assert refused.status_code == 409
    assert not MarkedCopy.objects.exists()
    assert "Ketentuan pemakaian" in text_of_page(path)
    assert post(path).status_code == 200
    assert post(path).status_code == 200
    assert "Ketentuan pemakaian" not in text_of_page(path)
    assert TermsAcceptance.objects.count() == 1
    again = visitor(office)  # the same name and mailbox: another record of the same person
    assert again.visit.visitor_id != link.visitor_id
    assert downloads.accepted(handed_out.people(again.visit.visitor))
    somebody = visitor(office, name="Orang Lain", email="lain@example.test").visit.visitor
    assert not downloads.accepted(handed_out.people(somebody))


def test_an_old_wording_is_not_the_new_one(taken, monkeypatch):
    path, _link = taken()
    monkeypatch.setattr("library.digital.terms.CURRENT", 2)
    monkeypatch.setitem(downloads.terms.WORDING, 2, downloads.terms.WORDING[1])
    assert post(path, terms="1").status_code == 409
    assert post(path, terms="2").status_code == 200


def test_forged_and_erased_look_alike_and_only_the_holder_learns_the_rest(taken):
    path, link = taken()
    pages = {}
    with time_machine.travel(timezone.now() + handing.LASTS + timedelta(seconds=1), tick=False):
        pages["over"] = Client().get(path)
    CopyLink.objects.update(used=handing.USES[Kind.DOWNLOAD])
    pages["used up"] = Client().get(path)
    CopyLink.objects.update(used=0)
    pages["forged"] = Client().get(path[:-2] + ("a/" if path[-2] != "a" else "b/"))
    Visitor.objects.filter(pk=link.visitor_id).update(name="")
    pages["erased"] = Client().get(path)
    assert {answer.status_code for answer in pages.values()} == {410}
    assert plain(pages["forged"]) == plain(pages["erased"])
    assert len({plain(answer) for answer in pages.values()}) == 3


def plain(answer) -> str:
    """Without what differs in every page: the form's key, the hour, the address itself."""
    text = answer.content.decode().replace(answer.request["PATH_INFO"], "")
    return re.sub(r'(csrf\w*"?[^>]*value=|X-CSRFToken": |server-time" content=)"[^"]*"', "", text)


def test_a_corrected_address_closes_what_went_to_the_old_one(taken):
    path, link = taken()
    Visitor.objects.filter(pk=link.visitor_id).update(email="baru@example.test")
    assert Client().get(path).status_code == 410


def test_uses_are_counted_and_end(taken):
    path, _link = taken()
    for _n in range(handing.USES[Kind.DOWNLOAD]):
        assert post(path).status_code == 200
    assert post(path).status_code == 410
    serials = set(MarkedCopy.objects.values_list("serial", flat=True))
    assert len(serials) == handing.USES[Kind.DOWNLOAD]


def test_looking_takes_no_use(taken):
    path, link = taken()
    for _n in range(3):
        Client().get(path)
        Client().head(path)
    link.refresh_from_db()
    assert (link.used, MarkedCopy.objects.count()) == (0, 0)


def test_a_day_s_limit_counts_all_records_of_the_person(office, taken, monkeypatch):
    monkeypatch.setattr(downloads, "MOST_A_DAY", 2)
    digital = softcopy(office)
    path, _link = taken(digital=digital)
    assert post(path).status_code == 200
    other, _link = taken(digital=digital)  # signed again: another record
    assert post(other).status_code == 200
    refused = post(other)
    assert refused.status_code == 409
    assert "Batas 2 unduhan sehari" in refused.content.decode()
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert post(other).status_code == 200


def test_a_network_s_limit(taken, monkeypatch):
    path, _link = taken()
    monkeypatch.setitem(limits.LIMITS, "softcopy download", 1)
    assert post(path).status_code == 200
    assert post(path).status_code == 429
    monkeypatch.setitem(limits.LIMITS, "softcopy link", 1)
    assert Client().get("/softcopy/x/").status_code == 410
    assert Client().get("/softcopy/x/").status_code == 429


def test_a_merged_visitor_keeps_the_link_and_an_erased_one_has_none(office, taken):
    digital = softcopy(office)
    path, link = taken(digital=digital)
    assert post(path).status_code == 200
    again = visitor(office).visit.visitor
    downloads.accept(CopyLink.objects.get(), by=VISITOR)
    TermsAcceptance.objects.create(visitor=again, version=1, at=timezone.now())
    merging.merge(again, link.visitor, by=SYSTEM)  # both had accepted
    assert post(path).status_code == 200
    assert set(MarkedCopy.objects.values_list("visitor", flat=True)) == {again.pk}
    retention.erase(Visitor.objects.get(pk=again.pk), by=SYSTEM, why="erasure")
    assert Client().get(path).status_code == 410
    assert set(MarkedCopy.objects.values_list("name", "email")) == {("", "")}


def test_a_replaced_file_is_followed_and_a_withdrawn_one_refused(office, taken):
    digital = softcopy(office, 3)
    path, _link = taken(digital=digital)
    newer = support.ready(office, digital.publication, content=support.pdf(2))
    assert len(texts(bytes_of(post(path)))) == 2
    from library.workflows import intake

    intake.withdraw(newer, why="salah", by=SYSTEM)
    answer = post(path)
    assert answer.status_code == 409
    assert "tidak tersedia" in answer.content.decode()


def test_an_embargo_that_comes_later_tells_no_title(office, taken):
    digital = softcopy(office)
    path, _link = taken(digital=digital)
    post(path)
    type(digital.publication).objects.update(embargo_until=timezone.now() + timedelta(days=9))
    answer = Client().get(path)
    assert answer.status_code == 409
    assert "Profil Kemiskinan" not in answer.content.decode()
    genuine = Client().get(reverse("library:verify_one", args=[MarkedCopy.objects.get().serial]))
    assert genuine.status_code == 200
    assert "Profil Kemiskinan" not in genuine.content.decode()


def test_a_read_link_opens_the_reader_in_this_browser(taken):
    path, link = taken(kind=Kind.READ)
    browser = Client()
    answer = browser.post(path, {"do": "read"})
    assert answer.status_code == 302
    assert answer["Location"].startswith(f"/baca/{link.digital.publication_id}/")
    assert [pk for pk, _sign in browser.session["read_links"]] == [link.pk]
    link.refresh_from_db()
    assert link.used == 1
    assert post(path).status_code == 409  # it downloads nothing
    assert not MarkedCopy.objects.exists()


@pytest.mark.parametrize("kind", [Kind.READ, Kind.DOWNLOAD])
def test_a_link_lets_one_browser_read_what_is_for_registered_users(office, taken, kind):
    """Also when a newer file has taken the place of the one it was made for."""
    digital = softcopy(office)
    type(digital.publication).objects.update(access="registered")
    path, link = taken(digital=digital, kind=kind)
    newer = support.ready(office, support.fresh(digital).publication, content=support.pdf(2))
    browser, page = Client(), reverse("library:read_page", args=[digital.publication_id, 1, 160])
    assert browser.get(page).status_code != 200
    read = browser.post(path, {"do": "read"}, follow=True)
    assert read.status_code == 200
    assert [pk for pk, _sign in browser.session["read_links"]] == [link.pk]
    assert browser.get(page).status_code == 200
    assert Client().get(page).status_code != 200
    assert CopyLink.objects.get().digital == newer


def test_a_file_that_is_gone_is_said_in_words(taken, stored):
    path, link = taken()
    (stored / link.digital.prepared.name).unlink()
    answer = post(path)
    assert answer.status_code == 409
    assert "tidak dapat dibuka" in answer.content.decode()
    link.refresh_from_db()
    assert (link.used, MarkedCopy.objects.count()) == (0, 0)


def test_verification_names_nobody(taken, monkeypatch):
    path, _link = taken()
    post(path)
    row = MarkedCopy.objects.get()
    page = Client().get(f"/periksa/{row.serial.lower()}/").content.decode()
    assert "S*** R***" in page
    assert row.sha256 in page
    assert "Rahma" not in page
    assert "sitti@" not in page
    found = Client().get("/periksa/", {"nomor": row.serial.replace("-", " ")})
    assert found["Location"] == f"/periksa/{row.serial}/"
    near = row.serial[:-1] + ("A" if row.serial[-1] != "A" else "B")
    unknown = [Client().get(f"/periksa/{typed}/") for typed in (near, "PST-0000-26-AAAAA-AAAAAA", "x")]
    assert {answer.status_code for answer in unknown} == {404}
    said = {
        plain(answer).replace(t, "")
        for answer, t in zip(unknown, (near, "PST-0000-26-AAAAA-AAAAAA", "x"), strict=True)
    }
    assert all("Nomor ini tidak ada" in page for page in said)
    monkeypatch.setitem(limits.LIMITS, "serial", 1)
    assert Client().get(f"/periksa/{row.serial}/").status_code == 429


def test_masked_names():
    assert verify.masked("Sitti Rahma") == "S*** R***"
    assert verify.masked("") == ""


def test_what_was_done_is_in_the_trail_without_names(taken):
    path, _link = taken()
    post(path)
    entries = AuditEntry.objects.filter(action__startswith="softcopy.")
    assert {"softcopy.link", "softcopy.link_sent", "softcopy.terms", "softcopy.downloaded"} <= set(
        entries.values_list("action", flat=True)
    )
    assert not any("Sitti" in str(e.detail) or "@" in str(e.detail) for e in entries)
