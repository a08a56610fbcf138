"""Forms filled in on paper, typed in by officers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from services.audit.models import AuditEntry
from services.surveys.models import Response
from services.surveys.skm import ELEMENTS
from tests.surveys.support import fill, skd
from tests.surveys.test_panel import text


class TestPaper:
    PAGE = "/meja/survei/kertas/"

    def form(self, office, **more) -> dict:
        return (
            dict.fromkeys(ELEMENTS, "3")
            | {"day": str(office.today()), "service": "library", "key": "k1"}
            | more
        )

    def test_one_after_the_other(self, desk, office, library, frontliner):
        answer = desk.post(
            self.PAGE, self.form(office, day=str(office.today() - timedelta(days=3)), gender="male")
        )
        assert answer.status_code == 302
        assert "hari=" in answer["Location"]
        row = Response.objects.get()
        assert (row.channel, row.entered_by, row.service, row.gender) == (
            "paper",
            frontliner,
            library,
            "male",
        )
        assert row.day == office.today() - timedelta(days=3)
        page = text(desk, answer["Location"])
        assert 'data-count="1"' in page
        assert f'value="{row.day}"' in page

    def test_sent_twice_it_counts_once(self, desk, office):
        for _n in range(2):
            desk.post(self.PAGE, self.form(office))
        desk.post(self.PAGE, self.form(office, key="k2"))
        assert Response.objects.count() == 2

    @pytest.mark.parametrize("wrong", [{"U1": "5"}, {"U1": ""}, {"day": "2050-01-01"}, {"day": "2001-01-01"}])
    def test_what_is_wrong_stays_to_be_corrected(self, desk, office, wrong):
        answer = desk.post(self.PAGE, self.form(office, **wrong))
        assert answer.status_code == 422
        assert 'name="U2" value="3"' in answer.content.decode()
        assert not Response.objects.exists()

    def test_the_last_one_is_taken_back_with_a_reason(self, desk, office):
        for key in ("a", "b"):
            desk.post(self.PAGE, self.form(office, key=key))
        first, last = Response.objects.order_by("pk")
        for row, reason in ((first, "twice"), (last, "nonsense")):
            desk.post(reverse("surveys:take_back", args=[row.pk]), {"reason": reason})
        assert Response.objects.count() == 2
        desk.post(reverse("surveys:take_back", args=[last.pk]), {"reason": "twice"})
        assert Response.objects.get() == first
        assert AuditEntry.objects.get(action="survey.taken_back").detail == {"reason": "twice"}

    def test_a_pile_is_not_taken_back_one_last_form_after_the_other(self, desk, office):
        for key in "abc":
            desk.post(self.PAGE, self.form(office, key=key))

        def take_back() -> int:
            for row in Response.objects.order_by("-pk"):
                desk.post(reverse("surveys:take_back", args=[row.pk]), {"reason": "typing"})
            return Response.objects.count()

        assert take_back() == 2
        assert "Tarik isian terakhir" not in text(desk, self.PAGE)
        desk.post(self.PAGE, self.form(office, key="d"))
        assert "Tarik isian terakhir" in text(desk, self.PAGE)
        assert take_back() == 2

    def test_nobody_takes_back_a_colleagues(self, desk, office, make_user):
        from services.audit.actors import Actor

        row = fill(office, 4, channel="paper", by=Actor("officer", user_id=make_user(office).pk))
        desk.post(reverse("surveys:take_back", args=[row.pk]), {"reason": "twice"})
        assert Response.objects.count() == 1

    def test_data_needs_from_paper(self, desk, office):
        codes = [q["code"] for q in skd().content["questions"]]
        scores = dict.fromkeys(codes, "10") | {f"{c}_importance": "1" for c in codes}
        typed = self.form(office) | scores | {"need0_data": "Inflasi", "rows": "1"}
        assert desk.post(f"{self.PAGE}?jenis=skd", typed).status_code == 302
        assert Response.objects.get().needs == [{"data": "Inflasi"}]
