"""A standard from draft to decree: drafts, rules against words, review, the day it is in force, two editors, differences."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from services.accounts.models import Role
from services.audit.actors import SYSTEM, Actor
from services.audit.models import AuditEntry
from services.offices import tasks
from services.offices.models import Standard
from services.offices.standards import difference, drafts, editing, reading, states
from services.offices.standards.editing import Clash, Typed
from services.workflow import IllegalMove
from tests.conftest import new_user


def actor(office, role=Role.SUPERVISOR) -> Actor:
    return Actor("officer", user_id=new_user(office, role).pk)


def in_force(offices, code="7411", slug="library") -> Standard:
    return offices[code].services.get(slug=slug).standard


def reword(draft: Standard, section: str, before: str, after: str) -> None:
    item = next(i for i in draft.items.filter(section=section) if before in i.text)
    given = editing.item_value(item) | {"text": item.text.replace(before, after)}
    editing.save_section(draft, section, Typed(items={item.pk: given}), by=SYSTEM)


# ---- words in their order -------------------------------------------------------------------------------------------


def texts(draft: Standard, section: str = "procedure") -> list[str]:
    return list(draft.items.filter(section=section).order_by("position").values_list("text", flat=True))


def steps_say(draft: Standard) -> list[tuple[str, list[str]]]:
    """Each step with the sentences it rests on."""
    draft = Standard.objects.get(pk=draft.pk)
    return [(step.kind, [draft.procedure[p][:25] for p in step.items]) for step in draft.rules.steps]


def test_items_move_with_what_stands_under_them_and_rules_keep_their_sentences(offices):
    draft = drafts.from_version(in_force(offices, "1373"), by=SYSTEM)
    items = list(draft.items.filter(section="procedure"))
    nested = next(i for i in items if any(o.parent == i.position for o in items))
    family = len([i for i in items if i.label.startswith(f"{nested.label}.")]) + 1
    before, said = texts(draft), steps_say(draft)
    assert editing.save_section(draft, "procedure", Typed(action="up", at=nested.pk), by=SYSTEM)
    moved = texts(draft)
    here = before.index(nested.text)
    assert moved[here - 1 : here - 1 + family] == before[here : here + family]
    assert sorted(moved) == sorted(before)
    assert {kind: s for kind, s in steps_say(draft) if kind != "service"} == {
        kind: s for kind, s in said if kind != "service"
    }
    labels = list(draft.items.filter(section="procedure", depth=0).values_list("label", flat=True))
    assert labels == [str(n) for n in range(1, len(labels) + 1)]
    children = draft.items.filter(section="procedure", label__startswith="3.")
    assert {draft.items.get(section="procedure", position=c.parent).label for c in children} >= {"3", "3.a"}


def test_an_item_is_added_changed_and_deleted(offices):
    draft = drafts.from_version(in_force(offices), by=SYSTEM)
    first = draft.items.filter(section="requirements").first()
    new = {"text": "Pengguna layanan berusia 7 tahun ke atas", "channel": "onsite", "depth": 0}
    editing.save_section(draft, "requirements", Typed(new=new), by=SYSTEM)
    after = texts(draft, "requirements")
    assert after.index(new["text"]) == 4  # behind the last of the visit, before what is on line
    editing.save_section(draft, "requirements", Typed(action="delete", at=first.pk), by=SYSTEM)
    assert texts(draft, "requirements") == after[1:]
    assert list(draft.items.filter(section="requirements").values_list("label", flat=True)) == list("123456")
    assert AuditEntry.objects.filter(action="standard.edited", target_id=draft.pk).count() == 2


def test_a_section_of_management_is_optional_and_shown_where_it_is_filled(offices, client):
    draft = drafts.from_version(in_force(offices), by=SYSTEM)
    new = {"text": "Undang-Undang Nomor 16 Tahun 1997 tentang Statistik", "channel": "both", "depth": 0}
    editing.save_section(draft, "legal_basis", Typed(new=new), by=SYSTEM)
    assert reading.disagreements(draft) == []
    page = client.get("/7411/standar/library/").content.decode()
    assert "Dasar Hukum" not in page
    publish(states.ask_review(draft, by=actor(offices["7411"])))
    page = client.get("/7411/standar/library/").content.decode()
    assert "Dasar Hukum" in page
    assert new["text"] in page
    assert "Jumlah Pelaksana" not in page


# ---- two editors ------------------------------------------------------------------------------------------------------


def seen(draft: Standard, section: str, *keys: str) -> dict[str, str]:
    return editing.marks(Standard.objects.get(pk=draft.pk), section, keys)


def test_what_two_editors_changed_in_different_places_is_kept_from_both(offices):
    draft = drafts.from_version(in_force(offices), by=SYSTEM)
    one, two, *_rest = draft.items.filter(section="requirements")
    opened = seen(draft, "requirements", "email_onsite")
    whole = {i.pk: editing.item_value(i) for i in (one, two)}
    mine = whole | {one.pk: whole[one.pk] | {"text": "Satu"}}
    theirs = whole | {two.pk: whole[two.pk] | {"text": "Dua"}}
    editing.save_section(draft, "requirements", Typed(items=mine, seen=opened), by=SYSTEM)
    both = Typed(items=theirs, rules={"email_onsite": False}, seen=opened)
    assert editing.save_section(draft, "requirements", both, by=SYSTEM)
    assert texts(draft, "requirements")[:2] == ["Satu", "Dua"]


def test_the_second_is_told_and_nothing_is_saved_where_both_changed_the_same(offices):
    draft = drafts.from_version(in_force(offices), by=SYSTEM)
    item, other = draft.items.filter(section="time")[:2]
    opened = seen(draft, "time", "clock_onsite")
    value = {"start": "guest_book", "minutes": 7}
    editing.save_section(draft, "time", Typed(rules={"clock_onsite": value}, seen=opened), by=SYSTEM)
    typed = Typed(
        items={other.pk: editing.item_value(other) | {"text": "Lain"}}, rules={"clock_onsite": {"start": "ticket", "minutes": 8}},
        seen=opened,
    )  # fmt: skip
    with pytest.raises(Clash) as clash:
        editing.save_section(draft, "time", typed, by=SYSTEM)
    assert clash.value.stored == {"rule-clock_onsite": "7 menit setelah buku tamu diisi"}
    assert "Lain" not in texts(draft, "time")
    # Somebody deletes an item while it is being changed: the words come back, at the end.
    editing.save_section(draft, "time", Typed(action="delete", at=item.pk), by=SYSTEM)
    typed = Typed(items={item.pk: editing.item_value(item) | {"text": "Tetap ada"}}, seen=opened)
    editing.save_section(draft, "time", typed, by=SYSTEM)
    assert "Tetap ada" in texts(draft, "time")


# ---- review, decree, day ------------------------------------------------------------------------------------------------


def publish(draft: Standard, by: Actor | None = None, day: date | None = None, at=None, **more) -> Standard:
    office = draft.service.office
    return states.publish_version(
        draft, effective_on=day or office.today(at), by=by or actor(office), at=at, **more
    )


def test_another_supervisor_publishes_and_the_one_before_is_retired(offices):
    office, old = offices["7411"], in_force(offices)
    editor, reviewer = actor(office), actor(office)
    draft = states.ask_review(drafts.from_version(old, by=editor), by=editor)
    with pytest.raises(IllegalMove):
        editing.save_head(draft, given={"title": "Lain", "pledge": ""}, seen={}, by=editor)
    with pytest.raises(IllegalMove, match="Atasan lain"):
        publish(draft, by=editor, why="Mendesak")
    out = publish(draft, by=reviewer, decree_number="12 Tahun 2026", decree_date=date(2026, 11, 20))
    assert (out.status, out.asked_by_id, out.reviewed_by_id) == (
        "published",
        editor.user_id,
        reviewer.user_id,
    )
    assert Standard.objects.get(pk=old.pk).status == "retired"
    assert [s.state for s in out.steps.all()] == ["draft", "review", "published"]
    assert AuditEntry.objects.filter(
        action="standard.published", target_id=out.pk, user_id=reviewer.user_id
    ).exists()
    assert Standard.objects.filter(service=old.service, status="published").count() == 1


def test_the_only_supervisor_says_why(offices):
    office = offices["6571"]
    office.memberships.filter(role=Role.SUPERVISOR).delete()
    alone = actor(office)
    draft = states.ask_review(drafts.from_version(in_force(offices, "6571"), by=alone), by=alone)
    with pytest.raises(IllegalMove, match="alasan"):
        publish(draft, by=alone)
    out = publish(draft, by=alone, why="Hanya satu atasan di kantor ini")
    assert out.steps.last().why == "Hanya satu atasan di kantor ini"


def test_published_now_and_in_force_from_the_offices_midnight(offices):
    """WITA: its 1 December begins on 30 November at 16:00 UTC; an office in WIB is an hour behind."""
    at = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
    old, day = in_force(offices), date(2026, 12, 1)
    draft = states.ask_review(drafts.from_version(old, by=SYSTEM), by=actor(offices["7411"]))
    out = publish(draft, day=day, at=at)
    assert out.status == "scheduled"
    second = states.ask_review(drafts.from_version(old, by=SYSTEM), by=actor(offices["7411"]))
    with pytest.raises(IllegalMove, match="menunggu tanggalnya"):
        publish(second, day=date(2026, 12, 9), at=at)
    with pytest.raises(IllegalMove, match="sudah lewat"):
        publish(second, day=date(2026, 11, 21), at=at)
    assert states.switch_due(datetime(2026, 11, 30, 15, 59, tzinfo=UTC)) == 0
    assert in_force(offices).pk == old.pk
    assert states.switch_due(datetime(2026, 11, 30, 16, 0, tzinfo=UTC)) == 1
    assert in_force(offices).pk == out.pk
    assert Standard.objects.get(pk=old.pk).status == "retired"
    assert states.switch_due(datetime(2026, 11, 30, 16, 5, tzinfo=UTC)) == 0
    tasks.standards_come_into_force.func(0)  # the worker's way in


def test_one_that_was_published_for_later_is_taken_back(offices):
    old = in_force(offices)
    draft = states.ask_review(drafts.from_version(old, by=SYSTEM), by=actor(offices["7411"]))
    out = publish(draft, day=date(2099, 1, 1))
    assert states.back_to_draft(out, by=SYSTEM, why="Salah tanggal").effective_on is None
    assert states.switch_due(datetime(2099, 1, 2, tzinfo=UTC)) == 0


def test_withdrawn_drafts_stay_and_come_back(offices):
    draft = drafts.from_version(in_force(offices), by=SYSTEM)
    assert states.withdraw(draft, by=SYSTEM, why="Belum perlu").status == "withdrawn"
    with pytest.raises(IllegalMove):
        states.ask_review(draft, by=SYSTEM)
    assert states.back_to_draft(draft, by=SYSTEM).status == "draft"


def test_an_old_version_is_the_start_of_a_new_one(offices):
    old = in_force(offices)
    draft = drafts.from_version(old, by=SYSTEM)
    reword(draft, "time", "5 (lima)", "10 (sepuluh)")
    publish(states.ask_review(draft, by=actor(offices["7411"])))
    again = drafts.from_version(Standard.objects.get(pk=old.pk), by=SYSTEM)
    assert again.version == draft.version + 1
    assert again.rules == old.rules
    assert "5 (lima)" in texts(again, "time")[0]


# ---- where drafts come from -----------------------------------------------------------------------------------------------


def test_a_pasted_text_becomes_a_draft_with_what_the_reader_says(offices):
    text = in_force(offices, "1373").source_text + "\n\nMotto: melayani\n"
    draft = drafts.from_text(text, offices["7411"].services.get(slug="library"), source_name="", by=SYSTEM)
    assert draft.status == "draft"
    assert "kantor lain" in draft.warnings[0]
    assert draft.unplaced
    assert draft.corrections
    assert draft.service.office.code == "7411"
    assert in_force(offices).pk != draft.pk


def test_a_service_without_a_standard_begins_with_an_empty_one(offices):
    service = offices["7411"].services.get(slug="consultation")
    draft = drafts.blank(service, by=SYSTEM)
    assert not reading.disagreements(draft)
    with pytest.raises(IllegalMove, match="belum berisi"):
        states.ask_review(draft, by=SYSTEM)


# ---- side by side -----------------------------------------------------------------------------------------------------------


def test_words_and_rules_side_by_side(offices):
    old = in_force(offices)
    draft = drafts.from_version(old, by=SYSTEM)
    assert [part.title for part in difference.compare(old, draft) if part.changes] == [
        "Keterangan"
    ]  # the day
    reword(draft, "time", "5 (lima)", "10 (sepuluh)")
    editing.save_section(
        draft, "time", Typed(rules={"clock_onsite": {"start": "guest_book", "minutes": 10}}), by=SYSTEM
    )
    new = {"text": "Butir baru", "channel": "online", "depth": 0}
    editing.save_section(draft, "requirements", Typed(new=new), by=SYSTEM)
    parts = {part.title: part for part in difference.compare(old, Standard.objects.get(pk=draft.pk))}
    changed = next(row for row in parts["Waktu Penyelesaian"].rows if row.kind == "changed")
    assert [p.text for p in changed.old if p.kind == "out"] == ["5", "lima"]
    assert [p.text for p in changed.new if p.kind == "in"] == ["10", "sepuluh"]
    assert "".join(p.text for p in changed.old) == texts(old, "time")[0]
    assert [row.kind for row in parts["Persyaratan"].rows].count("in") == 1
    assert [(row.name, row.kind) for row in parts["Aturan"].rows] == [("Janji waktu, kunjungan", "changed")]


def test_the_head_knows_two_editors_too(offices):
    draft = drafts.from_version(in_force(offices), by=SYSTEM)
    opened = {"title": editing.mark(draft.title), "pledge": editing.mark("")}
    head = {"title": draft.title, "pledge": ""}
    editing.save_head(draft, given=head | {"pledge": "Satu"}, seen=opened, by=SYSTEM)
    editing.save_head(
        draft, given=head | {"title": "Judul baru"}, seen=opened, by=SYSTEM
    )  # the pledge is kept
    with pytest.raises(Clash) as clash:
        editing.save_head(draft, given=head | {"pledge": "Dua"}, seen=opened, by=SYSTEM)
    assert clash.value.stored == {"pledge": "Satu"}
    found = Standard.objects.get(pk=draft.pk)
    assert (found.title, found.pledge) == ("Judul baru", "Satu")
