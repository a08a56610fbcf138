"""One file whose pages take for ever does not keep all readers from reading."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client
from pikepdf import Dictionary

from library.digital import pages, slow
from tests.library.digital.readers import picture
from tests.library.digital.support import ready
from tests.library.pdf.corpus.made import form, paper, saved
from tests.library.support import title

pytestmark = pytest.mark.django_db


def endless(count: int) -> bytes:
    """Pages of drawings in drawings: eight of eight of eight …, each a transparent group."""
    pdf = paper(count, content=b"/X Do")
    group = Dictionary(S="/Transparency")
    inner = form(pdf, b"0 0 300 400 re f", Group=group)
    for _level in range(5):
        inner = form(pdf, b"/X Do " * 8, Resources=Dictionary(XObject=Dictionary(X=inner)), Group=group)
    for page in pdf.pages[1:]:
        page.obj.Resources = Dictionary(XObject=Dictionary(X=inner))
    pdf.pages[0].obj.Contents = pdf.make_stream(b"0 0 9 9 re f")
    return saved(pdf)


@pytest.fixture
def book(office, monkeypatch):
    monkeypatch.setattr(pages, "SECONDS", 1)
    cache.clear()
    slow.forget()
    yield ready(office, title(office, "Peta Rumit"), content=endless(3))
    slow.forget()


def test_a_page_that_was_stopped_is_not_tried_again_at_once(book, caplog):
    answers = [Client().get(picture(book, 2)) for _n in range(3)]
    assert [answer.status_code for answer in answers] == [503] * 3
    assert all("gagal digambar" in answer.content.decode() for answer in answers)
    assert caplog.text.count("was stopped") == 1


def test_of_such_a_file_one_page_is_drawn_at_a_time(book, office):
    other = ready(office, title(office, "Buku Lain"))
    with slow.heeded(book.prepared.name, 2, 480):  # nothing is known of it yet: its neighbours are drawn
        assert Client().get(picture(book, 1, 160)).status_code == 200
    assert Client().get(picture(book, 2)).status_code == 503
    with slow.heeded(book.prepared.name, 3, 480):  # somebody waits for another page of it
        answer = Client().get(picture(book, 1))
        assert (answer.status_code, answer.headers.get("Retry-After")) == (503, "1")
        assert Client().get(picture(other, 1)).status_code == 200
    assert Client().get(picture(book, 1)).status_code == 200


def test_after_a_while_it_is_tried_again(book, monkeypatch, caplog):
    monkeypatch.setattr(slow, "SECONDS", 0)
    for _n in range(2):
        Client().get(picture(book, 2))
    assert caplog.text.count("was stopped") == 2
