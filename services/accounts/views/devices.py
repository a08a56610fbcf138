"""Pairing a tablet or TV: the device shows a code, an officer approves it at the desk."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from services.accounts import access, devices, limits
from services.accounts.http import Request
from services.accounts.middleware import go
from services.accounts.models import Pairing, Purpose, hash_secret

HOME = {"kiosk": "queueing:kiosk", "display": "queueing:display"}


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


class ApproveForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Kode pada layar perangkat"),
        max_length=12,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    name = forms.CharField(
        label=gettext_lazy("Nama perangkat"),
        max_length=60,
        help_text=gettext_lazy("Misalnya “Tablet pintu masuk” atau “TV ruang tunggu”."),
    )


@access.staff
def device_list(request: Request) -> HttpResponse:
    """The office's devices with their last sign of life; approving a new one by its code."""
    form = ApproveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            device = devices.approve(office=request.office, by=request.actor, **form.cleaned_data)
        except devices.PairingFailed as problem:
            form.add_error("code", str(problem))
        else:
            messages.success(request, _("%s sudah terhubung.") % device.name)
            return redirect("accounts:devices")
    context = {"form": form, "devices": request.office.devices.active()}
    if request.htmx:
        return render(request, "accounts/devices.html#list", context)
    return render(request, "accounts/devices.html", context, status=422 if form.errors else 200)


@access.staff
@require_POST
def revoke(request: Request, pk: int) -> HttpResponse:
    device = get_object_or_404(request.office.devices.active(), pk=pk)
    devices.revoke(device, by=request.actor)
    messages.success(request, _("%s tidak lagi terhubung.") % device.name)
    return redirect("accounts:devices")
