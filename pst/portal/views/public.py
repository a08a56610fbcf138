"""Pages for everybody: the unit tree, an office's door, its standards as page and poster."""

from __future__ import annotations

from itertools import groupby

from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_cache_control
from django.views.decorators.cache import never_cache

from consultation.workflows.opening import WORK_URL
from pst.panel.promises import published
from pst.poster import poster_pdf
from queueing.selectors import offers
from queueing.slots import bookable
from services.accounts import access
from services.accounts.http import Request
from services.offices.calendar import OfficeCalendar
from services.offices.hours import special_days
from services.offices.models import Office, Service, Standard
from services.offices.sections import sections


@access.public
def home(request: Request) -> HttpResponse:
    """The unit tree: head office → province → office."""
    offices = Office.objects.serving().select_related("parent").order_by("parent__code", "code")
    tree = [(province, list(rows)) for province, rows in groupby(offices, key=lambda o: o.parent)]
    return render(request, "portal/home.html", {"tree": tree})


@access.public
@never_cache
def office(request: Request, code: str) -> HttpResponse:
    """Open now? Which services, how many wait, how to get there."""
    calendar = OfficeCalendar(request.office)
    services = list(request.office.services.filter(active=True))
    rules = [s.standard.rules for s in services if s.standard]
    kept_in, kept = ("", []) if request.htmx else published.shown(request.office)
    context = {
        "offers": offers(request.office, promises=True),
        "bookable": bookable(request.office),
        "door": calendar.state(),
        "hours": [*request.office.hours.all(), *special_days(calendar, request.office.today())],
        "may_ask": any(s.work_url_name == WORK_URL for s in services)
        or any(r.values.get("ask_when_not_found") for r in rules),
        "period": kept_in,
        "told": kept,
        "channels": rules[0].complaint_channels if rules else (),
    }
    template = "portal/office.html#now" if request.htmx else "portal/office.html"
    return render(request, template, context)


def _standard(request: Request, slug: str) -> Standard:
    service = get_object_or_404(Service, office=request.office, slug=slug, active=True)
    return get_object_or_404(
        Standard.objects.prefetch_related("items", "rule_set").select_related(
            "service__office__parent__parent"
        ),
        service=service,
        status=Standard.Status.PUBLISHED,
    )


@access.public
def standard(request: Request, code: str, slug: str) -> HttpResponse:
    """One standard as a readable page."""
    standard = _standard(request, slug)
    coming = standard.service.standards.filter(status=Standard.Status.SCHEDULED)
    context = {
        "standard": standard,
        "sections": sections(standard),
        "rules": standard.rules,
        "coming": coming.values_list("effective_on", flat=True).first(),
    }
    return render(request, "portal/standard.html", context)


@access.public
def poster(request: Request, code: str, slug: str) -> FileResponse:
    """The same as an A4 poster (PDF, tagged)."""
    standard = _standard(request, slug)
    name = f"standar-pelayanan-{code}-{slug}.pdf"
    response = FileResponse(
        poster_pdf(standard, sections(standard)), filename=name, content_type="application/pdf"
    )
    patch_cache_control(response, public=True, max_age=300)
    return response
