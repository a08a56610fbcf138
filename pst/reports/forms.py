"""The forms of the reports' settings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from pst.reports import asked, catalogue
from pst.reports.making import ALL, of_officers, title_of
from pst.reports.models import Letterhead, Schedule
from pst.reports.scheduling import for_supervisors
from pst.reports.workflows import LETTERHEAD
from pst.setup import seen
from services.accounts.models import Role, User
from services.offices.models import Office

MOST_LINES = 5


class LetterheadForm(seen.Seen, forms.ModelForm):
    seen = seen.hidden()

    class Meta:
        model = Letterhead
        fields = LETTERHEAD
        widgets = {"lines": forms.Textarea(attrs={"rows": MOST_LINES})}

    def clean_lines(self) -> str:
        lines = [line.strip() for line in self.cleaned_data["lines"].splitlines() if line.strip()]
        if len(lines) > MOST_LINES:
            raise forms.ValidationError(_("Paling banyak %d baris.") % MOST_LINES)
        return "\n".join(lines)


class ScheduleForm(forms.ModelForm):
    """The people are those of the office: figures of an office go to nobody outside it by themselves."""

    report = forms.ChoiceField()

    class Meta:
        model = Schedule
        fields = ["report", "every", "below", "people"]
        widgets = {"people": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, office: Office, **more: Any):
        super().__init__(*args, **more)
        field: Any = self.fields["report"]
        field.label = _("Laporan")
        field.choices = [(ALL, title_of(ALL)), *((r.key, str(r.title)) for r in catalogue.all_reports())]
        people: Any = self.fields["people"]
        people.queryset = (
            User.objects.filter(is_active=True, memberships__office=office).order_by("name").distinct()
        )
        people.error_messages["required"] = _("Pilih sekurang-kurangnya seorang penerima.")
        if not asked.below(office):
            del self.fields["below"]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        people, report = said.get("people"), said.get("report")
        if people is not None and report and for_supervisors(report, below=said.get("below", False)):
            heads = User.objects.filter(
                memberships__office=self.instance.office, memberships__role=Role.SUPERVISOR
            )
            if others := people.exclude(pk__in=heads.values("pk")):
                text = (
                    _("Laporan ini menyebut petugas satu per satu, jadi hanya dikirim kepada atasan. Hapus tanda pada: %s.")
                    if of_officers(report)
                    else _("Angka kantor di bawahnya hanya dikirim kepada atasan. Hapus tanda pada: %s.")
                )  # fmt: skip
                self.add_error("people", text % ", ".join(str(person) for person in others))
        return said
