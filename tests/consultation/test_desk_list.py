"""The officer's list: what is due next first, narrowed in every way, in as many questions for many as for one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from consultation import finding
from consultation.models import Consultation
from consultation.workflows import assigning, ending, filing, thread
from services.audit.models import AuditEntry
from services.guestbook.models import Visitor
from tests.consultation.support import ask, fresh, seen

pytestmark = pytest.mark.usefixtures("calendar_of_2026")
LIST = reverse("consultation:list")


def shown(client: Client, **asked) -> list[str]:
    """The subjects, in their order."""
    page = client.get(LIST, asked).context["page"]
    return [row.subject for row, _rule in page]


@pytest.fixture
def four(office, offices, by, frontliner) -> dict[str, Consultation]:
    """Due tomorrow and asked first; due later and taken; answered; closed. And one elsewhere."""
    now = timezone.now()
    sitti = Visitor.objects.create(office=office, name="Sitti Rahma", email="sitti@example.test")
    new = {
        "late": ask(office, now - timedelta(days=30), subject="Inflasi"),
        "taken": ask(office, now - timedelta(days=1), subject="PDRB", visitor=sitti),
        "answered": ask(office, now, subject="IPM", channel="email", question="Indeks pembangunan?"),
        "closed": ask(office, now, subject="Luas", channel="phone"),
        "elsewhere": ask(offices["6571"], now, subject="Tarakan"),
    }
    assigning.assign(new["taken"], frontliner, by=by)
    thread.answer(new["answered"], "Ini.", by=by, seen=seen(new["answered"]))
    ending.close(new["closed"], by=by)
    filing.file(new["closed"], tags=["KBLI 47111"], reference="S-99", by=by)
    return {name: fresh(c) for name, c in new.items()}


class TestOrder:
    def test_what_is_due_next_first_and_only_what_is_ours(self, desk, four):
        assert shown(desk) == ["Inflasi", "PDRB"]

    @pytest.mark.parametrize(
        ("asked", "expected"),
        [
            ({"lihat": "saya"}, ["PDRB", "IPM"]),
            ({"lihat": "bebas"}, ["Inflasi"]),
            ({"lihat": "lewat"}, ["Inflasi"]),
            ({"lihat": "menunggu"}, ["IPM"]),
            ({"lihat": "selesai"}, ["Luas"]),
            ({"lihat": "semua"}, ["Luas", "IPM", "PDRB", "Inflasi"]),
            ({"lihat": "semua", "saluran": "email"}, ["IPM"]),
            ({"lihat": "semua", "tag": "KBLI 47111"}, ["Luas"]),
            ({"lihat": "apa saja", "saluran": "merpati"}, ["Inflasi", "PDRB"]),
        ],
    )
    def test_narrowed(self, desk, four, asked, expected):
        assert shown(desk, **asked) == expected

    def test_what_went_up_says_so_to_the_supervisor(self, office, four, make_user):
        Consultation.objects.filter(pk=four["late"].pk).update(escalated_at=timezone.now())
        client = Client()
        client.force_login(
            make_user(office, "supervisor"), backend="django.contrib.auth.backends.ModelBackend"
        )
        text = client.get(LIST).content.decode()
        assert text.index("Naik ke atasan") < text.index("PDRB")
        assert "Lewat batas" in text

    def test_every_deadline_shows_its_rule(self, desk, four):
        text = desk.get(LIST).content.decode()
        assert text.count("3 hari kerja sejak diajukan") == 2
        assert "Waktu Penyelesaian butir 2" in text

    def test_no_names(self, desk, four):
        assert "Sitti" not in desk.get(LIST, {"lihat": "semua"}).content.decode()


class TestSearch:
    @pytest.mark.parametrize(
        ("typed", "expected"),
        [
            ("infla", ["Inflasi"]),
            ("pembangunan indeks", ["IPM"]),
            ("sitti rahma", ["PDRB"]),
            ("sitti@example.test", ["PDRB"]),
            ("s-99", ["Luas"]),
            ("tarakan", []),
            ("tidak ada begitu", []),
            ("'; DROP", []),
            ("a", []),
            ("!!! & |", []),
        ],
    )
    def test_by_words(self, desk, four, typed, expected):
        assert shown(desk, q=typed) == expected

    def test_by_number(self, desk, four):
        number = four["answered"].number
        for typed in (number, number[1:], number.lower(), str(int(number[-5:]))):
            assert shown(desk, q=typed) == ["IPM"]
        assert shown(desk, q=four["elsewhere"].number) == []

    def test_that_it_was_searched_is_logged_without_the_words(self, desk, four):
        shown(desk, q="sitti rahma")
        entry = AuditEntry.objects.get(action="consultation.searched")
        assert entry.detail == {"found": 1}


class TestMany:
    def test_pages_and_as_many_questions_for_many_as_for_few(
        self, desk, office, django_assert_max_num_queries
    ):
        def questions(**asked) -> int:
            desk.get(LIST, asked)
            with CaptureQueriesContext(connection) as queries:
                assert desk.get(LIST, asked).status_code == 200
            return len(queries)

        asked = ({}, {"lihat": "semua"}, {"lihat": "semua", "q": "pdrb"}, {"lihat": "menunggu"})
        ask(office, timezone.now())
        few = [questions(**a) for a in asked]
        for _n in range(finding.PAGE + 3):
            ask(office, timezone.now())
        assert [questions(**a) for a in asked] == few
        assert max(few) <= 10
        assert len(shown(desk)) == finding.PAGE
        assert len(shown(desk, page=2)) == 4
        assert "page=2" in desk.get(LIST).content.decode()

    def test_the_fragment_is_the_rows_only(self, desk, four):
        text = desk.get(LIST, headers={"HX-Request": "true"}).content.decode()
        assert "Inflasi" in text
        assert "<h1" not in text

    def test_the_navigation_counts_what_waits(self, desk, office, four):
        text = desk.get(reverse("complaints:list")).content.decode()
        assert '<span>Konsultasi</span><span class="badge badge-warn">2</span>' in text
        assert finding.to_answer(office) == 2
