"""Questionnaires are data in versions."""

from __future__ import annotations

import shutil

import pytest

from services.surveys import instruments, offering
from services.surveys.models import Instrument, SurveyRule
from services.surveys.questions import Faulty, read
from tests.surveys.support import fill, served, skd, skm


def test_loaded_again_nothing_changes(db):
    assert instruments.load() == 0
    assert set(Instrument.objects.values_list("key", flat=True)) >= {
        "skm-2017",
        "skm-2017-complaints-first",
        "skd-17",
    }


@pytest.fixture
def folder(tmp_path):
    shutil.copy(instruments.FOLDER / "skm-2017.toml", tmp_path)
    path = tmp_path / "skm-2017.toml"
    path.write_text(path.read_text().replace("dengan cepat?", "cepat?"))
    return tmp_path


def test_corrected_before_anybody_answered(db, folder):
    assert instruments.load(folder) == 1
    assert read(skm().content).questions[2].text == "Apakah Anda dilayani cepat?"


def test_what_people_were_asked_is_never_changed(office, folder):
    fill(office, 4)
    with pytest.raises(instruments.ChangedAfterwards):
        instruments.load(folder)
    assert read(skm().content).questions[2].text == "Apakah Anda dilayani dengan cepat?"


@pytest.mark.parametrize("fault", ["twice", "missing", "scale", "no text"])
def test_what_is_no_questionnaire(db, fault):
    content = {**skm().content, "questions": [dict(q) for q in skm().content["questions"]]}
    questions = content["questions"]
    if fault == "twice":
        questions[1]["code"] = "U1"
    elif fault == "missing":
        questions.pop()
    elif fault == "scale":
        questions[0].update(answers=["a", "b", "c"], answers_en=["a", "b", "c"])
    else:
        del questions[0]["text"]
    with pytest.raises(Faulty):
        read(content)


def test_complaints_first_asks_the_same_under_the_same_codes(db):
    first, second = read(skm().content), read(Instrument.objects.get(key="skm-2017-complaints-first").content)
    assert {q.code: q.texts for q in first.questions} == {q.code: q.texts for q in second.questions}
    assert [q.code for q in second.questions][-2:] == ["U9", "U8"]


class TestOffering:
    def test_skm_to_everybody_unless_said_otherwise(self, office):
        received = served(office)
        assert offering.asks(offering.rule_of(office, "skm"), received)
        assert not offering.asks(offering.rule_of(office, "skd"), received)

    def test_to_nobody(self, office):
        SurveyRule.objects.create(office=office, kind="skm", instrument=skm(), offer="never")
        assert not offering.asks(offering.rule_of(office, "skm"), served(office))

    def test_one_in_four_and_always_the_same_one(self, office):
        rule = SurveyRule.objects.create(office=office, kind="skd", instrument=skd(), offer="sample", every=4)
        received = served(office)
        drawn = 0
        for n in range(2_000):
            received.visit.token = f"visit {n}"
            asked = [offering.asks(rule, received) for _twice in range(2)]
            assert asked[0] == asked[1]
            drawn += asked[0]
        assert 420 < drawn < 580  # four standard deviations around 500
