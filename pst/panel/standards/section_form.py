"""One section of a draft as one form: its items, a new one, and the rules its words promise. Saved together or not at all."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pst.panel.standards.rule_forms import FORMS
from pst.panel.standards.rule_kinds import RuleForm
from services.offices.models import Standard, StandardItem
from services.offices.rule_names import RULE_NAMES
from services.offices.standards import editing, order
from services.offices.standards.drafts import LONGEST_ITEM as LONGEST
from services.offices.standards.editing import Typed
from services.offices.standards.places import RULES_OF
from services.offices.standards.reading import Disagreement

ITEM_KEY = re.compile(r"item-(\d{1,12})-text$")
ACTION = re.compile(r"(up|down|delete)-(\d{1,12})$")
DEPTHS = [(str(n), text) for n, text in enumerate((gettext_lazy("Butir"), gettext_lazy("Anak butir"), gettext_lazy("Cucu butir"), gettext_lazy("Paling dalam")))]  # fmt: skip


class ItemForm(forms.Form):
    """One that is longer already, because an import brought it, is kept as it is, and may not grow."""

    text = forms.CharField(label=gettext_lazy("Isi butir"), widget=forms.Textarea(attrs={"rows": 2}))
    channel = forms.ChoiceField(label=gettext_lazy("Berlaku untuk"), choices=StandardItem.Channel.choices)
    depth = forms.TypedChoiceField(label=gettext_lazy("Tingkat"), choices=DEPTHS, coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stored = len(self.initial.get("text") or "")
        self.longest = max(LONGEST, stored)
        self.fields["text"].widget.attrs["maxlength"] = self.longest
        if stored > LONGEST:
            self.fields["text"].help_text = _(
                "Butir ini %(now)s tanda, lebih dari %(most)s. Ia tetap tersimpan; pecahlah menjadi beberapa butir."
            ) % {"now": number_format(stored, force_grouping=True), "most": number_format(LONGEST, force_grouping=True)}  # fmt: skip

    def clean_text(self) -> str:
        text = " ".join(self.cleaned_data["text"].split())
        if len(text) > self.longest:
            raise forms.ValidationError(
                _("Paling panjang %(most)s tanda, sekarang %(now)s. Pecahlah menjadi beberapa butir.")
                % {"most": number_format(self.longest, force_grouping=True), "now": number_format(len(text), force_grouping=True)}
            )  # fmt: skip
        return text


class NewItemForm(ItemForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].required = False
        self.fields["text"].label = _("Butir baru")


class SectionForm:
    """`data`: what was posted, or None. Rows that others added or deleted meanwhile are taken as they come."""

    def __init__(self, standard: Standard, section: str, data: Any = None) -> None:
        self.section, self.data = section, data
        self.keys = RULES_OF[section]
        self.stored = [item for item in standard.items.all() if item.section == section]
        self.rules = {rule.key: rule for rule in standard.rule_set.all()}
        self.marks = editing.marks(standard, section, self.keys)
        self.items = self._items()
        split = section in ("requirements", "procedure", "time", "product")
        channel = self.stored[-1].channel if self.stored else "onsite" if split else "both"
        self.new = NewItemForm(data, prefix="new", initial={"channel": channel, "depth": 0})
        self.rule_forms: list[tuple[str, RuleForm]] = [(key, self._rule(key)) for key in self.keys]
        self.clash: dict[str, str] = {}

    def _items(self) -> list[tuple[StandardItem | None, int, ItemForm]]:
        """(row, key, form) in their order; a row that is gone by now, but was posted, without its row at the end."""
        rows = [
            (item, item.pk, ItemForm(self._given(item.pk), prefix=f"item-{item.pk}", initial=editing.item_value(item)))
            for item in self.stored
        ]  # fmt: skip
        known = {item.pk for item in self.stored}
        posted = (int(m[1]) for key in self.data or () if (m := ITEM_KEY.match(key)))
        gone = [pk for pk in posted if pk not in known]
        return [*rows, *((None, pk, ItemForm(self.data, prefix=f"item-{pk}")) for pk in gone)]

    def _given(self, pk: int) -> Any:
        return self.data if self.data is not None and f"item-{pk}-text" in self.data else None

    def _rule(self, key: str) -> RuleForm:
        stored = self.rules[key].value if key in self.rules else None
        return FORMS[key](self.data, prefix=f"rule-{key}", initial=FORMS[key].fill(stored))

    @property
    def action(self) -> tuple[str, int | None]:
        match = ACTION.match((self.data or {}).get("do", ""))
        return (match[1], int(match[2])) if match else ("", None)

    def forms(self) -> list[tuple[str, forms.Form]]:
        """(piece, form) of all that was posted; an item that is to be deleted need not be right."""
        action, at = self.action
        leaving = at if action == "delete" else None
        items: list[tuple[str, forms.Form]] = [
            (f"item-{pk}", f) for _row, pk, f in self.items if f.is_bound and pk != leaving
        ]
        return [*items, *((f"rule-{key}", f) for key, f in self.rule_forms), ("new", self.new)]

    def is_valid(self) -> bool:
        wrong = [
            piece for piece, form in self.forms() if not form.is_valid()
        ]  # all are asked, so that all errors are shown
        return not wrong

    def problems(self) -> list[tuple[str, str, str]]:
        """(anchor, name, what is wrong) for the summary above the form."""
        found = []
        for piece, form in self.forms():
            name = str(RULE_NAMES.get(piece.removeprefix("rule-"), _("Butir")))
            for field, errors in form.errors.items():
                anchor = form[field].id_for_label if field in form.fields else piece
                found += [(anchor, name, str(error)) for error in errors]
        return found

    def left(self) -> bool:
        """Whether something was typed into an item that somebody else has deleted meanwhile. Only of a valid form."""
        data = self.data or {}
        return any(
            row is None and editing.mark(form.cleaned_data) != data.get(f"seen-item-{pk}")
            for row, pk, form in self.items
        )

    def typed(self, *, with_new: bool = True) -> Typed:
        """What is to be saved. Only of a valid form. Not `with_new`: of what was there; what has no row yet, or none any
        more, waits for a press of the button."""
        action, at = self.action
        data = self.data or {}
        forms_of = dict(self.forms())
        return Typed(
            items={
                pk: forms_of[f"item-{pk}"].cleaned_data for row, pk, _f in self.items
                if f"item-{pk}" in forms_of and (with_new or row is not None)
            },
            rules={key: form.value() for key, form in self.rule_forms},
            seen={piece: data[f"seen-{piece}"] for piece in self._pieces() if f"seen-{piece}" in data},
            new=self.new.cleaned_data if with_new and self.new.cleaned_data["text"] else None,
            action=action if with_new else "",
            at=at,
        )  # fmt: skip

    def typed_marks(self) -> dict[str, str]:
        """The marks of what was typed. Only of a valid form."""
        typed = self.typed(with_new=False)
        found = {f"item-{pk}": editing.mark(given) for pk, given in typed.items.items()}
        rules = {k: editing.comparable(k, value) for k, value in typed.rules.items()}
        return found | {f"rule-{key}": editing.mark(value) for key, value in rules.items()}

    def _pieces(self) -> list[str]:
        return [*(f"item-{pk}" for _row, pk, _f in self.items), *(f"rule-{key}" for key in self.keys)]

    def seen(self, piece: str) -> str:
        """The mark that goes into the page: what this editor has seen. After a clash it is what is stored now, so that
        saving once more is a decision."""
        old = (self.data or {}).get(f"seen-{piece}")
        return self.marks.get(piece, "") if old is None or piece in self.clash else old

    def rows(self) -> list[dict[str, Any]]:
        """The items for the template: which may move where."""
        shown = []
        for n, (item, pk, form) in enumerate(self.items):
            here = item is not None
            shown.append({
                "item": item, "pk": pk, "form": form, "seen": self.seen(f"item-{pk}"), "clash": self.clash.get(f"item-{pk}"),
                "up": here and order.can_go_up(self.stored, n), "down": here and order.can_go_down(self.stored, n),
            })  # fmt: skip
        return shown

    def rules_shown(self, found: list[Disagreement]) -> list[dict[str, Any]]:
        """Each rule with its form and what the text says against it."""
        told = {d.key: d for d in found}
        return [
            {
                "key": key, "name": RULE_NAMES[key], "form": form, "seen": self.seen(f"rule-{key}"),
                "clash": self.clash.get(f"rule-{key}"), "against": told.get(key), "rule": self.rules.get(key),
            }
            for key, form in self.rule_forms
        ]  # fmt: skip
