"""The forms of imports: a file, which column is what, where another catalogue is fetched."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from library.importing import table
from library.importing.fields import FIELDS
from library.importing.http import Refused, check_address
from library.importing.table import Look, Shape
from library.models import CatalogueSource
from services.offices.models import Office


class FileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Berkas"),
        help_text=gettext_lazy("CSV, Excel (.xlsx), atau MARC21 (.mrc)."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.mrc,.marc,.iso,.dat"}),
        error_messages={"empty": gettext_lazy("Berkas ini kosong.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["data-most-bytes"] = settings.IMPORT_MOST_BYTES

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.IMPORT_MOST_BYTES:
            raise ValidationError(too_large())
        return file


def too_large() -> str:
    most = settings.IMPORT_MOST_BYTES // 1_000_000
    return _("Berkas lebih besar dari %d MB. Bagi menjadi beberapa berkas.") % most


class ShapeForm(forms.Form):
    """How a table is to be read. A choice for each of its columns."""

    encoding = forms.ChoiceField(label=gettext_lazy("Pengodean huruf"), choices=list(table.ENCODINGS.items()))
    separator = forms.ChoiceField(label=gettext_lazy("Pemisah kolom"), choices=list(table.SEPARATORS.items()))
    sheet = forms.ChoiceField(label=gettext_lazy("Lembar kerja"))
    headed = forms.BooleanField(label=gettext_lazy("Baris pertama berisi nama kolom"), required=False)

    def __init__(self, data: Any, *, look: Look) -> None:
        shape = look.shape
        super().__init__(
            data,
            initial={name: getattr(shape, name) for name in ("encoding", "separator", "sheet", "headed")},
        )
        if look.sheets:
            del self.fields["encoding"], self.fields["separator"]
            self.fields["sheet"].choices = [(name, name) for name in look.sheets]  # type: ignore[attr-defined]
        else:
            del self.fields["sheet"]
        if shape.top:
            self.fields["headed"].label = _("Nama kolom ada di baris %d; yang di atasnya tidak dibaca") % (
                shape.top + 1
            )
        choices = [("", _("– tidak dipakai –")), *FIELDS.items()]
        self.samples = [
            [row[n] if n < len(row) else "" for row in look.samples[:3]] for n in range(len(look.titles))
        ]
        for n, (title, chosen) in enumerate(zip(look.titles, shape.columns, strict=False)):
            field = forms.ChoiceField(
                label=title or _("Kolom %d") % (n + 1), choices=choices, required=False, initial=chosen
            )
            self.fields[f"column_{n}"] = field

    def columns(self) -> Iterable[tuple[forms.BoundField, list[str]]]:
        """Each column's choice beside what stands in it."""
        return [(self[f"column_{n}"], samples) for n, samples in enumerate(self.samples)]

    def about(self) -> list[forms.BoundField]:
        return [field for field in self if not field.name.startswith("column_")]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        chosen = [cleaned.get(f"column_{n}", "") for n in range(len(self.samples))]
        for n, name in enumerate(chosen):
            if name and name in chosen[:n]:
                self.add_error(f"column_{n}", _("Kolom lain sudah dipilih untuk ini."))
        if "title" not in chosen:
            raise ValidationError(_("Pilih kolom mana yang berisi judul."))
        return cleaned

    def shape(self, before: Shape) -> Shape:
        cleaned = self.cleaned_data
        return Shape(
            encoding=cleaned.get("encoding") or before.encoding,
            separator=cleaned.get("separator") or before.separator,
            sheet=cleaned.get("sheet") or before.sheet,
            headed=cleaned["headed"],
            top=before.top,
            columns=[cleaned[f"column_{n}"] for n in range(len(self.samples))],
        )


class SourceForm(forms.ModelForm):
    class Meta:
        model = CatalogueSource
        fields = ["kind", "address", "set_spec", "nightly", "automatic", "softcopies"]
        help_texts = {
            "address": gettext_lazy("WebAPI: kode wilayah, misalnya 7411. OAI-PMH: alamat servernya."),
            "set_spec": gettext_lazy("Hanya untuk OAI-PMH, bila hanya sebagian koleksi yang dibaca."),
            "softcopies": gettext_lazy(
                "Hanya dari WebAPI: setiap malam PDF publikasi yang belum punya softcopy diambil dan diperiksa."
            ),
            "automatic": gettext_lazy("Tanpa ini, hasil bacaan malam menunggu Anda periksa."),
        }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        address, kind = cleaned.get("address", "").strip(), cleaned.get("kind")
        if not address or not kind:
            return cleaned
        if kind == CatalogueSource.Kind.WEBAPI:
            if not (address.isascii() and address.isdecimal() and len(address) == 4):
                self.add_error("address", _("Kode wilayah terdiri dari empat angka, misalnya 7411."))
            elif (
                owner := Office.objects.serving()
                .filter(code=address)
                .exclude(pk=self.instance.office_id)
                .first()
            ):
                # Whose publications these are keeps their records, too.
                said = _("Ini kode %s, yang memakai PST juga: kantor itu yang membaca publikasinya.")
                self.add_error("address", said % owner)
            cleaned["set_spec"] = ""
        else:
            cleaned["softcopies"] = False
            try:
                check_address(address)
            except Refused as problem:
                self.add_error("address", str(problem))
        cleaned["address"] = address
        return cleaned
