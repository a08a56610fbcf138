"""Imports into the catalogue: choose a file or a source, look at what would change, apply it, take it back."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from library.import_forms import FileForm, ShapeForm, SourceForm, too_large
from library.importing import faults, table
from library.importing.fields import FIELDS
from library.importing.reading import shape_of
from library.importing.words import Unreadable, said
from library.models import CatalogueSource, Import, ImportRow
from library.workflows import imports as work
from services.accounts import access
from services.accounts.http import Request
from services.responses import explains

HERE = "library:imports"
SHOWN = 20
State, Outcome = Import.State, ImportRow.Outcome
TAKEN = (Outcome.NEW, Outcome.CHANGED, Outcome.COPY)
PARTLY = "sebagian"  # taken, but for a value that could not be read
LEVELS = {"new": "ok", "changed": "info", "copy": "info", "faulty": "danger", "gone": "warn"}


@access.supervisor
@never_cache
def imports(request: Request) -> HttpResponse:
    """The office's imports, the latest first; POST takes a file."""
    posted = request.method == "POST"
    form = FileForm(request.POST if posted else None, request.FILES if posted else None)
    if posted and form.is_valid():
        try:
            batch = work.from_file(request.office, form.cleaned_data["file"], by=request.actor)
        except Unreadable as problem:
            form.add_error("file", str(problem))
        else:
            return redirect("library:import", pk=batch.pk)
    return render(request, "library/imports.html", _listed(request, form), status=422 if form.errors else 200)


def _listed(request: Request, form: FileForm, source_form: SourceForm | None = None) -> dict[str, Any]:
    batches = request.office.imports.select_related("made_by")
    return {
        "form": form,
        "source_form": source_form or SourceForm(initial={"kind": "webapi", "address": request.office.code}),
        "sources": request.office.catalogue_sources.all(),
        "page": Paginator(batches, SHOWN).get_page(request.GET.get("page")),
        "too_large": too_large(),
    }


@access.supervisor
@require_POST
def new_source(request: Request) -> HttpResponse:
    form = SourceForm(request.POST, instance=CatalogueSource(office=request.office))
    if form.is_valid():
        try:
            with transaction.atomic():
                work.add_source(form.save(commit=False), by=request.actor)
        except IntegrityError:
            form.add_error("address", _("Sumber ini sudah ada di daftar."))
        else:
            messages.success(request, _("Sumber dicatat. Tekan “Baca sekarang” untuk melihat isinya."))
            return redirect(HERE)
    return render(request, "library/imports.html", _listed(request, FileForm(), form), status=422)


@access.supervisor
@require_POST
@explains(HERE)
def source(request: Request, pk: int, action: str) -> HttpResponse:
    """Read now, nightly or not, or not at all any more; what came from it stays."""
    row = get_object_or_404(request.office.catalogue_sources, pk=pk)
    if action == "baca":
        return redirect("library:import", pk=work.from_source(row, by=request.actor).pk)
    if action == "malam":
        work.switch_nightly(row, by=request.actor)
        messages.success(
            request, _("Dibaca setiap malam.") if row.nightly else _("Tidak dibaca lagi setiap malam.")
        )
    elif action == "hapus":
        work.drop_source(row, by=request.actor)
        messages.success(request, _("Sumber dihapus dari daftar. Publikasi yang sudah masuk tetap ada."))
    else:
        raise Http404
    return redirect(HERE)


def _of_office(request: Request, pk: int) -> Import:
    return get_object_or_404(request.office.imports.select_related("source", "made_by", "office"), pk=pk)


@access.supervisor
@never_cache
def one(request: Request, pk: int) -> HttpResponse:
    """One import, as far as it is. A fragment asker gets the part that changes while the worker is at it."""
    batch = _of_office(request, pk)
    if batch.state == State.MAPPING:
        return _mapping(request, batch)
    if request.method == "POST":
        return redirect("library:import", pk=pk)
    if request.htmx and batch.state in work.BUSY:
        return render(request, "library/import.html#progress", {"batch": batch})
    if request.htmx:  # it is done: the whole page is another one now
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return render(
        request,
        "library/import.html",
        {
            "batch": batch,
            "busy": batch.state in work.BUSY,
            **_rows(request, batch),
            "problem": said(batch.problem, batch.problem_values),
        },
    )


def _mapping(request: Request, batch: Import) -> HttpResponse:
    """Which column is what. Another sheet or encoding shows the file anew, with what was chosen where it fits."""
    shape = shape_of(batch.options)
    if request.method == "POST":
        asked = {name: request.POST.get(name, "") for name in ("encoding", "separator", "sheet")}
        different = {name: value for name, value in asked.items() if value and value != getattr(shape, name)}
        if different or bool(request.POST.get("headed")) != shape.headed:
            return _looked_again(request, batch, different)
    try:
        look = work.look(batch, shape)
    except Unreadable as problem:
        work.fail(batch, problem.why, by=request.actor)
        return redirect("library:import", pk=batch.pk)
    posted = request.method == "POST"
    form = ShapeForm(request.POST if posted else None, look=look)
    if posted and form.is_valid():
        work.choose(batch, form.shape(shape), by=request.actor)
        return redirect("library:import", pk=batch.pk)
    context = {"batch": batch, "form": form, "look": look}
    return render(request, "library/import_columns.html", context, status=422 if form.errors else 200)


def _looked_again(request: Request, batch: Import, different: dict[str, str]) -> HttpResponse:
    allowed = {"encoding": table.ENCODINGS, "separator": table.SEPARATORS}
    for name, value in different.items():
        if name in allowed and value not in allowed[name]:
            raise Http404
    try:
        work.look_again(batch, headed=bool(request.POST.get("headed")), **different)
    except Unreadable as problem:  # as what was chosen it cannot be read; it stays as it was
        messages.error(request, str(problem))
    return redirect("library:import", pk=batch.pk)


def _rows(request: Request, batch: Import) -> dict[str, Any]:
    """What would become of the rows, by outcome; those of one outcome by page."""
    if batch.state in work.BUSY:
        return {}
    counts = [
        {"value": value, "label": label, "count": batch.counts[value], "level": LEVELS.get(value, "")}
        for value, label in Outcome.choices
        if batch.counts.get(value)
    ]
    partly = batch.rows.filter(outcome__in=TAKEN).exclude(notes=[])
    chosen = request.GET.get("hasil", "")
    if chosen not in batch.counts and chosen != PARTLY:
        chosen = next(
            (row["value"] for row in counts if row["value"] in (Outcome.FAULTY, Outcome.CHANGED)), ""
        )
        chosen = chosen or (counts[0]["value"] if counts else "")
    rows = partly if chosen == PARTLY else batch.rows.filter(outcome=chosen)
    rows = rows.select_related("publication")
    page = Paginator(rows, SHOWN, allow_empty_first_page=True).get_page(request.GET.get("page"))
    return {
        "counts": counts,
        "chosen": chosen,
        "page": page,
        "rows": [_shown(row) for row in page],
        "query": urlencode({"hasil": chosen}),
        "told": batch.rows.exclude(notes=[]).exists(),
        "can_undo": work.can_undo(batch),
        "takes": sum(batch.counts.get(name, 0) for name in TAKEN),
        "partly": partly.count(),
    }


def _shown(row: ImportRow) -> dict[str, Any]:
    labels = {"year_end": _("Sampai tahun"), **FIELDS}
    changed = [
        {"label": labels.get(name, name), "was": was, "now": row.data.get(name)}
        for name, was in (row.before or {}).items()
    ]
    notes = [{"label": labels.get(name, name), "text": said(*why)} for name, *why in row.notes]
    return {"row": row, "changed": changed, "notes": notes}


@access.supervisor
@require_POST
@explains(HERE)
def act(request: Request, pk: int, action: str) -> HttpResponse:
    batch = _of_office(request, pk)
    moves = {
        "terapkan": work.apply,
        "batal": work.cancel,
        "ambil-kembali": work.undo,
        "lanjut": work.go_on,
        "kolom": work.choose_again,
    }
    if action not in moves:
        raise Http404
    moves[action](batch, by=request.actor)
    return redirect(HERE) if action == "batal" else redirect("library:import", pk=pk)


@access.supervisor
@require_safe
def errors(request: Request, pk: int) -> HttpResponseBase:
    """Every row that was left out or has a value that was not understood, with the reason, as a table to correct."""
    return faults.answer(_of_office(request, pk))
