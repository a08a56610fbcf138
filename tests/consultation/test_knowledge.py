"""Answers for everybody: nobody in them, read by a second officer, found by the catalogue's words; and codes."""

from __future__ import annotations

import pytest
from django.urls import reverse

from consultation import knowledge, matching
from consultation.models import KnowledgeAnswer
from consultation.workflows import knowledge as work
from consultation.workflows import thread
from services.accounts.models import Membership, User
from services.audit.actors import Actor
from services.audit.models import AuditEntry
from services.guestbook.models import Visitor
from services.workflow import IllegalMove
from tests.conftest import new_user
from tests.consultation.support import ask, seen
from tests.library.support import client_of


@pytest.fixture
def second(make_user, office) -> Actor:
    return Actor("officer", user_id=make_user(office).pk)


@pytest.fixture
def asked(office, by):
    visitor = Visitor.objects.create(
        office=office, name="Rina Timur Lestari", email="rina@example.test", institution="CV Maju Mundur"
    )
    found = ask(
        office, "2026-03-02 09:00", visitor=visitor, question="Berapa PDRB 2024? Rina, 0812-3456-7890"
    )
    thread.answer(found, "Bu Rina Timur Lestari, PDRB Rp 4.000.000 juta.", by=by, seen=seen(found))
    return found


def written(
    office, by, question="Apa itu inflasi?", answer="Kenaikan harga umum.", **more
) -> KnowledgeAnswer:
    return work.write_new(office, question=question, answer=answer, by=by, **more)


def published(office, by, second, **more) -> KnowledgeAnswer:
    return work.publish(work.to_review(written(office, by, **more), by=by), by=second)


class TestNobodyInIt:
    @pytest.mark.parametrize(
        "personal",
        [
            "rina timur lestari", "rina@example.test", "siapa@saja.id", "0812-3456-7890", "+62 812 3456 7890",
            "(0401) 312 4567", "7411010101900001", "cv maju mundur",
        ],
    )  # fmt: skip
    def test_what_shows_a_person_is_not_stored(self, office, by, asked, personal):
        with pytest.raises(work.LooksPersonal):
            written(office, by, answer=f"Kata {personal} begitu.", source=asked)
        assert not KnowledgeAnswer.objects.exists()
        draft = written(office, by, source=asked)
        with pytest.raises(work.LooksPersonal):
            work.change(
                draft, question="Apa?", body=personal, tags=[], seen=draft.updated_at.isoformat(), by=by
            )

    @pytest.mark.parametrize(
        "harmless",
        ["PDRB 2020–2024 Rp 4.000.000 juta", "bps7411@bps.go.id", "082188887411", "17 102 505,25", "Timur"],
    )
    def test_figures_and_the_offices_own_contacts_may_stay(self, office, by, asked, harmless):
        assert written(office, by, answer=harmless, source=asked)

    def test_a_part_of_the_name_is_shown_to_be_looked_at(self, office, asked):
        draft = KnowledgeAnswer(office=office, source=asked, question="Kolaka Timur?", answer="Ya")
        assert [(t.text, t.certain) for t in knowledge.personal(draft)] == [("Timur", False)]
        assert "<mark>Timur</mark>?" in knowledge.marked("<b> Kolaka Timur?", knowledge.personal(draft))
        assert "<b>" not in knowledge.marked("<b> Kolaka Timur?", knowledge.personal(draft))

    def test_the_form_begins_with_what_was_said_and_marks_it(self, desk, asked):
        address = reverse("consultation:knowledge_draft", args=[asked.pk])
        page = desk.get(address).content.decode()
        assert "<mark>Rina Timur Lestari</mark>" in page
        assert "<mark>0812-3456-7890</mark>" in page
        assert not KnowledgeAnswer.objects.exists()
        refused = desk.post(address, {"question": "PDRB?", "answer": "Bu Rina Timur Lestari"})
        assert refused.status_code == 422
        assert "Bu Rina Timur Lestari</textarea>" in refused.content.decode()
        assert desk.post(address, {"question": "PDRB 2024?", "answer": "Rp 4 triliun"}).status_code == 302
        assert desk.get(address).url == reverse(
            "consultation:knowledge_edit", args=[KnowledgeAnswer.objects.get().pk]
        )


class TestSecondPair:
    def test_who_wrote_it_last_does_not_publish_it(self, office, by, second):
        draft = written(office, by)
        draft = work.change(
            draft, question="Apa?", body="Itu.", tags=["a"], seen=draft.updated_at.isoformat(), by=second
        )
        review = work.to_review(draft, by=by)
        with pytest.raises(IllegalMove):
            work.publish(review, by=second)
        out = work.publish(review, by=by)
        assert (out.state, out.reviewed_by_id, out.written_by_id) == ("published", by.user_id, second.user_id)
        assert [s.state for s in out.steps.all()] == ["draft", "review", "published"]

    def test_a_draft_is_not_published_unread(self, office, by, second):
        with pytest.raises(IllegalMove):
            work.publish(written(office, by), by=second)

    def test_two_who_write_at_once_lose_nothing(self, office, by, second):
        draft = written(office, by)
        was = draft.updated_at.isoformat()
        work.change(draft, question="Apa?", body="Satu", tags=[], seen=was, by=by)
        with pytest.raises(work.WrittenMeanwhile):
            work.change(draft, question="Apa?", body="Dua", tags=[], seen=was, by=second)

    def test_on_the_desk(self, desk, office, by, second):
        draft = written(office, by)
        act = lambda action: desk.post(reverse("consultation:knowledge_act", args=[draft.pk, action]))  # noqa: E731
        act("periksa")
        act("terbit")  # the desk's officer is who wrote it
        draft.refresh_from_db()
        assert draft.state == "review"
        page = desk.get(reverse("consultation:knowledge_edit", args=[draft.pk])).content.decode()
        assert "Menunggu petugas lain" in page
        act("tarik")
        draft.refresh_from_db()
        assert draft.state == "withdrawn"


class TestAlone:
    """An office in which one person works."""

    WHY = "Saya satu-satunya petugas; jawabannya dari publikasi terbit."

    @pytest.fixture
    def only(self, office) -> Actor:
        Membership.objects.filter(office=office).delete()
        return Actor("officer", user_id=new_user(office, "supervisor").pk)

    def test_the_supervisor_publishes_with_a_reason_that_is_kept(self, office, only):
        review = work.to_review(written(office, only), by=only)
        for why in ("", "  ", "mendesak", " m e n d "):
            with pytest.raises(IllegalMove, match="Tulis alasan"):
                work.publish(review, why=why, by=only)
        out = work.publish(review, why=self.WHY, by=only)
        assert (out.state, out.reviewed_by_id) == ("published", only.user_id)
        assert out.steps.last().why == self.WHY
        entry = AuditEntry.objects.get(action="knowledge.published_alone")
        assert (entry.target_id, entry.user_id) == (out.pk, only.user_id)
        assert self.WHY not in str(entry.detail)

    def test_not_without_the_review_s_look_for_persons(self, office, only):
        review = work.to_review(written(office, only), by=only)
        KnowledgeAnswer.objects.update(answer="Telepon saja 0812-3456-7890")
        with pytest.raises(work.LooksPersonal):
            work.publish(review, why=self.WHY, by=only)
        with pytest.raises(IllegalMove):
            work.publish(written(office, only, question="Apa itu IPM?"), why=self.WHY, by=only)  # a draft

    @pytest.mark.parametrize("colleague", ["frontliner", "supervisor"])
    def test_not_where_somebody_else_could_read_it(self, office, only, colleague):
        other = new_user(office, colleague)
        review = work.to_review(written(office, only), by=only)
        with pytest.raises(IllegalMove, match="Minta petugas lain"):
            work.publish(review, why=self.WHY, by=only)
        User.objects.filter(pk=other.pk).update(is_active=False)  # who left is nobody to ask
        assert work.publish(review, why=self.WHY, by=only).state == "published"

    def test_not_by_a_frontliner_nor_from_another_office(self, office, offices):
        Membership.objects.filter(office=office).delete()
        frontliner = Actor("officer", user_id=new_user(office).pk)
        boss_elsewhere = new_user(offices["6571"], "supervisor")
        review = work.to_review(written(office, frontliner), by=frontliner)
        with pytest.raises(IllegalMove, match="Minta petugas lain"):
            work.publish(review, why=self.WHY, by=frontliner)
        assert not work.alone(office, boss_elsewhere.pk)
        assert not work.alone(office, None)

    def test_on_the_desk(self, office, only):
        desk = client_of(User.objects.get(pk=only.user_id))
        draft = work.to_review(written(office, only), by=only)
        page = reverse("consultation:knowledge_edit", args=[draft.pk])
        assert "Alasan menerbitkan tanpa pemeriksa kedua" in desk.get(page).content.decode()
        act = reverse("consultation:knowledge_act", args=[draft.pk, "terbit"])
        desk.post(act, {"why": "x"})
        draft.refresh_from_db()
        assert draft.state == "review"
        desk.post(act, {"why": self.WHY})
        draft.refresh_from_db()
        assert draft.state == "published"
        assert self.WHY in desk.get(page).content.decode()
        public = desk.get(knowledge.address(draft)).content.decode()
        assert self.WHY not in public


class TestForEverybody:
    def test_it_is_found_by_stems_and_only_while_it_is_published(self, client, office, by, second):
        out = published(
            office, by, second, question="Jumlah penduduk miskin per kecamatan?", answer="Ada di Susenas."
        )
        found = lambda q: client.get(reverse("consultation:knowledge"), {"q": q}).content.decode()  # noqa: E731
        for q in ("kemiskinan", "data kependudukan kecamatan", "MISKIN"):
            assert out.question in found(q), q
        assert out.question not in found("harga cabai")
        assert client.get(knowledge.address(out)).status_code == 200
        work.withdraw(out, by=by)
        assert out.question not in found("kemiskinan")
        assert client.get(knowledge.address(out)).status_code == 404

    def test_drafts_are_nobodys(self, client, office, by):
        assert client.get(knowledge.address(written(office, by))).status_code == 404

    def test_it_stands_in_the_sitemap_under_one_address(self, client, office, by, second):
        out = published(office, by, second)
        assert knowledge.address(out) in client.get("/sitemap-tanya-jawab.xml").content.decode()
        assert client.get(f"/tanya-jawab/{out.pk}/lain/").status_code == 301

    @pytest.mark.parametrize("typed", ["", "!!!", "'; DROP", "a & | ! (", "x" * 9_000, "\\'~:*"])
    def test_whatever_is_typed_is_only_words(self, office, typed):
        assert list(matching.find(knowledge.published(), typed)) == []
