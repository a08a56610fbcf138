"""The guest book's form: the same on tablet, phone and desk; the office's standard decides what it asks."""

from __future__ import annotations

from typing import Any

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from services.guestbook.models import ConsentWording, ReferenceItem, Visit
from services.offices.rules import Rules

PERSON = (
    "name",
    "email",
    "email_waiver",
    "phone",
    "gender",
    "birth_year",
    "assistance",
    "education",
    "job",
    "institution",
    "institution_category",
)
REFERENCES = {
    "gender": ReferenceItem.List.GENDER,
    "education": ReferenceItem.List.EDUCATION,
    "job": ReferenceItem.List.JOB,
    "institution_category": ReferenceItem.List.INSTITUTION,
    "use_of_data": ReferenceItem.List.USE,
    "card_type": ReferenceItem.List.CARD,
}
CONSENT_CHOICES = [
    ("yes", gettext_lazy("Ya, saya setuju")),
    ("no", gettext_lazy("Tidak; layani saya tanpa mencatat data pribadi")),
]


class GuestBookForm(forms.Form):
    """Fields of SKD Block I (domain.md §3). Consent comes first: without it nothing else is required."""

    consent = forms.ChoiceField(
        label=gettext_lazy("Persetujuan"), choices=CONSENT_CHOICES, widget=forms.RadioSelect
    )
    name = forms.CharField(label=gettext_lazy("Nama lengkap"), max_length=120)
    email = forms.EmailField(label=gettext_lazy("E-mail"), max_length=254, required=False)
    email_waiver = forms.CharField(
        label=gettext_lazy("Tidak punya e-mail? Tulis alasannya"), max_length=200, required=False
    )
    phone = forms.CharField(
        label=gettext_lazy("Nomor telepon/WhatsApp"),
        max_length=30,
        required=False,
        help_text=gettext_lazy("Nomor luar negeri diawali + dan kode negara."),
    )
    gender = forms.ChoiceField(label=gettext_lazy("Jenis kelamin"), widget=forms.RadioSelect)
    birth_year = forms.IntegerField(label=gettext_lazy("Tahun lahir"), help_text=gettext_lazy("Contoh: 1998"))
    education = forms.ChoiceField(
        label=gettext_lazy("Pendidikan tertinggi yang ditamatkan"), widget=forms.RadioSelect
    )
    job = forms.ChoiceField(label=gettext_lazy("Pekerjaan utama"), widget=forms.RadioSelect)
    institution = forms.CharField(
        label=gettext_lazy("Nama instansi/sekolah/kampus"), max_length=150, required=False
    )
    institution_category = forms.ChoiceField(
        label=gettext_lazy("Kategori instansi"), widget=forms.RadioSelect
    )
    use_of_data = forms.ChoiceField(label=gettext_lazy("Data akan dipakai untuk"), widget=forms.RadioSelect)
    data_wanted = forms.CharField(
        label=gettext_lazy("Data yang dicari"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("Misalnya: penduduk menurut umur, Kolaka Timur, 2020–2024"),
    )
    party_size = forms.IntegerField(
        label=gettext_lazy("Jumlah orang"), min_value=1, max_value=200, initial=1,
        help_text=gettext_lazy("Satu orang boleh mengisi untuk rombongannya."),
    )  # fmt: skip
    assistance = forms.CharField(
        label=gettext_lazy("Bantuan yang Anda butuhkan (sukarela)"), max_length=200, required=False
    )
    card_type = forms.ChoiceField(
        label=gettext_lazy("Kartu identitas yang ditunjukkan"), widget=forms.RadioSelect
    )

    # A refusal must go through without a script too: the browser would demand the name first.
    use_required_attribute = False

    def __init__(self, *args: Any, visit: Visit, by_officer: bool = False, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.visit = visit
        self.by_officer = by_officer
        self.wording = (
            ConsentWording.objects.filter(effective_from__lte=visit.day).order_by("-version")[:1].get()
        )
        self.rules = visit.main.standard.rules if visit.main and visit.main.standard else Rules()
        self._fill_lists()
        self._shape()

    def _fill_lists(self) -> None:
        items: dict[str, list[tuple[str, str]]] = {}
        for item in ReferenceItem.objects.filter(retired=False):
            items.setdefault(item.list, []).append((item.code, str(item)))
        for field, reference in REFERENCES.items():
            self.fields[field].choices = items.get(reference, [])  # type: ignore[attr-defined]

    def _shape(self) -> None:
        """What this office's standard asks for (requirement rows 6, 7, 17)."""
        self.fields["consent"].help_text = str(self.wording)
        if not self.rules.email_onsite:
            del self.fields["email_waiver"]
        # The officer looks at the card; a visitor alone at the tablet cannot tick that it was seen.
        if not (self.rules.identity_card and self.by_officer):
            del self.fields["card_type"]
        if self.visit.party_size > 1:
            self.fields["party_size"].initial = self.visit.party_size
        refused = self.data.get(self.add_prefix("consent")) == "no" if self.is_bound else False
        if refused:
            for name, field in self.fields.items():
                field.required = name == "consent"

    @property
    def refused(self) -> bool:
        return self.cleaned_data.get("consent") == "no"

    def clean_birth_year(self) -> int | None:
        year = self.cleaned_data.get("birth_year")
        if year is None:
            return None
        this_year = self.visit.office.today(timezone.now()).year
        if not this_year - 120 <= year <= this_year:
            raise ValidationError(
                _("Tahun lahir antara %(from)s dan %(to)s.") % {"from": this_year - 120, "to": this_year}
            )
        return year

    def clean_phone(self) -> str:
        """Any country's number, stored as +62…; Indonesian ones may be typed as at home."""
        typed = self.cleaned_data.get("phone", "")
        if not typed:
            return ""
        try:
            number = phonenumbers.parse(typed, "ID")
        except phonenumbers.NumberParseException:
            number = None
        if number is None or not phonenumbers.is_possible_number(number):
            raise ValidationError(_("Nomor ini tidak lengkap. Contoh: 0812 3456 7890 atau +60 12 345 6789."))
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "consent" in self.errors:  # that question comes first; a "no" would need nothing else
            for name in set(self.errors) - {"consent"}:
                del self.errors[name]
            return data
        if data.get("consent") == "no":
            # Whatever else was typed is not kept, so nothing about it can be wrong.
            for name in set(self.errors) - {"consent", "party_size"}:
                del self.errors[name]
        wanted = data.get("consent") != "no" and self.rules.email_onsite and "email" not in self.errors
        if wanted and not data.get("email") and not data.get("email_waiver"):
            self.add_error("email", _("Isi e-mail, atau tulis alasan jika tidak punya."))
        return data

    def person(self) -> dict[str, Any]:
        return {f: self.cleaned_data[f] for f in PERSON if f in self.cleaned_data}

    def answers(self) -> dict[str, Any]:
        """What belongs to the visit rather than to the person; of a refusal only the number of people."""
        keep = ("party_size",) if self.refused else ("party_size", "use_of_data", "data_wanted", "card_type")
        answers = {f: self.cleaned_data[f] for f in keep if f in self.cleaned_data}
        if answers.get("party_size") is None:
            answers.pop("party_size", None)  # refused without a word: what the visit knows stays
        return answers
