"""The PST computer reads and nothing else: no file leaves by it, whatever the address, and no link leads out of it."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from library.models import CopyLink, MarkedCopy
from library.views import hits_again
from library.views.reader import address
from library.workflows import excerpts, handing, intake
from services.audit.actors import SYSTEM
from services.codes import new_key
from tests.library.digital import readers
from tests.library.digital.handing_support import SITE, officer, softcopy, visitor
from tests.mail_server import links_in, work_off

pytestmark = pytest.mark.django_db
ONLY = "Komputer PST hanya untuk membaca"


@pytest.fixture
def computer(office):
    return readers.device(office, "reader")


def mailed(office, mailbox, kind: str, digital) -> str:
    received = visitor(office)
    handing.issue_link(received, digital, kind, by=officer(office), site=SITE)
    work_off()
    return links_in(mailbox.messages[-1])[0]


@pytest.mark.parametrize("kind", [CopyLink.Kind.DOWNLOAD, CopyLink.Kind.READ])
def test_a_mailed_link_gives_nothing_there_and_is_not_used_up(office, computer, mailbox, kind):
    path = mailed(office, mailbox, kind, softcopy(office))
    for answer in (
        computer.get(path),
        computer.post(path, {"do": "take", "terms": "1"}),
        computer.post(path, {"do": "read"}),
    ):
        assert answer.status_code == 403
        assert ONLY in answer.content.decode()
        assert "perangkat Anda sendiri" in answer.content.decode()
    assert not MarkedCopy.objects.exists()
    assert CopyLink.objects.get().used == 0
    assert Client().get(path).status_code == 200  # at home it works


def test_an_excerpt_s_link_gives_nothing_there(offices, mailbox):
    office = offices["1906"]
    received = visitor(office)
    given = {"handed": MarkedCopy.Handed.LINK, "submission": new_key(), "by": officer(office), "site": SITE}
    excerpts.excerpt(received, softcopy(office, 10), [1], **given)
    work_off()
    path = links_in(mailbox.messages[-1])[0]
    answer = readers.device(office, "reader").post(path, {"do": "take", "terms": "1"})
    assert (answer.status_code, CopyLink.objects.get().used) == (403, 0)
    assert "pdf" not in answer["Content-Type"]


def exports(publication) -> list[str]:
    one = [
        reverse("library:export", args=[publication.pk, form]) for form in ("bib", "ris", "txt", "mrc", "xml")
    ]
    found = [
        reverse("library:search_file", args=[form]) + "?q=profil"
        for form in ("csv", "xlsx", "bib", "ris", "mrc")
    ]
    return [*one, *found, "/oai/?verb=Identify", "/opds/", "/opds/daftar/?q=profil"]


def test_no_export_leaves_by_it(office, computer):
    book = softcopy(office).publication
    for path in exports(book):
        assert Client().get(path).status_code == 200, path
        answer = computer.get(path)
        assert (answer.status_code, ONLY in answer.content.decode()) == (403, True), path


def test_a_file_that_nobody_declared_stays_too(office, computer):
    """The standard's poster is a PDF of another app."""
    service = office.services.filter(active=True).first()
    path = reverse("portal:poster", args=[office.code, service.slug])
    assert Client().get(path)["Content-Type"] == "application/pdf"
    assert ONLY in computer.get(path).content.decode()


def test_the_device_decides_not_a_name_in_a_cookie(office):
    """A browser whose device was revoked, or that made the cookie up, is any browser."""
    book = softcopy(office).publication
    client = Client()
    client.cookies["pst_device_reader"] = "karangan"
    assert client.get(exports(book)[0]).status_code == 200


def test_pages_there_offer_no_file_and_lead_nowhere_else(office, computer):
    digital = softcopy(office)
    book = digital.publication
    book.web_address = "https://koltimkab.bps.go.id/publication/1"
    book.save()
    office.website, office.email, office.phone = "https://koltimkab.bps.go.id", "k@example.test", "+62 401"
    office.save()
    pages = [
        "/komputer/", "/cari/", "/cari/?q=profil", f"/cari/?q=profil&kantor={office.code}", book.get_absolute_url(),
        address(book), f"/konsultasi/tanya/?pustaka={book.pk}", office.get_absolute_url(),
    ]  # fmt: skip
    outward = re.compile(r'<a [^>]*href="(?:mailto:|tel:|https?://)|<a [^>]*download')
    told = 0
    for path in pages:
        page = computer.get(path)
        assert page.status_code == 200, path
        text = page.content.decode()
        assert outward.findall(text) == [], path
        assert not any(path in text for path in exports(book)[:5]), path
        told += "k@example.test" in text
        assert page.content != Client().get(path).content
    assert told >= 2  # the words stay
    assert outward.search(Client().get(book.get_absolute_url()).content.decode())


def test_back_from_a_book_leads_to_the_hits_it_was_found_in(office, computer):
    book = softcopy(office).publication
    hits = "/cari/?q=profil+kemiskinan&amp;bentuk=softcopy"
    assert 'href="/komputer/"' in computer.get(address(book)).content.decode()
    computer.get(hits.replace("&amp;", "&"))
    for path in (address(book), f"{address(book)}?hal=2", book.get_absolute_url()):
        page = computer.get(path).content.decode()
        assert f'href="{hits}"' in page, path
    computer.get("/komputer/?baru=1")  # the next reader
    assert hits not in computer.get(address(book)).content.decode()
    anybody = Client()
    anybody.get("/cari/?q=profil")
    assert hits_again.COOKIE not in anybody.cookies


def test_a_withdrawn_softcopy_is_said_to_be_withdrawn_unless_nobody_may_know(office):
    digital = softcopy(office)
    book = digital.publication
    intake.withdraw(digital, why="salah berkas", by=SYSTEM)
    answer = Client().get(address(book))
    assert answer.status_code == 410
    assert "tidak ditawarkan lagi" in answer.content.decode()
    assert "salah berkas" not in answer.content.decode()
    assert Client().get(readers.picture(digital)).status_code == 404
    type(book).objects.filter(pk=book.pk).update(embargo_until="2999-01-01T00:00:00Z")
    hidden, never = Client().get(address(book)), Client().get("/baca/999999/-/")
    assert (hidden.status_code, never.status_code) == (404, 404)
    assert book.title not in hidden.content.decode()


def test_in_house_without_any_computer_says_whom_to_ask(office):
    book = softcopy(office).publication
    type(book).objects.filter(pk=book.pk).update(access="in_house")
    page = Client().get(address(book)).content.decode()
    assert "tanyakan dahulu kepada kantornya" in page
    assert f'<a href="/{office.code}/">{office.name}</a>' in page
    readers.device(office, "reader")
    assert "tanyakan dahulu kepada kantornya" not in Client().get(address(book)).content.decode()


def test_every_public_view_of_the_library_that_gives_a_file_says_so():
    """Declared, it is refused before it counts a use; what is not is only caught on its way out."""
    views = {p.name: p.callback for p in get_resolver("library.urls").url_patterns}
    declared = {name for name, view in views.items() if getattr(view, "takes_away", False)}
    assert declared == {"export", "search_file", "copy_link", "oai", "opds", "opds_list", "opds_search"}
