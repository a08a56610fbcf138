"""The office's collection: its copies, what it keeps without a copy, and the catalogue of all offices."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import F, Q, QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from library.export import tables
from library.models import Copy, Publication
from library.search import engine
from services.accounts import access
from services.accounts.http import Request
from services.offices.models import Office

PAGE = 50
AT_ONCE = 500
LISTS = [
    ("", _("Eksemplar kantor ini")),
    ("tanpa", _("Tanpa eksemplar")),
    ("semua", _("Katalog semua kantor")),
]
SORTS: dict[str, tuple[Any, tuple]] = {
    "": (_("Judul"), ("publication__title", "barcode")),
    "barcode": (_("Barcode"), ("barcode",)),
    "rak": (_("Rak"), ("shelf", "publication__title", "barcode")),
    "terbaru": (_("Terbaru masuk"), ("-added_on", "-pk")),
    "tahun": (_("Tahun"), (F("publication__year").desc(nulls_last=True), "publication__title", "barcode")),
}


class CollectionForm(forms.Form):
    """What the list shows. What makes no sense in the address counts as not said."""

    q = forms.CharField(label=_("Judul, barcode, atau rak"), required=False, max_length=200)
    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=[("", _("Semua status")), *Copy.State.choices]
    )
    urut = forms.ChoiceField(
        label=_("Urutkan"), required=False, choices=[(key, label) for key, (label, _by) in SORTS.items()]
    )
    lihat = forms.ChoiceField(required=False, choices=LISTS, widget=forms.HiddenInput)

    def asked(self) -> dict[str, str]:
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}


@access.staff
def collection(request: Request) -> HttpResponse:
    form = CollectionForm(request.GET)
    asked = form.asked()
    context: dict[str, Any] = {
        "form": CollectionForm(initial=asked),
        "asked": asked,
        "columns": [_("Judul"), _("Barcode"), _("Rak"), _("Status")],
        "files": tables.FORMS,
        "lists": [(f"?lihat={key}" if key else "?", label, key == asked["lihat"]) for key, label in LISTS],
    }
    if asked["lihat"] == "semua":
        found = engine.search(asked["q"], engine.Filters()) if asked["q"] else None
        context["titles"] = found.page if found else []
    else:
        rows = copies(request.office, asked) if not asked["lihat"] else uncopied(request.office, asked["q"])
        context["page"] = Paginator(rows, PAGE).get_page(request.GET.get("page"))
        context["query"] = _query(request)
    return render(request, "library/collection.html", context)


@access.staff
@require_safe
def take_along(request: Request, form: str) -> HttpResponseBase:
    """The list as it is filtered, whole, as a file."""
    asked = CollectionForm(request.GET).asked()
    pairs = _pairs(request.office, asked)

    def address(publication: Publication) -> str:
        return request.build_absolute_uri(publication.get_absolute_url())

    name = f"koleksi-{request.office.code}-{request.office.today()}"
    return tables.answer(form, name, pairs, address)


def _pairs(office: Office, asked: dict[str, str]) -> Iterator[tables.Pair]:
    """Copies of one record together; read piece by piece from the database."""
    facts = ("series", "region", "subject")
    if asked["lihat"]:
        rows = uncopied(office, asked["q"]).defer("search").select_related(*facts)
        return ((publication, None) for publication in rows.iterator(chunk_size=AT_ONCE))
    found = copies(office, asked).defer(None).defer("publication__search")
    found = found.select_related(*(f"publication__{name}" for name in facts))
    by_record = found.order_by("publication__title", "publication", "barcode")
    return ((copy.publication, copy) for copy in by_record.iterator(chunk_size=AT_ONCE))


def _query(request: Request) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    return query.urlencode()


def copies(office: Office, asked: dict[str, str]) -> QuerySet[Copy]:
    """Every word stands in the title, the barcode or the shelf."""
    found = office.copies.select_related("publication").defer("publication__search", "publication__abstract")
    for word in asked["q"].split()[:10]:
        found = found.filter(
            Q(publication__title__icontains=word) | Q(barcode__icontains=word) | Q(shelf__icontains=word)
        )
    if asked["status"]:
        found = found.filter(state=asked["status"])
    return found.order_by(*SORTS[asked["urut"]][1])


def uncopied(office: Office, typed: str) -> QuerySet[Publication]:
    """What this office keeps the record of and has no book of."""
    found = Publication.objects.filter(keeper=office).exclude(
        pk__in=office.copies.order_by().values("publication")
    )
    for word in typed.split()[:10]:
        found = found.filter(title__icontains=word)
    return found.defer("search", "abstract").order_by("title")
