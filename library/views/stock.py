"""Taking stock: begin, scan at the shelves with anything that types barcodes, see the differences, end."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from library import stock
from library.models import StockTake
from library.workflows import stock as work
from services import sheets
from services.accounts import access
from services.accounts.http import Request
from services.audit import trail
from services.codes import new_key
from services.pdf import draw
from services.responses import explains
from services.workflow import IllegalMove

LIST = "library:stocks"
MOST_AT_ONCE = 500  # barcodes in one request; static/js/stock.js sends fewer
MOST_SHOWN = 100  # rows of a group on the page: a form may have 500 fields
LONGEST_WAIT = timedelta(days=7)  # a device that was out of the network
RESULTS: dict[str, tuple[str, str | Promise]] = {
    "found": ("ok", gettext_lazy("Ditemukan")),
    "damaged": ("ok", gettext_lazy("Ditemukan, tercatat rusak")),
    "shelf": ("warn", gettext_lazy("Salah rak")),
    "out": ("warn", gettext_lazy("Tercatat di tangan pembaca")),
    "lost": ("warn", gettext_lazy("Ditemukan, tercatat hilang")),
    "withdrawn": ("warn", gettext_lazy("Sudah ditarik dari koleksi")),
    "unknown": ("danger", gettext_lazy("Barcode tidak dikenal")),
    "unreadable": ("danger", gettext_lazy("Tidak terbaca, pindai lagi")),
}


class StartForm(forms.Form):
    shelves = forms.MultipleChoiceField(
        label=gettext_lazy("Rak"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Kosongkan untuk memeriksa seluruh koleksi."),
    )

    def __init__(self, *args: Any, shelves: list[tuple[str, int]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        choices = [(shelf, f"{shelf or _('Tanpa rak')} ({number})") for shelf, number in shelves]
        self.fields["shelves"].choices = choices  # type: ignore[attr-defined]


def _take(request: Request, pk: int) -> StockTake:
    return get_object_or_404(
        request.office.stock_takes.select_related("office", "started_by", "ended_by"), pk=pk
    )


@access.staff
@never_cache
def stocks(request: Request) -> HttpResponse:
    """Those there were, the one that runs, and a form for a new one."""
    shelves = stock.shelves_of(request.office)
    form = StartForm(request.POST if request.method == "POST" else None, shelves=shelves)
    if request.method == "POST" and form.is_valid():
        try:
            begun = work.start(request.office, form.cleaned_data["shelves"], by=request.actor)
        except IllegalMove as problem:
            form.add_error(None, str(problem))
        else:
            return redirect("library:stock", pk=begun.pk)
    takes = list(request.office.stock_takes.select_related("started_by")[:30])
    context = {
        "form": form,
        "shelves": shelves,
        "running": next((take for take in takes if take.is_open), None),
        "takes": takes,
    }
    return render(request, "library/stocks.html", context, status=422 if form.errors else 200)


@access.staff
@never_cache
@explains(LIST)
def take(request: Request, pk: int) -> HttpResponse:
    """GET is the page to scan on; POST takes `scans` (JSON, from static/js/stock.js) or `barcodes`, one on a line."""
    current = _take(request, pk)
    if request.method == "POST" and "scans" in request.POST:
        return _from_device(request, current)
    if request.method == "POST":
        return _typed(request, current)
    if not current.is_open:
        return redirect("library:stock_report", pk=pk)
    shelves = [shelf for shelf, _number in stock.shelves_of(request.office) if shelf]
    only = current.shelves[0] if len(current.shelves) == 1 else ""
    words = {name: {"level": level, "text": str(text)} for name, (level, text) in RESULTS.items()}
    context = {
        "take": current,
        "shelves": shelves,
        "shelf": only,
        "words": json.dumps(words),
        "key": new_key(),
    }
    return render(request, "library/stock.html", context | _progress(current))


def _progress(current: StockTake) -> dict[str, Any]:
    rows = stock.progress(current)
    return {"take": current, "rows": rows, "whole": stock.whole(rows)}


@access.staff
@never_cache
def progress(request: Request, pk: int) -> HttpResponse:
    """Fragment: the bars, fetched again whenever somebody of the office scanned."""
    return render(request, "library/_stock_progress.html", _progress(_take(request, pk)))


def clean(text: Any, longest: int = 40) -> str:
    """What a scanner or a keyboard sent, without what nobody sees."""
    if not isinstance(text, str):
        return ""
    return " ".join("".join(c if c.isprintable() else " " for c in text[:300]).split())[:longest]


def _typed(request: Request, current: StockTake) -> HttpResponse:
    lines = [line for text in request.POST.get("barcodes", "").splitlines() if (line := clean(text))]
    key, shelf = clean(request.POST.get("key"), 30) or new_key(), clean(request.POST.get("shelf"))
    now = timezone.now()
    items = [work.Scanned(f"{key}-{n}", line, shelf, now) for n, line in enumerate(lines[:MOST_AT_ONCE])]
    seen = work.scan(current, items, by=request.actor) if items else []
    for result, number in Counter(row.result for row in seen).items():
        messages.info(request, f"{RESULTS[result][1]}: {number}")
    if again := sum(row.again for row in seen):
        messages.info(request, ngettext("%d sudah dipindai", "%d sudah dipindai", again) % again)
    if len(lines) > MOST_AT_ONCE:
        messages.error(request, _("Hanya %d barcode pertama yang dicatat.") % MOST_AT_ONCE)
    return redirect("library:stock", pk=current.pk)


def _from_device(request: Request, current: StockTake) -> HttpResponse:
    """Every scan that was sent is answered by its key, also one that is no scan: the device then forgets it."""
    try:
        sent = json.loads(request.POST["scans"])
    except (ValueError, RecursionError):
        sent = None
    if not isinstance(sent, list) or len(sent) > MOST_AT_ONCE:
        return JsonResponse({"problem": _("Kiriman tidak terbaca.")}, status=422)
    now = timezone.now()
    rows = [row for row in sent if isinstance(row, dict) and clean(row.get("key"))]
    items = [item for row in rows if (item := _scanned(row, current, now)).barcode]
    try:
        seen = work.scan(current, items, by=request.actor)
    except IllegalMove as problem:
        return JsonResponse({"problem": str(problem)}, status=409)
    answered = {row.key for row in seen}
    results = [_answer(row) for row in seen]
    results += [
        {"key": key, "barcode": "", "result": "unreadable", "again": False, "title": "", "shelf": ""}
        for row in rows
        if (key := clean(row["key"])) not in answered
    ]
    return JsonResponse({"results": results})


def _scanned(row: dict[str, Any], current: StockTake, now: datetime) -> work.Scanned:
    """`ago`: milliseconds since the scan; the device's clock itself is not trusted."""
    ago = row.get("ago")
    wait = timedelta(milliseconds=min(max(ago, 0), 10**9)) if isinstance(ago, int) else timedelta()
    at = max(now - min(wait, LONGEST_WAIT), current.started_at)
    return work.Scanned(clean(row["key"]), clean(row.get("barcode")), clean(row.get("shelf")), at)


def _answer(row: work.Seen) -> dict[str, Any]:
    return {
        "key": row.key,
        "barcode": row.barcode,
        "result": row.result,
        "again": row.again,
        "title": str(row.copy.publication) if row.copy else "",
        "shelf": row.copy.shelf if row.copy else "",
    }


@access.staff
@never_cache
def report(request: Request, pk: int) -> HttpResponse:
    """The differences, as they are now or as they were at the end. POST ends: `do` is "kind:copy", `all` a kind."""
    current = _take(request, pk)
    if request.method == "POST":
        return _finish(request, current)
    context = _report(current) | {"most_shown": MOST_SHOWN}
    return render(request, "library/stock_report.html", context)


def _report(current: StockTake) -> dict[str, Any]:
    rows = stock.progress(current) if current.is_open else []
    return {"take": current, "groups": stock.grouped(current), "whole": stock.whole(rows)}


def _finish(request: Request, current: StockTake) -> HttpResponse:
    chosen = set()
    for value in request.POST.getlist("do"):
        kind, _colon, key = value.partition(":")
        if key.isascii() and key.isdecimal() and len(key) < 19:
            chosen.add((kind, int(key)))
    try:
        _done, left = work.finish(current, chosen, by=request.actor, whole_groups=request.POST.getlist("all"))
    except IllegalMove as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("Pemeriksaan selesai. Laporannya tersimpan di bawah ini."))
        if left:
            messages.warning(request, ngettext(
                "%d pilihan tidak dijalankan karena keadaannya sudah berubah.",
                "%d pilihan tidak dijalankan karena keadaannya sudah berubah.", left,
            ) % left)  # fmt: skip
    return redirect("library:stock_report", pk=current.pk)


@access.staff
@require_POST
@explains(LIST)
def cancel(request: Request, pk: int) -> HttpResponse:
    work.cancel(_take(request, pk), by=request.actor)
    messages.success(request, _("Pemeriksaan dibatalkan. Tidak ada catatan yang diubah."))
    return redirect(LIST)


@access.staff
@never_cache
def file(request: Request, pk: int, form: str) -> HttpResponse:
    """The differences to take along: a table, or paper."""
    current = _take(request, pk)
    trail.record_export("stock", current, by=request.actor, office_id=request.office.pk, form=form)
    if form == "csv":
        return sheets.csv_answer(f"selisih-pustaka-{pk}.csv", _table(current))
    if form != "pdf":
        raise Http404
    with override("id"):  # a paper of the office, whoever prints it
        context = _report(current) | {"office": request.office, "now": timezone.now()}
        html = render_to_string("library/stock_pdf.html", context)
    answer = HttpResponse(draw(html, "report-paper.css"), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="selisih-pustaka-{pk}.pdf"'
    return answer


def _table(current: StockTake) -> list[list[Any]]:
    head = [
        _("Selisih"), _("Barcode"), _("Judul"), _("Rak di catatan"), _("Rak saat dipindai"), _("Dipindai"), _("Dijalankan"),
    ]  # fmt: skip
    return [
        head,
        *(
            [
                row.get_kind_display(),
                row.barcode,
                str(row.copy.publication) if row.copy else "",
                row.shelf,
                row.seen_at,
                row.times,
                _("ya") if row.done else "",
            ]
            for row in stock.differences(current)
        ),
    ]
