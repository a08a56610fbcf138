"""Every rule of OPDS 1.2 (https://specs.opds.io/opds-1.2) that this catalogue can keep or break, by its sections."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest
from django.urls import reverse

from library.export import opds
from library.models import Publication

A = f"{{{opds.ATOM}}}"
SEARCH = f"{{{opds.OPENSEARCH}}}"
KINDS = ("navigation", "acquisition")
ACQUIRE = "http://opds-spec.org/acquisition"
RELATIONS = {"", "/open-access", "/borrow", "/buy", "/sample", "/subscribe"}
IMAGES = ("image/jpeg", "image/png", "image/gif")

pytestmark = pytest.mark.django_db


@pytest.fixture
def feeds(client, catalogue):
    """The root, the first pages of the newest, and what a search finds, each as its type and its document."""
    publication = Publication.objects.order_by("-year", "-pk")[0]
    Publication.objects.filter(pk=publication.pk).update(
        cover="covers/a.png", title="Ta\x0bbel & <b>", abstract="Isi\x1f & <i>", isbn="978-602-438-123-9"
    )
    newest = reverse("library:opds_list")
    addresses = [
        reverse("library:opds"), newest, f"{newest}?hal=2", f"{newest}?hal=14", f"{newest}?q=kemiskinan",
        f"{newest}?q=zeppelinzz",
    ]  # fmt: skip
    return [read(client, address) for address in addresses]


def read(client, address: str) -> tuple[str, ET.Element]:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer["Content-Type"], ET.fromstring(answer.content)


def one(element: ET.Element, tag: str) -> str:
    [found] = element.findall(A + tag)
    assert (found.text or "").strip()
    return found.text


def links(element: ET.Element) -> list[dict[str, str]]:
    return [link.attrib for link in element.findall(A + "link")]


def related(element: ET.Element, relation: str) -> list[dict[str, str]]:
    return [link for link in links(element) if link.get("rel") == relation]


def kind_of(feed: ET.Element) -> str:
    return related(feed, "self")[0]["type"].rpartition("kind=")[2]


def test_atom_s_own_rules(feeds):
    """RFC 4287: id, title, updated once; an author; addresses are absolute; every link has a type."""
    for _kind, feed in feeds:
        for element in [feed, *feed.findall(A + "entry")]:
            assert urlsplit(one(element, "id")).scheme == "http"
            one(element, "title")
            assert datetime.fromisoformat(one(element, "updated")).tzinfo is not None
            for link in links(element):
                assert set(link) <= {"rel", "href", "type"}
                assert urlsplit(link["href"]).netloc
                assert "/" in link["type"]
        assert feed.find(f"{A}author/{A}name") is not None
        identifiers = [one(entry, "id") for entry in feed.findall(A + "entry")]
        assert len(identifiers) == len(set(identifiers))


def test_kinds_of_feeds(feeds):
    """2: a feed is one of navigation or of acquisition and says which, in its type and in the links to it."""
    for kind, feed in feeds:
        assert kind.startswith("application/atom+xml;profile=opds-catalog;kind=")
        assert kind_of(feed) in KINDS
        assert kind.endswith(kind_of(feed))
        [start] = related(feed, "start")
        assert start["type"] == opds.NAVIGATION
        for link in links(feed):
            if link["type"].startswith("application/atom+xml"):
                assert link["type"] in (opds.NAVIGATION, opds.ACQUISITION)


def test_navigation(feeds, client):
    """2.1: each entry leads to a feed, says in words what is there, and the link's type is that feed's."""
    _kind, root = feeds[0]
    for entry in root.findall(A + "entry"):
        assert one(entry, "content")
        [link] = links(entry)
        assert link["rel"] in ("subsection", "http://opds-spec.org/sort/new", "http://opds-spec.org/featured")
        kind, _feed = read(client, link["href"])
        assert kind == link["type"]


def test_acquisition(feeds):
    """5: every record has a way to get it, one of the relations of the specification, with its type."""
    for _kind, feed in feeds[1:]:
        for entry in feed.findall(A + "entry"):
            ways = [link for link in links(entry) if link["rel"].startswith(ACQUIRE)]
            assert ways
            assert all(link["rel"].removeprefix(ACQUIRE) in RELATIONS for link in ways)
            assert not related(entry, f"{ACQUIRE}/buy")  # that would need a price
            assert one(entry, "title")
            for code in entry.findall(f"{{{opds.DC}}}language"):
                assert code.text.isalpha()
            for number in entry.findall(f"{{{opds.DC}}}identifier"):
                assert number.text.startswith("urn:isbn:")
            assert len(entry.findall(A + "summary")) <= 1
            for category in entry.findall(A + "category"):
                assert category.get("term")


def test_covers(feeds):
    """5.2.1: a picture and a small one, with a type that every reader shows."""
    entries = [entry for _kind, feed in feeds[1:] for entry in feed.findall(A + "entry")]
    covered = [entry for entry in entries if related(entry, "http://opds-spec.org/image")]
    assert covered
    for entry in covered:
        for relation in ("image", "image/thumbnail"):
            [link] = related(entry, f"http://opds-spec.org/{relation}")
            assert link["type"] in IMAGES
            assert link["href"].endswith("/sampul/a.png")


def test_pages_follow_each_other(client, catalogue):
    """2.4.1 and RFC 5005: from the first page to the last and back, each record once."""
    _kind, feed = read(client, reverse("library:opds_list"))
    first, seen, before = related(feed, "self")[0]["href"], [], None
    while True:
        [here] = related(feed, "self")
        assert related(feed, "first")[0]["href"] == first
        assert [link["href"] for link in related(feed, "previous")] == ([before] if before else [])
        seen += [one(entry, "id") for entry in feed.findall(A + "entry")]
        assert feed.findtext(SEARCH + "totalResults") == "280"
        assert int(feed.findtext(SEARCH + "startIndex")) == len(seen) - len(feed.findall(A + "entry")) + 1
        following = related(feed, "next")
        if not following:
            break
        before = here["href"]
        _kind, feed = read(client, following[0]["href"])
    assert len(seen) == len(set(seen)) == 280


def test_search(client, feeds):
    """3: every feed names the description; its template gives a feed of acquisition; OpenSearch's own limits."""
    for _kind, feed in feeds:
        [link] = related(feed, "search")
        assert link["type"] == "application/opensearchdescription+xml"
    kind, about = read(client, link["href"])
    assert kind == link["type"]
    assert about.tag == SEARCH + "OpenSearchDescription"
    assert 0 < len(about.findtext(SEARCH + "ShortName")) <= 16
    assert 0 < len(about.findtext(SEARCH + "Description")) <= 1024
    [address] = about.findall(SEARCH + "Url")
    assert address.get("type") == opds.ACQUISITION
    kind, found = read(client, address.get("template").replace("{searchTerms}", "kemiskinan+tarakan"))
    assert kind == opds.ACQUISITION
    assert int(found.findtext(SEARCH + "totalResults")) >= len(found.findall(A + "entry")) > 0
    assert "kemiskinan" in one(found, "id")
