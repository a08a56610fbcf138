"""What somebody does who writes a standard for the first time: two windows, a text pasted beside the wrong choice, another
office's words taken over, a log-in that ended."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client
from django.urls import reverse

from services.accounts.models import Role
from services.audit.actors import SYSTEM, Actor
from services.offices.models import Standard
from services.offices.standards import editing, states
from services.offices.standards.editing import Typed
from tests.conftest import new_user
from tests.panel.test_standards_editor import page, posted, second, send


def test_an_item_deleted_in_another_window_comes_back_once_and_by_a_press_of_the_button(
    supervisor, office, draft
):
    item = draft.items.filter(section="time").first()
    mine = posted(draft, "time", **{f"item-{item.pk}-text": "Paling lama 9 menit"})
    editing.save_section(draft, "time", Typed(action="delete", at=item.pk), by=SYSTEM)
    for _keystroke in range(3):
        said = send(supervisor, page(draft, "time"), mine, **{"X-Autosave": "1"}).json()
        assert said["left"]
    again = Standard.objects.get(pk=draft.pk).items.filter(text="Paling lama 9 menit")
    assert not again.exists()
    mine["do"] = "save"
    answer = supervisor.get(send(supervisor, page(draft, "time"), mine).url)
    assert "ditambahkan lagi di akhir" in answer.content.decode()
    assert again.count() == 1


def test_what_was_pasted_is_not_dropped_because_another_beginning_is_marked(supervisor, offices, library):
    theirs = offices["6571"].services.get().standard
    for given in ({"text": "Persyaratan\n1. Membawa KTP"}, {"other": theirs.pk}):
        answer = supervisor.post(
            reverse("panel:standard_new"), {"service": library.pk, "origin": "version", **given}
        )
        assert answer.status_code == 422
        assert answer.context["form"].errors["origin"]
    assert not Standard.objects.filter(status="draft").exists()


def test_another_office_in_the_words_is_told_until_it_is_gone_from_them(supervisor, office, offices, library):
    text = offices["6571"].services.get().standard.source_text
    made = supervisor.post(
        reverse("panel:standard_new"), {"service": library.pk, "origin": "text", "text": text}
    ).url
    draft = Standard.objects.get(pk=made.split("/")[-2])
    supervisor.post(page(draft, "fee"), posted(draft, "fee", **{"new-text": "Gratis.", "do": "add"}).dict())
    shown = supervisor.get(made).context["told"]
    assert any("Judul menyebut kantor lain (Tarakan)" in line for line in shown)
    assert any("bps6571" in line for line in shown)
    for item in draft.items.all():
        item.text = item.text.replace("Tarakan", "Kolaka Timur").replace("6571", "7411")
        item.save()
    Standard.objects.filter(pk=draft.pk).update(title="Pelayanan Perpustakaan BPS Kabupaten Kolaka Timur")
    assert not [line for line in supervisor.get(made).context["told"] if "kantor lain" in line]
    in_force = supervisor.get(reverse("panel:standard", args=[library.standard.pk])).context["told"]
    assert not [line for line in in_force if "kantor lain" in line]


def test_whose_log_in_ended_while_writing_comes_back_to_the_section(office, draft):
    here = page(draft, "time")
    answer = send(Client(), here, posted(draft, "time"), Referer=f"http://testserver{here}")
    assert answer.url == f"{reverse('accounts:login')}?next={here}"
    for referer in ("", "https://elsewhere.example/x"):
        assert send(Client(), here, posted(draft, "time"), Referer=referer).url == reverse("accounts:login")
    assert second(office).get(here).status_code == 200


def test_a_decree_is_not_signed_after_the_day_it_is_in_force(supervisor, office, draft):
    states.ask_review(draft, by=Actor("officer", user_id=new_user(office, Role.SUPERVISOR).pk), why="")
    here = reverse("panel:standard_publish", args=[draft.pk])
    today = office.today().isoformat()
    given = {"seen": supervisor.get(here).context["form"].initial["seen"], "effective_on": today}
    refused = supervisor.post(here, given | {"decree_date": (office.today() + timedelta(days=1)).isoformat()})
    assert list(refused.context["form"].errors) == ["decree_date"]
    assert supervisor.post(here, given | {"decree_date": today}).status_code == 302
