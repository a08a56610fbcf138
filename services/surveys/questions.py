"""A questionnaire's content as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from services.surveys import skm


class Faulty(Exception):
    """The content is no questionnaire; says where."""


@dataclass(frozen=True)
class Question:
    """`answers`: the words of each score, from the lowest; without any it is a plain scale of 1 to `highest`."""

    code: str
    texts: tuple[str, str]  # Indonesian, English
    highest: int
    answers: tuple[tuple[str, str], ...] = ()
    block: str = ""

    @property
    def text(self) -> str:
        return self.texts[get_language() == "en"]

    @property
    def scores(self) -> list[tuple[int, str]]:
        """What can be chosen: the score and its words."""
        if not self.answers:
            return [(n, str(n)) for n in range(1, self.highest + 1)]
        return [(n, words[get_language() == "en"]) for n, words in enumerate(self.answers, start=1)]


@dataclass(frozen=True)
class Questionnaire:
    """`importance`: each question is also asked how much it matters, on the same scale. `needs`: rows of data needs."""

    kind: str
    questions: tuple[Question, ...]
    importance: bool = False
    needs: bool = False


def read(content: dict[str, Any]) -> Questionnaire:
    """Raises Faulty."""
    try:
        questions = tuple(_question(row) for row in content["questions"])
        kind = content["kind"]
    except (KeyError, TypeError) as missing:
        raise Faulty(f"missing: {missing}") from missing
    codes = [question.code for question in questions]
    if len(set(codes)) != len(codes):
        raise Faulty("a code stands twice")
    if kind == "skm":
        if sorted(codes) != sorted(skm.ELEMENTS):
            raise Faulty(f"SKM has the elements {', '.join(skm.ELEMENTS)}, each once")
        if any(question.highest != skm.HIGHEST for question in questions):
            raise Faulty("SKM is scored 1–4")
    return Questionnaire(kind, questions, bool(content.get("importance")), bool(content.get("needs")))


def _question(row: dict[str, Any]) -> Question:
    answers = tuple(zip(row.get("answers", ()), row.get("answers_en", ()), strict=True))
    highest = row.get("highest", len(answers))
    if not 2 <= highest <= 10 or (answers and len(answers) != highest):
        raise Faulty(f"{row['code']}: a scale has two to ten steps, and as many words")
    return Question(row["code"], (row["text"], row["text_en"]), highest, answers, row.get("block", ""))
