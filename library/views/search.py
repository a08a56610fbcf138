"""Searching the catalogue: for everybody, at all offices or one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from django import forms
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from library.export import tables
from library.models import Publication, PublicationUse, Region, Subject
from library.models.catalogue import FIRST_YEAR, LAST_YEAR
from library.search import candidates, engine, inside, tally
from library.search.highlight import Marker
from library.search.query import MOST_TYPED
from library.views import hits_again
from library.views.counting import by_a_reader
from library.views.hits import hits
from library.views.reader import address as reader_address
from library.workflows import statistics
from services.accounts import access, limits
from services.accounts.http import Request
from services.offices.models import Office

AT_ONCE = 250
MOST_FOR_QUESTION = 4
FACETS = {
    "region": ("wilayah", _("Wilayah")),
    "subject": ("subjek", _("Subjek")),
    "year": ("tahun", pgettext_lazy("of a publication", "Tahun")),
    "form": ("bentuk", _("Bentuk")),
}
FORMS = {"cetak": ("printed", _("Tercetak")), "softcopy": ("digital", _("Softcopy"))}


SORTS = [("", _("Paling sesuai")), ("newest", _("Terbaru")), ("title", _("Judul"))]


class SearchForm(forms.Form):
    """The address of a search. What makes no sense in it counts as not said: an address is not typed by hand."""

    q = forms.CharField(required=False)
    kantor = forms.CharField(required=False, max_length=4)
    wilayah = forms.RegexField(r"^[0-9]{4}$", required=False)
    subjek = forms.RegexField(r"^[0-9A-Za-z]{1,10}$", required=False)
    tahun = forms.IntegerField(required=False, min_value=FIRST_YEAR, max_value=LAST_YEAR)
    bentuk = forms.ChoiceField(required=False, choices=[(name, name) for name in FORMS])
    tersedia = forms.BooleanField(required=False)
    urut = forms.ChoiceField(
        label=_("Urutkan"),
        required=False,
        choices=SORTS,
    )
    hal = forms.IntegerField(required=False, min_value=1, max_value=engine.MOST_PAGES)
    persis = forms.BooleanField(required=False)

    def asked(self) -> dict[str, Any]:
        self.is_valid()
        return {name: self.cleaned_data.get(name) for name in self.fields}


@dataclass(frozen=True)
class Search:
    """What an address asks for."""

    asked: dict[str, Any]
    typed: str
    office: Office | None
    filters: engine.Filters

    @classmethod
    def of(cls, request: Request) -> Search:
        asked = SearchForm(request.GET).asked()
        office = Office.objects.filter(code=asked["kantor"]).first() if asked["kantor"] else None
        form = FORMS.get(asked["bentuk"] or "", ("", ""))[0]
        filters = engine.Filters(
            region=asked["wilayah"] or "", subject=asked["subjek"] or "", year=asked["tahun"], form=form,
            available=bool(asked["tersedia"]), office=office, sort=asked["urut"] or "relevance",
        )  # fmt: skip
        return cls(asked, (asked["q"] or "").replace("\0", "")[:MOST_TYPED], office, filters)


@access.public
@vary_on_headers("HX-Request")
@never_cache
def search(request: Request) -> HttpResponse:
    """`q` the words; the other parameters narrow. The same address finds the same for everybody."""
    wanted = Search.of(request)
    asked, typed, office = wanted.asked, wanted.typed, wanted.office
    found = engine.search(typed, wanted.filters, asked["hal"] or 1, as_typed=bool(asked["persis"]))
    reader = by_a_reader(request)
    if reader and found.question.terms and found.number == 1:
        day = office.today() if office else timezone.localdate()
        tally.note(found.question, found=bool(found.count) and not found.near, office=office, day=day)
    if reader and (typed or _chosen_any(asked)):
        statistics.count_later(PublicationUse.Kind.FOUND, [p.pk for p in found.page], office)
    marker = Marker(found.corrected or found.question)
    context = {
        "typed": typed,
        "asked": asked,
        "found": found,
        "rows": hits(found.page, marker),
        "inside": _inside(found, wanted, marker),
        "chosen": [(words, _link(request, **{name: None})) for name, words in _chosen(asked)],
        "facets": _facets(request, found, asked),
        "sorts": [(label, _link(request, urut=value), asked["urut"] == value) for value, label in SORTS],
        "exactly": _link(request, persis="1"),
        "previous": _link(request, hal=found.number - 1),
        "next": _link(request, hal=found.number + 1),
        "last_of_many": found.number == found.pages and found.count > found.pages * engine.PAGE,
        "files": _files(request),
        "most_taken": number_format(candidates.RANKED, force_grouping=True)
        * (found.count > candidates.RANKED),
        "office": office,
        "ask": quote(typed),
    }
    template = "library/search.html#results" if request.htmx else "library/search.html"
    response = render(request, template, context)
    hits_again.note(request, response)
    return response


def _inside(found: engine.Results, wanted: Search, marker: Marker) -> list[dict[str, Any]]:
    """What stands in softcopies, beside the first page of records."""
    if found.number != 1:
        return []
    question = found.corrected or found.question
    rows = []
    for hit in inside.search(question, wanted.filters, marker):
        publication = Publication(pk=hit.pk, title=hit.title)
        pages = [(number, reader_address(publication, number, question.typed)) for number in hit.pages]
        rows.append({"hit": hit, "pages": pages, "first": pages[0][1]})
    return rows


def _files(request: Request) -> list[tuple[str, str]]:
    query = _link(request)
    return [
        (name, reverse("library:search_file", args=[form]) + query) for form, name in tables.FORMS.items()
    ]


@access.public
@access.takes_away
@require_safe
def take_along(request: Request, form: str) -> HttpResponseBase:
    """What was found as a file; of very much the newest."""
    if limits.exceeded(request, "search file"):
        return render(request, "library/search_refused.html", {"problem": limits.words()}, status=429)
    wanted = Search.of(request)
    found = engine.everything(wanted.typed, wanted.filters, as_typed=bool(wanted.asked["persis"]))

    def address(publication: Publication) -> str:
        return request.build_absolute_uri(publication.get_absolute_url())

    name = f"pustaka-bps-{timezone.localdate()}"
    return tables.answer(form, name, _records(found), address, copies=False)


def _records(keys: list[int]) -> Iterator[tables.Pair]:
    """In this order; read piece by piece."""
    for at in range(0, len(keys), AT_ONCE):
        some = keys[at : at + AT_ONCE]
        rows = (
            Publication.objects.released()
            .defer("search")
            .select_related("series", "region", "subject")
            .in_bulk(some)
        )
        yield from ((rows[pk], None) for pk in some if pk in rows)


def _chosen_any(asked: dict[str, Any]) -> bool:
    """Whether anything was asked; without it the page only shows what is new."""
    return any(asked[name] for name in ("wilayah", "subjek", "tahun", "bentuk", "tersedia"))


def _chosen(asked: dict[str, Any]) -> list[tuple[str, str]]:
    """What narrows the search now: the parameter to take away, and its words."""
    words: dict[str, Callable[[Any], Any]] = {
        "wilayah": lambda code: _name(Region, code),
        "subjek": lambda code: _name(Subject, code),
        "tahun": str,
        "bentuk": lambda name: FORMS[name][1],
        "tersedia": lambda _yes: _("Ada di rak"),
    }
    return [(name, say(asked[name])) for name, say in words.items() if asked[name]]


def _name(model: Any, code: str) -> str:
    return model.objects.filter(code=code).values_list("name", flat=True).first() or code


def _facets(request: Request, found: engine.Results, asked: dict[str, Any]) -> list[tuple[Any, list]]:
    """What may narrow further: (title, [(words, how many, address)])."""
    forms_by_value = {value: (name, label) for name, (value, label) in FORMS.items()}
    result: list[tuple[Any, list]] = []
    for facet in found.facets:
        name, title = FACETS[facet.name]
        rows = [
            (forms_by_value[value] if facet.name == "form" else (value, label), number)
            for value, label, number in facet.rows
        ]
        if rows and not asked[name]:
            result.append(
                (title, [(label, n, _link(request, **{name: value})) for (value, label), n in rows])
            )
    if not asked["tersedia"] and any(
        row[0] == "printed" for f in found.facets if f.name == "form" for row in f.rows
    ):
        result.append((_("Ketersediaan"), [(_("Ada di rak"), "", _link(request, tersedia="1"))]))
    return result


def _link(request: Request, **changes: Any) -> str:
    """This search with something changed; from its first page unless the page is what changes."""
    query = {**request.GET.dict(), "hal": None, **changes}
    return f"?{urlencode({name: value for name, value in query.items() if value})}"


@access.public
@never_cache
def suggest(request: Request) -> HttpResponse:
    """Fragment: titles that go on as typed, for the field of the search (static/js/suggest.js)."""
    typed = request.GET.get("q", "").replace("\0", "")[:MOST_TYPED]
    found = engine.suggest(typed)
    marker = Marker(engine.understand(typed))
    return render(request, "library/_suggestions.html", {"rows": [(p, marker.mark(p.title)) for p in found]})


@access.public
@never_cache
def ask(request: Request) -> HttpResponse:
    """Nothing found is not the end: the question goes to a consultant, with what was sought (requirement row 32). Counted
    here, asked there."""
    typed = " ".join(request.GET.get("q", "").replace("\0", "")[:MOST_TYPED].split())
    about, code = _asked_about(request), request.GET.get("kantor", "")
    office = code if code.isascii() and code.isdecimal() and len(code) <= 4 else ""
    query = {"q": typed, "pustaka": about.pk if about else "", "kantor": office}
    return redirect(f"{reverse('consultation:ask')}?{urlencode({k: v for k, v in query.items() if v})}")


@access.public
@never_cache
@require_POST
def suggest_for_question(request: Request) -> HttpResponse:
    """Fragment: what in the catalogue may answer a question in sentences (`question`), for the page where it is asked.
    Posted, so that it stands in no log. Not counted as a search: nobody searched."""
    typed = request.POST.get("question", "").replace("\0", "")[:MOST_TYPED]
    found = engine.search(typed, engine.Filters()) if len(typed.strip()) > 2 else None
    rows = found.page[:MOST_FOR_QUESTION] if found and found.question.terms else []
    marker = Marker(found.corrected or found.question) if found else None
    context = {
        "rows": [(p, marker.mark(p.title) if marker else p.title) for p in rows],
        "enough": reverse("consultation:enough"),
        "kantor": request.POST.get("office", "")[:4],
    }
    return render(request, "library/_suggest_for_question.html", context)


def _asked_about(request: Request) -> Publication | None:
    """The publication on whose page the question began (`pustaka`); counted at the office that was chosen, if any."""
    key, code = request.GET.get("pustaka", ""), request.GET.get("kantor", "")[:4]
    if not (key.isascii() and key.isdecimal() and len(key) < 19):
        return None
    about = Publication.objects.released().only("title").filter(pk=int(key)).first()
    if about and by_a_reader(request):
        office = Office.objects.filter(code=code).first() if code.isascii() and code.isdecimal() else None
        statistics.count(PublicationUse.Kind.ASKED, [about.pk], office)
    return about
