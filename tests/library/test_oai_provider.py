"""The OAI-PMH provider as a stranger's harvester sees it, over HTTP; and the rules that validators of repositories ask."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from time import sleep
from urllib.parse import urlencode
from urllib.request import urlopen
from xml.etree import ElementTree as ET

import pytest
from django.utils import timezone
from oaipmh_scythe import Scythe, exceptions
from oaipmh_scythe.config import HTTPConfig

from library import demo
from library.export import oai
from library.models import Publication
from tests.processes import site
from tests.together import Held

NS = {"o": oai.OAI, "dc": oai.DC, "d": oai.OAI_DC}
SCHEMA = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"
SET = re.compile(r"[A-Za-z0-9\-_.!~*'()]+(:[A-Za-z0-9\-_.!~*'()]+)*")
UTC_SECOND = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@pytest.fixture
def base(transactional_db, offices, settings, monkeypatch):
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    monkeypatch.setattr(oai, "PAGE", 90)
    for office in offices.values():
        demo.furnish(office)
    with site() as port:
        yield f"http://127.0.0.1:{port}/oai/"


@pytest.fixture(params=["GET", "POST"])
def harvester(base, request):
    with Scythe(base, http_config=HTTPConfig(http_method=request.param)) as scythe:
        yield scythe


def raw(base: str, post: bool = False, **asked: str) -> ET.Element:
    query = urlencode(asked)
    with urlopen(base, query.encode()) if post else urlopen(f"{base}?{query}") as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
        return ET.fromstring(answer.read())


def name(pk: int) -> str:
    return f"oai:127.0.0.1:{pk}"


class TestHarvester:
    def test_everything_once_over_all_pages(self, harvester):
        wanted = {name(pk) for pk in Publication.objects.values_list("pk", flat=True)}
        for prefix in oai.FORMATS:
            found = [record.header.identifier for record in harvester.list_records(metadata_prefix=prefix)]
            assert len(found) == len(set(found)) == 280
            assert set(found) == wanted
        assert {header.identifier for header in harvester.list_identifiers()} == wanted

    def test_what_the_repository_says_of_itself(self, harvester):
        about = harvester.identify()
        assert (about.protocolVersion, about.deletedRecord) == ("2.0", "no")
        assert [f.metadataPrefix for f in harvester.list_metadata_formats()] == ["oai_dc", "marcxml"]
        assert "subject:2" in [s.setSpec for s in harvester.list_sets()]

    def test_one_record_and_a_set(self, harvester):
        one = Publication.objects.filter(subject__code="2").first()
        assert harvester.get_record(name(one.pk)).metadata["title"] == [one.title]
        of_set = [header.identifier for header in harvester.list_identifiers(set_="subject:2")]
        assert set(of_set) == {name(p.pk) for p in Publication.objects.filter(subject__code="2")}

    def test_only_what_changed_by_day_and_by_second(self, harvester):
        long_ago = datetime(2020, 5, 1, 23, 59, 59, tzinfo=UTC)
        Publication.objects.update(updated_at=long_ago)
        one = Publication.objects.first()
        at = datetime(2024, 2, 29, 12, 30, 15, 600_000, tzinfo=UTC)
        Publication.objects.filter(pk=one.pk).update(updated_at=at)
        for bounds in (
            {"from_": "2024-02-29"}, {"from_": "2024-02-29", "until": "2024-02-29"},
            {"from_": "2024-02-29T12:30:15Z"}, {"from_": "2024-02-29T12:30:15Z", "until": "2024-02-29T12:30:15Z"},
            {"from_": "2020-05-02"},
        ):  # fmt: skip
            assert [h.identifier for h in harvester.list_identifiers(**bounds)] == [name(one.pk)], bounds
        assert len(list(harvester.list_identifiers(until="2020-05-01"))) == 279
        for bounds in ({"from_": "2024-02-29T12:30:16Z"}, {"until": "2020-05-01T23:59:58Z"}):
            with pytest.raises(exceptions.NoRecordsMatch):
                list(harvester.list_identifiers(**bounds))

    def test_a_record_that_is_gone_is_gone(self, harvester):
        gone = Publication.objects.filter(copies=None).first()
        key = name(gone.pk)
        gone.delete()
        with pytest.raises(exceptions.IdDoesNotExist):
            harvester.get_record(key)
        headers = list(harvester.list_identifiers())
        assert len(headers) == 279
        assert not any(header.deleted for header in headers)

    def test_every_fault_of_the_protocol(self, harvester):
        with pytest.raises(exceptions.CannotDisseminateFormat):
            list(harvester.list_records(metadata_prefix="mods"))
        with pytest.raises(exceptions.BadResumptionToken):
            list(harvester.list_records(resumption_token="x"))
        with pytest.raises(exceptions.BadResumptionToken):
            list(harvester.harvest({"verb": "ListSets", "resumptionToken": "x"}))
        with pytest.raises(exceptions.NoRecordsMatch):
            list(harvester.list_records(set_="nothing"))
        with pytest.raises(exceptions.IdDoesNotExist):
            list(harvester.list_metadata_formats(identifier="oai:else:1"))
        with pytest.raises(exceptions.BadArgument):
            list(harvester.list_records(from_="2024-01-01", until="2024-01-01T00:00:00Z"))
        with pytest.raises(exceptions.BadArgument):
            list(harvester.list_records(from_="2024-01-02", until="2024-01-01"))
        with pytest.raises(exceptions.BadVerb):
            harvester.harvest({"verb": "Nothing"})


class TestRules:
    """What OAI's Repository Explorer and BASE's OVAL look at."""

    def test_identify(self, base):
        root = raw(base, verb="Identify")
        about = {e.tag.split("}")[1]: e.text for e in root.find("o:Identify", NS)}
        assert about["baseURL"] == root.findtext("o:request", None, NS) == base
        assert about["granularity"] == "YYYY-MM-DDThh:mm:ssZ"
        assert re.fullmatch(r"\S+@\S+", about["adminEmail"])
        assert "<" not in about["adminEmail"]
        stamps = [
            e.text
            for e in raw(base, verb="ListIdentifiers", metadataPrefix="oai_dc").iterfind(".//o:datestamp", NS)
        ]
        assert UTC_SECOND.fullmatch(about["earliestDatestamp"])
        assert about["earliestDatestamp"] <= min(stamps)
        order = [e.tag.split("}")[1] for e in root.find("o:Identify", NS)]
        assert order == [
            "repositoryName", "baseURL", "protocolVersion", "adminEmail", "earliestDatestamp", "deletedRecord", "granularity",
        ]  # fmt: skip

    @pytest.mark.parametrize("post", [False, True])
    def test_every_answer(self, base, post):
        one = name(Publication.objects.first().pk)
        now = timezone.now()
        asked: list[tuple[dict[str, str], bool]] = [
            ({"verb": "Identify"}, True), ({"verb": "ListSets"}, True), ({"verb": "ListMetadataFormats"}, True),
            ({"verb": "ListMetadataFormats", "identifier": one}, True),
            ({"verb": "GetRecord", "identifier": one, "metadataPrefix": "oai_dc"}, True),
            ({"verb": "ListRecords", "metadataPrefix": "marcxml"}, True),
            ({"verb": "ListRecords", "metadataPrefix": "mods"}, True),  # a fault, but what was asked is repeated
            ({"verb": "ListRecords"}, False), ({"verb": "x"}, False), ({}, False),
            ({"verb": "Identify", "x": "1"}, False),
        ]  # fmt: skip
        for query, repeated in asked:
            root = raw(base, post, **query)
            assert root.tag == f"{{{oai.OAI}}}OAI-PMH"
            assert root.get(SCHEMA) == f"{oai.OAI} http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd"
            assert [child.tag.split("}")[1] for child in root][:2] == ["responseDate", "request"]
            said = root.findtext("o:responseDate", None, NS)
            assert UTC_SECOND.fullmatch(said)
            assert abs(datetime.fromisoformat(said) - now) < timedelta(minutes=2)
            assert root.find("o:request", NS).attrib == (query if repeated else {}), query

    def test_the_whole_list_is_counted_and_its_pages_follow(self, base):
        root, sizes, cursors = raw(base, verb="ListRecords", metadataPrefix="oai_dc"), set(), []
        while True:
            token = root.find(".//o:resumptionToken", NS)
            sizes.add(token.get("completeListSize"))
            cursors.append(token.get("cursor"))
            if not token.text:
                break
            assert token.get("expirationDate") > root.findtext("o:responseDate", None, NS)
            again = raw(base, verb="ListRecords", resumptionToken=token.text)
            root = raw(base, verb="ListRecords", resumptionToken=token.text)  # a token may be asked twice
            found = [[e.text for e in r.iterfind(".//o:identifier", NS)] for r in (root, again)]
            assert found[0] == found[1]
        assert sizes == {"280"}
        assert cursors == ["0", "90", "180", "270"]
        small = raw(base, verb="ListRecords", metadataPrefix="oai_dc", set="subject:2")
        if len(small.findall(".//o:record", NS)) < 90:
            assert small.find(".//o:resumptionToken", NS) is None

    def test_every_record(self, base):
        Publication.objects.filter(pk=Publication.objects.first().pk).update(
            title="Ta\x0bbel \x1f& <b> \ufffe\U0001f4d6 2024"
        )
        sets = {e.text for e in raw(base, verb="ListSets").iterfind(".//o:setSpec", NS)}
        assert all(SET.fullmatch(name) for name in sets)
        asked, seen = {"metadataPrefix": "oai_dc"}, 0
        while asked:
            root = raw(base, verb="ListRecords", **asked)
            for record in root.iterfind(".//o:record", NS):
                seen += 1
                header = record.find("o:header", NS)
                assert header.get("status") is None  # deletedRecord is "no"
                assert header.findtext("o:identifier", None, NS).startswith("oai:")
                assert UTC_SECOND.fullmatch(header.findtext("o:datestamp", None, NS))
                assert {e.text for e in header.iterfind("o:setSpec", NS)} <= sets
                [dc] = record.find("o:metadata", NS)
                assert dc.tag == f"{{{oai.OAI_DC}}}dc"
                assert dc.get(SCHEMA) == f"{oai.OAI_DC} http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
                assert {e.tag.split("}")[0] for e in dc} == {"{" + oai.DC}
                assert dc.findtext("dc:title", None, NS)
            token = root.findtext(".//o:resumptionToken", None, NS)
            asked = {"resumptionToken": token} if token else {}
        assert seen == 280


def test_who_asks_while_an_import_writes_hears_of_it_the_next_time(base, monkeypatch):
    """Its records are dated now and seen later; the answer's date is not after them."""
    monkeypatch.setattr(oai, "PAGE", 1_000)
    made: list[Publication] = []

    def write():
        made.append(Publication.objects.create(title="Survei Gurita 2020"))
        while oai.moment(timezone.now()) == oai.moment(made[0].updated_at):
            sleep(0.05)

    with Held(write) as worker:
        before = raw(base, verb="ListIdentifiers", metadataPrefix="oai_dc")
        worker.let_go()
    since = before.findtext("o:responseDate", namespaces=NS)
    after = raw(base, verb="ListIdentifiers", metadataPrefix="oai_dc", **{"from": since})
    assert name(made[0].pk) in [e.text for e in after.iterfind(".//o:identifier", NS)]
