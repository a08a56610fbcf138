"""From review to decree in the browser: what is told, what is refused, what the public sees."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from queueing.announcements import strip
from services.audit.actors import SYSTEM
from services.guestbook import workflows as visits
from services.offices.models import Standard
from services.offices.standards import drafts, editing, states, theirs
from services.offices.workflows import confirm_rules
from tests.panel.test_standards_editor import posted, second, send


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
    seen = reviewer.get(decree).context["form"]["seen"].value()
    wrong = reviewer.post(decree, {"effective_on": "2020-01-01", "seen": seen})
    assert "sudah lewat" in wrong.content.decode()
    given = {
        "decree_number": "12 Tahun 2026",
        "decree_date": "2026-11-20",
        "effective_on": today,
        "seen": seen,
    }
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
    blind = reviewer.post(decree, {"effective_on": sent["effective_on"]})
    assert blind.status_code == 422
    assert "Formulir ini tidak utuh" in blind.content.decode()
    told = reviewer.post(decree, sent)
    assert told.status_code == 422
    assert "Baru saja diubah orang lain" in told.content.decode()
    sent["seen"] = told.context["form"]["seen"].value()
    assert reviewer.post(decree, sent).status_code == 302


def test_text_against_rule_is_published_only_by_saying_so(office, library, draft):
    draft.rule_set.filter(key="locker").update(value="none")
    states.ask_review(draft, by=SYSTEM)
    reviewer, decree = second(office), reverse("panel:standard_publish", args=[draft.pk])
    given = {"effective_on": office.today().isoformat(), "seen": states.last_edit(draft)}
    assert reviewer.post(decree, given).status_code == 422
    assert reviewer.post(decree, given | {"despite": "on"}).status_code == 302


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


def test_who_publishes_beside_one_that_waits_says_what_becomes_of_it(supervisor, office, draft):
    """The older one would quietly take back tomorrow what is decided today."""
    one, two = (drafts.from_version(draft.service.standard, by=SYSTEM) for _ in range(2))
    for row in (draft, one, two):
        states.ask_review(row, by=SYSTEM)
    tomorrow = office.today() + timedelta(days=1)
    states.publish_version(draft, effective_on=tomorrow, by=SYSTEM)

    def publish(row: Standard, waiting: str, day=None):
        sent = {"effective_on": (day or office.today()).isoformat(), "seen": "-", "waiting": waiting}
        return supervisor.post(reverse("panel:standard_publish", args=[row.pk]), sent)

    def now(row: Standard) -> str:
        return Standard.objects.get(pk=row.pk).status

    for waiting, day in (("", None), (f"cancel-{one.pk}", None), (f"keep-{draft.pk}", tomorrow)):
        refused = publish(one, waiting, day)
        assert refused.status_code == 422
        assert refused.context["form"].errors["waiting"]
    with pytest.raises(states.Undecided):
        states.publish_version(one, effective_on=office.today(), by=SYSTEM)
    assert publish(one, f"keep-{draft.pk}").status_code == 302
    assert (now(one), now(draft)) == ("published", "scheduled")
    assert publish(two, f"cancel-{draft.pk}", tomorrow).status_code == 302
    assert (now(two), now(draft)) == ("scheduled", "draft")


def test_a_copy_is_published_when_its_blanks_are_filled_and_its_rules_confirmed(supervisor, offices, library):
    base = offices["6571"].services.get().standard
    copy = drafts.from_office(base, library, by=SYSTEM)
    acts, decree = (reverse(f"panel:standard_{name}", args=[copy.pk]) for name in ("act", "publish"))
    refused = supervisor.post(acts, {"do": "ask"}, follow=True).content.decode()
    assert "Lengkapi dahulu" in refused
    assert "[lengkapi: telepon]" in refused
    address = reverse("panel:standard_section", args=[copy.pk, "complaints"])
    data = posted(copy, "complaints", do="save")
    for name in [name for name in data if name.endswith("-text") and "[lengkapi: " in data[name]]:
        data[name] = f"Telepon: 0401 555{name[-6]}"
    assert send(supervisor, address, data).status_code == 302
    assert theirs.to_fill(Standard.objects.get(pk=copy.pk)) == []
    supervisor.post(acts, {"do": "ask"})
    reviewer = second(offices["7411"])
    sent = {"effective_on": offices["7411"].today().isoformat()}
    sent["seen"] = reviewer.get(decree).context["form"]["seen"].value()
    assert "copied" in reviewer.post(decree, sent).context["form"].errors
    open_rules = reviewer.post(decree, sent | {"copied": "on"})
    assert open_rules.status_code == 422
    assert "Saluran pengaduan" in str(open_rules.context["form"].non_field_errors())
    confirm_rules(copy, by=SYSTEM)
    assert reviewer.post(decree, sent | {"copied": "on"}).status_code == 302
