"""The English catalogue: complete, sound, compiled; and each page speaks one language.

The source texts are Indonesian, so `pst/locale/en` is the only catalogue (`make messages`).
"""

from __future__ import annotations

import re
from datetime import date, datetime
from html.parser import HTMLParser

import polib
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import formats, timezone, translation
from django.utils.translation import ngettext

from complaints.workflows import lodging
from pst import messages
from queueing.workflows import desk as queue
from queueing.workflows.issue import issue
from services.accounts import devices
from services.audit.actors import Actor
from services.guestbook.models import ReferenceItem
from services.offices.models import Office, Service, Standard, StandardItem

CATALOGUE = polib.pofile(str(messages.CATALOGUE))
LANGUAGES = ("id", "en")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|&\w+;")
KIOSK = Actor("device")


# ----------------------------------------------------------------------------------------- the catalogue


def translations(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def test_catalogue_has_the_texts_of_the_sources_and_no_others():
    known, wanted = {messages.text_of(e) for e in CATALOGUE}, set(messages.found())
    assert wanted - known == set(), "run `make messages`, then write the English"
    assert known - wanted == set(), "run `make messages`: these are gone"


def test_everything_has_english():
    assert [e.msgid for e in CATALOGUE if e.obsolete or e.fuzzy or not all(translations(e))] == []


def test_texts_in_f_strings_and_with_a_context_are_found():
    source = 'f"{_(\'satu\')} {x}"\npgettext("tombol", "dua")\nngettext("tiga", "tiga", n)\n_(x)\n'
    text = messages.Text
    assert set(messages._in_python(source)) == {
        text("satu"),
        text("dua", context="tombol"),
        text("tiga", "tiga"),
    }
    template = '{% load i18n %}{% translate "dua" context "tombol" %}{% include "x" with y=_("satu") only %}'
    assert set(messages._in_template(template, "x.html")) == {text("satu"), text("dua", context="tombol")}


def test_merging_keeps_english_adds_new_texts_and_drops_gone_ones():
    text = messages.Text
    catalogue = polib.POFile()
    catalogue.append(polib.POEntry(msgid="tetap", msgstr="stays"))
    catalogue.append(polib.POEntry(msgid="hilang", msgstr="gone"))
    found = {
        text("tetap", "tetap"): {"a.py"},
        text("baru"): {"a.py"},
        text("baru", context="tombol"): {"b.py"},
    }
    assert messages.merge(catalogue, found) == ["baru", "baru"]
    assert {messages.text_of(e) for e in catalogue} == set(found)
    assert catalogue.find("tetap").msgstr_plural == {0: "stays", 1: "stays"}


def test_english_is_shaped_like_the_source():
    """Same placeholders in each form, same ending, no stray spaces."""

    def shape(text: str) -> tuple:
        ending = text[-1] if text[-1] in "…:?" else ""
        return sorted(PLACEHOLDER.findall(text)), text.count("%"), ending, text == text.strip()

    pairs = [(e.msgid, english) for e in CATALOGUE for english in translations(e) if english]
    assert [pair for pair in pairs if shape(pair[0]) != shape(pair[1])] == []


def test_compiled_catalogue_is_what_the_text_one_compiles_to():
    compiled = messages.CATALOGUE.with_suffix(".mo").read_bytes()
    assert compiled == CATALOGUE.to_binary(), "run `make messages`"


# --------------------------------------------------------------------------------------- one and several

COUNTED = [e for e in CATALOGUE if e.msgid_plural]


@pytest.mark.parametrize("entry", COUNTED, ids=lambda e: e.msgid)
def test_indonesian_counts_without_a_plural_and_english_with_one(entry):
    assert entry.msgid == entry.msgid_plural
    for n in (0, 1, 2, 11):
        with translation.override("id"):
            assert ngettext(entry.msgid, entry.msgid_plural, n) == entry.msgid
        with translation.override("en"):
            assert ngettext(entry.msgid, entry.msgid_plural, n) == entry.msgstr_plural[0 if n == 1 else 1]
    assert entry.msgstr_plural[0] != entry.msgstr_plural[1]


def test_no_text_is_counted_in_one_place_and_not_in_another(tmp_path, monkeypatch):
    """Python 3.11.2, Debian's, does not find the entry with a plural when asked without."""
    messages.found()
    (tmp_path / "views.py").write_text('_("satu orang")\nngettext("satu orang", "%d orang", n)\n')
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(messages, "FOLDERS", ("",))
    with pytest.raises(SystemExit, match="satu orang"):
        messages.found()


# ------------------------------------------------------------------------------------------------- pages

# Words no sentence of the one language does without, and that the other does not have.
TELLTALE = {
    "id": r"yang|dan|untuk|anda|tidak|sudah|belum|silakan|dengan|atau|ini|adalah|kami|bidang|isi|tanpa|pada",
    "en": r"the|your|you|please|is|are|this|with|of|and|not|for|required",
}


class Seen(HTMLParser):
    """What a reader or a screen reader gets; without what is marked as another language, or spoken by the TV."""

    SPOKEN = ("aria-label", "alt", "placeholder", "title", "data-confirm")
    VOID = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})

    def __init__(self, html: str):
        super().__init__()
        self.texts: list[str] = []
        self.language = ""
        self.skipping: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "html":
            self.language = given.get("lang", "")
        elsewhere = tag != "html" and given.get("lang", self.language) != self.language
        if self.skipping or elsewhere or tag in {"script", "style"} or "data-calls" in given:
            if tag not in self.VOID:
                self.skipping.append(tag)
            return
        spoken = [a for a in given if a.startswith("data-")] if given.get("id") == "ui-text" else self.SPOKEN
        words = [given.get(a) for a in spoken]
        self.texts += [" ".join(w.split()) for w in words if w and w.strip() and w != "Bahasa / Language"]

    def handle_startendtag(self, tag, attrs):
        if tag in self.VOID:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag):
        if self.skipping and self.skipping[-1] == tag:
            self.skipping.pop()

    def handle_data(self, data):
        if not self.skipping and data.strip():
            self.texts.append(" ".join(data.split()))


def _shows(text: str) -> re.Pattern:
    """Matches a page's text that has this one in it as words of their own, with anything in the placeholders."""
    parts = PLACEHOLDER.split(" ".join(text.split()))
    return re.compile(r"(?<!\w)" + r"\S+".join(map(re.escape, parts)) + r"(?!\w)")


def _foreign(language: str) -> list[re.Pattern]:
    """The catalogue's texts in the other language, as far as this one does not have them too.

    Short ones ("Baik", "or") are looked for as whole texts only: in a sentence they may be a name.
    """
    source = {e.msgid for e in CATALOGUE}
    english = {t for e in CATALOGUE for t in translations(e)}
    own, other = (source, english) if language == "id" else (english, source)
    lowered = {t.lower() for t in own}
    patterns = [(t, _shows(t)) for t in other if t.lower() not in lowered and len(PLACEHOLDER.sub("", t)) > 3]
    return [p if " " in t else re.compile(f"^{p.pattern}$") for t, p in patterns]


def _data() -> set[str]:
    """Names and published texts: they stay as they are in every language."""
    rows: set[str] = set()
    for office in Office.objects.all():
        rows |= {office.name, office.address, office.area, str(office)}
    for service in Service.objects.all():
        rows.add(service.name)
    for standard in Standard.objects.all():
        rows |= {standard.title, standard.decree_number}
        rows |= {value for channel in standard.rules.complaint_channels for value in channel.values()}
    for item in StandardItem.objects.all():
        rows.add(item.text)
    return {" ".join(r.split()) for r in rows if r and len(r) > 3}


def speak(client: Client, language: str) -> Client:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client


def leaks(html: str, language: str) -> list[str]:
    """What a page in `language` shows of the other one."""
    seen = Seen(html)
    assert seen.language == language
    data = sorted(_data(), key=len, reverse=True)
    other = "en" if language == "id" else "id"
    telltale = re.compile(rf"(?<![\w@.-])(?:{TELLTALE[other]})(?![\w@.-])", re.IGNORECASE)
    foreign = FOREIGN[language]
    found = []
    for text in seen.texts:
        rest = text
        for name in data:
            rest = rest.replace(name, " ")
        if telltale.search(rest) or any(p.search(rest.strip(" ·")) for p in foreign):
            found.append(text)
    return found


FOREIGN = {language: _foreign(language) for language in LANGUAGES}


@pytest.fixture
def visits(library, consultation, counter, by) -> dict[str, str]:
    """Tokens of visitors in each situation: served (to be rated), skipped, called, and two that wait."""
    office = library.office

    def take(service: Service, key: str, **more):
        return issue(office=office, service=service, submission=key, by=KIOSK, **more)

    served, skipped, called = (take(library, key) for key in ("served", "skipped", "called"))
    first, last = take(consultation, "first", priority=True), take(consultation, "last")
    counter.services.set([library])
    queue.call_next(counter, by=by)
    queue.start(served.received, by=by)
    queue.end(served.received, by=by)
    queue.call_next(counter, by=by)
    skipped.refresh_from_db()
    queue.skip(skipped, by=by)
    queue.call_next(counter, by=by)
    tickets = {"served": served, "skipped": skipped, "called": called, "first": first, "last": last}
    return {name: ticket.received.visit.token for name, ticket in tickets.items()}


def public_pages(visits: dict[str, str], office: Office) -> list[str]:
    code = [office.code]
    return [
        reverse("portal:home"),
        reverse("complaints:public", args=code),
        reverse("complaints:status", args=code),
        reverse("accounts:login"),
        *(reverse("queueing:visit", args=[token]) for token in visits.values()),
        reverse("queueing:visit_guest_book", args=[visits["first"]]),
        reverse("queueing:visit_rate", args=[visits["served"]]),
        reverse("complaints:from_visit", args=[visits["served"]]),
    ]


def kiosk_pages(visits: dict[str, str], office: Office) -> list[str]:
    served = office.visits.get(token=visits["served"]).main
    return [
        reverse("queueing:kiosk"),
        *(reverse("queueing:kiosk_ticket", args=[visits[name]]) for name in ("first", "last")),
        reverse("queueing:kiosk_sign"),
        reverse("queueing:kiosk_guest_book", args=[visits["last"]]),
        reverse("queueing:kiosk_rate"),
        reverse("queueing:kiosk_rating", args=[visits["served"], served.pk]),
        reverse("queueing:kiosk_thanks"),
        reverse("complaints:kiosk"),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_public_pages_speak_one_language(visits, office, client, language):
    speak(client, language)
    for address in public_pages(visits, office):
        response = client.get(address)
        assert response.status_code == 200, address
        assert (address, leaks(response.content.decode(), language)) == (address, [])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", ["1373", "1906", "6571", "7411"])
def test_each_office_and_its_standards_speak_one_language(offices, client, code, language):
    speak(client, language)
    services = offices[code].services.all()
    pages = [reverse("portal:office", args=[code])]
    pages += [reverse("portal:standard", args=[code, s.slug]) for s in services]
    for address in pages:
        response = client.get(address)
        assert response.status_code == 200, address
        assert (address, leaks(response.content.decode(), language)) == (address, [])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_kiosk_speaks_one_language(visits, office, kiosk, language):
    speak(kiosk, language)
    for address in kiosk_pages(visits, office):
        response = kiosk.get(address)
        assert response.status_code == 200, address
        assert (address, leaks(response.content.decode(), language)) == (address, [])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_display_speaks_one_language(visits, office, make_device, client, language):
    _device, secret = make_device(office, "display")
    client.cookies[devices.cookie_name("display")] = secret
    response = speak(client, language).get(reverse("queueing:display"))
    assert response.status_code == 200
    assert leaks(response.content.decode(), language) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_mistakes_are_told_in_the_same_language(visits, office, kiosk, language):
    """Django's own messages ("This field is required") come in the language of the page too."""
    speak(kiosk, language)
    book = reverse("queueing:kiosk_guest_book", args=[visits["last"]])
    served = office.visits.get(token=visits["served"]).main
    wrong = {
        "consent": "yes",
        "birth_year": "1492",
        "email": "x",
        "phone": "1",
        "party_size": "0",
        "job": "x",
    }
    for address, typed in [
        (book, {"consent": ""}),
        (book, {"consent": "yes"}),
        (book, wrong),
        (reverse("complaints:kiosk"), {"text": " "}),
        (reverse("complaints:status", args=[office.code]), {"number": "x", "secret": "y"}),
        (reverse("queueing:kiosk_rating", args=[visits["served"], served.pk]), {"stars": "9"}),
        (reverse("queueing:take_number"), {"token": "x", "service": "library"}),
    ]:
        response = kiosk.post(address, typed)
        assert response.status_code in {409, 422}, (address, typed)
        assert (address, leaks(response.content.decode(), language)) == (address, [])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_complaint_is_answered_and_followed_in_the_same_language(office, kiosk, client, language):
    speak(kiosk, language), speak(client, language)
    sent = kiosk.post(reverse("complaints:kiosk"), {"text": "1234"})
    assert leaks(sent.content.decode(), language) == []
    complaint, secret = lodging.lodge(office=office, text="1234", channel="online", by=KIOSK)
    status = reverse("complaints:status", args=[office.code])
    html = client.post(status, {"number": complaint.number, "secret": secret}).content.decode()
    assert complaint.number in html
    assert leaks(html, language) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_error_pages_speak_one_language(db, client, language):
    speak(client, language)
    for address, status in [("/tidak-ada/", 404), (reverse("queueing:kiosk_sign"), 302)]:
        response = client.get(address, follow=status == 302)
        assert leaks(response.content.decode(), language) == []


def test_the_search_for_leaks_finds_them():
    """The tests above are worth something only if a forgotten text is seen."""
    page = '<html lang="{}"><p class="x">{}</p><img src="x" alt="{}"><p lang="{}">{}</p></html>'
    html = page.format("en", "3 orang menunggu", "Isi buku tamu", "id", "Simpan buku tamu")
    assert Seen(html).texts == ["3 orang menunggu", "Isi buku tamu"]
    patterns = FOREIGN["en"]
    assert all(any(p.search(t) for p in patterns) for t in Seen(html).texts)
    assert not any(p.search("3 people waiting") for p in patterns)
    assert any(p.search("3 people waiting") for p in FOREIGN["id"])
    assert any(p.search("Good") for p in FOREIGN["id"])


def test_lists_and_consent_have_english(office):
    items = ReferenceItem.objects.all()
    assert items
    with translation.override("en"):
        assert [i for i in items if str(i) != i.label_en or not i.label_en] == []


# ------------------------------------------------------------------------------- choosing, dates, numbers


def test_the_language_is_chosen_with_the_switch_and_kept(office, client):
    home = reverse("portal:home")
    assert 'lang="id"' in client.get(home).content.decode()[:200]
    response = client.post(reverse("set_language"), {"language": "en", "next": home})
    assert (response.status_code, response.url) == (302, home)
    assert Seen(client.get(home).content.decode()).language == "en"
    client.post(reverse("set_language"), {"language": "id", "next": home})
    assert Seen(client.get(home).content.decode()).language == "id"


def test_a_browser_that_prefers_english_gets_english(office, client):
    html = client.get(reverse("portal:home"), headers={"accept-language": "en-GB,en;q=0.9,id;q=0.5"}).content
    assert Seen(html.decode()).language == "en"


@pytest.mark.parametrize(("language", "waiting"), [("id", "orang sebelum Anda"), ("en", "people before you")])
def test_one_and_several_people_on_the_kiosk(library, kiosk, language, waiting):
    speak(kiosk, language)
    for n in (1, 2):
        issue(office=library.office, service=library, submission=str(n), by=KIOSK)
        texts = Seen(kiosk.get(reverse("queueing:kiosk")).content.decode()).texts
        one = language == "en" and n == 1
        assert (f"{n} person before you" if one else f"{n} {waiting}") in texts


@pytest.mark.parametrize(
    ("language", "month", "weekday", "number"),
    [("id", "Maret", "Senin", "1.234,5"), ("en", "March", "Monday", "1,234.5")],
)
def test_dates_and_numbers_are_written_as_the_language_has_them(settings, language, month, weekday, number):
    day = date(2026, 3, 2)
    with translation.override(language):
        assert month in formats.date_format(day, "DATE_FORMAT")
        assert formats.date_format(day, "l, j F") == f"{weekday}, 2 {month}"
        assert formats.number_format(1234.5, force_grouping=True) == number
        # A 24-hour clock with a point in Indonesian; English as Django or a format module of ours has it.
        clock = formats.time_format(datetime(2026, 3, 2, 15, 30), "TIME_FORMAT")
        assert clock == "15.30" if language == "id" else clock in {"3:30 p.m.", "15:30"}


@pytest.mark.parametrize(("language", "month"), [("id", "Agustus"), ("en", "August")])
def test_a_page_names_months_in_its_language(office, client, language, month):
    at = timezone.make_aware(datetime(2026, 8, 3, 12, 0))
    complaint, secret = lodging.lodge(office=office, text="1234", channel="online", by=KIOSK, at=at)
    status = reverse("complaints:status", args=[office.code])
    response = speak(client, language).post(status, {"number": complaint.number, "secret": secret})
    assert f"3 {month} 2026" in response.content.decode()
