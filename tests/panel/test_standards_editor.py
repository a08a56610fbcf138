"""The rooms of the standards editor: writing without a script, what is told, what is refused, what the public sees."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from pst.panel.standards.section_form import SectionForm
from queueing.announcements import strip
from services.accounts.models import Role
from services.audit.actors import SYSTEM
from services.guestbook import workflows as visits
from services.offices.models import Standard
from services.offices.standards import drafts, editing, states
from tests.conftest import new_user


@pytest.fixture
def supervisor(office, client) -> Client:
    client.force_login(new_user(office, Role.SUPERVISOR))
    return client


def second(office) -> Client:
    found = Client()
    found.force_login(new_user(office, Role.SUPERVISOR))
    return found


@pytest.fixture
def draft(library) -> Standard:
    return drafts.from_version(library.standard, by=SYSTEM)


def page(draft: Standard, section: str) -> str:
    return reverse("panel:standard_section", args=[draft.pk, section])


def posted(draft: Standard, section: str, **changes) -> QueryDict:
    """What a browser sends of the section as it is open now."""
    form = SectionForm(Standard.objects.get(pk=draft.pk), section)
    data = QueryDict(mutable=True)
    for piece in form._pieces():
        data[f"seen-{piece}"] = form.seen(piece)
    for one in [*(f for _row, _pk, f in form.items), form.new, *(f for _key, f in form.rule_forms)]:
        for bound in one:
            value = bound.value()
            if isinstance(value, list):
                data.setlist(bound.html_name, value)
            elif bound.widget_type != "checkbox" or value:
                data[bound.html_name] = "on" if value is True else "" if value is None else str(value)
    for name, value in changes.items():
        data[name] = value
    return data


def send(client: Client, address: str, data: QueryDict, **headers):
    return client.post(
        address, data.urlencode(), content_type="application/x-www-form-urlencoded", headers=headers
    )


def limit(draft: Standard) -> int:
    return Standard.objects.get(pk=draft.pk).rules.clock_onsite.minutes


def test_nothing_changes_where_nothing_was_typed(supervisor, draft):
    for section in ("requirements", "procedure", "time", "fee", "product", "complaints", "safety"):
        assert supervisor.get(page(draft, section)).status_code == 200
        answer = send(supervisor, page(draft, section), posted(draft, section, do="save"))
        assert answer.status_code == 302, answer.context["problems"]
    assert Standard.objects.get(pk=draft.pk).edited_at is None


def test_a_rule_against_its_words_is_told_and_follows_them_again(supervisor, draft):
    data = posted(draft, "time", **{"rule-clock_onsite-amount": "10", "do": "save"})
    shown = supervisor.get(send(supervisor, page(draft, "time"), data).url).content.decode()
    assert "teks dan aturan berbeda" in shown
    assert "5 menit" in shown
    assert limit(draft) == 10
    assert (
        supervisor.get(reverse("panel:standard", args=[draft.pk])).content.decode().count("data-against") == 1
    )
    send(supervisor, page(draft, "time"), posted(draft, "time", do="follow-clock_onsite"))
    assert limit(draft) == 5


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(supervisor, draft):
    item = draft.items.filter(section="procedure").first()
    changes = {f"item-{item.pk}-text": "Saya ubah", "rule-steps-finish": "1", "do": f"down-{item.pk}"}
    answer = send(supervisor, page(draft, "procedure"), posted(draft, "procedure", **changes))
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Saya ubah" in text
    assert "Langkah ini selalu yang terakhir." in text
    assert not draft.items.filter(text="Saya ubah").exists()


def test_steps_move_by_their_buttons(supervisor, draft):
    def kinds() -> list[str]:
        return [step.kind for step in Standard.objects.get(pk=draft.pk).rules.steps]

    assert kinds()[:2] == ["ticket", "guest_book"]
    send(supervisor, page(draft, "procedure"), posted(draft, "procedure", do="step-up-guest_book"))
    assert kinds()[:2] == ["guest_book", "ticket"]


def test_the_second_editor_is_told_and_saves_again(supervisor, office, draft):
    other, item = second(office), draft.items.filter(section="fee").get()
    mine = posted(draft, "fee", **{f"item-{item.pk}-text": "Gratis", "do": "save"})
    theirs = posted(draft, "fee", **{f"item-{item.pk}-text": "Tanpa biaya", "do": "save"})
    assert send(supervisor, page(draft, "fee"), mine).status_code == 302
    told = send(other, page(draft, "fee"), theirs)
    assert told.status_code == 422
    assert "Tanpa biaya" in told.content.decode()
    assert "Yang tersimpan sekarang" in told.content.decode()
    assert draft.items.get(section="fee").text == "Gratis"
    again = theirs.copy()
    again[f"seen-item-{item.pk}"] = told.context["rows"][0]["seen"]
    assert send(other, page(draft, "fee"), again).status_code == 302
    assert draft.items.get(section="fee").text == "Tanpa biaya"


def test_it_saves_itself_and_leaves_alone_what_somebody_else_wrote(supervisor, office, draft):
    _one, two = draft.items.filter(section="time")
    mine = posted(draft, "time", **{"rule-clock_onsite-amount": "7"})
    theirs = posted(draft, "time", **{f"item-{two.pk}-text": "Dari meja lain", "do": "save"})
    send(second(office), page(draft, "time"), theirs)
    said = send(supervisor, page(draft, "time"), mine, **{"X-Autosave": "1"}).json()
    assert said["saved"]
    assert "rule-clock_onsite" in said["marks"]
    assert f"item-{two.pk}" not in said["marks"]
    assert "teks dan aturan berbeda" in said["against"]
    for piece, mark in said["marks"].items():
        mine[f"seen-{piece}"] = mark
    mine["rule-clock_onsite-amount"] = "8"
    assert send(supervisor, page(draft, "time"), mine, **{"X-Autosave": "1"}).json()["saved"]
    assert limit(draft) == 8
    assert draft.items.filter(text="Dari meja lain").exists()
    wrong = posted(draft, "time", **{"rule-clock_onsite-amount": "-1"})
    assert send(supervisor, page(draft, "time"), wrong, **{"X-Autosave": "1"}).json() == {"saved": False}


def test_drafts_from_a_file_another_office_or_nothing(supervisor, offices, library):
    address = reverse("panel:standard_new")
    text = offices["1373"].services.get().standard.source_text
    file = SimpleUploadedFile("standar.md", text.encode())
    answer = supervisor.post(address, {"service": library.pk, "origin": "text", "file": file})
    made = Standard.objects.get(pk=answer.url.split("/")[-2])
    assert (made.status, made.source_name, made.service) == ("draft", "standar.md", library)
    shown = supervisor.get(answer.url).content.decode()
    assert "Koreksi untuk tampilan" in shown
    assert "kantor lain" in shown
    theirs = offices["6571"].services.get().standard
    for given in ({"origin": "office", "other": theirs.pk}, {"origin": "blank"}, {"origin": "version"}):
        assert supervisor.post(address, {"service": library.pk, **given}).status_code == 302
    for given, told in (
        ({"origin": "text"}, "Tempel naskahnya"), ({"origin": "office"}, "Pilih standar"),
        ({"origin": "text", "text": "Resep kue lapis"}, "Tidak ditemukan bagian"),
        ({"origin": "text", "file": SimpleUploadedFile("a.docx", b"PK")}, "bukan .txt"),
    ):  # fmt: skip
        answer = supervisor.post(address, {"service": library.pk, **given})
        assert answer.status_code == 422
        assert told in answer.content.decode()


def test_published_with_a_decree_by_somebody_else(supervisor, office, library, draft, client):
    draft.pledge = "Kami sanggup melayani sesuai standar ini."
    draft.save()
    acts = reverse("panel:standard_act", args=[draft.pk])
    supervisor.post(acts, {"do": "ask", "why": "Siap"})
    decree = reverse("panel:standard_publish", args=[draft.pk])
    assert (
        supervisor.get(decree).status_code == 302 or office.memberships.filter(role="supervisor").count() == 1
    )
    reviewer = second(office)
    today = office.today().isoformat()
    wrong = reviewer.post(decree, {"effective_on": "2020-01-01"})
    assert "sudah lewat" in wrong.content.decode()
    given = {"decree_number": "12 Tahun 2026", "decree_date": "2026-11-20", "effective_on": today}
    assert reviewer.post(decree, given).status_code == 302
    public = Client().get("/7411/standar/library/").content.decode()
    for text in ("12 Tahun 2026", "20 November 2026", "berlaku mulai", draft.pledge):
        assert text in public
    assert [one.text for one in strip(office, office.today())] == [draft.pledge]
    again = supervisor.get(reverse("panel:standard", args=[draft.pk])).content.decode()
    assert "Siap" in again
    assert supervisor.post(acts, {"do": "copy"}).status_code == 302
    assert supervisor.get(reverse("panel:standard_edit", args=[draft.pk])).status_code == 302


def test_a_reviewer_publishes_only_what_they_have_read(office, library, draft):
    reviewer, decree = second(office), reverse("panel:standard_publish", args=[draft.pk])
    states.ask_review(draft, by=SYSTEM)
    seen = reviewer.get(decree).context["form"]["seen"].value()
    states.back_to_draft(draft, by=SYSTEM)
    given = {"title": draft.title, "pledge": "Diubah sesudah dibaca."}
    editing.save_head(draft, given=given, seen={}, by=SYSTEM)
    states.ask_review(draft, by=SYSTEM)
    sent = {"effective_on": office.today().isoformat(), "seen": seen}
    told = reviewer.post(decree, sent)
    assert told.status_code == 422
    assert "Baru saja diubah orang lain" in told.content.decode()
    sent["seen"] = told.context["form"]["seen"].value()
    assert reviewer.post(decree, sent).status_code == 302


def test_text_against_rule_is_published_only_by_saying_so(office, library, draft):
    draft.rule_set.filter(key="locker").update(value="none")
    states.ask_review(draft, by=SYSTEM)
    reviewer, decree = second(office), reverse("panel:standard_publish", args=[draft.pk])
    given = {"effective_on": office.today().isoformat()}
    assert reviewer.post(decree, given).status_code == 422
    assert reviewer.post(decree, given | {"despite": "on"}).status_code == 302


def test_a_draft_is_seen_as_page_and_poster_and_is_marked(supervisor, draft):
    shown = supervisor.get(reverse("panel:standard_preview", args=[draft.pk])).content.decode()
    assert "Versi ini tidak berlaku" in shown
    answer = supervisor.get(reverse("panel:standard_poster", args=[draft.pk]))
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")
    compared = supervisor.get(reverse("panel:standard_compare", args=[draft.pk]))
    assert compared.status_code == 200


def test_a_standard_changed_at_noon_leaves_the_clock_of_a_visit_begun_before(office, library, draft):
    def comes():
        return visits.arrive(office=office, service=library, by=SYSTEM).services.get()

    before = comes()
    draft.rule_set.filter(key="clock_onsite").update(value={"start": "guest_book", "minutes": 10})
    states.ask_review(draft, by=SYSTEM)
    states.publish_version(draft, effective_on=office.today(), by=SYSTEM)
    library = office.services.get(pk=library.pk)
    after = comes()
    before.refresh_from_db()
    assert (before.clock_minutes, before.standard.version) == (5, draft.version - 1)
    assert (after.clock_minutes, after.standard_id) == (10, draft.pk)


def test_who_publishes_beside_one_that_waits_is_told_what_follows(supervisor, office, draft):
    """The older one would quietly take back tomorrow what is decided today."""
    newer = drafts.from_version(draft.service.standard, by=SYSTEM)
    for row in (draft, newer):
        states.ask_review(row, by=SYSTEM)
    tomorrow = office.today() + timedelta(days=1)
    states.publish_version(draft, effective_on=tomorrow, by=SYSTEM)
    form = {"effective_on": office.today().isoformat(), "decree_number": "1"}
    answer = supervisor.post(reverse("panel:standard_publish", args=[newer.pk]), form, follow=True)
    assert Standard.objects.get(pk=newer.pk).status == "published", answer.content.decode()
    assert f"Versi {draft.version} sudah terbit dan akan menggantikannya" in answer.content.decode()
