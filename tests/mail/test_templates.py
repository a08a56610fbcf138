"""Every mail there is: in both languages, plain and HTML, with nothing personal in its subject."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import translation

from services.mail import kinds, writing

FOLDER = Path(settings.BASE_DIR) / "templates" / "mail"
KINDS = [kind.name for kind in kinds.all_kinds()]
SENTINEL = "Zubaidah-Rahasiawati"
ALLOWED = {"number", "report", "period"}  # what a subject may hold, beside the office: nothing of a person
MAY_LOAD = {"href", "style", "class", "lang", "content", "charset", "name"}

pytestmark = pytest.mark.django_db


@dataclass
class Seen:
    tags: list[str]
    attributes: set[str]


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen = Seen([], set())
        self.open: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.seen.tags.append(tag)
        self.seen.attributes |= {name for name, _value in attrs}
        if tag not in ("meta", "br", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def marked(value: Any) -> Any:
    """Every word of a context replaced by something that must not be seen in a subject."""
    if isinstance(value, str):
        return f"{SENTINEL} {value}"
    if isinstance(value, (list, tuple)):
        return type(value)(marked(one) for one in value)
    if isinstance(value, dict):
        return {key: marked(one) for key, one in value.items()}
    return value


@pytest.fixture
def sampled(office):
    def write(name: str, language: str, change=lambda key, value: value) -> writing.Written:
        with translation.override(language):
            context = {key: change(key, value) for key, value in kinds.get(name).sample(office).items()}
        return writing.write(name, context, office=office, language=language)

    return write


def test_each_template_is_a_kind_that_can_be_looked_at():
    files = {path.stem for path in FOLDER.glob("*.txt")} - {"layout"}
    assert {name for name in files if not name.startswith("_")} == set(KINDS)


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("name", KINDS)
def test_no_personal_data_in_the_subject(sampled, office, name, language):
    subject = sampled(name, language, lambda key, value: value if key in ALLOWED else marked(value)).subject
    assert SENTINEL not in subject
    assert office.name in subject or not name.startswith("consultation_")
    assert 5 < len(subject) < 150


@pytest.mark.parametrize(
    "name", sorted({*KINDS} - {"erased", "account_mailbox_changed"})
)  # say nothing of anybody
def test_the_mark_would_be_seen(sampled, name):
    """The test above can fail: the body does show what was marked."""
    assert SENTINEL in sampled(name, "id", lambda key, value: value if key in ALLOWED else marked(value)).text


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("name", KINDS)
def test_html_is_whole_and_fetches_nothing(sampled, name, language):
    html = sampled(name, language).html
    reader = Reader()
    reader.feed(html)
    assert reader.open == []
    assert not set(reader.seen.tags) & {"img", "script", "link", "iframe", "form", "object"}
    assert reader.seen.attributes <= MAY_LOAD | {"rel"}
    assert "url(" not in html
    assert f'<html lang="{language}">' in html


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("name", KINDS)
def test_plain_text_is_tidy_and_says_where(sampled, office, name, language):
    written = sampled(name, language)
    assert "\n\n\n" not in written.text
    assert "{" not in written.text
    assert written.text.rstrip().endswith(office.phone or office.address or office.name)
    assert settings.SITE in written.text or not name.startswith("consultation_")
    for line in filter(None, written.text.split("\n")):
        assert line == line.rstrip() or line == "-- "


def test_what_a_visitor_wrote_cannot_become_html(sampled):
    html = sampled(
        "consultation_answered", "id", lambda key, value: "<script>x</script>" if key == "text" else value
    ).html
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize("code", ["7411", "1906", "6571", "1373"])
def test_the_examples_of_every_office(offices, code):
    for kind in kinds.all_kinds():
        written = writing.write(kind.name, kind.sample(offices[code]), office=offices[code], language="id")
        assert offices[code].name in written.text
