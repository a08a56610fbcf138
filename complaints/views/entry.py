"""An officer writes down what came by another way: a letter in the box, a call, a message, lapor.go.id."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from complaints.desk_forms import DATE, members
from complaints.models import Channel, Kind, Privacy
from complaints.views.desk_common import seen
from complaints.views.public import receipt
from complaints.workflows import lodging
from services.accounts import access
from services.accounts.http import Request
from services.codes import new_key
from services.days import DayField
from services.files.forms import FilesField
from services.files.shelf import FileRefused
from services.offices.models import Office

CHANNELS = (
    Channel.DESK, Channel.BOX, Channel.CALL, Channel.WHATSAPP, Channel.EMAIL, Channel.SOCIAL, Channel.LAPOR,
)  # fmt: skip
# As the published standards name them (services/offices/reader/contacts.py).
PUBLISHED = {
    "box": Channel.BOX, "phone": Channel.CALL, "whatsapp": Channel.WHATSAPP, "sms_whatsapp": Channel.WHATSAPP,
    "email": Channel.EMAIL, "lapor": Channel.LAPOR, "facebook": Channel.SOCIAL, "instagram": Channel.SOCIAL,
}  # fmt: skip
LONGEST_AGO = timedelta(days=60)
PRIVACIES = [
    (Privacy.OPEN.value, gettext_lazy("Terbuka: penangan dan penyelia melihat nama dan kontak pelapor.")),
    (
        Privacy.CONFIDENTIAL.value,
        gettext_lazy("Rahasia: penangan dan penyelia membukanya bila perlu, dan setiap kali dicatat."),
    ),
    (Privacy.ANONYMOUS.value, gettext_lazy("Tanpa nama: nama dan kontak tidak disimpan.")),
]


def channels(office: Office) -> list[tuple[str, str]]:
    """Those the office's standard publishes first, in its own words and order; then the rest."""
    standards = [s.standard for s in office.services.filter(active=True) if s.standard]
    published = standards[0].rules.complaint_channels if standards else ()
    named: dict[Channel, str] = {}
    for one in published:
        if (channel := PUBLISHED.get(one.get("kind", ""))) and one.get("value"):
            own = f"{one.get('label') or channel.label}: {one['value']}"
            named[channel] = f"{named[channel]}; {own}" if channel in named else own
    rest = [c for c in CHANNELS if c not in named]
    return [(c.value, text) for c, text in named.items()] + [(c.value, str(c.label)) for c in rest]


PLATFORMS = ("Facebook", "Instagram", "X", "TikTok", "YouTube", "Threads", "Telegram")
# What an answer needs by each channel, unless they stay without a name: field, and what is said without it.
NEEDS = {
    Channel.WHATSAPP: ("phone", gettext_lazy("Isi nomor WhatsApp yang menulis.")),
    Channel.EMAIL: ("email", gettext_lazy("Isi alamat e-mail yang menulis.")),
    Channel.SOCIAL: ("contact", gettext_lazy("Isi nama akun atau tautan pesannya.")),
}


class EntryForm(forms.Form):
    """`when`: when it came in; the clocks run from then. What a channel needs so that it can be answered there is asked for; the
    account or link of a social medium is the writer's, so it goes to their contacts and not to the reference."""

    PERSON = ("name", "email", "phone", "contact")

    key = forms.CharField(max_length=40, required=False, initial=new_key, widget=forms.HiddenInput)
    channel = forms.ChoiceField(label=gettext_lazy("Saluran"), widget=forms.RadioSelect)
    kind = forms.ChoiceField(label=gettext_lazy("Jenis"), choices=Kind.choices, initial=Kind.SERVICE.value)
    when = forms.DateTimeField(
        label=gettext_lazy("Diterima"), required=False, input_formats=["%Y-%m-%dT%H:%M"],
        help_text=gettext_lazy("Kosong: sekarang. Batas waktu dihitung sejak ini."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    reference = forms.CharField(
        label=gettext_lazy("Nomor rujukan"), required=False, max_length=60,
        help_text=gettext_lazy("Nomor laporan di lapor.go.id, atau nomor surat."),
    )  # fmt: skip
    platform = forms.ChoiceField(
        label=gettext_lazy("Media sosial"), required=False,
        choices=[("", "—"), *((name, name) for name in PLATFORMS), ("lain", gettext_lazy("Lainnya"))],
    )  # fmt: skip
    text = forms.CharField(
        label=gettext_lazy("Isi, seperti disampaikan"), max_length=5000, widget=forms.Textarea(attrs={"rows": 7})
    )  # fmt: skip
    service = forms.ChoiceField(label=gettext_lazy("Layanan"), required=False)
    happened_on = DayField(label=gettext_lazy("Tanggal kejadian"), required=False, **DATE)  # type: ignore[arg-type]
    about = forms.MultipleChoiceField(
        label=gettext_lazy("Tentang petugas"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Yang disebut tidak melihat apa pun dari pengaduan ini, juga bila ia penyelia."),
    )  # fmt: skip
    privacy = forms.ChoiceField(
        label=gettext_lazy("Kerahasiaan"), choices=PRIVACIES, initial=Privacy.OPEN.value,
        widget=forms.RadioSelect(attrs={"data-privacy": ""}),
    )  # fmt: skip
    name = forms.CharField(label=gettext_lazy("Nama"), max_length=120, required=False)
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False)
    phone = forms.CharField(label=gettext_lazy("Telepon/WhatsApp"), max_length=60, required=False)
    contact = forms.CharField(
        label=gettext_lazy("Kontak lain"), max_length=230, required=False,
        help_text=gettext_lazy("Alamat surat; dari media sosial nama akun atau tautan pesannya."),
    )  # fmt: skip
    attachments = FilesField()

    def __init__(self, *args: Any, office: Office, **more: Any):
        super().__init__(*args, **more)
        self.office = office
        self.services = {str(s.pk): s for s in office.services.filter(active=True)}
        self.officers = {str(u.pk): u for u in members(office)}
        for name, choices in (
            ("channel", channels(office)),
            ("service", [("", "—"), *((k, str(s)) for k, s in self.services.items())]),
            ("about", [(k, str(u)) for k, u in self.officers.items()]),
        ):
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean_when(self) -> datetime:
        now = timezone.now()
        when = self.cleaned_data["when"] or now
        if when > now:
            raise ValidationError(_("Waktu ini belum terjadi."))
        if when < now - LONGEST_AGO:
            raise ValidationError(_("Terlalu lama berlalu; isi waktu ketika kantor menerimanya."))
        return when

    def clean_happened_on(self) -> Any:
        day = self.cleaned_data["happened_on"]
        if day and day > self.office.today(timezone.now()):
            raise ValidationError(_("Tanggal ini belum tiba."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        channel = data.get("channel", "")
        if channel == Channel.LAPOR and not data.get("reference"):
            self.add_error("reference", _("Isi nomor laporannya di lapor.go.id; tanggapan ditulis di sana."))
        if channel == Channel.SOCIAL and not data.get("platform"):
            self.add_error("platform", _("Pilih media sosialnya."))
        field, words = NEEDS.get(channel, ("", ""))
        named = data.get("privacy") != Privacy.ANONYMOUS
        if field and named and not data.get(field) and field not in self.errors:
            self.add_error(field, str(words))
        return data

    def _person(self) -> dict[str, str]:
        """The medium stands before the account or link."""
        data = self.cleaned_data
        person = {name: data[name] for name in self.PERSON}
        if data["channel"] == Channel.SOCIAL and data["platform"] in PLATFORMS and data["contact"]:
            person["contact"] = f"{data['platform']}: {data['contact']}"
        return person

    def facts(self) -> dict[str, Any]:
        data = self.cleaned_data
        names = ("key", "channel", "kind", "reference", "text", "happened_on", "privacy")
        return {
            **{name: data[name] for name in names},
            "at": data["when"],
            "files": data["attachments"],
            "service": self.services.get(data["service"]),
            "about": [self.officers[key] for key in data["about"]],
            "person": self._person(),
        }


@access.staff
@never_cache
def entry(request: Request) -> HttpResponse:
    """The form; sent: number and secret to hand over, told this once, and never to whoever it is about."""
    form = EntryForm(request.POST or None, request.FILES or None, office=request.office)
    if request.method != "POST" or not form.is_valid():
        return render(request, "complaints/entry.html", {"form": form}, status=422 if form.errors else 200)
    try:
        complaint, secret = lodging.lodge(office=request.office, by=request.actor, **form.facts())
    except FileRefused as refused:  # of an anonymous one: a picture that cannot be drawn anew
        form.add_error("attachments", str(refused))
        return render(request, "complaints/entry.html", {"form": form}, status=422)
    context = {
        "complaint": complaint, "secret": secret, "sees": seen(request).filter(pk=complaint.pk).exists(),
        "about_me": complaint.about.filter(pk=request.user.pk).exists(), **receipt(request, complaint),
    }  # fmt: skip
    return render(request, "complaints/entered.html", context)
