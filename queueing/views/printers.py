"""Setting up the office's ticket printers, and trying them."""

from __future__ import annotations

import ipaddress

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from queueing.models import Printer
from queueing.printing.network import HOST_NAME, in_the_office
from queueing.printing.tablet import site_of
from queueing.workflows import printing as work
from services.accounts import access
from services.accounts.http import Request
from services.accounts.models import Purpose
from services.audit import trail
from services.live.publish import DEVICES, publish
from services.responses import changed

DEVICES_PAGE = "queueing:devices"


class PrinterForm(forms.ModelForm):
    class Meta:
        model = Printer
        fields = ["name", "kind", "host", "port", "width", "tablets", "automatic"]
        widgets = {
            "kind": forms.RadioSelect,
            "width": forms.RadioSelect,
            "tablets": forms.CheckboxSelectMultiple,
            "host": forms.TextInput(
                attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
            ),
        }
        help_texts = {
            "host": gettext_lazy("Alamat IP atau nama printer di jaringan kantor, misalnya 192.168.1.50."),
            "port": gettext_lazy("Hampir selalu 9100."),
            "tablets": gettext_lazy("Tamu di tablet ini dapat mencetak nomornya. Kosong: hanya dari meja."),
        }

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        same = Printer.objects.filter(office=self.instance.office, name=name).exclude(pk=self.instance.pk)
        if same.exists():
            raise ValidationError(_("Sudah ada printer dengan nama ini. Pilih nama lain."))
        return name

    def clean_host(self) -> str:
        """Only an address inside the office: the server must not be sent anywhere else."""
        host = self.cleaned_data["host"].strip().strip("[]").lower()
        if not host:
            return ""
        try:
            ipaddress.ip_address(host)
        except ValueError:
            # "10.0.0" or "192.168.1.999" is a mistyped address, not a name.
            if HOST_NAME.match(host) and not host.replace(".", "").isdecimal():
                return host
            raise ValidationError(
                _("Tulis alamat IP atau nama printer saja, tanpa http:// dan tanpa port.")
            ) from None
        if not in_the_office(host):
            raise ValidationError(
                _("Alamat ini di luar jaringan kantor. Printer harus ada di jaringan kantor.")
            )
        return host

    def clean_tablets(self):
        chosen = self.cleaned_data["tablets"]
        others = Printer.objects.filter(tablets__in=chosen, active=True).exclude(pk=self.instance.pk)
        if other := others.first():
            raise ValidationError(_("Tablet ini sudah memakai %s. Satu tablet, satu printer.") % other.name)
        return chosen

    def clean(self) -> dict:
        data = super().clean() or {}
        if data.get("kind") == Printer.Kind.NETWORK and not data.get("host") and "host" not in self.errors:
            self.add_error("host", _("Isi alamat printer di jaringan."))
        return data


def _edit(request: Request, printer: Printer) -> HttpResponse:
    form = PrinterForm(request.POST or None, instance=printer)
    tablets: forms.ModelMultipleChoiceField = form.fields["tablets"]  # type: ignore[assignment]
    tablets.queryset = request.office.devices.active().filter(purpose=Purpose.KIOSK)
    if request.method == "POST" and form.is_valid():
        printer = form.save(commit=False)
        printer.fault, printer.fault_at = "", None  # what was wrong, was so with the old settings
        printer.save()
        form.save_m2m()
        trail.record("printer.saved", printer, by=request.actor, office_id=printer.office_id)
        publish(request.office.code, DEVICES)
        messages.success(request, _("%s disimpan. Coba dengan “Cetak percobaan”.") % printer.name)
        return redirect(DEVICES_PAGE)
    context = {"form": form, "printer": printer if printer.pk else None}
    return render(request, "queueing/printer.html", context, status=422 if form.errors else 200)


def _find(request: Request, pk: int) -> Printer:
    return get_object_or_404(request.office.printers.select_related("office"), pk=pk)


@access.supervisor
def new(request: Request) -> HttpResponse:
    return _edit(request, Printer(office=request.office))


@access.supervisor
def edit(request: Request, pk: int) -> HttpResponse:
    return _edit(request, _find(request, pk))


@access.supervisor
@require_POST
def switch(request: Request, pk: int) -> HttpResponse:
    """On or off; what it printed stays on record, so a printer is never deleted."""
    printer = _find(request, pk)
    active = request.POST.get("active") == "1"
    work.switch(printer, active=active, by=request.actor)
    text = _("%s dinyalakan.") if active else _("%s dimatikan.")
    return changed(request, DEVICES_PAGE, text % printer.name)


@access.staff
@require_POST
def trial(request: Request, pk: int) -> HttpResponse:
    """A test slip. What became of it appears in the list by itself."""
    printer = _find(request, pk)
    if not printer.active or printer.kind != Printer.Kind.NETWORK:
        text = _("%s tidak dapat dicoba dari sini. Ambil satu nomor di tabletnya.")
        return changed(request, DEVICES_PAGE, text % printer.name, level="error")
    work.trial(printer, by=request.actor, site=site_of(request))
    return changed(request, DEVICES_PAGE, _("Slip percobaan dikirim ke %s.") % printer.name)
