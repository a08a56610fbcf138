"""The office's copies at the desk: taken in, changed, withdrawn, put back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from library.catalogue_forms import CopyForm, NewCopiesForm, taken_words
from library.models import Copy, Publication
from library.views import catalogue
from library.views.aside import STATES
from library.workflows import copies as work
from library.workflows import shelves
from library.workflows.crossing import Busy
from services.accounts import access
from services.accounts.http import Request
from services.accounts.models import Role
from services.workflow import IllegalMove


@access.staff
def add(request: Request, pk: int) -> HttpResponse:
    """Copies of any publication: each office has its own."""
    if request.method != "POST":  # the address that a refused form leaves in the browser, loaded again
        return redirect("library:publication_edit", pk=pk)
    publication = get_object_or_404(Publication.objects.known_to(request.office).defer("search"), pk=pk)
    form = NewCopiesForm(request.POST, office=request.office)
    if form.is_valid():
        given = {**form.cleaned_data, "count": form.cleaned_data["count"] or 1}
        try:
            made = work.add(publication, request.office, by=request.actor, **given)
        except work.Taken as problem:  # in this very moment
            form.add_error("barcodes", taken_words(problem.found))
        except Busy as problem:
            form.add_error(None, str(problem))
        else:
            said = ngettext(
                "%(n)d eksemplar ditambahkan: %(which)s.",
                "%(n)d eksemplar ditambahkan: %(which)s.",
                len(made),
            )
            which = made[0].barcode if len(made) == 1 else f"{made[0].barcode} … {made[-1].barcode}"
            messages.success(request, said % {"n": len(made), "which": which})
            return redirect(f"{reverse('library:publication_edit', args=[pk])}#eksemplar")
    return catalogue.page(request, publication, copies_form=form)


def _copy(request: Request, pk: int) -> Copy:
    rows = request.office.copies.select_related("publication", "office").defer("publication__search")
    return get_object_or_404(rows, pk=pk)


@access.staff
def copy(request: Request, pk: int) -> HttpResponse:
    """One copy: barcode, shelf, in house only."""
    found = _copy(request, pk)
    form = CopyForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            work.change(found, by=request.actor, **form.cleaned_data)
        except work.Taken as problem:
            form.add_error("barcode", taken_words(problem.found))
        except Busy as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("Perubahan disimpan."))
            return redirect("library:copy", pk=pk)
    context = {
        "copy": found,
        "form": form,
        "shelves": catalogue.shelves(request),
        "may_act": _may_act(request, found),
    }
    return render(request, "library/copy.html", context, status=422 if form.errors else 200)


def _may_act(request: Request, copy: Copy) -> bool:
    """What is damaged or lost is the supervisor's to decide about, here as in the list of those (views/aside.py)."""
    return copy.state not in STATES or request.role == Role.SUPERVISOR


@access.staff
@require_POST
def act(request: Request, pk: int, action: str) -> HttpResponse:
    """`tarik`: out of the collection; `kembali`: on the shelf again."""
    moves: dict[str, tuple[Callable[..., Any], str]] = {
        "tarik": (shelves.withdraw, _("Ditarik dari koleksi.")),
        "kembali": (shelves.back, _("Kembali ke rak.")),
    }
    if action not in moves:
        raise Http404
    found = _copy(request, pk)
    if not _may_act(request, found):
        raise PermissionDenied
    move, said = moves[action]
    try:
        move(found, by=request.actor)
    except IllegalMove as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, said)
    return redirect("library:copy", pk=pk)
