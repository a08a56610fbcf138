"""What other software gets: read back with a reader where there is one, and by the format's own rules."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from io import BytesIO
from xml.etree import ElementTree as ET

import pytest
from django.urls import reverse
from django.utils import timezone
from pymarc import MARCReader, marcxml

from library.export import oai
from library.models import Publication, Region, Series, Subject

pytestmark = pytest.mark.django_db
NS = {"o": oai.OAI, "dc": oai.DC, "d": oai.OAI_DC, "a": "http://www.w3.org/2005/Atom"}
TITLE = 'Belitung & "Timur" <b>Dalam</b> Angka </script> 100% {é} 2024'


@pytest.fixture
def publication():
    series = Series.objects.create(title="Dalam Angka", region=Region.objects.get(code="1900"))
    return Publication.objects.create(
        title=TITLE, series=series, year=2020, year_end=2024, isbn="978-602-438-123-9", issn="2714-9170",
        catalogue_number="1102001.1906", publication_number="19060.2501", abstract="Isi\x0b & <tabel>", pages=320,
        producer="BPS Kabupaten Belitung Timur", subject=Subject.objects.get(code="2"), language="id-en",
        region=Region.objects.get(code="1900"), released_on=date(2024, 2, 28), frequency="yearly",
    )  # fmt: skip


def get(client, publication, form):
    return client.get(reverse("library:export", args=[publication.pk, form]))


class TestOne:
    def test_bibtex(self, client, publication):
        text = get(client, publication, "bib").content.decode()
        assert text.startswith(f"@techreport{{bps2024belitung{publication.pk},\n")
        assert r"100\% \{é\} 2024" in text
        assert "institution = {BPS Kabupaten Belitung Timur}," in text
        assert text.replace(r"\{", "").replace(r"\}", "").count("{") == text.replace(r"\{", "").replace(
            r"\}", ""
        ).count("}")

    def test_ris(self, client, publication):
        lines = get(client, publication, "ris").content.decode().split("\r\n")
        assert (lines[0], lines[-2], lines[-1]) == ("TY  - RPRT", "ER  - ", "")
        assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .*", line) for line in lines[:-1])
        assert f"TI  - {TITLE}" in lines

    def test_apa(self, client, publication):
        text = get(client, publication, "txt").content.decode()
        assert text.startswith(f"BPS Kabupaten Belitung Timur. (2024). {TITLE} (No. 19060.2501). http://")

    def test_marc_is_read_back_whole(self, client, publication):
        (record,) = list(MARCReader(BytesIO(get(client, publication, "mrc").content), to_unicode=True))
        assert record["245"]["a"] == TITLE
        assert record["520"]["a"] == "Isi & <tabel>"
        assert record["020"]["a"] == "978-602-438-123-9"
        assert [s.value for s in record["041"].subfields] == ["ind", "eng"]
        assert len(record["008"].data) == 40
        assert record["008"].data[7:11] == "2024"
        assert record["008"].data[35:38] == "ind"

    def test_dublin_core(self, client, publication):
        root = ET.fromstring(get(client, publication, "xml").content)
        found = [(e.tag.split("}")[1], e.text) for e in root]
        assert ("title", TITLE) in found
        assert ("coverage", "2020/2024") in found
        assert ("date", "2024-02-28") in found
        assert ("identifier", "urn:isbn:9786024381239") in found

    def test_a_format_there_is_not(self, client, publication):
        assert get(client, publication, "exe").status_code == 404

    def test_no_number_makes_a_line_of_its_own(self, client, publication):
        Publication.objects.update(publication_number="1\r\nER  - \r\nTY  - BOOK")
        lines = get(client, publication, "ris").content.decode().split("\r\n")
        assert [line for line in lines if line.startswith(("TY", "ER"))] == ["TY  - RPRT", "ER  - "]


class TestPage:
    def test_schema_org_as_microdata(self, client, publication):
        page = client.get(publication.get_absolute_url()).content.decode()
        found = {
            name: unescape(value)
            for name, value in re.findall(r'<meta itemprop="(\w+)" content="([^"]*)">', page)
        }
        assert 'itemtype="https://schema.org/Report"' in page
        assert (found["temporalCoverage"], found["isbn"]) == ("2020/2024", "978-602-438-123-9")
        names = [unescape(v) for v in re.findall(r'<meta itemprop="name" content="([^"]*)">', page)]
        assert names[:2] == [TITLE, "BPS Kabupaten Belitung Timur"]
        assert "<b>Dalam" not in page
        assert "ld+json" not in page

    def test_citation_tags(self, client, publication):
        page = client.get(publication.get_absolute_url()).content.decode()
        for name in ("citation_title", "citation_publication_date", "citation_isbn", "DC.title", "DC.date"):
            assert f'<meta name="{name}" content="' in page


def ask(client, **asked) -> ET.Element:
    answer = client.get(reverse("library:oai"), asked)
    assert answer["Content-Type"] == "text/xml; charset=utf-8"
    return ET.fromstring(answer.content)


def error(root) -> str | None:
    found = root.find("o:error", NS)
    return None if found is None else found.get("code")


class TestHarvested:
    def test_identify(self, client, publication):
        root = ask(client, verb="Identify")
        values = {e.tag.split("}")[1]: e.text for e in root.find("o:Identify", NS)}
        assert values["protocolVersion"] == "2.0"
        assert values["baseURL"] == "http://testserver/oai/"
        assert values["granularity"] == "YYYY-MM-DDThh:mm:ssZ"
        assert root.find("o:request", NS).attrib == {"verb": "Identify"}

    @pytest.mark.parametrize(("asked", "code"), [
        ({}, "badVerb"), ({"verb": "Nothing"}, "badVerb"), ({"verb": ["Identify", "Identify"]}, "badVerb"),
        ({"verb": "Identify", "x": "1"}, "badArgument"), ({"verb": "ListRecords"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "mods"}, "cannotDisseminateFormat"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "2024"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "2024-13-40"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "2024-01-01", "until": "2024-01-01T00:00:00Z"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "2024-01-02", "until": "2024-01-01"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "until": "9999-12-31"}, None),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "2999-01-01"}, "noRecordsMatch"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": "nothing"}, "noRecordsMatch"),
        ({"verb": "ListRecords", "resumptionToken": "x"}, "badResumptionToken"),
        ({"verb": "ListRecords", "resumptionToken": "x", "metadataPrefix": "oai_dc"}, "badArgument"),
        ({"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": "oai:testserver:999999"}, "idDoesNotExist"),
        ({"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": "oai:testserver:²"}, "idDoesNotExist"),
        ({"verb": "ListMetadataFormats", "identifier": "x"}, "idDoesNotExist"),
    ])  # fmt: skip
    def test_faults_by_the_protocol(self, client, publication, asked, code):
        assert error(ask(client, **asked)) == code

    def test_one_record_in_both_formats(self, client, publication):
        identifier = f"oai:testserver:{publication.pk}"
        root = ask(client, verb="GetRecord", identifier=identifier, metadataPrefix="oai_dc")
        assert root.find(".//dc:title", NS).text == TITLE
        assert root.find(".//o:setSpec", NS).text == "subject:2"
        root = ask(client, verb="GetRecord", identifier=identifier, metadataPrefix="marcxml")
        (record,) = marcxml.parse_xml_to_array(BytesIO(ET.tostring(root.find(".//o:metadata", NS)[0])))
        assert record["245"]["a"] == TITLE

    def test_every_record_once_over_all_pages(self, client, catalogue, monkeypatch):
        monkeypatch.setattr(oai, "PAGE", 90)
        seen: list[str] = []
        asked = {"verb": "ListIdentifiers", "metadataPrefix": "oai_dc"}
        for cursor in range(0, 10_000, 90):
            root = ask(client, **asked)
            seen += [e.text for e in root.findall(".//o:identifier", NS)]
            token = root.find(".//o:resumptionToken", NS)
            assert token.get("cursor") == str(cursor)
            if not token.text:
                break
            asked = {"verb": "ListIdentifiers", "resumptionToken": token.text}
        assert len(seen) == len(set(seen)) == Publication.objects.count() == 280

    def test_only_what_changed_since(self, client, catalogue):
        changed = Publication.objects.first()
        moment = timezone.now()
        Publication.objects.update(updated_at=moment.replace(year=moment.year - 1))
        Publication.objects.filter(pk=changed.pk).update(updated_at=moment)
        asked = {"verb": "ListIdentifiers", "metadataPrefix": "oai_dc", "from": oai.moment(moment)}
        assert [e.text for e in ask(client, **asked).findall(".//o:identifier", NS)] == [
            f"oai:testserver:{changed.pk}"
        ]

    def test_by_post_as_well(self, publication):
        from django.test import Client

        client = Client(enforce_csrf_checks=True)
        answer = client.post(reverse("library:oai"), {"verb": "ListSets"})
        assert "subject:2" in answer.content.decode()

    @pytest.mark.parametrize("odd", ["\x01", "a\x1bb", "\ufffe", "<&\"'>", "\u202e" * 50, "x" * 10_000])
    @pytest.mark.parametrize("name", ["identifier", "set", "resumptionToken", "metadataPrefix"])
    def test_whatever_is_asked_the_answer_is_xml(self, client, name, odd):
        verb = "GetRecord" if name == "identifier" else "ListRecords"
        asked = {"verb": verb, name: odd}
        if name in ("identifier", "set"):
            asked["metadataPrefix"] = "oai_dc"
        answer = client.get(reverse("library:oai"), asked)
        assert answer.status_code == 200
        assert ET.fromstring(answer.content).find("o:error", NS) is not None


class TestReaders:
    def test_from_the_root_to_a_book(self, client, catalogue):
        root = ET.fromstring(client.get(reverse("library:opds")).content)
        (entry,) = root.findall("a:entry", NS)
        feed = ET.fromstring(client.get(entry.find("a:link", NS).get("href")).content)
        entries = feed.findall("a:entry", NS)
        assert len(entries) == 20
        assert feed.find("a:link[@rel='next']", NS).get("href").endswith("hal=2")
        for one in entries:
            assert one.find("a:id", NS).text
            assert one.find("a:updated", NS).text
            assert any(
                link.get("rel").startswith("http://opds-spec.org/acquisition")
                for link in one.findall("a:link", NS)
            )

    def test_search(self, client, catalogue):
        about = ET.fromstring(client.get(reverse("library:opds_search")).content)
        template = about.find("{http://a9.com/-/spec/opensearch/1.1/}Url").get("template")
        feed = ET.fromstring(client.get(template.replace("{searchTerms}", "kemiskinan+tarakan+2023")).content)
        assert [e.find("a:title", NS).text for e in feed.findall("a:entry", NS)] == [
            "Profil Kemiskinan Kota Tarakan 2023"
        ]


class TestFound:
    def test_the_sitemap_names_every_publication(self, client, catalogue):
        index = client.get(reverse("sitemap")).content.decode()
        assert "/sitemap-pustaka.xml" in index
        page = client.get("/sitemap-pustaka.xml").content.decode()
        assert page.count("<loc>") == 280
        assert Publication.objects.first().get_absolute_url() in page

    def test_robots(self, client):
        text = client.get("/robots.txt").content.decode()
        assert "Disallow: /meja/" in text
        assert "Sitemap: http://testserver/sitemap.xml" in text
