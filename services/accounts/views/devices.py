"""Pairing a tablet or TV: the device shows its code until an officer approves it (queueing.views.devices)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from services.accounts import access, devices, limits
from services.accounts.http import Request
from services.accounts.middleware import go
from services.accounts.models import Pairing, Purpose, hash_secret

HOME = {"kiosk": "queueing:kiosk", "display": "queueing:display", "reader": "library:computer"}
DEVICES_PAGE = "queueing:devices"  # one list with the printers, which are known a layer above


@access.public
def pair(request: Request) -> HttpResponse:
    """What this device is for; then its code, until an officer has approved it."""
    purpose = request.POST.get("purpose") or request.GET.get("untuk", "")
    if purpose not in Purpose.values:
        return render(request, "accounts/pair.html", {"purposes": Purpose.choices})
    if devices.find(request, purpose):
        return go(request, reverse(HOME[purpose]))
    if request.method == "POST":
        if limits.exceeded(request, "pairing"):
            refused = {"purpose": purpose, "purpose_label": Purpose(purpose).label, "problem": limits.words()}
            return render(request, "accounts/pair.html", refused, status=429)
        _pairing, secret = devices.begin(purpose)
        response = redirect(f"{reverse('accounts:pair')}?untuk={purpose}")
        response.set_cookie(
            devices.cookie_name(purpose), secret, max_age=400 * 86400, httponly=True,
            secure=request.is_secure(), samesite="Lax",
        )  # fmt: skip
        return response
    pairing = _pairing_of(request, purpose)
    context = {"purpose": purpose, "purpose_label": Purpose(purpose).label, "pairing": pairing}
    template = "accounts/pair.html#status" if request.htmx else "accounts/pair.html"
    return render(request, template, context)


def _pairing_of(request: Request, purpose: str) -> Pairing | None:
    secret = request.COOKIES.get(devices.cookie_name(purpose), "")
    pairing = (
        Pairing.objects.filter(secret_hash=hash_secret(secret), purpose=purpose).first() if secret else None
    )
    return pairing if pairing and not pairing.expired else None


@access.staff
@require_POST
def revoke(request: Request, pk: int) -> HttpResponse:
    device = get_object_or_404(request.office.devices.active(), pk=pk)
    devices.revoke(device, by=request.actor)
    messages.success(request, _("%s tidak lagi terhubung.") % device.name)
    return redirect(DEVICES_PAGE)
