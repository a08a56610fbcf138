"""Desk actions around lockers: hand a bag or card over, and back."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from services.accounts import access
from services.accounts.http import Request
from services.guestbook.models import ReferenceItem, Visit
from services.lockers import workflows
from services.lockers.models import Deposit, Locker
from services.responses import changed, explains

DESK = "queueing:desk"


def _visit(request: Request, pk: int) -> Visit:
    return get_object_or_404(request.office.visits.select_related("office"), pk=pk)


def _locker(request: Request) -> Locker | None:
    number = request.POST.get("locker", "")
    if not number.isdecimal() or len(number) > 4:
        return None
    return request.office.lockers.filter(number=int(number)).first()


def _desk(visit: Visit) -> str:
    return f"{reverse(DESK)}?kunjungan={visit.pk}"


@access.staff
@require_POST
@explains(DESK)
def deposit_card(request: Request, pk: int) -> HttpResponse:
    """The card (its type only) against the key of a locker."""
    visit = _visit(request, pk)
    card_type = request.POST.get("card_type", "")
    token = card_type == "token"
    known = (
        ReferenceItem.objects.filter(list=ReferenceItem.List.CARD, code=card_type)
        .exclude(code="none")
        .exists()
    )
    if not token and not known:
        return changed(request, _desk(visit), _("Pilih jenis kartu yang dititipkan."), level="error")
    locker = _locker(request)
    if locker is None:
        return changed(request, _desk(visit), _("Pilih loker yang kosong."), level="error")
    workflows.deposit_card(visit=visit, card_type=card_type, locker=locker, token=token, by=request.actor)
    return changed(request, _desk(visit), _("Kartu dititipkan untuk %s.") % locker)


@access.staff
@require_POST
@explains(DESK)
def deposit_bag(request: Request, pk: int) -> HttpResponse:
    visit = _visit(request, pk)
    locker = _locker(request)
    if locker is None:
        return changed(request, _desk(visit), _("Pilih loker yang kosong."), level="error")
    workflows.deposit_bag(visit=visit, locker=locker, by=request.actor)
    return changed(request, _desk(visit), _("Tas ada di %s.") % locker)


@access.staff
@require_POST
@explains(DESK)
def give_back(request: Request, pk: int, what: str) -> HttpResponse:
    """Everything of this kind is back in the visitor's hands."""
    visit = _visit(request, pk)
    held = visit.deposits.open()
    held = held.filter(what=Deposit.What.BAG) if what == "bag" else held.exclude(what=Deposit.What.BAG)
    if not held:
        return changed(request, _desk(visit), _("Tidak ada titipan yang harus dikembalikan."), level="info")
    for deposit in held:
        workflows.give_back(deposit, by=request.actor)
    return changed(request, _desk(visit), _("Tas diambil.") if what == "bag" else _("Kartu dikembalikan."))
