"""Promises beside the visit: questions, silence, guest book, books out, excerpts, complaints; each has a rule or a law and a page."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from complaints.models import Complaint
from complaints.workflows import lodging
from consultation.models import ClockChange, Consultation, ConsultationStep, Round
from consultation.workflows import opening
from library.models import Copy, DigitalCopy, Loan, MarkedCopy, Publication
from pst.panel.promises import figures
from pst.panel.promises.registry import PROMISES
from services.audit.actors import VISITOR
from tests.panel.worlds import EXCLUDED, FIRST, KEPT, received, scope, tally

pytestmark = pytest.mark.django_db


class TestOtherPromises:
    def test_questions(self, office):
        days = [(1, None), (2, None), (9, None), (None, None), (None, 3)]  # answered, closed without
        for answered, ended in days:
            asked = opening.submit(
                office=office, channel="portal", subject="", question="PDRB?", by=VISITOR, at=FIRST
            )
            done = FIRST + timedelta(days=answered) if answered else None
            over = done or (FIRST + timedelta(days=ended) if ended else None)
            Round.objects.filter(consultation=asked).update(
                started_at=FIRST,
                working_days=3,
                due_at=FIRST + timedelta(days=3),
                answered_at=done,
                ended_at=over,
            )
        found = tally("online", scope(office))
        assert (found.kept, found.missed, found.excluded, found.running) == (2, 1, 1, 1)

    def test_closed_by_silence_not_too_early(self, office):
        for n, late in enumerate((0, 5, -1)):
            asked = opening.submit(
                office=office, channel="portal", subject="", question=f"Inflasi {n}?", by=VISITOR, at=FIRST
            )
            at = FIRST + timedelta(days=20)
            ClockChange.objects.create(
                consultation=asked,
                what="closes",
                at=at,
                was=at - timedelta(hours=late),
                now=None,
                why="ended",
            )
            ConsultationStep.objects.create(subject=asked, state="auto_closed", at=at, actor="system")
        other = Consultation.objects.first()
        ClockChange.objects.create(
            consultation=other, what="closes", at=FIRST, was=FIRST, now=None, why="ended"
        )  # by an officer
        assert tally("tutup-otomatis", scope(office)) == figures.Tally(kept=2, missed=1)

    def test_guest_book_before_service(self, office, library):
        received(library, KEPT, 60)
        received(library, KEPT, 60, book=None)
        received(library, KEPT, 60, book=FIRST + timedelta(minutes=2))
        received(library, EXCLUDED, 60, reason="manual_entry", entered=FIRST + timedelta(days=1))
        assert tally("buku-tamu", scope(office)) == figures.Tally(kept=1, missed=2, excluded=1)

    def test_books_out_and_excerpts(self, office, library, make_user):
        officer = make_user(office)
        book = Publication.objects.create(title="Statistik Daerah", keeper=office)
        for n, by in enumerate((officer, None)):
            copy = Copy.objects.create(office=office, publication=book, barcode=f"7411{n}")
            Loan.objects.create(office=office, copy=copy, kind="permission", out_at=FIRST, approved_by=by)
        assert tally("izin-keluar", scope(office)) == figures.Tally(kept=1, missed=1)
        library.standard.rule_set.update_or_create(
            key="excerpt_percent", defaults={"value": 20, "certainty": "stated"}
        )
        digital = DigitalCopy.objects.create(
            office=office,
            publication=book,
            state="ready",
            pages=10,
            file_name="a.pdf",
            prepared="softcopy/none.pdf",
            sha256="0" * 64,
            size=1,
            added_at=FIRST,
        )
        of = received(library, KEPT)
        for n, (pages, allowed) in enumerate((([1, 2], None), ([1, 2, 3], None), ([1, 2, 3], officer))):
            MarkedCopy.objects.create(
                serial=f"S{n}", kind="excerpt", handed="desk", office=office, digital=digital, publication=book, received=of, name="x",
                pages=pages, allowed_by=allowed, sha256="1" * 64, size=1, made_at=FIRST, submission=f"s{n}",
            )  # fmt: skip
        assert tally("batas-salinan", scope(office)) == figures.Tally(kept=1, missed=1, excluded=1)

    def test_complaints_by_calendar_days_of_the_office_and_only_those_one_may_see(
        self, office, chief, make_user
    ):
        by = make_user(office, role="supervisor")
        for n, answered in enumerate(
            ("2026-03-16 15:30", "2026-03-16 16:30", None, None)
        ):  # 23:30 and 00:30 in WITA
            row, _secret = lodging.lodge(
                office=office, text=f"Lama {n}", channel="online", by=VISITOR, at=FIRST
            )
            done = datetime.strptime(f"{answered} +0000", "%Y-%m-%d %H:%M %z") if answered else None
            state = "withdrawn" if n == 3 else "handled"
            Complaint.objects.filter(pk=row.pk).update(
                first_answered_at=done, state=state, due_at=None, awaited_until=None
            )
        all_of_them = scope(office, complaints=Complaint.objects.all())
        assert tally("pengaduan-tanggapan", all_of_them) == figures.Tally(kept=1, missed=2, excluded=1)
        row.about.add(by)
        seen = scope(office, complaints=Complaint.objects.exclude(about=by))
        assert tally("pengaduan-tanggapan", seen).excluded == 0

    def test_every_promise_has_a_rule_or_a_law_and_a_page(self, chief, office):
        for promise in PROMISES:
            assert promise.rule or promise.law
            assert chief.get(reverse("panel:promise", args=[promise.key])).status_code == 200
            assert chief.get(reverse("panel:promise_cases", args=[promise.key])).status_code == 200
        assert chief.get(reverse("panel:promise", args=["apa"])).status_code == 404
        assert chief.get(reverse("panel:promises") + "?dari=2026-03-02&sampai=2026-03-01").status_code == 422
        assert (
            chief.get(reverse("panel:promise_cases", args=["online"]) + "?kantor=1906").status_code == 200
        )  # not theirs: ignored
