"""The page of all offices below one; one click leads to one of them, on the same page."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from pst.panel import below, periods
from services.accounts import access
from services.accounts.http import Request
from services.surveys.figures import name_of

HEADINGS = [
    ("kantor", gettext_lazy("Kantor")), ("penilaian", gettext_lazy("Penilaian")), ("bintang", gettext_lazy("Rata-rata")),
    ("responden", gettext_lazy("Responden SKM")), ("ikm", gettext_lazy("IKM")), ("pengaduan", gettext_lazy("Pengaduan")),
    ("terlambat", gettext_lazy("Terlambat")),
]  # fmt: skip


@access.supervisor
@require_safe
@never_cache
def offices(request: Request) -> HttpResponse:
    """Figures only: nothing that was said, and nobody's."""
    form, since, until = periods.chosen(request)
    found = below.offices(request.office)
    wanted = request.GET.get("kantor", "")
    one = next((office for office in found if office.code == wanted), None)
    if wanted and one is None:
        raise Http404
    total, lines = below.lines([one] if one else found, since, until, not_about=request.user, beside=found)
    sort = request.GET.get("urut", "kantor")
    sort = sort if sort in below.SORTS else "kantor"
    context = {
        "form": form, "one": one, "total": total, "lines": sorted(lines, key=below.SORTS[sort]), "few": below.FEW,
        "sort": sort, "days": urlencode({"dari": since.isoformat(), "sampai": until.isoformat()}), "headings": HEADINGS,
        "elements": [(code, name_of(code), total.result.nrr[code], total.result.indexes[code]) for code in total.result.nrr]
        if total.result else [],
    }  # fmt: skip
    return render(request, "panel/below.html", context, status=422 if form.errors else 200)
