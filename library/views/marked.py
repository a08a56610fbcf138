"""The supervisor's list of copies that left the house, and the look-up of one that was found."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from library.digital import files, ranges, serials
from library.models import MarkedCopy
from library.pdf import child
from library.pdf import limits as pdf_limits
from library.pdf.faults import Refused
from services.accounts import access
from services.accounts.http import Request
from services.audit import trail
from services.offices.models import Office
from services.sheets import csv_answer

PAGE = 50
HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
MOST_ROWS = 50_000  # of a file
SAME_CONTENT = 5


class MarkedForm(forms.Form):
    """What the list shows. What makes no sense in the address counts as not said."""

    q = forms.CharField(label=gettext_lazy("Judul publikasi"), required=False, max_length=200)
    jenis = forms.ChoiceField(
        label=gettext_lazy("Jenis"),
        required=False,
        choices=[("", gettext_lazy("Semua jenis")), *MarkedCopy.Kind.choices],
    )

    def asked(self) -> dict[str, str]:
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}


def copies(office: Office, asked: dict[str, str]) -> QuerySet[MarkedCopy]:
    """The newest first; every word stands in the title."""
    rows = office.marked_copies.select_related("publication", "made_by", "allowed_by")
    rows = rows.defer("publication__search", "publication__abstract")
    if asked["jenis"]:
        rows = rows.filter(kind=asked["jenis"])
    for word in asked["q"].split()[:10]:
        rows = rows.filter(publication__title__icontains=word)
    return rows.order_by("-made_at", "-pk")


@access.supervisor
@never_cache
def marked(request: Request) -> HttpResponse:
    """`cari`: a serial or a file's SHA-256, found anywhere and of any office. POST brings a file that was saved anew: the
    number may still be inside."""
    if request.method == "POST":
        return _look_into(request)
    typed = request.GET.get("cari", "").replace("\0", "")[:200].strip()
    asked = MarkedForm(request.GET).asked()
    context: dict[str, Any] = {"typed": typed, "form": MarkedForm(initial=asked)}
    if typed:
        context["found"] = _found(request, typed)
    else:
        page = Paginator(copies(request.office, asked), PAGE).get_page(request.GET.get("page"))
        rows = list(page)
        trail.record_reads(rows, by=request.actor, office_id=request.office.pk, why="marked copies")
        query = request.GET.copy()
        query.pop("page", None)
        context |= {
            "page": page, "rows": [(row, ranges.words(row.pages)) for row in rows], "query": query.urlencode()
        }  # fmt: skip
    return render(request, "library/marked.html", context)


def _look_into(request: Request) -> HttpResponse:
    """The file is looked at under the limits of intake and not kept."""
    file, problem, typed = request.FILES.get("berkas"), "", ""
    if file is None:
        problem = _("Pilih berkas PDF.")
    elif (file.size or 0) > pdf_limits.FILE_BYTES:
        problem = _("Berkas ini lebih besar dari %d MB.") % (pdf_limits.FILE_BYTES // pdf_limits.MB)
    else:
        typed = _number_in(file)
        problem = "" if typed else _("Tidak ada nomor seri PST di dalam berkas ini. Lihat kaki halamannya.")
    context: dict[str, Any] = {"typed": typed, "form": MarkedForm(), "problem": problem}
    if typed and file is not None:
        digest = files.fingerprint(file)
        context["found"] = _found(request, typed)
        context["altered"] = all(row.sha256 != digest for row, _pages, _mine in context["found"])
    return render(request, "library/marked.html", context, status=422 if problem else 200)


def _number_in(file: UploadedFile) -> str:
    with files.scratch() as folder:
        path = folder / "found.pdf"
        with path.open("wb") as out:
            for piece in file.chunks():
                out.write(piece)
        try:
            said = child.call(
                "library.pdf.described:serial", seconds=20, megabytes=pdf_limits.MEGABYTES, file_megabytes=1,
                path=path,
            )  # fmt: skip
        except (Refused, child.Died):
            return ""
    return serials.read(said) or ""


def _found(request: Request, typed: str) -> list[tuple[MarkedCopy, str, bool]]:
    """With their pages, and whether they are this office's own: of others only office and day are told."""
    digest = re.sub(r"\s", "", typed).lower()
    rows = MarkedCopy.objects.select_related("publication", "office", "made_by", "allowed_by")
    if HASH.fullmatch(digest):
        found = list(rows.filter(sha256=digest).order_by("-pk")[:SAME_CONTENT])
    else:
        serial = serials.read(typed)
        found = list(rows.filter(serial=serial)) if serial else []
    mine = [row for row in found if row.office_id == request.office.pk]
    trail.record_reads(mine, by=request.actor, office_id=request.office.pk, why="serial found")
    others = [row for row in found if row not in mine]
    trail.record_many("softcopy.sought", others, by=request.actor, office_id=request.office.pk)
    return [(row, ranges.words(row.pages), row in mine) for row in found]


COLUMNS = (
    "Nomor seri", "Jenis", "Diserahkan", "Waktu", "Publikasi", "Halaman", "Nama", "E-mail", "Petugas", "Alasan",
    "Diizinkan oleh", "SHA-256",
)  # fmt: skip


@access.supervisor
@never_cache
@require_safe
def take_along(request: Request) -> HttpResponse:
    """The list as it is filtered: personal data that leave, so it is noted who took them and how many."""
    office = request.office
    rows = copies(office, MarkedForm(request.GET).asked())[:MOST_ROWS]
    lines = [
        [
            row.serial, row.get_kind_display(), row.get_handed_display(),
            f"{office.local(row.made_at):%Y-%m-%d %H:%M}", row.publication.title,
            ranges.words(row.pages) or _("seluruhnya"), row.name, row.email, str(row.made_by or ""), row.reason,
            str(row.allowed_by or ""), row.sha256,
        ]
        for row in rows
    ]  # fmt: skip
    trail.record_export("marked_copies", by=request.actor, office_id=office.pk, rows=len(lines), form="csv")
    return csv_answer(f"salinan-{office.code}-{office.today()}.csv", [COLUMNS, *lines])
