"""A questionnaire as a form: its questions, who answers, the rows of data needs, a word at the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from services.guestbook import reference
from services.offices.models import Office
from services.surveys.models import Instrument
from services.surveys.questions import Question, read

PROFILE = ("gender", "age", "education", "job", "institution")
LABELS = {
    "gender": gettext_lazy("Jenis kelamin"),
    "age": gettext_lazy("Umur (tahun)"),
    "education": gettext_lazy("Pendidikan terakhir"),
    "job": gettext_lazy("Pekerjaan"),
    "institution": gettext_lazy("Instansi"),
}
YOUNGEST, OLDEST = 5, 120
MOST_NEEDS = 20
GOT = [
    ("", gettext_lazy("Pilih")),
    ("yes", gettext_lazy("Diperoleh, sesuai")),
    ("partly", gettext_lazy("Diperoleh, tidak sesuai")),
    ("no", gettext_lazy("Tidak diperoleh")),
]
NEED = ("data", "region", "years", "got", "quality")
COMMENT = gettext_lazy("Saran atau catatan")


@dataclass(frozen=True)
class Asked:
    """A question with its fields, as a page shows it."""

    number: int
    question: Question
    satisfaction: forms.BoundField
    importance: forms.BoundField | None


class SurveyForm(forms.Form):
    """Made of an instrument. `typed`: digits are typed from paper instead of tapped."""

    def __init__(
        self, data=None, *, instrument: Instrument, office: Office, typed: bool = False, rows: int = 0, **more
    ):
        super().__init__(data, **more)
        self.instrument, self.questionnaire, self.typed = instrument, read(instrument.content), typed
        self.rows = rows or self._rows(data)
        for question in self.questionnaire.questions:
            if self.questionnaire.importance:
                self.fields[f"{question.code}_importance"] = self._score(question, _("Penting"))
            satisfaction = _("Puas") if self.questionnaire.importance else ""
            self.fields[question.code] = self._score(question, satisfaction)
        for number in range(self.rows if self.questionnaire.needs else 0):
            self._need(number)
        self._profile(office)
        self.fields["comment"] = forms.CharField(
            label=COMMENT, required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
        )

    def _rows(self, data: Any) -> int:
        """As many rows of data needs as were there, and one more when it was asked for."""
        try:
            shown = int((data or {}).get("rows", "1"))
        except ValueError:
            shown = 1
        return max(1, min(MOST_NEEDS, shown + ("more" in (data or {}))))

    def _score(self, question: Question, of: str) -> forms.Field:
        before = f"{of}: " if of else ""
        label, missing = f"{before}{question.text}", {"required": _("Belum dijawab.")}
        if self.typed:
            return forms.IntegerField(
                label=f"{before}{question.code}", min_value=1, max_value=question.highest, error_messages=missing,
                widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": len(str(question.highest)),
                                              "data-digit": question.highest, "autocomplete": "off"}),
            )  # fmt: skip
        return forms.TypedChoiceField(
            label=label, choices=question.scores, coerce=int, widget=forms.RadioSelect, error_messages=missing
        )

    def _profile(self, office: Office) -> None:
        lists = reference.on(office.today())
        for name in PROFILE:
            if name == "age":
                self.fields[name] = forms.IntegerField(
                    label=LABELS[name], required=False, min_value=YOUNGEST, max_value=OLDEST,
                    widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 3, "autocomplete": "off"}),
                )  # fmt: skip
                continue
            choices = [(item.code, str(item)) for item in lists.get(name, [])]
            self.fields[name] = forms.ChoiceField(
                label=LABELS[name], required=False,
                choices=[("", _("Pilih")), *choices] if self.typed else [*choices, ("", _("Tidak diisi"))],
                widget=forms.Select if self.typed else forms.RadioSelect,
            )  # fmt: skip

    def _need(self, number: int) -> None:
        words = {"data": _("Data apa"), "region": _("Wilayah"), "years": _("Tahun")}
        for part, label in words.items():
            self.fields[f"need{number}_{part}"] = forms.CharField(
                label=label, required=False, max_length=200 if part == "data" else 80
            )
        self.fields[f"need{number}_got"] = forms.ChoiceField(label=_("Hasil"), required=False, choices=GOT)
        self.fields[f"need{number}_quality"] = forms.TypedChoiceField(
            label=_("Mutu data (1–10)"), required=False, coerce=int, empty_value=None,
            choices=[("", _("Pilih")), *((n, str(n)) for n in range(1, 11))],
        )  # fmt: skip

    @property
    def wants_more(self) -> bool:
        """Another row of data needs, nothing sent yet."""
        return self.is_bound and "more" in self.data

    @property
    def questions(self) -> list[Asked]:
        ask_importance = self.questionnaire.importance
        return [
            Asked(n, q, self[q.code], self[f"{q.code}_importance"] if ask_importance else None)
            for n, q in enumerate(self.questionnaire.questions, start=1)
        ]

    @property
    def about(self) -> list[forms.BoundField]:
        return [self[name] for name in PROFILE]

    @property
    def needs(self) -> list[list[forms.BoundField]]:
        if not self.questionnaire.needs:
            return []
        return [[self[f"need{number}_{part}"] for part in NEED] for number in range(self.rows)]

    def answers(self) -> dict[str, Any]:
        """What `answering.answer` stores."""
        said = self.cleaned_data
        importance = self.questionnaire.importance
        codes = [question.code for question in self.questionnaire.questions]
        rows = range(self.rows if self.questionnaire.needs else 0)
        needs = [{part: said[f"need{n}_{part}"] for part in NEED if said[f"need{n}_{part}"]} for n in rows]
        return {
            "scores": {c: (said[c], said[f"{c}_importance"] if importance else None) for c in codes},
            "profile": {name: said[name] for name in PROFILE},
            "comment": said["comment"],
            "needs": [need for need in needs if need.get("data")],
        }
