"""A softcopy for somebody with an account: whose standard holds, the terms, and one button (requirement row 31)."""

from __future__ import annotations

from typing import Any

from django.db.models import Max
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from library import handed_out
from library.digital import rights, terms
from library.models import DigitalCopy, MarkedCopy
from library.models.catalogue import Access
from library.views.handing import answer_with, site_of
from library.workflows import downloads, handing
from services.accounts import access, limits
from services.accounts.http import Request
from services.guestbook import accounts
from services.guestbook.models import Visit, Visitor
from services.offices.current import enter
from services.offices.models import Office
from services.workflow import IllegalMove


@access.visitor
@never_cache
def download(request: Request, pk: int) -> HttpResponseBase:
    """`kantor`: the code of the office whose standard is chosen. GET changes nothing."""
    try:
        digital = rights.softcopy(pk)
    except rights.NoLonger as gone:
        return render(request, "library/reader_gone.html", {"publication": gone.publication}, status=410)
    people = accounts.people_of(request.user)
    offices = in_order(people, digital)
    asked = request.POST.get("kantor") or request.GET.get("kantor")
    found = [office for office in offices if office.code == asked]
    problem = _problem(digital, offices, known=bool(found) or not asked)
    office = next(iter(found or offices), None)
    if request.method == "POST" and office and not problem:
        try:
            return _take(request, digital, office)
        except IllegalMove as refusal:
            problem = str(refusal)
    if office:
        enter(request, office)
    context = _shown(people, digital, offices, office) | {"problem": problem}
    return render(request, "library/downloading.html", context, status=409 if problem else 200)


def in_order(people: list[Visitor], digital: DigitalCopy) -> list[Office]:
    """Offices whose standard lets softcopies be downloaded: where the account's owner was last or asked last, then the
    one whose softcopy it is, then by name."""
    found = [service.office for service in handed_out.giving()]
    last: dict[int, Any] = {}
    for rows, when in (
        (Visitor.objects.filter(pk__in=[p.pk for p in people]), "created_at"),
        (Visit.objects.filter(visitor__in=people), "arrived_at"),
        (MarkedCopy.objects.filter(visitor__in=people), "made_at"),
    ):
        for office, at in rows.values_list("office").annotate(Max(when)).order_by():
            last[office] = max(last.get(office, at), at)
    known = sorted((o for o in found if o.pk in last), key=lambda o: last[o.pk], reverse=True)
    keeper = [o for o in found if o == digital.office and o not in known]
    return [*known, *keeper, *(o for o in found if o not in known and o not in keeper)]


def _problem(digital: DigitalCopy, offices: list[Office], *, known: bool) -> str:
    """`known`: the office that was asked for gives downloads."""
    if digital.publication and digital.publication.access == Access.IN_HOUSE:
        return str(handing.IN_HOUSE)
    if not offices:
        return _("Belum ada kantor yang menurut standar pelayanannya menyediakan unduhan.")
    return "" if known else _("Pilih kantor dari daftar.")


def _take(request: Request, digital: DigitalCopy, office: Office) -> HttpResponseBase:
    if limits.exceeded(request, "softcopy download"):
        return render(request, "library/downloading.html", {"problem": limits.words()}, status=429)
    agreed = request.POST.get("terms") == str(terms.CURRENT)
    row, file = downloads.by_account(
        request.user, digital, office, agreed=agreed, by=request.actor, site=site_of(request)
    )
    return answer_with(row, file)


def _shown(
    people: list[Visitor], digital: DigitalCopy, offices: list[Office], office: Office | None
) -> dict[str, Any]:
    return {
        "publication": digital.publication,
        "digital": digital,
        "offices": offices,
        "chosen": office,
        "marked": downloads.marked(digital, office) if office else True,
        "agreed": downloads.accepted(people),
        "version": terms.CURRENT,
        "terms": terms.wording(),
    }


def offered(request: Request, digital: DigitalCopy | None) -> str:
    """What a publication's page says of downloading: "account" to who may do it now, "door" to who could with an account,
    "" where nothing is to be had this way."""
    if digital is None or digital.publication is None or digital.publication.access == Access.IN_HOUSE:
        return ""
    if request.user.is_authenticated and not rights.account_of(request):
        return ""
    if not handed_out.giving().exists():
        return ""
    return "account" if request.user.is_authenticated else "door"
