"""The administrator's page of offices: which there are, a new one under its province, its first supervisor."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from pst.setup import inviting
from services.accounts import access
from services.accounts.http import Request
from services.accounts.models import Role
from services.offices import founding
from services.offices.models import Office
from services.workflow import IllegalMove


class OfficeForm(forms.Form):
    code = forms.RegexField(
        r"^[0-9]{4}$", label=gettext_lazy("Kode wilayah"), max_length=4,
        help_text=gettext_lazy("4 angka; provinsinya mengikuti dua angka pertama. Misalnya 7411."),
        error_messages={"invalid": gettext_lazy("Kode wilayah BPS terdiri dari 4 angka, misalnya 7411.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    level = forms.ChoiceField(
        label=gettext_lazy("Tingkat"), widget=forms.RadioSelect, initial=Office.Level.REGENCY,
        choices=[(c, label) for c, label in Office.Level.choices if c != Office.Level.NATIONAL],
    )  # fmt: skip
    area = forms.CharField(
        label=gettext_lazy("Wilayah"), max_length=120, help_text=gettext_lazy("Misalnya: Kolaka Timur.")
    )
    supervisor_name = forms.CharField(label=gettext_lazy("Nama atasan"), max_length=120)
    supervisor_email = forms.EmailField(
        label=gettext_lazy("E-mail atasan"), max_length=254,
        help_text=gettext_lazy("Undangan dikirim ke sini. Atasan melengkapi semua yang lain langkah demi langkah."),
    )  # fmt: skip

    def clean_area(self) -> str:
        return " ".join(self.cleaned_data["area"].split())

    def name(self) -> str:
        said = self.cleaned_data
        return f"BPS {Office.Level(said['level']).label} {said['area']}"


class AgainForm(forms.Form):
    """A supervisor for an office that is there."""

    office = forms.ModelChoiceField(label=gettext_lazy("Kantor"), queryset=Office.objects.none())
    name = forms.CharField(label=gettext_lazy("Nama lengkap"), max_length=120)
    email = forms.EmailField(label=gettext_lazy("E-mail"), max_length=254)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        field: forms.ModelChoiceField = self.fields["office"]  # type: ignore[assignment]
        field.queryset = Office.objects.order_by("code")


@access.administrator
@never_cache
def offices(request: Request) -> HttpResponse:
    """`do`: found, or invite."""
    do = request.POST.get("do") if request.method == "POST" else None
    form = OfficeForm(request.POST if do == "found" else None, prefix="baru")
    again = AgainForm(request.POST if do == "invite" else None, prefix="atasan")
    link = ""
    if form.is_bound and form.is_valid():
        link = _found(request, form)
    elif again.is_bound and again.is_valid():
        link = _invite(request, again)
    if do and not link and not form.errors and not again.errors:
        return redirect("setup:offices")
    active = {"memberships__user__is_active": True, "memberships__role": Role.SUPERVISOR}
    rows = Office.objects.annotate(
        offered=Count("services", filter=Q(services__active=True), distinct=True),
        supervisors=Count("memberships", filter=Q(**active), distinct=True),
    ).select_related("parent")
    wrong = form.errors or again.errors
    context = {"form": form, "again": again, "rows": rows.order_by("code"), "link": link}
    return render(request, "setup/offices.html", context, status=422 if wrong else 200)


def _found(request: Request, form: OfficeForm) -> str:
    """Office and invitation, or neither. Returns the link to hand over where no mail is sent."""
    said = form.cleaned_data
    try:
        with transaction.atomic():
            office = founding.found(
                code=said["code"], level=said["level"], area=said["area"], name=form.name(), by=request.actor
            )
            link = inviting.invite(
                office, email=said["supervisor_email"], name=said["supervisor_name"], role=Role.SUPERVISOR,
                by=request.actor,
            )  # fmt: skip
    except founding.CannotFound as problem:
        form.add_error("code", str(problem))
        return ""
    except IllegalMove as problem:
        form.add_error("supervisor_email", str(problem))
        return ""
    messages.success(request, _("%s dibuka; atasannya diundang.") % office)
    return link


def _invite(request: Request, form: AgainForm) -> str:
    said = form.cleaned_data
    try:
        link = inviting.invite(
            said["office"], email=said["email"], name=said["name"], role=Role.SUPERVISOR, by=request.actor
        )
    except IllegalMove as problem:
        form.add_error("email", str(problem))
        return ""
    messages.success(request, _("Undangan untuk %s dibuat.") % said["office"])
    return link
