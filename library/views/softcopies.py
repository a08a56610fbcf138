"""The desk's pages of softcopies: bring files in, say which publication each is and who may read it, take it back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from library.digital import matching, words
from library.digital_forms import RECORDED, AccessForm, FilesForm, ListForm, WishForm, WithdrawForm
from library.models import DigitalCopy, Publication
from library.pdf import limits
from library.pdf.faults import Refused
from library.search import engine
from library.views import release as release_views
from library.workflows import catalogue, intake, release
from services.accounts import access
from services.accounts.http import Request
from services.responses import explains
from services.workflow import can_move

HERE = "library:softcopies"
SHOWN = 30
MOST_TYPED = 200
State = DigitalCopy.State
LEVELS = {"checking": "info", "ready": "ok", "refused": "danger", "replaced": "", "withdrawn": ""}


@dataclass(frozen=True)
class Outcome:
    """What became of one file that was sent."""

    name: str
    problem: str = ""
    digital: DigitalCopy | None = None


@access.staff
@never_cache
def softcopies(request: Request) -> HttpResponse:
    """The office's softcopies, the latest first; POST takes files, one or several."""
    posted = request.method == "POST"
    form = FilesForm(
        request.POST if posted else None, request.FILES if posted else None, initial=_for(request)
    )
    wish = _wish(request)
    outcomes: list[Outcome] = []
    if posted and form.is_valid() & wish.is_valid():
        publication = form.cleaned_data["publication"]
        if publication and not catalogue.may_change(publication, request.user, request.office):
            raise Http404
        given = {
            "publication": publication,
            "access": wish.cleaned_data["access"],
            "embargo_until": wish.cleaned_data["until"],
        }
        outcomes = [_taken(request, file, given) for file in form.cleaned_data["pdf"]]
        good = [outcome for outcome in outcomes if not outcome.problem]
        if "application/json" in request.headers.get("Accept", ""):
            return _told(outcomes)
        if good:
            said = ngettext(
                "%d berkas diterima dan sedang diperiksa.",
                "%d berkas diterima dan sedang diperiksa.",
                len(good),
            )
            messages.success(request, said % len(good))
        if len(good) == len(outcomes):
            return redirect(HERE)
    elif posted and "application/json" in request.headers.get("Accept", ""):
        problem = " ".join(str(error) for errors in (form.errors | wish.errors).values() for error in errors)
        return JsonResponse({"problem": problem}, status=422)
    wrong = [outcome for outcome in outcomes if outcome.problem]
    context = {
        **_listed(request),
        "form": form,
        "wish": wish,
        "wrong": wrong,
        "most": limits.FILE_BYTES // limits.MB,
    }
    template = "library/softcopies.html#list" if request.htmx else "library/softcopies.html"
    return render(request, template, context, status=422 if form.errors or wish.errors or wrong else 200)


def _for(request: Request) -> dict[str, Any]:
    """`pustaka`: the publication on whose page somebody chose to bring its file."""
    typed = request.GET.get("pustaka", "")
    return {"publication": _key(typed)} if _is_key(typed) else {}


def _is_key(typed: str) -> bool:
    return typed.isascii() and typed.isdecimal() and len(typed) < 19


def _key(typed: str) -> int:
    """0 for what is no key."""
    return int(typed) if _is_key(typed) else 0


def _wish(request: Request) -> WishForm:
    """What is to hold for all files of this upload; what was not said is left to whoever links them."""
    posted = request.POST.copy() if request.method == "POST" else None
    if posted is not None:
        posted.setdefault("access", RECORDED)
    return WishForm(posted, office=request.office, access=RECORDED)


def _taken(request: Request, file: Any, given: dict[str, Any]) -> Outcome:
    name = file.name or "softcopy.pdf"
    try:
        digital = intake.receive(request.office, file, name=name, by=request.actor, **given)
    except Refused as refused:
        return Outcome(name, words.said(refused.code, refused.values))
    return Outcome(name, digital=digital)


def _told(outcomes: list[Outcome]) -> JsonResponse:
    """For the page's script, which sends one file at a time."""
    problem = "; ".join(outcome.problem for outcome in outcomes if outcome.problem)
    digital = next((outcome.digital for outcome in outcomes if outcome.digital), None)
    kept = {"key": digital.pk, "address": reverse("library:softcopy", args=[digital.pk])} if digital else {}
    return JsonResponse({"problem": problem, **kept}, status=422 if problem else 200)


def _listed(request: Request) -> dict[str, Any]:
    form = ListForm(request.GET)
    rows = form.of(request.office.digital_copies.select_related("publication", "added_by"))
    about = _for(request).get("publication")
    page = Paginator(rows.defer("sizes", "outline"), SHOWN).get_page(request.GET.get("page"))
    query = {name: value for name, value in form.asked().items() if value}
    return {
        "page": page,
        "filter": form,
        "query": urlencode(query),
        "rows": [(row, LEVELS[row.state], _problem(row)) for row in page],
        "about": Publication.objects.known_to(request.office).only("title").filter(pk=about).first()
        if about
        else None,
    }


def _problem(digital: DigitalCopy) -> str:
    return words.said(digital.fault, digital.fault_values) if digital.fault else ""


def _of_office(request: Request, pk: int) -> DigitalCopy:
    rows = request.office.digital_copies.select_related("publication__keeper", "added_by", "office")
    return get_object_or_404(rows, pk=pk)


@access.staff
@never_cache
def one(request: Request, pk: int) -> HttpResponse:
    """One softcopy; `q` seeks the publication it is."""
    digital = _of_office(request, pk)
    if request.htmx:
        return HttpResponse(
            render_to_string("library/softcopy.html#state", _shown(request, digital), request)
        )
    return _page(request, digital)


def _page(request: Request, digital: DigitalCopy, **more: Any) -> HttpResponse:
    """`more` may bring one of the forms back with what is wrong in it."""
    context = {**_shown(request, digital), **more}
    forms = (context["access_form"], context["withdraw_form"], context["link_form"])
    wrong = any(form.is_bound for form in forms if form)
    return render(request, "library/softcopy.html", context, status=422 if wrong else 200)


def _shown(request: Request, digital: DigitalCopy) -> dict[str, Any]:
    publication = digital.publication
    mine = bool(publication and catalogue.may_change(publication, request.user, request.office))
    asked = request.POST if request.method == "POST" else request.GET
    typed = asked.get("q", "").replace("\0", "")[:MOST_TYPED].strip()
    return {
        "digital": digital,
        "publication": publication,
        "level": LEVELS[digital.state],
        "problem": _problem(digital),
        "notes": [words.noted(code) for code in digital.notes],
        "steps": digital.steps.select_related("by_user"),
        "typed": typed,
        "candidates": [] if publication else _candidates(request, digital, typed),
        "access_form": AccessForm(publication=publication, office=request.office)
        if mine and publication
        else None,
        "access_action": reverse("library:softcopy_act", args=[digital.pk, "akses"]),
        "access_changes": release_views.trace(publication, request.office) if mine and publication else [],
        "link_form": WishForm(
            office=request.office, until=digital.embargo_wanted, access=digital.access_wanted
        ),
        "withdraw_form": WithdrawForm(),
        "can_withdraw": can_move(digital, State.WITHDRAWN),
        "can_link": publication is None and digital.state in (State.CHECKING, State.READY),
    }


def _candidates(request: Request, digital: DigitalCopy, typed: str) -> list[tuple[Publication, bool, str]]:
    """With whether this office may give it a softcopy, and how far it is open."""
    office = request.office
    found = (
        engine.search(typed, engine.Filters()).page
        if typed
        else matching.suggestions(digital.file_name, office)
    )
    found = [*matching.unreleased(office, typed), *found]
    key = _key(request.POST.get("publication", ""))  # chosen in a form that has to be shown again
    found += Publication.objects.known_to(office).filter(pk=key).defer("search", "abstract") if key else []
    kept = Publication.objects.filter(pk__in=[p.pk for p in found]).defer("search", "abstract").in_bulk()
    rows = [kept[pk] for pk in dict.fromkeys(p.pk for p in found) if pk in kept]
    return [
        (
            row,
            catalogue.may_change(row, request.user, office),
            release.said(row.access, None if row.released else row.embargo_until, office),
        )
        for row in rows
    ]


@access.staff
@require_POST
@explains(HERE)
def act(request: Request, pk: int, action: str) -> HttpResponse:
    """`hubungkan` with a publication, `akses`, `tarik`."""
    digital = _of_office(request, pk)
    if action == "hubungkan":
        return _link(request, digital)
    if action == "akses":
        return _access(request, digital)
    if action == "tarik":
        return _withdraw(request, digital)
    raise Http404


def _link(request: Request, digital: DigitalCopy) -> HttpResponse:
    key = _key(request.POST.get("publication", ""))
    publication = Publication.objects.defer("search", "abstract").filter(pk=key).first() if key else None
    form = WishForm(request.POST, office=request.office)
    if publication is None:
        return _page(request, digital, link_form=form, link_problem=_("Pilih publikasinya."))
    if not catalogue.may_change(publication, request.user, request.office):
        raise Http404
    if not form.is_valid() or not form.check(publication):
        return _page(request, digital, link_form=form, chosen=publication.pk)
    given = form.cleaned_data
    intake.link(digital, publication, by=request.actor, access=given["access"], embargo_until=given["until"])
    messages.success(request, _("Berkas dihubungkan dengan “%s”.") % publication)
    return redirect("library:softcopy", pk=digital.pk)


def _access(request: Request, digital: DigitalCopy) -> HttpResponse:
    if digital.publication is None:
        raise Http404
    if form := release_views.save(request, digital.publication):
        return _page(request, digital, access_form=form)
    return redirect("library:softcopy", pk=digital.pk)


def _withdraw(request: Request, digital: DigitalCopy) -> HttpResponse:
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        return _page(request, digital, withdraw_form=form)
    intake.withdraw(digital, why=form.cleaned_data["why"], by=request.actor)
    messages.success(request, _("Softcopy ditarik dan tidak dapat dibaca lagi."))
    return redirect(HERE)
