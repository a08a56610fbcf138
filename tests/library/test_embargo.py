"""BPS releases at a set hour. Before, nobody outside the office that keeps the record learns of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.test import Client

from library.models import Series
from library.search import index
from library.tasks import release_due
from tests.library import support
from tests.library.digital import support as digital

pytestmark = pytest.mark.django_db
RELEASE = datetime(2026, 3, 16, 3, 0, tzinfo=UTC)  # 10.00 WIB
SECRET = "rahasiaekonomi"


@pytest.fixture
def secret(offices):
    series = Series.objects.create(title="Pertumbuhan Ekonomi Contoh")
    known = support.title(offices["1906"], "Pertumbuhan Ekonomi Contoh 2024")
    book = support.title(offices["1906"], "Pertumbuhan Ekonomi Contoh 2025")
    book.abstract, book.series, book.embargo_until = f"Ekonomi tumbuh 5,12 persen {SECRET}.", series, RELEASE
    book.cover.save("c.png", ContentFile(b"\x89PNG"), save=False)
    book.save()
    known.series = series
    known.save()
    index.write([book, known])
    index.note_words([book.pk])
    book.known = known
    return book


def addresses(book) -> list[str]:
    """Where the public might come across it."""
    path = book.get_absolute_url()
    oai = "/oai/?verb=ListRecords&metadataPrefix=oai_dc"
    one = f"/oai/?verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:testserver:{book.pk}"
    return [
        path, f"/pustaka/{book.pk}.bib", f"/pustaka/{book.pk}.xml", book.cover_url, one, oai, oai.replace("oai_dc", "marc21"),
        "/oai/?verb=ListIdentifiers&metadataPrefix=oai_dc", f"/cari/?q={SECRET}", "/cari/?q=pertumbuhan+ekonomi+contoh",
        "/cari/", f"/cari/?q={SECRET}&persis=1", "/cari/saran/?q=pertumbuhan+ekonomi", "/cari/unduh.csv?q=pertumbuhan+ekonomi",
        "/cari/unduh.bib?q=pertumbuhan", "/opds/daftar/", "/opds/daftar/?q=pertumbuhan", "/sitemap-pustaka.xml",
        f"/cari/tanya/?pustaka={book.pk}", book.known.get_absolute_url(),
    ]  # fmt: skip


def told(client: Client, address: str, book) -> bool:
    answer = client.get(address)
    text = b"".join(answer) if answer.streaming else answer.content
    if answer.status_code == 404:
        return False
    own = address in (book.cover_url, f"/pustaka/{book.pk}.bib", f"/pustaka/{book.pk}.xml")
    return own or b"Contoh 2025" in text or f"/pustaka/{book.pk}/".encode() in text or b"5,12" in text


def test_before_the_hour_no_public_address_tells_of_it(secret):
    with time_machine.travel(RELEASE - timedelta(seconds=2), tick=False):
        assert [a for a in addresses(secret) if told(Client(), a, secret)] == []


def test_from_the_hour_on_it_is_public_without_anybody_s_doing(secret, db):
    with time_machine.travel(RELEASE, tick=False):
        page = Client().get(secret.get_absolute_url())
        assert page.status_code == 200
        assert SECRET in page.content.decode()


def test_only_the_office_that_keeps_it_works_on_it(secret, office, offices, make_user):
    own = support.client_of(make_user(offices["1906"]))
    other = support.client_of(make_user(office))
    page = f"/meja/pustaka/publikasi/{secret.pk}/"
    with time_machine.travel(RELEASE - timedelta(hours=1), tick=False):
        assert own.get(page).status_code == 200
        assert other.get(page).status_code == 404


def test_a_harvester_that_comes_again_hears_of_it(secret):
    """Its datestamp is that of the release, or whoever asks for what is new would never get it."""
    with time_machine.travel(RELEASE + timedelta(seconds=30), tick=False):
        release_due(0)
    secret.refresh_from_db()
    assert secret.embargo_until is None
    assert secret.updated_at == RELEASE + timedelta(seconds=30)
    with time_machine.travel(RELEASE + timedelta(minutes=2), tick=False):
        listed = Client().get("/oai/?verb=ListIdentifiers&metadataPrefix=oai_dc&from=2026-03-16T03:00:00Z")
    assert f":{secret.pk}<" in listed.content.decode()


def test_another_office_s_desk_does_not_learn_the_title(secret, office, offices, make_user):
    """Whatever an officer there asks for by its key or its number."""
    secret.publication_number = "19060.2501"
    secret.save()
    own, other = (support.client_of(make_user(place)) for place in (offices["1906"], office))
    form = {"count": "0"}
    with time_machine.travel(RELEASE - timedelta(hours=1), tick=False):
        brought = digital.brought(office, digital.pdf(1), "19060.2501.pdf")
        asked = [
            f"/meja/pustaka/judul/{secret.pk}/", f"/meja/pustaka/softcopy/?pustaka={secret.pk}",
            f"/meja/pustaka/softcopy/{brought.pk}/",
        ]  # fmt: skip
        answers = [other.get(address) for address in asked]
        answers += [other.post(f"/meja/pustaka/publikasi/{secret.pk}/eksemplar/", form)]
        assert [
            a for a, text in zip([*asked, "copies"], answers, strict=True) if b"Contoh 2025" in text.content
        ] == []
        assert own.get(asked[0]).status_code == own.get(asked[1]).status_code == 200
        assert b"Contoh 2025" in own.get(asked[0]).content
        assert b"Contoh 2025" in own.get(asked[1]).content
