"""Softcopies that the BPS WebAPI offers, from a local server that answers in its shapes, faults included."""

from __future__ import annotations

import logging

import pytest

from library.digital import from_webapi
from library.models import DigitalCopy, Publication, SourceRecord
from library.tasks import fetch_softcopies
from library.workflows import intake
from tests.library.digital import support
from tests.library.import_support import applied
from tests.library.test_import_webapi import KEY, Bureau, bureau, reading, source

__all__ = ["bureau", "source"]  # fixtures
pytestmark = pytest.mark.django_db


@pytest.fixture
def files(bureau: Bureau, source, by):
    """Three publications whose PDFs the server has, in the catalogue."""
    given = {f"/berkas/{n}.pdf": (200, support.pdf(n + 2)) for n in range(3)}
    bureau.rows = bureau.rows[:3]
    for n, row in enumerate(bureau.rows):
        row["pdf"] = f"{source.server.url}/berkas/{n}.pdf?key={KEY}"
    asked = []

    def call(path, query):
        if path in given:
            asked.append(path)
            return given[path] if query.get("key") == KEY else (403, b"<html>key</html>")
        return bureau(path, query)

    source.server.answer = call
    source.softcopies = True
    source.save()
    applied(reading(source, by), by)
    given["asked"] = asked
    return given


def states() -> dict[str, str]:
    rows = DigitalCopy.objects.select_related("publication").order_by("pk")
    return {row.publication.publication_number: row.state for row in rows}


def test_every_night_what_is_missing_comes(source, files):
    fetch_softcopies(0)
    assert states() == dict.fromkeys(("74110.2300", "74110.2301", "74110.2302"), "checking")
    for digital in DigitalCopy.objects.all():
        intake.check(digital.pk)
    assert set(states().values()) == {"ready"}
    assert Publication.objects.filter(has_digital=True, title__startswith="Publikasi").count() == 3
    fetch_softcopies(0)
    assert len(files["asked"]) == 3


def test_the_key_is_in_no_row_and_no_log(source, files, caplog):
    caplog.set_level(logging.DEBUG)
    files["/berkas/1.pdf"] = (500, b"")
    assert all(KEY not in str(record.said) for record in SourceRecord.objects.all())
    from_webapi.fetch(source)
    assert all(KEY not in str(row.__dict__) for row in DigitalCopy.objects.all())
    assert KEY not in caplog.text


def test_what_is_refused_is_not_fetched_again_until_the_bureau_changes_it(source, files, by, bureau):
    files["/berkas/1.pdf"] = (200, b"<html>Halaman tidak ditemukan</html>")
    from_webapi.fetch(source)
    assert states()["74110.2301"] == "refused"
    assert DigitalCopy.objects.get(state="refused").fault == "not_pdf"
    from_webapi.fetch(source)
    assert len(files["asked"]) == 3
    bureau.rows[1]["updt_date"] = "2024-01-01"
    files["/berkas/1.pdf"] = (200, support.pdf(9))
    applied(reading(source, by), by)
    from_webapi.fetch(source)
    assert files["asked"].count("/berkas/1.pdf") == 2


def test_a_server_that_is_away_is_left_alone_and_asked_the_next_night(source, files):
    for n in range(3):
        files[f"/berkas/{n}.pdf"] = (404, b"gone")
    assert from_webapi.fetch(source) == 0
    assert states() == {}
    files["/berkas/0.pdf"] = (200, support.pdf(2))
    assert from_webapi.fetch(source) == 1


def test_an_address_inside_our_own_network_is_not_asked(source, files, settings):
    settings.HARVEST_PRIVATE = False
    assert from_webapi.fetch(source) == 0
    assert files["asked"] == []


def test_so_many_a_night(source, files):
    assert from_webapi.fetch(source, most=2) == 2
    assert from_webapi.fetch(source, most=2) == 1
