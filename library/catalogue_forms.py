"""The desk's forms for the catalogue: a publication, a series, copies, a cover."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.urls import reverse_lazy
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from library import lookup
from library.models import Copy, Publication, Region, Series
from library.numbers import clean_isbn, clean_issn
from library.workflows import catalogue, copies
from services import pictures
from services.offices.models import Office

Words = Any  # or a lazy translation
COVER = (600, 900)
MOST_COPIES = 200


class Suggesting(forms.TextInput):
    """A text field with suggestions of the server under it (templates/library/_suggest_options.html)."""

    def __init__(self, what: str, **attrs: Any) -> None:
        self.what = what
        super().__init__(attrs={"autocomplete": "off", "spellcheck": "false", **attrs})

    def build_attrs(self, base_attrs: dict, extra_attrs: dict | None = None) -> dict:
        attrs = super().build_attrs(base_attrs, extra_attrs)
        options = f"{attrs.get('id', self.what)}_options"
        return attrs | {
            "list": options,
            "hx-get": reverse_lazy("library:suggest_options", args=[self.what]),
            "hx-trigger": "input changed delay:200ms",
            "hx-target": f"#{options}",
            "hx-swap": "innerHTML",
            "hx-sync": "this:replace",
        }


def line(
    label: Words, most: int, *, widget: forms.Widget | None = None, help_text: Words = ""
) -> forms.CharField:
    return forms.CharField(
        label=capfirst(label), max_length=most, required=False, widget=widget, help_text=help_text
    )


class PublicationForm(forms.ModelForm):
    region = line(
        gettext_lazy("wilayah"), 200, widget=Suggesting("wilayah"),
        help_text=gettext_lazy("Kode atau nama, misalnya 7411 atau Kolaka Timur."),
    )  # fmt: skip
    series = line(
        gettext_lazy("seri"), 320, widget=Suggesting("seri"),
        help_text=gettext_lazy("Edisi lain dari judul yang sama. Yang belum ada menjadi seri baru."),
    )  # fmt: skip
    isbn = line("ISBN", 40)
    issn = line("ISSN", 40)
    web_address = forms.URLField(
        label=gettext_lazy("Alamat di web"), max_length=500, required=False, assume_scheme="https"
    )

    class Meta:
        model = Publication
        fields = list(catalogue.FACTS)
        widgets = {
            "title": forms.Textarea(attrs={"rows": 2}),
            "abstract": forms.Textarea(attrs={"rows": 6}),
            "released_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            **dict.fromkeys(("year", "year_end", "pages"), forms.NumberInput(attrs={"inputmode": "numeric"})),
        }
        help_texts = {"year_end": gettext_lazy("Hanya bila satu terbitan memuat beberapa tahun.")}

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.initial["region"] = lookup.region_words(self.instance.region)
        self.initial["series"] = lookup.series_words(self.instance.series)

    def clean_title(self) -> str:
        return lookup.one_line(self.cleaned_data["title"])

    def clean_isbn(self) -> str:
        return clean_isbn(self.cleaned_data["isbn"])

    def clean_issn(self) -> str:
        return clean_issn(self.cleaned_data["issn"])

    def clean_region(self) -> Region | None:
        return lookup.region(self.cleaned_data["region"])

    def clean(self) -> dict:
        """The series is looked for in the publication's region."""
        given = super().clean() or self.cleaned_data
        if "series" in given:
            try:
                given["series"] = lookup.series(given["series"], given.get("region"))
            except ValidationError as problem:
                self.add_error("series", problem)
        return given


class SeriesForm(forms.ModelForm):
    region = line(gettext_lazy("wilayah"), 200, widget=Suggesting("wilayah"))
    issn = line("ISSN", 40)
    continues = line(
        gettext_lazy("lanjutan dari"), 320, widget=Suggesting("seri"),
        help_text=gettext_lazy("Seri yang digantikan oleh seri ini, misalnya karena ganti nama."),
    )  # fmt: skip

    class Meta:
        model = Series
        fields = list(catalogue.OF_SERIES)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.initial["region"] = lookup.region_words(self.instance.region)
        self.initial["continues"] = lookup.series_words(self.instance.continues)

    def clean_title(self) -> str:
        return lookup.one_line(self.cleaned_data["title"])

    def clean_issn(self) -> str:
        return clean_issn(self.cleaned_data["issn"])

    def clean_region(self) -> Region | None:
        return lookup.region(self.cleaned_data["region"])

    def clean(self) -> dict:
        given = super().clean() or self.cleaned_data
        if "continues" in given:
            try:
                given["continues"] = self._older(given["continues"], given.get("region"))
            except ValidationError as problem:
                self.add_error("continues", problem)
        if not self.errors:
            try:
                catalogue.check_series(Series(pk=self.instance.pk, **given))
            except ValidationError as problem:
                self.add_error(None, problem)
        return given

    def _older(self, typed: str, region: Region | None) -> Series | None:
        older = lookup.series(typed, region)
        if older is not None and older.pk is None:
            raise ValidationError(_("Belum ada seri dengan judul itu. Pilih dari saran yang muncul."))
        return older


def printable(barcode: str) -> bool:
    return bool(copies.PRINTABLE.fullmatch(barcode)) and len(barcode) <= 40


class ShelfForm(forms.Form):
    shelf = forms.CharField(
        label=gettext_lazy("Rak"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"list": "shelves"}),
    )
    in_house_only = forms.BooleanField(label=gettext_lazy("Hanya dibaca di tempat"), required=False)

    def clean_shelf(self) -> str:
        return lookup.one_line(self.cleaned_data["shelf"])


class NewCopiesForm(ShelfForm):
    """A scanner ends each barcode with Enter, which in this field begins the next line."""

    barcodes = forms.CharField(
        label=gettext_lazy("Barcode"),
        required=False,
        max_length=MOST_COPIES * 42,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocapitalize": "characters"}),
        help_text=gettext_lazy("Satu baris satu eksemplar; pindai berturut-turut. Kosong: nomor berikutnya dari kantor ini."),
    )  # fmt: skip
    count = forms.IntegerField(
        label=gettext_lazy("Jumlah eksemplar"), min_value=1, max_value=MOST_COPIES, required=False, initial=1,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        help_text=gettext_lazy("Dipakai bila barcode dikosongkan."),
    )  # fmt: skip
    field_order = ["barcodes", "count", "shelf", "in_house_only"]

    def __init__(self, *args: Any, office: Office, **more: Any) -> None:
        self.office = office
        super().__init__(*args, **more)

    def clean_barcodes(self) -> list[str]:
        lines = [lookup.one_line(row) for row in self.cleaned_data["barcodes"].splitlines()]
        barcodes = [row for row in lines if row]
        if len(barcodes) > MOST_COPIES:
            raise ValidationError(_("Paling banyak %d eksemplar sekaligus.") % MOST_COPIES)
        seen: set[str] = set()
        problems = []
        for barcode in barcodes:
            if not printable(barcode):
                problems.append(
                    _("Barcode “%s”: paling panjang 40, hanya huruf, angka, dan tanda latin.") % barcode[:60]
                )
            elif barcode.upper() in seen:
                problems.append(_("Barcode “%s” tertulis dua kali.") % barcode)
            seen.add(barcode.upper())
        if problems:
            raise ValidationError(problems)
        self._untaken(barcodes)
        return barcodes

    def _untaken(self, barcodes: list[str]) -> None:
        if found := copies.taken(self.office, barcodes):
            raise ValidationError(taken_words(found))

    def clean(self) -> dict:
        given = super().clean() or self.cleaned_data
        barcodes, count = given.get("barcodes"), given.get("count")
        if barcodes and count and count not in (1, len(barcodes)):
            self.add_error(
                "count",
                _("Ada %(lines)d barcode untuk %(count)d eksemplar.")
                % {"lines": len(barcodes), "count": count},
            )
        return given


def taken_words(found: dict[str, str]) -> list[str]:
    return [
        _("Barcode %(barcode)s sudah dipakai: %(title)s.") % {"barcode": barcode, "title": title[:120]}
        for barcode, title in sorted(found.items())[:10]
    ]


class CopyForm(ShelfForm):
    barcode = forms.CharField(label=gettext_lazy("Barcode"), max_length=40)
    field_order = ["barcode", "shelf", "in_house_only"]

    def __init__(self, *args: Any, instance: Copy, **more: Any) -> None:
        self.instance = instance
        super().__init__(*args, **more)
        for name in self.fields:
            self.initial[name] = getattr(instance, name)

    def clean_barcode(self) -> str:
        barcode = lookup.one_line(self.cleaned_data["barcode"])
        if barcode != self.instance.barcode and not printable(barcode):
            raise ValidationError(_("Barcode hanya memuat huruf, angka, dan tanda latin."))
        if found := copies.taken(self.instance.office, [barcode], but=self.instance):
            raise ValidationError(taken_words(found))
        return barcode


class CoverForm(forms.Form):
    cover = forms.FileField(
        label=gettext_lazy("Gambar sampul"),
        widget=forms.FileInput(attrs={"accept": pictures.ACCEPTED, "data-most-bytes": pictures.MOST_BYTES}),
        help_text=gettext_lazy("PNG, JPEG, atau WebP, paling besar 5 MB dan 6000 × 6000 piksel."),
    )

    def clean_cover(self) -> ContentFile:
        """JPEG, because the readers of an OPDS feed show no WebP (OPDS 1.2, section 5.2.1)."""
        return pictures.redrawn(self.cleaned_data["cover"], within=COVER, as_="JPEG")
