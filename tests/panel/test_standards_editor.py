"""The rooms of the standards editor: writing without a script, what is told, what is refused."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from pst.panel.standards.section_form import SectionForm
from services.accounts.models import Role
from services.audit.actors import SYSTEM
from services.offices.models import Standard
from services.offices.standards import drafts
from tests.conftest import new_user


def second(office) -> Client:
    found = Client()
    found.force_login(new_user(office, Role.SUPERVISOR))
    return found


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


def test_a_draft_is_seen_as_page_and_poster_and_is_marked(supervisor, draft):
    shown = supervisor.get(reverse("panel:standard_preview", args=[draft.pk])).content.decode()
    assert "Versi ini tidak berlaku" in shown
    answer = supervisor.get(reverse("panel:standard_poster", args=[draft.pk]))
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")
    compared = supervisor.get(reverse("panel:standard_compare", args=[draft.pk]))
    assert compared.status_code == 200


def test_an_item_an_import_made_too_long_is_kept_and_may_not_grow(supervisor, draft):
    """Its section can be saved; what to do stands beside the field."""
    item, other = draft.items.filter(section="requirements")[:2]
    long = "Kalimat yang panjang sekali. " * 150
    draft.items.filter(pk=item.pk).update(text=long.strip())
    text = draft.service.standard.source_text.replace("kartu identitas", "kartu identitas " + long, 1)
    assert "pecahlah" in drafts.from_text(text, draft.service, source_name="", by=SYSTEM).warnings[0]
    shown = supervisor.get(page(draft, "requirements"))
    assert "pecahlah menjadi beberapa butir" in shown.content.decode()
    changed = posted(draft, "requirements", **{f"item-{other.pk}-text": "Butir lain", "do": "save"})
    assert send(supervisor, page(draft, "requirements"), changed).status_code == 302
    assert draft.items.get(pk=other.pk).text == "Butir lain"
    assert draft.items.get(pk=item.pk).text == long.strip()
    longer = posted(draft, "requirements", **{f"item-{item.pk}-text": long + "Lagi.", "do": "save"})
    refused = send(supervisor, page(draft, "requirements"), longer)
    assert refused.status_code == 422
    assert "Pecahlah menjadi beberapa butir" in refused.content.decode()
    halved = posted(
        draft, "requirements", **{f"item-{item.pk}-text": long[:2000], "new-text": long[2000:], "do": "add"}
    )
    assert send(supervisor, page(draft, "requirements"), halved).status_code == 302
    assert not [i for i in draft.items.all() if len(i.text) > 4000]
