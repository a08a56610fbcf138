"""The office's services as data: a new one from a kind or like another, order, on and off, letters."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from pst.setup import seen, steps
from queueing.models import Appointment, Ticket
from queueing.workflows.rules import copy_rules
from services.accounts import access
from services.accounts.http import Request
from services.offices import offering, settings
from services.offices.loading import KINDS
from services.offices.models import Office, Service

HERE = "setup:services"
ICONS = [
    ("ticket", gettext_lazy("Tiket")), ("book", gettext_lazy("Buku")), ("chat", gettext_lazy("Percakapan")),
    ("chart", gettext_lazy("Grafik")), ("file", gettext_lazy("Dokumen")), ("users", gettext_lazy("Orang")),
    ("search", gettext_lazy("Kaca pembesar")), ("globe", gettext_lazy("Bola dunia")), ("card", gettext_lazy("Kartu")),
]  # fmt: skip
SCREENS = [
    ("", gettext_lazy("Tanpa layar khusus")),
    ("library:use", gettext_lazy("Penggunaan perpustakaan")),
    ("consultation:onsite", gettext_lazy("Catatan konsultasi")),
]
KIND_NAMES = {
    "library": gettext_lazy("Perpustakaan"), "consultation": gettext_lazy("Konsultasi statistik"),
    "other": gettext_lazy("Layanan lain"),
}  # fmt: skip


class ServiceForm(seen.Seen, forms.Form):
    """What a service is, besides its standard and its queue's rules."""

    seen = seen.hidden()
    name = forms.CharField(label=gettext_lazy("Nama layanan"), max_length=120)
    prefix = forms.RegexField(  # type: ignore[assignment]
        r"^[A-Z]{1,2}$", label=gettext_lazy("Huruf antrian"), max_length=2,
        help_text=gettext_lazy("Satu atau dua huruf besar di depan nomor, misalnya A."),
        error_messages={"invalid": gettext_lazy("Satu atau dua huruf besar.")},
    )  # fmt: skip
    attended = forms.BooleanField(
        label=gettext_lazy("Petugas mendampingi sampai selesai"), required=False,
        help_text=gettext_lazy("Jika tidak, loket bebas begitu layanan dimulai, seperti di perpustakaan."),
    )  # fmt: skip
    work_url_name = forms.ChoiceField(
        label=gettext_lazy("Layar kerja petugas"), choices=SCREENS, required=False
    )
    icon = forms.ChoiceField(label=gettext_lazy("Gambar"), choices=ICONS)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        if self.is_bound:  # "c" is meant as "C"
            self.data = self.data.copy()  # type: ignore[attr-defined]
            self.data["prefix"] = str(self.data.get("prefix", "")).strip().upper()  # type: ignore[index]

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())


@access.supervisor
@never_cache
def services(request: Request) -> HttpResponse:
    """The list in its order, with what each still lacks."""
    rows = list(request.office.services.with_standard().prefetch_related("counters"))
    others = Service.objects.filter(active=True).exclude(office=request.office).select_related("office")
    context = {
        "rows": rows, "kinds": [(key, KIND_NAMES[key]) for key in KINDS if not _has(rows, key)],
        "others": others.order_by("office__name", "position")[:200],
    }  # fmt: skip
    return steps.page(request, "setup/services.html", context)


def _has(rows: list[Service], kind: str) -> bool:
    """A kind with screens of its own is there once."""
    return bool(KINDS[kind].name) and any(row.slug == kind for row in rows)


def _model(request: Request) -> tuple[str, Service | None]:
    """The kind of a new service, and the one it is to be like: `jenis` or `seperti` in the address."""
    kind, like = request.GET.get("jenis", "other"), request.GET.get("seperti", "")
    if like:
        if not like.isdecimal() or not like.isascii():
            raise Http404
        found = get_object_or_404(Service.objects.select_related("office"), pk=int(like[:18]), active=True)
        return found.kind if found.kind in KINDS else "other", found
    if kind not in KINDS:
        raise Http404
    return kind, None


@access.supervisor
@never_cache
def service_new(request: Request) -> HttpResponse:
    kind, like = _model(request)
    form = ServiceForm(
        request.POST if request.method == "POST" else None, initial=_initial(request.office, kind, like)
    )
    if request.method == "POST" and form.is_valid():
        try:
            row = offering.add(request.office, form.cleaned_data, kind=kind, by=request.actor)
        except offering.Taken as problem:
            form.add_error(problem.field if problem.field in form.fields else None, str(problem))
        else:
            if like:
                copy_rules(like, row, by=request.actor)
            messages.success(request, _("%s ditambahkan. Sekarang standar pelayanannya.") % row)
            return steps.back(request, "setup:standard", row.slug)
    context = {"form": form, "kind": KIND_NAMES.get(kind, kind), "like": like}
    return steps.page(request, "setup/service.html", context, status=422 if form.errors else 200)


def _initial(office: Office, kind: str, like: Service | None) -> dict[str, Any]:
    template = KINDS[kind]
    model: Any = like or template
    return {
        "name": model.name, "prefix": offering.free_prefix(office, model.prefix), "attended": model.attended,
        "icon": model.icon, "work_url_name": model.work_url_name,
    }  # fmt: skip


@access.supervisor
@never_cache
def service(request: Request, slug: str) -> HttpResponse:
    row = get_object_or_404(Service.objects.select_related("office"), office=request.office, slug=slug)
    now = seen.stamp_of(row, offering.FIELDS)
    initial = {"seen": now, **{name: getattr(row, name) for name in offering.FIELDS}}
    form = ServiceForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            changed = offering.save(row, form.cleaned_data, by=request.actor, seen=form.told())
        except settings.SomebodyElse as problem:
            form.clash(problem, now)
        except offering.Taken as problem:
            form.add_error(problem.field, str(problem))
        else:
            _tell(request, row, changed)
            return steps.back(request, HERE)
    context = {"form": form, "service": row, "open": _open(row), "standard": row.standard}
    return steps.page(request, "setup/service.html", context, status=422 if form.errors else 200)


def _tell(request: Request, row: Service, changed: list[str]) -> None:
    messages.success(request, _("%s disimpan.") % row if changed else _("Tidak ada yang berubah."))
    if "prefix" in changed and (today := _open(row)["numbers"]):
        text = _("%(n)d nomor hari ini tetap memakai huruf %(old)s; nomor berikutnya memakai huruf baru.")
        messages.warning(request, text % {"n": today, "old": row.prefix})


def _open(row: Service) -> dict[str, int]:
    """Who would notice when it is changed or switched off."""
    day = row.office.today()
    today = Ticket.objects.filter(service=row, day=day)
    ahead = Appointment.objects.filter(
        service=row, state=Appointment.State.BOOKED, starts_at__gte=timezone.now()
    )
    return {
        "numbers": today.count(),
        "waiting": today.filter(state__in=("waiting", "called", "held", "skipped")).count(),
        "appointments": ahead.count(),
    }


@access.supervisor
@require_POST
def service_act(request: Request, slug: str) -> HttpResponse:
    """`do`: up, down, on; off asks once more when somebody waits or has booked (`yes`)."""
    row = get_object_or_404(Service.objects.select_related("office"), office=request.office, slug=slug)
    do = request.POST.get("do")
    if do in ("up", "down"):
        offering.step(row, -1 if do == "up" else 1, by=request.actor)
    elif do == "on":
        offering.switch(row, active=True, by=request.actor)
        messages.success(request, _("%s dinyalakan.") % row)
    elif do == "off":
        concerned = _open(row)
        if (concerned["waiting"] or concerned["appointments"]) and not request.POST.get("yes"):
            return render(request, "setup/service_off.html", {"service": row, "open": concerned}, status=409)
        offering.switch(row, active=False, by=request.actor)
        messages.success(request, _("%s dimatikan: tidak ada nomor, janji temu, dan halaman baru.") % row)
    else:
        raise Http404
    return steps.back(request, HERE)
