"""The guest book's form: the same on tablet, phone and desk; the office's standard decides what it asks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from services.guestbook import reference
from services.guestbook.fields import (
    ADULT_AT,
    CONFIGURABLE,
    CONSENT_CHOICES,
    CONTACTS,
    MOST_COMPANIONS,
    MOST_NEEDS,
    NO_GUARDIAN,
    OLDEST,
    PERSON,
    REFERENCES,
    YES_NO,
    clean_birth_year,
    clean_phone,
    need_fields,
)
from services.guestbook.models import (
    Companion,
    Consent,
    ConsentWording,
    Visit,
    Visitor,
)
from services.offices.rules import Rules


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
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    gender = forms.ChoiceField(label=gettext_lazy("Jenis kelamin"), widget=forms.RadioSelect)
    birth_year = forms.IntegerField(label=gettext_lazy("Tahun lahir"), help_text=gettext_lazy("Contoh: 1998"))
    guardian = forms.ChoiceField(
        label=gettext_lazy("Di bawah 18 tahun: siapa yang menyetujui pencatatan ini?"), required=False,
        choices=[*Consent.Guardian.choices, (NO_GUARDIAN, gettext_lazy("Tidak ada; layani tanpa mencatat data pribadi"))],
        widget=forms.RadioSelect,
    )  # fmt: skip
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
    complained_before = forms.ChoiceField(
        label=gettext_lazy("Pernah menyampaikan pengaduan tentang layanan ini?"), choices=YES_NO, required=False,
        widget=forms.RadioSelect,
    )  # fmt: skip
    party_size = forms.IntegerField(
        label=gettext_lazy("Jumlah orang"), min_value=1, max_value=200, initial=1,
        help_text=gettext_lazy("Satu orang boleh mengisi untuk rombongannya."),
    )  # fmt: skip
    companions = forms.CharField(
        label=gettext_lazy("Nama anggota rombongan (sukarela)"), required=False, widget=forms.Textarea({"rows": 4}),
        max_length=(Companion._meta.get_field("name").max_length or 0) * 40,
        help_text=gettext_lazy("Satu nama setiap baris."),
    )  # fmt: skip
    also = forms.MultipleChoiceField(
        label=gettext_lazy("Layanan lain yang juga diperlukan"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    assistance = forms.CharField(
        label=gettext_lazy("Bantuan yang Anda butuhkan (sukarela)"), max_length=200, required=False
    )
    card_type = forms.ChoiceField(
        label=gettext_lazy("Kartu identitas yang ditunjukkan"), widget=forms.RadioSelect
    )

    # A refusal must go through without a script too: the browser would demand the name first.
    use_required_attribute = False

    def __init__(
        self,
        data: Any = None,
        *args: Any,
        visit: Visit,
        by_officer: bool = False,
        alone: bool = False,
        known: Visitor | None = None,
        **kwargs: Any,
    ):
        """`by_officer`: somebody who can look at a card fills it in. `alone`: the visitor stands at the tablet.
        `known`: who the tablet has recognised; what their record says is neither asked nor shown."""
        super().__init__(data, *args, **kwargs)
        self.visit = visit
        self.known = known
        self.by_officer = by_officer
        self.alone = alone
        self.wording = (
            ConsentWording.objects.filter(
                purpose=ConsentWording.Purpose.GUEST_BOOK, effective_from__lte=visit.day
            )
            .order_by("-version")[:1]
            .get()
        )
        self.rules = visit.main.standard.rules if visit.main and visit.main.standard else Rules()
        self._fill_lists()
        self._shape()

    def _fill_lists(self) -> None:
        lists = reference.on(self.visit.day)
        for field, name in REFERENCES.items():
            self.fields[field].choices = [(item.code, str(item)) for item in lists.get(name, [])]  # type: ignore[attr-defined]
        main = self.visit.main
        others = self.visit.office.services.filter(active=True).exclude(pk=main.service_id if main else 0)
        self.fields["also"].choices = [(s.slug, str(s)) for s in others]  # type: ignore[attr-defined]

    def _shape(self) -> None:
        """What this office's standard asks for (requirement rows 6, 7, 17)."""
        self.fields["consent"].help_text = str(self.wording)
        self.fields["birth_year"].widget.attrs |= {
            "inputmode": "numeric",
            "min": self._this_year - OLDEST,
            "max": self._this_year,
        }
        if not self.rules.email_onsite:
            del self.fields["email_waiver"]
        # The officer looks at the card; a visitor alone at the tablet cannot tick that it was seen.
        if not (self.rules.identity_card and self.by_officer):
            del self.fields["card_type"]
        # Nobody waits for a further service in a visit that is over (entered from paper).
        if self.visit.ended_at or not self.fields["also"].choices:  # type: ignore[attr-defined]
            del self.fields["also"]
        if self.alone:
            del self.fields["companions"]
        if self.visit.party_size > 1:
            self.fields["party_size"].initial = self.visit.party_size
        self._add_needs(self._as_the_office_wishes())
        if "email" in self.fields and "email_waiver" in self.fields:
            self.fields["email"].required = False  # one of the two, which clean() sees to
        if self.known:
            self._leave_out_what_is_known(self.known)
        said = self.data.get(self.add_prefix("consent")) if self.is_bound else ""
        if said == "no" or (said and self._without_guardian()):
            for name, field in self.fields.items():
                field.required = name == "consent"

    def _leave_out_what_is_known(self, known: Visitor) -> None:
        """Asked is what belongs to this visit, and what the office wants and the record does not say. Never a contact:
        whoever holds a code would write their own mailbox onto somebody else's record."""
        for name in PERSON:
            missing = name not in CONTACTS and not getattr(known, name)
            if name in self.fields and not (missing and self.fields[name].required):
                del self.fields[name]
        if known.birth_year and not self._is_child(known.birth_year) and "guardian" in self.fields:
            del self.fields["guardian"]
        if "use_of_data" in self.fields:
            last = (
                known.visits.exclude(use_of_data="")
                .order_by("-arrived_at")
                .values_list("use_of_data", flat=True)
            )
            self.fields["use_of_data"].initial = last.first()

    def _as_the_office_wishes(self) -> str:
        """Required, optional or not asked, by the standard's rule; returns the wish about data wanted."""
        wishes = {f: w for f, w in self.rules.guest_book_fields.items() if f in CONFIGURABLE}
        for name in [f for f in wishes if f in self.fields]:
            if wishes[name] == "off":
                del self.fields[name]
            else:
                self.fields[name].required = wishes[name] == "required"
        if "birth_year" not in self.fields and not (self.known and self.known.birth_year):
            del self.fields["guardian"]
        return wishes.get("needs", "optional")

    def _add_needs(self, wish: str) -> None:
        self.rows = 0 if wish == "off" else MOST_NEEDS
        for row in range(1, self.rows + 1):
            self.fields |= {f"need_{row}_{part}": field for part, field in need_fields().items()}
        if self.rows:
            self.fields["need_1_subject"].required = wish == "required"

    @property
    def _this_year(self) -> int:
        return self.visit.office.today(timezone.now()).year

    @property
    def need_rows(self) -> list[list[forms.BoundField]]:
        """The rows of data wanted, as fields for the page."""
        return [[self[f"need_{row}_{part}"] for part in need_fields()] for row in range(1, self.rows + 1)]

    @property
    def asked_of_known(self) -> tuple[list[forms.BoundField], list[forms.BoundField]]:
        """What is left to ask somebody recognised: what must be answered, and what may be."""
        rest = [
            f
            for f in self.visible_fields()
            if f.name not in ("consent", "guardian") and not f.name[5:6].isdecimal()
        ]
        first_row = self.need_rows[0] if self.rows else []
        rest = [*first_row, *rest]
        shown = [f for f in rest if (f.field.required and f.name != "party_size") or f.name == "use_of_data"]
        return shown, [f for f in rest if f not in shown]

    def _without_guardian(self) -> bool:
        return self.child_alone(self.data)

    def child_alone(self, typed: Any) -> bool:
        """By what was typed: a child for whom nobody is here to agree."""
        year = self.known.birth_year if self.known else None
        if "birth_year" in self.fields:
            try:  # as the form reads it: with spaces, in the digits of another language
                year = self.fields["birth_year"].clean(typed.get(self.add_prefix("birth_year"), ""))
            except forms.ValidationError:
                year = None
        child = year is not None and self._is_child(year)
        return child and typed.get(self.add_prefix("guardian")) == NO_GUARDIAN

    def _is_child(self, birth_year: int) -> bool:
        """By the year alone; who may have turned 18 this year counts as grown up."""
        return self._this_year - birth_year < ADULT_AT

    @property
    def child_from(self) -> int:
        """Whoever was born in this year or later is asked for a guardian."""
        return self._this_year - ADULT_AT + 1

    def _birth_year(self) -> int | None:
        """As typed, else as the record of somebody known says."""
        if "birth_year" in self.fields or self.known is None:
            return self.cleaned_data.get("birth_year")
        return self.known.birth_year

    @property
    def known_child(self) -> bool:
        """The record says so: the page asks at once who agrees."""
        return bool(self.known and self.known.birth_year and self._is_child(self.known.birth_year))

    @property
    def refused(self) -> bool:
        """Nothing personal is kept: the visitor said no, or is a child and nobody is here to agree."""
        year = self._birth_year()
        alone = self.cleaned_data.get("guardian") == NO_GUARDIAN and year and self._is_child(year)
        return self.cleaned_data.get("consent") == "no" or bool(alone)

    def clean_birth_year(self) -> int | None:
        return clean_birth_year(self.cleaned_data.get("birth_year"), self._this_year)

    def clean_phone(self) -> str:
        return clean_phone(self.cleaned_data.get("phone", ""))

    def clean_companions(self) -> list[str]:
        names = [" ".join(line.split()) for line in self.cleaned_data.get("companions", "").splitlines()]
        names = [name for name in names if name]
        longest = Companion._meta.get_field("name").max_length or 0
        if len(names) > MOST_COMPANIONS or any(len(name) > longest for name in names):
            raise ValidationError(
                _("Paling banyak %(most)s nama, masing-masing %(longest)s huruf.")
                % {"most": MOST_COMPANIONS, "longest": longest}
            )
        return names

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "consent" in self.errors:  # that question comes first; a "no" would need nothing else
            for name in set(self.errors) - {"consent"}:
                del self.errors[name]
            return data
        if self.refused:
            # Whatever else was typed is not kept, so nothing about it can be wrong.
            for name in set(self.errors) - {"consent", "party_size"}:
                del self.errors[name]
            return data
        wanted = "email_waiver" in self.fields and "email" in self.fields and "email" not in self.errors
        if wanted and not data.get("email") and not data.get("email_waiver"):
            self.add_error("email", _("Isi e-mail, atau tulis alasan jika tidak punya."))
        for row in range(1, self.rows + 1):
            said = [data.get(f"need_{row}_{part}") for part in need_fields()]
            if any(said) and not said[0]:
                self.add_error(f"need_{row}_subject", _("Tulis data apa yang dicari."))
        year = self._birth_year()
        if year and self._is_child(year) and not data.get("guardian"):
            self.add_error("guardian", _("Pilih siapa yang menyetujui untuk tamu di bawah 18 tahun."))
        return data

    def person(self) -> dict[str, Any]:
        return {f: self.cleaned_data[f] for f in PERSON if f in self.cleaned_data}

    def answers(self) -> dict[str, Any]:
        """What belongs to the visit rather than to the person; of a refusal only the number of people."""
        keep = (
            ("party_size",)
            if self.refused
            else ("party_size", "use_of_data", "card_type", "complained_before")
        )
        answers = {f: self.cleaned_data[f] for f in keep if f in self.cleaned_data}
        if answers.get("party_size") is None:
            answers.pop("party_size", None)  # refused without a word: what the visit knows stays
        if "complained_before" in answers:
            answers["complained_before"] = {"yes": True, "no": False}.get(answers["complained_before"])
        return answers

    def entry(self) -> dict[str, Any]:
        """All that `workflows.sign` takes, in one."""
        personal = not self.refused
        rows = [
            {part: self.cleaned_data.get(f"need_{row}_{part}", "") for part in need_fields()}
            for row in range(1, self.rows + 1)
        ]
        guardian = self.cleaned_data.get("guardian", "") if personal else ""
        year = self._birth_year()
        return {
            "person": self.person() if personal else {},
            "answers": self.answers(),
            "consent": personal,
            "wording": self.wording,
            "guardian": guardian if year and self._is_child(year) else "",
            "needs": [row for row in rows if row["subject"]] if personal else [],
            "companions": self.cleaned_data.get("companions", []) if personal else [],
        }

    def further_services(self) -> list[str]:
        """Slugs of the further services wanted; a service is no personal data, so a refusal keeps them."""
        return list(self.cleaned_data.get("also") or [])
