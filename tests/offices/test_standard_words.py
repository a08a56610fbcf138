"""Where a standard's words and its rules disagree: nothing in the five published ones, everything that was seeded."""

from __future__ import annotations

import pytest

from services.audit.actors import SYSTEM
from services.offices.models import Standard
from services.offices.rule_names import RULE_NAMES
from services.offices.standards import drafts, editing, reading
from services.offices.standards.editing import Typed
from services.offices.standards.places import SECTION_OF
from tests.offices.test_standards import in_force, reword

EVERY = [
    ("7411", "library"),
    ("7411", "consultation"),
    ("1906", "library"),
    ("6571", "library"),
    ("1373", "library"),
]


def test_every_rule_has_a_place_beside_its_words():
    assert set(SECTION_OF) == set(RULE_NAMES)


@pytest.mark.parametrize(("code", "slug"), EVERY)
def test_a_published_standard_does_not_contradict_itself(offices, code, slug):
    assert reading.disagreements(in_force(offices, code, slug)) == []


def change(draft: Standard, key: str, value) -> None:
    editing.save_section(draft, "procedure", Typed(rules={key: value}), by=SYSTEM)


STEPS = ["ticket", "guest_book", "service", "rating", "finish"]
# Seeded contradictions: where, what is changed (a rule, or words), the rule that is named, what the text says.
SEEDED = [
    ("7411", "library", "clock_onsite", {"start": "guest_book", "minutes": 10}, "5 menit"),
    ("7411", "library", "locker", "none", "kunci ditukar dengan kartu"),
    ("7411", "library", "steps", [{"kind": k} for k in STEPS], "Titip kartu untuk kunci loker"),
    ("7411", "consultation", "clock_online", {"start": "submitted", "working_days": 5}, "3 hari kerja"),
    ("7411", "consultation", "auto_close_working_days", 7, "3"),
    ("7411", "consultation", "contact_online", "email", "e-mail atau WhatsApp"),
    ("7411", "consultation", "clock_onsite", {"start": "guest_book", "minutes": 10}, "setelah antrian sebelumnya selesai"),
    ("1906", "library", "excerpt_percent", 50, "20"),
    ("7411", "library", "watermark", False, "ya"),
    ("1373", "library", "identity_card", False, "ya"),
    ("7411", "library", "fee", {"free": False, "text": "Rp5.000"}, "gratis; Tidak dipungut biaya"),
    ("7411", "library", "queue", False, "ya"),
]  # fmt: skip
REWORDED = [
    ("7411", "library", "time", "5 (lima)", "10 (sepuluh)", "clock_onsite", "10 menit"),
    ("7411", "consultation", "time", "3 (tiga) hari kerja dan", "5 (lima) hari kerja dan", "clock_online", "5 hari kerja"),
    ("1906", "library", "procedure", "20", "10", "excerpt_percent", "10"),
    ("7411", "library", "fee", "Tidak dipungut biaya", "Rp5.000 per salinan", "fee", "Rp5.000"),
    ("7411", "consultation", "requirements", "alamat email atau nomor Whatsapp", "nomor Whatsapp", "contact_online", "WhatsApp"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "slug", "key", "value", "text"), SEEDED)
def test_a_rule_that_contradicts_the_text_is_found(offices, code, slug, key, value, text):
    draft = drafts.from_version(in_force(offices, code, slug), by=SYSTEM)
    change(draft, key, value)
    found = [d for d in reading.disagreements(draft) if d.key == key and d.read]
    assert len(found) == 1
    assert not found[0].unsaid
    assert text in found[0].text


@pytest.mark.parametrize(("code", "slug", "section", "before", "after", "key", "text"), REWORDED)
def test_words_that_contradict_the_rule_are_found(offices, code, slug, section, before, after, key, text):
    draft = drafts.from_version(in_force(offices, code, slug), by=SYSTEM)
    reword(draft, section, before, after)
    found = reading.disagreements(draft)
    assert [d.key for d in found if not d.unsaid] == [key]
    assert text in found[0].text
    assert editing.follow_text(draft, keys=[key], by=SYSTEM) == [key]
    assert reading.disagreements(Standard.objects.get(pk=draft.pk)) == []


def test_what_the_text_does_not_say_is_no_contradiction(offices):
    draft = drafts.from_version(in_force(offices, "6571"), by=SYSTEM)
    change(draft, "lending", True)
    assert [(d.key, d.unsaid) for d in reading.disagreements(draft)] == [("lending", True)]
