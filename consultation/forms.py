"""Asking, replying, rating on the portal; writing for the knowledge base."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultation import files, wording
from consultation.models import DataWanted, KnowledgeAnswer
from consultation.workflows.opening import service_of
from services import channels
from services.codes import new_key
from services.files.forms import FilesField
from services.guestbook import reference
from services.guestbook.fields import clean_phone
from services.guestbook.models import ReferenceItem
from services.offices.models import Office

MOST_ROWS = 5


def wanted_fields() -> dict[str, forms.CharField]:
    words = {
        "topic": (gettext_lazy("Data apa"), gettext_lazy("Misalnya: penduduk menurut umur")),
        "region": (gettext_lazy("Wilayah"), gettext_lazy("Misalnya: Kolaka Timur")),
        "years": (gettext_lazy("Tahun"), gettext_lazy("Misalnya: 2020–2024")),
        "level": (gettext_lazy("Rincian"), gettext_lazy("Misalnya: per kecamatan")),
    }
    return {
        part: forms.CharField(
            label=label, help_text=example, required=False,
            max_length=DataWanted._meta.get_field(part).max_length,  # type: ignore[union-attr]
        )
        for part, (label, example) in words.items()
    }  # fmt: skip


class AskForm(forms.Form):
    """`signed_in`: somebody with an account is not asked who they are."""

    key = forms.CharField(required=False, initial=new_key, widget=forms.HiddenInput)
    sought = forms.CharField(required=False, widget=forms.HiddenInput)
    pustaka = forms.CharField(required=False, widget=forms.HiddenInput)
    question = forms.CharField(
        label=gettext_lazy("Pertanyaan Anda"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("Misalnya: berapa jumlah penduduk Kolaka Timur menurut kecamatan tahun 2024?"),
    )  # fmt: skip
    office = forms.ChoiceField(
        label=gettext_lazy("Kantor yang menjawab"),
        help_text=gettext_lazy("Pilih kantor di wilayah data yang Anda cari."),
    )
    subject = forms.CharField(label=gettext_lazy("Perihal singkat"), max_length=150, required=False)
    use_of_data = forms.ChoiceField(
        label=gettext_lazy("Data akan dipakai untuk"), required=False, widget=forms.RadioSelect
    )
    attachments = FilesField()
    name = forms.CharField(label=gettext_lazy("Nama"), max_length=120)
    email = forms.EmailField(label=gettext_lazy("E-mail"), max_length=254, required=False)
    phone = forms.CharField(
        label=gettext_lazy("Nomor WhatsApp"), max_length=30, required=False,
        help_text=gettext_lazy("Nomor luar negeri diawali + dan kode negara."),
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )  # fmt: skip
    whatsapp = forms.BooleanField(
        label=gettext_lazy("Boleh dijawab lewat WhatsApp ke nomor ini"), required=False,
        help_text=gettext_lazy("Berhenti kapan saja dengan membalas BERHENTI."),
    )  # fmt: skip
    consent = forms.BooleanField(label=wording.WORDINGS[wording.VERSION])

    PERSON = ("name", "email", "phone", "whatsapp", "consent")

    def __init__(self, *args: Any, offices: list[Office], signed_in: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offices = {office.code: office for office in offices}
        self.fields["office"].choices = [  # type: ignore[attr-defined]
            ("", _("Pilih kantor")), *((o.code, o.name) for o in offices)
        ]  # fmt: skip
        today = timezone.localdate()
        uses = reference.on(today).get(ReferenceItem.List.USE, [])
        self.fields["use_of_data"].choices = [(item.code, str(item)) for item in uses]  # type: ignore[attr-defined]
        most = files.MOST
        self.fields["attachments"].help_text = _(
            "Paling banyak %(most)d berkas, masing-masing %(size)d MB: PDF, gambar, dokumen Office, CSV."
        ) % {"most": most, "size": files.most_megabytes()}
        for row in range(1, MOST_ROWS + 1):
            self.fields |= {f"wanted_{row}_{part}": field for part, field in wanted_fields().items()}
        if signed_in:
            for name in self.PERSON:
                del self.fields[name]
        elif not any(channels.whatsapp(office) for office in offices):
            del self.fields["whatsapp"]

    @property
    def rows(self) -> list[list[forms.BoundField]]:
        return [[self[f"wanted_{n}_{part}"] for part in wanted_fields()] for n in range(1, MOST_ROWS + 1)]

    @property
    def more_rows_open(self) -> bool:
        """Whether a further row was begun, or has something wrong."""
        return any(field.value() or field.errors for row in self.rows[1:] for field in row)

    def clean_phone(self) -> str:
        return clean_phone(self.cleaned_data.get("phone", ""))

    def clean_office(self) -> Office:
        return self.offices[self.cleaned_data["office"]]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for row in range(1, MOST_ROWS + 1):
            said = [data.get(f"wanted_{row}_{part}") for part in wanted_fields()]
            if any(said) and not said[0] and not self.has_error(f"wanted_{row}_topic"):
                self.add_error(f"wanted_{row}_topic", _("Tulis data apa yang dicari."))
        if "email" in self.fields and "office" in data:
            self._contact(data, contact_rule(data["office"]))
        return data

    def _contact(self, data: dict[str, Any], rule: str) -> None:
        """What this office's standard asks for on line (requirement row 10)."""
        mail, phone = data.get("email"), data.get("phone")
        if data.get("whatsapp") and not phone and not self.has_error("phone"):
            self.add_error("phone", _("Tulis nomor WhatsApp yang boleh kami kirimi jawaban."))
        wrong = self.has_error("email") or self.has_error("phone")
        if rule == "whatsapp" and not phone and not wrong:
            self.add_error("phone", _("Kantor ini meminta nomor WhatsApp untuk menjawab."))
        elif rule == "email_or_whatsapp" and not (mail or phone) and not wrong:
            self.add_error("email", _("Isi e-mail atau nomor WhatsApp, agar kami dapat menjawab."))
        elif rule in ("email", "none") and not mail and not wrong:
            self.add_error("email", _("Isi e-mail, agar kami dapat menjawab."))

    def person(self) -> dict[str, str]:
        return {name: self.cleaned_data.get(name, "") for name in ("name", "email", "phone")}

    def wanted(self) -> list[dict[str, str]]:
        rows = ({part: self.cleaned_data.get(f"wanted_{n}_{part}", "") for part in wanted_fields()}
                for n in range(1, MOST_ROWS + 1))  # fmt: skip
        return [row for row in rows if row["topic"]]


def contact_rule(office: Office) -> str:
    service = service_of(office)
    return service.standard.rules.contact_online if service and service.standard else "none"


class ReplyForm(forms.Form):
    body = forms.CharField(
        label=gettext_lazy("Balasan Anda"), max_length=8000, widget=forms.Textarea(attrs={"rows": 5})
    )
    attachments = FilesField()
    seen = forms.IntegerField(required=False, min_value=0, max_value=2**62, widget=forms.HiddenInput)


class KnowledgeForm(forms.Form):
    question = forms.CharField(
        label=gettext_lazy("Pertanyaan"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    answer = forms.CharField(
        label=gettext_lazy("Jawaban"), max_length=8000, widget=forms.Textarea(attrs={"rows": 12})
    )
    tags = forms.CharField(
        label=gettext_lazy("Kata kunci"), required=False, max_length=300,
        help_text=gettext_lazy("Dipisahkan koma, misalnya: PDRB, penduduk"),
    )  # fmt: skip
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def clean_tags(self) -> list[str]:
        """Each once, in order."""
        most = KnowledgeAnswer._meta.get_field("tags").base_field.max_length or 0
        tags = list(dict.fromkeys(" ".join(t.split()) for t in self.cleaned_data["tags"].split(",")))
        if any(len(tag) > most for tag in tags):
            raise ValidationError(_("Satu kata kunci paling panjang %d huruf.") % most)
        return [tag for tag in tags if tag][:20]
