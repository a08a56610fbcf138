"""What an officer fills in about a consultation."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultation import canned
from consultation.finding import LISTS
from consultation.models import CannedAnswer, Channel, Consultation
from consultation.workflows.filing import MOST_TAGS, read_tags
from consultation.workflows.logged import CHANNELS
from services.codes import new_key
from services.guestbook.fields import clean_phone
from services.offices.models import Office

LONGEST = 20_000
PUBLICATION = "library:publication"


class ListForm(forms.Form):
    """The address of a list. What makes no sense in it counts as not said."""

    lihat = forms.ChoiceField(required=False, choices=list(LISTS.items()), widget=forms.HiddenInput)
    q = forms.CharField(
        label=gettext_lazy("Nomor, perihal, pertanyaan, atau nama"), required=False, max_length=200
    )
    saluran = forms.ChoiceField(
        label=gettext_lazy("Saluran"),
        required=False,
        choices=[("", gettext_lazy("Semua saluran")), *Channel.choices],
    )
    tag = forms.CharField(label=gettext_lazy("Tag"), required=False, max_length=60)

    def asked(self) -> dict[str, str]:
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files; each is looked at by consultation/files.py."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, (list, tuple)) else [data]
        return [one for one in (super(FilesField, self).clean(d, initial) for d in given) if one]


class AnswerForm(forms.Form):
    """The answer, question or note that is being written. `seen`: the last message the officer saw."""

    body = forms.CharField(
        label=gettext_lazy("Tulis"), max_length=LONGEST, strip=True,
        widget=forms.Textarea(attrs={"rows": 8, "data-key": "Alt+T", "aria-keyshortcuts": "Alt+T", "data-key-label": gettext_lazy("Tulis")}),
    )  # fmt: skip
    channel = forms.ChoiceField(label=gettext_lazy("Kirim lewat"), required=False)
    attached = FilesField(label=gettext_lazy("Berkas"), required=False)
    publication_title = forms.CharField(
        label=gettext_lazy("Pustaka dari katalog"), required=False, max_length=300
    )
    publication = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, channels: list[str], **more: Any):
        super().__init__(*args, **more)
        self.fields["channel"].choices = [(c, Channel(c).label) for c in channels]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        typed, chosen = data.get("publication_title", "").strip(), data.get("publication", "")
        if typed:
            data["item"] = catalogue_item(chosen, typed) or catalogue_item(typed, "")
            if data["item"] is None:
                self.add_error(
                    "publication_title", _("Pilih judul dari daftar, atau tempel alamat halamannya.")
                )
        return data


def catalogue_item(address: str, title: str) -> tuple[int, str, str] | None:
    """Key, title and address of a publication's page; this app knows the library by its addresses only."""
    path = urlsplit(address).path
    try:
        found = resolve(path)
    except Resolver404:
        return None
    if found.view_name != PUBLICATION:
        return None
    return found.kwargs["pk"], title or found.kwargs["slug"].replace("-", " ").capitalize(), path


class FilingForm(forms.Form):
    subject = forms.CharField(label=gettext_lazy("Perihal"), max_length=150)
    tags = forms.CharField(
        label=gettext_lazy("Tag"), required=False, max_length=800,
        help_text=gettext_lazy("Perihal dan kode klasifikasi, dipisah koma. Misalnya: PDRB, KBLI 47111"),
    )  # fmt: skip
    reference = forms.CharField(label=gettext_lazy("Nomor rujukan (silastik)"), required=False, max_length=60)

    def clean_tags(self) -> list[str]:
        typed = self.cleaned_data["tags"]
        if len([t for t in typed.split(",") if t.strip()]) > MOST_TAGS:
            raise ValidationError(_("Paling banyak %d tag.") % MOST_TAGS)
        return read_tags(typed)


class MergeForm(forms.Form):
    number = forms.CharField(label=gettext_lazy("Nomor konsultasi lain"), max_length=20)
    confirmed = forms.BooleanField(label=gettext_lazy("Penanya keduanya orang yang sama"), required=False)

    def clean_number(self) -> str:
        typed = self.cleaned_data["number"].strip().upper()
        return typed if typed.startswith("K") else f"K{typed}"


class HandOverForm(forms.Form):
    """To which office, or to which other service of this one."""

    to = forms.CharField(
        label=gettext_lazy("Ke kantor"), required=False, max_length=200,
        help_text=gettext_lazy("Ketik kode atau nama kantor, lalu pilih."), widget=forms.TextInput(attrs={"list": "offices"}),
    )  # fmt: skip
    service = forms.ChoiceField(label=gettext_lazy("Atau ke layanan lain di kantor ini"), required=False)
    why = forms.CharField(
        label=gettext_lazy("Catatan untuk yang menerima"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, office: Office, consultation: Consultation, **more: Any):
        super().__init__(*args, **more)
        self.office = office
        services = office.services.filter(active=True).exclude(pk=consultation.service_id or 0)
        self.services = {str(s.pk): s for s in services}
        self.fields["service"].choices = [("", "—"), *((key, str(s)) for key, s in self.services.items())]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["target"] = None
        if data.get("service") and data.get("to", "").strip():
            self.add_error("to", _("Isi kantor atau pilih layanan, bukan keduanya."))
        elif data.get("service"):
            data["target"] = (self.office, self.services[data["service"]])
        elif typed := data.get("to", "").strip():
            code = re.match(r"\d{4}", typed)
            offices = Office.objects.serving()
            found = offices.filter(code=code[0]) if code else offices.filter(name__iexact=typed)
            if there := found.first():
                data["target"] = (there, None)
            else:
                self.add_error("to", _("Kantor ini tidak dikenal atau tidak menerima konsultasi di sini."))
        if not data["target"] and not self.errors:
            self.add_error("to", _("Pilih kantor atau layanan."))
        return data


class LogForm(forms.Form):
    """A call or a message that came past PST. Who asked: somebody recognised (`known`), or name with phone or e-mail."""

    key = forms.CharField(max_length=40, required=False, initial=new_key, widget=forms.HiddenInput)
    known = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    channel = forms.ChoiceField(
        label=gettext_lazy("Saluran"),
        choices=[(c.value, c.label) for c in CHANNELS],
        widget=forms.RadioSelect,
    )
    when = forms.DateTimeField(
        label=gettext_lazy("Diterima"), required=False, input_formats=["%Y-%m-%dT%H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    name = forms.CharField(label=gettext_lazy("Nama"), required=False, max_length=120)
    phone = forms.CharField(label=gettext_lazy("Telepon/WhatsApp"), required=False, max_length=30)
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False)
    subject = forms.CharField(label=gettext_lazy("Perihal"), required=False, max_length=150)
    question = forms.CharField(
        label=gettext_lazy("Pertanyaan"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4})
    )
    answer = forms.CharField(
        label=gettext_lazy("Jawaban yang sudah diberikan"), required=False, max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    finished = forms.BooleanField(label=gettext_lazy("Sudah selesai: tutup"), required=False)
    promised = forms.BooleanField(
        label=gettext_lazy("Batas waktu standar berlaku"), required=False, initial=True
    )

    def clean_phone(self) -> str:
        return clean_phone(self.cleaned_data["phone"])

    def clean_when(self) -> datetime:
        when = self.cleaned_data["when"] or timezone.now()
        if when > timezone.now():
            raise ValidationError(_("Waktu ini belum terjadi."))
        return when

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("known"):
            if (data.get("phone") or data.get("email")) and not data.get("name"):
                self.add_error("name", _("Tulis juga namanya."))
            if not data.get("answer") and not (data.get("phone") or data.get("email")):
                self.add_error("phone", _("Tanpa jawaban, tulis ke mana jawabannya dikirim."))
        if data.get("finished") and not data.get("answer"):
            self.add_error("answer", _("Yang sudah selesai ada jawabannya."))
        return data


class CannedForm(forms.ModelForm):
    class Meta:
        model = CannedAnswer
        fields = ("title", "body")
        widgets = {"body": forms.Textarea(attrs={"rows": 8})}

    def clean_body(self) -> str:
        text = self.cleaned_data["body"]
        if unknown := canned.unknown_fields(text):
            known = ", ".join(f"{{{name}}}" for name in canned.FIELDS)
            raise ValidationError(
                _("Isian %(unknown)s tidak dikenal. Yang ada: %(known)s.")
                % {"unknown": ", ".join(unknown), "known": known}
            )
        return text
