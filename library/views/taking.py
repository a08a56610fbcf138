"""Where a link from the mail leads: what it is, the terms, and one button (docs/decisions/026)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from library import handed_out
from library.digital import copies, ranges, rights, terms
from library.models import CopyLink, DigitalCopy, MarkedCopy
from library.views.handing import answer_with, site_of
from library.workflows import downloads
from library.workflows import handing as work
from services.accounts import access, limits
from services.accounts.http import Request
from services.audit import trail
from services.offices.current import enter
from services.workflow import IllegalMove

Kind = CopyLink.Kind


@access.public
@access.takes_away
@never_cache
def taking(request: Request, secret: str) -> HttpResponseBase:
    """GET changes nothing: mail servers open links too. POST `do`: "read" or "take"."""
    link = work.open_link(secret)
    if link is None:
        return _refused(request, secret)
    enter(request, link.office)
    try:
        digital = work.softcopy_of(link)
        if request.method == "POST":
            reading = request.POST.get("do") == "read"
            return _read(request, link, digital) if reading else _take(request, link)
    except IllegalMove as problem:
        return render(request, "library/taking.html", _gone(link, str(problem)), status=409)
    return render(request, "library/taking.html", _shown(link, digital))


def _refused(request: Request, secret: str) -> HttpResponse:
    """Forged, or of somebody erased: one answer. A real one that is over says which it is, and whom to ask."""
    if limits.exceeded(request, "softcopy link"):
        return render(request, "library/taking_over.html", {"problem": limits.words()}, status=429)
    link = work.known_link(secret)
    context = {"sender": link.office, "why": _why_over(link)} if link else {}
    return render(request, "library/taking_over.html", context, status=410)


def _why_over(link: CopyLink) -> str:
    if link.withdrawn_at:
        return _("Tautan ini sudah dicabut oleh petugas.")
    if link.used >= work.USES[Kind(link.kind)]:
        return _("Tautan ini sudah habis dipakai: %d kali.") % link.used
    return _("Tautan ini sudah lewat waktunya.")


def _gone(link: CopyLink, problem: str) -> dict[str, Any]:
    return {"link": link, "problem": problem}


def _shown(link: CopyLink, digital: DigitalCopy) -> dict[str, Any]:
    rules = handed_out.rules_of(link.received, link.office)
    at = link.copy.made_at if link.copy else None
    agreed = downloads.accepted(handed_out.people(link.visitor))
    return {
        "link": link,
        "digital": digital,
        "publication": digital.publication,
        "takes": link.kind != Kind.READ,
        "reads": link.kind != Kind.EXCERPT and rules.read_online,
        "marked": rules.watermark or link.kind == Kind.EXCERPT,
        "mark": copies.lines(link.visitor, link.office, at)
        if at
        else [link.visitor.name, link.visitor.email],
        "pages": ranges.words(link.copy.pages) if link.copy else "",
        "agreed": agreed,
        "version": terms.CURRENT,
        "terms": terms.wording(),
        "left": work.USES[Kind(link.kind)] - link.used,
    }


def _read(request: Request, link: CopyLink, digital: DigitalCopy) -> HttpResponse:
    """The reader asks the session which links were opened in this browser."""
    if link.kind == Kind.EXCERPT:
        raise IllegalMove(_("Tautan ini untuk mengambil salinan, bukan untuk membaca."))
    work.read(link, digital, by=request.actor)
    rights.opened(request, link)
    return redirect("library:read", pk=digital.publication_id, slug="-")


def _take(request: Request, link: CopyLink) -> HttpResponseBase:
    if limits.exceeded(request, "softcopy download"):
        return render(request, "library/taking.html", _gone(link, limits.words()), status=429)
    if request.POST.get("terms") == str(terms.CURRENT):
        downloads.accept(link, by=request.actor)
    if link.kind == Kind.EXCERPT and link.copy:
        row, file = _excerpt(request, link, link.copy)
    else:
        row, file = downloads.by_link(link, by=request.actor, site=site_of(request))
    return answer_with(row, file)


def _excerpt(request: Request, link: CopyLink, row: MarkedCopy) -> tuple[MarkedCopy, Any]:
    if not downloads.accepted(handed_out.people(link.visitor)):
        raise IllegalMove(_("Setujui dahulu ketentuan pemakaiannya."))
    try:
        file = row.file.open("rb")
    except (OSError, ValueError) as problem:
        raise IllegalMove(str(work.NOT_THERE)) from problem
    work.use(link)
    trail.record("softcopy.excerpt_file", row, by=request.actor, office_id=link.office_id)
    return row, file
