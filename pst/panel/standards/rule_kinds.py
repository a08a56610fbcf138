"""The kinds of forms that rules of a standard need: yes or no, one of a few, a number, lines of text, a clock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from services.offices.rule_names import RULE_NAMES, WORDS

MOST_LINES = 40


class RuleForm(forms.Form):
    """`fill` makes the initial data of a stored value; `value` what is to be stored of valid fields."""

    template = "panel/standards/_fields.html"

    @classmethod
    def fill(cls, stored: Any) -> dict[str, Any]:
        raise NotImplementedError

    def value(self) -> Any:
        raise NotImplementedError


def flag(key: str) -> type[RuleForm]:
    """Yes or no."""

    class Flag(RuleForm):
        on = forms.BooleanField(label=RULE_NAMES[key], required=False)

        @classmethod
        def fill(cls, stored: Any) -> dict[str, Any]:
            return {"on": bool(stored)}

        def value(self) -> bool:
            return self.cleaned_data["on"]

    return Flag


def choice(key: str, values: Iterable[str], part: str = "") -> type[RuleForm]:
    """One of the words; `part`: the value is a dict with this one entry."""

    class Choice(RuleForm):
        one = forms.ChoiceField(label=RULE_NAMES[key], choices=[(v, WORDS[v]) for v in values])

        @classmethod
        def fill(cls, stored: Any) -> dict[str, Any]:
            return {"one": (stored or {}).get(part) if part else stored}

        def value(self) -> Any:
            chosen = self.cleaned_data["one"]
            return {part: chosen} if part else chosen

    return Choice


def number(key: str, least: int, most: int) -> type[RuleForm]:
    """A number, or none."""

    class Number(RuleForm):
        number = forms.IntegerField(label=RULE_NAMES[key], min_value=least, max_value=most, required=False)

        @classmethod
        def fill(cls, stored: Any) -> dict[str, Any]:
            return {"number": stored}

        def value(self) -> int | None:
            return self.cleaned_data["number"]

    return Number


def line(key: str) -> type[RuleForm]:
    class Line(RuleForm):
        text = forms.CharField(label=RULE_NAMES[key], max_length=200)

        @classmethod
        def fill(cls, stored: Any) -> dict[str, Any]:
            return {"text": stored or ""}

        def value(self) -> str:
            return self.cleaned_data["text"]

    return Line


def lines_field(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Satu baris satu."),
    )  # fmt: skip


def split_lines(typed: str) -> list[str]:
    return [" ".join(row.split()) for row in typed.splitlines() if row.strip()][:MOST_LINES]


def lines(key: str) -> type[RuleForm]:
    """Several, one a line."""

    class Lines(RuleForm):
        rows = lines_field(RULE_NAMES[key])

        @classmethod
        def fill(cls, stored: Any) -> dict[str, Any]:
            return {"rows": "\n".join(stored or [])}

        def value(self) -> list[str]:
            return split_lines(self.cleaned_data["rows"])

    return Lines


def several(key: str, values: Iterable[tuple[str, Any]]) -> type[RuleForm]:
    """Some of a few, in their usual order."""

    class Several(RuleForm):
        some = forms.MultipleChoiceField(
            label=RULE_NAMES[key], choices=list(values), required=False, widget=forms.CheckboxSelectMultiple
        )

        @classmethod
        def fill(cls, stored: Any) -> dict[str, Any]:
            return {"some": list(stored or [])}

        def value(self) -> list[str]:
            return self.cleaned_data["some"]

    return Several


def clock(starts: Sequence[str]) -> type[RuleForm]:
    """A limit in minutes or working days after an event; none of both: no promise."""

    first = starts[0]

    class Limit(RuleForm):
        start = forms.ChoiceField(label=gettext_lazy("Dihitung"), choices=[(s, WORDS[s]) for s in starts])
        amount = forms.IntegerField(
            label=gettext_lazy("Paling lama"), min_value=0, max_value=1440, required=False,
            help_text=gettext_lazy("Kosong: tidak ada janji waktu. 0 menit: langsung."),
        )  # fmt: skip
        unit = forms.ChoiceField(
            label=gettext_lazy("Satuan"),
            choices=[("minutes", gettext_lazy("menit")), ("working_days", gettext_lazy("hari kerja"))],
        )
        field_order = ("amount", "unit", "start")

        @classmethod
        def fill(cls, stored: Any) -> dict[str, Any]:
            stored = stored or {}
            days = stored.get("working_days")
            unit = "minutes" if days is None else "working_days"
            return {"start": stored.get("start") or first, "amount": stored.get(unit), "unit": unit}

        def clean(self) -> dict[str, Any]:
            given = super().clean() or self.cleaned_data
            if given.get("unit") == "working_days" and (
                given.get("amount") == 0 or (given.get("amount") or 0) > 250
            ):
                self.add_error("amount", _("Isi 1 sampai 250 hari kerja."))
            return given

        def value(self) -> dict[str, Any] | None:
            given = self.cleaned_data
            if given["amount"] is None:
                return None
            limits = {"minutes": None, "working_days": None, given["unit"]: given["amount"]}
            return {"start": given["start"], **limits}

    return Limit


def flags(key: str, parts: dict[str, Any]) -> type[RuleForm]:
    """Several yes-or-no parts of one rule."""

    class Flags(RuleForm):
        some = forms.MultipleChoiceField(
            label=RULE_NAMES[key], choices=list(parts.items()), required=False, widget=forms.CheckboxSelectMultiple
        )  # fmt: skip

        @classmethod
        def fill(cls, stored: Any) -> dict[str, Any]:
            return {"some": [name for name in parts if (stored or {}).get(name)]}

        def value(self) -> dict[str, bool]:
            return {name: name in self.cleaned_data["some"] for name in parts}

    return Flags
