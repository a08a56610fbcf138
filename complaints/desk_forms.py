"""What those who handle complaints fill in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints import visibility
from complaints.finding import LISTS
from complaints.models import Complaint, Element, Kind
from services.accounts.models import User
from services.days import DayField
from services.files.forms import FilesField
from services.offices.models import Office

DATE = {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}


def members(office: Office) -> Any:
    """Who works at an office now."""
    rows = User.objects.filter(memberships__office=office, is_active=True)
    return rows.order_by("name", "pk").distinct()


class ListForm(forms.Form):
    """The address of a list. What makes no sense in it counts as not said."""

    lihat = forms.ChoiceField(required=False, choices=list(LISTS.items()), widget=forms.HiddenInput)
    q = forms.CharField(label=gettext_lazy("Nomor atau rujukan"), required=False, max_length=60)
    jenis = forms.ChoiceField(
        label=gettext_lazy("Jenis"),
        required=False,
        choices=[("", gettext_lazy("Semua jenis")), *Kind.choices],
    )
    unsur = forms.ChoiceField(
        label=gettext_lazy("Unsur"), required=False,
        choices=[("", gettext_lazy("Semua unsur")), *((k, f"{k} {label}") for k, label in Element.choices)],
    )  # fmt: skip
    layanan = forms.ChoiceField(label=gettext_lazy("Layanan"), required=False)

    def __init__(self, *args: Any, office: Office, **more: Any):
        super().__init__(*args, **more)
        services = [(s.slug, str(s)) for s in office.services.filter(active=True)]
        self.fields["layanan"].choices = [("", _("Semua layanan")), *services]  # type: ignore[attr-defined]

    def asked(self) -> dict[str, str]:
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}


class DeskForm(forms.Form):
    """`was`: the state in which the officer saw it; another one now means that somebody was faster."""

    was = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)

    def __init__(self, *args: Any, complaint: Complaint, **more: Any):
        self.complaint = complaint
        more["initial"] = {"was": complaint.state, **(more.get("initial") or {})}
        super().__init__(*args, **more)


class WriteForm(DeskForm):
    """The next word: an answer, a question, a word in between, a note, or the reason to close."""

    body = forms.CharField(
        label=gettext_lazy("Tulis"), max_length=5000,
        widget=forms.Textarea(attrs={"rows": 7, "data-key": "Alt+T", "aria-keyshortcuts": "Alt+T", "data-key-label": gettext_lazy("Tulis")}),
    )  # fmt: skip
    attachments = FilesField()


class ClassifyForm(DeskForm):
    kind = forms.ChoiceField(label=gettext_lazy("Jenis"), choices=Kind.choices)
    element = forms.ChoiceField(
        label=gettext_lazy("Unsur pelayanan"), required=False,
        choices=[("", "—"), *((k, f"{k} {label}") for k, label in Element.choices)],
    )  # fmt: skip
    service = forms.ChoiceField(label=gettext_lazy("Layanan"), required=False)
    happened_on = DayField(label=gettext_lazy("Tanggal kejadian"), required=False, **DATE)  # type: ignore[arg-type]
    reference = forms.CharField(label=gettext_lazy("Nomor rujukan"), required=False, max_length=60)
    about = forms.MultipleChoiceField(
        label=gettext_lazy("Tentang petugas"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Yang disebut tidak melihat apa pun dari pengaduan ini, juga bila ia penyelia."),
    )  # fmt: skip

    # Who was named when the page was drawn: what others name meanwhile stays.
    seen_about = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)

    def __init__(self, *args: Any, complaint: Complaint, **more: Any):
        named = list(complaint.about.all())
        begun = {
            name: getattr(complaint, name) for name in ("kind", "element", "happened_on", "reference")
        } | {
            "service": str(complaint.service_id or ""),
            "about": [str(user.pk) for user in named],
            "seen_about": ",".join(str(user.pk) for user in named),
        }
        super().__init__(*args, complaint=complaint, initial=begun, **more)
        self.services = {str(s.pk): s for s in complaint.office.services.all()}
        # Of the office where it happened; one who works elsewhere by now stays named.
        self.officers = {str(u.pk): u for u in [*members(complaint.office), *named]}
        self.fields["service"].choices = [("", "—"), *((k, str(s)) for k, s in self.services.items())]  # type: ignore[attr-defined]
        self.fields["about"].choices = [(k, str(u)) for k, u in self.officers.items()]  # type: ignore[attr-defined]

    def clean_happened_on(self) -> Any:
        day = self.cleaned_data["happened_on"]
        if day and day > self.complaint.office.today(timezone.now()):
            raise ValidationError(_("Tanggal ini belum tiba."))
        return day

    def facts(self) -> dict[str, Any]:
        data = self.cleaned_data
        facts = {name: data[name] for name in ("kind", "element", "happened_on", "reference")}
        facts["service"] = self.services.get(data["service"])
        seen, chosen = set(data["seen_about"].split(",")), set(data["about"])
        facts["about"] = [self.officers[key] for key in sorted(chosen - seen)]
        facts["not_about"] = [u for key, u in self.officers.items() if key in seen - chosen]
        return facts


class AssignForm(DeskForm):
    officer = forms.ChoiceField(label=gettext_lazy("Ditangani oleh"))

    def __init__(self, *args: Any, complaint: Complaint, **more: Any):
        super().__init__(*args, complaint=complaint, initial={"officer": complaint.handler_id}, **more)
        named = set(complaint.about.values_list("pk", flat=True))
        self.officers = {str(u.pk): u for u in members(complaint.place) if u.pk not in named}
        self.fields["officer"].choices = [(k, str(u)) for k, u in self.officers.items()]  # type: ignore[attr-defined]

    def chosen(self) -> User:
        return self.officers[self.cleaned_data["officer"]]


class ForwardForm(DeskForm):
    place = forms.ChoiceField(label=gettext_lazy("Ke kantor"))
    why = forms.CharField(
        label=gettext_lazy("Alasan, untuk yang menerima"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, complaint: Complaint, **more: Any):
        super().__init__(*args, complaint=complaint, **more)
        self.offices = {office.code: office for office in reversed(complaint.place.breadcrumb[:-1])}
        self.fields["place"].choices = [(code, str(o)) for code, o in self.offices.items()]  # type: ignore[attr-defined]


class LinkForm(DeskForm):
    number = forms.CharField(label=gettext_lazy("Nomor pengaduan yang sama"), max_length=20)


class ReasonForm(DeskForm):
    why = forms.CharField(label=gettext_lazy("Alasan membuka lagi"), max_length=300)


class PlanForm(DeskForm):
    """A corrective action."""

    what = forms.CharField(label=gettext_lazy("Tindakan perbaikan"), max_length=300)
    officer = forms.ChoiceField(label=gettext_lazy("Penanggung jawab"))
    due_on = DayField(label=gettext_lazy("Tenggat"), **DATE)  # type: ignore[arg-type]

    def __init__(self, *args: Any, complaint: Complaint, **more: Any):
        super().__init__(*args, complaint=complaint, **more)
        # Who does not read the complaint could not prove what was done.
        self.officers = {str(u.pk): u for u in visibility.readers(complaint)}
        self.fields["officer"].choices = [(k, str(u)) for k, u in self.officers.items()]  # type: ignore[attr-defined]

    def clean_due_on(self) -> Any:
        day = self.cleaned_data["due_on"]
        if day < self.complaint.place.today(timezone.now()):
            raise ValidationError(_("Tenggat ini sudah lewat."))
        return day


class GiveForm(DeskForm):
    """An open action to somebody who reads the complaint."""

    action = forms.IntegerField(min_value=1, max_value=2**62, widget=forms.HiddenInput)
    officer = forms.ChoiceField(label=gettext_lazy("Penanggung jawab"))

    def __init__(self, *args: Any, complaint: Complaint, **more: Any):
        super().__init__(*args, complaint=complaint, **more)
        self.officers = {str(u.pk): u for u in visibility.readers(complaint)}
        self.fields["officer"].choices = [(k, str(u)) for k, u in self.officers.items()]  # type: ignore[attr-defined]


class FinishForm(DeskForm):
    """The proof that an action was done, in words or as a file."""

    action = forms.IntegerField(min_value=1, max_value=2**62, widget=forms.HiddenInput)
    proof = forms.CharField(label=gettext_lazy("Bukti"), max_length=500, required=False)
    attachments = FilesField()


class PublishForm(DeskForm):
    """ "You said, we did". Empty words take it back."""

    said = forms.CharField(
        label=gettext_lazy("Yang disampaikan, tanpa nama"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )  # fmt: skip
    did = forms.CharField(
        label=gettext_lazy("Yang kami lakukan"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )  # fmt: skip

    def __init__(self, *args: Any, complaint: Complaint, **more: Any):
        begun = {"said": complaint.said, "did": complaint.did}
        super().__init__(*args, complaint=complaint, initial=begun, **more)
