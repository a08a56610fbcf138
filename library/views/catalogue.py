"""The desk's pages to enter and change a publication, its cover and its series."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from library import lookup
from library.catalogue_forms import CoverForm, NewCopiesForm, PublicationForm, SeriesForm
from library.digital_forms import AccessForm, NewAccessForm
from library.models import Copy, DigitalCopy, Publication, Series
from library.views import release
from library.workflows import catalogue as work
from library.workflows import copies as copies_work
from library.workflows import intake
from library.workflows.crossing import Busy
from services import pictures
from services.accounts import access
from services.accounts.http import Request
from services.workflow import IllegalMove

KEEP = "public, max-age=604800, immutable"  # the name is random and never used again
MOST_COPIES_SHOWN = 300
MOST_SHELVES = 200


@access.staff
def new(request: Request) -> HttpResponse:
    """`judul`: what was searched for and not found; `berkas`: the softcopy that waits for this record."""
    softcopy = _waiting(request)
    publication = Publication(
        producer=request.office.name, title=request.GET.get("judul", "").replace("\0", "")[:500]
    )
    form = PublicationForm(request.POST or None, instance=publication)
    access_form = NewAccessForm(request.POST or None, publication=publication, office=request.office)
    similar: list[Publication] = []
    if (
        request.method == "POST"
        and form.is_valid() & access_form.is_valid()
        and access_form.fits(form.cleaned_data["released_on"])
    ):
        found = form.save(commit=False)
        found.access, found.embargo_until = (
            access_form.cleaned_data["access"],
            access_form.cleaned_data["until"],
        )
        try:
            work.add(
                found,
                office=request.office,
                by=request.actor,
                anyway="anyway" in request.POST,
            )
        except work.Alike as problem:
            similar = problem.found
        except Busy as problem:
            form.add_error(None, str(problem))
        else:
            if softcopy:
                return _linked(request, softcopy, publication)
            messages.success(request, _("Publikasi disimpan. Tambahkan eksemplarnya, bila ada."))
            return redirect(_of(publication, "eksemplar"))
    bad = bool(form.errors or access_form.errors or similar)
    context = {
        "form": form, "access_form": access_form, "similar": similar, "shown": publication, "softcopy": softcopy,
    }  # fmt: skip
    return render(request, "library/publication_new.html", context, status=422 if bad else 200)


def _waiting(request: Request) -> DigitalCopy | None:
    """The office's file for which a record is being written."""
    key = request.POST.get("berkas", "") or request.GET.get("berkas", "")
    if not (key.isascii() and key.isdecimal() and len(key) < 19):
        return None
    return request.office.digital_copies.filter(pk=int(key), publication=None).first()


def _linked(request: Request, softcopy: DigitalCopy, publication: Publication) -> HttpResponse:
    """Back to the file, which is this publication's from now on."""
    try:
        intake.link(softcopy, publication, by=request.actor)
    except IllegalMove as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("Publikasi disimpan dan dihubungkan dengan berkas ini."))
    return redirect("library:softcopy", pk=softcopy.pk)


def _of(publication: Publication, part: str) -> str:
    return f"{reverse('library:publication_edit', args=[publication.pk])}#{part}"


def _publication(request: Request, pk: int) -> Publication:
    """One that is not released yet is only the office's that keeps it."""
    rows = Publication.objects.defer("search").select_related("series__region", "region", "subject", "keeper")
    found = get_object_or_404(rows, pk=pk)
    if not found.released and not work.may_change(found, request.user, request.office):
        raise Http404
    return found


@access.staff
def edit(request: Request, pk: int) -> HttpResponse:
    publication = _publication(request, pk)
    if request.method != "POST":
        return page(request, publication)
    if not work.may_change(publication, request.user, request.office):
        raise Http404
    form = PublicationForm(request.POST, instance=publication)
    seen, changes = request.POST.get("version", ""), []
    if form.is_valid():
        try:
            work.change(form.save(commit=False), seen=seen, office=request.office, by=request.actor)
        except work.ChangedMeanwhile as problem:
            changes = _differences(form, problem.stored)
            seen = work.version(problem.stored)
            form.add_error(None, _("Petugas lain baru saja mengubah data ini. Bandingkan, lalu simpan lagi."))
        except Busy as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("Perubahan disimpan."))
            if not publication.released:
                messages.info(request, _("Publikasi ini baru diketahui orang pada saat rilisnya."))
            return redirect(_of(publication, "isi"))
    return page(request, _publication(request, pk), form=form, version=seen, changes=changes)


def _differences(form: PublicationForm | SeriesForm, stored: Any) -> list[tuple[str, str]]:
    """What is stored now where the form says something else: (field, value)."""
    now = type(form)(instance=stored)
    names = work.different(stored, form.instance, form.fields)
    result = []
    for name in names:
        shown = getattr(stored, f"get_{name}_display", None)
        value = shown() if shown else now.initial[name]
        if name == "subject":
            value = stored.subject
        result.append((str(form.fields[name].label), "" if value is None else str(value)))
    return result


def page(request: Request, publication: Publication, **more: Any) -> HttpResponse:
    """The page with its three forms; `more` may bring one of them back with what is wrong in it."""
    office = request.office
    allowed = work.may_change(publication, request.user, office)
    copies = publication.copies.filter(office=office).order_by("barcode")
    context = {
        "publication": publication,
        "allowed": allowed,
        "form": PublicationForm(instance=publication) if allowed else None,
        "version": work.version(publication),
        "copies_form": NewCopiesForm(office=office),
        "cover_form": CoverForm(),
        "softcopies": publication.digital_copies.filter(state__in=("ready", "checking")).select_related(
            "office"
        ),
        "copies": copies[:MOST_COPIES_SHOWN],
        "copies_count": copies.count(),
        "shelves": shelves(request),
        "next_number": copies_work.next_numbers(office, 1)[0],
        "access_form": AccessForm(publication=publication, office=office) if allowed else None,
        "access_action": reverse("library:publication_access", args=[publication.pk]),
        "access_changes": release.trace(publication, office) if allowed else [],
        "elsewhere": publication.copies.exclude(office=office).exclude(state=Copy.State.WITHDRAWN).count(),
        **more,
    }
    context["wrong"] = next(
        (f for f in (context["form"], context["copies_form"], context["cover_form"]) if f and f.errors), None
    )
    bad = context["wrong"] or (context["access_form"] and context["access_form"].is_bound)
    return render(request, "library/publication_edit.html", context, status=422 if bad else 200)


def shelves(request: Request) -> list[str]:
    names = request.office.copies.exclude(shelf="").order_by("shelf").values_list("shelf", flat=True)
    return list(names.distinct()[:MOST_SHELVES])


@access.staff
def publication_access(request: Request, pk: int) -> HttpResponse:
    """Who may read it, and from when on anybody may know of it."""
    if request.method != "POST":  # the address that a refused form leaves in the browser, loaded again
        return redirect("library:publication_edit", pk=pk)
    publication = _publication(request, pk)
    if form := release.save(request, publication):
        return page(request, publication, access_form=form)
    return redirect(_of(publication, "akses"))


@access.staff
def cover(request: Request, pk: int, action: str) -> HttpResponse:
    """`pasang`: the picture that comes with the form; `hapus`: none any more."""
    if request.method != "POST":  # the address that a refused form leaves in the browser, loaded again
        return redirect("library:publication_edit", pk=pk)
    publication = _publication(request, pk)
    if action not in ("pasang", "hapus") or not work.may_change(publication, request.user, request.office):
        raise Http404
    form = CoverForm(request.POST, request.FILES)
    if action == "pasang" and not form.is_valid():
        return page(request, publication, cover_form=form)
    picture = form.cleaned_data["cover"] if action == "pasang" else None
    work.set_cover(publication, picture, office=request.office, by=request.actor)
    messages.success(request, _("Sampul disimpan.") if picture else _("Sampul dihapus."))
    return redirect(_of(publication, "sampul"))


@access.public
def cover_picture(request: Request, name: str) -> FileResponse:
    """A cover of the catalogue, which is public."""
    rows = Publication.objects.released().only("cover").exclude(cover="")
    publication = None if "\0" in name else rows.filter(cover=f"covers/{name}").first()
    if publication is None:
        raise Http404
    return pictures.response(publication.cover, cache=KEEP)


@access.staff
def series(request: Request, pk: int) -> HttpResponse:
    """One series with its publications; the form for whoever may change it."""
    rows = Series.objects.select_related("region", "continues__region")
    found = get_object_or_404(rows, pk=pk)
    allowed = work.may_change_series(found, request.user, request.office)
    if request.method == "POST" and not allowed:
        raise Http404
    seen, changes = request.POST.get("version", "") or work.version(found), []
    form = SeriesForm(request.POST or None, instance=found) if allowed else None
    if request.method == "POST" and form and form.is_valid():
        try:
            work.change_series(form.save(commit=False), seen=seen, office=request.office, by=request.actor)
        except work.ChangedMeanwhile as problem:
            changes, seen = _differences(form, problem.stored), work.version(problem.stored)
            form.add_error(None, _("Petugas lain baru saja mengubah data ini. Bandingkan, lalu simpan lagi."))
        except ValidationError as problem:
            form.add_error(None, problem)
        except Busy as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("Perubahan disimpan."))
            return redirect("library:series", pk=pk)
    stored = get_object_or_404(rows, pk=pk)
    context = {
        "series": stored,
        "form": form,
        "version": seen,
        "changes": changes,
        "publications": stored.publications.known_to(request.office).defer("search", "abstract")[
            :MOST_COPIES_SHOWN
        ],
    }
    return render(request, "library/series.html", context, status=422 if form and form.errors else 200)


@access.staff
def suggest_options(request: Request, what: str) -> HttpResponse:
    """Fragment: options for a field's datalist; the field's own name carries what was typed."""
    typed = str(next(iter(request.GET.values()), ""))[:200]
    if what == "wilayah":
        words = [lookup.region_words(row) for row in lookup.regions(typed)]
    elif what == "seri":
        words = [lookup.series_words(row) for row in lookup.some_series(typed, request.office)]
    else:
        raise Http404
    return render(request, "library/_suggest_options.html", {"words": words})
