"""What complainants fill in: short, without an account, and everything but the words themselves may stay as it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.models import Kind, Privacy
from services.accounts.models import User
from services.codes import new_key
from services.days import DayField
from services.files.forms import FilesField
from services.guestbook.models import VisitService
from services.offices.models import Office
from services.ratings.forms import STARS

# What somebody outside chooses from; whether it is one for the inspectorate is for the supervisor to say.
KINDS = [
    (Kind.SERVICE.value, gettext_lazy("Pengaduan")),
    (Kind.SUGGESTION.value, gettext_lazy("Saran")),
    (Kind.INFORMATION.value, gettext_lazy("Permintaan informasi")),
]
PRIVACIES = [
    (
        Privacy.OPEN.value,
        gettext_lazy("Terbuka: petugas yang menangani dapat melihat nama, kontak, dan kunjungan Anda."),
    ),
    (
        Privacy.CONFIDENTIAL.value,
        gettext_lazy("Rahasia: identitas Anda hanya dapat dibuka penangan dan penyelia, dan setiap kali dicatat."),
    ),
    (
        Privacy.ANONYMOUS.value,
        gettext_lazy("Tanpa nama: nama, kontak, dan kunjungan Anda tidak disimpan. Tanggapan hanya ada di halaman status."),
    ),
]  # fmt: skip


class ComplaintForm(forms.Form):
    """`given`: what the visitor was served with, when it comes from their ticket; `account`: who is signed in, whose name
    and address are known already; `files`: whether some may come along, which nobody has at a tablet. What was written in the fields of the person is dropped when it is without a name."""

    PERSON = ("name", "email", "phone")

    key = forms.CharField(max_length=40, required=False, initial=new_key, widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=gettext_lazy("Jenis"), choices=KINDS, required=False, initial=Kind.SERVICE.value, widget=forms.RadioSelect
    )  # fmt: skip
    text = forms.CharField(
        label=gettext_lazy("Apa yang ingin Anda sampaikan?"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    privacy = forms.ChoiceField(
        label=gettext_lazy("Kerahasiaan"), choices=PRIVACIES, required=False, initial=Privacy.OPEN.value,
        widget=forms.RadioSelect(attrs={"data-privacy": ""}),
    )  # fmt: skip
    name = forms.CharField(label=gettext_lazy("Nama"), max_length=120, required=False)
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False)
    phone = forms.CharField(label=gettext_lazy("Telepon/WhatsApp"), max_length=60, required=False)
    service = forms.ChoiceField(label=gettext_lazy("Layanan"), required=False)
    happened_on = DayField(
        label=gettext_lazy("Tanggal kejadian"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )  # fmt: skip
    about_served = forms.BooleanField(
        label=gettext_lazy("Ini tentang petugas yang melayani saya"), required=False,
        help_text=gettext_lazy("Petugas itu tidak akan melihat pengaduan ini."),
    )  # fmt: skip
    about_text = forms.CharField(
        label=gettext_lazy("Petugas yang dimaksud"), max_length=120, required=False,
        help_text=gettext_lazy("Nama atau cirinya, jika ini tentang seorang petugas."),
    )  # fmt: skip
    attachments = FilesField()

    def __init__(
        self, *args: Any, office: Office, given: Sequence[VisitService] = (), account: User | None = None,
        files: bool = True, **more: Any,
    ):  # fmt: skip
        super().__init__(*args, **more)
        self.office, self.account = office, account
        self.given = {str(one.pk): one for one in given}
        self.services = {} if given else {str(s.pk): s for s in office.services.filter(active=True)}
        self._choose_service()
        if account:
            del self.fields["name"], self.fields["email"]
        if not any(one.officer_id for one in given):
            del self.fields["about_served"]
        if not files:
            del self.fields["attachments"]

    def _choose_service(self) -> None:
        field: Any = self.fields["service"]
        if self.given:
            field.choices = [(key, one.service.name) for key, one in self.given.items()]
            field.initial = next(iter(self.given))
        else:
            field.choices = [("", "—"), *((key, str(s)) for key, s in self.services.items())]

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or Kind.SERVICE.value

    def clean_privacy(self) -> str:
        return self.cleaned_data["privacy"] or Privacy.OPEN.value

    def clean_happened_on(self) -> Any:
        day = self.cleaned_data["happened_on"]
        if day and day > self.office.today(timezone.now()):
            raise ValidationError(_("Tanggal ini belum tiba."))
        return day

    @property
    def more_is_wrong(self) -> bool:
        """Whether what stands behind "more" has to be seen."""
        return any(self.errors.get(name) for name in ("happened_on", "service", "about_text")) or any(
            self[name].value() for name in ("happened_on", "about_text")
        )

    def received(self) -> VisitService | None:
        """The service it is about, of the ticket it comes from."""
        return self.given.get(self.cleaned_data["service"]) or next(iter(self.given.values()), None)

    def facts(self) -> dict[str, Any]:
        """For `lodging.lodge`."""
        data, received = self.cleaned_data, self.received()
        facts = {name: data[name] for name in ("key", "kind", "text", "privacy", "happened_on", "about_text")}
        facts["files"] = data.get("attachments", [])
        facts["person"] = {name: data.get(name, "") for name in self.PERSON}
        if self.account:
            facts["person"] |= {"name": self.account.name, "email": self.account.email}
            facts["account"] = self.account
        if received:
            facts["received"] = received
            if data.get("about_served") and received.officer:
                facts["about"] = [received.officer]
        elif service := self.services.get(data["service"]):
            facts["service"] = service
        return facts


class StatusForm(forms.Form):
    number = forms.CharField(label=gettext_lazy("Nomor pengaduan"), max_length=20)
    secret = forms.CharField(label=gettext_lazy("Kode rahasia"), max_length=40)


class ReplyForm(forms.Form):
    """What the complainant adds. `seen`: the last message on the page, so that one sent twice is one."""

    body = forms.CharField(
        label=gettext_lazy("Tulis"), max_length=5000, widget=forms.Textarea(attrs={"rows": 5})
    )
    seen = forms.IntegerField(min_value=0, max_value=2**62, required=False, widget=forms.HiddenInput)
    attachments = FilesField()


class JudgeForm(forms.Form):
    stars = forms.TypedChoiceField(
        label=gettext_lazy("Nilai penanganan"), choices=STARS, coerce=int, widget=forms.RadioSelect
    )
    word = forms.CharField(
        label=gettext_lazy("Catatan (boleh kosong)"), max_length=500, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
