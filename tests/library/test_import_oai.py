"""A harvest by OAI-PMH: from our own provider, from a strange one, and from one that means no good."""

from __future__ import annotations

import gzip
import socket
from itertools import count

import pytest
from django.urls import reverse

from library import demo
from library.importing import http, oai
from library.importing.http import check_address
from library.models import CatalogueSource, Import, Publication
from library.workflows import imports as work
from tests.library.import_support import applied, fresh, outcomes, problem, serving
from tests.library.support import client_of

ENVELOPE = (
    '<?xml version="1.0" encoding="UTF-8"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
    "<responseDate>2026-03-10T01:02:03Z</responseDate><request>x</request>%s</OAI-PMH>"
)
RECORD = (
    "<record><header%(status)s><identifier>oai:contoh:%(n)s</identifier></header><metadata>"
    '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>%(title)s</dc:title><dc:date>2021-05-01</dc:date>'
    "<dc:publisher>Penerbit</dc:publisher><dc:identifier>https://contoh.example/%(n)s</dc:identifier>"
    "<dc:identifier>ISBN 978-602-438-123-3</dc:identifier><dc:language>ind</dc:language>"
    "<dc:coverage>2021</dc:coverage><dc:coverage>Sulawesi Tenggara</dc:coverage></oai_dc:dc></metadata></record>"
)


def record(n: int, title: str = "", status: str = "") -> str:
    return RECORD % {
        "n": n,
        "title": title or f"Laporan {n}",
        "status": f' status="{status}"' if status else "",
    }


def listed(*records: str, token: str | None = None) -> bytes:
    more = "" if token is None else f'<resumptionToken completeListSize="9">{token}</resumptionToken>'
    return (ENVELOPE % f"<ListRecords>{''.join(records)}{more}</ListRecords>").encode()


@pytest.fixture(autouse=True)
def quick(settings):
    settings.HARVEST_PAUSE, settings.HARVEST_PRIVATE = 0, True


def harvest(office, by, url: str, **more) -> Import:
    source, _new = CatalogueSource.objects.get_or_create(office=office, kind="oai", address=url, **more)
    batch = work.from_source(source, by=by)
    work.work(batch.pk)
    return fresh(batch)


def test_pages_by_token_and_from_the_last_date_on(office, by):
    def answer(path, query):
        if query.get("from"):
            return 200, (ENVELOPE % '<error code="noRecordsMatch">none</error>').encode()
        if query.get("resumptionToken") == "t2":
            return 200, listed(record(3), record(4, status="deleted"), token="")
        return 200, listed(record(1), record(2), token="t2")

    with serving(answer) as server:
        batch = harvest(office, by, f"{server.url}/oai")
        assert outcomes(batch) == ["new", "new", "new", "gone"]
        applied(batch, by)
        made = Publication.objects.get(title="Laporan 1")
        assert (made.year, made.region.code, made.isbn) == (2021, "7400", "978-602-438-123-3")
        assert made.web_address == "https://contoh.example/1"
        assert CatalogueSource.objects.get().read_until == "2026-03-10"
        server.asked.clear()
        assert outcomes(harvest(office, by, f"{server.url}/oai")) == []
        assert server.asked[0][1]["from"] == "2026-03-10"


def test_two_servers_with_the_same_names(office, by):
    """The second server's record of that name is another book, not a change of the first one's."""
    with serving(lambda path, query: (200, listed(record(1, "Laporan Satu")))) as one:
        applied(harvest(office, by, f"{one.url}/oai"), by)
        with serving(lambda path, query: (200, listed(record(1, "Lain").replace("-3<", "-4<")))) as other:
            batch = harvest(office, by, f"{other.url}/oai")
            assert outcomes(batch) == ["new"]
            applied(batch, by)
        CatalogueSource.objects.update(read_until="")
        assert outcomes(harvest(office, by, f"{one.url}/oai/")) == ["same"]
    assert sorted(Publication.objects.values_list("title", flat=True)) == ["Lain", "Laporan Satu"]


def test_what_the_source_deleted_is_told_and_kept(office, by):
    with serving(lambda path, query: (200, listed(record(1)))) as server:
        applied(harvest(office, by, server.url), by)
        server.answer = lambda path, query: (200, listed(record(1, status="deleted")))
        batch = applied(harvest(office, by, server.url), by)
    assert batch.counts == {"gone": 1}
    assert Publication.objects.filter(title="Laporan 1").exists()


@pytest.mark.django_db(transaction=True)
def test_our_own_provider_by_its_own_address(offices, live_server, make_user):
    """What one installation gives, another takes: every record, once."""
    from services.audit.actors import Actor

    demo.furnish(offices["7411"])
    demo.furnish(offices["6571"])
    before = Publication.objects.count()
    assert before > 100  # more than one page
    by = Actor("officer", user_id=make_user(offices["1373"]).pk)
    batch = harvest(offices["1373"], by, f"{live_server.url}/oai/")
    assert problem(batch) == ""
    assert outcomes(batch) == ["others"] * before
    assert oai.identify(f"{live_server.url}/oai/")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (
            b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>',
            "deklarasi XML yang berbahaya",
        ),
        (
            b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
            "deklarasi XML yang berbahaya",
        ),
        (b"<html><body>Forbidden</body></html>", "bukan server OAI-PMH"),
        (b"<html><br></html>", "bukan XML yang utuh"),
        (listed(record(1))[:-200], "bukan XML yang utuh"),
        (b"", "bukan XML yang utuh"),
        (b'<?xml version="1.0" encoding="martian"?><x/>', "bukan XML yang utuh"),
        (listed(record(1), token="again"), "halaman yang sama"),
        ((ENVELOPE % '<error code="badArgument">no</error>').encode(), "menolak: badArgument no"),
        ((ENVELOPE % '<error code="badResumptionToken">no</error>').encode(), "Mulai lagi dari awal"),
    ],
    ids=["bomb", "file", "html", "tags", "half", "empty", "encoding", "same token", "error", "lapsed"],
)
def test_answers_that_are_no_catalogue(office, by, body, words):
    with serving(lambda path, query: (200, body)) as server:
        batch = harvest(office, by, server.url)
    assert batch.state == "failed"
    assert words in problem(batch)
    assert not Publication.objects.exists()


def test_an_answer_without_an_end_is_cut(office, by, monkeypatch):
    monkeypatch.setattr(http, "MOST_BYTES", 1000)
    with serving(lambda path, query: (200, b"<x>" + b"y" * 5000)) as server:
        assert "terlalu besar" in problem(harvest(office, by, server.url))


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/oai", "http://localhost/oai", "http://10.0.0.1/", "http://169.254.169.254/latest",
        "http://[::1]/", "http://0/", "http://2130706433/", "file:///etc/passwd", "gopher://x/", "http://",
        "http://user:pass@example.com/", "http://[::ffff:127.0.0.1]/", "http://192.168.1.1:8080/",
    ],
)  # fmt: skip
def test_nothing_inside_our_own_network_is_asked(settings, address):
    settings.HARVEST_PRIVATE = False
    with pytest.raises(http.Refused):
        check_address(address)


def test_nor_by_a_redirect(office, by, settings, monkeypatch):
    """The first address is let through; the one it leads to is looked at again."""
    with serving(lambda path, query: (302, b"", {"Location": "http://127.0.0.1:1/secret"})) as server:
        real = http.check_address

        def first_only(address):
            settings.HARVEST_PRIVATE = address.startswith(server.url)
            real(address)

        monkeypatch.setattr(http, "check_address", first_only)
        batch = harvest(office, by, server.url)
    assert "jaringan dalam" in problem(batch)


@pytest.mark.parametrize(
    "address",
    [
        "http://[64:ff9b::7f00:1]/", "http://[64:ff9b::10.0.0.1]/", "http://[2002:7f00:1::]/", "http://224.0.0.1/",
        "http://[ff02::1]/", "http://[::]/", "http://[fe80::1%25eth0]/", "http://0x7f.1/", "http://127.1/",
        "http://user@127.0.0.1/", "http://example.com\\@127.0.0.1/", "http://[::1", "http://example.com:99999/",
        "http://" + "a" * 300 + ".id/", "http://a..b/", "https://example.com:abc/", "http://\u2100.com:x/",
    ],
)  # fmt: skip
def test_however_it_is_written(settings, address):
    settings.HARVEST_PRIVATE = False
    with pytest.raises(http.Refused):
        check_address(address)


@pytest.mark.parametrize("address", ["http://[::1", "http://example.com:99999/", "https://example.com:abc/"])
def test_an_address_that_is_none_is_told_at_its_field(office, make_user, address):
    client = client_of(make_user(office, "supervisor"))
    answer = client.post(reverse("library:import_sources"), {"kind": "oai", "address": address})
    assert answer.status_code == 422
    assert not CatalogueSource.objects.exists()


def test_the_address_that_was_checked_is_the_one_that_is_asked(office, by, settings, monkeypatch):
    """A name server that says something else the second time is not asked a second time."""
    settings.HARVEST_PRIVATE = False
    looked_up, real = [], socket.getaddrinfo

    def rebinding(host, *args, **more):
        if host != "katalog.example":
            return real(host, *args, **more)
        looked_up.append(host)
        return real("127.0.0.1" if len(looked_up) == 1 else "127.0.0.2", *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    monkeypatch.setattr(http, "is_public", lambda place: place == "127.0.0.1")
    with serving(lambda path, query: (200, listed(record(1)))) as server:
        port = server.url.rpartition(":")[2]
        batch = harvest(office, by, f"http://katalog.example:{port}/oai?x=1")
        assert server.hosts == {f"katalog.example:{port}"}
    assert (batch.state, outcomes(batch), len(looked_up)) == ("ready", ["new"], 1)


def test_of_two_addresses_the_one_that_can_be_reached(office, by, settings, monkeypatch):
    settings.HARVEST_PRIVATE = False
    real = socket.getaddrinfo

    def two(host, port, *args, **more):
        if host != "katalog.example":
            return real(host, port, *args, **more)
        return [*real("127.0.0.1", 1, *args, **more), *real("127.0.0.2", port, *args, **more)]

    monkeypatch.setattr(socket, "getaddrinfo", two)
    monkeypatch.setattr(http, "is_public", lambda place: True)
    monkeypatch.setattr(http, "TIMEOUT", 5)
    with serving(lambda path, query: (200, listed(record(1))), host="127.0.0.2") as server:
        port = server.url.rpartition(":")[2]
        assert harvest(office, by, f"http://katalog.example:{port}/oai").state == "ready"


class TestPacked:
    def harvested(self, office, by, packing: str, body: bytes):
        with serving(lambda path, query: (200, body, {"Content-Encoding": packing})) as server:
            return harvest(office, by, server.url)

    def test_gzip_is_read(self, office, by):
        assert outcomes(self.harvested(office, by, "gzip", gzip.compress(listed(record(1))))) == ["new"]

    def test_a_bomb_is_cut(self, office, by, monkeypatch):
        monkeypatch.setattr(http, "MOST_BYTES", 3_000_000)
        batch = self.harvested(office, by, "gzip", gzip.compress(bytes(400_000_000)))
        assert "terlalu besar" in problem(batch)

    def test_what_was_not_asked_for_is_not_unpacked(self, office, by):
        assert "pemampatan" in problem(self.harvested(office, by, "br", b"x"))

    def test_damaged(self, office, by):
        assert "tidak menjawab" in problem(self.harvested(office, by, "gzip", b"\x1f\x8bno"))


@pytest.mark.parametrize("records", [[record(1)], []], ids=["the same records", "none"])
def test_the_same_page_for_ever_under_new_tokens(office, by, records):
    tokens = count()
    with serving(lambda path, query: (200, listed(*records, token=f"t{next(tokens)}"))) as server:
        batch = harvest(office, by, server.url)
        assert len(server.asked) < 20
    assert (batch.state, problem(batch)) == ("failed", "Server terus memberi halaman yang sama.")
