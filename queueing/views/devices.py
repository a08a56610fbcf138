"""The office's devices: one list with their state, pairing a new one, and the notice at the desk."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from queueing.devices import alarms, equipment
from services.accounts import access, devices
from services.accounts.http import Request
from services.accounts.models import Role
from services.responses import changed

HIDDEN = "devices_hidden"


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
@never_cache
def device_list(request: Request) -> HttpResponse:
    """The office's devices and printers with their last sign of life; approving a new one by its code."""
    form = ApproveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            device = devices.approve(office=request.office, by=request.actor, **form.cleaned_data)
        except devices.PairingFailed as problem:
            form.add_error("code", str(problem))
        else:
            messages.success(request, _("%s sudah terhubung.") % device.name)
            return redirect("queueing:devices")
    context = {
        "form": form,
        "pieces": equipment(request.office),
        "may_set_up": request.role == Role.SUPERVISOR,
    }
    if request.htmx:
        return render(request, "queueing/devices.html#list", context)
    return render(request, "queueing/devices.html", context, status=422 if form.errors else 200)


@access.staff
@never_cache
def alert(request: Request) -> HttpResponse:
    """Fragment of the desk: devices that vanished or complain. POST: not again today, on this officer's desk."""
    today = request.office.today().isoformat()
    kept = request.session.get(HIDDEN, {})
    hidden = set(kept.get("keys", [])) if kept.get("day") == today else set()
    if request.method == "POST":
        known = {piece.key for piece in equipment(request.office)}
        hidden |= known & set(request.POST.getlist("key"))
        request.session[HIDDEN] = {"day": today, "keys": sorted(hidden)}
        if not request.htmx:
            return changed(request, "queueing:desk")
    context = {"alarms": alarms(request.office, hidden=frozenset(hidden))}
    return render(request, "queueing/_devices_alert.html#notice", context)


@access.device("kiosk")
@never_cache
def here_kiosk(request: Request) -> HttpResponse:
    """A tablet's sign of life (static/js/here.js); the access check has noted it."""
    return HttpResponse(status=204)


@access.device("display")
@never_cache
def here_display(request: Request) -> HttpResponse:
    """A TV's sign of life."""
    return HttpResponse(status=204)
