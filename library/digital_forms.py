"""The forms of softcopies: files to bring in, which publication one is, who may read it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from library.models import DigitalCopy, Publication
from library.models.catalogue import Access
from library.pdf import limits
from library.workflows import release
from services.days import DayField
from services.offices.models import Office

State = DigitalCopy.State


class ManyFiles(forms.FileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Each of them is looked at by the workflow, so that one that is refused keeps none of the others out."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        rows = data if isinstance(data, list | tuple) else [data]
        rows = [row for row in rows if row]
        if not rows:
            raise ValidationError(self.error_messages["required"], code="required")
        return rows


class FilesForm(forms.Form):
    pdf = ManyFilesField(
        label=gettext_lazy("Berkas PDF"),
        help_text=gettext_lazy("Boleh beberapa sekaligus. Setiap berkas diperiksa sebelum dipakai."),
        widget=ManyFiles(attrs={"accept": ".pdf,application/pdf", "data-most-bytes": limits.FILE_BYTES}),
        error_messages={"required": gettext_lazy("Pilih berkas PDF.")},
    )
    publication = forms.ModelChoiceField(
        queryset=Publication.objects.defer("search", "abstract"), required=False, widget=forms.HiddenInput
    )


REFUSED_SHOWN = timedelta(days=7)  # afterwards only to whoever asks for them


class ListForm(forms.Form):
    """Which softcopies the desk sees. What makes no sense in the address counts as not said."""

    STATES = (
        ("", gettext_lazy("Semua")),
        (State.CHECKING, State.CHECKING.label),
        (State.READY, State.READY.label),
        ("unlinked", gettext_lazy("Belum dihubungkan")),
        ("scanned", gettext_lazy("Hasil pindaian tanpa teks")),
        ("embargo", gettext_lazy("Belum dirilis")),
        (State.REFUSED, State.REFUSED.label),
        (State.REPLACED, State.REPLACED.label),
        (State.WITHDRAWN, State.WITHDRAWN.label),
    )
    q = forms.CharField(label=gettext_lazy("Judul atau nama berkas"), required=False, max_length=200)
    keadaan = forms.ChoiceField(label=gettext_lazy("Keadaan"), required=False, choices=STATES)

    def asked(self) -> dict[str, str]:
        self.is_valid()
        return {name: self.cleaned_data.get(name, "").replace("\0", "") for name in self.fields}

    def of(self, rows: QuerySet[DigitalCopy]) -> QuerySet[DigitalCopy]:
        """Every word stands in the title or the file's name."""
        asked = self.asked()
        state, now = asked["keadaan"], timezone.now()
        conditions = {
            "": ~Q(state=State.REFUSED) | Q(added_at__gte=now - REFUSED_SHOWN),
            "unlinked": Q(publication=None, state__in=(State.CHECKING, State.READY)),
            "scanned": Q(state=State.READY) & ~Q(without_text=[]),
            "embargo": Q(publication__embargo_until__gt=now),
        }
        rows = rows.filter(conditions.get(state, Q(state=state)))
        for word in asked["q"].split()[:10]:
            rows = rows.filter(Q(publication__title__icontains=word) | Q(file_name__icontains=word))
        return rows


class ReleaseForm(forms.Form):
    """The hour of a release as the office's own date and time: `cleaned_data["until"]`, None where none is given."""

    day = DayField(
        label=gettext_lazy("Belum boleh diketahui sampai tanggal"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy(
            "Sampai saat rilis, publikasi ini tidak ada di pencarian, sampul, atau alamat mana pun."
        ),
    )
    hour = forms.TimeField(
        label=gettext_lazy("Pukul"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )

    def __init__(
        self, data: Any = None, *, office: Office, until: datetime | None = None, access: str = ""
    ) -> None:
        self.office = office
        local = until.astimezone(office.zone) if until else None
        initial = {
            "access": access,
            "day": local.date() if local else None,
            "hour": local.time() if local else None,
        }
        super().__init__(data, initial=initial)
        self.fields["hour"].help_text = _("Waktu %s.") % office.zone_name

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        day, hour = cleaned.get("day"), cleaned.get("hour")
        cleaned["until"] = None
        if day and not hour and "hour" not in self.errors:
            self.add_error("hour", _("Tulis juga pukul berapa dirilis."))
        elif hour and not day and "day" not in self.errors:
            self.add_error("day", _("Tulis juga tanggalnya, atau kosongkan jamnya."))
        elif day and hour:
            until = datetime.combine(day, hour, self.office.zone)
            if until > timezone.now():
                cleaned["until"] = until
            elif {"day", "hour"} & set(self.changed_data):
                self.add_error("day", _("Saat rilis ini sudah lewat. Kosongkan bila boleh dibaca sekarang."))
        return cleaned


class AccessForm(ReleaseForm):
    """Of a record: as it is to be from now on. `asks`: from what to what, where that opens it and nobody is sure yet."""

    access = forms.ChoiceField(
        label=gettext_lazy("Siapa yang boleh membaca"), choices=Access, widget=forms.RadioSelect
    )
    why = forms.CharField(
        label=gettext_lazy("Alasan membuka lebih awal atau lebih luas"), max_length=200, required=False
    )
    field_order = ["access", "day", "hour", "why"]
    asks: tuple[str, str] | None = None

    def __init__(self, data: Any = None, *, publication: Publication, office: Office) -> None:
        super().__init__(data, office=office, until=publication.embargo_until, access=publication.access)


class NewAccessForm(AccessForm):
    """Of a record that is being entered, beside its facts: its release date may still be to come."""

    def __init__(self, data: Any = None, *, publication: Publication, office: Office) -> None:
        super().__init__(data, publication=publication, office=office)
        self.fields["access"].required = False
        self.fields["access"].label = _("Siapa yang boleh membaca softcopy-nya")
        del self.fields["why"]

    def clean_access(self) -> str:
        return self.cleaned_data["access"] or Access.PUBLIC.value

    def fits(self, released_on: date | None) -> bool:
        """Whether it says when, if the release is to come. What is missing is proposed in the form."""
        until = self.cleaned_data["until"]
        if until and released_on and until.astimezone(self.office.zone).date() < released_on:
            self.add_error("day", _("Saat ini lebih awal daripada tanggal rilisnya."))
        elif until is None and (at := release.proposed(released_on, self.office)):
            local = at.astimezone(self.office.zone)
            self.data = dict(self.data.items()) | {"day": f"{local:%Y-%m-%d}", "hour": f"{local:%H:%M}"}
            self.add_error(
                "day", _("Tanggal rilisnya belum tiba. Saat rilis ini diusulkan: periksa, lalu simpan lagi.")
            )
        return self.is_valid()


RECORDED = "recorded"


class WishForm(ReleaseForm):
    """Of a file: to what its publication is to be shut at least, from the moment it is linked. Nothing is opened by it."""

    access = forms.ChoiceField(
        label=gettext_lazy("Siapa yang boleh membaca"),
        choices=[(RECORDED, gettext_lazy("Seperti yang tercatat pada publikasinya")), *Access.choices],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Pilih siapa yang boleh membaca.")},
    )
    field_order = ["access", "day", "hour"]

    def clean_access(self) -> str:
        given = self.cleaned_data["access"]
        return "" if given == RECORDED else given

    def check(self, publication: Publication) -> bool:
        """Whether it leaves this record at least as shut as it is."""
        access = self.cleaned_data["access"] or publication.access
        until = self.cleaned_data["until"] or publication.embargo_until
        if not release.loosens(publication, access, until):
            return True
        now = release.said(publication.access, publication.embargo_until, self.office)
        self.add_error(
            None,
            _("Tercatat pada publikasi ini: %s. Hubungkan seperti yang tercatat; supervisor dapat membukanya sesudah itu.")
            % now,
        )  # fmt: skip
        return False


class WithdrawForm(forms.Form):
    why = forms.CharField(label=gettext_lazy("Alasan"), max_length=200)
