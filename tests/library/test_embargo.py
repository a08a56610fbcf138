"""BPS releases at a set hour. Before, nobody outside the office that keeps the record learns of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.test import Client

from library.importing.fields import Row
from library.importing.match import Matcher
from library.models import Series
from library.search import index
from library.tasks import release_due
from tests.library import support
from tests.library.digital import support as digital_support
from tests.library.digital.conftest import stored  # noqa: F401

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


@pytest.mark.usefixtures("stored")
class TestOtherOfficesAreToldNothing:
    """Before the hour the officers of every other office learn no more than the public."""

    @pytest.fixture(autouse=True)
    def before(self):
        with time_machine.travel(RELEASE - timedelta(hours=1), tick=False):
            yield

    @pytest.fixture
    def stranger(self, office, make_user):
        return support.client_of(make_user(office))

    @pytest.fixture
    def numbered(self, secret):
        type(secret).objects.filter(pk=secret.pk).update(
            publication_number="19060.2501", catalogue_number="9302001.1906", isbn="978-602-438-123-3"
        )
        return secret

    @pytest.mark.parametrize(
        "same",
        [
            {"title": "Pertumbuhan Ekonomi Contoh 2025", "year": "2025"},
            {"title": "Lain", "isbn": "978-602-438-123-3"},
            {"title": "Lain", "catalogue_number": "9302001.1906", "year": "2025"},
        ],
    )
    def test_the_same_book_is_entered_without_a_word(self, stranger, numbered, same):
        answer = stranger.post("/meja/pustaka/publikasi/baru/", {"language": "id", **same})
        assert answer.status_code == 302
        assert f"/{numbered.pk}/" not in answer.url

    def test_the_keeper_is_told(self, offices, make_user, numbered):
        own = support.client_of(make_user(offices["1906"]))
        again = {"title": numbered.title, "year": "2025", "language": "id"}
        assert f"/{numbered.pk}/" in own.post("/meja/pustaka/publikasi/baru/", again).content.decode()

    def test_the_same_file_is_refused_without_its_name(self, stranger, offices, office, numbered):
        content = digital_support.pdf(1)
        digital_support.brought(offices["1906"], content, publication=numbered)
        digital_support.brought(offices["1906"], content + b"\n", name="ekonomi-rahasia.pdf")
        for bytes_ in (content, content + b"\n"):
            answer = stranger.post("/meja/pustaka/softcopy/", {"pdf": digital_support.upload(bytes_)})
            page = answer.content.decode()
            assert answer.status_code == 422
            assert "berkas dengan isi yang sama sudah ada" in page
            assert "Contoh 2025" not in page
            assert "ekonomi-rahasia" not in page
        assert not office.digital_copies.exists()

    def test_no_page_of_the_desk_names_it(self, stranger, office, numbered):
        brought = digital_support.brought(
            office, digital_support.pdf(1), name="ekonomi 19060.2501 9302001.1906.pdf"
        )
        pages = [
            f"/meja/pustaka/softcopy/{brought.pk}/", f"/meja/pustaka/softcopy/{brought.pk}/?q=ekonomi+contoh",
            f"/meja/pustaka/softcopy/?pustaka={numbered.pk}", f"/meja/pustaka/judul/{numbered.pk}/",
            f"/meja/pustaka/publikasi/{numbered.pk}/", f"/meja/pustaka/seri/{numbered.series_id}/",
            "/meja/pustaka/koleksi/?q=ekonomi",
        ]  # fmt: skip
        assert [p for p in pages if "Contoh 2025" in stranger.get(p).content.decode()] == []
        added = stranger.post(f"/meja/pustaka/publikasi/{numbered.pk}/eksemplar/", {"barcodes": "a\tb"})
        assert added.status_code == 404

    def test_an_import_takes_it_for_a_book_of_its_own(self, office, numbered):
        row = Row(1, key="x", data={"title": numbered.title, "year": 2025}, copies=[])
        found = Matcher(office, "table").match([row])[0]
        assert (found.outcome, found.publication) == ("new", None)

    def test_the_keeper_finds_it_to_give_it_its_file(self, offices, make_user, numbered):
        own = support.client_of(make_user(offices["1906"]))
        brought = digital_support.brought(offices["1906"], digital_support.pdf(1), name="scan.pdf")
        for query in ("", "?q=ekonomi+contoh"):
            page = own.get(f"/meja/pustaka/softcopy/{brought.pk}/{query}").content.decode()
            assert f'value="{numbered.pk}"' in page, query
