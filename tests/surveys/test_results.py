"""The figures of a period, against sums done by hand."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from services.surveys import results
from services.surveys.models import Response
from services.surveys.results import Selection
from services.surveys.skm import ELEMENTS
from tests.surveys.support import fill, served, skm

SUMS = dict(zip(ELEMENTS, (83, 84, 93, 105, 97, 99, 98, 89, 97), strict=True))


def on(office, since=-1, until=1, **more) -> Selection:
    today = office.today()
    return Selection([office], "skm", today + timedelta(days=since), today + timedelta(days=until), **more)


def thirty(office) -> None:
    """Thirty people whose answers add up to the sums of the worked example (domain.md §5)."""
    left = {code: total - 2 * 30 for code, total in SUMS.items()}
    for _n in range(30):
        more = {code: min(2, rest) if rest >= 0 else 0 for code, rest in left.items()}
        for code in ELEMENTS:
            left[code] -= more[code]
        fill(office, *(2 + more[code] for code in ELEMENTS))
    assert not any(left.values())


def test_the_worked_example_through_the_database(office):
    thirty(office)
    found = results.summary(on(office))
    assert found.result is not None
    assert (found.result.ikm, found.result.grade, found.respondents) == (Decimal("78.24"), "B", 30)
    assert {code: s.total for code, s in results.scores(on(office)).items()} == SUMS


def test_only_the_period_the_office_and_the_service_asked_for(office, offices):
    library, consultation = office.services.get(slug="library"), office.services.get(slug="consultation")
    fill(office, 4, service=library)
    fill(office, 2, service=consultation)
    fill(office, 1, day=date(2020, 1, 1))
    fill(offices["6571"], 1)
    assert results.summary(on(office)).respondents == 2
    of_library = results.summary(on(office, service=library))
    assert of_library.result is not None
    assert of_library.result.ikm == Decimal("100.00")


def test_nobody_asked_no_index(office):
    found = results.summary(on(office))
    assert (found.result, found.respondents, found.wanted, found.enough) == (None, 0, 0, True)


def test_the_sample_is_that_of_the_people_served(office):
    served(office, party_size=30)
    served(office, party_size=20)
    fill(office, 4)
    found = results.summary(on(office))
    assert (found.served, found.wanted, found.enough) == (50, 44, False)


def test_elements_stand_in_the_order_of_the_form(office):
    other = skm().__class__.objects.get(key="skm-2017-complaints-first")
    fill(office, 4, instrument=other)
    assert [e.code for e in results.elements(on(office))] == [*ELEMENTS[:7], "U9", "U8"]


def test_the_profile_of_the_respondents(office):
    for age in (17, 24, 25, 70, None):
        fill(office, 4, profile={"age": age, "gender": "male" if age else ""})
    found = results.profile(on(office))
    assert found["gender"] == [("male", 4), ("", 1)]
    assert dict(found["age_band"]) == {"≤24": 2, "25–34": 1, "≥55": 1, "": 1}
    assert sum(n for _code, n in found["channel"]) == Response.objects.count()
