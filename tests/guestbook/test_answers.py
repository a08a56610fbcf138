"""The guest book's lists as the administrator changes them: history, order, ends, and two who do it at once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from services.audit.actors import SYSTEM
from services.audit.models import AuditEntry
from services.guestbook import answers, reference
from services.guestbook.models import ReferenceItem
from services.offices.settings import SomebodyElse
from services.workflow import IllegalMove
from tests.accounts.world import BACKEND
from tests.together import at_once

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)
LATER = date(2026, 4, 1)


def item(code: str, name: str = "job", day: date = TODAY) -> ReferenceItem:
    return ReferenceItem.objects.on(day).get(list=name, code=code)


def labels(day: date = TODAY, name: str = "job") -> list[str]:
    return [row.label for row in reference.on(day).get(name, [])]


def last_line() -> dict:
    return AuditEntry.objects.filter(action="setting.reference", office=None).latest("pk").detail


class TestChanges:
    def test_a_new_answer_stands_at_the_end_from_its_day_on(self, django_capture_on_commit_callbacks):
        labels()
        with django_capture_on_commit_callbacks(execute=True):
            row = answers.add("job", label="Petani", label_en="Farmer", day=LATER, by=SYSTEM)
        assert row.code == "farmer"
        assert "Petani" not in labels()
        assert labels(LATER)[-1] == "Petani"
        assert last_line()["added"] is True

    def test_codes_never_mean_two_things(self):
        answers.retire(item("student"), day=TODAY, today=TODAY, by=SYSTEM)
        assert answers.add("job", label="Siswa", label_en="Student", day=TODAY, by=SYSTEM).code == "student-2"
        assert answers.add("card", label="Token", label_en="Token", day=TODAY, by=SYSTEM).code == "token-2"
        assert answers.add("job", label="农民", label_en="农民", day=TODAY, by=SYSTEM).code == "answer"

    def test_the_same_words_twice_are_refused(self):
        for words in ({"label": "PENELITI/DOSEN", "label_en": "x"}, {"label": "x", "label_en": "student"}):
            with pytest.raises(answers.Taken):
                answers.add("job", day=TODAY, by=SYSTEM, **words)
        with pytest.raises(answers.Taken):
            answers.reword(item("student"), label="Peneliti/dosen", label_en="y", day=TODAY, by=SYSTEM)

    def test_other_words_keep_history_and_an_end_that_was_decided(self):
        answers.retire(item("student"), day=LATER, today=TODAY, by=SYSTEM)
        answers.reword(item("student"), label="Siswa", label_en="Pupil", day=TODAY, by=SYSTEM)
        assert item("student", day=TODAY - timedelta(days=1)).label == "Pelajar/mahasiswa"
        assert item("student").label == "Siswa"
        assert last_line()["changed"]["label"] == ["Pelajar/mahasiswa", "Siswa"]
        assert not ReferenceItem.objects.on(LATER).filter(list="job", code="student").exists()

    def test_an_end_may_be_moved_and_taken_back_until_it_comes(self):
        for day in (LATER, LATER + timedelta(days=9)):
            answers.retire(item("student"), day=day, today=TODAY, by=SYSTEM)
        assert item("student").until == LATER + timedelta(days=9)
        answers.offer_again(item("student"), day=TODAY, by=SYSTEM)
        assert item("student").until is None
        with pytest.raises(IllegalMove):
            answers.offer_again(item("student"), day=TODAY, by=SYSTEM)

    def test_one_that_ended_comes_back_as_another_row(self):
        old = item("student")
        answers.retire(old, day=TODAY, today=TODAY, by=SYSTEM)
        with pytest.raises(IllegalMove):
            answers.retire(old, day=LATER, today=TODAY, by=SYSTEM)
        answers.offer_again(old, day=LATER, by=SYSTEM)
        assert item("student", day=LATER).pk != old.pk
        assert not ReferenceItem.objects.on(TODAY).filter(list="job", code="student").exists()

    def test_a_report_has_words_for_answers_that_ended_within_its_period(self):
        answers.reword(item("student"), label="Siswa", label_en="Pupil", day=TODAY, by=SYSTEM)
        answers.retire(item("student"), day=LATER, today=TODAY, by=SYSTEM)
        assert reference.words("job", LATER + timedelta(days=90))["student"] == "Siswa"
        assert reference.words("job", TODAY - timedelta(days=1))["student"] == "Pelajar/mahasiswa"

    def test_what_somebody_needs_stays(self):
        for row in (item("male", "gender"), item("none", "card")):
            with pytest.raises(IllegalMove):
                answers.retire(row, day=TODAY, today=TODAY, by=SYSTEM)

    def test_two_are_left_on_every_day_to_come(self):
        codes = [row.code for row in answers.offered(answers.rows_of("use"), TODAY)]
        for n, code in enumerate(codes[:-2]):  # the latest end first
            answers.retire(item(code, "use"), day=LATER - timedelta(days=n), today=TODAY, by=SYSTEM)
        with pytest.raises(IllegalMove):
            answers.retire(item(codes[-1], "use"), day=TODAY, today=TODAY, by=SYSTEM)

    def test_the_order(self):
        before = labels()
        answers.step(item("other"), -1, day=TODAY, by=SYSTEM)
        answers.step(item("student"), -1, day=TODAY, by=SYSTEM)  # is the first already
        rows = [row.label for row in answers.offered(answers.rows_of("job"), TODAY)]
        assert rows == [*before[:-2], before[-1], before[-2]]


@pytest.mark.django_db(transaction=True)
def test_two_who_change_a_list_at_the_same_instant(offices):
    reference.ensure()
    seen = answers.mark(answers.rows_of("job"))
    say = [lambda n=n: answers.add("job", label=f"A{n}", label_en=f"B{n}", day=TODAY, by=SYSTEM, seen=seen) for n in (1, 2)]  # fmt: skip
    found = at_once(*say)
    assert sorted(type(one).__name__ for one in found) == ["ReferenceItem", "SomebodyElse"]
    assert any(isinstance(one, SomebodyElse) for one in found)
    assert ReferenceItem.objects.filter(list="job", label__in=("A1", "A2")).count() == 1


class TestPages:
    @pytest.fixture
    def admin(self, make_user) -> Client:
        client = Client()
        client.force_login(make_user(is_staff=True, is_superuser=True), backend=BACKEND)
        return client

    def test_added_reworded_ended_and_brought_back(self, admin):
        page, today = reverse("setup:answers", args=["job"]), timezone.localdate()
        sent = {"baru-label": " Petani ", "baru-label_en": "Farmer", "baru-day": today.isoformat()}
        assert admin.post(page, sent).status_code == 302
        row = ReferenceItem.objects.get(list="job", code="farmer")
        one = reverse("setup:answer", args=[row.pk])
        assert admin.post(one, {"label": "Petani/nelayan", "label_en": "Farmer or fisher"}).status_code == 302
        ended = admin.post(one, {"do": "end", "akhir-day": today.isoformat()}, follow=True).content.decode()
        assert "“Petani/nelayan” tidak ditawarkan mulai" in ended
        assert admin.get(one).status_code == 302  # it is over
        admin.post(reverse("setup:answer_act", args=[row.pk]), {"do": "again"})
        assert admin.get(one).status_code == 200
        assert AuditEntry.objects.filter(action="setting.reference").count() == 4

    def test_the_second_of_two_is_told_and_keeps_what_was_typed(self, admin):
        row = item("student", day=timezone.localdate())
        page = reverse("setup:answer", args=[row.pk])
        seen = admin.get(page).context["form"]["seen"].value()
        answers.step(item("other", day=timezone.localdate()), -1, day=timezone.localdate(), by=SYSTEM)
        told = admin.post(page, {"label": "Siswa", "label_en": "Pupil", "seen": seen})
        assert told.status_code == 422
        assert "Baru saja diubah orang lain" in told.content.decode()
        assert told.context["form"]["label"].value() == "Siswa"
        act = reverse("setup:answer_act", args=[row.pk])
        moved = admin.post(act, {"do": "down", "seen": seen}, follow=True).content.decode()
        assert "baru saja diubah orang lain" in moved
        row.refresh_from_db()
        assert (row.label, row.position) == ("Pelajar/mahasiswa", 1)

    @pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2020-01-01", "besok", ""])
    def test_a_day_nobody_means_is_told_at_its_field(self, admin, day):
        page = reverse("setup:answers", args=["job"])
        told = admin.post(page, {"baru-label": "Petani", "baru-label_en": "Farmer", "baru-day": day})
        assert told.status_code == 422
        assert list(told.context["form"].errors) == ["day"]
        row = item("student", day=timezone.localdate())
        ended = admin.post(reverse("setup:answer", args=[row.pk]), {"do": "end", "akhir-day": day})
        assert list(ended.context["ending"].errors) == ["day"]

    def test_no_such_list_answer_or_act(self, admin):
        assert admin.get(reverse("setup:answers", args=["apa"])).status_code == 404
        assert admin.get(reverse("setup:answer", args=[10**17])).status_code == 404
        row = item("student", day=timezone.localdate())
        assert admin.post(reverse("setup:answer_act", args=[row.pk]), {"do": "x"}).status_code == 404

    def test_the_admin_site_only_shows_them(self, admin):
        """There a change would have no limits and leave no line."""
        row = item("student", day=timezone.localdate())
        here = "/admin/guestbook/referenceitem/"
        assert admin.get(here).status_code == admin.get(f"{here}{row.pk}/change/").status_code == 200
        words = {"list": "job", "code": "student", "label": "Siswa", "label_en": "Pupil", "position": 1}
        words |= {"effective_from": row.effective_from.isoformat()}
        for page in (f"{here}{row.pk}/change/", f"{here}add/", f"{here}{row.pk}/delete/"):
            assert admin.post(page, words | {"post": "yes"}).status_code == 403, page
        chosen = {
            "action": "retire_chosen",
            "_selected_action": [row.pk],
            "form-TOTAL_FORMS": "0",
            "form-INITIAL_FORMS": "0",
        }
        admin.post(here, chosen)
        row.refresh_from_db()
        assert (row.label, row.until) == ("Pelajar/mahasiswa", None)
        assert not ReferenceItem.objects.filter(label="Siswa").exists()
