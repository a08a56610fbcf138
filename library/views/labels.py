"""Labels for books: which copies, on which sheet, from which place; one PDF."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from library.labels import printing
from library.labels.sheets import SHEETS
from library.models import Copy
from library.views.catalogue import shelves
from library.views.collection import copies
from services.accounts import access
from services.accounts.http import Request
from services.days import DayField

PAGE = 100
KINDS = [
    ("barcode", gettext_lazy("Label barcode: nama kantor, judul, dan barcode")),
    ("spine", gettext_lazy("Label punggung: nomor katalog, wilayah, tahun, dan rak")),
]
WHICH = [
    ("chosen", gettext_lazy("Yang dicentang di bawah")),
    ("all", gettext_lazy("Semua yang ditemukan")),
]


class FindForm(forms.Form):
    """Which copies are listed. What makes no sense counts as not said."""

    q = forms.CharField(label=gettext_lazy("Judul, barcode, atau rak"), required=False, max_length=200)
    rak = forms.CharField(
        label=gettext_lazy("Semua di rak"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"list": "shelves"}),
    )
    sejak = DayField(
        label=gettext_lazy("Masuk sejak"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    publikasi = forms.IntegerField(required=False, max_value=2**62, widget=forms.HiddenInput)
    dari = forms.CharField(label=gettext_lazy("Barcode dari"), required=False, max_length=40)
    sampai = forms.CharField(label=gettext_lazy("Sampai barcode"), required=False, max_length=40)

    def asked(self) -> dict[str, Any]:
        self.is_valid()
        return {name: self.cleaned_data.get(name) or "" for name in self.fields}


class PrintForm(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("Jenis label"), choices=KINDS, initial="barcode", widget=forms.RadioSelect
    )
    sheet = forms.ChoiceField(
        label=gettext_lazy("Kertas label (A4)"), choices=[(s.key, s.words) for s in SHEETS.values()]
    )
    first = forms.IntegerField(
        label=gettext_lazy("Mulai dari label ke"), initial=1, min_value=1,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        help_text=gettext_lazy("Untuk kertas yang sudah terpakai sebagian: hitung dari kiri atas, baris demi baris."),
    )  # fmt: skip
    which = forms.ChoiceField(
        label=gettext_lazy("Eksemplar"), choices=WHICH, initial="chosen", widget=forms.RadioSelect
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        sheet = SHEETS.get(given.get("sheet", ""))
        if sheet and (given.get("first") or 1) > sheet.labels:
            self.add_error("first", _("Lembar ini punya %d label.") % sheet.labels)
        return given


@access.staff
def labels(request: Request) -> HttpResponse:
    """GET lists copies; POST makes the PDF, or the same page again with what is wrong."""
    data = request.POST if request.method == "POST" else request.GET
    asked = FindForm(data).asked()
    rows = found(request, asked)
    form = PrintForm(request.POST or None)
    chosen: set[int] = set()
    if request.method == "POST":
        chosen = {
            int(pk) for pk in request.POST.getlist("copy") if pk.isascii() and pk.isdecimal() and len(pk) < 19
        }
        if form.is_valid():
            try:
                return _pdf(request, form.cleaned_data, rows, chosen)
            except ValidationError as problem:
                form.add_error("which", problem)
    context = {
        "find": FindForm(initial=asked),
        "asked": {
            name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in asked.items()
        },
        "form": form,
        "page": Paginator(rows, PAGE).get_page(data.get("page")),
        "query": _query(request),
        "chosen": chosen,
        "shelves": shelves(request),
        "today": request.office.today().isoformat(),
        "most": printing.MOST,
    }
    return render(request, "library/labels.html", context, status=422 if form.errors else 200)


def found(request: Request, asked: dict[str, Any]) -> QuerySet[Copy]:
    rows = copies(request.office, {"q": asked["q"], "status": "", "urut": "barcode"})
    rows = rows.exclude(state=Copy.State.WITHDRAWN)
    wanted = {
        "publication": asked["publikasi"],
        "shelf__iexact": asked["rak"],
        "added_on__gte": asked["sejak"],
        "barcode__gte": asked["dari"],
        "barcode__lte": asked["sampai"],
    }
    return rows.filter(**{lookup: value for lookup, value in wanted.items() if value})


def _query(request: Request) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    return query.urlencode()


def _pdf(request: Request, given: dict[str, Any], rows: QuerySet[Copy], chosen: set[int]) -> HttpResponse:
    """Raises ValidationError in words for the officer."""
    if given["which"] == "chosen":
        rows = rows.filter(pk__in=chosen)
    wanted = list(rows.select_related("publication__subject", "publication__region")[: printing.MOST + 1])
    if not wanted:
        raise ValidationError(_("Pilih paling sedikit satu eksemplar."))
    if len(wanted) > printing.MOST:
        raise ValidationError(_("Paling banyak %d label sekaligus: persempit yang dicari.") % printing.MOST)
    try:
        pdf = printing.pdf(
            wanted,
            office=request.office,
            sheet=SHEETS[given["sheet"]],
            kind=given["kind"],
            first=given["first"],
        )
    except printing.CannotPrint as problem:
        which = ", ".join(problem.barcodes[:10])
        raise ValidationError(
            _("Barcode ini terlalu panjang untuk label sekecil itu, atau memuat huruf bukan latin: %s.")
            % which
        ) from None
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="label-{given["kind"]}-{request.office.code}.pdf"'
    return answer
